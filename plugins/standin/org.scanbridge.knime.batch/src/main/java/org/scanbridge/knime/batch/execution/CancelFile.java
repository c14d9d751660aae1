package org.scanbridge.knime.batch.execution;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The file {@code .cancel} in the workspace: whoever creates it cancels the run. */
public final class CancelFile {

    private final Path m_file;

    /** @param workspace the workspace directory */
    public CancelFile(final Path workspace) {
        m_file = workspace.resolve(".cancel");
    }

    /**
     * Looks for the file and removes it, so that the next run is not canceled as well.
     *
     * @return whether it was there
     * @throws IOException if it cannot be removed
     */
    public boolean take() throws IOException {
        return Files.deleteIfExists(m_file);
    }
}
