package org.scanbridge.dicom.study;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;

import org.scanbridge.dicom.seg.GridOffset;
import org.scanbridge.dicom.seg.JoinedLabels;
import org.scanbridge.dicom.seg.LabelSource;
import org.scanbridge.dicom.seg.NiftiLabels;
import org.scanbridge.dicom.series.Problem;
import org.scanbridge.dicom.series.Problem.Effect;
import org.scanbridge.dicom.series.Problem.Kind;
import org.scanbridge.dicom.study.SeriesAssembler.Assembled;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.labels.OverlapRule;
import org.scanbridge.imaging.volume.Geometry;

/** Finds the image of each segmentation, structure set and label map, and checks that they can be put onto its grid. */
final class LabelJoin {

    private final SeriesAssembler m_assembler;

    private final List<Assembled> m_images;

    private final Consumer<Problem> m_problems;

    private final OverlapRule m_overlap;

    /**
     * @param assembler knows the ids of series
     * @param images all images
     * @param problems takes what is wrong
     * @param overlap which class has a voxel that several segmentations claim
     */
    LabelJoin(final SeriesAssembler assembler, final List<Assembled> images, final Consumer<Problem> problems,
        final OverlapRule overlap) {
        m_assembler = Objects.requireNonNull(assembler, "assembler");
        m_images = List.copyOf(images);
        m_problems = Objects.requireNonNull(problems, "problems");
        m_overlap = Objects.requireNonNull(overlap, "overlap");
    }

    /**
     * Joins labels and images.
     *
     * @return the labels of each image that has some
     */
    Map<Assembled, LabelSource> join(final List<IndexedFile> files, final Progress progress,
        final ExecutorService executor) throws IOException {
        final Map<Assembled, LabelSource> chosen = new HashMap<>();
        final List<Assembled> order = new ArrayList<>();
        for (final IndexedFile file : files) {
            if (file.labels().isPresent()) {
                join(file, chosen, order);
            }
        }
        reportMissing(files, chosen, order);
        final List<Future<List<Problem>>> checks = new ArrayList<>();
        for (final Assembled image : order) {
            final LabelSource labels = chosen.get(image);
            checks.add(executor.submit(() -> {
                final List<Problem> found = new ArrayList<>();
                labels.read(image.stack(), image.info(), found::add);
                return found;
            }));
        }
        try {
            for (int c = 0; c < checks.size(); c++) {
                final List<Problem> found = FolderIndex.get(checks.get(c));
                found.forEach(m_problems);
                if (found.stream().anyMatch(p -> p.effect() == Effect.SEGMENTATION_SKIPPED)) {
                    chosen.remove(order.get(c));
                }
                progress.report((c + 1.0) / checks.size(), "Checked " + (c + 1) + " of " + checks.size()
                    + " segmentations");
            }
        } finally {
            checks.forEach(c -> c.cancel(true));
        }
        return chosen;
    }

    private void join(final IndexedFile file, final Map<Assembled, LabelSource> chosen, final List<Assembled> order) {
        final LabelSource labels = file.labels().orElseThrow();
        final String id = file.header().map(h -> m_assembler.series(h, file.path())).orElse("");
        final List<Assembled> images = labels instanceof NiftiLabels ? imagesByPlace(labels) : images(labels);
        if (images.size() != 1) {
            final boolean nifti = labels instanceof NiftiLabels;
            m_problems.accept(new Problem(Kind.SEGMENTATION_WITHOUT_IMAGE, Effect.SEGMENTATION_SKIPPED, file.path(), id,
                !images.isEmpty() ? "The segmentation names no series and fits " + images.size() + " of them."
                    : nifti ? "No series has the voxels of this NIfTI file (" + ((NiftiLabels)labels).geometry() + ")"
                        + nearest(((NiftiLabels)labels).geometry()) + "."
                        : "The segmentation refers to a series that is not in the folder or was left out.",
                nifti ? "Put it into the folder of its series, on the same grid."
                    : "Add the series that was segmented, or solve its problem."));
        } else if (chosen.putIfAbsent(images.get(0), labels) != null) {
            final LabelSource present = chosen.get(images.get(0));
            final Optional<LabelSource> joined = JoinedLabels.of(present, labels, m_overlap);
            if (joined.isPresent()) {
                chosen.put(images.get(0), joined.get());
                return;
            }
            m_problems.accept(new Problem(Kind.SEVERAL_SEGMENTATIONS, Effect.SEGMENTATION_SKIPPED, file.path(),
                images.get(0).info().series(), "The series has another segmentation already: " + present.path() + ".",
                "Keep one segmentation per series in the folder."));
        } else {
            order.add(images.get(0));
        }
    }

    /** How far the nearest image with the same numbers of voxels lies away; empty if there is none. */
    private String nearest(final Geometry labels) {
        final int[] size = sorted(labels);
        return m_images.stream().filter(a -> Arrays.equals(size, sorted(a.stack().geometry())))
            .min(Comparator.comparingDouble(a -> distance(labels, a.stack().geometry())))
            .map(a -> ": it is off by " + GridOffset.between(labels, a.stack().geometry()) + " from series "
                + a.info().series() + ", the nearest of this size")
            .orElse("");
    }

    private static int[] sorted(final Geometry g) {
        final int[] size = g.size();
        Arrays.sort(size);
        return size;
    }

    private static double distance(final Geometry a, final Geometry b) {
        final double[] p = a.position((a.size(0) - 1) / 2.0, (a.size(1) - 1) / 2.0, (a.size(2) - 1) / 2.0);
        final double[] q = b.position((b.size(0) - 1) / 2.0, (b.size(1) - 1) / 2.0, (b.size(2) - 1) / 2.0);
        return Math.hypot(Math.hypot(p[0] - q[0], p[1] - q[1]), p[2] - q[2]);
    }

    /** The images that labels refer to: by SOP instance, by series, or by frame of reference and grid. */
    private List<Assembled> images(final LabelSource labels) {
        final List<Assembled> best = best(m_images, a -> labels.references(a.stack()));
        if (!best.isEmpty()) {
            return best;
        }
        final boolean named = !labels.seriesUids().isEmpty() || !labels.sources().isEmpty();
        final List<Assembled> fitting = new ArrayList<>();
        for (final Assembled a : m_images) {
            if (named ? labels.seriesUids().contains(a.header().seriesUid())
                : labels.fits(a.header().frameOfReference(), a.stack())) {
                fitting.add(a);
            }
        }
        return fitting;
    }

    /** The images with the most of something, of those that have at least one. */
    private static List<Assembled> best(final List<Assembled> images, final ToIntFunction<Assembled> count) {
        final List<Assembled> best = new ArrayList<>();
        int most = 1;
        for (final Assembled a : images) {
            final int n = count.applyAsInt(a);
            if (n > most) {
                best.clear();
                most = n;
            }
            if (n == most) {
                best.add(a);
            }
        }
        return best;
    }

    /** Of the images on the same grid those nearest in the tree of folders, of these the one that the name names. */
    private List<Assembled> imagesByPlace(final LabelSource labels) {
        final List<Assembled> fitting = m_images.stream().filter(a -> labels.fits("", a.stack())).toList();
        if (fitting.size() < 2) {
            return fitting;
        }
        final List<Assembled> near = best(fitting, a -> 1 + commonFolders(labels.path(), pathOf(a)));
        final String name = comparable(labels.path().substring(labels.path().lastIndexOf('/') + 1));
        final List<Assembled> named = best(near, a -> namedBy(name, a));
        return named.isEmpty() ? near : named;
    }

    private static String pathOf(final Assembled image) {
        return image.stack().slices().get(0).path();
    }

    private static int commonFolders(final String a, final String b) {
        final String[] x = a.split("/");
        final String[] y = b.split("/");
        int n = 0;
        while (n < Math.min(x.length, y.length) - 1 && x[n].equals(y[n])) {
            n++;
        }
        return n;
    }

    /** Length of the longest of the image's ids, description and folder names that the name of a file holds. */
    private static int namedBy(final String name, final Assembled image) {
        int longest = 0;
        final List<String> words = new ArrayList<>(List.of(pathOf(image).split("/")));
        words.add(image.header().seriesUid());
        words.add(image.header().description());
        words.add(image.info().series());
        for (final String word : words) {
            final String w = comparable(word.replaceFirst("\\.[^.]*$", ""));
            if (w.length() > 1 && name.contains(w)) {
                longest = Math.max(longest, w.length());
            }
        }
        return longest;
    }

    private static String comparable(final String text) {
        return text.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]", "");
    }

    /** Labels that refer to images that nobody has tell of slices that are missing at the ends of a stack. */
    private void reportMissing(final List<IndexedFile> files, final Map<Assembled, LabelSource> chosen,
        final List<Assembled> order) {
        final Set<String> known = new HashSet<>();
        files.forEach(f -> f.slices().forEach(s -> known.add(s.sopInstance())));
        for (final Assembled image : order) {
            final LabelSource labels = chosen.get(image);
            final long missing = labels.sources().stream().filter(s -> !known.contains(s)).count();
            if (missing > 0 && labels.references(image.stack()) > 0) {
                m_problems.accept(new Problem(Kind.INCOMPLETE_SERIES, Effect.KEPT, labels.path(), image.info().series(),
                    "The segmentation refers to " + missing + " images that are not in the folder.",
                    "Look whether the archive holds more images of this series; export it again if so."));
            }
        }
    }
}
