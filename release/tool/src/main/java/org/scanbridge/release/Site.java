package org.scanbridge.release;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The p2 update site as one zip, which KNIME takes as a local site. p2 writes the time at which a repository was made into its
 * two indexes; here they get the time of the release, so that the same bundles make the same site. The indexes are kept as jar
 * files only, which every p2 reads; their second form, compressed with xz, is left out, and {@code p2.index} says so.
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
            site.folder("features", repository.resolve("features"), name -> true);
            site.folder("plugins", repository.resolve("plugins"), name -> true);
            site.bytes("p2.index", INDEX.getBytes(StandardCharsets.UTF_8));
            for (final String index : new String[]{"content", "artifacts"}) {
                final Path jar = temporary.resolve(index + ".jar");
                try (ReproducibleZip packed = new ReproducibleZip(jar, time)) {
                    packed.bytes(index + ".xml", index(repository.resolve(index + ".jar"), index + ".xml", time)
                        .getBytes(StandardCharsets.UTF_8));
                }
                // read now: the zip is written when it is closed
                site.bytes(index + ".jar", Files.readAllBytes(jar));
                Files.delete(jar);
            }
        } finally {
            Files.deleteIfExists(temporary);
        }
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
