package org.scanbridge.imaging.register;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.concurrent.CancellationException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.scanbridge.imaging.ImagingException;
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

/** Known transforms of synthetic heads must be found again, whatever the contrast. */
class RegistrationTest {

    private static final TaskExecutor WORKERS = TaskExecutors.fixedThreadPool(2);

    private static final LabelVolume HEAD = head();

    private static final double[] T1 = {3, 28, 60, 100};

    private static final double[] T2 = {3, 100, 49, 31};

    /** A phantom with landmarks: an ellipsoid alone can be sheared and turned into itself. */
    private static LabelVolume head() {
        final LabelVolume brain = new BrainPhantom(112, Anatomy.ADULT).generate(7);
        final byte[] x = brain.voxels().clone();
        final double[][] nuclei = {{30, 40, 50}, {80, 45, 60}, {50, 80, 40}, {60, 30, 80}, {75, 75, 75}, {35, 70, 30}};
        for (int v = 0; v < x.length; v++) {
            for (int n = 0; n < nuclei.length; n++) {
                final double inSlice = Math.hypot(v % 112 - nuclei[n][0], v / 112 % 112 - nuclei[n][1]);
                if (Math.hypot(inSlice, v / 112 / 112 - nuclei[n][2]) < 8) {
                    x[v] = (byte)(1 + n % 2);
                }
            }
        }
        return new LabelVolume(x, brain.geometry(), brain.info(), brain.labels());
    }

    /** A scan: class means, partial volume, noise. */
    private static Volume scan(final LabelVolume labels, final double[] means, final long seed) {
        final float[] x = new float[labels.voxels().length];
        for (int v = 0; v < x.length; v++) {
            x[v] = (float)means[labels.voxels()[v]];
        }
        final Volume sharp = new Volume(x, labels.geometry(), VolumeInfo.UNKNOWN);
        final float[] y = new GaussianBlur(0.7, 0.7, 0.7).apply(sharp, WORKERS).voxels();
        final SeededRandom random = new SeededRandom(seed);
        for (int v = 0; v < y.length; v++) {
            y[v] = (float)Math.hypot(y[v] + 3 * random.nextGaussian(), 3 * random.nextGaussian());
        }
        return sharp.withVoxels(y);
    }

    /** Rotation by degrees about x, then y, then z, about the origin. */
    private static double[] rotation(final double x, final double y, final double z) {
        final Motion motion = new Motion(new double[3], 1);
        final AffineTransform rx = motion.transform(new double[]{0, 0, 0, Math.toRadians(x), 0, 0});
        final AffineTransform ry = motion.transform(new double[]{0, 0, 0, 0, Math.toRadians(y), 0});
        final AffineTransform rz = motion.transform(new double[]{0, 0, 0, 0, 0, Math.toRadians(z)});
        return rz.after(ry).after(rx).matrix();
    }

    /** Mean distance over the head between where two transforms lead, in mm. */
    private static double meanError(final AffineTransform a, final AffineTransform b) {
        final Geometry g = HEAD.geometry();
        double sum = 0;
        int n = 0;
        for (int v = 0; v < HEAD.voxels().length; v += 7) {
            if (HEAD.voxels()[v] != 0) {
                final double[] p = g.position(v % g.size(0), v / g.size(0) % g.size(1), v / g.size(0) / g.size(1));
                final double[] q = a.apply(p);
                final double[] r = b.apply(p);
                sum += Math.sqrt(Math.pow(q[0] - r[0], 2) + Math.pow(q[1] - r[1], 2) + Math.pow(q[2] - r[2], 2));
                n++;
            }
        }
        return sum / n;
    }

    /** An oblique grid that cuts off a part of the head and shows air elsewhere. */
    private static Geometry otherGrid(final double thickness) {
        return new Geometry(new int[]{90, 100, (int)(110.4 / thickness)}, new double[]{1.2, 1.2, thickness}, new double[]{-60, -50, -58},
            new double[]{1, 0, 0, 0, 0.9961946980917455, 0.08715574274765817, 0, -0.08715574274765817, 0.9961946980917455});
    }

    @ParameterizedTest
    @CsvSource({"0,0,0, 0,0,0, 1", "15,0,0, 5,-8,6, 1", "0,-15,0, -10,4,12, 1", "4,6,15, 20,15,-9, 1", "-10,8,-9, 3,3,-20, 1",
        "6,-4,10, -4,9,7, 1.06"})
    void findsKnownTransformOfInvertedContrast(final double rx, final double ry, final double rz, final double tx,
        final double ty, final double tz, final double scale) {
        final double[] m = rotation(rx, ry, rz);
        for (int c = 0; c < 9; c += 3) {
            m[c] *= scale;
        }
        // the moving image shows at q what the head has at S(q), so the head's p is found at S's inverse of p
        final AffineTransform shown = new AffineTransform(m, new double[]{tx, ty, tz});
        final Volume moving = scan(MovedImage.of(HEAD, shown, otherGrid(scale == 1 ? 2.4 : 1.2), WORKERS), T2, 2);
        final Volume fixed = scan(HEAD, T1, 1);
        final RegistrationResult result = new Registration(scale == 1 ? Freedom.RIGID : Freedom.AFFINE, 1)
            .register(new FixedImage(fixed, Optional.empty()), moving, WORKERS, Progress.NONE);
        final double error = meanError(result.transform(), shown.inverse());
        assertTrue(error <= 0.5, "off by " + error + " mm");
    }

    @Test
    void sameBitsForAnyNumberOfWorkers() {
        final Volume fixed = scan(HEAD, T1, 1);
        final Volume moving = scan(MovedImage.of(HEAD, AffineTransform.translation(4, -3, 2), otherGrid(2.4), WORKERS), T2, 2);
        final Registration registration = new Registration(Freedom.AFFINE, 4);
        final FixedImage side = new FixedImage(fixed, Optional.of(HEAD));
        assertEquals(registration.register(side, moving, TaskExecutors.singleThreaded(), Progress.NONE),
            registration.register(side, moving, TaskExecutors.fixedThreadPool(3), Progress.NONE));
    }

    @Test
    void refusesWhatCannotBeAligned() {
        final Volume head = scan(HEAD, T1, 1);
        final Volume constant = head.withVoxels(new float[head.voxels().length]);
        final Registration registration = new Registration(Freedom.RIGID, 8);
        final String message = assertThrows(ImagingException.class, () -> registration
            .register(new FixedImage(head, Optional.empty()), constant, WORKERS, Progress.NONE)).getMessage();
        assertTrue(message.contains("has the value 0.0 everywhere"), message);
        final float[] holed = head.voxels().clone();
        holed[5] = Float.NaN;
        final String other = assertThrows(ImagingException.class,
            () -> new FixedImage(head.withVoxels(holed), Optional.empty())).getMessage();
        assertTrue(other.contains("1 voxels that are no finite numbers"), other);
        assertThrows(IllegalArgumentException.class, () -> new Registration(Freedom.RIGID, 0.5));
    }

    @Test
    void stopsWhenCanceled() {
        final Volume head = scan(HEAD, T1, 1);
        final int[] reports = new int[1];
        assertThrows(CancellationException.class, () -> new Registration(Freedom.RIGID, 8)
            .register(new FixedImage(head, Optional.empty()), head, WORKERS, (fraction, message) -> {
                if (++reports[0] == 3) {
                    throw new CancellationException();
                }
            }));
        assertEquals(3, reports[0]);
    }
}
