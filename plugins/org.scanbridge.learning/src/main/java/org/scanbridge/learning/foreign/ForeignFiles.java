package org.scanbridge.learning.foreign;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** The files that a network of other software consists of. */
public final class ForeignFiles {

    private static final int CHUNK = 1 << 16;

    /** What of a SavedModel's directory is needed to run it. */
    private static final List<String> PARTS = List.of("saved_model.pb", "variables");

    private ForeignFiles() {
    }

    /**
     * SHA-256 in hexadecimal: of an ONNX file that of the file; of a SavedModel that of the relative names and contents of
     * {@code saved_model.pb} and {@code variables}, in alphabetical order.
     *
     * @param path a file, or the directory of a SavedModel
     * @throws IOException if it cannot be read
     */
    public static String sha256(final Path path) throws IOException {
        final MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
        if (Files.isDirectory(path)) {
            for (final Path file : of(path)) {
                digest.update((name(path, file) + '\n').getBytes(StandardCharsets.UTF_8));
                add(digest, file);
            }
        } else {
            add(digest, path);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void add(final MessageDigest digest, final Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            final byte[] chunk = new byte[CHUNK];
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                digest.update(chunk, 0, n);
            }
        }
    }

    /**
     * Copies an ONNX file, or what is needed of a SavedModel.
     *
     * @param target the file or directory; replaced if it is there
     * @throws IOException if it cannot be read or written
     */
    public static void copy(final Path path, final Path target) throws IOException {
        if (!Files.isDirectory(path)) {
            Files.copy(path, target, StandardCopyOption.REPLACE_EXISTING);
            return;
        }
        for (final Path file : of(path)) {
            final Path copy = target.resolve(name(path, file));
            Files.createDirectories(copy.getParent());
            Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static String name(final Path directory, final Path file) {
        return directory.relativize(file).toString().replace('\\', '/');
    }

    private static List<Path> of(final Path directory) throws IOException {
        try (Stream<Path> tree = Files.walk(directory, 2)) {
            return tree.filter(Files::isRegularFile)
                .filter(f -> PARTS.contains(directory.relativize(f).getName(0).toString())).sorted().toList();
        }
    }
}
