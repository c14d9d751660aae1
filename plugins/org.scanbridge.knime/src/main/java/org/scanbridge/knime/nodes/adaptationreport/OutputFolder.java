package org.scanbridge.knime.nodes.adaptationreport;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

import org.knime.core.node.InvalidSettingsException;

/** Finds the folder a user means, and says early on that it cannot be written. */
final class OutputFolder {

    private static final String HOME_FOLDER = "ScanBridge";

    private OutputFolder() {
    }

    /**
     * @param setting the user's text; blank for no folder
     * @return the absolute folder; a relative one lies in the folder ScanBridge of the home folder, because the working
     *         directory of KNIME is seldom one that a user may write into or would look at
     */
    static Optional<Path> of(final String setting) {
        if (setting == null || setting.isBlank()) {
            return Optional.empty();
        }
        final Path path = Path.of(setting.strip());
        return Optional.of((path.isAbsolute() ? path : Path.of(System.getProperty("user.home"), HOME_FOLDER).resolve(path))
            .toAbsolutePath().normalize());
    }

    /**
     * Checks that files can be written there, without writing any: a training of an hour must not end with a report that
     * has no place.
     */
    static void checkWritable(final Path folder) throws InvalidSettingsException {
        Path existing = folder;
        while (existing != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        if (existing == null || !Files.isDirectory(existing)) {
            throw new InvalidSettingsException("The report cannot be written to " + folder + ": " + existing
                + " is not a folder. Choose another folder.");
        }
        if (!Files.isWritable(existing)) {
            throw new InvalidSettingsException("The report cannot be written to " + folder + ": no permission to write in "
                + existing + ". Choose another folder, or have the permissions changed.");
        }
    }
}
