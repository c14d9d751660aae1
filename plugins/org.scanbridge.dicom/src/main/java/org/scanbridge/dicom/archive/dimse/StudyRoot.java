package org.scanbridge.dicom.archive.dimse;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import org.scanbridge.dicom.archive.ArchiveException;
import org.scanbridge.dicom.archive.ArchiveException.Kind;
import org.scanbridge.dicom.archive.ArchiveQuery;
import org.scanbridge.dicom.archive.QueryLevel;
import org.scanbridge.dicom.archive.SeriesKey;
import org.scanbridge.dicom.data.DataElement;
import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.DataSetBuilder;
import org.scanbridge.dicom.data.Dictionary;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.data.VR;

/**
 * Identifiers of the Study Root information model (PS3.4 C.6.2). Every archive must answer hierarchical ones: keys of one
 * level, and one unique key of each level above (C.4.1.2.2.1). So a query goes down level by level.
 */
final class StudyRoot {

    /** Study Root Query/Retrieve Information Model - FIND. */
    static final String FIND = "1.2.840.10008.5.1.4.1.2.2.1";

    /** Study Root Query/Retrieve Information Model - MOVE. */
    static final String MOVE = "1.2.840.10008.5.1.4.1.2.2.2";

    /** Study Root Query/Retrieve Information Model - GET. */
    static final String GET = "1.2.840.10008.5.1.4.1.2.2.3";

    /** Query/Retrieve Level. */
    static final int LEVEL = 0x00080052;

    private static final String UTF_8 = "ISO_IR 192";

    private StudyRoot() {
    }

    /** The name of a level in identifiers. */
    static String name(final QueryLevel level) {
        return level == QueryLevel.INSTANCE ? "IMAGE" : level.name();
    }

    /**
     * The part of a query that one level answers: keys and attributes that archives keep there. What matches must have of
     * series, studies have in the plural: Modality becomes Modalities in Study. Attributes of levels below are not told.
     *
     * @param level that of the query, or one above
     */
    static ArchiveQuery at(final QueryLevel level, final ArchiveQuery query) {
        final Map<Integer, String> keys = new TreeMap<>();
        query.keys().forEach((tag, value) -> {
            final QueryLevel own = QueryLevel.of(tag);
            if (tag == Tag.MODALITY && level == QueryLevel.STUDY) {
                keys.putIfAbsent(Tag.MODALITIES_IN_STUDY, value);
            } else if (own == level || level == query.level() && own.compareTo(level) > 0) {
                keys.put(tag, value); // one of a level below is for the archive to refuse: without it, too much would come
            }
        });
        final Set<Integer> attributes = new TreeSet<>(query.attributes());
        attributes.removeIf(tag -> QueryLevel.of(tag) != level);
        return new ArchiveQuery(level, keys, attributes);
    }

    /** Whether a level need not be asked: one of its instances is named, and nothing else is wanted of it. */
    static boolean isNamed(final ArchiveQuery atLevel) {
        final String uid = atLevel.keys().getOrDefault(atLevel.level().uniqueKey(), "");
        final Set<Integer> others = new TreeSet<>(atLevel.keys().keySet());
        others.addAll(atLevel.attributes());
        // Modalities in Study only narrow the search.
        others.removeAll(Set.of(atLevel.level().uniqueKey(), Tag.MODALITIES_IN_STUDY));
        return SeriesKey.isUid(uid) && others.isEmpty();
    }

    /**
     * The identifier of a C-FIND.
     *
     * @param atLevel what the level is asked, as {@link #at} gives it
     * @param parent has the unique keys of the levels above
     * @throws ArchiveException if a key is none that can be matched
     */
    static DataSet identifier(final ArchiveQuery atLevel, final DataSet parent) throws ArchiveException {
        final DataSetBuilder identifier = DataSet.builder().text(LEVEL, name(atLevel.level()))
            .empty(atLevel.level().uniqueKey());
        for (final int tag : atLevel.attributes()) {
            identifier.empty(tag);
        }
        boolean ascii = true;
        for (final Map.Entry<Integer, String> key : atLevel.keys().entrySet()) {
            put(identifier, key.getKey(), key.getValue());
            ascii &= StandardCharsets.US_ASCII.newEncoder().canEncode(key.getValue());
        }
        for (final QueryLevel above : QueryLevel.values()) {
            if (above.compareTo(atLevel.level()) < 0) {
                identifier.text(above.uniqueKey(), parent.text(above.uniqueKey()));
            }
        }
        return (ascii ? identifier : identifier.text(Tag.SPECIFIC_CHARACTER_SET, UTF_8)).build();
    }

    private static void put(final DataSetBuilder identifier, final int tag, final String value) throws ArchiveException {
        final VR vr = Dictionary.vr(tag);
        if (vr == VR.UI) {
            identifier.text(tag, value.replace(',', '\\'));
        } else if (vr.isText() && (vr.isSingleText() || value.indexOf('\\') < 0)) {
            identifier.text(tag, value.strip());
        } else if (vr.isText()) {
            identifier.empty(tag); // a list of values is for UIDs alone (PS3.4 C.2.2.2.2): what came is looked through after
        } else {
            try {
                identifier.numbers(tag, Double.parseDouble(value.strip()));
            } catch (final IllegalArgumentException e) {
                throw new ArchiveException(Kind.REFUSED, "Archives cannot be asked for values of the attribute "
                    + Tag.toString(tag) + " (VR " + vr + "); leave it out of the filters.", e);
            }
        }
    }

    /**
     * The identifier of a C-GET or C-MOVE (PS3.4 C.4.2.1.4).
     *
     * @param instances SOP Instance UIDs; empty for the whole series
     */
    static DataSet identifier(final SeriesKey series, final Collection<String> instances) {
        final DataSetBuilder identifier = DataSet.builder()
            .text(LEVEL, name(instances.isEmpty() ? QueryLevel.SERIES : QueryLevel.INSTANCE))
            .text(Tag.STUDY_INSTANCE_UID, series.study()).text(Tag.SERIES_INSTANCE_UID, series.series());
        return (instances.isEmpty() ? identifier : identifier.text(Tag.SOP_INSTANCE_UID, instances.toArray(String[]::new)))
            .build();
    }

    /**
     * A match with what the levels above told; text in UTF-8, since each of them may have a character set of its own. Where it is
     * was asked for, so what the match says of that does not count.
     */
    static DataSet within(final DataSet match, final DataSet parent) {
        final DataSetBuilder whole = DataSet.builder();
        copy(parent, whole);
        copy(match, whole);
        for (final QueryLevel level : QueryLevel.values()) {
            whole.copy(parent, level.uniqueKey());
        }
        return whole.text(Tag.SPECIFIC_CHARACTER_SET, UTF_8).remove(LEVEL).build();
    }

    private static void copy(final DataSet from, final DataSetBuilder to) {
        for (final DataElement element : from.elements()) {
            if (element.isEmpty()) {
                continue; // asked for, and not told
            }
            if (Dictionary.vr(element.tag()).hasCharacterSet()) {
                to.text(element.tag(), from.text(element.tag()));
            } else {
                to.copy(from, element.tag());
            }
        }
    }
}
