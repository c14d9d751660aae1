package org.scanbridge.imaging.resample;

import java.util.Arrays;

import org.scanbridge.imaging.volume.Geometry;

/** Grids to resample to. */
public final class TargetGrids {

    private TargetGrids() {
    }

    /**
     * The grid with another spacing over the same field of view ({@link Anchor#EXTENT}), same direction cosines;
     * round(size·spacing/newSpacing) voxels along each axis, at least 1.
     *
     * @param grid the present grid
     * @param spacing new spacing along i, j, k in mm, positive and finite
     * @throws IllegalArgumentException if the spacing is no spacing, or the new grid has too many voxels
     */
    public static Geometry withSpacing(final Geometry grid, final double... spacing) {
        return withSpacing(grid, Anchor.EXTENT, spacing);
    }

    /**
     * As {@link #withSpacing(Geometry, double...)}.
     *
     * @param anchor what stays where it is
     */
    public static Geometry withSpacing(final Geometry grid, final Anchor anchor, final double... spacing) {
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
        return new Geometry(size, spacing, anchor == Anchor.EXTENT ? origin(grid, size, spacing) : grid.origin(),
            grid.direction());
    }

    /** Where voxel (0,0,0) lies if the middles of both fields of view coincide. */
    private static double[] origin(final Geometry grid, final int[] size, final double[] spacing) {
        final double[] index = new double[3];
        boolean moves = false;
        for (int a = 0; a < 3; a++) {
            // Equal spacings are left exactly where they are.
            index[a] = size[a] == grid.size(a) && spacing[a] == grid.spacing(a) ? 0
                : ((grid.size(a) - 1) - (size[a] - 1) * (spacing[a] / grid.spacing(a))) / 2;
            moves |= index[a] != 0;
        }
        return moves ? grid.position(index[0], index[1], index[2]) : grid.origin();
    }

    /** {@link #withSpacing(Geometry, double...)} with the same spacing in mm along all axes. */
    public static Geometry isotropic(final Geometry grid, final double spacing) {
        return withSpacing(grid, spacing, spacing, spacing);
    }
}
