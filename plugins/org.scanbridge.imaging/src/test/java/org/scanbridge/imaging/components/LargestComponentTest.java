package org.scanbridge.imaging.components;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.VolumeInfo;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

class LargestComponentTest {

    private static LabelVolume row(final int... labels) {
        final byte[] voxels = new byte[labels.length];
        for (int v = 0; v < voxels.length; v++) {
            voxels[v] = (byte)labels[v];
        }
        return new LabelVolume(voxels, Geometry.axial(new int[]{labels.length, 1, 1}, 1, 1, 1), VolumeInfo.UNKNOWN,
            LabelSet.of("a", "b"));
    }

    @Test
    void keepsTheLargestPartOfEachClass() {
        final LabelVolume labels = row(1, 0, 1, 1, 2, 2, 1, 2, 0, 2);
        assertArrayEquals(row(0, 0, 1, 1, 2, 2, 0, 0, 0, 0).voxels(),
            LargestComponent.ofEachClass(labels, List.of(1, 2), Connectivity.CORNERS).voxels());
        final LabelVolume onlyB = LargestComponent.ofEachClass(labels, List.of(2), Connectivity.FACES);
        assertArrayEquals(row(1, 0, 1, 1, 2, 2, 1, 0, 0, 0).voxels(), onlyB.voxels());
        assertEquals(labels.labels(), onlyB.labels());
    }

    @Test
    void keepsTheLargestPartOfTheForeground() {
        assertArrayEquals(row(0, 0, 1, 1, 2, 2, 1, 2, 0, 0).voxels(),
            LargestComponent.ofForeground(row(1, 0, 1, 1, 2, 2, 1, 2, 0, 2), Connectivity.CORNERS).voxels());
    }

    @Test
    void theFirstOfEqualPartsStaysAndNothingStaysNothing() {
        assertArrayEquals(row(1, 1, 0, 0, 0).voxels(),
            LargestComponent.ofEachClass(row(1, 1, 0, 1, 1), List.of(1), Connectivity.FACES).voxels());
        assertArrayEquals(row(0, 0).voxels(), LargestComponent.ofForeground(row(0, 0), Connectivity.FACES).voxels());
        assertArrayEquals(row(2).voxels(), LargestComponent.ofEachClass(row(2), List.of(1), Connectivity.FACES).voxels());
    }

    /** Doing it twice is doing it once, and no voxel gets another class. */
    @Property(tries = 200)
    void isAProjection(@ForAll @Size(min = 1, max = 30) final boolean[] mask) {
        final int[] values = new int[mask.length];
        for (int v = 0; v < values.length; v++) {
            values[v] = mask[v] ? 1 + v % 2 : 0;
        }
        final LabelVolume labels = row(values);
        final LabelVolume once = LargestComponent.ofForeground(labels, Connectivity.CORNERS);
        assertArrayEquals(once.voxels(), LargestComponent.ofForeground(once, Connectivity.CORNERS).voxels());
        for (int v = 0; v < values.length; v++) {
            assertEquals(once.voxels()[v] == 0 ? 0 : values[v], once.voxels()[v]);
        }
    }
}
