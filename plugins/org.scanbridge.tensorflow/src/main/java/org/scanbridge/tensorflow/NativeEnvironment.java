package org.scanbridge.tensorflow;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;

/** Sets environment variables that TensorFlow's native code reads when it is loaded. */
final class NativeEnvironment {

    private NativeEnvironment() {
    }

    /**
     * Keeps TensorFlow's informational messages off the console and lets GPU memory grow with the need instead of taking
     * all of it at the start, unless {@link TensorFlowRuntime#GPU_GROWTH_PROPERTY} says otherwise; what the user set in the
     * environment stays. Does nothing on Windows, which has no {@code setenv}.
     */
    static void prepare() {
        if (NativeDirectory.platform().startsWith("windows")) {
            return;
        }
        final Function setenv = NativeLibrary.getProcess().getFunction("setenv");
        setenv.invokeInt(new Object[]{"TF_CPP_MIN_LOG_LEVEL", "2", 0});
        setenv.invokeInt(new Object[]{"TF_FORCE_GPU_ALLOW_GROWTH",
            System.getProperty(TensorFlowRuntime.GPU_GROWTH_PROPERTY, "true"), 0});
    }
}
