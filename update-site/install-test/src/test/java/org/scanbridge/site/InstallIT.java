package org.scanbridge.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Installs all features from the update site the way KNIME does, with the p2 director, into a bare headless Equinox. The site was
 * unpacked from its zip into a folder outside the build, as on the computer of somebody who got it.
 */
class InstallIT {

    private static final Path TARGET = Path.of("target").toAbsolutePath();

    private static final Path INSTALL = TARGET.resolve("install");

    private static Path s_site;

    @BeforeAll
    static void install() throws Exception {
        delete(INSTALL);
        final Path bare = TARGET.resolve("products/org.scanbridge.installtest.product/linux/gtk/x86_64");
        try (Stream<Path> files = Files.walk(bare)) {
            for (final Path p : (Iterable<Path>)files::iterator) {
                Files.copy(p, INSTALL.resolve(bare.relativize(p).toString()));
            }
        }
        s_site = Files.createTempDirectory("scanbridge-site-");
        try (Stream<Path> built = Files.list(Path.of("../target"))) {
            unpack(built.filter(p -> p.getFileName().toString().matches("update-site-.*\\.zip")).findFirst().orElseThrow(), s_site);
        }
        final String out = director();
        assertTrue(out.contains("Operation completed"), out);
    }

    @AfterAll
    static void deleteSite() throws IOException {
        delete(s_site);
    }

    private static String director(final String... more) throws Exception {
        final List<String> args = new ArrayList<>(List.of("-repository", "file:" + s_site + ",file:" + TARGET.resolve("repository"),
            "-installIU", "org.scanbridge.feature.feature.group,org.scanbridge.onnx.feature.feature.group", //
            "-profileProperties", "org.eclipse.update.install.features=true"));
        args.addAll(List.of(more));
        return equinox("org.eclipse.equinox.p2.director", args.toArray(String[]::new));
    }

    @Test
    void theOptionalFeatureIsInstalledAsWell() throws Exception {
        assertTrue(Files.isRegularFile(plugin("org.scanbridge.onnx_")));
    }

    @Test
    void nodeBundleAndNativesAreDirectories() throws Exception {
        assertTrue(Files.isDirectory(plugin("org.scanbridge.knime_")), "KNIME serves pages from directories only");
        final Path natives = plugin("org.scanbridge.tensorflow.linux.x86_64_");
        try (Stream<Path> files = Files.walk(natives)) {
            assertTrue(files.anyMatch(p -> p.getFileName().toString().equals("libjnitensorflow.so")),
                natives.toString());
        }
    }

    /** The default build has natives for Linux with x86-64; on another platform p2 must leave them out. */
    @Test
    void anotherPlatformGetsNoNativesOfThisOne() throws Exception {
        final Path windows = TARGET.resolve("install-windows");
        delete(windows);
        director("-destination", windows.toString(), "-profile", "windows", //
            "-p2.os", "win32", "-p2.ws", "win32", "-p2.arch", "x86_64");
        try (Stream<Path> plugins = Files.list(windows.resolve("plugins"))) {
            final List<String> ours = plugins.map(p -> p.getFileName().toString().replaceAll("_\\d.*", ""))
                .filter(n -> n.startsWith("org.scanbridge.")).sorted().toList();
            assertTrue(ours.containsAll(List.of("org.scanbridge.knime", "org.scanbridge.onnx", "org.scanbridge.tensorflow")),
                ours.toString());
            assertFalse(ours.contains("org.scanbridge.tensorflow.linux.x86_64"), ours.toString());
        }
        delete(windows);
    }

    @Test
    void siteCarriesNothingOfTheStandIn() throws Exception {
        try (Stream<Path> files = Files.walk(Path.of("../target/repository"))) {
            final List<String> knime = files.map(p -> p.getFileName().toString())
                .filter(n -> n.startsWith("org.knime.") || n.startsWith("org.scanbridge.knime.batch")).toList();
            assertEquals(List.of(), knime);
        }
    }

    /**
     * What was installed is enough to train and predict: the README's workflow, tiny, as a user's KNIME would run it after
     * importing the .knwf, and without a network where this computer can take it away from a process.
     */
    @Test
    void installedNodesRunTheMainWorkflow() throws Exception {
        final Path workflow = Path.of("../../workflows/Adapt a model to a new site").toRealPath();
        final Path packed = TARGET.resolve("Adapt a model to a new site.knwf");
        pack(workflow, packed);
        final Path results = TARGET.resolve("results");
        delete(results);
        final List<String> offline = withoutNetwork();
        final String out = run(offline, "org.knime.product.KNIME_BATCH_APPLICATION", "-reset", "-nosave", "-failonloaderror",
            "-workflowFile=" + packed, "-workflow.variable=outputDir," + results + ",String",
            "-option=1,subjectsPerSite,5,int", "-option=1,size,24,int", "-option=5,baseWidth,4,int", "-option=5,levels,2,int",
            "-option=5,patchSize,16,int", "-option=6,training/steps,2,int", "-option=7,training/steps,2,int",
            "-option=8,training/steps,2,int");
        assertTrue(out.contains("Workflow executed sucessfully"), out);
        assertTrue(Files.size(results.resolve("report.html")) > 0);
        assumeFalse(offline.isEmpty(), "ran, but with a network: unshare --net is not allowed here");
    }

    /** A command that runs another one with no network interface at all, not even to itself; empty = not possible here. */
    private static List<String> withoutNetwork() throws InterruptedException {
        final List<String> command = List.of("unshare", "--map-root-user", "--net");
        final List<String> attempt = new ArrayList<>(command);
        attempt.add("true");
        try {
            return new ProcessBuilder(attempt).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start()
                .waitFor() == 0 ? command : List.of();
        } catch (IOException ex) {
            return List.of(); // there is no such program
        }
    }

    /** As KNIME exports a workflow: its folder lies on top of the zip. */
    private static void pack(final Path workflow, final Path zip) throws IOException {
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip)); Stream<Path> files = Files.walk(workflow)) {
            for (final Path file : (Iterable<Path>)files.filter(Files::isRegularFile)::iterator) {
                out.putNextEntry(new ZipEntry(workflow.getParent().relativize(file).toString().replace('\\', '/')));
                Files.copy(file, out);
                out.closeEntry();
            }
        }
    }

    private static void unpack(final Path zip, final Path folder) throws IOException {
        try (ZipFile file = new ZipFile(zip.toFile())) {
            for (final ZipEntry entry : (Iterable<ZipEntry>)file.stream().map(ZipEntry.class::cast)::iterator) {
                if (!entry.isDirectory()) {
                    final Path target = folder.resolve(entry.getName());
                    Files.createDirectories(target.getParent());
                    try (InputStream in = file.getInputStream(entry)) {
                        Files.copy(in, target);
                    }
                }
            }
        }
    }

    private static void delete(final Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> old = Files.walk(folder)) {
                for (final Path p : (Iterable<Path>)old.sorted(Comparator.reverseOrder())::iterator) {
                    Files.delete(p);
                }
            }
        }
    }

    private static Path plugin(final String prefix) throws IOException {
        try (Stream<Path> plugins = Files.list(INSTALL.resolve("plugins"))) {
            return plugins.filter(p -> p.getFileName().toString().startsWith(prefix)).findFirst()
                .orElseGet(() -> fail("no plug-in " + prefix + "* was installed"));
        }
    }

    /** Runs an Equinox application of the installation and returns what it printed. */
    private static String equinox(final String application, final String... args) throws Exception {
        return run(List.of(), application, args);
    }

    private static String run(final List<String> wrapper, final String application, final String... args) throws Exception {
        final Path launcher = plugin("org.eclipse.equinox.launcher_");
        assertFalse(Files.isDirectory(launcher));
        final List<String> command = new ArrayList<>(wrapper);
        // In runs of seconds C2 takes longer than its code saves. Our bundles are not signed, and nobody is here to be asked about
        // that; to look for signatures p2 packs folders again, which takes it twice as long as all the rest.
        command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
            "-Declipse.p2.unsignedPolicy=allow", "-jar", launcher.toString(), "-nosplash", "-consoleLog", "-data", "@none",
            "-application", application));
        command.addAll(List.of(args));
        final Path log = Files.createTempFile(TARGET, application, ".log");
        final Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
        if (!process.waitFor(10, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            fail(application + " did not end within 10 minutes: " + Files.readString(log));
        }
        final String out = Files.readString(log);
        assertEquals(0, process.exitValue(), out);
        return out;
    }
}
