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
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import org.scanbridge.dicom.nifti.NiftiException;
import org.scanbridge.dicom.nifti.NiftiReader;
import org.scanbridge.dicom.series.Problem;
import org.scanbridge.dicom.series.Problem.Effect;
import org.scanbridge.dicom.series.Problem.Kind;
import org.scanbridge.dicom.series.Pseudonyms;
import org.scanbridge.imaging.Progress;
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
        final MessageDigest hash = sha256();
        for (int f = 0; f < files.size(); f++) {
            final NiftiFile file = files.get(f);
            progress.report((double)f / files.size(), "Read " + f + " of " + files.size() + " headers");
            index(file, hash, problems).ifPresent(grid -> {
                grids.put(file, grid.geometry());
                volumes.put(file, grid.volumes());
            });
        }
        final Pairing pairing = pairing(files);
        final NamePattern chosen = new NamePattern(m_options.images());
        final List<NiftiFile> labels = files.stream().filter(pairing::isLabel).toList();
        final List<NiftiFile> images =
            files.stream().filter(f -> pairing.isImage(f) && chosen.matches(f)).toList();
        for (final NiftiFile file : files) {
            if (volumes.getOrDefault(file, 1) > 1 && (labels.contains(file) || images.contains(file))) {
                problem(file, labels.contains(file), volumes.get(file)).ifPresent(p -> {
                    problems.add(p);
                    grids.remove(file);
                });
            }
        }
        final Map<NiftiFile, NiftiFile> labelOf = assign(pairing, images, labels, grids, problems);
        final ClassNameFiles classes = new ClassNameFiles(root);
        final List<NiftiSeries> series = new ArrayList<>();
        for (final NiftiFile image : images) {
            if (grids.containsKey(image)) {
                final Optional<String> site = site(image, pairing);
                if (site.isEmpty()) {
                    problems.add(m_options.siteFolder().above(image.path(), ""));
                    continue;
                }
                final NiftiFile label = labelOf.get(image);
                final LabelSet names = label == null ? LabelSet.of()
                    : m_options.classes().names().isEmpty() ? classes.of(label) : m_options.classes();
                final VolumeInfo info = info(image, site.get(), pairing, labels);
                for (final int v : m_options.volumes().of(volumes.get(image))) {
                    series.add(new NiftiSeries(image, v, numbered(info, v, volumes.get(image)), grids.get(image), label,
                        names));
                }
            }
        }
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
        Files.walkFileTree(root, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE,
            new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(final Path file, final BasicFileAttributes attributes) {
                    final String path = relative(file);
                    if (attributes.isRegularFile() && NiftiFile.isNamedSo(path)) {
                        files.put(path, new NiftiFile(file, path));
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
            case ENDINGS -> new EndingPairing();
            case PATTERNS -> new PatternPairing(m_options.images(), m_options.labels());
            case AUTOMATIC -> FolderPairing.fits(files) ? new FolderPairing(files)
                : BidsPairing.fits(files) ? new BidsPairing(files) : new EndingPairing();
        };
    }

    /** Gives each label map to the images that it belongs to by name and that have its voxels. */
    private static Map<NiftiFile, NiftiFile> assign(final Pairing pairing, final List<NiftiFile> images,
        final List<NiftiFile> labels, final Map<NiftiFile, Geometry> grids, final List<Problem> problems) {
        final Map<NiftiFile, NiftiFile> labelOf = new LinkedHashMap<>();
        for (final NiftiFile label : labels) {
            final Geometry grid = grids.get(label);
            if (grid == null) {
                continue;
            }
            final List<NiftiFile> candidates =
                pairing.candidates(label, images).stream().filter(grids::containsKey).toList();
            final List<NiftiFile> same = candidates.stream()
                .filter(i -> SameVoxels.reorder(grid, grids.get(i)).isPresent()).toList();
            if (candidates.isEmpty()) {
                problems.add(skipped(Kind.SEGMENTATION_WITHOUT_IMAGE, label,
                    "By its name the label map belongs to no image that is read.",
                    "Name the files after each other, or choose another layout or other patterns."));
            } else if (same.isEmpty()) {
                problems.add(skipped(Kind.SEGMENTATION_GEOMETRY, label, "The label map has " + grid + ", its image "
                    + candidates.get(0).path() + " has " + grids.get(candidates.get(0)) + " (or another position).",
                    "Put both onto the same grid with the tool that made them."));
            }
            for (final NiftiFile image : same) {
                final NiftiFile first = labelOf.putIfAbsent(image, label);
                if (first != null) {
                    problems.add(skipped(Kind.SEVERAL_SEGMENTATIONS, label,
                        "The image " + image.path() + " has another label map already: " + first.path() + ".",
                        "Keep one label map per image in the folder, or choose one by patterns."));
                }
            }
        }
        return labelOf;
    }

    private static Problem skipped(final Kind kind, final NiftiFile label, final String message, final String remedy) {
        return new Problem(kind, Effect.SEGMENTATION_SKIPPED, label.path(), "", message, remedy);
    }

    private VolumeInfo info(final NiftiFile image, final String site, final Pairing pairing,
        final List<NiftiFile> labels) {
        final String subject = m_options.subjectFolders() ? image.folder() : pairing.subject(image, labels);
        final Pseudonyms pseudonyms = new Pseudonyms(m_options.pseudonymKey());
        return new VolumeInfo(m_options.modality().isEmpty() ? modality(image) : m_options.modality(),
            site,
            m_options.showNames() ? name(subject) : pseudonyms.subject("file " + subject),
            m_options.showNames() ? image.key() : pseudonyms.series("file " + image.key()), "");
    }

    /** The last part of a path. */
    private static String name(final String path) {
        final String[] parts = path.split("/");
        return parts.length == 0 ? "" : parts[parts.length - 1];
    }

    /** By the suffixes of BIDS, which other data sets use as well; empty if the name does not tell. */
    private static String modality(final NiftiFile image) {
        final String stem = "_" + image.stem().toLowerCase(Locale.ROOT) + "_";
        if (stem.matches(".*[_.-](t1w?|t1ce|t1c|t1gd|t2w?|flair|pdw?|t2star|swi|dwi|adc|mri?|bold)[_.-].*")) {
            return "MR";
        }
        return stem.matches(".*[_.-]ct[_.-].*") ? "CT" : stem.matches(".*[_.-]pet[_.-].*") ? "PT" : "";
    }
}
