package org.scanbridge.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A folder that looks to the start script like a built checkout: the script itself, and a runtime that shares the
 * assembled bundles and has two more bundles: the probe nodes of the batch executor's tests, and another extension's copy of
 * a library that we have, too.
 */
final class Installation {

    private static final String MANIFEST = """
        Manifest-Version: 1.0
        Bundle-ManifestVersion: 2
        Bundle-SymbolicName: org.scanbridge.probe;singleton:=true
        Bundle-Version: 1.0.0
        Require-Bundle: org.knime.core;bundle-version="[5.8.0,6.0.0)",org.knime.core.ui;bundle-version="[5.8.0,6.0.0)"

        """;

    private final Path m_root;

    /** What a finished process left. */
    record Result(int code, String output) {
    }

    private Installation(final Path root) {
        m_root = root;
    }

    static Installation create(final Path root) throws IOException {
        final Path assembled = Path.of(System.getProperty("runtime.directory"));
        final Path runtime = root.resolve("plugins/standin/runtime/target/runtime");
        final Path plugins = Files.createDirectories(runtime.resolve("plugins"));
        String configuration = Files.readString(assembled.resolve("configuration/config.ini"));
        try (Stream<Path> bundles = Files.list(assembled.resolve("plugins"))) {
            for (Path bundle : (Iterable<Path>)bundles::iterator) {
                // The launcher looks beside the file it lies in; the big bundles are taken from where they are.
                if (Files.isDirectory(bundle)) {
                    configuration = configuration.replaceFirst(
                        Pattern.quote("reference\\:file\\:" + bundle.getFileName()) + "(?=[,@\n])",
                        Matcher.quoteReplacement("reference\\:file\\:" + escaped(bundle)));
                } else {
                    Files.copy(bundle, plugins.resolve(bundle.getFileName()));
                }
            }
        }
        addProbes(plugins.resolve("org.scanbridge.probe"));
        ForeignJavaCpp.create(plugins.resolve(ForeignJavaCpp.NAME), plugins.resolve("org.eclipse.osgi.jar"));
        configuration = configuration.replace("osgi.bundles=\\",
            "osgi.bundles=\\\n  reference\\:file\\:org.scanbridge.probe,\\\n"
                + "  reference\\:file\\:" + ForeignJavaCpp.NAME + "@start,\\");
        Files.createDirectories(runtime.resolve("configuration"));
        Files.writeString(runtime.resolve("configuration/config.ini"), configuration);
        Files.createFile(root.resolve("pom.xml"));
        copyScript(root);
        Files.createFile(runtime.resolve("assembled"));
        return new Installation(root);
    }

    /** As a value in a properties file. */
    private static String escaped(final Path path) {
        return path.toAbsolutePath().toString().replace("\\", "\\\\").replace(":", "\\:");
    }

    static Path copyScript(final Path root) throws IOException {
        return Files.copy(Path.of(System.getProperty("batch.script")), root.resolve("scanbridge-batch"),
            StandardCopyOption.COPY_ATTRIBUTES);
    }

    /** Copies a folder with all that is in it. */
    static void copyFolder(final Path from, final Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (final Path file : (Iterable<Path>)files::iterator) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    private static void addProbes(final Path bundle) throws IOException {
        final Path classes = Path.of(System.getProperty("probe.classes"));
        final Path from = classes.resolve("org/scanbridge/knime/batch/probe");
        final Path to = Files.createDirectories(bundle.resolve(classes.relativize(from).toString()));
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : (Iterable<Path>)files::iterator) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
        Files.copy(classes.resolve("plugin.xml"), bundle.resolve("plugin.xml"));
        Files.createDirectories(bundle.resolve("META-INF"));
        Files.writeString(bundle.resolve("META-INF/MANIFEST.MF"), MANIFEST);
    }

    /** Starts the script in the given directory; output goes to the file. */
    Process start(final Path directory, final Path log, final List<String> arguments) throws IOException {
        return start(new ProcessBuilder(), m_root, directory, log, arguments);
    }

    static Process start(final ProcessBuilder builder, final Path root, final Path directory, final Path log,
        final List<String> arguments) throws IOException {
        final List<String> command = new ArrayList<>(List.of(root.resolve("scanbridge-batch").toString()));
        command.addAll(arguments);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        // In runs of seconds C2 takes longer than its code saves.
        builder.environment().merge("SCANBRIDGE_JAVA_OPTS", "-XX:TieredStopAtLevel=1", (given, more) -> given + ' ' + more);
        return builder.command(command).directory(directory.toFile()).redirectErrorStream(true)
            .redirectOutput(log.toFile()).start();
    }

    Result run(final Path directory, final String... arguments) throws IOException, InterruptedException {
        final Path log = Files.createTempFile(m_root, "run", ".log");
        return end(start(directory, log, List.of(arguments)), log);
    }

    static Result end(final Process process, final Path log) throws IOException, InterruptedException {
        if (!process.waitFor(10, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IllegalStateException("The process did not end: " + Files.readString(log));
        }
        return new Result(process.exitValue(), Files.readString(log));
    }
}
