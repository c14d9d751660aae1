package org.scanbridge.imaging.resample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.BiFunction;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.normalize.Foreground;
import org.scanbridge.imaging.normalize.ForegroundChoice;
import org.scanbridge.imaging.normalize.Sample;
import org.scanbridge.imaging.normalize.Surroundings;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

import net.imglib2.parallel.TaskExecutors;

/** A brain that was cut out keeps its foreground on another grid, whatever became of its scale and of the value around it. */
class KeptBackgroundTest {

    private static final int[] SIZE = {36, 30, 24};

    private static final Geometry GRID = Geometry.axial(SIZE, 1, 1.2, 2);

    private static final VolumeInfo MR = new VolumeInfo("MR", "A", "a", "a-1", "");

    /** Of a voxel that is brain by less, a spline or a wide smoothing need not leave a trace in a float. */
    private static final double FAINT = 1e-3;

    /** A ball of shells: z-scores of fluid, gray and white matter, or what is around them. */
    private static Volume brain(final double around, final double fluid, final double gray, final double white, final double gain,
        final double offset) {
        final float[] x = new float[GRID.voxelCount()];
        for (int v = 0; v < x.length; v++) {
            final double r = Math.hypot(Math.hypot((v % SIZE[0] - 17.3) / 14, (v / SIZE[0] % SIZE[1] - 14.6) / 11),
                (v / SIZE[0] / SIZE[1] - 11.2) / 8);
            x[v] = (float)(gain * (r > 1 ? around : r > 0.9 ? fluid : r > 0.6 ? gray : white) + offset);
        }
        return new Volume(x, GRID, MR);
    }

    private static List<BiFunction<Resampler, Volume, Volume>> changes() {
        final List<BiFunction<Resampler, Volume, Volume>> changes = new ArrayList<>();
        for (final double[] spacing : new double[][]{{0.7, 0.7, 0.7}, {1, 0.9, 2}, {2.5, 2.1, 4.3}, {0.8, 3.1, 2}}) {
            changes.add((resampler, image) -> resampler.toSpacing(image, spacing));
        }
        final double c = Math.cos(0.3);
        final double s = Math.sin(0.3);
        final double[] origin = GRID.position(0, 0, 0);
        // turned, and wider than the image
        final Geometry turned = new Geometry(new int[]{44, 40, 34}, new double[]{1.1, 1.1, 1.5},
            new double[]{origin[0] - 4, origin[1] - 8, origin[2] - 3}, new double[]{c, s, 0, -s, c, 0, 0, 0, 1});
        changes.add((resampler, image) -> resampler.toGrid(image, turned, ForegroundChoice.background(image).orElseThrow()));
        return changes;
    }

    private static BitSet foreground(final Volume image) {
        return ForegroundChoice.of(image).voxels(Sample.of(image));
    }

    /** How much of a voxel's linear neighborhood is brain; what is beyond the image is none. */
    private static float[] parts(final boolean antiAlias, final BiFunction<Resampler, Volume, Volume> change) {
        // 0 around, so that places beyond the image get 0
        return change.apply(new Resampler(Interpolation.LINEAR, antiAlias, TaskExecutors.multiThreaded()),
            brain(0, 1, 1, 1, 1, 0)).voxels();
    }

    @Test
    void aZScoredBrainKeepsItsMaskOnAnyScale() {
        for (final BiFunction<Resampler, Volume, Volume> change : changes()) {
            for (final boolean antiAlias : new boolean[]{false, true}) {
                final float[] parts = parts(antiAlias, change);
                for (final double[] scale : new double[][]{{1, 0}, {0.013, -1.3}, {-1, 100}, {37, 5}}) {
                    final Volume image = brain(-0.4123, -1.6, 0.2, 1.1, scale[0], scale[1]);
                    final float around = image.voxels()[0];
                    final Volume resampled =
                        change.apply(new Resampler(Interpolation.CUBIC, antiAlias, TaskExecutors.multiThreaded()), image);
                    assertEquals(around, Surroundings.of(resampled).orElseThrow().value());
                    assertEquals(Foreground.NOT_ZERO, ForegroundChoice.of(resampled).rule());
                    final BitSet foreground = foreground(resampled);
                    for (int v = 0; v < parts.length; v++) {
                        assertTrue(foreground.get(v) ? parts[v] > 0 : parts[v] < FAINT,
                            "voxel " + v + ": " + parts[v] + " of it is brain");
                    }
                }
            }
        }
    }

    /** Where all tissue is brighter than what is around it, ripples below that are no foreground. */
    @Test
    void aBrainAboveZeroDoesSoButForRipples() {
        for (final BiFunction<Resampler, Volume, Volume> change : changes()) {
            final float[] parts = parts(false, change);
            for (final double offset : new double[]{0, -300, 25}) {
                final Volume image = brain(0, 400, 520, 760, 1, offset);
                final Volume resampled =
                    change.apply(new Resampler(Interpolation.CUBIC, false, TaskExecutors.multiThreaded()), image);
                final BitSet foreground = foreground(resampled);
                for (int v = 0; v < parts.length; v++) {
                    assertTrue(foreground.get(v) ? parts[v] > 0 : parts[v] < FAINT || resampled.voxels()[v] < image.voxels()[0],
                        "voxel " + v + ": " + parts[v] + " of it is brain");
                }
            }
        }
    }

    /** Padded with it, the foreground stays. */
    @Test
    void theBackgroundContinuesTheImage() {
        for (final double[] scale : new double[][]{{1, 0}, {0.013, -1.3}, {-1, 100}}) {
            final Volume image = brain(-0.4123, -1.6, 0.2, 1.1, scale[0], scale[1]);
            final float background = ForegroundChoice.background(image).orElseThrow();
            assertEquals(image.voxels()[0], background);
            final Volume padded = GridWindow.toMultipleOf(image.geometry(), 64, 64, 64).apply(image, background);
            assertEquals(foreground(image).cardinality(), foreground(padded).cardinality());
        }
        assertEquals(0, ForegroundChoice.background(brain(0, 400, 520, 760, 1, 0)).orElseThrow());
        final float[] noise = brain(0, 400, 520, 760, 1, 1).voxels().clone();
        for (int v = 0; v < noise.length; v++) {
            noise[v] += 1 + v * 7919L % 97;
        }
        assertTrue(ForegroundChoice.background(new Volume(noise, GRID, MR)).isEmpty());
    }
}
