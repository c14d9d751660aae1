package org.scanbridge.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * A bundle like KNIME's own copy of JavaCPP: it exports {@code org.bytedeco.javacpp} in an older version than the one that
 * TensorFlow needs and imports it without any, so that a framework may wire it to another bundle's. It says where its
 * class comes from when it starts and, after all nodes have run, when it stops.
 */
final class ForeignJavaCpp {

    static final String NAME = "org.example.javacpp";

    private static final String MANIFEST = """
        Manifest-Version: 1.0
        Bundle-ManifestVersion: 2
        Bundle-SymbolicName: org.example.javacpp
        Bundle-Version: 1.5.8
        Bundle-Activator: org.example.javacpp.Activator
        Export-Package: org.bytedeco.javacpp;version="1.5.8"
        Import-Package: org.bytedeco.javacpp,org.osgi.framework

        """;

    private static final String LOADER = """
        package org.bytedeco.javacpp;
        public final class Loader { }
        """;

    private static final String ACTIVATOR = """
        package org.example.javacpp;
        import org.osgi.framework.*;
        public final class Activator implements BundleActivator {
            public void start(BundleContext context) throws Exception { tell("starts"); }
            public void stop(BundleContext context) throws Exception { tell("stops"); }
            private static void tell(String when) throws Exception {
                Bundle from = FrameworkUtil.getBundle(Class.forName("org.bytedeco.javacpp.Loader"));
                System.out.println("JavaCPP " + when + " from " + from.getSymbolicName() + " " + from.getVersion());
            }
        }
        """;

    private ForeignJavaCpp() {
    }

    /**
     * Compiles the bundle.
     *
     * @param bundle its directory, made anew
     * @param framework the jar of the framework
     */
    static void create(final Path bundle, final Path framework) throws IOException {
        final Path sources = Files.createDirectories(bundle.resolve("sources"));
        Files.writeString(sources.resolve("Loader.java"), LOADER);
        Files.writeString(sources.resolve("Activator.java"), ACTIVATOR);
        final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        final int failures = compiler.run(null, null, null, "--release", "17", "-cp", framework.toString(), "-d",
            bundle.toString(), sources.resolve("Loader.java").toString(), sources.resolve("Activator.java").toString());
        if (failures != 0) {
            throw new IllegalStateException("The bundle does not compile");
        }
        Files.createDirectories(bundle.resolve("META-INF"));
        Files.writeString(bundle.resolve("META-INF/MANIFEST.MF"), MANIFEST);
    }

    /** The lines it prints while it is wired to itself. */
    static List<String> expectedLines() {
        return List.of("JavaCPP starts from " + NAME + " 1.5.8", "JavaCPP stops from " + NAME + " 1.5.8");
    }
}
