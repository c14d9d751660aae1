package org.scanbridge.tensorflow;

import java.nio.file.Path;
import java.util.Optional;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;

/**
 * The environment variables that TensorFlow's native code reads when it is loaded, and what became of them. Java cannot
 * change its own environment; the C library can.
 */
final class NativeEnvironment {

    private NativeEnvironment() {
    }

    /**
     * Turns oneDNN on or off, caps its instruction sets, keeps TensorFlow's informational messages off the console and lets
     * GPU memory grow with the need instead of taking all of it at the start, unless
     * {@link TensorFlowRuntime#GPU_GROWTH_PROPERTY} says otherwise. What the user set in the environment is part of the
     * settings already, or stays.
     */
    static void prepare(final EngineSettings settings) {
        set(EngineSettings.ONEDNN_VARIABLE, settings.oneDnn() ? "1" : "0");
        set(EngineSettings.CAP_VARIABLE, settings.instructionCap());
        setIfAbsent("TF_CPP_MIN_LOG_LEVEL", "2");
        setIfAbsent("TF_FORCE_GPU_ALLOW_GROWTH", System.getProperty(TensorFlowRuntime.GPU_GROWTH_PROPERTY, "true"));
    }

    private static void setIfAbsent(final String name, final String value) {
        if (System.getenv(name) == null) {
            set(name, value);
        }
    }

    /** @throws TensorFlowUnavailableException if the C library refuses, which would change results without a word */
    private static void set(final String name, final String value) {
        final int failure = NativeDirectory.platform().startsWith("windows")
            // the runtime library that TensorFlow is linked to: it sets the process's own environment, too
            ? NativeLibrary.getInstance("ucrtbase").getFunction("_putenv_s").invokeInt(new Object[]{name, value})
            : NativeLibrary.getProcess().getFunction("setenv").invokeInt(new Object[]{name, value, 1});
        if (failure != 0) {
            throw new TensorFlowUnavailableException("The environment variable " + name
                + " cannot be set (error " + failure + "). Set it to " + value + " before the program is started.", null);
        }
    }

    /**
     * Asks the loaded TensorFlow whether it computes with oneDNN.
     *
     * @param directory of the native libraries
     * @return empty where the library does not tell
     */
    static Optional<Boolean> oneDnn(final Path directory) {
        final Path library = directory.resolve(NativeDirectory.current().tensorFlow().get(0));
        if (!NativeDirectory.platform().startsWith("linux")) {
            return Optional.empty(); // the name below is one of Linux compilers
        }
        try {
            final Function enabled =
                NativeLibrary.getInstance(library.toString()).getFunction("_ZN10tensorflow12IsMKLEnabledEv");
            return Optional.of((enabled.invokeInt(new Object[0]) & 0xFF) != 0);
        } catch (final UnsatisfiedLinkError e) {
            return Optional.empty(); // a build without that function
        }
    }
}
