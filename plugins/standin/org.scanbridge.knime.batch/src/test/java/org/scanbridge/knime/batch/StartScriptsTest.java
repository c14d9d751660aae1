package org.scanbridge.knime.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * The scripts that start the executor promise the same on each platform. The shell's is run by the tests of the runtime; that
 * of Windows cannot be run here, so it is read.
 */
class StartScriptsTest {

    private static final Path ROOT = Path.of(System.getProperty("basedir", ".")).toAbsolutePath().normalize().getParent()
        .getParent().getParent();

    private static String read(final String name) throws IOException {
        return Files.readString(ROOT.resolve(name));
    }

    @Test
    void bothStartTheSame() throws IOException {
        final String shell = read("scanbridge-batch");
        final String windows = read("scanbridge-batch.cmd");
        for (final String part : List.of("-application org.knime.product.KNIME_BATCH_APPLICATION", "-nosplash -consoleLog",
            "-Djava.awt.headless=true", "org.eclipse.equinox.launcher.jar", "-Dmaven.test.skip=true package", "JAVA_HOME",
            "-Xmx", "1500m")) {
            assertTrue(shell.contains(part) && windows.contains(part), part);
        }
        assertEquals(variables(shell), variables(windows));
        // the arguments of both dialects reach the executor as they are, and its exit code the caller
        assertTrue(windows.contains(" %*\r\n") && windows.endsWith("exit /b %ERRORLEVEL%\r\n"));
        assertEquals(shell.split("exit 5").length, windows.split("exit /b 5").length + 1,
            "all but that of a checkout that cannot be written");
    }

    /** The command prompt loses labels and lines in files with the line ends of Linux. */
    @Test
    void windowsGetsItsLineEnds() throws IOException {
        final String windows = read("scanbridge-batch.cmd");
        assertFalse(Pattern.compile("(?<!\r)\n").matcher(windows).find());
        assertFalse(read("scanbridge-batch").contains("\r"));
        assertTrue(read(".gitattributes").contains("*.cmd text eol=crlf\n"));
    }

    /** Unpacked from the release there is nothing to build: the script starts the runtime beside it, and asks for no Maven. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void theReleaseStartsItsOwnRuntime(@TempDir final Path dir) throws Exception {
        final Path script = Files.copy(ROOT.resolve("scanbridge-batch"), dir.resolve("scanbridge-batch"),
            StandardCopyOption.COPY_ATTRIBUTES);
        Files.createFile(Files.createDirectories(dir.resolve("runtime")).resolve("assembled"));
        final Path java = Files.writeString(Files.createDirectories(dir.resolve("jdk/bin")).resolve("java"),
            "#!/bin/sh\necho \"$@\"\nexit 7\n");
        assertTrue(java.toFile().setExecutable(true));
        final Path bin = Files.createDirectories(dir.resolve("bin"));
        for (final String tool : List.of("bash", "env", "dirname", "readlink")) {
            Files.createSymbolicLink(bin.resolve(tool), Path.of("/usr/bin").resolve(tool));
        }
        final ProcessBuilder builder = new ProcessBuilder(script.toString(), "-reset", "-workflowDir=my flow");
        builder.environment().clear();
        builder.environment().put("PATH", bin.toString());
        builder.environment().put("JAVA_HOME", dir.resolve("jdk").toString());
        final Process process = builder.redirectErrorStream(true).start();
        final String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(7, process.waitFor(), out);
        assertTrue(out.contains("-jar " + dir.toRealPath().resolve("runtime/plugins/org.eclipse.equinox.launcher.jar")), out);
        assertTrue(out.endsWith(" -application org.knime.product.KNIME_BATCH_APPLICATION -reset -workflowDir=my flow\n"), out);
        assertTrue(read("scanbridge-batch.cmd").contains("if exist \"%root%runtime\\assembled\" set \"runtime=%root%runtime\""));
    }

    private static Set<String> variables(final String script) {
        final Set<String> names = new TreeSet<>();
        final Matcher matcher = Pattern.compile("SCANBRIDGE_\\w+").matcher(script);
        while (matcher.find()) {
            names.add(matcher.group());
        }
        return names;
    }
}
