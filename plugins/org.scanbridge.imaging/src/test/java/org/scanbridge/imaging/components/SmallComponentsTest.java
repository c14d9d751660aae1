package org.scanbridge.imaging.components;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.VolumeInfo;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;

class SmallComponentsTest {

    private static LabelVolume line(final int... values) {
        final byte[] voxels = new byte[values.length];
        for (int v = 0; v < voxels.length; v++) {
            voxels[v] = (byte)values[v];
        }
        return new LabelVolume(voxels, Geometry.axial(new int[]{voxels.length, 1, 1}, 1, 1, 1.5), VolumeInfo.UNKNOWN, LabelSet.of());
    }

    /** Voxels of 1.5 mm³: parts of 1.5, 3 and 4.5 mm³. */
    @Test
    void volumesCountNotVoxels() {
        final LabelVolume parts = line(1, 0, 1, 1, 0, 1, 1, 1, 0, 2, 0, 2, 2);
        assertArrayEquals(line(0, 0, 0, 0, 0, 1, 1, 1, 0, 2, 0, 2, 2).voxels(),
            SmallComponents.remove(parts, List.of(1), 3, Connectivity.FACES).voxels());
        assertArrayEquals(line(0, 0, 1, 1, 0, 1, 1, 1, 0, 0, 0, 2, 2).voxels(),
            SmallComponents.remove(parts, List.of(1, 2), 2.99, Connectivity.FACES).voxels());
        assertArrayEquals(parts.voxels(), SmallComponents.remove(parts, List.of(1, 2), 0, Connectivity.FACES).voxels());
        assertThrows(IllegalArgumentException.class,
            () -> SmallComponents.remove(parts, List.of(1), Double.NaN, Connectivity.FACES));
    }

    @Property(tries = 50)
    void removesWholePartsAndNothingElseAndOnce(@ForAll final int seed,
        @ForAll @DoubleRange(min = 0, max = 20) final double mm3) {
        final Random random = new Random(seed);
        final byte[] voxels = new byte[6 * 5 * 4];
        for (int v = 0; v < voxels.length; v++) {
            voxels[v] = (byte)(random.nextInt(4) == 0 ? 1 + random.nextInt(2) : 0);
        }
        final LabelVolume labels =
            new LabelVolume(voxels, Geometry.axial(new int[]{6, 5, 4}, 1, 1, 1.5), VolumeInfo.UNKNOWN, LabelSet.of());
        final LabelVolume kept = SmallComponents.remove(labels, List.of(1, 2), mm3, Connectivity.CORNERS);
        for (int label = 1; label <= 2; label++) {
            final ConnectedComponents before = ConnectedComponents.of(labels, label, Connectivity.CORNERS);
            for (int v = 0; v < voxels.length; v++) {
                if (voxels[v] == label) {
                    assertEquals(before.size(before.at(v)) * 1.5 > mm3 ? label : 0, kept.voxels()[v]);
                } else {
                    assertTrue(kept.voxels()[v] != label);
                }
            }
        }
        assertArrayEquals(kept.voxels(), SmallComponents.remove(kept, List.of(1, 2), mm3, Connectivity.CORNERS).voxels());
    }
}
