package org.scanbridge.dicom.archive.dimse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.scanbridge.dicom.archive.ArchiveException;
import org.scanbridge.dicom.archive.ArchiveException.Kind;
import org.scanbridge.dicom.archive.ArchiveQuery;
import org.scanbridge.dicom.archive.QueryLevel;
import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.imaging.Progress;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** What holds of every question. */
class DimseLawsTest {

    private static final List<Integer> TAGS = List.of(Tag.PATIENT_ID, Tag.PATIENT_NAME, Tag.ACCESSION_NUMBER, Tag.STUDY_DATE,
        Tag.STUDY_DESCRIPTION, Tag.MODALITIES_IN_STUDY, Tag.MODALITY, Tag.SERIES_DESCRIPTION, Tag.SERIES_DATE, Tag.SOP_CLASS_UID,
        Tag.INSTANCE_NUMBER, Tag.NUMBER_OF_SERIES_RELATED_INSTANCES, Tag.STUDY_INSTANCE_UID, Tag.SERIES_INSTANCE_UID,
        Tag.SOP_INSTANCE_UID);

    @Provide
    Arbitrary<Set<Integer>> tags() {
        return Arbitraries.of(TAGS).set();
    }

    /** Hierarchical identifiers have keys of one level and the unique keys above (PS3.4 C.4.1.2.2.1), whatever is asked. */
    @Property(tries = 300)
    void identifiersAreHierarchicalAndLeaveNothingOut(@ForAll("tags") final Set<Integer> keys,
        @ForAll("tags") final Set<Integer> wanted, @ForAll final QueryLevel asked) throws Exception {
        final Map<Integer, String> values = new HashMap<>();
        keys.stream().filter(t -> QueryLevel.of(t).compareTo(asked) <= 0).forEach(t -> values.put(t, "1"));
        final Set<Integer> attributes = wanted.stream().filter(t -> QueryLevel.of(t).compareTo(asked) <= 0)
            .collect(Collectors.toSet());
        final ArchiveQuery query = new ArchiveQuery(asked, values, attributes);
        final DataSet parent = DataSet.builder().text(Tag.STUDY_INSTANCE_UID, "1.2").text(Tag.SERIES_INSTANCE_UID, "1.2.3")
            .build();
        final Set<Integer> sent = new TreeSet<>();
        for (final QueryLevel level : QueryLevel.values()) {
            if (level.compareTo(asked) <= 0) {
                final DataSet identifier = StudyRoot.identifier(StudyRoot.at(level, query), parent);
                assertTrue(ScriptedPort.isHierarchical(identifier, level), () -> level + ": " + identifier.elements());
                identifier.elements().forEach(e -> sent.add(e.tag()));
            }
        }
        assertTrue(sent.containsAll(values.keySet()) && sent.containsAll(attributes));
    }

    /** Presentation contexts are numbered by odd bytes (PS3.8 table 9-13): 128 at most. */
    @Property(tries = 100)
    void anOfferFitsIntoOneAssociation(@ForAll @IntRange(min = 0, max = 300) final int classes,
        @ForAll final boolean decodes) {
        final Set<String> kinds = IntStream.range(0, classes).mapToObj(n -> "1.2." + n).collect(Collectors.toSet());
        final List<DimseContext> contexts = new Offer(s -> decodes).retrieval(kinds);
        assertTrue(contexts.size() <= 128);
        assertEquals(StudyRoot.GET, contexts.get(0).sopClass());
        final Set<String> offered = contexts.stream().map(DimseContext::sopClass).collect(Collectors.toSet());
        assertTrue(classes > 63 || offered.containsAll(kinds));
    }

    /** PS3.7 C.1: every status is of exactly one kind; a warning is no failure. */
    @Property(tries = 500)
    void aStatusIsOfOneKind(@ForAll @IntRange(min = 0, max = 0xFFFF) final int code) {
        final DimseStatus status = DimseStatus.of(code);
        final int kinds = (status.isSuccess() ? 1 : 0) + (status.isPending() ? 1 : 0) + (status.isWarning() ? 1 : 0)
            + (status.isTemporary() ? 1 : 0);
        assertTrue(kinds <= 1);
        assertTrue(status.toString().contains(String.format("%04XH", code)));
    }

    @Test
    void patienceEndsAfterSilence() throws Exception {
        final AtomicLong now = new AtomicLong();
        final Patience patience = new Patience("pacs:104", Duration.ofSeconds(60), Progress.NONE, now::get);
        now.set(Duration.ofSeconds(59).toNanos());
        patience.check();
        patience.heard();
        now.set(Duration.ofSeconds(118).toNanos());
        patience.check();
        now.set(Duration.ofSeconds(120).toNanos());
        final ArchiveException e = assertThrows(ArchiveException.class, patience::check);
        assertEquals(Kind.NOT_REACHABLE, e.kind());
        assertTrue(e.getMessage().contains("pacs:104") && e.getMessage().contains("60 s"), e.getMessage());
    }

    @Test
    void patienceTellsTheFirstFailure() {
        final Patience patience = new Patience("pacs", Duration.ofSeconds(60), Progress.NONE);
        assertFalse(patience.hasFailed());
        final IOException first = new IOException("first");
        patience.fail(first);
        patience.fail(new IllegalStateException("second"));
        assertSame(first, assertThrows(IOException.class, patience::check));
    }
}
