package org.scanbridge.dicom.privacy;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.regex.Pattern;

import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.DicomException;
import org.scanbridge.dicom.data.DicomException.Reason;
import org.scanbridge.dicom.data.DicomFile;
import org.scanbridge.dicom.data.PixelData;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.data.Uid;
import org.scanbridge.dicom.series.Problem;
import org.scanbridge.dicom.series.Problem.Effect;
import org.scanbridge.dicom.series.Problem.Kind;
import org.scanbridge.dicom.series.Pseudonyms;
import org.scanbridge.dicom.series.SeriesHeader;
import org.scanbridge.dicom.series.SiteRule;
import org.scanbridge.dicom.study.Archives;
import org.scanbridge.dicom.study.FileNames;
import org.scanbridge.dicom.study.StudyFiles;
import org.scanbridge.imaging.Progress;

/**
 * Copies a folder of DICOM files without what identifies the patients: headers are cleaned by {@link Deidentifier}, pixel
 * data is copied as it is, still compressed, names of files and folders are made of pseudonyms:
 * {@code site/subject/series/instance.dcm}. Files that cannot be cleaned are left out and reported. A file of the copy
 * appears whole or not at all.
 */
public final class DeidentifyingCopy {

    private static final Pattern UNFIT = Pattern.compile("[^A-Za-z0-9._ -]");

    private final DeidentifyOptions m_options;

    private final Deidentifier m_deidentifier;

    private final Pseudonyms m_pseudonyms;

    /** @param options what to keep */
    public DeidentifyingCopy(final DeidentifyOptions options) {
        m_options = Objects.requireNonNull(options, "options");
        m_deidentifier = new Deidentifier(options);
        m_pseudonyms = new Pseudonyms(options.key());
    }

    /** What became of one file. */
    private record Outcome(boolean copied, Optional<Problem> problem) {
    }

    /**
     * Copies all files below a folder. The copy is the same whatever the number of workers.
     *
     * @param source the folder, or a DICOMDIR, whose files are copied
     * @param target a new or empty folder outside the source
     * @param progress counts files; cancels, and what was copied stays
     * @param executor runs the copying; not shut down
     * @throws FileAlreadyExistsException if the target holds files
     * @throws IOException if a folder cannot be listed or a file cannot be written
     * @throws CancellationException if the progress was cancelled
     */
    public DeidentifyReport copy(final Path source, final Path target, final Progress progress,
        final ExecutorService executor) throws IOException {
        final Path from = source.toAbsolutePath().normalize();
        final Path to = target.toAbsolutePath().normalize();
        if (to.startsWith(from) || from.startsWith(to)) {
            throw new IllegalArgumentException("The copy cannot lie in the folder that is copied, nor hold it. Choose a"
                + " folder beside it.");
        }
        final List<Problem> problems = new ArrayList<>();
        try (Archives archives = new Archives()) {
            final Map<String, Path> files = StudyFiles.list(source, archives, problems);
            return copy(files, StudyFiles.isMedium(source, files.keySet()), target, progress, executor, problems);
        }
    }

    private DeidentifyReport copy(final Map<String, Path> files, final boolean medium, final Path target, final Progress progress,
        final ExecutorService executor, final List<Problem> problems) throws IOException {
        final Path to = target.toAbsolutePath().normalize();
        Files.createDirectories(to);
        try (var entries = Files.newDirectoryStream(to)) {
            if (entries.iterator().hasNext()) {
                throw new FileAlreadyExistsException(target.toString(), null,
                    "the folder is not empty; choose an empty or a new folder");
            }
        }
        final Set<String> written = ConcurrentHashMap.newKeySet();
        final List<Future<Outcome>> tasks = new ArrayList<>();
        files.forEach((path, file) -> tasks.add(executor.submit(() -> copy(file, path, medium, to, written))));
        int copied = 0;
        try {
            for (int t = 0; t < tasks.size(); t++) {
                final Outcome outcome = get(tasks.get(t));
                copied += outcome.copied() ? 1 : 0;
                outcome.problem().ifPresent(problems::add);
                progress.report((t + 1.0) / tasks.size(), "Copied " + copied + " of " + tasks.size() + " files");
            }
        } finally {
            tasks.forEach(t -> t.cancel(true));
        }
        problems.sort(Comparator.comparing(Problem::file).thenComparing(Problem::kind));
        return new DeidentifyReport(files.size(), copied, problems);
    }

    private static Outcome get(final Future<Outcome> task) throws IOException {
        try {
            return task.get();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (CancellationException)new CancellationException("interrupted").initCause(e);
        } catch (final ExecutionException e) {
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    /** @throws IOException if the copy cannot be written; what is wrong with the file itself becomes a problem */
    private Outcome copy(final Path file, final String path, final boolean medium, final Path target,
        final Set<String> written)
        throws IOException {
        final DicomFile dicom;
        try {
            dicom = DicomFile.open(file);
        } catch (final DicomException e) {
            return skipped(switch (e.reason()) {
                case NOT_DICOM -> Kind.NOT_DICOM;
                case COMPRESSED -> Kind.COMPRESSED_FILE;
                default -> Kind.UNREADABLE_FILE;
            }, path, "",
                "The file cannot be read: " + e.getMessage() + ".", "Remove it, or export it again.");
        } catch (final IOException e) {
            // The message may hold the absolute path.
            return skipped(Kind.UNREADABLE_FILE, path, "",
                "The file cannot be opened or read (" + e.getClass().getSimpleName() + ").",
                "Check that you may read the file.");
        }
        try (dicom) {
            return copy(dicom, path, medium, target, written);
        }
    }

    private Outcome copy(final DicomFile dicom, final String path, final boolean medium, final Path target,
        final Set<String> written)
        throws IOException {
        final DataSet data = dicom.data();
        if (data.text(Tag.SOP_CLASS_UID).equals(Uid.MEDIA_STORAGE_DIRECTORY)
            || dicom.meta().text(Tag.MEDIA_STORAGE_SOP_CLASS_UID).equals(Uid.MEDIA_STORAGE_DIRECTORY)) {
            return new Outcome(false, Optional.empty()); // lists the files of the original by their names
        }
        final SeriesHeader header;
        final byte[] head;
        final PixelData pixels;
        final String series;
        final String instance;
        final String subject;
        try {
            header = SeriesHeader.of(data, m_options.siteRule(), Set.of());
            series = m_pseudonyms.series(header.seriesUid().isEmpty() ? "folder " + folder(path) : header.seriesUid());
            if (!Suspects.canBeCleaned(data, dicom.pixels().isPresent())) {
                return skipped(Kind.UNSUPPORTED_OBJECT, path, series, "Objects of SOP class "
                    + data.text(Tag.SOP_CLASS_UID) + " may name the patient anywhere and are not copied.",
                    "Nothing needs to be done if only images are needed.");
            }
            instance = m_deidentifier.uid(data.requiredText(Tag.SOP_INSTANCE_UID));
            subject = m_pseudonyms.subject(header.patient().isEmpty() ? "study " + header.studyUid()
                : "patient " + header.patient());
            pixels = PixelData.of(dicom);
            head = pixels.head(m_deidentifier.deidentify(data, subject));
        } catch (final DicomException | IllegalArgumentException e) {
            return skipped(Kind.UNREADABLE_FILE, path, "", "The file cannot be cleaned: " + e.getMessage() + ".",
                "Export it again.");
        }
        final Optional<String> suspicion = Suspects.burnedIn(data);
        if (suspicion.isPresent() && !m_options.keepSuspects()) {
            return skipped(Kind.BURNED_IN_ANNOTATION, path, series,
                "The pixels may show who the patient is: " + suspicion.get() + ".",
                "Look at the image; copy it by hand, or allow such images, if nothing is to be seen.");
        }
        final String name = Path.of(site(header, path, medium), subject, series, instance + ".dcm").toString();
        if (!written.add(name)) {
            return skipped(Kind.DUPLICATE_SLICE, path, series,
                "Another file has the same SOP Instance UID; one of them was copied.", "Remove one of the two.");
        }
        try {
            write(target.resolve(name), head, pixels);
        } catch (final DicomException e) {
            return skipped(Kind.UNREADABLE_FILE, path, series, "The pixel data cannot be copied: " + e.getMessage() + ".",
                "Export the file again.");
        }
        return new Outcome(true, suspicion.map(s -> new Problem(Kind.BURNED_IN_ANNOTATION, Effect.KEPT, path, series,
            "The pixels may show who the patient is: " + s + ".", "Look at the image before you give it away.")));
    }

    private static Outcome skipped(final Kind kind, final String path, final String series, final String message,
        final String remedy) {
        return new Outcome(false,
            Optional.of(new Problem(kind, Effect.FILE_SKIPPED, path, series, message, remedy)));
    }

    private static String folder(final String path) {
        return path.substring(0, path.lastIndexOf('/') + 1);
    }

    /** The site as a folder name; empty if there is none, as on a medium, see {@link StudyFiles#isMedium}. */
    private String site(final SeriesHeader header, final String path, final boolean medium) {
        final boolean byFolder = m_options.siteRule() == SiteRule.FOLDER;
        final String named = byFolder ? m_options.siteFolder().of(path).orElse("") : header.site();
        // Whatever the level, a folder that is called like the patient would identify him in the copy.
        final boolean none = byFolder && (medium && m_options.siteFolder().isFirst() || header.folder().is(named));
        final String site = none ? "" : named;
        return FileNames.valid(UNFIT.matcher(site).replaceAll("_"));
    }

    private static void write(final Path file, final byte[] head, final PixelData pixels) throws IOException {
        Files.createDirectories(file.getParent());
        final Path temporary = file.resolveSibling(file.getFileName() + ".part");
        try {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(temporary))) {
                out.write(head);
                pixels.write(out);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }
}
