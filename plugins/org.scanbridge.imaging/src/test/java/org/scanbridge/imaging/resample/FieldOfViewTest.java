package org.scanbridge.imaging.resample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

import net.imglib2.parallel.TaskExecutor;
import net.imglib2.parallel.TaskExecutors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/** Another spacing neither moves nor cuts what lies in the field of view, from whichever end voxels are counted. */
class FieldOfViewTest {

    private static final TaskExecutor ALONE = TaskExecutors.singleThreaded();

    private static Resampler resampler(final LabelInterpolation interpolation) {
        return new Resampler(Interpolation.LINEAR, interpolation, true, ALONE);
    }

    private static LabelVolume labels(final byte[] voxels, final Geometry grid) {
        return new LabelVolume(voxels, grid, VolumeInfo.UNKNOWN, LabelSet.of("a", "b"));
    }

    private static long count(final LabelVolume labels, final int value) {
        long n = 0;
        for (final byte v : labels.voxels()) {
            n += (v & 0xff) == value ? 1 : 0;
        }
        return n;
    }

    /** A slice of 5 mm is five slices of 1 mm, be it the first, a middle or the last one: 100·5 mm³. */
    @Test
    void thickEndSlicesKeepTheirVolume() {
        final Geometry grid = Geometry.axial(new int[]{10, 10, 10}, 1, 1, 5);
        for (final int slice : new int[]{0, 4, 9}) {
            final byte[] y = new byte[1000];
            for (int v = 0; v < 100; v++) {
                y[slice * 100 + v] = 1;
            }
            for (final LabelInterpolation interpolation : LabelInterpolation.values()) {
                final LabelVolume fine = resampler(interpolation).toSpacing(labels(y, grid), 1, 1, 1);
                assertEquals(50, fine.geometry().size(2));
                assertEquals(500, count(fine, 1), interpolation + ", slice " + slice);
                assertArrayEquals(y, resampler(interpolation).toGrid(fine, grid).voxels());
            }
        }
    }

    /** A linear ramp along a thick axis; by hand: the edge value to the first center, then a fifth of a step each. */
    @Test
    void imagesAreReadWhereTheyLie() {
        final Volume image = new Volume(new float[]{0, 10, 20}, Geometry.axial(new int[]{1, 1, 3}, 1, 1, 5),
            VolumeInfo.UNKNOWN);
        assertArrayEquals(new float[]{0, 0, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 20, 20},
            resampler(LabelInterpolation.NEAREST).toSpacing(image, 1, 1, 1).voxels(), 1e-5f);
    }

    /** Positions in the patient are independent of the direction in which an axis runs. */
    @Property(tries = 150)
    void turningAroundAndResamplingCommute(@ForAll final long seed, @ForAll @IntRange(min = 0, max = 7) final int flips,
        @ForAll @IntRange(min = 0, max = 3) final int kind, @ForAll final Interpolation interpolation,
        @ForAll final LabelInterpolation labelInterpolation, @ForAll final boolean antiAlias) {
        final Random random = new Random(seed);
        final int[] size = {1 + random.nextInt(9), 2 + random.nextInt(8), 2 + random.nextInt(8)};
        final Geometry grid = new Geometry(size, new double[]{0.7, 1, 1.3}, new double[]{-101.3, 77.7, 12.1},
            new double[]{0.6, 0.8, 0, -0.8, 0.6, 0, 0, 0, 1});
        final double[] spacing = new double[3];
        for (int a = 0; a < 3; a++) {
            // Halves and doubles lead to places exactly between two voxels, the others do not.
            final double factor = switch (kind) {
                case 0 -> 0.5;
                case 1 -> 2;
                case 2 -> 3;
                default -> 0.3 + 3 * random.nextDouble();
            };
            spacing[a] = grid.spacing(a) * factor;
        }
        final float[] x = new float[grid.voxelCount()];
        final byte[] y = new byte[x.length];
        for (int v = 0; v < x.length; v++) {
            x[v] = random.nextInt(200);
            y[v] = (byte)(random.nextInt(3) * 100);
        }
        final boolean[] flip = {(flips & 1) == 1, (flips & 2) == 2, (flips & 4) == 4};
        final Resampler resampler = new Resampler(interpolation, labelInterpolation, antiAlias, ALONE);
        final Volume image = new Volume(x, grid, VolumeInfo.UNKNOWN);
        final Volume there = resampler.toSpacing(image, spacing);
        final Volume turnedFirst = resampler.toSpacing(turn(grid, flip).apply(image), spacing);
        assertArrayEquals(turn(there.geometry(), flip).apply(there).voxels(), turnedFirst.voxels(), 1e-3f);
        assertTrue(turn(there.geometry(), flip).geometry().sameGrid(turnedFirst.geometry()));
        if (labelInterpolation == LabelInterpolation.NEAREST || labelInterpolation == LabelInterpolation.LINEAR_VOTE) {
            final LabelVolume labels = resampler.toSpacing(labels(y, grid), spacing);
            assertArrayEquals(turn(labels.geometry(), flip).apply(labels).voxels(),
                resampler.toSpacing(turn(grid, flip).apply(labels(y, grid)), spacing).voxels());
        }
    }

    private static Reorientation turn(final Geometry grid, final boolean[] flip) {
        return new Reorientation(grid, new int[]{0, 1, 2}, flip);
    }

    /** A box anywhere keeps its volume but for half a new voxel at each of its faces. */
    @Property(tries = 150)
    void volumesArePreservedWithinHalfAVoxel(@ForAll final long seed,
        @ForAll @DoubleRange(min = 0.3, max = 2.5) final double spacing, @ForAll final LabelInterpolation interpolation) {
        final Random random = new Random(seed);
        final Geometry grid = Geometry.axial(new int[]{24, 21, 18}, 1, 1, 1.5);
        final int[] from = new int[3];
        final int[] to = new int[3];
        for (int a = 0; a < 3; a++) {
            from[a] = random.nextInt(grid.size(a) - 8);
            to[a] = from[a] + 7 + random.nextInt(grid.size(a) - from[a] - 7);
        }
        final byte[] y = new byte[grid.voxelCount()];
        for (int k = from[2]; k < to[2]; k++) {
            for (int j = from[1]; j < to[1]; j++) {
                for (int i = from[0]; i < to[0]; i++) {
                    y[(k * grid.size(1) + j) * grid.size(0) + i] = 1;
                }
            }
        }
        final LabelVolume after = resampler(interpolation).toSpacing(labels(y, grid), spacing, spacing, spacing);
        double least = 1;
        double most = 1;
        for (int a = 0; a < 3; a++) {
            final double length = (to[a] - from[a]) * grid.spacing(a);
            least *= length - spacing;
            most *= length + spacing;
        }
        final double volume = count(after, 1) * after.geometry().voxelVolume();
        // A vote rounds corners and edges off, which halves of a shell of the old voxels bound.
        final double rounding = interpolation == LabelInterpolation.NEAREST ? 0 : 0.02 * least;
        assertTrue(volume >= least - rounding && volume <= most, least + " " + volume + " " + most);
    }

    /** The old rule stays at hand: the same grid as before, that of SimpleITK scripts which keep the origin. */
    @Test
    void theFirstVoxelMayBeKeptInstead() {
        final Geometry grid = Geometry.axial(new int[]{1, 1, 4}, 1, 1, 5);
        final LabelVolume labels = labels(new byte[]{1, 0, 0, 2}, grid);
        final LabelVolume first = resampler(LabelInterpolation.NEAREST).toSpacing(labels, Anchor.FIRST_VOXEL, 1, 1, 1);
        assertArrayEquals(grid.origin(), first.geometry().origin());
        assertEquals(3, count(first, 1));
        assertEquals(7, count(first, 2));
    }
}
