package org.scanbridge.imaging.augment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

import org.scanbridge.imaging.parallel.Chunks;
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

    /** Lines of a block; what the inner loops of {@link KSpaceLines} run over. */
    private static final int LANES = 64;

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
        final float dark = (float)new ForegroundIntensities(image).dark();
        final float[] signal = new float[target.length];
        Chunks.forEach(signal.length, (c, from, to) -> {
            for (int v = from; v < to; v++) {
                signal[v] = image.voxels()[v] == 0 ? 0 : image.voxels()[v] - dark;
            }
        });
        final Geometry g = image.geometry();
        final int n = g.size(axis);
        final List<Splice> splices = new ArrayList<>();
        for (final Stretch s : stretches) {
            // Line l of n belongs to the stretch if its middle is acquired in it; line n/2 is the center of k-space.
            final int from = (int)Math.ceil(s.from * n - 0.5);
            final int to = (int)Math.ceil(s.to * n - 0.5);
            final boolean center = from <= n / 2 && n / 2 < to;
            if (from < to && !center) {
                splices.add(new Splice(rigid(g, s), new KSpaceLines(n, from, to)));
            }
        }
        final int lane = axis == 0 ? 1 : 0;
        final int outer = axis == 2 ? 1 : 2;
        Chunks.withWorkers(signal.length, workers -> workers.forEach(IntStream.range(0, g.size(outer)).boxed().toList(), q -> {
            final Block block = new Block(n);
            final int[] index = new int[3];
            index[outer] = q;
            for (int first = 0; first < g.size(lane); first += LANES) {
                index[lane] = first;
                splice(image, signal, splices, index, Math.min(LANES, g.size(lane) - first), block);
                block.write(image.voxels(), signal, dark, start(g, index), stride(g, axis), stride(g, lane), target);
            }
        }));
    }

    /** Neighboring lines along the axis: by place, then by line. */
    private static final class Block {

        private final double[][] m_difference;

        private final double[][] m_real;

        private final double[][] m_imaginary;

        private int m_lanes;

        Block(final int n) {
            m_difference = new double[n][LANES];
            m_real = new double[n][LANES];
            m_imaginary = new double[n][LANES];
        }

        /** Reads the lines where nothing has moved. */
        void read(final float[] signal, final int start, final int stride, final int laneStride, final int lanes) {
            m_lanes = lanes;
            for (int x = 0; x < m_real.length; x++) {
                Arrays.fill(m_imaginary[x], 0);
                for (int l = 0; l < lanes; l++) {
                    m_real[x][l] = signal[start + x * stride + l * laneStride];
                }
            }
        }

        /** Writes the magnitudes, and 0 where there is background. */
        void write(final float[] image, final float[] signal, final float dark, final int start, final int stride,
            final int laneStride, final float[] target) {
            for (int x = 0; x < m_real.length; x++) {
                for (int l = 0; l < m_lanes; l++) {
                    final int v = start + x * stride + l * laneStride;
                    final double re = m_real[x][l];
                    final double im = m_imaginary[x][l];
                    target[v] = signal[v] == 0 && image[v] == 0 ? 0 : (float)(dark + Math.sqrt(re * re + im * im));
                }
            }
        }
    }

    private void splice(final Volume image, final float[] signal, final List<Splice> splices, final int[] index,
        final int lanes, final Block block) {
        final Geometry g = image.geometry();
        final int lane = axis == 0 ? 1 : 0;
        final int start = start(g, index);
        block.read(signal, start, stride(g, axis), stride(g, lane), lanes);
        final int[] place = index.clone();
        for (final Splice s : splices) {
            for (int x = 0; x < g.size(axis); x++) {
                place[axis] = x;
                final double[] row = block.m_difference[x];
                s.place.line(signal, lane, place, lanes, row);
                for (int l = 0; l < lanes; l++) {
                    row[l] -= signal[start + x * stride(g, axis) + l * stride(g, lane)];
                }
            }
            s.lines.exchange(block.m_difference, block.m_real, block.m_imaginary);
        }
    }

    private static int start(final Geometry g, final int[] index) {
        return (index[2] * g.size(1) + index[1]) * g.size(0) + index[0];
    }

    private static int stride(final Geometry g, final int axis) {
        return axis == 0 ? 1 : axis == 1 ? g.size(0) : g.size(0) * g.size(1);
    }

    /** Where the head is during a stretch, and the lines of k-space that are acquired meanwhile. */
    private record Splice(SpatialTransform.AffineLookup place, KSpaceLines lines) {
    }

    private static SpatialTransform.AffineLookup rigid(final Geometry g, final Stretch s) {
        final double[][] turn = AffineMatrix.product(AffineMatrix.rotation(0, Math.toRadians(s.degrees[0])),
            AffineMatrix.rotation(1, Math.toRadians(s.degrees[1])),
            AffineMatrix.rotation(2, Math.toRadians(s.degrees[2])));
        final double[][] inPlane = g.size(2) == 1 ? AffineMatrix.rotation(2, Math.toRadians(s.degrees[2])) : turn;
        final double[] shift = {s.millimeters[0], s.millimeters[1], g.size(2) == 1 ? 0 : s.millimeters[2]};
        return new SpatialTransform(inPlane, shift, Optional.empty()).affineOn(g);
    }
}
