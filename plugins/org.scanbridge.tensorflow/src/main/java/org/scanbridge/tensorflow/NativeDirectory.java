package org.scanbridge.tensorflow;

import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

import org.bytedeco.javacpp.Loader;

/**
 * Finds the directory with TensorFlow's native libraries. DJL downloads them when it does not find them itself, so it
 * must always be told.
 */
final class NativeDirectory {

    /** Where DJL looks first; users may set it to run their own build of TensorFlow. */
    static final String PROPERTY = "TENSORFLOW_LIBRARY_PATH";

    /** Where the libraries lie inside TensorFlow's own native jars. */
    private static final String JAR_FOLDER = "org/tensorflow/internal/c_api/";

    private NativeDirectory() {
    }

    /** Name of this platform in TensorFlow's native jars, such as {@code linux-x86_64}. */
    static String platform() {
        final String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        final String arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        final String osName = os.startsWith("windows") ? "windows" : os.startsWith("mac") ? "macosx" : "linux";
        final String archName = switch (arch) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64", "arm64" -> "arm64";
            default -> arch;
        };
        return osName + "-" + archName;
    }

    /** The libraries, the JNI glue (which loads the others) last. */
    static List<String> libraries() {
        return switch (platform().substring(0, platform().indexOf('-'))) {
            case "windows" -> List.of("tensorflow_cc.dll", "jnitensorflow.dll");
            case "macosx" -> List.of("libtensorflow_framework.2.dylib", "libtensorflow_cc.2.dylib",
                "libjnitensorflow.dylib");
            default -> List.of("libtensorflow_framework.so.2", "libtensorflow_cc.so.2", "libjnitensorflow.so");
        };
    }

    /**
     * The directory that holds {@link #libraries()}: the one the user names in {@link #PROPERTY} (system property or
     * environment), else that of the platform's fragment in OSGi, else that of TensorFlow's native jar on the class
     * path, unpacked into JavaCPP's cache.
     *
     * @throws TensorFlowUnavailableException if there is none
     */
    static Path find() {
        final String given = System.getProperty(PROPERTY, System.getenv(PROPERTY));
        try {
            final Path directory = given != null ? Path.of(given) : inOsgi() ? OsgiNatives.find(platform()) : onClassPath();
            if (directory == null) {
                throw missing("no native libraries are installed for this platform", null);
            }
            for (final String library : libraries()) {
                if (!Files.isRegularFile(directory.resolve(library))) {
                    throw missing(directory + " does not hold " + library, null);
                }
            }
            return directory;
        } catch (final IOException e) {
            throw missing("its native libraries cannot be unpacked: " + e.getMessage(), e);
        }
    }

    private static TensorFlowUnavailableException missing(final String what, final Throwable cause) {
        return new TensorFlowUnavailableException("TensorFlow cannot start on " + platform() + ": " + what
            + ". Install the feature \"ScanBridge TensorFlow\" for this platform, or set " + PROPERTY
            + " to a directory with " + String.join(", ", libraries()) + ".", cause);
    }

    private static boolean inOsgi() {
        try {
            final Class<?> reference = Class.forName("org.osgi.framework.BundleReference");
            return reference.isInstance(NativeDirectory.class.getClassLoader());
        } catch (final ClassNotFoundException e) {
            return false; // a plain JVM without the framework's classes
        }
    }

    private static Path onClassPath() throws IOException {
        File last = null;
        for (final String library : libraries()) {
            final URL url = NativeDirectory.class.getClassLoader().getResource(JAR_FOLDER + platform() + "/" + library);
            if (url == null) {
                return null;
            }
            last = Loader.cacheResource(url);
        }
        return last == null ? null : last.toPath().getParent();
    }
}
