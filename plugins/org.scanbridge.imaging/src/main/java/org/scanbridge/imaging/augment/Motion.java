package org.scanbridge.imaging.augment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.Volume;

/**
 * Lets the head move between the phase-encoding steps of an MR scan: k-space is acquired in order along one axis, and
 * the stretches between the moves come from differently rotated and shifted images (Shaw et al., MIDL 2019). The
 * stretch that holds the center of k-space stays in place, so the segmentation still fits. Magnitudes are taken from
 * the intensity of no signal as in {@link RicianNoise}; the background stays 0.
 *
 * @param axis index axis of phase encoding: 0 i, 1 j, 2 k
 * @param moves what the number of moves is drawn from, whole numbers are taken, in [1, 20]
 * @param rotation about each axis in degrees
 * @param translation along each axis in mm
 */
public record Motion(int axis, Range moves, Range rotation, Range translation) implements Augmentation {

    /** Along j, one or two moves of up to 10° and 10 mm, as TorchIO. */
    public static final Motion DEFAULT =
        new Motion(1, new Range(1, 2), Range.symmetric(10), Range.symmetric(10));

    private static final String MOVES = "motion (moves)";

    private static final String DEGREES = "motion (largest degrees)";

    private static final String MILLIMETERS = "motion (largest mm)";

    /** @throws IllegalArgumentException if there is no such axis, or a range is out of bounds */
    public Motion {
        if (axis < 0 || axis > 2) {
            throw new IllegalArgumentException("axis " + axis + " is none of 0 (i), 1 (j), 2 (k)");
        }
        moves.within(1, 20, "number of moves");
        rotation.within(-180, 180, "rotation in degrees");
    }

    /** A position the head is in from one share of the scan to another. */
    private record Stretch(double from, double to, double[] degrees, double[] millimeters) {
    }

    @Override
    public List<String> parameterNames() {
        return List.of(MOVES, DEGREES, MILLIMETERS);
    }

    @Override
    public Transformation draw(final SeededRandom random) {
        final int count = (int)Math.rint(moves.draw(random));
        final double[] times = new double[count + 2];
        times[count + 1] = 1;
        for (int m = 1; m <= count; m++) {
            times[m] = random.nextDouble();
        }
        Arrays.sort(times);
        final List<Stretch> stretches = new ArrayList<>();
        double mostDegrees = 0;
        double mostMillimeters = 0;
        for (int s = 0; s <= count; s++) {
            final double[] degrees = new double[3];
            final double[] millimeters = new double[3];
            for (int a = 0; a < 3; a++) {
                degrees[a] = rotation.draw(random);
                millimeters[a] = translation.draw(random);
            }
            if (!(times[s] <= 0.5 && 0.5 < times[s + 1])) {
                stretches.add(new Stretch(times[s], times[s + 1], degrees, millimeters));
                for (int a = 0; a < 3; a++) {
                    mostDegrees = Math.max(mostDegrees, Math.abs(degrees[a]));
                    mostMillimeters = Math.max(mostMillimeters, Math.abs(millimeters[a]));
                }
            }
        }
        return IntensityChange.of(Map.of(MOVES, (double)count, DEGREES, mostDegrees, MILLIMETERS, mostMillimeters),
            (image, target) -> move(image, stretches, target));
    }

    private void move(final Volume image, final List<Stretch> stretches, final float[] target) {
        final ForegroundIntensities fg = new ForegroundIntensities(image);
        final float dark = (float)fg.dark();
        final float[] signal = image.voxels().clone();
        for (int v = 0; v < signal.length; v++) {
            signal[v] = signal[v] == 0 ? 0 : signal[v] - dark;
        }
        final Geometry g = image.geometry();
        final int n = g.size(axis);
        final List<Splice> splices = new ArrayList<>();
        for (final Stretch s : stretches) {
            // Line l of n belongs to the stretch if its middle is acquired in it; line n/2 is the center of k-space.
            final int from = (int)Math.ceil(s.from * n - 0.5);
            final int to = (int)Math.ceil(s.to * n - 0.5);
            final boolean center = from <= n / 2 && n / 2 < to;
            if (from < to && !center) {
                splices.add(new Splice(rigid(g, s), kernel(n, from, to)));
            }
        }
        final int across = axis == 0 ? 1 : 0;
        final int outer = axis == 2 ? 1 : 2;
        final double[] still = new double[n];
        final double[] moved = new double[n];
        final double[] real = new double[n];
        final double[] imaginary = new double[n];
        final int[] index = new int[3];
        final int stride = axis == 0 ? 1 : axis == 1 ? g.size(0) : g.size(0) * g.size(1);
        for (int q = 0; q < g.size(outer); q++) {
            for (int p = 0; p < g.size(across); p++) {
                index[across] = p;
                index[outer] = q;
                final int start = (index[2] * g.size(1) + index[1]) * g.size(0) + index[0];
                for (int x = 0; x < n; x++) {
                    still[x] = signal[start + x * stride];
                    real[x] = still[x];
                }
                Arrays.fill(imaginary, 0);
                for (final Splice s : splices) {
                    s.place.line(signal, axis, index, moved);
                    for (int x = 0; x < n; x++) {
                        moved[x] -= still[x];
                    }
                    splice(moved, s.kernel, real, imaginary);
                }
                for (int x = 0; x < n; x++) {
                    target[start + x * stride] = still[x] == 0 && image.voxels()[start + x * stride] == 0 ? 0
                        : (float)(dark + Math.sqrt(real[x] * real[x] + imaginary[x] * imaginary[x]));
                }
            }
        }
    }

    /** Where the head is during a stretch, and the stretch's share of a line. */
    private record Splice(SpatialTransform.AffineLookup place, double[][] kernel) {
    }

    private static SpatialTransform.AffineLookup rigid(final Geometry g, final Stretch s) {
        final double[][] turn = AffineMatrix.product(AffineMatrix.rotation(0, Math.toRadians(s.degrees[0])),
            AffineMatrix.rotation(1, Math.toRadians(s.degrees[1])),
            AffineMatrix.rotation(2, Math.toRadians(s.degrees[2])));
        final double[][] inPlane = g.size(2) == 1 ? AffineMatrix.rotation(2, Math.toRadians(s.degrees[2])) : turn;
        final double[] shift = {s.millimeters[0], s.millimeters[1], g.size(2) == 1 ? 0 : s.millimeters[2]};
        return new SpatialTransform(inPlane, shift, Optional.empty()).affineOn(g);
    }

    /**
     * What taking the lines [from, to) of the discrete Fourier transform along an axis of {@code n} voxels, and no
     * others, is circularly convolved with; line l has frequency l - n/2. Real and imaginary part, each twice over, so
     * that it can be read from any start.
     */
    static double[][] kernel(final int n, final int from, final int to) {
        final double[][] kernel = new double[2][2 * n];
        for (int m = 0; m < n; m++) {
            for (int line = from; line < to; line++) {
                final double angle = 2 * Math.PI * Math.floorMod((line - n / 2) * m, n) / n;
                kernel[0][m] += StrictMath.cos(angle) / n;
                kernel[1][m] += StrictMath.sin(angle) / n;
            }
            kernel[0][n + m] = kernel[0][m];
            kernel[1][n + m] = kernel[1][m];
        }
        return kernel;
    }

    /**
     * Exchanges lines of k-space of an image's line for those of another: adds the convolved difference of both.
     *
     * @param difference other line minus the line
     * @param kernel of the exchanged lines
     * @param real real part of the line; added to
     * @param imaginary its imaginary part; added to
     */
    static void splice(final double[] difference, final double[][] kernel, final double[] real,
        final double[] imaginary) {
        final int n = difference.length;
        for (int y = 0; y < n; y++) {
            final double d = difference[y];
            if (d != 0) {
                final int shift = n - y;
                for (int x = 0; x < n; x++) {
                    real[x] += d * kernel[0][x + shift];
                    imaginary[x] += d * kernel[1][x + shift];
                }
            }
        }
    }
}
