package org.scanbridge.learning.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.NetworkSpec.Kind;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.architecture.PatchSize;

class CaseSetTest {

    private static final NetworkSpec SPEC = new NetworkSpec(Kind.UNET_3D, 1, 3, 4, 2, Norm.GROUP, PatchSize.cube(8));

    private static final int MEBI = 1 << 20;

    /** What the virtual machine and the test itself need. */
    private static final int BASE = 10;

    static TrainingCase made(final String subject, final String site, final Role role, final int seed,
        final boolean labeled, final int... size) {
        final Geometry grid = Geometry.axial(size, 1, 1, 1);
        return new TrainingCase(() -> {
            final float[] x = new float[grid.voxelCount()];
            for (int v = 0; v < x.length; v++) {
                x[v] = ((v * 7L + seed) % 1001 - 500) / 8f;
            }
            return new Volume(x, grid, VolumeInfo.UNKNOWN);
        }, labeled ? () -> {
            final byte[] y = new byte[grid.voxelCount()];
            for (int v = 0; v < y.length; v++) {
                y[v] = (byte)(v / 5 % 3);
            }
            return new LabelVolume(y, grid, VolumeInfo.UNKNOWN, LabelSet.of("a", "b"));
        } : null, subject, site, role);
    }

    /** Expected digest from Python's hashlib and NumPy over the whole arrays; each is longer than a piece. */
    @Test
    void theHashIsThatOfAllVoxels() {
        final List<TrainingCase> cases = List.of(made("s3", "B", Role.TRAIN, 3, false, 40, 32, 24),
            made("s1", "A", Role.TRAIN, 1, true, 40, 32, 24), made("s2", "B", Role.VALIDATION, 2, true, 40, 32, 24));
        assertEquals("2e5419b9620e3ba7be93e73fee603d0dc28690e573cda4c0fe42b4e018bf27f3",
            CaseSet.load(cases, SPEC, TrainingCase::labeled, Progress.NONE).hash());
    }

    /**
     * Per voxel: image 4 bytes, list of content 4, labels as read 1 and on the grid 1, list of foreground at most 4; and
     * while one case is read, once more 4 for the list. Half of that is refused with advice, not with an error.
     */
    @Test
    void itFitsIntoWhatItsCasesNeedAndIsRefusedWithAdviceBelow() throws IOException, InterruptedException {
        final int cases = 4;
        final int voxels = 128 * 128 * 96;
        final int need = (int)(((4 + 4 + 1 + 1 + 4) * (long)voxels * cases + 4L * voxels) / MEBI) + BASE;
        assertEquals("fits", load(need, cases));
        final String refused = load(need / 2, cases);
        assertTrue(refused.startsWith("The images do not fit into memory: all 4 cases are kept there, and at case ")
            && refused.contains("-Xmx") && refused.contains("SCANBRIDGE_HEAP"), refused);
    }

    private static String load(final int heap, final int cases) throws IOException, InterruptedException {
        final Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC", "-Xmn4m", "-Xmx" + heap + "m", "-cp", System.getProperty("java.class.path"),
            Loading.class.getName(), "" + cases).redirectErrorStream(true).start();
        final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(2, TimeUnit.MINUTES));
        assertEquals(0, process.exitValue(), output);
        return output.strip();
    }

    /** Loads cases in a virtual machine of its own, as the bound is on the heap. */
    static final class Loading {

        private Loading() {
        }

        /** Argument: how many cases. Prints {@code fits}, or the message of the refusal. */
        public static void main(final String[] args) {
            final List<TrainingCase> cases = new ArrayList<>();
            for (int c = 0; c < Integer.parseInt(args[0]); c++) {
                cases.add(made("s" + c, "A", Role.TRAIN, c, true, 128, 128, 96));
            }
            try {
                final CaseSet set = CaseSet.load(cases, SPEC, TrainingCase::labeled, Progress.NONE);
                System.out.println(set.training().size() == cases.size() ? "fits" : "lost cases");
            } catch (final LearningException e) {
                System.out.println(e.getMessage());
            }
        }
    }
}
