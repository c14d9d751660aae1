package org.scanbridge.release;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The p2 update site as one zip, which KNIME takes as a local site. p2 writes the time at which a repository was made into its
 * two indexes, and Tycho 3.0.5 that of the build and the permissions of its files into features; here all get the time of the
 * release, so that the same bundles make the same site. The checksums of the features in the index are those of what is packed.
 * The indexes are kept as jar files only, which every p2 reads; their second form, compressed with xz, is left out, and
 * {@code p2.index} says so.
 */
final class Site {

    private static final Pattern TIMESTAMP = Pattern.compile("(<property name='p2\\.timestamp' value=')\\d+('/>)");

    private static final String INDEX = """
        version=1
        metadata.repository.factory.order=content.xml,\\!
        artifact.repository.factory.order=artifacts.xml,\\!
        """;

    private Site() {
    }

    /**
     * @param repository the folder that Tycho made
     * @param zip the zip file to write
     * @param time the time of the release
     * @throws IOException if the folder is no p2 repository, or reading or writing fails
     */
    static void pack(final Path repository, final Path zip, final Instant time) throws IOException {
        final Path temporary = Files.createTempDirectory("scanbridge-site-");
        try (ReproducibleZip site = new ReproducibleZip(zip, time)) {
            site.folder("plugins", repository.resolve("plugins"), name -> true);
            String artifacts = index(repository.resolve("artifacts.jar"), "artifacts.xml", time);
            try (Stream<Path> features = Files.list(repository.resolve("features"))) {
                for (final Path feature : (Iterable<Path>)features.sorted()::iterator) {
                    final byte[] packed = repacked(feature, temporary, time);
                    artifacts = renewed(artifacts, Files.readAllBytes(feature), packed);
                    site.bytes("features/" + feature.getFileName(), packed);
                }
            }
            site.bytes("p2.index", INDEX.getBytes(StandardCharsets.UTF_8));
            site.bytes("artifacts.jar", packed("artifacts.xml", artifacts, temporary, time));
            site.bytes("content.jar",
                packed("content.xml", sorted(index(repository.resolve("content.jar"), "content.xml", time)), temporary, time));
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /**
     * Sorts what a unit provides: p2 writes the packages of the Java platform in the order of a hash table, which differs from run
     * to run and means nothing.
     *
     * @param content content.xml
     * @return the same with each row of one-line {@code provided} elements in the order of the alphabet
     */
    static String sorted(final String content) {
        final List<String> lines = new ArrayList<>(List.of(content.split("\n", -1)));
        int begin = 0;
        for (int i = 0; i <= lines.size(); i++) {
            if (i == lines.size() || !lines.get(i).strip().matches("<provided .*/>")) {
                lines.subList(begin, i).sort(null);
                begin = i + 1;
            }
        }
        return String.join("\n", lines);
    }

    private static byte[] packed(final String name, final String text, final Path temporary, final Instant time)
        throws IOException {
        final Path jar = temporary.resolve("a.jar");
        try (ReproducibleZip zip = new ReproducibleZip(jar, time)) {
            zip.bytes(name, text.getBytes(StandardCharsets.UTF_8));
        }
        final byte[] bytes = Files.readAllBytes(jar);
        Files.delete(jar);
        return bytes;
    }

    private static byte[] repacked(final Path feature, final Path temporary, final Instant time) throws IOException {
        final Path jar = temporary.resolve("a.jar");
        try (ReproducibleZip zip = new ReproducibleZip(jar, time); ZipFile file = new ZipFile(feature.toFile())) {
            for (final ZipEntry entry : (Iterable<ZipEntry>)file.stream().map(ZipEntry.class::cast)::iterator) {
                if (!entry.isDirectory()) {
                    try (InputStream in = file.getInputStream(entry)) {
                        zip.bytes(entry.getName(), in.readAllBytes());
                    }
                }
            }
        }
        final byte[] bytes = Files.readAllBytes(jar);
        Files.delete(jar);
        return bytes;
    }

    /**
     * @param artifacts artifacts.xml
     * @param old the jar that it describes
     * @param renewed the jar that takes its place
     * @return the same with the size and the checksums of the other jar
     * @throws IOException if the jar is not described, or without its SHA-256
     */
    static String renewed(final String artifacts, final byte[] old, final byte[] renewed) throws IOException {
        final int at = artifacts.indexOf("'" + Checksums.hex("SHA-256", old) + "'");
        if (at < 0) {
            throw new IOException("The index of the update site does not have the SHA-256 of a feature in it");
        }
        final int begin = artifacts.lastIndexOf("<artifact ", at);
        final int end = artifacts.indexOf("</artifact>", at);
        String artifact = artifacts.substring(begin, end)
            .replaceAll("(name='(?:artifact|download)\\.size' value=')\\d+'", "$1" + renewed.length + "'");
        for (final String algorithm : new String[]{"SHA-256", "SHA-512", "MD5"}) {
            artifact = artifact.replace("'" + Checksums.hex(algorithm, old) + "'", "'" + Checksums.hex(algorithm, renewed) + "'");
        }
        return artifacts.substring(0, begin) + artifact + artifacts.substring(end);
    }

    private static String index(final Path jar, final String name, final Instant time) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            final ZipEntry entry = zip.getEntry(name);
            if (entry == null) {
                throw new IOException(jar + " holds no " + name + ": it is no index of a p2 repository");
            }
            try (InputStream in = zip.getInputStream(entry)) {
                return stamped(new String(in.readAllBytes(), StandardCharsets.UTF_8), time);
            }
        }
    }

    /**
     * @param index content.xml or artifacts.xml
     * @param time the time of the release
     * @return the same with that time as the time when it was made
     * @throws IOException if it has no such time
     */
    static String stamped(final String index, final Instant time) throws IOException {
        final Matcher matcher = TIMESTAMP.matcher(index);
        if (!matcher.find()) {
            throw new IOException("The index of the update site has no property p2.timestamp: p2 writes it in another way now");
        }
        return matcher.replaceFirst("$1" + time.toEpochMilli() + "$2");
    }
}
