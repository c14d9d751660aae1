package org.scanbridge.knime.batch.workflow;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Copying, deleting and replacing of files so that nobody ever sees half of one. */
public final class FileTree {

    private FileTree() {
    }

    /**
     * Deletes a file or a directory with all it holds; links are removed, not followed.
     *
     * @param root what to delete; nothing happens if it does not exist
     * @throws IOException if something cannot be deleted
     */
    public static void delete(final Path root) throws IOException {
        if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(final Path file, final BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(final Path dir, final IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.deleteIfExists(dir);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /**
     * Copies a directory.
     *
     * @param from the directory
     * @param to where its copy is made; must not exist
     * @param excluded tells paths, relative to {@code from}, that are left out with all they hold
     * @throws IOException if reading or writing fails
     */
    static void copy(final Path from, final Path to, final Predicate<Path> excluded) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(final Path dir, final BasicFileAttributes attributes)
                throws IOException {
                final Path relative = from.relativize(dir);
                if (!dir.equals(from) && excluded.test(relative)) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                Files.createDirectories(to.resolve(relative.toString()));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(final Path file, final BasicFileAttributes attributes) throws IOException {
                final Path relative = from.relativize(file);
                if (!excluded.test(relative)) {
                    Files.copy(file, to.resolve(relative.toString()), StandardCopyOption.COPY_ATTRIBUTES);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Writes the content of a file. */
    @FunctionalInterface
    interface Content {
        /**
         * @param out where to; not closed
         * @throws IOException if writing fails
         */
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Writes a file next to its final place, forces it to disk and renames it, so that the old content stays whole
     * until the new one is.
     *
     * @param file the file to create or replace
     * @param content writes its content
     * @throws IOException if writing fails; the old file is untouched then
     */
    static void replace(final Path file, final Content content) throws IOException {
        final Path temporary =
            Files.createTempFile(file.toAbsolutePath().getParent(), "." + file.getFileName(), ".tmp");
        try {
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE);
                    OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel))) {
                content.writeTo(out);
                out.flush();
                channel.force(true);
            }
            keepPermissions(file, temporary);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** Temporary files are readable by their owner alone; the replaced file may have been readable by others. */
    private static void keepPermissions(final Path file, final Path temporary) throws IOException {
        if (Files.getFileStore(temporary).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(temporary, Files.exists(file) ? Files.getPosixFilePermissions(file)
                : PosixFilePermissions.fromString("rw-r--r--"));
        }
    }

    /** @return all regular files below the directory, sorted by path */
    static List<Path> files(final Path directory) throws IOException {
        try (Stream<Path> walk = Files.walk(directory)) {
            return walk.filter(Files::isRegularFile).sorted().toList();
        } catch (UncheckedIOException ex) {
            throw ex.getCause();
        }
    }
}
