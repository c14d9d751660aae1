package org.scanbridge.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Installs the feature from the built update site the way KNIME does, with the p2 director, into a bare headless
 * Equinox.
 */
class InstallIT {

    private static final Path TARGET = Path.of("target").toAbsolutePath();

    private static final Path INSTALL = TARGET.resolve("install");

    @BeforeAll
    static void install() throws Exception {
        if (Files.exists(INSTALL)) {
            try (Stream<Path> old = Files.walk(INSTALL)) {
                for (final Path p : (Iterable<Path>)old.sorted(Comparator.reverseOrder())::iterator) {
                    Files.delete(p);
                }
            }
        }
        final Path bare = TARGET.resolve("products/org.scanbridge.installtest.product/linux/gtk/x86_64");
        try (Stream<Path> files = Files.walk(bare)) {
            for (final Path p : (Iterable<Path>)files::iterator) {
                Files.copy(p, INSTALL.resolve(bare.relativize(p).toString()));
            }
        }
        final String out = equinox("org.eclipse.equinox.p2.director", //
            "-repository",
            "file:" + Path.of("../target/repository").toRealPath() + ",file:" + TARGET.resolve("repository"), //
            "-installIU", "org.scanbridge.feature.feature.group", //
            "-profileProperties", "org.eclipse.update.install.features=true");
        assertTrue(out.contains("Operation completed"), out);
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

    @Test
    void siteCarriesNothingOfTheStandIn() throws Exception {
        try (Stream<Path> files = Files.walk(Path.of("../target/repository"))) {
            final List<String> knime = files.map(p -> p.getFileName().toString())
                .filter(n -> n.startsWith("org.knime.") || n.startsWith("org.scanbridge.knime.batch")).toList();
            assertEquals(List.of(), knime);
        }
    }

    /** What was installed is enough to train and predict: the README's workflow, tiny, as a user's KNIME would run it. */
    @Test
    void installedNodesRunTheMainWorkflow() throws Exception {
        final Path workflow = Path.of("../../workflows/Adapt a model to a new site").toRealPath();
        final Path results = TARGET.resolve("results");
        final String out = equinox("org.knime.product.KNIME_BATCH_APPLICATION", "-reset", "-nosave", "-failonloaderror",
            "-workflowDir=" + workflow, "-workflow.variable=outputDir," + results + ",String",
            "-option=1,subjectsPerSite,5,int", "-option=1,size,24,int", "-option=5,baseWidth,4,int", "-option=5,levels,2,int",
            "-option=5,patchSize,16,int", "-option=6,training/steps,2,int", "-option=7,training/steps,2,int",
            "-option=8,training/steps,2,int");
        assertTrue(out.contains("Workflow executed sucessfully"), out);
        assertTrue(Files.size(results.resolve("report.html")) > 0);
    }

    private static Path plugin(final String prefix) throws IOException {
        try (Stream<Path> plugins = Files.list(INSTALL.resolve("plugins"))) {
            return plugins.filter(p -> p.getFileName().toString().startsWith(prefix)).findFirst()
                .orElseGet(() -> fail("no plug-in " + prefix + "* was installed"));
        }
    }

    /** Runs an Equinox application of the installation and returns what it printed. */
    private static String equinox(final String application, final String... args) throws Exception {
        final Path launcher = plugin("org.eclipse.equinox.launcher_");
        assertFalse(Files.isDirectory(launcher));
        final List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-jar", launcher.toString(), "-nosplash", "-consoleLog", "-data", "@none", "-application", application));
        command.addAll(List.of(args));
        final Path log = Files.createTempFile(TARGET, application, ".log");
        final Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
        if (!process.waitFor(5, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            fail(application + " did not end within 5 minutes: " + Files.readString(log));
        }
        final String out = Files.readString(log);
        assertEquals(0, process.exitValue(), out);
        return out;
    }
}
