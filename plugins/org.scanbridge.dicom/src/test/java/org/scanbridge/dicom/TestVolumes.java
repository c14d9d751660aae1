package org.scanbridge.dicom;

import java.util.Random;

import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

/** Small volumes with known values. */
public final class TestVolumes {

    private TestVolumes() {
    }

    /** An oblique grid: turned about z by 30°, then tipped; spacing 1.1, 0.9, 2.5 mm. */
    public static Geometry oblique(final int columns, final int rows, final int slices) {
        final double c = Math.cos(Math.toRadians(30));
        final double s = Math.sin(Math.toRadians(30));
        final double c2 = Math.cos(Math.toRadians(20));
        final double s2 = Math.sin(Math.toRadians(20));
        final double[] i = {c, s, 0};
        final double[] j = {-s * c2, c * c2, s2};
        final double[] k = {i[1] * j[2] - i[2] * j[1], i[2] * j[0] - i[0] * j[2], i[0] * j[1] - i[1] * j[0]};
        return new Geometry(new int[]{columns, rows, slices}, new double[]{1.1, 0.9, 2.5}, new double[]{-31.25, 17.5, -42},
            new double[]{i[0], i[1], i[2], j[0], j[1], j[2], k[0], k[1], k[2]});
    }

    /** Values that are all different: voxel index times 0.37 minus 50. */
    public static Volume ramp(final Geometry geometry) {
        final float[] voxels = new float[geometry.voxelCount()];
        for (int v = 0; v < voxels.length; v++) {
            voxels[v] = v * 0.37f - 50;
        }
        return new Volume(voxels, geometry, VolumeInfo.UNKNOWN);
    }

    /** Random integers from min to max. */
    public static Volume integers(final Geometry geometry, final int min, final int max, final long seed) {
        final Random random = new Random(seed);
        final float[] voxels = new float[geometry.voxelCount()];
        for (int v = 0; v < voxels.length; v++) {
            voxels[v] = min + random.nextInt(max - min + 1);
        }
        return new Volume(voxels, geometry, VolumeInfo.UNKNOWN);
    }

    /** Random labels among 0 and the values given. */
    public static LabelVolume labels(final Geometry geometry, final LabelSet names, final long seed,
        final int... values) {
        final Random random = new Random(seed);
        final byte[] voxels = new byte[geometry.voxelCount()];
        for (int v = 0; v < voxels.length; v++) {
            final int draw = random.nextInt(values.length + 1);
            voxels[v] = (byte)(draw == 0 ? 0 : values[draw - 1]);
        }
        return new LabelVolume(voxels, geometry, VolumeInfo.UNKNOWN, names);
    }
}
