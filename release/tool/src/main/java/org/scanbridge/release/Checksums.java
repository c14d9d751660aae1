package org.scanbridge.release;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** SHA-256 of files (FIPS 180-4), written so that {@code sha256sum --check} reads it. */
final class Checksums {

    /** The name of the file that {@link #write} makes. */
    static final String FILE = "SHA256SUMS";

    private Checksums() {
    }

    /**
     * Writes {@value #FILE} with all other files of a folder and of the folders in it, sorted by name.
     *
     * @param folder the folder
     * @throws IOException if a file cannot be read or the list not be written
     */
    static void write(final Path folder) throws IOException {
        final List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
            files = all.filter(Files::isRegularFile).filter(f -> !f.equals(folder.resolve(FILE))).sorted().toList();
        }
        final StringBuilder lines = new StringBuilder();
        for (final Path file : files) {
            lines.append(of(file)).append("  ").append(folder.relativize(file).toString().replace('\\', '/')).append('\n');
        }
        Files.writeString(folder.resolve(FILE), lines);
    }

    /**
     * @param file a file
     * @return its SHA-256 in lower-case hexadecimal digits
     * @throws IOException if it cannot be read
     */
    static String of(final Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return of(in);
        }
    }

    /**
     * @param in read to its end, not closed
     * @return the SHA-256 in lower-case hexadecimal digits
     * @throws IOException if reading fails
     */
    static String of(final InputStream in) throws IOException {
        final MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException ex) {
            throw new IllegalStateException("Every Java has SHA-256", ex);
        }
        new DigestInputStream(in, digest).transferTo(java.io.OutputStream.nullOutputStream());
        return HexFormat.of().formatHex(digest.digest());
    }

    /**
     * @param algorithm as Java names it, such as SHA-512
     * @param bytes what is summed up
     * @return the checksum in lower-case hexadecimal digits
     */
    static String hex(final String algorithm, final byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
        } catch (NoSuchAlgorithmException ex) {
            throw new IllegalStateException("Every Java has " + algorithm, ex);
        }
    }
}
