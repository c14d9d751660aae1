package org.scanbridge.imaging.metrics;

import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.VolumeInfo;

/** Masks of label 1 on a grid of 20³ voxels, the size of the reference tables. */
final class Masks {

    static final int N = 20;

    private Masks() {
    }

    static LabelVolume empty() {
        return of(new byte[N * N * N], 1, 1, 1);
    }

    static LabelVolume of(final byte[] voxels, final double... spacing) {
        return new LabelVolume(voxels, Geometry.axial(new int[]{N, N, N}, spacing), VolumeInfo.UNKNOWN,
            LabelSet.of("object"));
    }

    /** A box from (i, j, k) with di × dj × dk voxels. */
    static LabelVolume box(final double[] spacing, final int i, final int j, final int k, final int di, final int dj,
        final int dk) {
        final byte[] voxels = new byte[N * N * N];
        for (int z = k; z < k + dk; z++) {
            for (int y = j; y < j + dj; y++) {
                for (int x = i; x < i + di; x++) {
                    voxels[(z * N + y) * N + x] = 1;
                }
            }
        }
        return of(voxels, spacing);
    }

    static LabelVolume union(final LabelVolume a, final LabelVolume b) {
        final byte[] voxels = a.voxels().clone();
        for (int v = 0; v < voxels.length; v++) {
            voxels[v] |= b.voxels()[v];
        }
        return of(voxels, a.geometry().spacing());
    }
}
