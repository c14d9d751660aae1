package org.scanbridge.imaging.labels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.volume.LabelSet;

class RegionTest {

    private static final LabelSet LABELS =
        LabelSet.of(Map.of(1, "Liver", 2, "lesion", 3, Combination.name(List.of("Liver", "lesion"))));

    @Test
    void aNameStandsForItsCombinationsToo() {
        assertEquals(Set.of(1, 3), Region.of("organ", "liver", LABELS).values());
        assertEquals(Set.of(2, 3), Region.of("lesion", "Lesion", LABELS).values());
        assertEquals(Set.of(3), Region.of("both", "liver + lesion", LABELS).values());
    }

    @Test
    void valuesAndNamesMayBeMixed() {
        assertEquals(Set.of(1, 2, 3, 4), Region.of("all", "1, lesion,4", LABELS).values());
    }

    @Test
    void aClassThatIsNotThereIsNamedWithTheOnesThatAre() {
        final String unknown = assertThrows(ImagingException.class, () -> Region.of("tumor", "edema", LABELS)).getMessage();
        assertTrue(unknown.contains("\"edema\"") && unknown.contains("Liver"), unknown);
        final String empty = assertThrows(ImagingException.class, () -> Region.of("tumor", " , ", LABELS)).getMessage();
        assertTrue(empty.contains("no classes"), empty);
    }

    @Test
    void structuresOfACombinationAreFoundAgain() {
        assertEquals(List.of("a", "b", "c"), Combination.structures("a + b + c"));
        assertEquals(List.of("gray+white"), Combination.structures("gray+white"));
    }
}
