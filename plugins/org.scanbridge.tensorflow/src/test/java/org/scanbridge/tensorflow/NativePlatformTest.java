package org.scanbridge.tensorflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The names of libraries on all platforms, against what the published jars hold: the listings of tensorflow-core-native 1.0.0 on
 * Maven Central, and what each library asks its loader for, read with readelf -d, objdump -p and the load commands of Mach-O.
 */
class NativePlatformTest {

    /** Entries below {@code org/tensorflow/internal/c_api/}; of Windows without the forwarders {@code api-ms-win-*}. */
    private static final Map<String, Set<String>> PUBLISHED = Map.of(
        "linux-x86_64", Set.of("libtensorflow_framework.so.2", "libjnitensorflow.so", "libtensorflow_cc.so.2"),
        "linux-arm64", Set.of("libtensorflow_framework.so.2", "libtensorflow_cc.so.2", "libomp-e9212f90.so.5",
            "libjnitensorflow.so"),
        "windows-x86_64", Set.of("concrt140.dll", "jnitensorflow.dll", "libiomp5md.dll", "msvcp140.dll", "tensorflow.dll",
            "ucrtbase.dll", "vcomp140.dll", "vcruntime140.dll", "vcruntime140_1.dll"),
        "macosx-arm64", Set.of("libjnitensorflow.dylib", "libtensorflow_cc.2.dylib", "libtensorflow_framework.2.dylib"));

    /** What each library needs of the others of its jar; the rest are libraries of the operating system. */
    private static final Map<String, Map<String, Set<String>>> NEEDED = Map.of(
        "linux-x86_64", Map.of("libjnitensorflow.so", Set.of("libtensorflow_framework.so.2", "libtensorflow_cc.so.2"),
            "libtensorflow_cc.so.2", Set.of("libtensorflow_framework.so.2")),
        "linux-arm64", Map.of("libjnitensorflow.so", Set.of("libtensorflow_framework.so.2", "libtensorflow_cc.so.2"),
            "libtensorflow_cc.so.2", Set.of("libtensorflow_framework.so.2", "libomp-e9212f90.so.5")),
        "windows-x86_64", Map.of("jnitensorflow.dll", Set.of("tensorflow.dll", "vcruntime140_1.dll", "vcruntime140.dll"),
            "tensorflow.dll", Set.of("msvcp140.dll", "vcruntime140.dll", "vcruntime140_1.dll"),
            "msvcp140.dll", Set.of("vcruntime140.dll", "vcruntime140_1.dll"),
            "vcruntime140_1.dll", Set.of("vcruntime140.dll")),
        "macosx-arm64", Map.of("libjnitensorflow.dylib",
            Set.of("libtensorflow_framework.2.dylib", "libtensorflow_cc.2.dylib"),
            "libtensorflow_cc.2.dylib", Set.of("libtensorflow_framework.2.dylib")));

    /** By native jar: symbolic name of the fragment, and the names of Equinox for its platform. */
    private static final Map<String, List<String>> FRAGMENTS = Map.of(
        "linux-x86_64", List.of("org.scanbridge.tensorflow.linux.x86_64", "linux", "x86_64"),
        "linux-arm64", List.of("org.scanbridge.tensorflow.linux.aarch64", "linux", "aarch64"),
        "windows-x86_64", List.of("org.scanbridge.tensorflow.win32.x86_64", "win32", "x86_64"),
        "macosx-arm64", List.of("org.scanbridge.tensorflow.macosx.aarch64", "macosx", "aarch64"));

    @Test
    void everyFileIsInThePublishedJar() {
        assertEquals(new TreeSet<>(PUBLISHED.keySet()), new TreeSet<>(NativePlatform.ALL.stream().map(NativePlatform::name).toList()));
        for (final NativePlatform platform : NativePlatform.ALL) {
            assertTrue(PUBLISHED.get(platform.name()).containsAll(platform.files()), platform.toString());
        }
    }

    /** Nothing that is needed is left out, and nothing that nobody needs is taken along: the closure of the glue. */
    @Test
    void theFilesAreThoseThatTheGlueLoads() {
        for (final NativePlatform platform : NativePlatform.ALL) {
            final Set<String> closure = new TreeSet<>(Set.of(platform.glue()));
            for (int before = 0; before < closure.size();) {
                before = closure.size();
                List.copyOf(closure).forEach(l -> closure.addAll(NEEDED.get(platform.name()).getOrDefault(l, Set.of())));
            }
            assertEquals(closure, new TreeSet<>(platform.files()), platform.name());
        }
    }

    /** DJL looks for the glue, and loading checks each library before the one that needs it. */
    @Test
    void librariesComeBeforeThoseThatNeedThem() {
        for (final NativePlatform platform : NativePlatform.ALL) {
            final List<String> order = platform.libraries();
            assertEquals(platform.glue(), order.get(order.size() - 1));
            NEEDED.get(platform.name()).forEach((library, needed) -> needed.stream()
                .filter(n -> order.contains(n) && order.contains(library))
                .forEach(n -> assertTrue(order.indexOf(n) < order.indexOf(library), platform.name() + ": " + n)));
        }
    }

    @ParameterizedTest
    @CsvSource({"Linux, amd64, linux-x86_64", "Linux, aarch64, linux-arm64", "Windows 11, amd64, windows-x86_64",
        "Windows Server 2022, x86_64, windows-x86_64", "Mac OS X, aarch64, macosx-arm64", "Darwin, arm64, macosx-arm64"})
    void javaNamesOfPlatforms(final String os, final String arch, final String name) {
        assertEquals(name, NativePlatform.name(os, arch));
        assertEquals(name, NativePlatform.of(name).orElseThrow().name());
    }

    /** Nobody publishes natives for these. */
    @Test
    void platformsWithoutTensorFlow() {
        for (final String[] other : new String[][]{{"Mac OS X", "x86_64"}, {"Windows 11", "aarch64"}, {"Linux", "riscv64"}}) {
            assertFalse(NativePlatform.of(NativePlatform.name(other[0], other[1])).isPresent(), other[0] + other[1]);
        }
    }

    /** Each fragment takes the files of its platform out of its native jar, is installed there only, and is in the feature. */
    @Test
    void fragmentsHoldTheFilesOfTheirPlatform() throws IOException {
        final Path root = Path.of(System.getProperty("basedir", ".")).toAbsolutePath().getParent().getParent();
        for (final NativePlatform platform : NativePlatform.ALL) {
            final List<String> fragment = FRAGMENTS.get(platform.name());
            final Path folder = root.resolve("plugins").resolve(fragment.get(0));
            final String bnd = Files.readString(folder.resolve("bnd.bnd"));
            assertTrue(bnd.contains("Bundle-SymbolicName: " + fragment.get(0) + "\n"), folder.toString());
            assertTrue(bnd.contains("Eclipse-PlatformFilter: (&(osgi.os=" + fragment.get(1) + ")(osgi.arch=" + fragment.get(2)
                + "))\n"), folder.toString());
            assertTrue(bnd.contains("Fragment-Host: org.scanbridge.tensorflow\n") && bnd.contains("BundleShape: dir\n"));
            final String resources = bnd.lines().filter(l -> l.startsWith("-includeresource")).findFirst().orElseThrow();
            final String jar = "native/=@tensorflow-core-native-1.0.0-" + platform.name() + ".jar!/org/(";
            assertTrue(resources.contains(jar), resources);
            final Set<String> taken = new TreeSet<>();
            final String patterns = resources.substring(resources.indexOf(jar) + jar.length(), resources.lastIndexOf(')'));
            for (final String glob : patterns.split("\\|")) {
                final Pattern pattern = Pattern.compile(glob.replace(".", "\\.").replace("*", ".*"));
                PUBLISHED.get(platform.name()).stream()
                    .filter(f -> pattern.matcher("tensorflow/internal/c_api/" + platform.name() + "/" + f).matches())
                    .forEach(taken::add);
            }
            assertEquals(new TreeSet<>(platform.files()), taken, folder.toString());
            assertTrue(patterns.contains("*/LICENSE"), patterns);
            final String plugin = "<plugin id=\"" + fragment.get(0) + "\" os=\"" + fragment.get(1) + "\" arch=\""
                + fragment.get(2) + "\"";
            assertTrue(feature(root, "all-platforms/").contains(plugin), plugin);
            // by default, only the platform that is built on
            assertEquals(platform == NativePlatform.LINUX, feature(root, "").contains(plugin), plugin);
            assertEquals(platform.name(), NativePlatform.name(fragment.get(1).equals("win32") ? "Windows" : fragment.get(1),
                fragment.get(2)));
        }
    }

    private static String feature(final Path root, final String folder) throws IOException {
        return Files.readString(root.resolve("features/" + folder + "org.scanbridge.tensorflow.feature/feature.xml"));
    }
}
