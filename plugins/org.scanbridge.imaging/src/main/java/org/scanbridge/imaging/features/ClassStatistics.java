package org.scanbridge.imaging.features;

import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.stats.Percentiles;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;

/**
 * Volume and intensities of a class of a segmentation, as the Image Biomarker Standardisation Initiative defines them (IBSI,
 * reference manual v11, arXiv:1612.07003; Zwanenburg et al., Radiology 295, 2020). Its digital phantom of 74 voxels of 2 × 2 × 2 mm
 * has 0.592 ml, mean 2.15, variance 3.05, skewness 1.08, excess kurtosis -0.355, median 1, 10th and 90th percentile 1 and 4, and
 * an entropy of 1.27 bits.
 *
 * @param voxels number of voxels of the class
 * @param milliliters voxels times voxel volume (IBSI's approximate volume, YEKZ)
 * @param intensities those of the image in these voxels; empty if there are none
 */
public record ClassStatistics(long voxels, double milliliters, Optional<Intensities> intensities) {

    /** Bins of the histogram that the entropy is taken of. */
    public static final int BINS = 32;

    private static final double CUBIC_MM_PER_ML = 1000;

    /**
     * Intensities of a class, in the unit of the image where nothing else is said.
     *
     * @param mean Q4LE
     * @param standardDeviation square root of the variance of all voxels, divided by n (ECT3)
     * @param skewness KE2A, μ₃/σ³; 0 if all values are the same
     * @param excessKurtosis IPH6, μ₄/σ⁴ - 3; 0 if all values are the same
     * @param minimum 1GSF
     * @param percentile10 QG58; percentiles by linear interpolation
     * @param percentile25 25th percentile
     * @param median Y12H
     * @param percentile75 75th percentile
     * @param percentile90 8DWT
     * @param maximum 84IY
     * @param entropy TLU2, in bits, in [0, log₂(bins)], of a histogram of equal bins from minimum to maximum (fixed bin number), so
     *            that it does not depend on the scale of the image
     */
    public record Intensities(double mean, double standardDeviation, double skewness, double excessKurtosis, double minimum,
        double percentile10, double percentile25, double median, double percentile75, double percentile90, double maximum,
        double entropy) {

        /**
         * @param values at least one, all finite; not changed
         * @param bins of the histogram, at least 2
         */
        static Intensities of(final float[] values, final int bins) {
            double mean = 0;
            for (final float v : values) {
                mean += v;
            }
            mean /= values.length;
            double second = 0;
            double third = 0;
            double fourth = 0;
            for (final float v : values) {
                final double d = v - mean;
                second += d * d;
                third += d * d * d;
                fourth += d * d * d * d;
            }
            second /= values.length;
            final double[] p = Percentiles.of(values, 0, 10, 25, 50, 75, 90, 100);
            final boolean same = p[0] == p[p.length - 1];
            return new Intensities(same ? p[0] : mean, same ? 0 : Math.sqrt(second),
                same ? 0 : third / values.length / (second * Math.sqrt(second)),
                same ? 0 : fourth / values.length / (second * second) - 3, p[0], p[1], p[2], p[3], p[4], p[5], p[6],
                same ? 0 : entropy(values, p[0], p[6], bins));
        }

        private static double entropy(final float[] values, final double min, final double max, final int bins) {
            final long[] counts = new long[bins];
            for (final float v : values) {
                counts[(int)Math.min(bins - 1, (v - min) / (max - min) * bins)]++;
            }
            double entropy = 0;
            for (final long count : counts) {
                final double p = (double)count / values.length;
                entropy -= count == 0 ? 0 : p * StrictMath.log(p) / StrictMath.log(2);
            }
            return entropy;
        }
    }

    /**
     * Statistics of every class that has a name or occurs.
     *
     * @param image any
     * @param segmentation on the grid of the image
     * @param bins of the entropy's histogram, at least 2
     * @return by label value
     * @throws ImagingException if the grids differ, or a voxel of a class is NaN or infinite
     * @throws IllegalArgumentException if there are fewer than 2 bins
     */
    public static SortedMap<Integer, ClassStatistics> of(final Volume image, final LabelVolume segmentation, final int bins) {
        if (bins < 2) {
            throw new IllegalArgumentException(bins + " bins are too few for a histogram; give at least 2");
        }
        if (!image.geometry().sameGrid(segmentation.geometry())) {
            throw new ImagingException("The segmentation has " + segmentation.geometry() + ", the image "
                + image.geometry().beside(segmentation.geometry()) + ". Bring them to one grid with the Volume Resampler first.");
        }
        final long[] counts = new long[256];
        for (final byte label : segmentation.voxels()) {
            counts[label & 0xff]++;
        }
        final TreeSet<Integer> classes = new TreeSet<>(segmentation.labels().names().keySet());
        for (int label = 1; label < counts.length; label++) {
            if (counts[label] > 0) {
                classes.add(label);
            }
        }
        final SortedMap<Integer, ClassStatistics> statistics = new TreeMap<>();
        for (final int label : classes) {
            final float[] values = values(image, segmentation, label, (int)counts[label]);
            statistics.put(label, new ClassStatistics(values.length,
                values.length * segmentation.geometry().voxelVolume() / CUBIC_MM_PER_ML,
                values.length == 0 ? Optional.empty() : Optional.of(Intensities.of(values, bins))));
        }
        return statistics;
    }

    private static float[] values(final Volume image, final LabelVolume segmentation, final int label, final int count) {
        final float[] values = new float[count];
        int n = 0;
        int bad = 0;
        for (int v = 0; n < count; v++) {
            if ((segmentation.voxels()[v] & 0xff) == label) {
                values[n++] = image.voxels()[v];
                bad += Float.isFinite(image.voxels()[v]) ? 0 : 1;
            }
        }
        if (bad > 0) {
            throw new ImagingException("The image has " + bad + " NaN or infinite voxels within the class "
                + segmentation.labels().name(label)
                + ". Replace them first, with \"Replace NaN and infinite voxels\" in the Volume Normalizer.");
        }
        return values;
    }
}
