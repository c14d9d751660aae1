package org.scanbridge.imaging.volume;

import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;

import net.imglib2.img.array.ArrayImg;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.img.basictypeaccess.array.ByteArray;
import net.imglib2.type.numeric.integer.UnsignedByteType;

/**
 * A segmentation: one label value in [0, 255] per voxel, stored as unsigned bytes in the order of {@link Volume} (i
 * fastest). 0 is the background. Immutable by the same convention as {@link Volume}.
 */
public final class LabelVolume {

    private final byte[] m_voxels;

    private final Geometry m_geometry;

    private final VolumeInfo m_info;

    private final LabelSet m_labels;

    /**
     * @param voxels one unsigned byte per voxel, i fastest; <b>not copied</b>, must not be changed afterwards
     * @param geometry the grid
     * @param info what the segmented volume is
     * @param labels names of the label values
     * @throws IllegalArgumentException if there is not exactly one value per voxel of the grid
     */
    public LabelVolume(final byte[] voxels, final Geometry geometry, final VolumeInfo info, final LabelSet labels) {
        m_voxels = Objects.requireNonNull(voxels, "voxels");
        m_geometry = Objects.requireNonNull(geometry, "geometry");
        m_info = Objects.requireNonNull(info, "info");
        m_labels = Objects.requireNonNull(labels, "labels");
        if (voxels.length != geometry.voxelCount()) {
            throw new IllegalArgumentException(voxels.length + " label values for " + geometry);
        }
    }

    /** The values as unsigned bytes, i fastest; shared, read only. */
    public byte[] voxels() {
        return m_voxels;
    }

    /** The grid in the patient frame. */
    public Geometry geometry() {
        return m_geometry;
    }

    /** What the segmented volume is. */
    public VolumeInfo info() {
        return m_info;
    }

    /** Names of the label values. */
    public LabelSet labels() {
        return m_labels;
    }

    /** The label value in [0, 255] at index (i, j, k). */
    public int get(final int i, final int j, final int k) {
        return m_voxels[(k * m_geometry.size(1) + j) * m_geometry.size(0) + i] & 0xff;
    }

    /** The largest label value that occurs; 0 for an empty segmentation. */
    public int maxValue() {
        int max = 0;
        for (final byte v : m_voxels) {
            max = Math.max(max, v & 0xff);
        }
        return max;
    }

    /** The label values that occur, without the background. */
    public SortedSet<Integer> values() {
        final boolean[] occurs = new boolean[256];
        for (final byte v : m_voxels) {
            occurs[v & 0xff] = true;
        }
        final SortedSet<Integer> values = new TreeSet<>();
        for (int value = 1; value < occurs.length; value++) {
            if (occurs[value]) {
                values.add(value);
            }
        }
        return values;
    }

    /** The same voxels as an ImgLib2 image with axes i, j, k; shares the array, read only. */
    public ArrayImg<UnsignedByteType, ByteArray> img() {
        return ArrayImgs.unsignedBytes(m_voxels, m_geometry.size(0), m_geometry.size(1), m_geometry.size(2));
    }

    /** The same voxels and grid with another info. */
    public LabelVolume withInfo(final VolumeInfo info) {
        return new LabelVolume(m_voxels, m_geometry, info, m_labels);
    }
}
