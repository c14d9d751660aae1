package org.scanbridge.learning.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.data.LoadedCase;
import org.scanbridge.learning.data.Role;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.graph.BlockNetwork;

/** With a network whose probability of the foreground is the image. */
class ValidationTest {

    private static final Geometry GRID = Geometry.axial(new int[]{64, 64, 64}, 1, 1, 1);

    private static final NetworkSpec SPEC = NetworkSpec.unet3d(2, 4, 2, 32);

    private static final BlockNetwork IMAGE = (images, count) -> {
        final float[] p = new float[2 * images.length];
        for (int v = 0; v < images.length; v++) {
            p[2 * v + 1] = images[v];
            p[2 * v] = 1 - images[v];
        }
        return p;
    };

    private static double area(final float[] image, final byte[] labels) {
        final LoadedCase loaded = new LoadedCase(new TrainingCase(() -> new Volume(image, GRID, VolumeInfo.UNKNOWN),
            () -> new LabelVolume(labels, GRID, VolumeInfo.UNKNOWN, LabelSet.of("lesion")), "S", "A", Role.VALIDATION), SPEC, true);
        return new Validation(List.of(loaded), SPEC).measure(IMAGE, Stopping.Measure.AUC, Progress.NONE).others()
            .get(StepMetrics.VALIDATION_AUC);
    }

    /** A small lesion must not fall between voxels that are looked at: 8 voxels of 262 144, at odd indices alone. */
    @Test
    void theAreaCountsEveryVoxel() {
        final float[] image = new float[64 * 64 * 64];
        final byte[] labels = new byte[image.length];
        for (int v = 0; v < image.length; v++) {
            image[v] = v % 4 == 2 ? 0.75f : 0.25f;
        }
        for (int n = 0; n < 8; n++) {
            final int v = 100_001 + 2 * n;
            labels[v] = 1;
            image[v] = 0.5f;
        }
        // the lesion is above all but each fourth voxel
        assertEquals(1 - 65536.0 / (262144 - 8), area(image, labels), 1e-9);
    }
}
