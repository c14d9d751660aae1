package org.scanbridge.dicom.archive;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

import org.scanbridge.dicom.archive.ArchiveException.Kind;
import org.scanbridge.dicom.data.FilePart;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.study.KnownHeaders;
import org.scanbridge.imaging.Progress;

/**
 * Fetches series into a cache: the whole series if none of it is in the cache, and if that is not as many instances as the
 * archive tells of, or something was there, those that are missing of the ones it lists, one by one. Safe for use by several threads.
 */
public final class SeriesFetch {

    /** After so many instances in a row that did not come, a series is given up. */
    private static final int MAX_FAILURES = 5;

    private final Archive m_archive;

    private final SeriesCache m_cache;

    private final String m_name;

    private final Optional<KnownHeaders> m_headers;

    /**
     * @param archive where from
     * @param cache where to
     * @param name tells archives apart in the cache, such as the address
     */
    public SeriesFetch(final Archive archive, final SeriesCache cache, final String name) {
        this(archive, cache, name, Optional.empty());
    }

    /**
     * @param archive where from
     * @param cache where to
     * @param name tells archives apart in the cache, such as the address
     * @param headers gets the headers of what comes, by path below {@link SeriesCache#images()}
     */
    public SeriesFetch(final Archive archive, final SeriesCache cache, final String name, final KnownHeaders headers) {
        this(archive, cache, name, Optional.of(headers));
    }

    private SeriesFetch(final Archive archive, final SeriesCache cache, final String name,
        final Optional<KnownHeaders> headers) {
        m_archive = Objects.requireNonNull(archive, "archive");
        m_cache = Objects.requireNonNull(cache, "cache");
        m_name = Objects.requireNonNull(name, "name");
        m_headers = headers;
    }

    /**
     * What came of a series.
     *
     * @param series in use in the cache until it is released
     * @param files those that are there, by path below {@link SeriesCache#images()}; others read them only if all came
     * @param announced how many instances the archive tells of
     * @param reason why some did not come; empty if all did
     */
    public record Fetched(CachedSeries series, Map<String, FilePart> files, int announced, String reason) {

        /** Whether all instances came that the archive tells of, one at least. */
        public boolean isWhole() {
            return announced > 0 && files.size() == announced;
        }
    }

    /**
     * Fetches a series, asking the archive how many instances it has.
     *
     * @param progress counts instances; cancels
     * @throws ArchiveException if the archive cannot be reached any more, lets nobody in, or does not say which instances
     *             there are
     * @throws IOException if the disk is full
     * @throws java.util.concurrent.CancellationException if the progress was cancelled
     */
    public Fetched fetch(final SeriesKey key, final Progress progress) throws IOException {
        return fetch(key, OptionalInt.empty(), progress);
    }

    /**
     * Fetches a series of which the archive told before how many instances it has. If as many come in one answer, it is not
     * asked again: some archives read the whole of a segmentation to tell this number, which takes longer than sending it.
     *
     * @param told the number, above 0; empty if it is not known
     * @param progress as above
     * @throws ArchiveException as above
     * @throws IOException as above
     */
    public Fetched fetch(final SeriesKey key, final OptionalInt told, final Progress progress) throws IOException {
        if (told.isPresent() && told.getAsInt() < 1) {
            throw new IllegalArgumentException("A series of " + told.getAsInt() + " instances");
        }
        final CachedSeries series = m_cache.use(m_name, key);
        boolean done = false;
        try {
            final Map<String, String> reasons = new LinkedHashMap<>();
            Fetched fetched = counted(key, told, series, reasons, progress);
            if (!fetched.isWhole()) {
                final Set<String> instances = new TreeSet<>();
                m_archive.query(ArchiveQuery.instancesOf(key), m -> instances.add(m.text(Tag.SOP_INSTANCE_UID)), progress);
                fetched = listed(key, series, instances, reasons, progress);
            }
            if (fetched.isWhole()) {
                series.seal();
            }
            done = true;
            return fetched;
        } finally {
            series.close();
            if (!done) {
                m_cache.release(Set.of(series));
            }
        }
    }

    /**
     * The whole of a series of which nothing is in the cache, told by the number of its instances: archives know that at
     * once, whereas many read every file to list them.
     */
    private Fetched counted(final SeriesKey key, final OptionalInt told, final CachedSeries series,
        final Map<String, String> reasons, final Progress progress) throws IOException {
        if (!series.files().isEmpty()) {
            return new Fetched(series, Map.of(), 0, ""); // perhaps others than the archive has now
        }
        final int count = told.isPresent() ? told.getAsInt() : count(key, progress);
        if (count > 0) {
            fetch(key, Set.of(), series, uid -> true, reasons, progress);
        }
        return new Fetched(series, series.files(), reasons.isEmpty() ? count : 0, "");
    }

    /** How many instances a series has; 0 if the archive does not tell. */
    private int count(final SeriesKey key, final Progress progress) throws IOException {
        final int[] count = new int[1];
        m_archive.query(new ArchiveQuery(QueryLevel.SERIES, Map.of(Tag.STUDY_INSTANCE_UID, key.study(),
            Tag.SERIES_INSTANCE_UID, key.series()), Set.of(Tag.MODALITY, Tag.NUMBER_OF_SERIES_RELATED_INSTANCES)), m -> {
                final String text = m.text(Tag.NUMBER_OF_SERIES_RELATED_INSTANCES);
                count[0] = text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0;
            }, progress);
        return count[0];
    }

    /** What is missing of the instances that the archive lists, instance by instance. */
    private Fetched listed(final SeriesKey key, final CachedSeries series, final Set<String> instances,
        final Map<String, String> reasons, final Progress progress) throws IOException {
        series.retain(instances);
        if (!instances.isEmpty() && missing(series, instances).size() == instances.size() && reasons.isEmpty()) {
            fetch(key, Set.of(), series, instances::contains, reasons, progress);
        }
        int failures = 0;
        for (final String instance : missing(series, instances)) {
            fetch(key, Set.of(instance), series, instance::equals, reasons, progress);
            failures = series.has(instance) ? 0 : failures + 1;
            if (failures == MAX_FAILURES) {
                break; // the others would not come either, and each takes its tries
            }
        }
        final Set<String> there = new TreeSet<>(instances);
        there.removeAll(missing(series, instances));
        final String reason = there.size() == instances.size() ? "" : reasons.values().stream().reduce((a, b) -> b)
            .orElse("The archive did not send them, without a word.");
        return new Fetched(series, series.files(there), instances.size(), reason);
    }

    private static Set<String> missing(final CachedSeries series, final Set<String> instances) {
        final Set<String> missing = new TreeSet<>();
        instances.stream().filter(i -> !series.has(i)).forEach(missing::add);
        return missing;
    }

    /** A refusal or half an answer costs what did not come; it is remembered. Only an archive that is gone ends the work. */
    private void fetch(final SeriesKey key, final Set<String> asked, final CachedSeries series, final Predicate<String> wanted,
        final Map<String, String> reasons, final Progress progress) throws IOException {
        try {
            m_archive.retrieve(key, asked, file -> {
                final Optional<String> dropped = series.put(file, wanted, m_headers);
                dropped.ifPresent(d -> reasons.put("dropped", "What it sent instead was dropped: " + d + "."));
            }, progress);
        } catch (final ArchiveException e) {
            if (e.kind() == Kind.NOT_ALLOWED || e.kind() == Kind.NOT_REACHABLE && !asked.isEmpty()) {
                throw e;
            }
            reasons.remove("failed");
            reasons.put("failed", e.getMessage());
        }
    }
}
