package org.scanbridge.release;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The batch executor for a machine that has Java and nothing else: start scripts, the assembled runtime, the workflows and the
 * files for many studies, in one folder. It holds the stand-in for KNIME's API, which has the names of KNIME's bundles: that is
 * why it is a folder of its own and no feature that could be installed into a KNIME.
 */
final class BatchPackage {

    private static final String FRAGMENT = "org.scanbridge.tensorflow.";

    private BatchPackage() {
    }

    /**
     * @param root the checkout, built
     * @param fragment the jar with the natives of the platform
     * @param notices folder with the list of third-party libraries and their licenses
     * @param out the folder of the release
     * @param version the version of the release
     * @param time the time of the release
     * @return the file that was written
     * @throws IOException if something that goes in is missing, or writing fails
     */
    static Path pack(final Path root, final Path fragment, final Path notices, final Path out, final String version,
        final Instant time) throws IOException {
        final String name = fragmentName(fragment);
        final String platform = name.substring(FRAGMENT.length());
        final Path runtime = root.resolve("plugins/standin/runtime/target/runtime");
        final String top = "scanbridge-batch-" + version;
        final Path file = out.resolve(top + "-" + platform + ".zip");
        try (ReproducibleZip zip = new ReproducibleZip(file, time)) {
            zip.script(top + "/scanbridge-batch", root.resolve("scanbridge-batch"));
            zip.file(top + "/scanbridge-batch.cmd", root.resolve("scanbridge-batch.cmd"));
            zip.file(top + "/LICENSE", root.resolve("LICENSE"));
            zip.file(top + "/README.md", root.resolve("docs/run-without-a-window.md"));
            zip.file(top + "/many-studies.md", root.resolve("docs/many-studies.md"));
            // The README links it.
            zip.file(top + "/platforms.md", root.resolve("docs/platforms.md"));
            zip.folder(top, notices, n -> true);
            zip.folder(top + "/workflows", root.resolve("workflows"), Release::isOfWorkflow);
            zip.folder(top + "/cluster", root.resolve("cluster"), n -> !n.contains("__pycache__"));
            zip.folder(top + "/runtime/plugins", runtime.resolve("plugins"), n -> !isFragment(n));
            zip.bytes(top + "/runtime/assembled", new byte[0]);
            zip.bytes(top + "/runtime/configuration/config.ini", configuration(runtime, name));
            unpack(fragment, zip, top + "/runtime/plugins/" + name);
        }
        return file;
    }

    /** The engine bundle itself is called as its fragments begin, without a further dot. */
    private static boolean isFragment(final String file) {
        return file.startsWith(FRAGMENT);
    }

    private static byte[] configuration(final Path runtime, final String fragment) throws IOException {
        final String text = Files.readString(runtime.resolve("configuration/config.ini"));
        final String adapted = text.replaceAll("file\\\\:" + FRAGMENT.replace(".", "\\.") + "[\\w.]+", "file\\\\:" + fragment);
        if (!adapted.contains(fragment)) {
            throw new IOException("The runtime's config.ini names no fragment with natives");
        }
        return adapted.getBytes(StandardCharsets.UTF_8);
    }

    private static String fragmentName(final Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            final Manifest manifest = file.getManifest();
            final String name = manifest.getMainAttributes().getValue("Bundle-SymbolicName");
            if (name == null || !isFragment(name)) {
                throw new IOException(jar + " is not a fragment with TensorFlow's natives, but " + name);
            }
            return name;
        }
    }

    /** As a folder: natives must be files. */
    private static void unpack(final Path jar, final ReproducibleZip zip, final String folder) throws IOException {
        try (ZipFile file = new ZipFile(jar.toFile())) {
            for (final ZipEntry entry : (Iterable<ZipEntry>)file.stream().map(ZipEntry.class::cast)::iterator) {
                if (!entry.isDirectory()) {
                    try (InputStream in = file.getInputStream(entry)) {
                        zip.bytes(folder + "/" + entry.getName(), in.readAllBytes());
                    }
                }
            }
        }
    }
}
