package org.scanbridge.imaging;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.distance.EuclideanDistanceTransform;
import org.scanbridge.imaging.metrics.JensenShannonDivergence;
import org.scanbridge.imaging.normalize.Background;
import org.scanbridge.imaging.normalize.Clahe;
import org.scanbridge.imaging.normalize.Foreground;
import org.scanbridge.imaging.normalize.QuantileMatching;
import org.scanbridge.imaging.normalize.Sample;
import org.scanbridge.imaging.resample.Interpolation;
import org.scanbridge.imaging.resample.ReducedResolution;
import org.scanbridge.imaging.resample.Resampler;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

import net.imglib2.parallel.TaskExecutor;
import net.imglib2.parallel.TaskExecutors;

/**
 * Operations against other people's implementations, run once on images that both sides make from the same formula:
 * SimpleITK 2.5.7, SciPy 1.17.1, scikit-image 0.26.0, OpenCV 5.0.0. Their numbers stand here.
 */
class IndependentValuesTest {

    private static final TaskExecutor ALONE = TaskExecutors.singleThreaded();

    private interface Formula {
        double at(int i, int j, int k);
    }

    private static Volume volume(final Geometry grid, final Formula formula) {
        final float[] x = new float[grid.voxelCount()];
        for (int v = 0; v < x.length; v++) {
            x[v] = (float)formula.at(v % grid.size(0), v / grid.size(0) % grid.size(1),
                v / grid.size(0) / grid.size(1));
        }
        return new Volume(x, grid, VolumeInfo.UNKNOWN);
    }

    private static double pattern(final int i, final int j, final int k) {
        return (7 * i * i + 3 * j * k + 5 * k + 2 * i * j) % 37;
    }

    /**
     * SimpleITK's Resample with sitkLinear, sitkBSpline and sitkNearestNeighbor from a grid that is turned by 90° to one
     * that is turned about two axes, both in LPS.
     */
    @Test
    void obliqueResamplingAgreesWithSimpleItk() {
        final Volume image = volume(new Geometry(new int[]{24, 20, 16}, new double[]{0.9, 1.1, 2},
            new double[]{-10, 5, 3}, new double[]{0, 1, 0, -1, 0, 0, 0, 0, 1}), IndependentValuesTest::pattern);
        final double c = Math.cos(0.3);
        final double s = Math.sin(0.3);
        final double cc = Math.cos(0.2);
        final double ss = Math.sin(0.2);
        final Geometry target = new Geometry(new int[]{9, 8, 7}, new double[]{1.5, 1.3, 2.5}, new double[]{-28, 8, 8},
            new double[]{c, s * cc, s * ss, -s, c * cc, c * ss, 0, -ss, cc});
        final int[][] at = {{0, 0, 0}, {3, 2, 1}, {5, 4, 3}, {8, 7, 6}, {2, 6, 4}, {6, 1, 2}};
        assertValues(new double[]{14.757575757575761, 30.62880521031989, 17.517125756212756, 18.32065074786342,
            11.68473159569688, 11.388536852310747}, at,
            new Resampler(Interpolation.LINEAR, false, ALONE).toGrid(image, target, -1000));
        assertValues(new double[]{10.604087047100041, 34.84623709236199, 17.075520548437986, 19.124211023151226,
            7.154003826459472, 7.704677223104709}, at,
            new Resampler(Interpolation.CUBIC, false, ALONE).toGrid(image, target, -1000));
        assertValues(new double[]{22, 35, 2, 8, 1, 2}, at,
            new Resampler(Interpolation.NEAREST, false, ALONE).toGrid(image, target, -1000));
    }

    private static void assertValues(final double[] expected, final int[][] at, final Volume actual) {
        for (int n = 0; n < expected.length; n++) {
            assertEquals(expected[n], actual.get(at[n][0], at[n][1], at[n][2]), 2e-5, "point " + n);
        }
    }

    /** scipy.ndimage.distance_transform_edt with sampling of 0.9, 1.1 and 2 mm. */
    @Test
    void distanceTransformAgreesWithScipy() {
        final Geometry grid = Geometry.axial(new int[]{24, 20, 16}, 0.9, 1.1, 2);
        final float[] many = squares(grid, (i, j, k) -> (3 * i * i + 5 * j * j * k + 7 * k) % 53 == 0 ? 1 : 0);
        double sum = 0;
        double max = 0;
        for (final float square : many) {
            sum += Math.sqrt(square);
            max = Math.max(max, Math.sqrt(square));
        }
        assertEquals(21084.333599688292, sum, 1e-2);
        assertEquals(6.966347680097513, max, 1e-6);
        final double[] expected = {0, 3.5355339059327378, 5.758472019555188, 1.4212670403551897};
        final int[][] at = {{0, 0, 0}, {12, 10, 8}, {23, 19, 15}, {5, 17, 3}};
        for (int n = 0; n < at.length; n++) {
            assertEquals(expected[n], Math.sqrt(many[(at[n][2] * 20 + at[n][1]) * 24 + at[n][0]]), 1e-6);
        }
        final float[] two = squares(grid,
            (i, j, k) -> i == 5 && j == 6 && k == 7 || i == 20 && j == 2 && k == 1 ? 1 : 0);
        double squares = 0;
        for (final float square : two) {
            squares += square;
        }
        assertEquals(1406304.27, squares, 0.1);
    }

    private static float[] squares(final Geometry grid, final Formula formula) {
        final float[] x = volume(grid, formula).voxels();
        final boolean[] set = new boolean[x.length];
        for (int v = 0; v < x.length; v++) {
            set[v] = x[v] == 1;
        }
        return new EuclideanDistanceTransform(grid.spacing(), ALONE).squaredDistances(set, grid.size());
    }

    /** scipy.ndimage.gaussian_filter1d, then linear interpolation to the coarse grid in the middle and back, along each axis. */
    @Test
    void reducedResolutionAgreesWithScipy() {
        final Volume image =
            volume(Geometry.axial(new int[]{24, 20, 16}, 0.9, 1.1, 2), IndependentValuesTest::pattern);
        final float[] y = new float[image.voxels().length];
        new ReducedResolution(0.6, 0.6, 0.6).apply(image.voxels(), y, image.geometry().size(), ALONE);
        assertValues(new double[]{17.862241744995117, 19.4321231842041, 17.887653350830078, 16.71676254272461,
            7.777247428894043, 20.21393394470215},
            new int[][]{{12, 10, 8}, {8, 6, 5}, {15, 12, 10}, {10, 14, 7}, {0, 0, 0}, {23, 19, 15}},
            image.withVoxels(y));
    }

    private static double waves(final int i, final int j, final int k) {
        return (float)(Math.sin(i / 9.0) + Math.cos(j / 7.0) * Math.sin(k / 5.0)
            + 0.3 * ((13 * i + 7 * j + 5 * k) % 17) / 17);
    }

    /**
     * cv2.createCLAHE with clip limits 2.56 and 40, which are 0.01 and 40/256 of a tile's voxels, and 8×8 tiles. It
     * places tile centers half a voxel further, a 64th of a tile, and rounds to whole gray values.
     */
    @Test
    void claheOfASliceIsThatOfOpenCv() {
        final Volume image = volume(Geometry.axial(new int[]{256, 256, 1}, 1, 1, 1), (i, j, k) -> j == 0 && i < 2
            ? 255 * i : (int)Math.max(0, Math.min(255, 128 + 70 * Math.sin(i / 23.0) * Math.cos(j / 31.0)
                + (13 * i + 7 * j) % 41 - 20)));
        final int[][] at = {{32, 24}, {100, 80}, {50, 200}, {200, 140}, {240, 13}, {5, 250}, {128, 128}};
        assertClahe(image, 0.01, at, new double[]{161, 185, 124, 105, 68, 82, 166}, 0.52425, 0.18445);
        assertClahe(image, 40 / 256.0, at, new double[]{151, 166, 84, 73, 57, 48, 162}, 0.50622, 0.22010);
    }

    private static void assertClahe(final Volume image, final double clip, final int[][] at, final double[] expected,
        final double mean, final double sd) {
        final Volume y =
            new Clahe(new Clahe.Settings(Clahe.Mode.SLICES, 8, 256, clip, Foreground.WHOLE_IMAGE), ALONE).apply(image);
        for (int n = 0; n < at.length; n++) {
            assertEquals(expected[n] / 255, y.get(at[n][0], at[n][1], 0), 4 / 255.0, "point " + n);
        }
        assertEquals(mean, mean(y), 5e-4);
        double squares = 0;
        for (final float v : y.voxels()) {
            squares += (v - mean(y)) * (v - mean(y));
        }
        assertEquals(sd, Math.sqrt(squares / y.voxels().length), 5e-4);
    }

    private static double mean(final Volume volume) {
        double sum = 0;
        for (final float v : volume.voxels()) {
            sum += v;
        }
        return sum / volume.voxels().length;
    }

    /**
     * skimage.exposure.equalize_adapthist in 3-D without clipping. Here half a voxel is a 16th of a tile, and it counts
     * in 253 bins instead of 256. With clipping it gives back the excess in another way than the definition and OpenCV.
     */
    @Test
    void adaptiveEqualizationOfAVolumeIsThatOfScikitImage() {
        final Volume image = volume(Geometry.axial(new int[]{64, 64, 64}, 1, 1, 1), IndependentValuesTest::waves);
        final Volume y =
            new Clahe(new Clahe.Settings(Clahe.Mode.VOLUME, 8, 256, 1, Foreground.WHOLE_IMAGE), ALONE).apply(image);
        final double[] expected = {0.43558731903976544, 0.5457210921751878, 0.5187832142202675, 0.09620670698185817,
            0.48023944780404376, 0.4575774234927616};
        final int[][] at = {{32, 24, 16}, {10, 10, 8}, {50, 30, 20}, {20, 40, 25}, {44, 13, 51}, {5, 60, 33}};
        for (int n = 0; n < at.length; n++) {
            assertEquals(expected[n], y.get(at[n][0], at[n][1], at[n][2]), 0.07, "point " + n);
        }
        assertEquals(0.5057820658060168, mean(y), 2e-3);
    }

    /** skimage.exposure.match_histograms, which uses all values of the reference, ours 257 quantiles. */
    @Test
    void quantileMatchingIsThatOfScikitImage() {
        final Geometry grid = Geometry.axial(new int[]{64, 64, 64}, 1, 1, 1);
        final Volume image = volume(grid, IndependentValuesTest::waves);
        final Volume reference = volume(grid,
            (i, j, k) -> 10 * Math.sqrt(2.5 + Math.sin(i / 5.0) * Math.cos(j / 11.0) + Math.cos(k / 6.0) * 0.7));
        final Volume y = QuantileMatching
            .toReference(Sample.of(reference), Foreground.WHOLE_IMAGE, Background.MAPPED, 257).apply(image);
        final double[] expected = {14.207538604736328, 17.820600509643555, 14.507594108581543, 15.107247352600098,
            12.99095344543457, 16.096960067749023};
        final int[][] at = {{32, 24, 16}, {10, 10, 8}, {50, 30, 20}, {20, 40, 25}, {44, 13, 51}, {5, 60, 33}};
        for (int n = 0; n < at.length; n++) {
            assertEquals(expected[n], y.get(at[n][0], at[n][1], at[n][2]), 2e-3, "point " + n);
        }
        assertEquals(15.47038, mean(y), 1e-3);
    }

    /** The unit test of kerosene's js_div. */
    @Test
    void jensenShannonDivergenceOfThreeAgreesWithKerosene() {
        assertEquals(0.378889, JensenShannonDivergence.NATURAL.ofShares(List.of(new double[]{.5, .5, 0},
            new double[]{0, .1, .9}, new double[]{1 / 3.0, 1 / 3.0, 1 / 3.0}), List.of(1., 1., 1.)), 5e-7);
    }
}
