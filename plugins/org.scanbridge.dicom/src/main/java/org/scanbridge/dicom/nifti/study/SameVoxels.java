package org.scanbridge.dicom.nifti.study;

import java.util.Optional;

import org.scanbridge.imaging.resample.Reorientation;
import org.scanbridge.imaging.volume.Geometry;

/**
 * Grids that have the same voxels in another order. Converters from DICOM to NIfTI usually reverse the rows, so a label
 * map drawn on the converted image has its voxels in another order than the DICOM series.
 */
public final class SameVoxels {

    private SameVoxels() {
    }

    /**
     * How the index axes of one grid must be exchanged and turned to give another.
     *
     * @param from the present grid
     * @param to the wanted grid
     * @return empty if the grids do not have the same voxel centers, to a tenth of a voxel
     */
    public static Optional<Reorientation> reorder(final Geometry from, final Geometry to) {
        final double[] f = from.direction();
        final double[] t = to.direction();
        final int[] axis = new int[3];
        final boolean[] flip = new boolean[3];
        final boolean[] used = new boolean[3];
        for (int a = 0; a < 3; a++) {
            double best = 0;
            for (int b = 0; b < 3; b++) {
                final double dot = t[3 * a] * f[3 * b] + t[3 * a + 1] * f[3 * b + 1] + t[3 * a + 2] * f[3 * b + 2];
                if (!used[b] && Math.abs(dot) > Math.abs(best)) {
                    best = dot;
                    axis[a] = b;
                }
            }
            used[axis[a]] = true;
            flip[a] = best < 0;
        }
        if (!(used[0] && used[1] && used[2])) {
            return Optional.empty();
        }
        final Reorientation reorder = new Reorientation(from, axis, flip);
        return reorder.geometry().sameGrid(to) ? Optional.of(reorder) : Optional.empty();
    }
}
