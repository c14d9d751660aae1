package org.scanbridge.tensorflow;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A platform that TensorFlow's native jars (tensorflow-core-native 1.0.0) exist for, and which of their files it takes to load
 * TensorFlow there. The names differ more than by their endings: on Windows there is one library where others have two, on
 * Linux for ARM a library for OpenMP comes with them.
 *
 * @param name as the native jars have it, such as {@code linux-x86_64}
 * @param openMp what TensorFlow's libraries load and no operating system has; empty if there is no such
 * @param tensorFlow TensorFlow itself, what others need first
 * @param glue the JNI library, which loads TensorFlow
 * @param runtime of the compiler: libraries that an operating system may lack, but a Java has
 */
record NativePlatform(String name, Optional<String> openMp, List<String> tensorFlow, String glue, List<String> runtime) {

    static final NativePlatform LINUX = new NativePlatform("linux-x86_64", Optional.empty(),
        List.of("libtensorflow_framework.so.2", "libtensorflow_cc.so.2"), "libjnitensorflow.so", List.of());

    static final NativePlatform LINUX_ARM = new NativePlatform("linux-arm64", Optional.of("libomp-e9212f90.so.5"),
        List.of("libtensorflow_framework.so.2", "libtensorflow_cc.so.2"), "libjnitensorflow.so", List.of());

    static final NativePlatform WINDOWS = new NativePlatform("windows-x86_64", Optional.empty(), List.of("tensorflow.dll"),
        "jnitensorflow.dll", List.of("msvcp140.dll", "vcruntime140.dll", "vcruntime140_1.dll"));

    static final NativePlatform MAC_ARM = new NativePlatform("macosx-arm64", Optional.empty(),
        List.of("libtensorflow_framework.2.dylib", "libtensorflow_cc.2.dylib"), "libjnitensorflow.dylib", List.of());

    /** All of them. */
    static final List<NativePlatform> ALL = List.of(LINUX, LINUX_ARM, WINDOWS, MAC_ARM);

    /** The name of a platform in the words of the native jars, whether there is one for it or not. */
    static String name(final String osName, final String osArch) {
        final String os = osName.toLowerCase(Locale.ROOT);
        final String arch = osArch.toLowerCase(Locale.ROOT);
        return (os.startsWith("windows") ? "windows" : os.startsWith("mac") || os.startsWith("darwin") ? "macosx" : "linux")
            + '-' + switch (arch) {
                case "amd64", "x86_64", "x64" -> "x86_64";
                case "aarch64", "arm64" -> "arm64";
                default -> arch;
            };
    }

    /**
     * @param name as {@link #name(String, String)} gives it
     * @return empty if there are no native libraries for it
     */
    static Optional<NativePlatform> of(final String name) {
        return ALL.stream().filter(p -> p.name.equals(name)).findFirst();
    }

    /** What must be there to load TensorFlow, in the order in which they load each other. */
    List<String> libraries() {
        return Stream.of(openMp.stream(), tensorFlow.stream(), Stream.of(glue)).flatMap(s -> s).toList();
    }

    /** The files of a fragment: the libraries, and those of the compiler's runtime. */
    List<String> files() {
        return Stream.concat(libraries().stream(), runtime.stream()).toList();
    }

    /** The names of all, for messages. */
    static String names() {
        return ALL.stream().map(NativePlatform::name).collect(Collectors.joining(", "));
    }
}
