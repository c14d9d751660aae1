package org.knime.core.data.filestore;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;

import org.knime.core.standin.HostOnly;
import org.knime.core.standin.filestore.FileStoreKey;

/** For the host: what it does with the file stores of cells and port objects. */
@HostOnly
public final class FileStoreUtil {

    private FileStoreUtil() {
    }

    /** @return the file stores of the cell */
    public static FileStore[] getFileStores(final FileStoreCell cell) {
        return cell.getFileStores();
    }

    /** @return the file stores of the port object */
    public static List<FileStore> getFileStores(final FileStorePortObject object) {
        return object.fileStores();
    }

    /**
     * @return the keys of the cell's file stores, after the cell has flushed
     * @throws IOException if flushing fails
     */
    public static List<FileStoreKey> flushAndGetKeys(final FileStoreCell cell) throws IOException {
        cell.flushOnce();
        return Arrays.stream(cell.getFileStores()).map(FileStore::key).toList();
    }

    /** Lets the object flush if it has not yet done so. */
    public static void flush(final FileStorePortObject object) throws IOException {
        object.flushOnce();
    }

    /** Gives a cell that was read again its file stores and completes it. */
    public static void attach(final FileStoreCell cell, final List<FileStore> fileStores) throws IOException {
        cell.attach(fileStores);
    }

    /** Gives an object that was read again its file stores and completes it. */
    public static void attach(final FileStorePortObject object, final List<FileStore> fileStores) throws IOException {
        object.attach(fileStores);
    }
}
