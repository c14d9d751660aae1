package org.scanbridge.imaging.augment;

import java.util.Arrays;
import java.util.BitSet;
import java.util.function.DoubleBinaryOperator;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.parallel.Chunks;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.Volume;

/**
 * The voxels of an image that are not exactly 0, as skull stripping and z-scoring leave the background, with their
 * statistics. Intensity augmentations change these only. Without any, all figures are 0.
 */
final class ForegroundIntensities {

    private final Volume m_image;

    private final double m_mean;

    private final double m_sd;

    private final double m_min;

    private final double m_max;

    /** @throws ImagingException if a voxel is NaN or infinite */
    ForegroundIntensities(final Volume image) {
        m_image = image;
        final Part all = Part.of(image.voxels(), (c, from, to) -> { }, Lanes::statistics);
        m_mean = all.mean;
        m_min = all.count == 0 ? 0 : all.min;
        m_max = all.count == 0 ? 0 : all.max;
        m_sd = all.sd();
    }

    /**
     * Mean and standard deviation of the foreground, in less time where nothing else is asked for.
     *
     * @param mean 0 without foreground
     * @param sd 0 without foreground
     */
    record Moments(double mean, double sd) {

        /** @throws ImagingException if a voxel is NaN or infinite */
        static Moments of(final float[] voxels) {
            return of(voxels, (c, from, to) -> { });
        }

        /**
         * Of voxels that are being written: stretches are measured while they are in the processor's cache.
         *
         * @param writing writes a stretch
         * @throws ImagingException if a voxel is NaN or infinite
         */
        static Moments of(final float[] voxels, final Chunks.Body writing) {
            final Part all = Part.of(voxels, writing, Lanes::moments);
            return new Moments(all.mean, all.sd());
        }
    }

    /** A way to measure a stretch. */
    @FunctionalInterface
    private interface Measuring {

        double[] of(Lanes lanes, float[] voxels, int from, int to);
    }

    /**
     * Statistics of some voxels.
     *
     * @param squares sum of squared distances from the mean
     * @param min infinite if it was not asked for
     * @param max likewise
     */
    private record Part(double count, double mean, double squares, double min, double max) {

        static final Part EMPTY = new Part(0, 0, 0, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);

        static Part of(final float[] x, final Chunks.Body writing, final Measuring measuring) {
            final Part[] parts = new Part[Chunks.count(x.length)];
            Chunks.forEach(x.length, Lanes::new, (lanes, c, from, to) -> {
                writing.run(c, from, to);
                double[] s = measuring.of(lanes, x, from, to);
                if (!Double.isFinite(s[1] + s[2])) {
                    s = Lanes.inDouble(x, from, to);
                }
                parts[c] = s.length == 3 ? new Part(s[0], s[1], s[2], EMPTY.min, EMPTY.max)
                    : new Part(s[0], s[1], s[2], s[3], s[4]);
            });
            Part all = EMPTY;
            for (final Part part : parts) {
                all = all.and(part);
            }
            requireFinite(all.mean);
            return all;
        }

        double sd() {
            return count == 0 ? 0 : Math.sqrt(squares / count);
        }

        /** Statistics of both together (Chan, Golub, LeVeque: Am. Stat. 37, 1983). */
        Part and(final Part o) {
            if (count == 0 || o.count == 0) {
                return count == 0 ? o : this;
            }
            final double n = count + o.count;
            final double apart = o.mean - mean;
            return new Part(n, mean + apart * o.count / n, squares + o.squares + apart * apart * count * o.count / n,
                Math.min(min, o.min), Math.max(max, o.max));
        }
    }

    /** @throws ImagingException if a voxel is NaN or infinite */
    static void requireFinite(final Volume image) {
        final float[] x = image.voxels();
        final double[] sums = new double[Chunks.count(x.length)];
        Chunks.forEach(x.length, (c, from, to) -> {
            double s0 = 0;
            double s1 = 0;
            int v = from;
            for (; v + 1 < to; v += 2) {
                s0 += x[v];
                s1 += x[v + 1];
            }
            sums[c] = s0 + s1 + (v < to ? x[v] : 0);
        });
        double sum = 0;
        for (final double s : sums) {
            sum += s;
        }
        requireFinite(sum);
    }

    /** A sum of floats is finite in double precision if, and only if, all of them are. */
    private static void requireFinite(final double sum) {
        if (!Double.isFinite(sum)) {
            throw new ImagingException("An image with NaN or infinite voxels cannot be augmented. "
                + "Replace them before, in the Volume Normalizer with \"Replace NaN and infinite voxels\".");
        }
    }

    double mean() {
        return m_mean;
    }

    double sd() {
        return m_sd;
    }

    double min() {
        return m_min;
    }

    double max() {
        return m_max;
    }

    /** What counts as no signal: 0, or the darkest voxel of an image with negative ones such as a z-scored one. */
    double dark() {
        return Math.min(0, m_min);
    }

    /**
     * Writes new values of the foreground voxels, by voxel index, and 0 for the background.
     *
     * @param target where to; may be the image's own array, as each value is only asked for before it is overwritten
     * @param value asked by several threads and in any order
     */
    void map(final float[] target, final IntToDoubleFunction value) {
        final float[] x = m_image.voxels();
        Chunks.forEach(x.length, (c, from, to) -> {
            for (int v = from; v < to; v++) {
                target[v] = x[v] == 0 ? 0 : (float)value.applyAsDouble(v);
            }
        });
    }

    /** Numbers for the voxels of one row along i; asked for by several threads. */
    @FunctionalInterface
    interface Row {

        /** @param row one number per voxel of row (j, k); overwritten */
        void fill(int j, int k, double[] row);
    }

    /** As {@link #map(float[], IntToDoubleFunction)}, of each voxel's value and its number in a row. */
    void map(final float[] target, final Row row, final DoubleBinaryOperator change) {
        final Geometry g = m_image.geometry();
        final float[] x = m_image.voxels();
        Chunks.withWorkers(x.length, workers -> workers.forEach(IntStream.range(0, g.size(2)).boxed().toList(), k -> {
            final double[] numbers = new double[g.size(0)];
            int v = k * g.size(1) * g.size(0);
            for (int j = 0; j < g.size(1); j++) {
                row.fill(j, k, numbers);
                for (int i = 0; i < numbers.length; i++, v++) {
                    target[v] = x[v] == 0 ? 0 : (float)change.applyAsDouble(x[v], numbers[i]);
                }
            }
        }));
    }

    /** The voxels that are exactly 0. */
    static BitSet zeros(final float[] voxels) {
        final long[] words = new long[(voxels.length + Long.SIZE - 1) / Long.SIZE];
        Chunks.forEach(voxels.length, (c, from, to) -> {
            for (int v = from; v < to; v++) {
                if (voxels[v] == 0) {
                    words[v >> 6] |= 1L << v;
                }
            }
        });
        return BitSet.valueOf(words);
    }

    /** Sets voxels to 0. */
    static void clear(final float[] voxels, final BitSet zeros) {
        for (int v = zeros.nextSetBit(0); v >= 0;) {
            final int end = zeros.nextClearBit(v);
            Arrays.fill(voxels, v, end, 0);
            v = zeros.nextSetBit(end);
        }
    }
}
