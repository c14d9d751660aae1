package org.scanbridge.imaging.augment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;

import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.atlas.AtlasClass;
import org.scanbridge.imaging.atlas.ClassIntensity;
import org.scanbridge.imaging.atlas.IntensityClusters;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;

/**
 * What intensities labels have in an image: the median of their voxels and 1.4826 times the median absolute deviation from
 * it, which is the standard deviation of a normal distribution (Hampel, J. Am. Stat. Assoc. 69, 1974) and does not mind the
 * voxels at borders that a label gets wrong. What has no label is divided into clusters of intensity, each with its mean and
 * standard deviation. The background, exactly 0, does not count.
 */
public final class LabeledIntensities {

    private static final double TO_SD = 1.4826;

    /** Voxels that clusters are made from, at most. */
    private static final int MOST_CLUSTERED = 20_000;

    private LabeledIntensities() {
    }

    /**
     * @param image any
     * @param labels on its grid; label values that are not asked for, such as those of voxels that nobody looked at, do not
     *            count
     * @param names the labels that are asked for
     * @param rest clusters of what has no label, within [1, 20]
     * @return the labels in the order of their values, then the clusters from the darkest; a class that does not occur has
     *         NaN for mean and spread
     * @throws ImagingException if the grids differ
     */
    public static List<ClassIntensity> of(final Volume image, final LabelVolume labels,
        final SortedMap<Integer, String> names, final int rest) {
        if (!labels.geometry().sameGrid(image.geometry())) {
            throw new ImagingException("image and labels are on different grids: " + image.geometry() + " and "
                + labels.geometry().beside(image.geometry()) + ". Resample the labels to the image.");
        }
        final float[] x = image.voxels();
        final byte[] y = labels.voxels();
        final int[] counts = new int[256];
        for (int v = 0; v < x.length; v++) {
            counts[y[v] & 0xff] += x[v] == 0 ? 0 : 1;
        }
        final long all = Arrays.stream(counts).asLongStream().sum();
        final List<ClassIntensity> intensities = new ArrayList<>();
        names.forEach((label, name) -> {
            final double[] values = values(x, y, label, counts[label], 1);
            final double median = median(values);
            intensities.add(new ClassIntensity(new AtlasClass(label, name), share(values.length, all), median,
                TO_SD * median(Arrays.stream(values).map(d -> Math.abs(d - median)).toArray())));
        });
        clusters(values(x, y, 0, counts[0], Math.max(1, counts[0] / MOST_CLUSTERED)), share(counts[0], all), rest,
            intensities);
        return intensities;
    }

    private static double share(final long count, final long all) {
        return all == 0 ? 0 : (double)count / all;
    }

    /** Every n-th voxel of a label. */
    private static double[] values(final float[] x, final byte[] y, final int label, final int count, final int every) {
        final double[] values = new double[(count + every - 1) / every];
        for (int v = 0, n = 0; v < x.length; v++) {
            if (x[v] != 0 && (y[v] & 0xff) == label && n++ % every == 0) {
                values[(n - 1) / every] = x[v];
            }
        }
        return values;
    }

    private static double median(final double[] x) {
        Arrays.sort(x);
        return x.length == 0 ? Double.NaN : (x[(x.length - 1) / 2] + x[x.length / 2]) / 2;
    }

    private static void clusters(final double[] values, final double share, final int count,
        final List<ClassIntensity> intensities) {
        final double[] bounds = values.length == 0 ? new double[0] : IntensityClusters.bounds(values, count);
        int from = 0;
        for (int c = 0; c < count; c++) {
            int to = from;
            while (c <= bounds.length && to < values.length && (c == bounds.length || values[to] <= bounds[c])) {
                to++;
            }
            final double[] part = Arrays.copyOfRange(values, from, to);
            final double mean = Arrays.stream(part).average().orElse(Double.NaN);
            final double variance = Arrays.stream(part).map(d -> (d - mean) * (d - mean)).average().orElse(Double.NaN);
            intensities.add(new ClassIntensity(new AtlasClass(0, "part " + (c + 1) + " of the rest"),
                share * part.length / Math.max(1, values.length), mean, Math.sqrt(variance)));
            from = to;
        }
    }
}
