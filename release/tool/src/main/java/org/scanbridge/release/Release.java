package org.scanbridge.release;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Makes the folder that is handed out, from a built checkout. {@code release.sh} runs the build and then this. */
public final class Release {

    private Release() {
    }

    /**
     * @param arguments the checkout; the folder of the release; its version; its time, as in 2026-11-29T17:00:00Z; the bills of
     *            materials of the update site and of the batch executor. The libraries in them are on the class path.
     * @throws IOException if something is missing or undeclared, may not be shipped, or cannot be written
     */
    public static void main(final String[] arguments) throws IOException {
        if (arguments.length != 6) {
            throw new IllegalArgumentException(
                "Arguments: checkout, folder, version, time, bill of the site, bill of the batch executor");
        }
        final Path root = Path.of(arguments[0]).toAbsolutePath().normalize();
        final Path out = Path.of(arguments[1]).toAbsolutePath().normalize();
        final String version = arguments[2];
        final Instant time = Instant.parse(arguments[3]);
        final List<Path> jars = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator)).map(Path::of).toList();
        Files.createDirectories(out);

        final Path site = out.resolve("scanbridge-update-site-" + version + ".zip");
        Site.pack(root.resolve("update-site/target/repository"), site, time);
        workflows(root.resolve("workflows"), out.resolve("workflows"), time);
        Files.copy(root.resolve("LICENSE"), out.resolve("LICENSE"), StandardCopyOption.REPLACE_EXISTING);

        final BillOfMaterials bill = BillOfMaterials.read(Path.of(arguments[4]));
        final BillOfMaterials batchBill = BillOfMaterials.read(Path.of(arguments[5]));
        check("The bill of materials and the update site do not agree", new Shipped(site).compare(bill, jars));
        final Licenses licenses = new Licenses(root.resolve("release/licenses.properties"));
        final List<BillOfMaterials.Library> all =
            Stream.concat(bill.libraries().stream(), batchBill.libraries().stream()).distinct()
            .sorted(Comparator.comparing(BillOfMaterials.Library::url)).toList();
        check("Licenses", licenses.problems(all));
        final Path thirdParty = Files.writeString(out.resolve("THIRD-PARTY.txt"),
            licenses.thirdParty("Libraries of others in ScanBridge " + version, bill.libraries(), jars));
        copy(Path.of(arguments[4]), out.resolve("sbom-update-site.json"));

        final Path notices = Files.createDirectories(out.resolve("batch"));
        Files.writeString(notices.resolve("THIRD-PARTY.txt"),
            licenses.thirdParty("Libraries of others in the batch executor of ScanBridge " + version, all, jars));
        copy(Path.of(arguments[5]), out.resolve("sbom-batch.json"));
        for (final Path fragment : fragments(root.resolve("plugins"))) {
            BatchPackage.pack(root, fragment, notices, out, version, time);
        }
        // it lies in the zips; the folder has that of the site
        Files.delete(notices.resolve(thirdParty.getFileName()));
        Files.delete(notices);
        Checksums.write(out);
    }

    private static void copy(final Path from, final Path to) throws IOException {
        Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void check(final String title, final List<String> problems) throws IOException {
        if (!problems.isEmpty()) {
            throw new IOException(title + ":\n" + String.join("\n", problems));
        }
    }

    /**
     * Packs each workflow as KNIME exports it: a zip with the workflow's folder on top.
     *
     * @param from the folder with the workflows
     * @param to where their .knwf files go
     * @param time the time of the release
     * @throws IOException if reading or writing fails
     */
    static void workflows(final Path from, final Path to, final Instant time) throws IOException {
        try (Stream<Path> folders = Files.list(from)) {
            for (final Path folder : (Iterable<Path>)folders.filter(f -> Files.exists(f.resolve("workflow.knime")))::iterator) {
                final String name = folder.getFileName().toString();
                try (ReproducibleZip zip = new ReproducibleZip(to.resolve(name + ".knwf"), time)) {
                    zip.folder(name, folder, Release::isOfWorkflow);
                }
            }
        }
    }

    /** Whether a file of a workflow's folder belongs to it, unlike what an open editor leaves there. */
    static boolean isOfWorkflow(final String name) {
        return !name.endsWith(".knimeLock");
    }

    private static List<Path> fragments(final Path plugins) throws IOException {
        try (Stream<Path> all = Files.walk(plugins, 3)) {
            return all.filter(p -> p.toString().replace('\\', '/')
                .matches(".*/org\\.scanbridge\\.tensorflow\\.(linux|win32|macosx)\\.\\w+/target/org[^/]*\\.jar"))
                .filter(p -> !p.toString().endsWith("-sources.jar")).sorted().toList();
        }
    }
}
