package org.scanbridge.imaging.volume;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.ImagingException;

class LabelVolumeTest {

    private static final Geometry GRID = Geometry.axial(new int[]{2, 1, 2}, 1, 1, 1);

    @Test
    void valuesAreUnsigned() {
        final LabelVolume labels =
            new LabelVolume(new byte[]{0, 1, (byte)200, 3}, GRID, VolumeInfo.UNKNOWN, LabelSet.of("a"));
        assertEquals(200, labels.get(0, 0, 1));
        assertEquals(200, labels.maxValue());
        assertEquals(200, labels.img().getAt(0, 0, 1).get());
    }

    @Test
    void needsOneValuePerVoxel() {
        assertThrows(IllegalArgumentException.class,
            () -> new LabelVolume(new byte[3], GRID, VolumeInfo.UNKNOWN, LabelSet.of()));
    }

    @Test
    void labelSetNamesValuesAndRefusesBadOnes() {
        final LabelSet labels = LabelSet.of("CSF", "GM");
        assertEquals("background", labels.name(0));
        assertEquals("GM", labels.name(2));
        assertEquals("class 7", labels.name(7));
        assertEquals(LabelSet.of(Map.of(2, "GM", 1, "CSF")), labels);
        assertThrows(IllegalArgumentException.class, () -> LabelSet.of(Map.of(0, "nothing")));
        assertThrows(IllegalArgumentException.class, () -> LabelSet.of(Map.of(256, "much")));
        assertThrows(IllegalArgumentException.class, () -> LabelSet.of(" "));
        assertThrows(UnsupportedOperationException.class, () -> labels.names().put(3, "WM"));
    }

    @Test
    void mappingRenumbersAndLosesNothingSilently() {
        final LabelVolume iseg = new LabelVolume(new byte[]{0, 10, (byte)150, (byte)250}, GRID, VolumeInfo.UNKNOWN,
            LabelSet.of());
        final LabelSet tissues = LabelSet.of("CSF", "GM", "WM");
        final LabelMapping mapping = new LabelMapping(new TreeMap<>(Map.of(10, 1, 150, 2, 250, 3)));
        final LabelVolume mapped = mapping.apply(iseg, tissues);
        assertArrayEquals(new byte[]{0, 1, 2, 3}, mapped.voxels());
        assertEquals(tissues, mapped.labels());
        final ImagingException e = assertThrows(ImagingException.class,
            () -> new LabelMapping(new TreeMap<>(Map.of(10, 1, 150, 0))).apply(iseg, tissues));
        assertTrue(e.getMessage().contains("250"), e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> new LabelMapping(new TreeMap<>(Map.of(0, 1))));
        assertThrows(IllegalArgumentException.class, () -> new LabelMapping(new TreeMap<>(Map.of(1, 256))));
    }

    @Test
    void infoHasNoNulls() {
        assertThrows(NullPointerException.class, () -> new VolumeInfo("MR", null, "", "", ""));
    }
}
