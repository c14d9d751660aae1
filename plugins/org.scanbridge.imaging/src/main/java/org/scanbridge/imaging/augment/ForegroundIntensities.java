package org.scanbridge.imaging.augment;

import java.util.function.IntToDoubleFunction;

import org.scanbridge.imaging.ImagingException;
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
     * The image with these values, except that the background stays 0.
     *
     * @param values one per voxel; changed and kept
     */
    static Volume withBackground(final Volume image, final float[] values) {
        for (int v = 0; v < values.length; v++) {
            values[v] = image.voxels()[v] == 0 ? 0 : values[v];
        }
        return image.withVoxels(values);
    }

    /** The image with new values of the foreground voxels, by voxel index. */
    Volume map(final IntToDoubleFunction value) {
        final float[] x = m_image.voxels();
        final float[] y = new float[x.length];
        for (int v = 0; v < x.length; v++) {
            if (x[v] != 0) {
                y[v] = (float)value.applyAsDouble(v);
            }
        }
        return m_image.withVoxels(y);
    }
}
