package org.scanbridge.learning.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.data.Role;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.network.Provenance;
import org.scanbridge.tensorflow.Computation;

/** The rule of who is the source where its images must not be used; no image is read. */
class SourceFreeSitesTest {

    private static final Provenance UNKNOWN = Provenance.untrained(1);

    private static final String NONE = "none: no source image and no source segmentation was read";

    /** Sites, with a star where there is a segmentation. */
    private static List<TrainingCase> cases(final String... sites) {
        return Stream.of(sites).map(s -> new TrainingCase(() -> null, s.endsWith("*") ? () -> null : null, "subject",
            s.replace("*", ""), Role.TRAIN)).toList();
    }

    private static Provenance trainedOn(final String... sites) {
        return new Provenance("supervised", 1, 1, 1, Double.NaN, List.of(sites), "", "", "", "", Computation.UNKNOWN,
            Map.of());
    }

    private static String refusal(final List<TrainingCase> cases, final List<String> given, final boolean targetLabels,
        final Provenance network) {
        return assertThrows(LearningException.class, () -> SourceFreeSites.of(cases, given, targetLabels, network))
            .getMessage();
    }

    @Test
    void theOnlySiteWithSegmentationsIsTheSourceAndAllItsRowsAreLeftOut() {
        final SourceFreeSites sites = SourceFreeSites.of(cases("A*", "A", "B"), List.of(), false, UNKNOWN);
        assertEquals(Set.of("A"), sites.sources());
        assertEquals(Set.of("B"), sites.targets());
        assertEquals(NONE, sites.statement());
    }

    @Test
    void theNetworkTellsWhichSiteIsTheSource() {
        for (final boolean targetLabels : new boolean[]{false, true}) {
            final SourceFreeSites both = SourceFreeSites.of(cases("A*", "B*"), List.of(), targetLabels, trainedOn("B"));
            assertEquals(Set.of("A"), both.targets());
            assertEquals(NONE, both.statement());
            assertEquals(Set.of("B"),
                SourceFreeSites.of(cases("B*"), List.of(), targetLabels, trainedOn("A")).targets());
        }
    }

    @Test
    void asksForTheSourceWhereNothingTells() {
        for (final String message : List.of(refusal(cases("A*", "B*", "C"), List.of(), false, UNKNOWN),
            refusal(cases("A*", "B"), List.of(), true, UNKNOWN), refusal(cases("A*"), List.of(), false, UNKNOWN),
            refusal(cases("A*", "B"), List.of(), false, trainedOn("Z")))) {
            assertTrue(message.contains("Source site") && message.contains("A"), message);
        }
    }

    @Test
    void aMisspelledSiteIsRefusedWhereAnotherMayBeMeant() {
        assertTrue(refusal(cases("A*", "B"), List.of("Z\u00fcrich"), false, UNKNOWN).contains("Z\u00fcrich"));
        assertTrue(refusal(cases("A", "B"), List.of("Z\u00fcrich"), false, trainedOn("A")).contains("[A]"));
    }

    @Test
    void aSiteThatIsNotThereMayBeTheSource() {
        assertEquals(NONE, SourceFreeSites.of(cases("B"), List.of("A"), false, UNKNOWN).statement());
        assertEquals(Set.of("B", "C"),
            SourceFreeSites.of(cases("B*", "C"), List.of("A"), true, trainedOn("A")).targets());
    }

    @Test
    void saysNoneOnlyIfItIsTrue() {
        assertFalse(SourceFreeSites.of(cases("B"), List.of(), false, UNKNOWN).statement().startsWith("none"));
        assertTrue(SourceFreeSites.of(cases("A", "B"), List.of("B"), false, trainedOn("A", "B")).statement()
            .startsWith("images of [A] were read"));
        assertTrue(refusal(cases("A"), List.of("A"), false, UNKNOWN).contains("source sites only"));
    }
}
