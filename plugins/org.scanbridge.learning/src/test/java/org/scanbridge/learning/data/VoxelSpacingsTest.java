package org.scanbridge.learning.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.volume.Geometry;

class VoxelSpacingsTest {

    private static Geometry grid(final double... spacing) {
        return Geometry.axial(new int[]{4, 4, 4}, spacing);
    }

    @Test
    void theyAreReadAsTheyAreWritten() {
        final VoxelSpacings one = VoxelSpacings.of(List.of(grid(1, 1, 3), grid(1, 1, 3)));
        final VoxelSpacings several = VoxelSpacings.of(List.of(grid(1, 0.9, 3), grid(0.9, 1, 2.5)));
        assertEquals("1.0×1.0×3.0", one.toString());
        assertEquals("0.9×0.9×2.5 to 1.0×1.0×3.0", several.toString());
        assertEquals("0.9×0.9×2.5 to 1.0×1.0×5.0", several.with(VoxelSpacings.of(List.of(grid(1, 1, 5)))).toString());
        for (final VoxelSpacings spacings : List.of(one, several)) {
            final Map<String, String> options = new TreeMap<>(Map.of("steps", "3"));
            spacings.addTo(options);
            assertEquals(Optional.of(spacings), VoxelSpacings.of(options));
        }
        assertEquals(Optional.empty(), VoxelSpacings.of(Map.of("steps", "3")));
    }

    @Test
    void aFifthMoreOrLessIsTolerated() {
        final VoxelSpacings spacings = VoxelSpacings.of(List.of(grid(1, 1, 3), grid(1, 1, 2)));
        assertTrue(spacings.include(grid(1.19, 0.84, 2.5), false));
        assertTrue(spacings.include(grid(1, 1, 3.59), false));
        assertFalse(spacings.include(grid(1.21, 1, 3), false));
        assertFalse(spacings.include(grid(1, 0.83, 3), false));
        assertFalse(spacings.include(grid(1, 1, 3.61), false));
        assertFalse(spacings.include(grid(1, 1, 1.66), false));
        // the distance of slices does not matter to what looks at single ones
        assertTrue(spacings.include(grid(1, 1, 10), true));
        assertFalse(spacings.include(grid(2, 1, 3), true));
    }
}
