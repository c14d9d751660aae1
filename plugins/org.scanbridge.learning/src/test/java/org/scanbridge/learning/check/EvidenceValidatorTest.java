package org.scanbridge.learning.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.data.ChannelImages;
import org.scanbridge.learning.graph.BlockNetwork;
import org.scanbridge.learning.train.StepMetrics;
import org.scanbridge.learning.train.Stopping;
import org.scanbridge.learning.train.Validation;

/** With networks that are a threshold. */
class EvidenceValidatorTest {

    private static final int SIZE = 12;

    private static final NetworkSpec SPEC = NetworkSpec.unet3d(2, 4, 2, 8);

    private static final Geometry GRID = Geometry.axial(new int[]{SIZE, SIZE, SIZE}, 1, 1, 1);

    /** How far a voxel is from the edge of the grid: a cube from 4 on, in a body, in air at 0. */
    private static int depth(final int voxel) {
        final int i = voxel % SIZE;
        final int j = voxel / SIZE % SIZE;
        final int k = voxel / SIZE / SIZE;
        return Math.min(Math.min(i, Math.min(j, k)), SIZE - 1 - Math.max(i, Math.max(j, k)));
    }

    /** A cube of 3 in a body of 1 in air of 0. */
    private static ChannelImages images() {
        final float[] voxels = new float[SIZE * SIZE * SIZE];
        for (int v = 0; v < voxels.length; v++) {
            voxels[v] = depth(v) == 0 ? 0 : depth(v) < 4 ? 1 : 3;
        }
        return ChannelImages.of(new Volume(voxels, GRID, VolumeInfo.UNKNOWN));
    }

    private static LabelVolume cube() {
        final byte[] labels = new byte[SIZE * SIZE * SIZE];
        for (int v = 0; v < labels.length; v++) {
            labels[v] = (byte)(depth(v) < 4 ? 0 : 1);
        }
        return new LabelVolume(labels, GRID, VolumeInfo.UNKNOWN, LabelSet.of("cube"));
    }

    /** Foreground above a threshold, certain of it. */
    private static BlockNetwork above(final double threshold) {
        return (images, count) -> {
            final float[] p = new float[2 * images.length];
            for (int v = 0; v < images.length; v++) {
                p[2 * v + 1] = images[v] > threshold ? 1 : 0;
                p[2 * v] = 1 - p[2 * v + 1];
            }
            return p;
        };
    }

    /** What finds the cube beats what finds the body, and what finds nothing though all its views agree. */
    @Test
    void prefersTheStateThatFindsWhatIsUsual() {
        final EvidenceValidator validator = new EvidenceValidator(SPEC, List.of(new JudgedImages(images(), "B")), List.of(cube()));
        final double right = validator.score(above(2), Progress.NONE);
        assertTrue(right > 0.9 && right <= 1, right + "");
        assertTrue(validator.score(above(0.5), Progress.NONE) < right);
        // agreement of views and confidence are 1, the four about shape 0
        assertEquals(2.0 / 6, validator.score(above(99), Progress.NONE), 1e-12);
        assertEquals(1, new EvidenceValidator(SPEC, List.of(new JudgedImages(images(), "B")), List.of()).score(above(99), Progress.NONE));
        assertThrows(IllegalArgumentException.class, () -> new EvidenceValidator(SPEC, List.of(), List.of()));
    }

    @Test
    void aValidationWithoutCasesCanBeJudgedByIt() {
        final Validation validation = new Validation(List.of(), SPEC);
        assertTrue(validation.isEmpty());
        assertThrows(IllegalStateException.class,
            () -> validation.measure(above(2), Stopping.Measure.LABEL_FREE, Progress.NONE));
        final Validation judged = validation.judgedBy((network, progress) -> 0.25);
        assertFalse(judged.isEmpty());
        final Validation.Result result = judged.measure(above(2), Stopping.Measure.LABEL_FREE, Progress.NONE);
        assertEquals(List.of(StepMetrics.LABEL_FREE_SCORE), List.copyOf(result.others().keySet()));
        assertEquals(0.25, result.others().get(StepMetrics.LABEL_FREE_SCORE));
        assertTrue(Double.isNaN(result.dice()));
    }
}
