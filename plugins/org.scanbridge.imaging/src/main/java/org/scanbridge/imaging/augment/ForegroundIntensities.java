package org.scanbridge.imaging.augment;

import java.util.Arrays;
import java.util.BitSet;
import java.util.function.DoubleBinaryOperator;
import java.util.function.IntToDoubleFunction;

import org.scanbridge.imaging.ImagingException;
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
        long count = 0;
        double sum = 0;
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        for (final float v : image.voxels()) {
            if (v != 0) {
                count++;
                sum += v;
                min = Math.min(min, v);
                max = Math.max(max, v);
            }
        }
        requireFinite(sum);
        m_mean = count == 0 ? 0 : sum / count;
        m_min = count == 0 ? 0 : min;
        m_max = count == 0 ? 0 : max;
        double squares = 0;
        for (final float v : image.voxels()) {
            squares += v == 0 ? 0 : (v - m_mean) * (v - m_mean);
        }
        m_sd = count == 0 ? 0 : Math.sqrt(squares / count);
    }

    /** @throws ImagingException if a voxel is NaN or infinite */
    static void requireFinite(final Volume image) {
        double sum = 0;
        for (final float v : image.voxels()) {
            sum += v;
        }
        requireFinite(sum);
    }

    /** A sum of floats is finite in double precision if, and only if, all of them are. */
    private static void requireFinite(final double sum) {
        if (!Double.isFinite(sum)) {
            throw new ImagingException("An image with NaN or infinite voxels cannot be augmented. "
                + "Replace them first.");
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
     */
    void map(final float[] target, final IntToDoubleFunction value) {
        final float[] x = m_image.voxels();
        for (int v = 0; v < x.length; v++) {
            target[v] = x[v] == 0 ? 0 : (float)value.applyAsDouble(v);
        }
    }

    /** Numbers for the voxels of one row along i. */
    @FunctionalInterface
    interface Row {

        /** @param row one number per voxel of row (j, k); overwritten */
        void fill(int j, int k, double[] row);
    }

    /** As {@link #map(float[], IntToDoubleFunction)}, of each voxel's value and its number in a row. */
    void map(final float[] target, final Row row, final DoubleBinaryOperator change) {
        final Geometry g = m_image.geometry();
        final float[] x = m_image.voxels();
        final double[] numbers = new double[g.size(0)];
        int v = 0;
        for (int k = 0; k < g.size(2); k++) {
            for (int j = 0; j < g.size(1); j++) {
                row.fill(j, k, numbers);
                for (int i = 0; i < numbers.length; i++, v++) {
                    target[v] = x[v] == 0 ? 0 : (float)change.applyAsDouble(x[v], numbers[i]);
                }
            }
        }
    }

    /** The voxels that are exactly 0. */
    static BitSet zeros(final float[] voxels) {
        final BitSet zeros = new BitSet();
        for (int v = 0; v < voxels.length; v++) {
            if (voxels[v] == 0) {
                int end = v + 1;
                while (end < voxels.length && voxels[end] == 0) {
                    end++;
                }
                zeros.set(v, end);
                v = end;
            }
        }
        return zeros;
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
