package org.scanbridge.imaging.register;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Optional;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.filter.GaussianBlur;
import org.scanbridge.imaging.phantom.Anatomy;
import org.scanbridge.imaging.phantom.BrainPhantom;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

import net.imglib2.parallel.TaskExecutor;
import net.imglib2.parallel.TaskExecutors;

/** Known transforms of heads whose brain was cut out, without the fluid around it, so that the cut is no edge of the whole head. */
class CutOutRegistrationTest {

    private static final TaskExecutor WORKERS = TaskExecutors.fixedThreadPool(2);

    private static final int SIZE = 112;

    /** A phantom with landmarks, as the brain has nuclei. */
    private static final LabelVolume HEAD = head();

    private static LabelVolume head() {
        final LabelVolume brain = new BrainPhantom(SIZE, Anatomy.ADULT).generate(7);
        final byte[] x = brain.voxels().clone();
        final double[][] nuclei = {{38, 46, 50}, {74, 48, 60}, {52, 74, 44}, {58, 40, 72}, {70, 66, 66}, {42, 66, 42}};
        for (int v = 0; v < x.length; v++) {
            for (int n = 0; n < nuclei.length; n++) {
                final double inSlice = Math.hypot(v % SIZE - nuclei[n][0], v / SIZE % SIZE - nuclei[n][1]);
                if (Math.hypot(inSlice, v / SIZE / SIZE - nuclei[n][2]) < 6) {
                    x[v] = (byte)(1 + n % 2);
                }
            }
        }
        return new LabelVolume(x, brain.geometry(), brain.info(), brain.labels());
    }

    private static Volume scan(final double[] means, final long seed) {
        final float[] x = new float[HEAD.voxels().length];
        for (int v = 0; v < x.length; v++) {
            x[v] = (float)means[HEAD.voxels()[v]];
        }
        final Volume sharp = new Volume(x, HEAD.geometry(), VolumeInfo.UNKNOWN);
        final float[] y = new GaussianBlur(0.7, 0.7, 0.7).apply(sharp, WORKERS).voxels();
        final SeededRandom random = new SeededRandom(seed);
        for (int v = 0; v < y.length; v++) {
            y[v] = (float)Math.hypot(y[v] + 3 * random.nextGaussian(), 3 * random.nextGaussian());
        }
        return sharp.withVoxels(y);
    }

    /** Cuts out an ellipsoid that lies within the gray matter. */
    private static Volume cutOut(final Volume image, final float value) {
        final float[] x = image.voxels().clone();
        final int[] low = {SIZE, SIZE, SIZE};
        final int[] high = new int[3];
        for (int v = 0; v < x.length; v++) {
            final int[] at = {v % SIZE, v / SIZE % SIZE, v / SIZE / SIZE};
            for (int a = 0; a < 3 && HEAD.voxels()[v] >= 2; a++) {
                low[a] = Math.min(low[a], at[a]);
                high[a] = Math.max(high[a], at[a]);
            }
        }
        for (int v = 0; v < x.length; v++) {
            final int[] at = {v % SIZE, v / SIZE % SIZE, v / SIZE / SIZE};
            double r = 0;
            for (int a = 0; a < 3; a++) {
                r += Math.pow((at[a] - (low[a] + high[a]) / 2.0) / (high[a] - low[a]) * 2 / 0.96, 2);
            }
            x[v] = r > 1 ? value : x[v];
        }
        return image.withVoxels(x);
    }

    private static double meanError(final AffineTransform a) {
        final Geometry g = HEAD.geometry();
        double sum = 0;
        int n = 0;
        for (int v = 0; v < HEAD.voxels().length; v += 7) {
            if (HEAD.voxels()[v] > 1) {
                final double[] p = g.position(v % SIZE, v / SIZE % SIZE, v / SIZE / SIZE);
                final double[] q = a.apply(p);
                sum += Math.sqrt(Math.pow(q[0] - p[0], 2) + Math.pow(q[1] - p[1], 2) + Math.pow(q[2] - p[2], 2));
                n++;
            }
        }
        return sum / n;
    }

    /** The image moved onto is the head itself in another contrast, so the right map is the identity. */
    @ParameterizedTest
    @CsvSource({"0.93, 0", "1.05, -1024", "0.95, -3.5"})
    void findsTheHeadWhereverTheCutLies(final double scale, final float value) {
        final Volume fixed = scan(new double[]{3, 28, 60, 100}, 1);
        final Volume moving = cutOut(scan(new double[]{3, 100, 49, 31}, 2), value);
        final Geometry g = HEAD.geometry();
        final AffineTransform from = AffineTransform.about(g.position(SIZE / 2.0, SIZE / 2.0, SIZE / 2.0),
            new double[]{scale, 0, 0, 0, scale, 0, 0, 0, scale}, 1, -1, 0.5);
        assertTrue(meanError(from) > 1.5);
        final AffineTransform found = new CutOutRegistration(2).refined(new FixedImage(fixed, Optional.empty()), moving, value,
            from, WORKERS, Progress.NONE);
        assertTrue(meanError(found) < 0.5, "off by " + meanError(found) + " mm");
    }

    @Test
    void sameBitsForAnyNumberOfWorkers() {
        final FixedImage fixed = new FixedImage(scan(new double[]{3, 28, 60, 100}, 1), Optional.empty());
        final Volume moving = cutOut(scan(new double[]{3, 28, 60, 100}, 2), 0);
        final CutOutRegistration registration = new CutOutRegistration(4);
        final AffineTransform from = AffineTransform.translation(2, 1, -1);
        assertEquals(registration.refined(fixed, moving, 0, from, TaskExecutors.singleThreaded(), Progress.NONE),
            registration.refined(fixed, moving, 0, from, TaskExecutors.fixedThreadPool(3), Progress.NONE));
    }

    /** Nothing is left to compare where all that was not cut out has one value: the map stays. */
    @Test
    void aMaskLeavesTheMapAsItIs() {
        final Volume fixed = scan(new double[]{3, 28, 60, 100}, 1);
        final float[] one = new float[fixed.voxels().length];
        Arrays.fill(one, 1);
        final AffineTransform from = AffineTransform.translation(2, 1, -1);
        assertEquals(from, new CutOutRegistration(2).refined(new FixedImage(fixed, Optional.empty()),
            cutOut(fixed.withVoxels(one), 0), 0, from, WORKERS, Progress.NONE));
    }

    @Test
    void refusesLevelsThatItDoesNotHave() {
        assertThrows(IllegalArgumentException.class, () -> new CutOutRegistration(5));
    }
}
