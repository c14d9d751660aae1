package org.scanbridge.imaging.benchmark;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.Random;

import com.sun.management.OperatingSystemMXBean;

import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.crf.CrfOptions;
import org.scanbridge.imaging.crf.DenseCrf;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

/**
 * Processor time of the dense CRF on 181 × 217 × 181 voxels of 1 mm and two classes, five updates, in the default settings of
 * the Segmentation Refiner: a ball with noise in air. Run by hand.
 */
public final class CrfTime {

    private CrfTime() {
    }

    /** @param arguments none */
    public static void main(final String[] arguments) {
        final int[] size = {181, 217, 181};
        final Geometry grid = Geometry.axial(size, 1, 1, 1);
        final Random random = new Random(1);
        final float[] image = new float[grid.voxelCount()];
        final float[] p = new float[image.length];
        final float[] rest = new float[image.length];
        for (int v = 0; v < image.length; v++) {
            final double r = Math.sqrt(Math.pow(v % 181 - 90, 2) + Math.pow(v / 181 % 217 - 108, 2)
                + Math.pow(v / 181 / 217 - 90, 2));
            image[v] = r > 85 ? -2 : (float)((r < 20 ? 2 : Math.sin(r / 5)) + 0.3 * random.nextGaussian());
            p[v] = (float)Math.min(0.99, Math.max(0.01, (r < 20 ? 0.7 : 0.1) + 0.2 * random.nextGaussian()));
            rest[v] = 1 - p[v];
        }
        final Volume volume = new Volume(image, grid, VolumeInfo.UNKNOWN);
        for (int n = 0; n < 2; n++) {
            final long cpu = cpu();
            final long start = System.nanoTime();
            new DenseCrf(new CrfOptions(1, 1, 4, 0.5, 2, 5)).refine(
                List.of(volume.withVoxels(rest), volume.withVoxels(p)), List.of(volume), Progress.NONE);
            System.out.printf(Locale.ROOT, "%.1f s of processor time, %.1f s%n", (cpu() - cpu) / 1e9,
                (System.nanoTime() - start) / 1e9);
        }
    }

    private static long cpu() {
        return ((OperatingSystemMXBean)ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }
}
