package org.scanbridge.dicom.study;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;

import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.DicomException;
import org.scanbridge.dicom.data.DicomException.Reason;
import org.scanbridge.dicom.data.DicomFile;
import org.scanbridge.dicom.data.FilePart;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.data.Uid;
import org.scanbridge.dicom.pixel.DicomDecoders;
import org.scanbridge.dicom.pixel.PixelReader;
import org.scanbridge.dicom.seg.LabelSource;
import org.scanbridge.dicom.series.Acquisition;
import org.scanbridge.dicom.series.Problem;
import org.scanbridge.dicom.series.Problem.Effect;
import org.scanbridge.dicom.series.Problem.Kind;
import org.scanbridge.dicom.series.Slice;
import org.scanbridge.dicom.series.SourceSeries;
import org.scanbridge.dicom.series.Stack;
import org.scanbridge.dicom.study.SeriesAssembler.Assembled;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.labels.CombinationNumbers;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;

/**
 * Reads a folder tree of DICOM files into volumes and their segmentations. Whatever is wrong in the tree becomes a
 * {@link Problem}; only a folder that cannot be listed is an error.
 */
public final class DicomStudyReader {

    /** Share of the headers in the progress; segmentations take the rest. */
    private static final double HEADERS = 0.8;

    private final DicomStudyOptions m_options;

    private final DicomDecoders m_decoders;

    /** @param options how to read */
    public DicomStudyReader(final DicomStudyOptions options) {
        this(options, DicomDecoders.standard());
    }

    /**
     * @param options how to read
     * @param decoders decode pixel data
     */
    public DicomStudyReader(final DicomStudyOptions options, final DicomDecoders decoders) {
        m_options = Objects.requireNonNull(options, "options");
        m_decoders = Objects.requireNonNull(decoders, "decoders");
    }

    /**
     * Reads the headers of all files below a folder, once and in parallel, and builds volumes from them. Segmentations
     * are read as a whole to check them. The result is the same whatever the number of workers.
     *
     * @param root the folder, or a DICOMDIR or zip archive, whose files are read; zip archives in the folder are read like
     *            folders. The folders beside a DICOMDIR, and those that are called like their patient, are no sites unless
     *            a deeper level is asked for
     * @param progress counts files; cancels
     * @param executor runs the reading; not shut down
     * @throws IOException if the folder does not exist or cannot be listed
     * @throws java.util.concurrent.CancellationException if the progress was cancelled
     */
    public Study read(final Path root, final Progress progress, final ExecutorService executor) throws IOException {
        final FileIndexer indexer = new FileIndexer(m_options, m_decoders);
        return read(root, FolderIndex.of(root, indexer::index, progress.part(0, HEADERS), executor), progress, executor);
    }

    /**
     * As {@link #read(Path, Progress, ExecutorService)}, of some files of a folder.
     *
     * @param root the folder
     * @param files by path relative to it, with {@code /}
     * @throws IOException as there
     */
    public Study read(final Path root, final Map<String, FilePart> files, final Progress progress,
        final ExecutorService executor) throws IOException {
        return read(root, files, new KnownHeaders(m_options), progress, executor);
    }

    /**
     * As {@link #read(Path, Map, Progress, ExecutorService)}, where the headers of some or all files are known.
     *
     * @param known made with the options of this reader; those of other files are read
     * @throws IOException as there
     */
    public Study read(final Path root, final Map<String, FilePart> files, final KnownHeaders known, final Progress progress,
        final ExecutorService executor) throws IOException {
        final FileIndexer indexer = new FileIndexer(m_options, m_decoders);
        return read(root, FolderIndex.of(files, (file, path) -> known.of(path).orElseGet(() -> indexer.index(file, path)),
            progress.part(0, HEADERS), executor), progress, executor);
    }

    private Study read(final Path root, final FolderIndex index, final Progress progress, final ExecutorService executor)
        throws IOException {
        final List<Problem> problems = new ArrayList<>(index.problems());
        final SeriesAssembler assembler = new SeriesAssembler(m_options,
            StudyFiles.isMedium(root, index.files().stream().map(IndexedFile::path).toList()), m_decoders, problems::add);
        assembler.reportFiles(index.files());
        final List<Assembled> assembled = assembler.assemble(index.files());
        new SubjectCheck(problems::add).check(assembled, m_options.subjectRule());
        final LabelJoin.Joined segmentations = new LabelJoin(assembler, assembled, problems::add, m_options)
            .join(index.files(), root, progress.part(HEADERS, 1), executor);
        final List<StudySeries> series = new ArrayList<>();
        for (final Assembled a : assembled) {
            series.add(series(a, segmentations));
        }
        series.sort(Comparator.comparing((StudySeries s) -> s.info().site()).thenComparing(s -> s.info().subject())
            .thenComparing(s -> s.info().series()));
        problems.sort(Comparator.comparing(Problem::file).thenComparing(Problem::series).thenComparing(Problem::kind)
            .thenComparing(Problem::message));
        return new Study(series, problems, m_options.hash() ? index.hash() : "", index.archives());
    }

    private StudySeries series(final Assembled a, final LabelJoin.Joined labels) {
        final PixelReader pixels = new PixelReader(m_decoders);
        final Set<FilePart> files = new HashSet<>();
        a.stack().slices().forEach(s -> files.add(s.file()));
        return new StudySeries(a.info(), a.part(), a.attributes(), a.stack().geometry(), files.size(),
            problems -> new Volume(a.stack().read(pixels, v -> problems.accept(voids(a, v))), a.stack().geometry(),
                a.info()),
            labels.of(a).stream().map(l -> l.map(s -> (StudySeries.Source<LabelVolume>)() -> read(s, a, labels.numbers())))
                .toList(), () -> source(a.stack()));
    }

    private static LabelVolume read(final LabelSource labels, final Assembled a, final Optional<CombinationNumbers> numbers)
        throws IOException {
        final List<Problem> found = new ArrayList<>();
        final LabelVolume volume = labels.read(a.stack(), a.info(), found::add).orElseThrow(() -> new DicomException(
            Reason.BAD_VALUE, labels.path() + " has changed: " + found.get(0).message()));
        return numbers.isPresent() ? numbers.get().apply(volume) : volume;
    }

    private static Problem voids(final Assembled a, final Stack.Voids voids) {
        return new Problem(Kind.PADDING, Effect.KEPT, "", a.info().series(),
            String.format(Locale.ROOT, "%d voxels (%.1f %%) have no value of their own (padding, values outside a mapping,"
                + " or corners of a tilted stack); they were set to %s.", voids.count(),
                100.0 * voids.count() / a.stack().geometry().voxelCount(), voids.value()),
            "Choose something else for \"Padding\" if this value disturbs.");
    }

    private static SourceSeries source(final Stack stack) throws IOException {
        final List<Slice> slices = stack.slices();
        final int planes = stack.geometry().size(2);
        if (slices.size() != planes) {
            throw new DicomException(Reason.UNSUPPORTED, (planes - slices.size()) + " of " + planes
                + " slices have no image of their own, so no derived object can refer to it");
        }
        try (DicomFile first = DicomFile.open(slices.get(0).file())) {
            // One frame, as some single-frame images say they have, needs no number.
            final boolean multiFrame = first.data().integer(Tag.NUMBER_OF_FRAMES, 1) > 1;
            final List<SourceSeries.Instance> instances = new ArrayList<>();
            for (final Slice slice : slices) {
                instances.add(new SourceSeries.Instance(slice.sopClass(), slice.sopInstance(),
                    multiFrame ? slice.frame() : -1));
            }
            return new SourceSeries(common(first.data(), slices.get(0)), first.data().text(Tag.SERIES_INSTANCE_UID),
                instances, new Acquisition(acquisitions(first.data(), slices, multiFrame),
                    slices.get(0).plane().isPresent()));
        }
    }

    /**
     * What derived objects have in common with their source. If it lies in the patient but names no frame of reference, as
     * after many a de-identification, they get one of their own, the same for all that are derived from the series: it is
     * Type 1 wherever there are positions (PS3.3 C.7.4.1).
     */
    private static DataSet common(final DataSet first, final Slice slice) {
        final DataSet common = SourceSeries.common(first);
        return slice.plane().isEmpty() || common.hasValue(Tag.FRAME_OF_REFERENCE_UID) ? common
            : common.toBuilder().text(Tag.FRAME_OF_REFERENCE_UID, Uid.derived("frame of reference of series "
                + first.text(Tag.STUDY_INSTANCE_UID) + " " + first.text(Tag.SERIES_INSTANCE_UID))).build();
    }

    private static List<DataSet> acquisitions(final DataSet first, final List<Slice> slices, final boolean multiFrame)
        throws IOException {
        if (!Acquisition.isNeeded(first.text(Tag.MODALITY)) || multiFrame) {
            return multiFrame ? Collections.nCopies(slices.size(), Acquisition.attributes(first)) : List.of();
        }
        final List<DataSet> acquisitions = new ArrayList<>();
        for (final Slice slice : slices) {
            try (DicomFile file = DicomFile.open(slice.file())) {
                acquisitions.add(Acquisition.attributes(file.data()));
            }
        }
        return acquisitions;
    }
}
