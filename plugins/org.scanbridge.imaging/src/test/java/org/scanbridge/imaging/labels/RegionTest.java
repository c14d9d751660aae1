package org.scanbridge.imaging.labels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.metrics.ConfusionCounts;
import org.scanbridge.imaging.metrics.ConfusionMatrix;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.VolumeInfo;

class RegionTest {

    private static final LabelSet LABELS =
        LabelSet.of(Map.of(1, "Liver", 2, "lesion", 3, Combination.name(List.of("Liver", "lesion"))));

    @Test
    void aNameStandsForItsCombinationsToo() {
        assertEquals(Set.of(1, 3), Region.of("organ", "liver", LABELS).values());
        assertEquals(Set.of(2, 3), Region.of("lesion", "Lesion", LABELS).values());
        assertEquals(Set.of(3), Region.of("both", "liver + lesion", LABELS).values());
    }

    /** The number of a class means what its name means. */
    @Test
    void aNumberStandsForItsCombinationsToo() {
        assertEquals(Set.of(1, 3), Region.of("organ", "1", LABELS).values());
        assertEquals(Set.of(2, 3), Region.of("lesion", "2", LABELS).values());
        assertEquals(Set.of(3), Region.of("both", "3", LABELS).values());
        assertEquals(Set.of(7), Region.of("unnamed", "7", LABELS).values());
        assertEquals(Set.of(7, 8),
            Region.of("unnamed", "7", LabelSet.of(Map.of(1, "a", 8, Combination.name(List.of("a", "class 7"))))).values());
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
    void theUnionIsAMaskOfItsOwn() {
        final LabelVolume union = Region.of("organ", "liver", LABELS).of(volume(0, 1, 2, 3));
        assertArrayEquals(new byte[]{0, 1, 0, 1}, union.voxels());
        assertEquals(Map.of(1, "organ"), union.labels().names());
    }

    private static LabelVolume volume(final int... values) {
        final byte[] voxels = new byte[values.length];
        for (int v = 0; v < voxels.length; v++) {
            voxels[v] = (byte)values[v];
        }
        return new LabelVolume(voxels, Geometry.axial(new int[]{values.length, 1, 1}, 1, 1, 1), VolumeInfo.UNKNOWN, LABELS);
    }

    @Test
    void ignoredVoxelsBelongToNoMask() {
        final LabelVolume reference = volume(1, 200, 2, 9, 0);
        final LabelVolume found = volume(2, 2, 2, 1, 1);
        assertArrayEquals(new byte[]{2, 0, 2, 0, 1},
            IgnoredVoxels.without(found, reference, Set.of(200, 9)).voxels());
        assertArrayEquals(new byte[]{1, 0, 2, 0, 0},
            IgnoredVoxels.without(reference, reference, Set.of(200, 9)).voxels());
        assertSame(found, IgnoredVoxels.without(found, reference, Set.of()));
        assertThrows(ImagingException.class, () -> IgnoredVoxels.without(volume(1), reference, Set.of(9)));
        // class 2 of the three other voxels: found in 0 and 2, there in 2
        final ConfusionMatrix matrix = ConfusionMatrix.of(found, reference, Set.of(200, 9));
        assertEquals(new ConfusionCounts(1, 1, 0, 1), matrix.of(2));
        assertEquals(new ConfusionCounts(2, 1, 0, 0), matrix.of(Set.of(1, 2)));
        assertEquals(List.of(0, 1, 2), matrix.labels());
    }

    /** A structure whose voxels all belong to others too is missed by no one. */
    @Test
    void structuresThatACombinationNamesAreAddedToTheClasses() {
        assertEquals(Map.of(1, "lesion", 2, "organ", 3, "lesion + organ"),
            Combination.completed(LabelSet.of(Map.of(2, "organ", 3, "lesion + organ")), Set.of(2, 3)).names());
        assertEquals(Map.of(2, "organ", 3, "lesion + organ", 4, "lesion"),
            Combination.completed(LabelSet.of(Map.of(2, "organ", 3, "lesion + organ")), Set.of(1, 2, 3)).names());
        final LabelSet unions = LabelSet.of(Map.of(1, "gray + white", 2, "class 3 + fluid", 4, "fluid"));
        assertEquals(unions, Combination.completed(unions, Set.of(1, 2, 3, 4)));
    }

    @Test
    void structuresOfACombinationAreFoundAgain() {
        assertEquals(List.of("a", "b", "c"), Combination.structures("a + b + c"));
        assertEquals(List.of("gray+white"), Combination.structures("gray+white"));
    }
}
