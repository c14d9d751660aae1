package org.scanbridge.knime.util;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

import org.knime.core.node.InvalidSettingsException;

/** Finds the folder a user means, and says early on that it cannot be written. */
public final class OutputFolder {

    private static final String HOME_FOLDER = "ScanBridge";

    private OutputFolder() {
    }

    /**
     * @param setting the user's text; blank for no folder
     * @return the absolute folder; a relative one lies in the folder ScanBridge of the home folder, because the working
     *         directory of KNIME is seldom one that a user may write into or would look at
     * @throws InvalidSettingsException if the text cannot be a path
     */
    public static Optional<Path> of(final String setting) throws InvalidSettingsException {
        if (PathSetting.text(setting).isEmpty()) {
            return Optional.empty();
        }
        final Path path = PathSetting.path(setting, "a folder");
        return Optional.of((path.isAbsolute() ? path : Path.of(System.getProperty("user.home"), HOME_FOLDER).resolve(path))
            .toAbsolutePath().normalize());
    }

    /**
     * As {@link #of} for nodes that cannot do without a folder.
     *
     * @throws InvalidSettingsException also if no folder is chosen
     */
    public static Path required(final String setting) throws InvalidSettingsException {
        return of(setting)
            .orElseThrow(() -> new InvalidSettingsException("No output folder is chosen. Enter one in the dialog."));
    }

    /**
     * Checks that files can be written there, without writing any: a training of an hour must not end with a result that
     * has no place.
     *
     * @param what is to be written, for the message
     * @throws InvalidSettingsException naming the folder and why
     */
    public static void checkWritable(final Path folder, final String what) throws InvalidSettingsException {
        Path existing = folder;
        while (existing != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        if (existing == null || !Files.isDirectory(existing)) {
            throw new InvalidSettingsException(what + " cannot be written to " + folder + ": " + existing
                + " is not a folder. Choose another folder.");
        }
        if (!Files.isWritable(existing)) {
            throw new InvalidSettingsException(what + " cannot be written to " + folder + ": no permission to write in "
                + existing + ". Choose another folder, or have the permissions changed.");
        }
    }
}
