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

    /** How many times the series that are fetched at a time are taken together: the slowest of them holds up the next ones. */
    private static final int ROUNDS = 4;

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

    /** Fetches and reads in portions that fit into the cache; whole studies, so that segmentations find their images. */
    private final class Portions {

        private final SeriesCache m_cache;

        private final KnownHeaders m_headers;

        private final SeriesFetch m_fetch;

        private final StudyReading m_reading;

        private final Progress m_progress;

        private final List<CachedSeries> m_used = new ArrayList<>();

        private final Map<String, Path> m_files = new TreeMap<>();

        /** All series of the run, by name. */
        private final Map<String, CachedSeries> m_all = new LinkedHashMap<>();

        /** Bytes of them. */
        private long m_bytes;

        /** Bytes of the largest study so far: the next may be as large. */
        private long m_largest;

        Portions(final Archive archive, final SeriesCache cache, final StudyReading reading, final Progress progress)
            throws InvalidSettingsException {
            m_cache = cache;
            m_headers = new KnownHeaders(m_parameters.options());
            m_fetch = new SeriesFetch(archive, cache, m_parameters.m_archive.address(), m_headers);
            m_reading = reading;
            m_progress = progress;
        }

        void run(final Map<String, List<SeriesKey>> studies) throws IOException, KNIMEException, InvalidSettingsException {
            final List<List<SeriesKey>> all = new ArrayList<>(studies.values());
            final long total = all.stream().mapToInt(List::size).sum();
            long done = 0;
            int next = 0;
            int readUpTo = 0;
            while (next < all.size()) {
                // Several studies at once keep the archive busy where each has few series; not many before it is known how
                // large they are.
                final int atOnce = m_parameters.m_parallel * (m_largest == 0 ? 1 : ROUNDS);
                final List<SeriesKey> batch = new ArrayList<>();
                int to = next;
                while (to < all.size() && (to == next || batch.size() < atOnce
                    && m_cache.used() + (to - next + 1) * m_largest <= m_cache.limit())) {
                    batch.addAll(all.get(to++));
                }
                final long before = m_cache.used();
                fetch(batch, done, total);
                m_largest = Math.max(m_largest, (m_cache.used() - before) / (to - next));
                done += batch.size();
                next = to;
                if (m_cache.used() + m_largest > m_cache.limit() && next < all.size()) {
                    read(readUpTo / (double)all.size(), next / (double)all.size());
                    readUpTo = next;
                }
            }
            read(readUpTo / (double)Math.max(1, all.size()), 1);
        }

        private void read(final double from, final double to) throws IOException, KNIMEException, InvalidSettingsException {
            if (!m_files.isEmpty()) {
                final DicomStudyReader reader = new DicomStudyReader(m_parameters.options());
                final Map<String, Path> files = new TreeMap<>(m_files);
                m_reading.read((part, workers) -> reader.read(m_cache.images(), files, m_headers, part, workers),
                    m_progress.part(FETCHING + (1 - FETCHING) * from, FETCHING + (1 - FETCHING) * to));
            }
            m_bytes += m_cache.used();
            m_used.forEach(u -> m_all.put(u.name(), u));
            m_cache.release(m_used);
            m_used.clear();
            m_files.clear();
            m_headers.clear();
        }

        /** Says that the cache could not hold all series of the run; empty if it could. */
        Optional<String> dropped() {
            final long gone = m_all.values().stream().filter(s -> !m_cache.holds(s)).count();
            return gone == 0 ? Optional.empty() : Optional.of("The cache of " + (m_cache.limit() >> 20) + " MB could not hold the "
                + m_all.size() + " series of this run, which take " + ((m_bytes >> 20) + 1) + " MB: the files of " + gone
                + " were deleted after they had been read. The Segmentation Writer and whatever else reads the folder of the third"
                + " output will not find them. Raise \"Cache size in MB\" to " + ((m_bytes >> 20) + 1) + " or more for that.");
        }

        /** Fetches series, several at a time. */
        private void fetch(final List<SeriesKey> batch, final long before, final long total) throws IOException {
            final ExecutorService threads = Executors.newFixedThreadPool(m_parameters.m_parallel);
            try {
                final CompletionService<Fetched> fetching = new ExecutorCompletionService<>(threads);
                final Map<Future<Fetched>, SeriesKey> keys = new LinkedHashMap<>();
                batch.forEach(key -> keys.put(fetching.submit(() -> m_fetch.fetch(key, told(key), Progress.NONE)), key));
                final Map<SeriesKey, Fetched> results = new LinkedHashMap<>();
                final Map<SeriesKey, ArchiveException> refusals = new LinkedHashMap<>();
                while (results.size() + refusals.size() < batch.size()) {
                    m_progress.report(FETCHING * (before + results.size() + refusals.size()) / total, "Fetching series "
                        + Math.min(total, before + results.size() + refusals.size() + 1) + " of " + total);
                    final Future<Fetched> one = poll(fetching);
                    if (one != null) {
                        take(one, keys.get(one), results, refusals);
                    }
                }
                // in the order of the input, whatever came first
                for (final SeriesKey key : batch) {
                    if (refusals.containsKey(key)) {
                        missing(key, refusals.get(key).getMessage());
                    } else {
                        take(key, results.get(key));
                    }
                }
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

        private void take(final Future<Fetched> done, final SeriesKey key, final Map<SeriesKey, Fetched> results,
            final Map<SeriesKey, ArchiveException> refusals) throws IOException {
            try {
                results.put(key, done.get());
            } catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
                throw (CancellationException)new CancellationException("interrupted").initCause(e);
            } catch (final ExecutionException e) {
                if (e.getCause() instanceof ArchiveException a && a.kind() != Kind.NOT_REACHABLE && a.kind() != Kind.NOT_ALLOWED) {
                    refusals.put(key, a);
                } else if (e.getCause() instanceof IOException io) {
                    throw io;
                } else if (e.getCause() instanceof RuntimeException r) {
                    throw r;
                } else {
                    throw new IllegalStateException(e.getCause());
                }
            }
        }

        private void take(final SeriesKey key, final Fetched fetched) {
            m_used.add(fetched.series());
            if (fetched.isWhole()) {
                m_files.putAll(fetched.files());
            } else if (fetched.announced() == 0) {
                missing(key, "The archive has no images of it any more.");
            } else {
                missing(key, (fetched.announced() - fetched.files().size()) + " of " + fetched.announced()
                    + " images did not come. " + fetched.reason());
            }
        }

        private void missing(final SeriesKey key, final String message) {
            m_reading.add(new Problem(Problem.Kind.NOT_RETRIEVED, Effect.SERIES_SKIPPED, "", m_pseudonyms.series(key.series()),
                message, "Run the node again: what came is kept. If it stays, ask who looks after the archive."));
        }
    }
}
