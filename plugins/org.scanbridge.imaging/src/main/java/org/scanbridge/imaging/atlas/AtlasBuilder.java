package org.scanbridge.imaging.atlas;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.filter.GaussianBlur;
import org.scanbridge.imaging.register.AffineTransform;
import org.scanbridge.imaging.register.FixedImage;
import org.scanbridge.imaging.register.Freedom;
import org.scanbridge.imaging.register.Registration;
import org.scanbridge.imaging.stats.Percentiles;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;

import net.imglib2.parallel.TaskExecutor;

/**
 * Makes an atlas of labeled images (the prior of Ashburner &amp; Friston, NeuroImage 2005). The subject whose labels have
 * the median volume gives the frame; the others are aligned to it affinely, by mutual information around the labels, and
 * once more to the atlas that came out, so that it is nobody's. What has no label is split by the images' own intensities,
 * each divided by the mean of its labeled tissue, into clusters that all subjects share.
 * <p>
 * Memory: one float per voxel and class of the atlas, and one byte per voxel of each image. Deterministic, whatever the
 * number of workers.
 */
public final class AtlasBuilder {

    private static final int MOST_CLUSTERED = 400_000;

    private final AtlasOptions m_options;

    /** @param options how it is made */
    public AtlasBuilder(final AtlasOptions options) {
        m_options = Objects.requireNonNull(options, "options");
    }

    /**
     * A labeled image.
     *
     * @param image finite
     * @param labels on the image's grid
     */
    public record Subject(Volume image, LabelVolume labels) {

        /** @throws ImagingException if the grids differ, or there is no label */
        public Subject {
            if (!labels.geometry().sameGrid(image.geometry())) {
                throw new ImagingException("The segmentation of subject \"" + image.info().subject() + "\" has "
                    + labels.geometry() + ", its image " + image.geometry()
                    + " (or another position). Resample the segmentation to the image's grid first.");
            }
            if (labels.maxValue() == 0) {
                throw new ImagingException("The segmentation of subject \"" + image.info().subject()
                    + "\" is empty. Leave out the row, or mend the segmentation.");
            }
        }
    }

    /**
     * @param subjects at least one; several images of one subject count as several
     * @param workers what the work is shared out to
     * @param progress of the whole
     * @throws ImagingException if an image cannot be aligned or the labels do not go together
     */
    public Atlas build(final List<Subject> subjects, final TaskExecutor workers, final Progress progress) {
        if (subjects.isEmpty()) {
            throw new ImagingException("No labeled image is left to make an atlas of. Connect a table whose rows have images "
                + "and segmentations.");
        }
        final int reference = median(subjects);
        final Geometry grid = grid(subjects.get(reference).labels());
        final SortedMap<Integer, String> names = names(subjects);
        final List<byte[]> maps = classMaps(subjects, new ArrayList<>(names.keySet()));
        final List<AtlasClass> classes = new ArrayList<>();
        names.forEach((label, name) -> classes.add(new AtlasClass(label, name)));
        final int rest = 1 + maps.stream().mapToInt(AtlasBuilder::max).max().orElse(0) - names.size();
        for (int c = 1; c <= rest; c++) {
            classes.add(new AtlasClass(0, "unlabeled " + c));
        }
        final Registration registration = new Registration(Freedom.AFFINE, finest(grid));
        final List<AffineTransform> toSubject = new ArrayList<>();
        final Volume image = subjects.get(reference).image();
        final FixedImage fixed = new FixedImage(image, Optional.of(region(image, grid)));
        for (int s = 0; s < subjects.size(); s++) {
            final Progress part = progress.part(0.5 * s / subjects.size(), 0.5 * (s + 1) / subjects.size());
            toSubject.add(s == reference ? AffineTransform.IDENTITY
                : registration.register(fixed, subjects.get(s).image(), workers, part).transform());
        }
        Atlas atlas = average(subjects, maps, toSubject, grid, classes, workers);
        if (subjects.size() > 1) {
            for (int s = 0; s < subjects.size(); s++) {
                final Progress part = progress.part(0.5 + 0.5 * s / subjects.size(), 0.5 + 0.5 * (s + 1) / subjects.size());
                toSubject.set(s, registration.register(atlas, subjects.get(s).image(), workers, part).transform());
            }
            atlas = average(subjects, maps, toSubject, grid, classes, workers);
        }
        progress.report(1, "Atlas of " + subjects.size() + " images");
        return atlas;
    }

    /** 2 mm for heads, finer for smaller things. */
    private static double finest(final Geometry grid) {
        double sum = 0;
        for (int a = 0; a < 3; a++) {
            sum += Math.pow(grid.size(a) * grid.spacing(a) / 2, 2);
        }
        return Math.max(1, Math.min(2, Math.sqrt(sum) / 40));
    }

    private static int median(final List<Subject> subjects) {
        final double[] volumes = new double[subjects.size()];
        for (int s = 0; s < volumes.length; s++) {
            final LabelVolume labels = subjects.get(s).labels();
            for (final byte label : labels.voxels()) {
                volumes[s] += label == 0 ? 0 : labels.geometry().voxelVolume();
            }
        }
        final double[] sorted = volumes.clone();
        Arrays.sort(sorted);
        return IntStream.range(0, volumes.length).filter(s -> volumes[s] == sorted[volumes.length / 2]).findFirst().getAsInt();
    }

    /** Cubic voxels along the axes of the reference's grid, around its labels. */
    private Geometry grid(final LabelVolume labels) {
        final Geometry g = labels.geometry();
        final int[] low = g.size();
        final int[] high = {-1, -1, -1};
        for (int v = 0; v < g.voxelCount(); v++) {
            if (labels.voxels()[v] != 0) {
                final int[] index = {v % g.size(0), v / g.size(0) % g.size(1), v / g.size(0) / g.size(1)};
                for (int a = 0; a < 3; a++) {
                    low[a] = Math.min(low[a], index[a]);
                    high[a] = Math.max(high[a], index[a]);
                }
            }
        }
        final int[] size = new int[3];
        final double[] first = new double[3];
        for (int a = 0; a < 3; a++) {
            final double extent = (high[a] - low[a]) * g.spacing(a) + 2 * m_options.margin();
            size[a] = 1 + (int)Math.ceil(extent / m_options.spacing());
            first[a] = (low[a] + high[a]) / 2.0 - (size[a] - 1) / 2.0 * m_options.spacing() / g.spacing(a);
        }
        return new Geometry(size, new double[]{m_options.spacing(), m_options.spacing(), m_options.spacing()},
            g.position(first[0], first[1], first[2]), g.direction());
    }

    /** All of the grid, as a region. */
    private static LabelVolume region(final Volume image, final Geometry grid) {
        final byte[] all = new byte[grid.voxelCount()];
        Arrays.fill(all, (byte)1);
        return new LabelVolume(all, grid, image.info(), LabelSet.of("region"));
    }

    private static SortedMap<Integer, String> names(final List<Subject> subjects) {
        final SortedMap<Integer, String> names = new TreeMap<>();
        for (final Subject s : subjects) {
            final boolean[] present = new boolean[256];
            for (final byte label : s.labels().voxels()) {
                present[label & 0xff] = true;
            }
            for (int label = 1; label < 256; label++) {
                if (present[label]) {
                    final String name = s.labels().labels().name(label);
                    final String other = names.putIfAbsent(label, name);
                    if (other != null && !other.equals(name)) {
                        throw new ImagingException("Label value " + label + " is called \"" + other
                            + "\" in one segmentation and \""
                            + name + "\" in that of subject \"" + s.image().info().subject()
                            + "\". An atlas needs the same label values everywhere: make them the same first.");
                    }
                }
            }
        }
        return names;
    }

    /** For each subject the class index of each voxel: labels in order, then clusters of the rest. */
    private List<byte[]> classMaps(final List<Subject> subjects, final List<Integer> labels) {
        final double[] scales = new double[subjects.size()];
        long restCount = 0;
        for (int s = 0; s < scales.length; s++) {
            scales[s] = scale(subjects.get(s));
            for (final byte label : subjects.get(s).labels().voxels()) {
                restCount += label == 0 ? 1 : 0;
            }
        }
        final int stride = (int)Math.max(1, restCount / MOST_CLUSTERED);
        final double[] values = new double[(int)(restCount / stride) + 1];
        int n = 0;
        long seen = 0;
        for (int s = 0; s < scales.length; s++) {
            final byte[] y = subjects.get(s).labels().voxels();
            final float[] x = subjects.get(s).image().voxels();
            for (int v = 0; v < y.length; v++) {
                if (y[v] == 0 && seen++ % stride == 0 && n < values.length) {
                    values[n++] = x[v] * scales[s];
                }
            }
        }
        final double[] bounds =
            n == 0 ? new double[0] : IntensityClusters.bounds(Arrays.copyOf(values, n), m_options.clusters());
        final List<byte[]> maps = new ArrayList<>();
        for (int s = 0; s < scales.length; s++) {
            final byte[] y = subjects.get(s).labels().voxels();
            final float[] x = subjects.get(s).image().voxels();
            final byte[] map = new byte[y.length];
            for (int v = 0; v < y.length; v++) {
                if (y[v] != 0) {
                    map[v] = (byte)labels.indexOf(y[v] & 0xff);
                } else {
                    int c = 0;
                    while (c < bounds.length && x[v] * scales[s] > bounds[c]) {
                        c++;
                    }
                    map[v] = (byte)(labels.size() + c);
                }
            }
            maps.add(map);
        }
        return maps;
    }

    /** One over the image's range within the labels, so that gains do not matter. */
    private static double scale(final Subject s) {
        final byte[] y = s.labels().voxels();
        final float[] x = s.image().voxels();
        final float[] labeled = new float[x.length];
        int n = 0;
        for (int v = 0; v < x.length; v++) {
            if (y[v] != 0) {
                labeled[n++] = x[v];
            }
        }
        final double high = Percentiles.of(Arrays.copyOf(labeled, n), 90)[0];
        return high > 0 ? 1 / high : 1;
    }

    private static int max(final byte[] map) {
        int max = 0;
        for (final byte c : map) {
            max = Math.max(max, c & 0xff);
        }
        return max;
    }

    private Atlas average(final List<Subject> subjects, final List<byte[]> maps, final List<AffineTransform> toSubject,
        final Geometry grid, final List<AtlasClass> classes, final TaskExecutor workers) {
        final float[][] sums = new float[classes.size()][grid.voxelCount()];
        for (int s = 0; s < maps.size(); s++) {
            add(maps.get(s), subjects.get(s).labels().geometry(), toSubject.get(s), grid, sums, workers);
        }
        final double sigma = m_options.blur() / 2.3548 / m_options.spacing();
        final byte[][] priors = new byte[sums.length][];
        for (int c = 0; c < sums.length; c++) {
            if (sigma > 0) {
                new GaussianBlur(sigma, sigma, sigma).smooth(sums[c], sums[c], grid.size(), workers);
            }
            priors[c] = new byte[grid.voxelCount()];
        }
        for (int v = 0; v < grid.voxelCount(); v++) {
            double all = 0;
            for (final float[] sum : sums) {
                all += sum[v];
            }
            for (int c = 0; c < sums.length && all > 0; c++) {
                priors[c][v] = (byte)Math.round(255 * sums[c][v] / all);
            }
        }
        return new Atlas(grid, classes, priors, subjects.size());
    }

    /** Adds up where each class of a subject is, at eight places within each voxel. */
    private static void add(final byte[] map, final Geometry from, final AffineTransform toSubject, final Geometry grid,
        final float[][] sums, final TaskExecutor workers) {
        final int[] size = from.size();
        workers.forEach(IntStream.range(0, grid.size(2)).boxed().toList(), k -> {
            int v = k * grid.size(0) * grid.size(1);
            for (int j = 0; j < grid.size(1); j++) {
                for (int i = 0; i < grid.size(0); i++, v++) {
                    for (int d = 0; d < 8; d++) {
                        final double[] x = from.index(toSubject.apply(grid.position(i + ((d & 1) - 0.5) / 2,
                            j + ((d >> 1 & 1) - 0.5) / 2, k + ((d >> 2) - 0.5) / 2)));
                        final int p = (int)Math.floor(x[0] + 0.5);
                        final int q = (int)Math.floor(x[1] + 0.5);
                        final int r = (int)Math.floor(x[2] + 0.5);
                        if (p >= 0 && q >= 0 && r >= 0 && p < size[0] && q < size[1] && r < size[2]) {
                            sums[map[(r * size[1] + q) * size[0] + p] & 0xff][v] += 0.125f;
                        }
                    }
                }
            }
        });
    }
}
