package org.scanbridge.learning.method;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Another JVM with the same classes and the same settings of the engine, which a build may vary. */
final class ChildJvm {

    private static final String ENGINE = "org.scanbridge.tensorflow.";

    private ChildJvm() {
    }

    /** Runs a main class; standard error goes where the output goes. */
    static ProcessBuilder of(final Class<?> main, final String... arguments) {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx1g");
        System.getProperties().stringPropertyNames().stream().filter(name -> name.startsWith(ENGINE)).sorted()
            .forEach(name -> command.add("-D" + name + "=" + System.getProperty(name)));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true);
    }
}
