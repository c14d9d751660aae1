package org.scanbridge.imaging.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;

/**
 * The foreground intensities of several sites, overall and by tissue class: what the {@link SiteDivergence} is computed
 * from. Keeps at most {@value #MAX_VALUES_PER_IMAGE} voxels of an image (every m-th foreground voxel), not the images.
 * Not thread safe.
 */
public final class SiteIntensities {

    /** How many voxels one image adds at most. */
    public static final int MAX_VALUES_PER_IMAGE = 1 << 18;

    private final SortedMap<String, List<Part>> m_parts = new TreeMap<>();

    /** Intensities and classes of one image's foreground. */
    private record Part(float[] values, byte[] labels) {
    }

    /**
     * Takes in the voxels of an image whose label is not 0.
     *
     * @param site the site it counts for
     * @param image the image
     * @param labels its segmentation on the same grid; 0 is left out
     * @throws ImagingException if the grids differ, or a labeled voxel is NaN or infinite
     */
    public void add(final String site, final Volume image, final LabelVolume labels) {
        if (!labels.geometry().sameGrid(image.geometry())) {
            throw new ImagingException("Image and segmentation of subject " + image.info().subject() + " (site " + site
                + ") lie on different grids: " + image.geometry() + " and " + labels.geometry().beside(image.geometry())
                + ". Resample one to the other's grid first.");
        }
        int count = 0;
        for (final byte label : labels.voxels()) {
            if (label != 0) {
                count++;
            }
        }
        final int step = Math.max(0, count - 1) / MAX_VALUES_PER_IMAGE + 1;
        final float[] values = new float[(count + step - 1) / step];
        final byte[] classes = new byte[values.length];
        int seen = 0;
        for (int v = 0; v < labels.voxels().length; v++) {
            if (labels.voxels()[v] != 0) {
                requireFinite(site, image, v);
                if (seen % step == 0) {
                    values[seen / step] = image.voxels()[v];
                    classes[seen / step] = labels.voxels()[v];
                }
                seen++;
            }
        }
        m_parts.computeIfAbsent(site, s -> new ArrayList<>()).add(new Part(values, classes));
    }

    private static void requireFinite(final String site, final Volume image, final int voxel) {
        if (!Float.isFinite(image.voxels()[voxel])) {
            throw new ImagingException("The image of subject " + image.info().subject() + " (site " + site
                + ") holds the value " + image.voxels()[voxel]
                + " within its segmentation. Replace NaN and infinite voxels first.");
        }
    }

    /** The sites so far, sorted by name. */
    public List<String> sites() {
        return List.copyOf(m_parts.keySet());
    }

    /** Number of images of a site; 0 for an unknown site. */
    public int images(final String site) {
        return m_parts.getOrDefault(site, List.of()).size();
    }

    /** The classes that occur at some site, in increasing order. */
    public List<Integer> classes() {
        final SortedSet<Integer> classes = new TreeSet<>();
        m_parts.values().forEach(parts -> parts.forEach(p -> {
            for (final byte label : p.labels) {
                classes.add(label & 0xff);
            }
        }));
        return List.copyOf(classes);
    }

    /** The range of the pooled intensities of all sites between their 0.1th and 99.9th percentile. */
    public HistogramRange pooledRange(final int bins) {
        return HistogramRange.pooled(m_parts.values().stream().flatMap(List::stream).map(Part::values).toList(), bins);
    }

    /** The histogram of a site over all classes; empty for an unknown site. */
    public Histogram histogram(final String site, final HistogramRange range) {
        Histogram sum = Histogram.empty(range);
        for (final Part part : m_parts.getOrDefault(site, List.of())) {
            sum = sum.plus(Histogram.of(part.values, range));
        }
        return sum;
    }

    /** The histogram of one class of a site; empty for an unknown site or class. */
    public Histogram histogram(final String site, final int label, final HistogramRange range) {
        Histogram sum = Histogram.empty(range);
        for (final Part part : m_parts.getOrDefault(site, List.of())) {
            final float[] values = new float[part.values.length];
            int n = 0;
            for (int v = 0; v < values.length; v++) {
                if ((part.labels[v] & 0xff) == label) {
                    values[n++] = part.values[v];
                }
            }
            sum = sum.plus(Histogram.of(Arrays.copyOf(values, n), range));
        }
        return sum;
    }
}
