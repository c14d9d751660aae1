package org.scanbridge.imaging.volume;

import java.util.Objects;

import net.imglib2.img.array.ArrayImg;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.img.basictypeaccess.array.FloatArray;
import net.imglib2.type.numeric.real.FloatType;

/**
 * A scalar image on a voxel grid: one float per voxel, i fastest, then j, then k ({@code (k*sizeJ + j)*sizeI + i}). A
 * 2-D radiograph is a volume of depth 1. Immutable by convention: whoever holds a volume may share it between threads
 * and never writes into {@link #voxels()}.
 */
public final class Volume {

    private final float[] m_voxels;

    private final Geometry m_geometry;

    private final VolumeInfo m_info;

    /**
     * @param voxels one value per voxel, i fastest; <b>not copied</b>, must not be changed afterwards
     * @param geometry the grid
     * @param info what the volume is
     * @throws IllegalArgumentException if there is not exactly one value per voxel of the grid
     */
    public Volume(final float[] voxels, final Geometry geometry, final VolumeInfo info) {
        m_voxels = Objects.requireNonNull(voxels, "voxels");
        m_geometry = Objects.requireNonNull(geometry, "geometry");
        m_info = Objects.requireNonNull(info, "info");
        if (voxels.length != geometry.voxelCount()) {
            throw new IllegalArgumentException(voxels.length + " values for " + geometry);
        }
    }

    /** The values, i fastest; shared, read only. */
    public float[] voxels() {
        return m_voxels;
    }

    /** The grid in the patient frame. */
    public Geometry geometry() {
        return m_geometry;
    }

    /** What the volume is. */
    public VolumeInfo info() {
        return m_info;
    }

    /** The value at index (i, j, k), each within [0, size-1]. */
    public float get(final int i, final int j, final int k) {
        return m_voxels[(k * m_geometry.size(1) + j) * m_geometry.size(0) + i];
    }

    /** The same voxels as an ImgLib2 image with axes i, j, k; shares the array, read only. */
    public ArrayImg<FloatType, FloatArray> img() {
        return ArrayImgs.floats(m_voxels, m_geometry.size(0), m_geometry.size(1), m_geometry.size(2));
    }

    /** A volume of the same grid and info with other values; the array is not copied. */
    public Volume withVoxels(final float[] voxels) {
        return new Volume(voxels, m_geometry, m_info);
    }

    /** The same voxels and grid with another info. */
    public Volume withInfo(final VolumeInfo info) {
        return new Volume(m_voxels, m_geometry, info);
    }
}
