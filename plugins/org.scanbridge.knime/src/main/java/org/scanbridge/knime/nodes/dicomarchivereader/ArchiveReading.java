package org.scanbridge.knime.nodes.dicomarchivereader;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DoubleValue;
import org.knime.core.data.RowKey;
import org.knime.core.data.def.DefaultRow;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.BufferedDataContainer;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.ExecutionContext;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.KNIMEException;
import org.knime.node.DefaultModel.ExecuteOutput;
import org.scanbridge.dicom.archive.Archive;
import org.scanbridge.dicom.archive.ArchiveException;
import org.scanbridge.dicom.archive.ArchiveException.Kind;
import org.scanbridge.dicom.archive.CachedSeries;
import org.scanbridge.dicom.archive.SeriesCache;
import org.scanbridge.dicom.archive.SeriesFetch;
import org.scanbridge.dicom.archive.SeriesFetch.Fetched;
import org.scanbridge.dicom.archive.SeriesKey;
import org.scanbridge.dicom.archive.SeriesReferences;
import org.scanbridge.dicom.data.FilePart;
import org.scanbridge.dicom.series.Problem;
import org.scanbridge.dicom.series.Problem.Effect;
import org.scanbridge.dicom.series.Pseudonyms;
import org.scanbridge.dicom.study.DicomStudyReader;
import org.scanbridge.dicom.study.KnownHeaders;
import org.scanbridge.imaging.Progress;
import org.scanbridge.knime.dicom.StudyReading;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.KnimeProgress;
import org.scanbridge.knime.util.NodeMemory;
import org.scanbridge.knime.util.RowName;
import org.scanbridge.knime.util.StudyTable;

/** One execution of the DICOM Archive Reader: fetches study by study, and reads whenever the cache is full, or at the end. */
final class ArchiveReading {

    /** Folder. */
    static final DataTableSpec STUDY =
        new DataTableSpec(new DataColumnSpecCreator(StudyTable.FOLDER, StringCell.TYPE).createSpec());

    /** How much of the progress is fetching. */
    private static final double FETCHING = 0.6;

    /** How many times the series that are fetched at a time are asked for ahead, so that no thread waits for the next. */
    private static final int AHEAD = 4;

    /** How often it is looked whether the node was cancelled, in ms. */
    private static final long POLL = 200;

    private final DicomArchiveReaderParameters m_parameters;

    private final ExecutionContext m_exec;

    private final Pseudonyms m_pseudonyms;

    /** How many images a series has, where the input tells it. */
    private final Map<SeriesKey, Integer> m_told = new HashMap<>();

    ArchiveReading(final DicomArchiveReaderParameters parameters, final ExecutionContext exec)
        throws InvalidSettingsException {
        m_parameters = parameters;
        m_exec = exec;
        m_pseudonyms = new Pseudonyms(parameters.key().text());
    }

    void run(final BufferedDataTable table, final ExecuteOutput out)
        throws IOException, KNIMEException, InvalidSettingsException {
        final Map<String, List<SeriesKey>> studies = studies(table);
        final Progress progress = new KnimeProgress(m_exec);
        final StudyReading reading = new StudyReading(m_parameters, NodeMemory.DICOM_READER, m_exec);
        final Path images;
        final List<String> warnings = new ArrayList<>();
        try (Archive archive = m_parameters.m_archive.connect();
                SeriesCache cache = SeriesCache.open(m_parameters.cacheFolder(), m_parameters.cacheSize(), progress)) {
            images = cache.images();
            final Portions portions = new Portions(archive, cache, reading, progress);
            portions.run(studies);
            portions.dropped().ifPresent(warnings::add);
        } catch (final ArchiveException e) {
            throw new KNIMEException(e.getMessage() + " What was fetched stays in the cache: run the node again to go on.", e);
        }
        reading.finish("the archive", "The input names no series. Check the query.", warnings, out);
        final BufferedDataContainer rows = m_exec.createDataContainer(STUDY);
        rows.addRowToTable(new DefaultRow(RowKey.createRowKey(0L), new StringCell(images.toString())));
        rows.close();
        out.setOutData(2, rows.getTable());
    }

    /** The series of the input by study, in the order of the rows. */
    private Map<String, List<SeriesKey>> studies(final BufferedDataTable table)
        throws InvalidSettingsException, KNIMEException {
        final int column = m_parameters.referenceColumn(table.getDataTableSpec());
        final int images = m_parameters.imagesColumn(table.getDataTableSpec());
        final SeriesReferences references = new SeriesReferences(m_parameters.key().text());
        final Map<String, Set<SeriesKey>> studies = new LinkedHashMap<>();
        for (final DataRow row : table) {
            final String reference = Columns.text(row, column);
            if (reference.isEmpty()) {
                continue;
            }
            try {
                final SeriesKey key = references.series(reference);
                studies.computeIfAbsent(key.study(), s -> new LinkedHashSet<>()).add(key);
                told(row, images).ifPresent(n -> m_told.put(key, n));
            } catch (final IllegalArgumentException e) {
                throw new KNIMEException(RowName.of(row.getKey().getString()) + ": " + e.getMessage(), e);
            }
        }
        final Map<String, List<SeriesKey>> lists = new LinkedHashMap<>();
        studies.forEach((study, series) -> lists.put(study, List.copyOf(series)));
        return lists;
    }

    private static OptionalInt told(final DataRow row, final int column) {
        if (column < 0 || row.getCell(column).isMissing()) {
            return OptionalInt.empty();
        }
        final double number = ((DoubleValue)row.getCell(column)).getDoubleValue();
        return number >= 1 && number == (int)number ? OptionalInt.of((int)number) : OptionalInt.empty();
    }

    /**
     * Fetches and reads in portions that fit into the cache; whole studies, so that segmentations find their images. Where a
     * portion ends depends on the sizes of studies in the order of the input alone, not on which come first.
     */
    private final class Portions {

        private final SeriesCache m_cache;

        private final KnownHeaders m_headers;

        private final SeriesFetch m_fetch;

        private final StudyReading m_reading;

        private final Progress m_progress;

        /** What is under way, with the study that it is of. */
        private final Map<Future<Fetched>, SeriesKey> m_running = new HashMap<>();

        /** What came, and what was refused, of studies that were not read yet. */
        private final Map<SeriesKey, Fetched> m_results = new HashMap<>();

        private final Map<SeriesKey, ArchiveException> m_refusals = new HashMap<>();

        /** All series of the run, by name. */
        private final Map<String, CachedSeries> m_all = new LinkedHashMap<>();

        /** Bytes of them. */
        private long m_bytes;

        Portions(final Archive archive, final SeriesCache cache, final StudyReading reading, final Progress progress)
            throws InvalidSettingsException {
            m_cache = cache;
            m_headers = new KnownHeaders(m_parameters.options());
            m_fetch = new SeriesFetch(archive, cache, m_parameters.m_archive.address(), m_headers);
            m_reading = reading;
            m_progress = progress;
        }

        void run(final Map<String, List<SeriesKey>> studies) throws IOException, KNIMEException, InvalidSettingsException {
            final ExecutorService threads = Executors.newFixedThreadPool(m_parameters.m_parallel);
            try {
                run(new ArrayList<>(studies.values()), new ExecutorCompletionService<>(threads));
            } finally {
                threads.shutdownNow();
                try {
                    // none may still write when the cache is closed
                    threads.awaitTermination(1, TimeUnit.MINUTES);
                } catch (final InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        private void run(final List<List<SeriesKey>> studies, final CompletionService<Fetched> fetching)
            throws IOException, KNIMEException, InvalidSettingsException {
            final long total = studies.stream().mapToInt(List::size).sum();
            long done = 0;
            int asked = 0; // studies that are under way or here
            int first = 0; // the first study of the portion
            int here = 0; // the first study of which not all is here
            long size = 0; // bytes of the portion, as far as it is here
            long largest = 0; // bytes of the largest study up to there: the next may be as large
            while (here < studies.size()) {
                while (asked < studies.size() && (asked == here || hasRoom(asked - here, largest))) {
                    for (final SeriesKey key : studies.get(asked++)) {
                        m_running.put(fetching.submit(() -> m_fetch.fetch(key, told(key), Progress.NONE)), key);
                    }
                }
                m_progress.report(FETCHING * done / total, "Fetching series " + Math.min(total, done + 1) + " of " + total);
                final Future<Fetched> one = poll(fetching);
                if (one != null) {
                    take(one);
                    done++;
                }
                while (here < studies.size() && studies.get(here).stream().allMatch(this::isHere)) {
                    final long bytes = bytes(studies.get(here++));
                    size += bytes;
                    largest = Math.max(largest, bytes);
                    if (size + largest > m_cache.limit() && here < studies.size()) {
                        read(studies.subList(first, here), first / (double)studies.size(), here / (double)studies.size());
                        first = here;
                        size = 0;
                    }
                }
            }
            read(studies.subList(first, here), first / (double)Math.max(1, studies.size()), 1);
        }

        /**
         * Whether another study may be asked for before those that are under way are here: enough to keep the archive busy where
         * each has few series, and not more than the cache may hold.
         */
        private boolean hasRoom(final int studies, final long largest) {
            return m_running.size() < m_parameters.m_parallel * (largest == 0 ? 1 : AHEAD)
                && m_cache.used() + (studies + 1) * largest <= m_cache.limit();
        }

        private boolean isHere(final SeriesKey key) {
            return m_results.containsKey(key) || m_refusals.containsKey(key);
        }

        private long bytes(final List<SeriesKey> study) throws IOException {
            long bytes = 0;
            for (final SeriesKey key : study) {
                bytes += m_results.containsKey(key) ? m_results.get(key).series().size() : 0;
            }
            return bytes;
        }

        /** Reads studies that are here, in the order of the input, whatever came first; they may leave the cache then. */
        private void read(final List<List<SeriesKey>> studies, final double from, final double to)
            throws IOException, KNIMEException, InvalidSettingsException {
            final Map<String, FilePart> files = new TreeMap<>();
            final List<CachedSeries> used = new ArrayList<>();
            final List<String> known = new ArrayList<>();
            for (final List<SeriesKey> study : studies) {
                m_bytes += bytes(study);
                for (final SeriesKey key : study) {
                    if (m_refusals.containsKey(key)) {
                        missing(key, m_refusals.remove(key).getMessage());
                    } else {
                        final Fetched fetched = m_results.remove(key);
                        used.add(fetched.series());
                        known.addAll(fetched.files().keySet());
                        files.putAll(usable(key, fetched));
                    }
                }
            }
            if (!files.isEmpty()) {
                final DicomStudyReader reader = new DicomStudyReader(m_parameters.options());
                m_reading.read((part, workers) -> reader.read(m_cache.images(), files, m_headers, part, workers),
                    m_progress.part(FETCHING + (1 - FETCHING) * from, FETCHING + (1 - FETCHING) * to));
            }
            used.forEach(u -> m_all.put(u.name(), u));
            m_headers.forget(known);
            m_cache.release(used);
        }

        /** Says that the cache could not hold all series of the run; empty if it could. */
        Optional<String> dropped() {
            final long gone = m_all.values().stream().filter(s -> !m_cache.holds(s)).count();
            return gone == 0 ? Optional.empty() : Optional.of("The cache of " + (m_cache.limit() >> 20) + " MB could not hold the "
                + m_all.size() + " series of this run, which take " + ((m_bytes >> 20) + 1) + " MB: the files of " + gone
                + " were deleted after they had been read. The Segmentation Writer and whatever else reads the folder of the third"
                + " output will not find them. Raise \"Cache size in MB\" to " + ((m_bytes >> 20) + 1) + " or more for that.");
        }

        private OptionalInt told(final SeriesKey key) {
            return m_told.containsKey(key) ? OptionalInt.of(m_told.get(key)) : OptionalInt.empty();
        }

        private Future<Fetched> poll(final CompletionService<Fetched> fetching) {
            try {
                return fetching.poll(POLL, TimeUnit.MILLISECONDS);
            } catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
                throw (CancellationException)new CancellationException("interrupted").initCause(e);
            }
        }

        private void take(final Future<Fetched> done) throws IOException {
            final SeriesKey key = m_running.remove(done);
            try {
                m_results.put(key, done.get());
            } catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
                throw (CancellationException)new CancellationException("interrupted").initCause(e);
            } catch (final ExecutionException e) {
                if (e.getCause() instanceof ArchiveException a && a.kind() != Kind.NOT_REACHABLE && a.kind() != Kind.NOT_ALLOWED) {
                    m_refusals.put(key, a);
                } else if (e.getCause() instanceof IOException io) {
                    throw io;
                } else if (e.getCause() instanceof RuntimeException r) {
                    throw r;
                } else {
                    throw new IllegalStateException(e.getCause());
                }
            }
        }

        /** The files of a series that came wholly; else none, and what is missing is told. */
        private Map<String, FilePart> usable(final SeriesKey key, final Fetched fetched) {
            if (fetched.isWhole()) {
                return fetched.files();
            }
            missing(key, fetched.announced() == 0 ? "The archive has no images of it: they are gone since the query, or"
                + " \"Address\" is not what it was there."
                : (fetched.announced() - fetched.files().size()) + " of " + fetched.announced() + " images did not come. "
                    + fetched.reason());
            return Map.of();
        }

        private void missing(final SeriesKey key, final String message) {
            m_reading.add(new Problem(Problem.Kind.NOT_RETRIEVED, Effect.SERIES_SKIPPED, "", m_pseudonyms.series(key.series()),
                message, "Run the node again: what came is kept. If it stays, ask who looks after the archive."));
        }
    }
}
