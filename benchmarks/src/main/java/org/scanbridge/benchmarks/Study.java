package org.scanbridge.benchmarks;

import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

import net.imglib2.parallel.TaskExecutor;
import net.imglib2.parallel.TaskExecutors;

/** Images of clinical size, and two workers. */
@State(Scope.Benchmark)
public class Study {

    /** 256³ voxels of 1 mm, a noisy wave. */
    Volume m_cube;

    /** 181×217×181 voxels of 1 mm, the grid of the ICBM templates. */
    Volume m_brain;

    /** Three nested, wavy shells on the grid of the brain. */
    LabelVolume m_brainLabels;

    /** The same on 256×256×160 voxels of 0.9×0.9×1.2 mm. */
    LabelVolume m_truth;

    /** The same three voxels aside. */
    LabelVolume m_prediction;

    /** Two threads. */
    TaskExecutor m_workers;

    /** Makes the images. */
    @Setup(Level.Trial)
    public void setUp() {
        m_workers = TaskExecutors.fixedThreadPool(2);
        m_cube = volume(256, 256, 256);
        m_brain = volume(181, 217, 181);
        m_brainLabels = labels(m_brain.geometry(), 0);
        final Geometry grid = Geometry.axial(new int[]{256, 256, 160}, 0.9, 0.9, 1.2);
        m_truth = labels(grid, 0);
        m_prediction = labels(grid, 3);
    }

    /** Ends the threads. */
    @TearDown(Level.Trial)
    public void tearDown() {
        m_workers.close();
    }

    private static LabelVolume labels(final Geometry g, final int shift) {
        final byte[] y = new byte[g.voxelCount()];
        for (int v = 0; v < y.length; v++) {
            final double i = 2.0 * (v % g.size(0) + shift) / g.size(0) - 1;
            final double j = 2.0 * (v / g.size(0) % g.size(1)) / g.size(1) - 1;
            final double k = 2.0 * (v / g.size(0) / g.size(1)) / g.size(2) - 1;
            final double r = Math.sqrt(i * i + j * j + k * k) + 0.05 * Math.sin(20 * i) * Math.sin(17 * j);
            y[v] = (byte)(r < 0.4 ? 3 : r < 0.65 ? 2 : r < 0.9 ? 1 : 0);
        }
        return new LabelVolume(y, g, VolumeInfo.UNKNOWN, LabelSet.of("a", "b", "c"));
    }

    private static Volume volume(final int... size) {
        final Geometry grid = Geometry.axial(size, 1, 1, 1);
        final SeededRandom random = new SeededRandom(1);
        final float[] x = new float[grid.voxelCount()];
        for (int v = 0; v < x.length; v++) {
            x[v] = (float)(500 + 200 * Math.sin(v % size[0] / 20.0) + 100 * random.nextDouble());
        }
        return new Volume(x, grid, VolumeInfo.UNKNOWN);
    }
}
