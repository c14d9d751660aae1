package org.scanbridge.imaging.metrics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.VolumeInfo;

import net.imglib2.parallel.TaskExecutor;
import net.imglib2.parallel.TaskExecutors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class SurfaceDistancesTest {

    private static final double[] ISO = {1, 1, 1};

    private static final TaskExecutor ALONE = TaskExecutors.singleThreaded();

    private static SurfaceDistances distances(final LabelVolume prediction, final LabelVolume truth) {
        return SurfaceDistances.of(prediction, truth, 1, ALONE).orElseThrow();
    }

    /** HD, HD95 pooled and ASSD of MedPy, HD95 by the larger directed percentile as in MONAI. */
    private static void assertRow(final LabelVolume prediction, final LabelVolume truth, final double hd,
        final double pooled, final double directed, final double assd) {
        final SurfaceDistances d = distances(prediction, truth);
        assertEquals(hd, d.hausdorff(), 5e-6, "HD");
        assertEquals(pooled, d.hausdorff95Pooled(), 5e-6, "HD95 pooled");
        assertEquals(directed, d.hausdorff95(), 5e-6, "HD95");
        assertEquals(assd, d.averageSymmetric(), 5e-6, "ASSD");
        final SurfaceDistances swapped = distances(truth, prediction);
        assertEquals(hd, swapped.hausdorff(), 5e-6);
        assertEquals(directed, swapped.hausdorff95(), 5e-6);
        assertEquals(assd, swapped.averageSymmetric(), 5e-6);
    }

    @Test
    void agreesWithTheReferenceTable() {
        assertRow(Masks.box(ISO, 5, 5, 5, 1, 1, 1), Masks.box(ISO, 8, 5, 5, 1, 1, 1), 3, 3, 3, 3);
        final double[] thick = {1, 1, 3};
        assertRow(Masks.box(thick, 5, 5, 5, 1, 1, 1), Masks.box(thick, 5, 5, 8, 1, 1, 1), 9, 9, 9, 9);
        assertRow(Masks.box(ISO, 5, 5, 5, 6, 6, 6), Masks.box(ISO, 5, 5, 5, 6, 6, 6), 0, 0, 0, 0);
        assertRow(Masks.box(ISO, 5, 7, 5, 6, 6, 6), Masks.box(ISO, 5, 5, 5, 6, 6, 6), 2, 2, 2, .73684);
        assertRow(Masks.box(thick, 5, 5, 7, 6, 6, 6), Masks.box(thick, 5, 5, 5, 6, 6, 6), 6, 6, 6, 1.94737);
        assertRow(Masks.box(ISO, 7, 7, 7, 4, 4, 4), Masks.box(ISO, 5, 5, 5, 8, 8, 8), 3.46410, 3, 3, 2.30945);
        final LabelVolume cube = Masks.box(ISO, 5, 5, 5, 6, 6, 6);
        assertRow(Masks.union(cube, Masks.box(ISO, 18, 18, 18, 1, 1, 1)), cube, 13.85641, 0, 0, .04543);
        final LabelVolume large = Masks.box(ISO, 4, 4, 4, 8, 8, 8);
        assertRow(Masks.union(large, Masks.box(ISO, 6, 6, 16, 4, 4, 1)), large, 5, 0, 2.25, .13158);
        assertRow(Masks.box(ISO, 0, 1, 0, 6, 6, 6), Masks.box(ISO, 0, 0, 0, 6, 6, 6), 1, 1, 1, .34211);
    }

    @Test
    void anEmptyMaskIsMissing() {
        final LabelVolume cube = Masks.box(ISO, 5, 5, 5, 6, 6, 6);
        assertEquals(Optional.empty(), SurfaceDistances.of(Masks.empty(), cube, 1, ALONE));
        assertEquals(Optional.empty(), SurfaceDistances.of(cube, Masks.empty(), 1, ALONE));
        assertEquals(Optional.empty(), SurfaceDistances.of(Masks.empty(), Masks.empty(), 1, ALONE));
        for (final SurfaceMetric metric : SurfaceMetric.values()) {
            assertEquals(OptionalDouble.empty(), metric.score(cube, Masks.empty(), 1));
            assertEquals(0, metric.score(cube, cube, 1).orElseThrow());
        }
    }

    @Test
    void surfaceDiceCountsBothSurfacesWithinTolerance() {
        // A shell of 152 voxels against itself shifted by 2. Common to both are 4 rings of 20. One voxel away: 12 of
        // the inner face's 4×4 core, and the ring of 20 beyond the end. Two away: the core's 4, and the end face of 36.
        final SurfaceDistances d =
            distances(Masks.box(ISO, 7, 5, 5, 6, 6, 6), Masks.box(ISO, 5, 5, 5, 6, 6, 6));
        assertEquals(152, d.toTruth().length);
        assertEquals(80 / 152.0, d.surfaceDice(0), 1e-12);
        assertEquals(112 / 152.0, d.surfaceDice(1), 1e-12);
        assertEquals(112 / 152.0, d.surfaceDice(1.99), 1e-12);
        assertEquals(1, d.surfaceDice(2));
        assertThrows(IllegalArgumentException.class, () -> d.surfaceDice(-1));
        assertThrows(IllegalArgumentException.class, () -> new SurfaceDice(-1));
        final SurfaceDice metric = new SurfaceDice(1);
        assertEquals("Surface Dice (1.0 mm)", metric.title());
        assertEquals(112 / 152.0, metric.score(Masks.box(ISO, 7, 5, 5, 6, 6, 6), Masks.box(ISO, 5, 5, 5, 6, 6, 6), 1)
            .orElseThrow(), 1e-12);
        assertEquals(OptionalDouble.empty(), metric.score(Masks.empty(), Masks.empty(), 1));
    }

    @Test
    void penaltyIsTheDiagonal() {
        assertEquals(Math.sqrt(2 * 19 * 19 + 57 * 57),
            SurfaceDistances.penalty(Geometry.axial(new int[]{20, 20, 20}, 1, 1, 3)), 1e-12);
    }

    /** In the plane a square's surface is its outline, not every pixel. */
    @Test
    void depthOneHasNoNeighborsThroughThePlane() {
        final Geometry plane = Geometry.axial(new int[]{7, 7, 1}, 1, 1, 5);
        final byte[] square = new byte[49];
        final byte[] point = new byte[49];
        for (int j = 1; j <= 5; j++) {
            for (int i = 1; i <= 5; i++) {
                square[j * 7 + i] = 1;
            }
        }
        point[3 * 7 + 3] = 1;
        final SurfaceDistances d = distances(new LabelVolume(square, plane, VolumeInfo.UNKNOWN, LabelSet.of("a")),
            new LabelVolume(point, plane, VolumeInfo.UNKNOWN, LabelSet.of("a")));
        assertEquals(16, d.toTruth().length);
        assertEquals(Math.sqrt(8), d.hausdorff(), 1e-6);
        assertArrayEquals(new double[]{2}, d.toPrediction());
    }

    /** Compares with a search over all pairs of surface voxels, on random blobs and spacings. */
    @Property(tries = 20)
    void agreesWithASearchOverAllPairs(@ForAll final long seed) {
        final Random random = new Random(seed);
        final double[] spacing = {0.5 + random.nextDouble(), 0.5 + random.nextDouble(), 0.5 + 2 * random.nextDouble()};
        final LabelVolume a = blob(random, spacing);
        final LabelVolume b = blob(random, spacing);
        final SurfaceDistances d = distances(a, b);
        double max = 0;
        double sum = 0;
        int count = 0;
        for (final LabelVolume[] pair : new LabelVolume[][]{{a, b}, {b, a}}) {
            for (int v = 0; v < a.voxels().length; v++) {
                if (isSurface(pair[0], v)) {
                    double min = Double.POSITIVE_INFINITY;
                    for (int w = 0; w < a.voxels().length; w++) {
                        if (isSurface(pair[1], w)) {
                            min = Math.min(min, distance(v, w, spacing));
                        }
                    }
                    max = Math.max(max, min);
                    sum += min;
                    count++;
                }
            }
        }
        assertEquals(max, d.hausdorff(), 1e-5);
        assertEquals(sum / count, d.averageSymmetric(), 1e-5);
        assertTrue(d.hausdorff95() <= d.hausdorff() && d.averageSymmetric() <= d.hausdorff());
    }

    private static LabelVolume blob(final Random random, final double[] spacing) {
        final int s = 3 + random.nextInt(3);
        return Masks.union(
            Masks.box(spacing, random.nextInt(14), random.nextInt(14), random.nextInt(14), s, s - 1, 2),
            Masks.box(spacing, random.nextInt(14), random.nextInt(14), random.nextInt(14), 1, 2, s));
    }

    private static double distance(final int v, final int w, final double[] spacing) {
        final int n = Masks.N;
        final double x = spacing[0] * (v % n - w % n);
        final double y = spacing[1] * (v / n % n - w / n % n);
        final double z = spacing[2] * (v / n / n - w / n / n);
        return Math.sqrt(x * x + y * y + z * z);
    }

    private static boolean isSurface(final LabelVolume m, final int v) {
        final int n = Masks.N;
        final int i = v % n;
        final int j = v / n % n;
        final int k = v / n / n;
        if (m.get(i, j, k) != 1) {
            return false;
        }
        final int[][] around = {{1, 0, 0}, {-1, 0, 0}, {0, 1, 0}, {0, -1, 0}, {0, 0, 1}, {0, 0, -1}};
        for (final int[] o : around) {
            final int x = i + o[0];
            final int y = j + o[1];
            final int z = k + o[2];
            if (x < 0 || y < 0 || z < 0 || x >= n || y >= n || z >= n || m.get(x, y, z) != 1) {
                return true;
            }
        }
        return false;
    }

    @Test
    void refusesDifferentGrids() {
        assertThrows(ImagingException.class, () -> SurfaceDistances.of(Masks.box(ISO, 0, 0, 0, 1, 1, 1),
            Masks.box(new double[]{1, 1, 2}, 0, 0, 0, 1, 1, 1), 1, ALONE));
    }
}
