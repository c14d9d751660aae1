package org.scanbridge.dicom.nifti.study;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

import org.scanbridge.dicom.nifti.NiftiException;
import org.scanbridge.dicom.nifti.NiftiReader;
import org.scanbridge.dicom.nifti.NiftiRemark;
import org.scanbridge.dicom.nifti.study.LabelAssignment.Assigned;
import org.scanbridge.dicom.seg.Overlaps;
import org.scanbridge.dicom.series.Problem;
import org.scanbridge.dicom.series.Problem.Effect;
import org.scanbridge.dicom.series.Problem.Kind;
import org.scanbridge.dicom.series.Pseudonyms;
import org.scanbridge.dicom.series.Raters;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.labels.CombinationNumbers;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.VolumeInfo;

/**
 * Reads a folder tree of NIfTI files: tells images from label maps by their names, and gives a label map to each image
 * that it belongs to by name and whose voxels it has. Whatever is wrong becomes a {@link Problem}; only a folder that
 * cannot be listed is an error.
 */
public final class NiftiStudyReader {

    private static final int CHUNK = 1 << 20;

    /** How much of the progress is reading headers; the rest is looking at label values. */
    private static final double HEADERS = 0.7;

    /** Files of images that are not read here, but that a user may expect to be. */
    private static final Pattern OTHER_IMAGE = Pattern.compile("(?i).*\\.(mgz|mgh|nrrd|nhdr|mha|mhd|mnc|gipl|vtk)");

    /** Archives, whose content is not read here. */
    private static final Pattern ARCHIVE = Pattern.compile("(?i).*\\.(zip|7z|rar|tar|tgz|tar\\.gz)");

    private final NiftiStudyOptions m_options;

    /** @param options how to read */
    public NiftiStudyReader(final NiftiStudyOptions options) {
        m_options = options;
    }

    /**
     * Reads the headers.
     *
     * @param root the folder
     * @param progress counts files; cancels
     * @throws IOException if the folder does not exist or cannot be listed
     * @throws java.util.concurrent.CancellationException if the progress was cancelled
     */
    public NiftiStudy read(final Path root, final Progress progress) throws IOException {
        progress.report(0, "Listing files");
        final List<Problem> problems = new ArrayList<>();
        final List<NiftiFile> files = list(root, problems);
        final Map<NiftiFile, Geometry> grids = new HashMap<>();
        final Map<NiftiFile, Integer> volumes = new HashMap<>();
        final Map<NiftiFile, List<NiftiRemark>> remarks = new HashMap<>();
        final MessageDigest hash = sha256();
        for (int f = 0; f < files.size(); f++) {
            final NiftiFile file = files.get(f);
            progress.report(HEADERS * f / files.size(), "Read " + f + " of " + files.size() + " headers");
            index(file, hash, problems).ifPresent(grid -> {
                grids.put(file, grid.geometry());
                volumes.put(file, grid.volumes());
                remarks.put(file, grid.remarks());
            });
        }
        final RaterNames raters = new RaterNames(m_options.raters().folderNames(), files);
        final Pairing pairing = m_options.raters().rule() == Raters.Rule.FOLDER
            && m_options.layout() != NiftiLayout.PATTERNS ? new RaterFolders(files, raters, this::pairing) : pairing(files);
        m_options.raters().unmatched(files.stream().map(NiftiFile::path).toList()).ifPresent(problems::add);
        final NamePattern chosen = new NamePattern(m_options.images());
        final Set<NiftiFile> labels = new LinkedHashSet<>(files.stream().filter(pairing::isLabel).toList());
        final Set<NiftiFile> images =
            new LinkedHashSet<>(files.stream().filter(f -> pairing.isImage(f) && chosen.matches(f)).toList());
        for (final NiftiFile file : files) {
            if (labels.contains(file) || images.contains(file)) {
                remarks.getOrDefault(file, List.of()).forEach(r -> problems.add(
                    new Problem(kind(r.about()), Effect.KEPT, file.path(), "", r.message(), r.remedy())));
            }
            if (volumes.getOrDefault(file, 1) > 1 && (labels.contains(file) || images.contains(file))) {
                problem(file, labels.contains(file), volumes.get(file)).ifPresent(p -> {
                    problems.add(p);
                    grids.remove(file);
                });
            }
        }
        reportUnused(files, pairing, images, problems);
        final Map<NiftiFile, List<Assigned>> labelsOf =
            new LabelAssignment(pairing, grids, m_options.raters(), raters, problems).of(List.copyOf(images), List.copyOf(labels));
        final Labels known = new Labels(root, labelsOf, pairing, problems, progress.part(HEADERS, 1));
        final SubjectNames names = new SubjectNames();
        images.stream().filter(grids::containsKey).forEach(i -> site(i, pairing)
            .ifPresent(site -> names.add(site, subject(i, pairing, List.copyOf(labels)))));
        final List<NiftiSeries> series = new ArrayList<>();
        for (final NiftiFile image : images) {
            if (grids.containsKey(image)) {
                final Optional<String> site = site(image, pairing);
                if (site.isEmpty()) {
                    problems.add(m_options.siteFolder().above(image.path(), ""));
                    continue;
                }
                final List<Optional<LabelFiles>> label = new ArrayList<>();
                for (int r = 0; r < m_options.raters().columns(); r++) {
                    label.add(labelsOf.containsKey(image) ? known.of(labelsOf.get(image).get(r)) : Optional.empty());
                }
                final VolumeInfo info = info(image, site.get(), subject(image, pairing, List.copyOf(labels)), names);
                for (final int v : m_options.volumes().of(volumes.get(image))) {
                    series.add(new NiftiSeries(image, v, numbered(info, v, volumes.get(image)), grids.get(image), label));
                }
            }
        }
        known.reportCombinations(series, problems);
        series.sort(Comparator.comparing((NiftiSeries s) -> s.info().site()).thenComparing(s -> s.info().subject())
            .thenComparing(s -> s.info().series()));
        problems.sort(Comparator.comparing(Problem::file).thenComparing(Problem::message));
        return new NiftiStudy(series, problems, HexFormat.of().formatHex(hash.digest()));
    }

    private List<NiftiFile> list(final Path root, final List<Problem> problems) throws IOException {
        if (!Files.exists(root)) {
            throw new NoSuchFileException(root.toString(), null, "there is no such folder");
        }
        if (!Files.isDirectory(root)) {
            throw new NotDirectoryException(root + " is a file; choose the folder that holds the images");
        }
        final Map<String, NiftiFile> files = new TreeMap<>();
        final Map<String, SortedSet<String>> others = new TreeMap<>();
        Files.walkFileTree(root, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE,
            new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(final Path file, final BasicFileAttributes attributes) {
                    final String path = relative(file);
                    if (attributes.isRegularFile() && NiftiFile.isNamedSo(path)) {
                        files.put(path, new NiftiFile(file, path));
                    } else if (attributes.isRegularFile() && ARCHIVE.matcher(path).matches() && !path.startsWith("._")) {
                        problems.add(new Problem(Kind.COMPRESSED_FILE, Effect.FILE_SKIPPED, path, "",
                            "It is an archive (." + path.substring(path.lastIndexOf('.') + 1)
                                + "), whose content is not read.",
                            "Unpack it into the folder if it holds images of the study, and remove it."));
                    } else if (attributes.isRegularFile() && OTHER_IMAGE.matcher(path).matches()) {
                        others.computeIfAbsent(path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT),
                            k -> new TreeSet<>()).add(path);
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(final Path file, final IOException e) {
                    problems.add(new Problem(Kind.UNREADABLE_FILE, Effect.FILE_SKIPPED, relative(file), "",
                        "It cannot be listed (" + e.getClass().getSimpleName() + ").",
                        "Check that you may read it and that links do not run in a circle."));
                    return FileVisitResult.CONTINUE;
                }

                private String relative(final Path file) {
                    return root.relativize(file).toString().replace('\\', '/');
                }
            });
        others.forEach((format, paths) -> problems.add(new Problem(Kind.UNSUPPORTED_OBJECT, Effect.FILE_SKIPPED,
            paths.first(), "", (paths.size() == 1 ? "The file is" : paths.size() + " files are") + " of the format ."
                + format + ", which is not read.", "Convert " + (paths.size() == 1 ? "it" : "them") + " to NIfTI"
                + (format.startsWith("mg") ? ", with FreeSurfer's mri_convert for instance." : "."))));
        return new ArrayList<>(files.values());
    }

    private static Optional<NiftiReader.Grid> index(final NiftiFile file, final MessageDigest hash,
        final List<Problem> problems) {
        hash.update(file.path().getBytes(StandardCharsets.UTF_8));
        hash.update((byte)0);
        try {
            hash.update(content(file.file()));
            return Optional.of(NiftiReader.readGrid(file.file()));
        } catch (final IOException e) {
            problems.add(new Problem(Kind.UNREADABLE_FILE, Effect.FILE_SKIPPED, file.path(), "", message(e),
                e instanceof NiftiException ? "Export the file again, or take it out of the folder."
                    : "Check that you may read the file and that the disk is in order."));
            return Optional.empty();
        }
    }

    /** Why a file of several volumes is not read; empty if it is. */
    private Optional<Problem> problem(final NiftiFile file, final boolean isLabel, final int count) {
        if (isLabel) {
            return Optional.of(skipped(Kind.SEGMENTATION_GEOMETRY, file, "The label map holds " + count
                + " volumes (dimension 4); a label map has one.", "Join its volumes into one map of label values."));
        }
        if (!m_options.volumes().of(count).isEmpty()) {
            return Optional.empty();
        }
        final boolean tooFew = m_options.volumes().rule() == VolumeChoice.Rule.ONE;
        return Optional.of(new Problem(Kind.UNREADABLE_FILE, Effect.FILE_SKIPPED, file.path(), "", "Dimension 4 is " + count
            + "; " + (tooFew ? "there is no volume " + m_options.volumes().volume() + "."
                : "files of several times or channels are not to be read."),
            "Change \"Volumes of 4-D files\", or split the file."));
    }

    /** The info of a volume of a file: the series id tells which, with zeros in front so that the order stays. */
    private static VolumeInfo numbered(final VolumeInfo info, final int volume, final int count) {
        return count == 1 ? info : new VolumeInfo(info.modality(), info.site(), info.subject(), info.series()
            + String.format(Locale.ROOT, "_v%0" + Integer.toString(count).length() + "d", volume + 1), info.units());
    }

    private Optional<String> site(final NiftiFile image, final Pairing pairing) {
        return m_options.site().isEmpty() ? m_options.siteFolder().of(pairing.siteFolders(image))
            : Optional.of(m_options.site());
    }

    /** The message of an I/O error may hold the absolute path. */
    static String message(final IOException e) {
        return e instanceof NiftiException ? e.getMessage()
            : "The file cannot be opened or read (" + e.getClass().getSimpleName() + ").";
    }

    private static byte[] content(final Path file) throws IOException {
        final MessageDigest digest = sha256();
        final byte[] chunk = new byte[CHUNK];
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                digest.update(chunk, 0, n);
            }
        }
        return digest.digest();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    private Pairing pairing(final List<NiftiFile> files) {
        return switch (m_options.layout()) {
            case FOLDERS -> new FolderPairing(files);
            case BIDS -> new BidsPairing(files);
            case ENDINGS -> new EndingPairing(files, m_options.raters().rule());
            case PATTERNS -> new PatternPairing(m_options.images(), m_options.labels());
            case AUTOMATIC -> new DatasetPairing(files, !m_options.images().equals("*"), m_options.raters().rule());
        };
    }

    /** One row for each reason why files were not used. */
    private void reportUnused(final List<NiftiFile> files, final Pairing pairing, final Set<NiftiFile> images,
        final List<Problem> problems) {
        final Map<String, List<String>> unused = new TreeMap<>();
        for (final NiftiFile file : files) {
            if (!pairing.isLabel(file) && !images.contains(file)) {
                unused.computeIfAbsent(pairing.isImage(file) ? "does not match \"Images\"" : pairing.neither(file),
                    r -> new ArrayList<>()).add(file.path());
            }
        }
        unused.forEach((reason, paths) -> problems.add(notUsed(reason, paths)));
    }

    /** A file that the rules leave out is no loss. */
    static Problem notUsed(final String reason, final List<String> paths) {
        return new Problem(Kind.FILTERED, Effect.FILE_SKIPPED, paths.get(0), "", (paths.size() == 1 ? "The file " + reason
            : paths.size() + " files are not used, this one first: it " + reason) + ".",
            "Change \"Layout\", \"Images\" or \"Label maps\" if it is to be read.");
    }

    /** The labels of images, with the names of their values. */
    private final class Labels {

        private final Pairing m_pairing;

        private final LabelMaps m_maps;

        /** Value by name of class, of files that hold one class each. */
        private final Map<String, Integer> m_classes;

        private final CombinationNumbers m_combinations = new CombinationNumbers();

        Labels(final Path root, final Map<NiftiFile, List<Assigned>> labelsOf, final Pairing pairing,
            final List<Problem> problems, final Progress progress) {
            m_pairing = pairing;
            final List<NiftiFile> used =
                labelsOf.values().stream().flatMap(List::stream).flatMap(a -> a.files().stream()).distinct().toList();
            final List<NiftiFile> maps = used.stream()
                .filter(l -> pairing.className(l).isEmpty()).toList();
            m_maps = new LabelMaps(root, m_options.names(), maps, false,
                "Name all values in \"Classes\" if other studies are to get the same numbers.", problems::add, progress);
            m_classes = classes(used.stream()
                .flatMap(l -> pairing.className(l).stream()).distinct().sorted().toList());
        }

        /** Values of classes: those that the user or a known table names, else from 1 in the order of the names. */
        private Map<String, Integer> classes(final List<String> names) {
            final Map<String, Integer> values = new HashMap<>();
            final Map<String, Integer> given = new HashMap<>();
            m_options.classes().names().forEach((value, name) -> given.put(name.toLowerCase(Locale.ROOT), value));
            final Map<String, Integer> organs = LabelTable.totalSegmentator().values();
            if (names.stream().allMatch(n -> given.containsKey(n.toLowerCase(Locale.ROOT)))) {
                names.forEach(n -> values.put(n, given.get(n.toLowerCase(Locale.ROOT))));
            } else if (organs.keySet().containsAll(names)) {
                names.forEach(n -> values.put(n, organs.get(n)));
            } else {
                names.forEach(n -> values.put(n, values.size() + 1));
            }
            return values;
        }

        Optional<LabelFiles> of(final Assigned assigned) {
            final List<NiftiFile> files = assigned.files();
            if (files.isEmpty()) {
                return Optional.empty();
            }
            if (m_pairing.className(files.get(0)).isEmpty()) {
                return Optional.of(LabelFiles.of(files.get(0), m_maps.numbers(), m_maps.names(files.get(0)),
                    assigned.own()));
            }
            final SortedMap<Integer, NiftiFile> classes = new TreeMap<>();
            files.forEach(f -> classes.put(m_classes.get(m_pairing.className(f).orElseThrow()), f));
            final SortedMap<Integer, String> names = new TreeMap<>();
            m_classes.forEach((name, value) -> names.put(value, name));
            return Optional.of(
                LabelFiles.of(classes, new LabelSet(names), m_options.overlap(), assigned.own(), m_combinations));
        }

        /** Finds the combinations of classes of all images, so that each has one number in the study. */
        void reportCombinations(final List<NiftiSeries> series, final List<Problem> problems) {
            series.forEach(NiftiSeries::addCombinations);
            m_combinations.defect().ifPresent(d -> problems.add(new Problem(Kind.LABEL_OUT_OF_RANGE, Effect.KEPT, "", "", d
                + " So the numbers of combinations differ between segmentations; their names tell.",
                Overlaps.tooMany(Overlaps.CLASSES))));
        }
    }

    static Problem skipped(final Kind kind, final NiftiFile label, final String message, final String remedy) {
        return new Problem(kind, Effect.SEGMENTATION_SKIPPED, label.path(), "", message, remedy);
    }

    /** What tells the subject of an image. */
    private String subject(final NiftiFile image, final Pairing pairing, final List<NiftiFile> labels) {
        return m_options.subjectFolders() ? image.folder() : pairing.subject(image, labels);
    }

    private VolumeInfo info(final NiftiFile image, final String site, final String subject, final SubjectNames names) {
        final Pseudonyms pseudonyms = new Pseudonyms(m_options.pseudonymKey());
        return new VolumeInfo(m_options.modality().isEmpty() ? modality(image) : m_options.modality(),
            site,
            m_options.showNames() ? names.of(site, subject) : pseudonyms.subject("file " + subject),
            m_options.showNames() ? image.key() : pseudonyms.series("file " + image.key()), "");
    }

    /** By the suffixes of BIDS, which other data sets use as well; empty if the name does not tell. */
    private static String modality(final NiftiFile image) {
        final String stem = "_" + image.stem().toLowerCase(Locale.ROOT) + "_";
        if (stem.matches(".*[_.-](t1w?|t1ce|t1c|t1gd|t2w?|flair|pdw?|t2star|swi|dwi|adc|mri?|bold)[_.-].*")) {
            return "MR";
        }
        return stem.matches(".*[_.-]ct[_.-].*") ? "CT" : stem.matches(".*[_.-]pet[_.-].*") ? "PT" : "";
    }

    private static Kind kind(final NiftiRemark.About about) {
        return switch (about) {
            case PLACE -> Kind.MISSING_GEOMETRY;
            case SIZE -> Kind.UNLIKELY_SPACING;
            case COLOR -> Kind.COLOR_IMAGE;
        };
    }
}
