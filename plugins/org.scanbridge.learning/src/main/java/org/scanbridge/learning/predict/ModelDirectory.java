package org.scanbridge.learning.predict;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** The temporary directories in which SavedModels live while they are used. */
final class ModelDirectory {

    /** How the names of the directories begin. */
    static final String PREFIX = "scanbridge-model";

    private ModelDirectory() {
    }

    /**
     * Deletes a directory and what is in it.
     *
     * @throws UncheckedIOException if that is not possible
     */
    static void delete(final Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (final Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (final IOException e) {
            throw new UncheckedIOException("The temporary directory " + directory + " cannot be deleted", e);
        }
    }
}
