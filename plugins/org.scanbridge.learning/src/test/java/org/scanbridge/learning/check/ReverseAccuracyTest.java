package org.scanbridge.learning.check;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.atlas.Atlas;
import org.scanbridge.imaging.atlas.AtlasBuilder;
import org.scanbridge.imaging.atlas.AtlasOptions;
import org.scanbridge.imaging.atlas.AtlasSegmenter;
import org.scanbridge.imaging.atlas.SegmenterOptions;
import org.scanbridge.imaging.phantom.Anatomy;
import org.scanbridge.imaging.phantom.BrainPhantom;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;

import net.imglib2.parallel.TaskExecutor;
import net.imglib2.parallel.TaskExecutors;

/** On phantoms of 32³ voxels; the numbers to compare with are computed here voxel by voxel. */
class ReverseAccuracyTest {

    private static final List<Structure> TISSUES = List.of(new Structure("CSF", Set.of(1), 1),
        new Structure("GM", Set.of(2), 2), new Structure("brain", Set.of(2, 3), 3));

    private static final List<LabelVolume> TRUTHS = new ArrayList<>();

    private static final List<Volume> IMAGES = new ArrayList<>();

    private static TaskExecutor s_workers;

    @BeforeAll
    static void make() {
        s_workers = TaskExecutors.singleThreaded();
        for (int s = 0; s < 4; s++) {
            final LabelVolume truth = new BrainPhantom(32, Anatomy.ADULT).generate(s);
            final float[] x = new float[truth.voxels().length];
            for (int v = 0; v < x.length; v++) {
                x[v] = 30 * truth.voxels()[v] + (truth.voxels()[v] == 0 ? 0 : v % 7);
            }
            TRUTHS.add(truth);
            IMAGES.add(new Volume(x, truth.geometry(), truth.info()));
        }
    }

    @AfterAll
    static void close() {
        s_workers.close();
    }

    private static ReverseAccuracy.Reference reference(final int subject, final Optional<Integer> ignored) {
        return new ReverseAccuracy.Reference("S" + subject, () -> IMAGES.get(subject), () -> TRUTHS.get(subject), ignored);
    }

    private static Optional<double[]> accuracy(final String subject, final LabelVolume labels, final int most,
        final ReverseAccuracy.Reference... references) {
        return new ReverseAccuracy(List.of(references), s_workers).of(subject, IMAGES.get(0), labels, TISSUES, most, Progress.NONE);
    }

    /** 2 |A ∩ B| / (|A| + |B|), counted one voxel after the other; voxels whose truth has the ignored value do not count. */
    private static double dice(final LabelVolume said, final LabelVolume truth, final Structure structure, final int ignored) {
        long both = 0;
        long all = 0;
        final int[] size = truth.geometry().size();
        for (int k = 0; k < size[2]; k++) {
            for (int j = 0; j < size[1]; j++) {
                for (int i = 0; i < size[0]; i++) {
                    if (truth.get(i, j, k) != ignored) {
                        final boolean a = structure.classes().contains(said.get(i, j, k));
                        final boolean b = structure.classes().contains(truth.get(i, j, k));
                        both += a && b ? 2 : 0;
                        all += (a ? 1 : 0) + (b ? 1 : 0);
                    }
                }
            }
        }
        return all == 0 ? 1 : (double)both / all;
    }

    /** Of each reference, what an atlas of the judged segmentation alone says of it. */
    private static double[] bruteForce(final LabelVolume labels, final int ignored, final int... references) {
        final Atlas atlas = new AtlasBuilder(AtlasOptions.DEFAULT)
            .build(List.of(new AtlasBuilder.Subject(IMAGES.get(0), labels)), s_workers, Progress.NONE);
        final double[] best = new double[TISSUES.size()];
        for (final int r : references) {
            final LabelVolume said = new AtlasSegmenter(atlas, SegmenterOptions.DEFAULT)
                .segment(IMAGES.get(r), false, s_workers, Progress.NONE).labels();
            for (int s = 0; s < best.length; s++) {
                best[s] = Math.max(best[s], dice(said, TRUTHS.get(r), TISSUES.get(s), ignored));
            }
        }
        return best;
    }

    @Test
    void isTheBestDiceOverReferencesOfOthers() {
        final ReverseAccuracy.Reference own = reference(0, Optional.empty());
        final ReverseAccuracy.Reference first = reference(1, Optional.empty());
        final ReverseAccuracy.Reference second = reference(2, Optional.empty());
        final double[] two = accuracy("S0", TRUTHS.get(0), 5, own, first, second).orElseThrow();
        assertArrayEquals(bruteForce(TRUTHS.get(0), -1, 1, 2), two, 1e-12);
        assertTrue(two[2] > 0.8, "a true segmentation reverses well: " + two[2]);
        // the first ones only, and never the subject's own
        assertArrayEquals(bruteForce(TRUTHS.get(0), -1, 1), accuracy("S0", TRUTHS.get(0), 1, own, first, second).orElseThrow(), 1e-12);
        assertTrue(accuracy("S0", TRUTHS.get(0), 5, own).isEmpty());
    }

    @Test
    void voxelsThatNobodyAnnotatedDoNotCount() {
        assertArrayEquals(bruteForce(TRUTHS.get(0), 1, 1),
            accuracy("S0", TRUTHS.get(0), 1, reference(1, Optional.of(1))).orElseThrow(), 1e-12);
    }

    /** A segmentation shifted by a quarter of the head reverses worse than the true one; of one without CSF, CSF has 0. */
    @Test
    void wrongSegmentationsReverseWorse() {
        final LabelVolume truth = TRUTHS.get(0);
        final byte[] shifted = new byte[truth.voxels().length];
        System.arraycopy(truth.voxels(), 0, shifted, 8 * 32, shifted.length - 8 * 32);
        final double[] wrong = accuracy("S0", labels(shifted), 1, reference(1, Optional.empty())).orElseThrow();
        final double[] right = accuracy("S0", truth, 1, reference(1, Optional.empty())).orElseThrow();
        assertTrue(wrong[2] < right[2], wrong[2] + " < " + right[2]);
        final byte[] without = truth.voxels().clone();
        for (int v = 0; v < without.length; v++) {
            without[v] = without[v] == 1 ? 0 : without[v];
        }
        assertEquals(0, accuracy("S0", labels(without), 1, reference(1, Optional.empty())).orElseThrow()[0]);
        assertArrayEquals(new double[3], accuracy("S0", labels(new byte[without.length]), 1, reference(1, Optional.empty())).orElseThrow());
    }

    private static LabelVolume labels(final byte[] voxels) {
        return new LabelVolume(voxels, TRUTHS.get(0).geometry(), TRUTHS.get(0).info(), TRUTHS.get(0).labels());
    }
}
