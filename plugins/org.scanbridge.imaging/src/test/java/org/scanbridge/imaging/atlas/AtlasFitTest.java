package org.scanbridge.imaging.atlas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.register.AffineTransform;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

import net.imglib2.parallel.TaskExecutor;
import net.imglib2.parallel.TaskExecutors;

/** An atlas of two halves, of which place tells all, 1 bit; and one of phantoms, with images that it does not fit. */
class AtlasFitTest {

    private static final TaskExecutor WORKERS = TaskExecutors.fixedThreadPool(2);

    private static final int SIZE = 24;

    private static final Geometry GRID = Geometry.axial(new int[]{SIZE, SIZE, SIZE}, 2, 2, 2);

    private static final SegmenterOptions OPTIONS = new SegmenterOptions(1, 0, 0, 40, 2);

    private static Atlas halves() {
        final byte[][] priors = new byte[2][GRID.voxelCount()];
        for (int v = 0; v < GRID.voxelCount(); v++) {
            priors[v % SIZE < SIZE / 2 ? 0 : 1][v] = (byte)255;
        }
        return new Atlas(GRID, List.of(new AtlasClass(1, "left"), new AtlasClass(2, "right")), priors, 1);
    }

    private static AtlasFit fit(final Volume image) {
        return new AtlasSegmenter(halves(), OPTIONS).segment(image, AffineTransform.IDENTITY, false, WORKERS, Progress.NONE).fit();
    }

    /** Two means and noise of standard deviation 1. */
    private static Volume image(final Geometry grid, final double left, final double right) {
        final float[] x = new float[grid.voxelCount()];
        final SeededRandom random = new SeededRandom(5);
        for (int v = 0; v < x.length; v++) {
            x[v] = (float)((v % SIZE < SIZE / 2 ? left : right) + random.nextGaussian());
        }
        return new Volume(x, grid, new VolumeInfo("MR", "", "s", "", ""));
    }

    /** log2 N(y | left) − log2 (N(y | left)/2 + N(y | right)/2) is 1 where the other density is 0. */
    @Test
    void whatIsToldApartWithoutErrorIsOneBit() {
        for (final double[] means : new double[][]{{50, 100}, {100, 50}}) {
            final AtlasFit fit = fit(image(GRID, means[0], means[1]));
            assertEquals(1, fit.covered(), 1e-12);
            assertEquals(1, fit.known(), 1e-5);
            assertEquals(1, fit.told(), 1e-3);
            assertEquals(1, fit.followed(), 1e-3);
            assertTrue(fit.doubt().isEmpty());
        }
    }

    @Test
    void noiseTellsNothing() {
        final AtlasFit fit = fit(image(GRID, 50, 50));
        assertEquals(0, fit.followed(), 0.01);
        assertTrue(fit.doubt().orElseThrow().startsWith("The intensities hardly follow the atlas: its fit is "), fit.toString());
    }

    /** Four slices of twenty-four. */
    @Test
    void aSlabCoversItsShareOfTheLabels() {
        final Geometry slab = Geometry.axial(new int[]{SIZE, SIZE, 4}, 2, 2, 2);
        final AtlasFit fit = fit(image(slab, 50, 100));
        assertEquals(4.0 / SIZE, fit.covered(), 1e-12);
        assertEquals("Only 17 % of the atlas' labels lie within the image (least 20 %).", fit.doubt().orElseThrow());
    }
}
