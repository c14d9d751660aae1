package org.scanbridge.dicom.study;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.data.Uid;
import org.scanbridge.dicom.seg.DicomSegWriter;
import org.scanbridge.dicom.series.DicomSeriesWriter;
import org.scanbridge.dicom.series.RadiographWriter;
import org.scanbridge.dicom.series.SourceSeries;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.Volume;

/**
 * Writes subjects as a study folder {@code <root>/<site>/<subject>/}, one MR series, or one radiograph, and, where labeled,
 * one DICOM Segmentation per subject, and one more series per further image. The whole folder appears at once or not at all:
 * it is written under a temporary name beside its place and then renamed. The same subjects and seed give the same bytes.
 */
public final class DicomStudyWriter {

    /** Segmentations must tell when they were made; generated ones were made at no time. */
    private static final LocalDateTime CREATED = LocalDateTime.of(2000, 1, 1, 0, 0);

    /** Leftovers of killed runs, and other runs at the same time, that are stepped around. */
    private static final int MAX_LEFTOVERS = 1000;

    private final String m_seed;

    /** @param seed all UIDs derive from this text and the names of sites and subjects */
    public DicomStudyWriter(final String seed) {
        m_seed = Objects.requireNonNull(seed, "seed");
    }

    /**
     * Writes the study.
     *
     * @param root the folder to appear; may exist if it is empty or holds exactly what would be written
     * @param subjects the subjects; no two with the same site and subject
     * @param progress counts subjects; cancels, and nothing stays behind
     * @throws IllegalArgumentException if two subjects have the same site and name
     * @throws FileAlreadyExistsException if the folder holds something else
     * @throws IOException if writing fails; nothing stays behind
     */
    public void write(final Path root, final List<StudySubject> subjects, final Progress progress) throws IOException {
        final Set<String> names = new HashSet<>();
        for (final StudySubject s : subjects) {
            if (!names.add(s.site() + "/" + s.subject())) {
                throw new IllegalArgumentException("Two subjects are named " + s.site() + "/" + s.subject() + ".");
            }
        }
        final Path target = root.toAbsolutePath().normalize();
        final Path parent = target.getParent();
        if (parent == null || Files.exists(target) && !Files.isDirectory(target)) {
            throw new FileAlreadyExistsException(root.toString(), null, "it is no folder; choose another place");
        }
        Files.createDirectories(parent);
        final Path temporary = createBeside(target);
        try {
            for (int s = 0; s < subjects.size(); s++) {
                progress.report((double)s / subjects.size(), "Writing subject " + (s + 1) + " of " + subjects.size());
                write(temporary, subjects.get(s));
            }
            place(temporary, target);
            progress.report(1, "Wrote " + subjects.size() + " subjects");
        } finally {
            Folders.deleteTree(temporary);
        }
    }

    /** A new folder with the default permissions, which temporary folders of the JDK do not have. */
    private static Path createBeside(final Path target) throws IOException {
        for (int i = 0;; i++) {
            try {
                return Files.createDirectory(target.resolveSibling("." + target.getFileName() + ".partial-" + i));
            } catch (final FileAlreadyExistsException e) {
                if (i == MAX_LEFTOVERS) {
                    throw e;
                }
            }
        }
    }

    private void write(final Path root, final StudySubject s) throws IOException {
        final Path folder = Files.createDirectories(root.resolve(s.site()).resolve(s.subject()));
        final String seed = m_seed + "/" + s.site() + "/" + s.subject();
        final DataSet header = DataSet.builder().text(Tag.PATIENT_NAME, s.subject() + "^Subject")
            .text(Tag.PATIENT_ID, s.subject()).text(Tag.STUDY_ID, "1").text(Tag.STUDY_INSTANCE_UID, Uid.derived(seed)).text(Tag.INSTITUTION_NAME, s.site())
            .text(Tag.FRAME_OF_REFERENCE_UID, Uid.derived(seed + "/frame of reference")).build();
        final SourceSeries source = s.radiograph().isPresent()
            ? new RadiographWriter(SourceSeries.common(header), seed, s.radiograph().get().view()).write(folder, s.volume(),
                s.radiograph().get())
            : new DicomSeriesWriter(SourceSeries.common(header), seed, "Volume", "").write(folder, s.volume());
        if (s.segmentation().isPresent()) {
            Files.write(folder.resolve("SEG.dcm"),
                new DicomSegWriter(seed, "", CREATED).file(s.segmentation().get(), source));
        }
        for (final Map.Entry<String, Volume> image : s.further().entrySet()) {
            new DicomSeriesWriter(SourceSeries.common(header), seed + '/' + image.getKey(), image.getKey(), "")
                .write(Files.createDirectories(folder.resolve(image.getKey())), image.getValue());
        }
    }

    /** Moves the finished folder to its place, unless the very same is there already. */
    private static void place(final Path temporary, final Path target) throws IOException {
        if (Files.isDirectory(target)) {
            final Set<String> present = files(target);
            if (!present.isEmpty()) {
                if (isSame(temporary, target, present)) {
                    return;
                }
                throw new FileAlreadyExistsException(target.toString(), null,
                    "the folder holds other files; choose an empty or a new folder, or empty this one");
            }
            Folders.deleteTree(target);
        }
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    }

    private static boolean isSame(final Path a, final Path b, final Set<String> filesOfB) throws IOException {
        if (!files(a).equals(filesOfB)) {
            return false;
        }
        for (final String file : filesOfB) {
            if (Files.mismatch(a.resolve(file), b.resolve(file)) >= 0) {
                return false;
            }
        }
        return true;
    }

    private static Set<String> files(final Path root) throws IOException {
        final Set<String> files = new TreeSet<>();
        try (Stream<Path> tree = Files.walk(root)) {
            tree.filter(p -> !Files.isDirectory(p)).forEach(p -> files.add(root.relativize(p).toString()));
        }
        return files;
    }
}
