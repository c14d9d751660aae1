package org.scanbridge.dicom.nifti.study;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
     * How far two grids are from having the same voxels, in words for messages.
     *
     * @param from one grid, of what the sentence speaks of
     * @param to the other
     * @return such as {@code its center lies 0.2 mm away; its axes are turned by 3.0°}
     */
    public static String difference(final Geometry from, final Geometry to) {
        final List<String> parts = new ArrayList<>();
        final int[] axis = new int[3];
        final boolean matched = match(from, to, axis, new boolean[3]);
        boolean same = matched;
        for (int a = 0; a < 3 && matched; a++) {
            same &= to.size(a) == from.size(axis[a])
                && Math.abs(to.spacing(a) - from.spacing(axis[a])) <= 1e-3 * to.spacing(a);
        }
        if (!same) {
            parts.add("it has " + from + ", the other " + to);
        }
        parts.addAll(from.apart(to));
        if (same) {
            parts.add(String.format(Locale.ROOT, "a tenth of a voxel, %.2g mm, would be let pass",
                0.1 * Math.min(to.spacing(0), Math.min(to.spacing(1), to.spacing(2)))));
        }
        return String.join("; ", parts);
    }

    /**
     * How the index axes of one grid must be exchanged and turned to give another.
     *
     * @param from the present grid
     * @param to the wanted grid
     * @return empty if the grids do not have the same voxel centers, to a tenth of a voxel
     */
    public static Optional<Reorientation> reorder(final Geometry from, final Geometry to) {
        final int[] axis = new int[3];
        final boolean[] flip = new boolean[3];
        if (!match(from, to, axis, flip)) {
            return Optional.empty();
        }
        final Reorientation reorder = new Reorientation(from, axis, flip);
        return reorder.geometry().sameGrid(to) ? Optional.of(reorder) : Optional.empty();
    }

    /** The axis of one grid that runs along each axis of the other, and whether against it; false if two run along one. */
    private static boolean match(final Geometry from, final Geometry to, final int[] axis, final boolean[] flip) {
        final double[] f = from.direction();
        final double[] t = to.direction();
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
        return used[0] && used[1] && used[2];
    }
}
