package org.scanbridge.learning.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.data.Role;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.method.SegmentationOptions;
import org.scanbridge.learning.method.SegmentationTraining;
import org.scanbridge.learning.network.Network;

/**
 * Trains each network for a few steps on an image of noise and looks at the clock: the fastest step after the first one,
 * which also builds what the others reuse.
 */
public final class MeasuredSteps implements StepTimer {

    private static final int STEPS = 4;

    private final Progress m_progress;

    /** @param progress cancels between steps */
    public MeasuredSteps(final Progress progress) {
        m_progress = progress;
    }

    @Override
    public double secondsPerStep(final NetworkSpec spec, final int batch) {
        final List<Long> ends = new ArrayList<>();
        SegmentationTraining.run(Network.untrained(spec, 1), List.of(noise(spec)),
            SegmentationOptions.defaults().withSteps(STEPS).withBatch(batch), m_progress,
            metrics -> ends.add(System.nanoTime()));
        double fastest = Double.POSITIVE_INFINITY;
        for (int n = 1; n < ends.size(); n++) {
            fastest = Math.min(fastest, (ends.get(n) - ends.get(n - 1)) / 1e9);
        }
        return fastest;
    }

    private static TrainingCase noise(final NetworkSpec spec) {
        final PatchSize size = spec.inputSize();
        final Geometry grid = Geometry.axial(new int[]{size.i(), size.j(), size.k()}, 1, 1, 1);
        final VolumeInfo info = new VolumeInfo("", "noise", "noise", "noise", "");
        final float[] voxels = new float[grid.voxelCount()];
        final byte[] labels = new byte[voxels.length];
        final Random random = new Random(1);
        for (int v = 0; v < voxels.length; v++) {
            voxels[v] = (float)random.nextGaussian();
            labels[v] = (byte)(v % spec.classes());
        }
        return new TrainingCase(() -> new Volume(voxels, grid, info),
            () -> new LabelVolume(labels, grid, info, LabelSet.of()), "noise", "noise", Role.TRAIN);
    }
}
