package org.scanbridge.imaging.atlas;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.filter.GaussianBlur;
import org.scanbridge.imaging.register.AffineTransform;
import org.scanbridge.imaging.register.FixedImage;
import org.scanbridge.imaging.register.Freedom;
import org.scanbridge.imaging.register.Registration;
import org.scanbridge.imaging.resample.GridWindow;
import org.scanbridge.imaging.stats.Percentiles;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

import net.imglib2.parallel.TaskExecutor;

/**
 * Makes an atlas of labeled images (the prior of Ashburner &amp; Friston, NeuroImage 2005). The subject whose labels have
 * the median volume, among those that their images show wholly, gives the frame; the others are aligned to it affinely, by mutual information around the labels, and
 * once more to the atlas that came out, so that it is nobody's. What has no label is split by the images' own intensities,
 * each divided by the mean of its labeled tissue, into clusters that all subjects share.
 * <p>
 * The atlas reaches as far around the labels as its margin says, but never beyond what the images show: planes of padding
 * ({@link ShownBox}) are no anatomy, and where no subject's image reaches, the atlas says nothing. Each place is averaged
 * over the subjects that show it, so images may be cropped tightly and differently.
 * <p>
 * Memory: 5 bytes per voxel and class of the atlas, the reference image, and of the other images one at a time; what is not
 * at hand is read again. Deterministic, whatever the number of workers.
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
                    + labels.geometry() + ", its image " + image.geometry().beside(labels.geometry())
                    + ". Resample the segmentation to the image's grid first.");
            }
            if (labels.maxValue() == 0) {
                throw new ImagingException("The segmentation of subject \"" + image.info().subject()
                    + "\" is empty. Leave out the row, or mend the segmentation.");
            }
        }
    }

    /** As {@link #buildFrom} of subjects that are in memory. */
    public Atlas build(final List<Subject> subjects, final TaskExecutor workers, final Progress progress) {
        return buildFrom(subjects.stream().<Supplier<Subject>> map(s -> () -> s).toList(), workers, progress);
    }

    /**
     * What has to be known of a subject before the others are looked at.
     *
     * @param labeled volume of its labels in mm³
     * @param isWhole whether no label touches a face of the image, which would mean that it may go on beyond
     * @param scale one over the image's range within the labels, so that gains do not matter
     * @param rest number of voxels without a label
     * @param brightest largest value of those
     */
    private record Facts(double labeled, boolean isWhole, double scale, long rest, float brightest) {
    }

    /** The classes that voxels are put into: labels in order, then clusters of the rest by scaled intensity. */
    private record Classes(List<Integer> labels, double[] bounds) {

        private int cluster(final double intensity) {
            int c = 0;
            while (c < bounds.length && intensity > bounds[c]) {
                c++;
            }
            return c;
        }

        /** The class of each voxel. */
        byte[] map(final Subject subject, final double scale) {
            final byte[] y = subject.labels().voxels();
            final float[] x = subject.image().voxels();
            final byte[] map = new byte[y.length];
            for (int v = 0; v < y.length; v++) {
                map[v] = (byte)(y[v] != 0 ? labels.indexOf(y[v] & 0xff) : labels.size() + cluster(x[v] * scale));
            }
            return map;
        }
    }

    /**
     * @param subjects at least one; several images of one subject count as several. Each is read several times, one after
     *            the other, and must be the same each time
     * @param workers what the work is shared out to
     * @param progress of the whole
     * @throws ImagingException if an image cannot be aligned or the labels do not go together
     */
    public Atlas buildFrom(final List<? extends Supplier<Subject>> subjects, final TaskExecutor workers,
        final Progress progress) {
        if (subjects.isEmpty()) {
            throw new ImagingException("No labeled image is left to make an atlas of. Connect a table whose rows have images "
                + "and segmentations.");
        }
        final SortedMap<Integer, String> names = new TreeMap<>();
        final List<Facts> facts = new ArrayList<>();
        for (final Supplier<Subject> source : subjects) {
            progress.report(0, "Reading image " + (facts.size() + 1) + " of " + subjects.size());
            final Subject subject = shown(source);
            addNames(subject, names);
            facts.add(facts(subject));
        }
        final int reference = median(facts);
        final Classes of = new Classes(new ArrayList<>(names.keySet()), bounds(subjects, facts));
        final List<AtlasClass> classes = new ArrayList<>();
        names.forEach((label, name) -> classes.add(new AtlasClass(label, name)));
        final int rest = facts.stream().mapToInt(f -> f.rest == 0 ? 0 : 1 + of.cluster(f.brightest * f.scale)).max().orElse(0);
        for (int c = 1; c <= rest; c++) {
            classes.add(new AtlasClass(0, "unlabeled " + c));
        }
        if (classes.size() < 2) {
            throw new ImagingException("All that the images show is labeled \"" + classes.get(0).name()
                + "\": an atlas needs something to tell it from. Use images that were cropped less tightly, or segmentations"
                + " of several labels.");
        }
        final Subject frame = shown(subjects.get(reference));
        final Geometry grid = grid(frame.labels());
        final Registration registration = new Registration(Freedom.AFFINE, finest(grid, frame.image().geometry()));
        final List<AffineTransform> toSubject = new ArrayList<>();
        final FixedImage fixed = new FixedImage(frame.image(), Optional.of(region(frame.image(), grid)));
        for (int s = 0; s < subjects.size(); s++) {
            final Progress part = progress.part(0.5 * s / subjects.size(), 0.5 * (s + 1) / subjects.size());
            toSubject.add(s == reference ? AffineTransform.IDENTITY
                : registration.register(fixed, shown(subjects.get(s)).image(), workers, part).transform());
        }
        final Average average = new Average(subjects, facts, of, grid, classes);
        Atlas atlas = average(average, toSubject, workers);
        if (subjects.size() > 1) {
            for (int s = 0; s < subjects.size(); s++) {
                final Progress part = progress.part(0.5 + 0.5 * s / subjects.size(), 0.5 + 0.5 * (s + 1) / subjects.size());
                toSubject.set(s, registration.register(atlas, shown(subjects.get(s)).image(), workers, part).transform());
            }
            atlas = average(average, toSubject, workers);
        }
        progress.report(1, "Atlas of " + subjects.size() + " images");
        return atlas;
    }

    private static Subject shown(final Supplier<Subject> source) {
        return ShownBox.of(source.get());
    }

    /** 2 mm for heads, finer for smaller things; never larger than what the image shows. */
    private static double finest(final Geometry grid, final Geometry image) {
        return Math.max(1, Math.min(2, Math.min(grid.diagonal(), image.diagonal()) / 80));
    }

    private static Facts facts(final Subject subject) {
        final byte[] y = subject.labels().voxels();
        final float[] x = subject.image().voxels();
        final double voxel = subject.labels().geometry().voxelVolume();
        double labeled = 0;
        long rest = 0;
        float brightest = Float.NEGATIVE_INFINITY;
        for (int v = 0; v < y.length; v++) {
            if (y[v] == 0) {
                rest++;
                brightest = x[v] > brightest ? x[v] : brightest;
            } else {
                labeled += voxel;
            }
        }
        return new Facts(labeled, isWhole(subject.labels()), scale(subject, y.length - (int)rest), rest, brightest);
    }

    private static boolean isWhole(final LabelVolume labels) {
        final Geometry g = labels.geometry();
        final GridWindow labeled = GridWindow.around(labels, 0);
        final int[] from = labeled.from();
        final int[] size = labeled.geometry().size();
        boolean isWhole = true;
        for (int a = 0; a < 3; a++) {
            isWhole &= from[a] > 0 && from[a] + size[a] < g.size(a);
        }
        return isWhole;
    }

    /** The subject of median volume among those that are whole, since the others are laid upon it; among all if none is. */
    private static int median(final List<Facts> facts) {
        final boolean anyWhole = facts.stream().anyMatch(Facts::isWhole);
        final double[] sorted =
            facts.stream().filter(f -> f.isWhole || !anyWhole).mapToDouble(Facts::labeled).sorted().toArray();
        return IntStream.range(0, facts.size()).filter(s -> (facts.get(s).isWhole || !anyWhole)
            && facts.get(s).labeled == sorted[sorted.length / 2]).findFirst().getAsInt();
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

    private static void addNames(final Subject s, final SortedMap<Integer, String> names) {
        for (final int label : s.labels().values()) {
            final String name = s.labels().labels().name(label);
            final String other = names.putIfAbsent(label, name);
            if (other != null && !other.equals(name)) {
                throw new ImagingException("Label value " + label + " is called \"" + other
                    + "\" in one segmentation and \"" + name + "\" in that of subject \"" + s.image().info().subject()
                    + "\". An atlas needs the same label values everywhere: make them the same first.");
            }
        }
    }

    /** Between which scaled intensities the clusters of what has no label lie. */
    private double[] bounds(final List<? extends Supplier<Subject>> subjects, final List<Facts> facts) {
        final long restCount = facts.stream().mapToLong(Facts::rest).sum();
        final int stride = (int)Math.max(1, restCount / MOST_CLUSTERED);
        final double[] values = new double[(int)(restCount / stride) + 1];
        int n = 0;
        long seen = 0;
        for (int s = 0; s < facts.size(); s++) {
            final Subject subject = shown(subjects.get(s));
            final byte[] y = subject.labels().voxels();
            final float[] x = subject.image().voxels();
            for (int v = 0; v < y.length; v++) {
                if (y[v] == 0 && seen++ % stride == 0 && n < values.length) {
                    values[n++] = x[v] * facts.get(s).scale;
                }
            }
        }
        return n == 0 ? new double[0] : IntensityClusters.bounds(Arrays.copyOf(values, n), m_options.clusters());
    }

    private static double scale(final Subject s, final int count) {
        final byte[] y = s.labels().voxels();
        final float[] x = s.image().voxels();
        final float[] labeled = new float[count];
        int n = 0;
        for (int v = 0; v < x.length; v++) {
            if (y[v] != 0) {
                labeled[n++] = x[v];
            }
        }
        final double high = Percentiles.of(labeled, 90)[0];
        return high > 0 ? 1 / high : 1;
    }

    /** What is averaged, on which grid. */
    private record Average(List<? extends Supplier<Subject>> subjects, List<Facts> facts, Classes of, Geometry grid,
        List<AtlasClass> classes) {
    }

    private Atlas average(final Average a, final List<AffineTransform> toSubject, final TaskExecutor workers) {
        final Geometry grid = a.grid;
        final float[][] sums = new float[a.classes.size()][grid.voxelCount()];
        for (int s = 0; s < a.facts.size(); s++) {
            final Subject subject = shown(a.subjects.get(s));
            add(a.of.map(subject, a.facts.get(s).scale), subject.labels().geometry(), toSubject.get(s), grid, sums, workers);
        }
        final boolean[] shown = shown(sums);
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
            // blurring carries probabilities beyond the images, where they are nobody's anatomy
            for (int c = 0; c < sums.length && shown[v]; c++) {
                priors[c][v] = (byte)Math.round(255 * sums[c][v] / all);
            }
        }
        return trimmed(grid, a.classes, priors, shown, a.facts.size());
    }

    /** Where at least half of a voxel is within the image of some subject. */
    private static boolean[] shown(final float[][] sums) {
        final boolean[] shown = new boolean[sums[0].length];
        for (int v = 0; v < shown.length; v++) {
            double all = 0;
            for (final float[] sum : sums) {
                all += sum[v];
            }
            shown[v] = all >= 0.5;
        }
        return shown;
    }

    /**
     * The atlas without the planes that no image shows, but for one on each side: places between centers need both.
     *
     * @param priors changed, so that memory holds each once
     */
    private static Atlas trimmed(final Geometry grid, final List<AtlasClass> classes, final byte[][] priors,
        final boolean[] shown, final int subjects) {
        final byte[] mask = new byte[shown.length];
        for (int v = 0; v < mask.length; v++) {
            mask[v] = (byte)(shown[v] ? 1 : 0);
        }
        final GridWindow window = GridWindow.around(new LabelVolume(mask, grid, VolumeInfo.UNKNOWN, LabelSet.of("shown")), 1);
        for (int c = 0; c < priors.length; c++) {
            priors[c] = window.apply(new LabelVolume(priors[c], grid, VolumeInfo.UNKNOWN, LabelSet.of())).voxels();
        }
        return new Atlas(window.geometry(), classes, priors, subjects);
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
