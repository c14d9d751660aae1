package org.scanbridge.dicom.study;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;

import org.scanbridge.dicom.nifti.study.LabelMaps;
import org.scanbridge.dicom.seg.GridOffset;
import org.scanbridge.dicom.seg.JoinedLabels;
import org.scanbridge.dicom.seg.LabelSource;
import org.scanbridge.dicom.seg.NiftiLabels;
import org.scanbridge.dicom.seg.Overlaps;
import org.scanbridge.dicom.series.Problem;
import org.scanbridge.dicom.series.Problem.Effect;
import org.scanbridge.dicom.series.Problem.Kind;
import org.scanbridge.dicom.series.RaterFolderNames;
import org.scanbridge.dicom.series.RaterKeys;
import org.scanbridge.dicom.series.SeriesHeader;
import org.scanbridge.dicom.study.SeriesAssembler.Assembled;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.labels.CombinationNumbers;
import org.scanbridge.imaging.labels.OverlapRule;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;

/** Finds the image of each segmentation, structure set and label map, and checks that they can be put onto its grid. */
final class LabelJoin {

    private final SeriesAssembler m_assembler;

    private final List<Assembled> m_images;

    private final Consumer<Problem> m_problems;

    private final DicomStudyOptions m_options;

    /**
     * @param assembler knows the ids of series
     * @param images all images
     * @param problems takes what is wrong
     * @param options what becomes of voxels that several segmentations claim, and of several segmentations
     */
    LabelJoin(final SeriesAssembler assembler, final List<Assembled> images, final Consumer<Problem> problems,
        final DicomStudyOptions options) {
        m_assembler = Objects.requireNonNull(assembler, "assembler");
        m_images = List.copyOf(images);
        m_problems = Objects.requireNonNull(problems, "problems");
        m_options = Objects.requireNonNull(options, "options");
    }

    /**
     * The labels of all images.
     *
     * @param labels by image: those of each rater, null where there are none
     * @param numbers numbers of combinations of classes that are the same in the whole study; empty if numbers stay
     */
    record Joined(Map<Assembled, LabelSource[]> labels, int raters, Optional<CombinationNumbers> numbers) {

        /** The labels of an image by each rater. */
        List<Optional<LabelSource>> of(final Assembled image) {
            return Arrays.stream(labels.getOrDefault(image, new LabelSource[raters])).map(Optional::ofNullable).toList();
        }
    }

    /** A segmentation that is to be checked: that of an image by a rater. */
    private record Place(Assembled image, int rater) {
    }

    /** What a check found out. */
    private record Checked(List<Problem> problems, SortedSet<Integer> values, LabelSet names) {
    }

    /**
     * Joins labels and images.
     *
     * @param root of the study
     */
    Joined join(final List<IndexedFile> files, final Path root, final Progress progress, final ExecutorService executor)
        throws IOException {
        final Map<IndexedFile, Assembled> found = new LinkedHashMap<>();
        for (final IndexedFile file : files) {
            if (file.labels().isPresent()) {
                image(file).ifPresent(image -> found.put(file, image));
            }
        }
        final Map<IndexedFile, Assembled> images = withValues(found, root);
        final Map<Assembled, LabelSource[]> chosen = new LinkedHashMap<>();
        final RaterKeys raters = new RaterKeys(m_options.raters(), images.keySet().stream().map(this::rater).toList());
        raters.report(m_problems);
        m_options.raters().unmatched(files.stream().map(f -> f.path().replaceAll("(?i)\\.zip/", "/")).toList())
            .ifPresent(m_problems);
        images.forEach((file, image) -> place(file, image, raters,
            chosen.computeIfAbsent(image, i -> new LabelSource[m_options.raters().columns()])));
        reportMissing(files, chosen);
        return new Joined(chosen, m_options.raters().columns(), check(chosen, progress, executor));
    }

    /** Lets NIfTI label maps know the numbers and names of the values of all of them. */
    private Map<IndexedFile, Assembled> withValues(final Map<IndexedFile, Assembled> images, final Path root) {
        final SortedMap<String, Path> maps = new TreeMap<>();
        images.keySet().forEach(f -> {
            if (f.labels().orElseThrow() instanceof NiftiLabels nifti) {
                maps.put(nifti.path(), nifti.file());
            }
        });
        if (maps.isEmpty()) {
            return images;
        }
        final LabelMaps values = LabelMaps.of(root, maps, m_problems);
        final Map<IndexedFile, Assembled> known = new LinkedHashMap<>();
        images.forEach((f, image) -> known.put(f.labels().orElseThrow() instanceof NiftiLabels nifti
            ? new IndexedFile(f.path(), f.header(), f.slices(), Optional.of(nifti.with(values)), f.problem(), f.hash()) : f,
            image));
        return known;
    }

    /** Reads all labels once, so that all problems are known beforehand, and those that cannot be used are left out. */
    private Optional<CombinationNumbers> check(final Map<Assembled, LabelSource[]> chosen, final Progress progress,
        final ExecutorService executor) throws IOException {
        final List<Place> places = new ArrayList<>();
        final List<Future<Checked>> checks = new ArrayList<>();
        chosen.forEach((image, labels) -> {
            for (int r = 0; r < labels.length; r++) {
                final LabelSource source = labels[r];
                if (source != null) {
                    places.add(new Place(image, r));
                    checks.add(executor.submit(() -> check(source, image)));
                }
            }
        });
        final CombinationNumbers numbers = new CombinationNumbers();
        try {
            for (int c = 0; c < checks.size(); c++) {
                final Checked checked = FolderIndex.get(checks.get(c));
                checked.problems.forEach(m_problems);
                if (checked.names == null) {
                    chosen.get(places.get(c).image)[places.get(c).rater] = null;
                } else {
                    numbers.add(checked.values, checked.names);
                }
                progress.report((c + 1.0) / checks.size(), "Checked " + (c + 1) + " of " + checks.size()
                    + " segmentations");
            }
        } finally {
            checks.forEach(c -> c.cancel(true));
        }
        if (m_options.structures().overlap() != OverlapRule.KEEP_ALL || numbers.isEmpty()) {
            return Optional.empty();
        }
        final Optional<String> defect = numbers.defect();
        defect.ifPresent(d -> m_problems.accept(new Problem(Kind.LABEL_OUT_OF_RANGE, Effect.KEPT, "", "", d
            + " So the numbers of combinations differ between segmentations; their names tell.",
            Overlaps.tooMany(Overlaps.SEGMENTS))));
        return defect.isPresent() ? Optional.empty() : Optional.of(numbers);
    }

    /** @return names are null if the labels cannot be used */
    private static Checked check(final LabelSource source, final Assembled image) throws IOException {
        final List<Problem> found = new ArrayList<>();
        final Optional<LabelVolume> labels = source.read(image.stack(), image.info(), found::add);
        return new Checked(found, labels.map(LabelVolume::values).orElse(null),
            labels.map(LabelVolume::labels).orElse(null));
    }

    /** What tells the rater of a file. */
    private String rater(final IndexedFile file) {
        // a zip archive is read like a folder, and named like one
        final String place = file.path().replaceAll("(?i)\\.zip/", "/");
        final String[] path = place.split("/");
        return switch (m_options.raters().rule()) {
            case ONE, ORDER -> "";
            case FOLDER -> m_options.raters().folderNames().split(place).map(RaterFolderNames.Split::rater)
                .orElse(path.length < 2 ? "" : path[path.length - 2]);
            case NAME -> path[path.length - 1].replaceFirst("(?i)(\\.dcm|\\.nii(\\.gz)?|\\.hdr)$", "");
            case DESCRIPTION -> file.header().map(SeriesHeader::description).orElse("");
            case CREATOR -> file.labels().orElseThrow().creator();
        };
    }

    /** Puts the labels of a file into the column of its rater, together with what is there already if classes differ. */
    private void place(final IndexedFile file, final Assembled image, final RaterKeys raters, final LabelSource[] columns) {
        final LabelSource labels = file.labels().orElseThrow();
        LabelSource present = null;
        for (final int column : raters.columns(rater(file))) {
            present = columns[column];
            if (present == null) {
                columns[column] = labels;
                return;
            }
            final Optional<LabelSource> joined = JoinedLabels.of(present, labels, m_options.structures().overlap());
            if (joined.isPresent()) {
                columns[column] = joined.get();
                return;
            }
        }
        m_problems.accept(
            raters.noColumn(file.path(), image.info().series(), Optional.ofNullable(present).map(LabelSource::path)));
    }

    /** The image that the labels of a file belong to; empty if there is none, and a problem says why. */
    private Optional<Assembled> image(final IndexedFile file) {
        final LabelSource labels = file.labels().orElseThrow();
        final boolean nifti = labels instanceof NiftiLabels;
        final List<Assembled> images = nifti ? imagesByPlace(labels) : images(labels);
        if (images.size() == 1) {
            return Optional.of(images.get(0));
        }
        final String id = file.header().map(h -> m_assembler.series(h, file.path())).orElse("");
        m_problems.accept(new Problem(Kind.SEGMENTATION_WITHOUT_IMAGE, Effect.SEGMENTATION_SKIPPED, file.path(), id,
            !images.isEmpty() ? "The segmentation names no series and fits " + images.size() + " of them."
                : nifti ? "No series has the voxels of this NIfTI file (" + ((NiftiLabels)labels).geometry() + ")"
                    + nearest(((NiftiLabels)labels).geometry()) + "."
                    : "The segmentation refers to a series that is not in the folder or was left out.",
            nifti ? "Put it into the folder of its series, on the same grid."
                : "Add the series that was segmented, or solve its problem."));
        return Optional.empty();
    }

    /** How far the nearest image with the same numbers of voxels lies away; empty if there is none. */
    private String nearest(final Geometry labels) {
        final int[] size = sorted(labels);
        return m_images.stream().filter(a -> Arrays.equals(size, sorted(a.stack().geometry())))
            .min(Comparator.comparingDouble(a -> labels.centerDistance(a.stack().geometry())))
            .map(a -> ": it is off by " + GridOffset.between(labels, a.stack().geometry()) + " from series "
                + a.info().series() + ", the nearest of this size")
            .orElse("");
    }

    private static int[] sorted(final Geometry g) {
        final int[] size = g.size();
        Arrays.sort(size);
        return size;
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
        return !fitting.isEmpty() || named ? fitting
            : m_images.stream().filter(a -> labels.sharesFrame(a.header().frameOfReference())).toList();
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

    /**
     * Of the images on the same grid those nearest in the tree of folders, of these the one that the name names. On another
     * grid it belongs to the one image that it overlaps, if folders and names leave one.
     */
    private List<Assembled> imagesByPlace(final LabelSource labels) {
        final List<Assembled> same = m_images.stream().filter(a -> labels.fits("", a.stack())).toList();
        if (!same.isEmpty()) {
            return nearest(labels, same);
        }
        final List<Assembled> near = nearest(labels,
            m_images.stream().filter(a -> ((NiftiLabels)labels).overlaps(a.stack().geometry())).toList());
        return near.size() == 1 ? near : List.of();
    }

    private static List<Assembled> nearest(final LabelSource labels, final List<Assembled> fitting) {
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
    private void reportMissing(final List<IndexedFile> files, final Map<Assembled, LabelSource[]> chosen) {
        final Set<String> known = new HashSet<>();
        files.forEach(f -> f.slices().forEach(s -> known.add(s.sopInstance())));
        chosen.forEach((image, ofRaters) -> Arrays.stream(ofRaters).filter(Objects::nonNull).forEach(labels -> {
            final long missing = labels.sources().stream().filter(s -> !known.contains(s)).count();
            if (missing > 0 && labels.references(image.stack()) > 0) {
                m_problems.accept(new Problem(Kind.INCOMPLETE_SERIES, Effect.KEPT, labels.path(), image.info().series(),
                    "The segmentation refers to " + missing + " images that are not in the folder.",
                    "Look whether the archive holds more images of this series; export it again if so."));
            }
        }));
    }
}
