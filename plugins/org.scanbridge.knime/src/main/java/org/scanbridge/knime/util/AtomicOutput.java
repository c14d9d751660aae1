package org.scanbridge.knime.util;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import org.scanbridge.dicom.study.Folders;
import org.scanbridge.learning.files.Placement;

/**
 * Files and folders that appear whole or not at all: they are written under a temporary name beside their place and then
 * renamed. Whatever ends the writing early - a full disk, a cancelled node, a defect - leaves nothing behind, and what was
 * there before stays as it was.
 */
public final class AtomicOutput {

    /** Leftovers of killed runs, and other runs at the same time, that are stepped around. */
    private static final int MAX_LEFTOVERS = 1000;

    /** Writes what is to appear. */
    @FunctionalInterface
    public interface Content {

        /** @param temporary the file to write, or the empty folder to fill */
        void write(Path temporary) throws IOException;
    }

    private AtomicOutput() {
    }

    /**
     * Writes or replaces a file.
     *
     * @param target the file; its folder exists
     * @param content writes the file it is given
     * @throws IOException if it cannot be written; the target is then as it was
     */
    public static void file(final Path target, final Content content) throws IOException {
        final Path temporary = Files.createFile(free(target));
        try {
            content.write(temporary);
            try (FileChannel written = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                written.force(true);
            }
            Placement.replace(temporary, target);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /**
     * Writes or replaces a folder with all that it holds.
     *
     * @param target the folder; its parent exists
     * @param content fills the folder it is given
     * @throws IOException if it cannot be written; the target is then as it was
     */
    public static void folder(final Path target, final Content content) throws IOException {
        final Path temporary = Files.createDirectory(free(target));
        try {
            content.write(temporary);
            if (Files.exists(target)) {
                replace(temporary, target);
            } else {
                Placement.place(temporary, target);
            }
        } finally {
            Folders.deleteTree(temporary);
        }
    }

    /** No file system replaces a filled folder in one step: the old one steps aside, and comes back if that fails. */
    private static void replace(final Path temporary, final Path target) throws IOException {
        final Path old = free(target);
        Placement.place(target, old);
        try {
            Placement.place(temporary, target);
        } catch (final IOException e) {
            Placement.place(old, target);
            throw e;
        }
        Folders.deleteTree(old);
    }

    /** A name beside the target that nothing has. */
    private static Path free(final Path target) throws IOException {
        for (int n = 0; n < MAX_LEFTOVERS; n++) {
            final Path path = target.resolveSibling("." + target.getFileName() + ".partial-" + n);
            if (!Files.exists(path)) {
                return path;
            }
        }
        throw new FileAlreadyExistsException(target.getParent().toString(), null,
            "it holds " + MAX_LEFTOVERS + " unfinished copies of " + target.getFileName() + "; delete them");
    }
}
