package org.scanbridge.dicom.archive;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.Dictionary;
import org.scanbridge.dicom.data.Tag;

/**
 * A question to an archive.
 *
 * @param level what is asked for
 * @param keys what matches must have (PS3.4 C.2.2.2): by tag a value, a pattern with {@code *} and {@code ?} for text, a
 *            range {@code from-to} with one end optional for dates and times ({@code 20240101-20240131}), or UIDs separated
 *            by backslashes. Never empty values
 * @param attributes tags wanted of each match beside the unique keys
 */
public record ArchiveQuery(QueryLevel level, Map<Integer, String> keys, Set<Integer> attributes) {

    /** @throws IllegalArgumentException if a key has no value */
    public ArchiveQuery {
        Objects.requireNonNull(level, "level");
        keys = Collections.unmodifiableMap(new TreeMap<>(keys));
        keys.forEach((tag, value) -> {
            if (value.isBlank()) {
                throw new IllegalArgumentException("The key " + Tag.toString(tag) + " has no value; leave it out.");
            }
        });
        attributes = Collections.unmodifiableSet(new LinkedHashSet<>(attributes));
    }

    /**
     * Whether a match contradicts no key: archives may ignore keys that the standard does not oblige them to match (PS3.18
     * 10.6.1.1, PS3.4 C.2.2.1), and then answer with too much. An attribute that the match lacks contradicts nothing. Text
     * matches whatever its case, times by their digits.
     */
    public boolean allows(final DataSet match) {
        return keys.entrySet().stream().allMatch(k -> KeyMatching.allows(match.texts(k.getKey()), k.getValue(),
            Dictionary.vr(k.getKey())));
    }

    /** All instances of a series. */
    public static ArchiveQuery instancesOf(final SeriesKey series) {
        return new ArchiveQuery(QueryLevel.INSTANCE, Map.of(Tag.STUDY_INSTANCE_UID, series.study(), Tag.SERIES_INSTANCE_UID,
            series.series()), Set.of(Tag.SOP_CLASS_UID));
    }
}
