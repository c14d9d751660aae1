package org.scanbridge.tensorflow;

import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;

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
        return NativePlatform.name(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
    }

    /**
     * This platform.
     *
     * @throws TensorFlowUnavailableException if there is no TensorFlow for it
     */
    static NativePlatform current() {
        return NativePlatform.of(platform()).orElseThrow(() -> new TensorFlowUnavailableException("There is no TensorFlow for "
            + platform() + ". It exists for " + NativePlatform.names() + "; on a Mac with an Intel processor, and on Windows for"
            + " ARM, use a Linux machine or container of one of these.", null));
    }

    /**
     * The directory that holds the libraries of this {@link NativePlatform}: the one the user names in {@link #PROPERTY} (system property or
     * environment), else that of the platform's fragment in OSGi, else that of TensorFlow's native jar on the class
     * path, unpacked into JavaCPP's cache.
     *
     * @throws TensorFlowUnavailableException if there is none, or no TensorFlow for this platform
     */
    static Path find() {
        final NativePlatform platform = current();
        final String given = System.getProperty(PROPERTY, System.getenv(PROPERTY));
        try {
            final Path directory = given != null ? Path.of(given) : inOsgi() ? OsgiNatives.find(platform) : onClassPath(platform);
            if (directory == null) {
                throw missing("no native libraries are installed for this platform", null);
            }
            for (final String library : platform.libraries()) {
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
            + ". Install the feature \"ScanBridge TensorFlow engine (CPU)\" of the update site, or set " + PROPERTY
            + " to a directory with " + String.join(", ", current().libraries()) + ".", cause);
    }

    private static boolean inOsgi() {
        try {
            final Class<?> reference = Class.forName("org.osgi.framework.BundleReference");
            return reference.isInstance(NativeDirectory.class.getClassLoader());
        } catch (final ClassNotFoundException e) {
            return false; // a plain JVM without the framework's classes
        }
    }

    private static Path onClassPath(final NativePlatform platform) throws IOException {
        File last = null;
        for (final String library : platform.libraries()) {
            final URL url = NativeDirectory.class.getClassLoader().getResource(JAR_FOLDER + platform.name() + "/" + library);
            if (url == null) {
                return null;
            }
            last = Loader.cacheResource(url);
        }
        return last == null ? null : last.toPath().getParent();
    }
}
