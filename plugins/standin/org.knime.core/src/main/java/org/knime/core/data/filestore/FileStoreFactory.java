package org.knime.core.data.filestore;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.UUID;

import org.knime.core.node.ExecutionContext;
import org.knime.core.standin.filestore.NodeFileStores;

/** Creates file stores. */
public abstract class FileStoreFactory {

    /**
     * @param relativePath the name, unique within the factory; no slashes, no leading dot
     * @return a new file store
     * @throws IOException if the name is not allowed or the folder cannot be created
     */
    public abstract FileStore createFileStore(String relativePath) throws IOException;

    /** Ends the factory. */
    public void close() {
        // for sub-classes
    }

    /** @return a factory of file stores of a node's execution */
    public static FileStoreFactory createFileStoreFactory(final ExecutionContext exec) {
        return new FileStoreFactory() {
            @Override
            public FileStore createFileStore(final String relativePath) throws IOException {
                return exec.createFileStore(relativePath);
            }
        };
    }

    /** @return a factory of file stores in the temporary folder that no workflow knows of */
    public static FileStoreFactory createNotInWorkflowFileStoreFactory() {
        try {
            final NodeFileStores stores =
                new NodeFileStores(Files.createTempDirectory("fs-notinworkflow"), UUID.randomUUID(), "not in workflow");
            return new FileStoreFactory() {
                @Override
                public FileStore createFileStore(final String relativePath) throws IOException {
                    return stores.create(relativePath);
                }

                @Override
                public void close() {
                    stores.close();
                }
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
