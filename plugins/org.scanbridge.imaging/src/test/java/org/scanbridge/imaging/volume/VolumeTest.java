package org.scanbridge.imaging.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class VolumeTest {

    private static final Geometry GRID = Geometry.axial(new int[]{2, 3, 4}, 1, 1, 1);

    private static float[] ramp() {
        final float[] voxels = new float[24];
        for (int v = 0; v < voxels.length; v++) {
            voxels[v] = v;
        }
        return voxels;
    }

    @Test
    void iIsFastestThenJThenK() {
        final Volume volume = new Volume(ramp(), GRID, VolumeInfo.UNKNOWN);
        assertEquals(1 + 2 * 2 + 3 * 6, volume.get(1, 2, 3));
        assertEquals(1 + 2 * 2 + 3 * 6, volume.img().getAt(1, 2, 3).get());
    }

    @Test
    void needsOneValuePerVoxel() {
        assertThrows(IllegalArgumentException.class, () -> new Volume(new float[23], GRID, VolumeInfo.UNKNOWN));
        final Volume volume = new Volume(ramp(), GRID, VolumeInfo.UNKNOWN);
        assertThrows(IllegalArgumentException.class, () -> volume.withVoxels(new float[25]));
    }

    @Test
    void copiesWithOtherPartsShareTheRest() {
        final Volume volume = new Volume(ramp(), GRID, VolumeInfo.UNKNOWN);
        final VolumeInfo info = new VolumeInfo("MR", "A", "s", "t", "");
        assertSame(volume.voxels(), volume.withInfo(info).voxels());
        assertEquals(info, volume.withInfo(info).info());
        assertSame(volume.geometry(), volume.withVoxels(new float[24]).geometry());
    }
}
