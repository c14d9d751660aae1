package org.scanbridge.learning.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.experiment.LabelMaps;
import org.scanbridge.imaging.volume.Geometry;

class LesionHeadsTest {

    private static final int EDGE = 40;

    /** Right and left white matter, and cortex in every third plane: lesions replace white matter, in blocks of 2 mm. */
    @Test
    void lesionsReplaceCerebralWhiteMatterOnly() {
        final short[] values = new short[EDGE * EDGE * EDGE];
        for (int v = 0; v < values.length; v++) {
            values[v] = (short)(v / EDGE / EDGE % 3 == 2 ? 3 : v % EDGE < EDGE / 2 ? 41 : 2);
        }
        final Geometry geometry = new Geometry(new int[]{EDGE, EDGE, EDGE}, new double[]{1, 1, 1}, new double[3],
            new double[]{1, 0, 0, 0, 1, 0, 0, 0, 1});
        final short[] after = LesionHeads.withLesions(new LabelMaps(values, geometry), 5).values();
        int lesions = 0;
        for (int v = 0; v < values.length; v++) {
            if (after[v] == LabelMaps.LESION) {
                lesions++;
                assertTrue(values[v] == 2 || values[v] == 41, "label " + values[v]);
                final int sameBlock = v % 2 == 0 ? v + 1 : v - 1;
                assertEquals(LabelMaps.LESION, after[sameBlock], "the other half of the block");
            } else {
                assertEquals(values[v], after[v]);
            }
        }
        // five to forty ellipsoids of 4 to 12 mm
        assertTrue(lesions >= 8 && lesions < values.length / 2, lesions + " voxels");
    }
}
