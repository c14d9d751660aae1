package org.scanbridge.imaging.resample;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Objects;
import java.util.function.IntPredicate;

import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;

/**
 * A box of whole voxels of a grid, or around it: crops where it is smaller than the grid, pads where it reaches beyond.
 * No value is interpolated. {@link #inverse()} leads back to the original grid exactly, so a segmentation of the window
 * becomes one of the original image.
 */
public final class GridWindow {

    private final Geometry m_grid;

    private final int[] m_from;

    private final int[] m_size;

    /** The window's own grid. */
    private final Geometry m_own;

    /**
     * @param grid the grid it is a window of
     * @param from index of the window's first voxel along i, j, k in the grid; negative to pad
     * @param size number of the window's voxels along i, j, k, each at least 1
     * @throws IllegalArgumentException if the size is no size
     */
    public GridWindow(final Geometry grid, final int[] from, final int[] size) {
        m_grid = Objects.requireNonNull(grid, "grid");
        m_from = from.clone();
        m_size = size.clone();
        if (from.length != 3) {
            throw new IllegalArgumentException("window start needs 3 numbers, has " + from.length);
        }
        m_own = new Geometry(size, grid.spacing(), grid.position(from[0], from[1], from[2]), grid.direction());
    }

    private GridWindow(final Geometry grid, final int[] from, final Geometry own) {
        m_grid = grid;
        m_from = from;
        m_size = own.size();
        m_own = own;
    }

    /**
     * The window of a grid that is another grid of the same lattice, such as the way from a cropped prediction back to
     * the image it was cropped from. Its geometry is {@code target} itself, to the last bit.
     *
     * @param grid the grid at hand
     * @param target a grid of the same spacing and direction whose voxel centers are voxel centers of {@code grid}, or
     *            of its continuation, to a tenth of a voxel; it may overlap, hold or miss {@code grid}
     * @throws ImagingException if their voxels do not coincide: then only resampling leads from one to the other
     */
    public static GridWindow between(final Geometry grid, final Geometry target) {
        final double[] first = grid.index(target.position(0, 0, 0));
        final int[] from = new int[3];
        for (int a = 0; a < 3; a++) {
            from[a] = (int)Math.max(-Integer.MAX_VALUE / 4, Math.min(Integer.MAX_VALUE / 4, Math.rint(first[a])));
        }
        if (!new GridWindow(grid, from, target.size()).m_own.sameGrid(target)) {
            throw new ImagingException("The voxels of " + grid + " and " + target + " do not coincide, so no cropping or"
                + " padding leads from one to the other. Resample to the other grid instead.");
        }
        return new GridWindow(grid, from, target);
    }

    /**
     * The grid and some voxels more on every side.
     *
     * @param grid the grid
     * @param margin voxels added at both ends of i, j, k; negative to crop
     */
    public static GridWindow padded(final Geometry grid, final int... margin) {
        final int[] from = new int[3];
        final int[] size = new int[3];
        for (int a = 0; a < 3; a++) {
            from[a] = -margin[a];
            size[a] = grid.size(a) + 2 * margin[a];
        }
        return new GridWindow(grid, from, size);
    }

    /**
     * The grid padded evenly, the odd voxel at the end, until patches of a size fill it: each axis becomes the next
     * multiple of a factor.
     *
     * @param grid the grid
     * @param factor along i, j, k, each at least 1
     * @throws IllegalArgumentException if a factor is not positive
     */
    public static GridWindow toMultipleOf(final Geometry grid, final int... factor) {
        final int[] size = new int[3];
        for (int a = 0; a < 3; a++) {
            if (factor[a] < 1) {
                throw new IllegalArgumentException("the factor " + factor[a] + " of a size must be at least 1");
            }
            size[a] = (grid.size(a) + factor[a] - 1) / factor[a] * factor[a];
        }
        return centered(grid, size);
    }

    /**
     * The smallest window that holds every voxel above a threshold, and a margin.
     *
     * @param image the image
     * @param threshold content is above it; NaN is no content
     * @param margin voxels added on each side, where the grid has them
     * @throws ImagingException if nothing is above the threshold
     */
    public static GridWindow around(final Volume image, final float threshold, final int margin) {
        final float[] x = image.voxels();
        return around(image.geometry(), margin, v -> x[v] > threshold, "voxel above " + threshold);
    }

    /**
     * As {@link #around(Volume, float, int)} for a set of voxels.
     *
     * @param voxels by index, i fastest
     */
    public static GridWindow around(final Geometry grid, final BitSet voxels, final int margin) {
        return around(grid, margin, voxels::get, "voxel in the foreground");
    }

    /** As {@link #around(Volume, float, int)} for the voxels whose label is not 0. */
    public static GridWindow around(final LabelVolume labels, final int margin) {
        final byte[] x = labels.voxels();
        return around(labels.geometry(), margin, v -> x[v] != 0, "labeled voxel");
    }

    /**
     * The window of this size around the grid's center: crops and pads both sides evenly, the odd voxel at the end.
     *
     * @param grid the grid
     * @param size wanted numbers of voxels along i, j, k
     */
    public static GridWindow centered(final Geometry grid, final int... size) {
        final int[] from = new int[3];
        for (int a = 0; a < 3; a++) {
            from[a] = Math.floorDiv(grid.size(a) - size[a] + (grid.size(a) < size[a] ? 1 : 0), 2);
        }
        return new GridWindow(grid, from, size);
    }

    private static GridWindow around(final Geometry grid, final int margin,
        final IntPredicate content, final String what) {
        final int[] min = grid.size();
        final int[] max = {-1, -1, -1};
        int v = 0;
        for (int k = 0; k < grid.size(2); k++) {
            for (int j = 0; j < grid.size(1); j++) {
                for (int i = 0; i < grid.size(0); i++, v++) {
                    if (content.test(v)) {
                        final int[] index = {i, j, k};
                        for (int a = 0; a < 3; a++) {
                            min[a] = Math.min(min[a], index[a]);
                            max[a] = Math.max(max[a], index[a]);
                        }
                    }
                }
            }
        }
        if (max[0] < 0) {
            throw new ImagingException("There is nothing to crop to: the image of " + grid + " has no " + what
                + ". Lower the threshold, or do not crop this image.");
        }
        final int[] size = new int[3];
        for (int a = 0; a < 3; a++) {
            min[a] = Math.max(0, min[a] - margin);
            size[a] = Math.min(grid.size(a) - 1, max[a] + margin) - min[a] + 1;
        }
        return new GridWindow(grid, min, size);
    }

    /** Index of the window's first voxel in the grid; a copy. */
    public int[] from() {
        return m_from.clone();
    }

    /** The window's own grid, in the same place of the patient frame. */
    public Geometry geometry() {
        return m_own;
    }

    /**
     * The window of the window that is the original grid: what was cropped away becomes padding. Its geometry is the
     * original one itself, without rounding.
     */
    public GridWindow inverse() {
        return new GridWindow(m_own, new int[]{-m_from[0], -m_from[1], -m_from[2]}, m_grid);
    }

    /**
     * @param image an image on the window's grid
     * @param fill value of voxels beyond the image
     * @throws ImagingException if the image lies on another grid
     */
    public Volume apply(final Volume image, final float fill) {
        requireGrid(image.geometry());
        final Geometry target = geometry();
        final float[] result = new float[target.voxelCount()];
        Arrays.fill(result, fill);
        copy(image.voxels(), result);
        return new Volume(result, target, image.info());
    }

    /** As {@link #apply(Volume, float)} for a segmentation; beyond it is background. */
    public LabelVolume apply(final LabelVolume labels) {
        requireGrid(labels.geometry());
        final Geometry target = geometry();
        final byte[] result = new byte[target.voxelCount()];
        copy(labels.voxels(), result);
        return new LabelVolume(result, target, labels.info(), labels.labels());
    }

    private void requireGrid(final Geometry grid) {
        if (!grid.sameGrid(m_grid)) {
            throw new ImagingException("The image has " + grid + ", the window was made for " + m_grid.beside(grid)
                + ". Make a window for each grid.");
        }
    }

    /** Copies rows of the grid's array to the window's; both arrays have the same type. */
    private void copy(final Object source, final Object target) {
        final int i0 = Math.max(0, -m_from[0]);
        final int i1 = Math.min(m_size[0], m_grid.size(0) - m_from[0]);
        for (int k = Math.max(0, -m_from[2]); k < Math.min(m_size[2], m_grid.size(2) - m_from[2]); k++) {
            for (int j = Math.max(0, -m_from[1]); j < Math.min(m_size[1], m_grid.size(1) - m_from[1]); j++) {
                if (i1 > i0) {
                    System.arraycopy(source,
                        ((k + m_from[2]) * m_grid.size(1) + j + m_from[1]) * m_grid.size(0) + i0 + m_from[0], target,
                        (k * m_size[1] + j) * m_size[0] + i0, i1 - i0);
                }
            }
        }
    }
}
