package org.scanbridge.imaging.resample;

import java.util.Arrays;

import org.scanbridge.imaging.volume.Geometry;

/** Grids to resample to. */
public final class TargetGrids {

    private TargetGrids() {
    }

    /**
     * The grid with another spacing, same origin (center of voxel (0,0,0)) and same direction cosines;
     * round(size·spacing/newSpacing) voxels along each axis, at least 1.
     *
     * @param grid the present grid
     * @param spacing new spacing along i, j, k in mm, positive and finite
     * @throws IllegalArgumentException if the spacing is no spacing, or the new grid has too many voxels
     */
    public static Geometry withSpacing(final Geometry grid, final double... spacing) {
        if (spacing.length != 3) {
            throw new IllegalArgumentException("spacing needs 3 numbers, has " + spacing.length);
        }
        final int[] size = new int[3];
        for (int a = 0; a < 3; a++) {
            if (!(spacing[a] > 0) || Double.isInfinite(spacing[a])) {
                throw new IllegalArgumentException("spacing " + Arrays.toString(spacing) + " mm: must be positive");
            }
            size[a] = (int)Math.max(1, Math.rint(grid.size(a) * grid.spacing(a) / spacing[a]));
        }
        return new Geometry(size, spacing, grid.origin(), grid.direction());
    }

    /** {@link #withSpacing} with the same spacing in mm along all axes. */
    public static Geometry isotropic(final Geometry grid, final double spacing) {
        return withSpacing(grid, spacing, spacing, spacing);
    }
}
