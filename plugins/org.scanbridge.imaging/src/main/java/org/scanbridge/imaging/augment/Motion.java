package org.scanbridge.imaging.augment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.Volume;

import net.imglib2.parallel.TaskExecutors;

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
        return Transformation.of(Map.of(MOVES, (double)count, DEGREES, mostDegrees, MILLIMETERS, mostMillimeters),
            sample -> sample.withImage(moved(sample.image(), stretches)));
    }

    private Volume moved(final Volume image, final List<Stretch> stretches) {
        final ForegroundIntensities fg = new ForegroundIntensities(image);
        final float dark = (float)fg.dark();
        final float[] signal = image.voxels().clone();
        for (int v = 0; v < signal.length; v++) {
            signal[v] = signal[v] == 0 ? 0 : signal[v] - dark;
        }
        final Volume still = image.withVoxels(signal);
        final int[] size = image.geometry().size();
        final double[][] sum = {IntStream.range(0, signal.length).mapToDouble(v -> signal[v]).toArray(),
            new double[signal.length]};
        for (final Stretch s : stretches) {
            final int n = size[axis];
            // Line l of n belongs to the stretch if its middle is acquired in it; line n/2 is the center of k-space.
            final int from = (int)Math.ceil(s.from * n - 0.5);
            final int to = (int)Math.ceil(s.to * n - 0.5);
            final boolean center = from <= n / 2 && n / 2 < to;
            if (from < to && !center) {
                splice(signal, rigid(still, s), size, axis, from, to, sum);
            }
        }
        return fg.map(v -> dark + Math.sqrt(sum[0][v] * sum[0][v] + sum[1][v] * sum[1][v]));
    }

    private static float[] rigid(final Volume image, final Stretch s) {
        final Geometry g = image.geometry();
        final double[][] turn = AffineMatrix.product(AffineMatrix.rotation(0, Math.toRadians(s.degrees[0])),
            AffineMatrix.rotation(1, Math.toRadians(s.degrees[1])),
            AffineMatrix.rotation(2, Math.toRadians(s.degrees[2])));
        final double[][] inPlane = g.size(2) == 1 ? AffineMatrix.rotation(2, Math.toRadians(s.degrees[2])) : turn;
        final double[] shift = {s.millimeters[0], s.millimeters[1], g.size(2) == 1 ? 0 : s.millimeters[2]};
        return new SpatialTransform(inPlane, shift, Optional.empty())
            .apply(LabeledVolume.of(image), 0, TaskExecutors.singleThreaded()).image().voxels();
    }

    /**
     * Exchanges lines of k-space for those of another image. Taking lines of the discrete Fourier transform along one
     * axis is a circular convolution along it, so the difference of the images is convolved with the transform of the
     * lines' indicator.
     *
     * @param image the image whose k-space is patched
     * @param other the image that the lines come from
     * @param from first line; line l has frequency l - n/2
     * @param to line after the last
     * @param sum real and imaginary part of the patched image; added to
     */
    static void splice(final float[] image, final float[] other, final int[] size, final int axis, final int from,
        final int to, final double[][] sum) {
        final int n = size[axis];
        final int stride = axis == 0 ? 1 : axis == 1 ? size[0] : size[0] * size[1];
        final double[][] kernel = new double[2][n];
        for (int m = 0; m < n; m++) {
            for (int line = from; line < to; line++) {
                final double angle = 2 * Math.PI * Math.floorMod((line - n / 2) * m, n) / n;
                kernel[0][m] += StrictMath.cos(angle) / n;
                kernel[1][m] += StrictMath.sin(angle) / n;
            }
        }
        final double[] difference = new double[n];
        for (int v = 0; v < image.length; v++) {
            if (v / stride % n == 0) {
                for (int x = 0; x < n; x++) {
                    difference[x] = (double)other[v + x * stride] - image[v + x * stride];
                }
                for (int x = 0; x < n; x++) {
                    double real = 0;
                    double imaginary = 0;
                    for (int y = 0; y < n; y++) {
                        final int m = x >= y ? x - y : x - y + n;
                        real += kernel[0][m] * difference[y];
                        imaginary += kernel[1][m] * difference[y];
                    }
                    sum[0][v + x * stride] += real;
                    sum[1][v + x * stride] += imaginary;
                }
            }
        }
    }
}
