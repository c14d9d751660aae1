package org.scanbridge.dicom.series;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

import org.scanbridge.dicom.data.DicomException;
import org.scanbridge.dicom.data.DicomFile;
import org.scanbridge.dicom.pixel.PixelReader;
import org.scanbridge.imaging.volume.Geometry;

/**
 * Slices in the order of their positions, and the grid they make. Where slices are missing and gaps are filled, some
 * planes of the grid have no slice of their own.
 */
public final class Stack {

    private final Geometry m_geometry;

    private final List<Slice> m_slices;

    private final int[] m_planes;

    private final double[] m_depths;

    /**
     * @param geometry the grid
     * @param slices the slices in ascending order along k
     * @param planes for each slice the plane (index k) it fills; ascending from 0 to the last plane
     * @param depths for unevenly spaced slices stacked evenly, their true distances from the first along k in mm; null
     *            where positions follow from the grid
     */
    Stack(final Geometry geometry, final List<Slice> slices, final int[] planes, final double[] depths) {
        m_geometry = Objects.requireNonNull(geometry, "geometry");
        m_slices = List.copyOf(slices);
        m_planes = planes.clone();
        m_depths = depths == null ? null : depths.clone();
    }

    /** A projection image as a volume of depth 1 at the origin of the frame, whose place in the patient is not known. */
    public static Stack projection(final Slice slice) {
        return new Stack(Geometry.axial(new int[]{slice.format().columns(), slice.format().rows(), 1},
            slice.spacing2d()[1], slice.spacing2d()[0], 1), List.of(slice), new int[1], null);
    }

    /** The grid; k grows along the normal of the slices. */
    public Geometry geometry() {
        return m_geometry;
    }

    /** The slices in the order of k. */
    public List<Slice> slices() {
        return m_slices;
    }

    /** Index k of the plane that a slice (by its place in {@link #slices()}) fills. */
    public int plane(final int slice) {
        return m_planes[slice];
    }

    /** The slice that fills plane k or, in a gap, the nearest one (the lower of two). */
    public int nearestSlice(final int k) {
        final int at = Arrays.binarySearch(m_planes, k);
        if (at >= 0) {
            return at;
        }
        final int above = -at - 1;
        return k - m_planes[above - 1] <= m_planes[above] - k ? above - 1 : above;
    }

    /** Whether plane k has a slice of its own. */
    public boolean hasSlice(final int k) {
        return Arrays.binarySearch(m_planes, k) >= 0;
    }

    /** Continuous index (i, j, k) of an LPS position in mm; follows the true positions of uneven slices. */
    public double[] index(final double... position) {
        final double[] index = m_geometry.index(position);
        if (m_depths != null) {
            final double depth = index[2] * m_geometry.spacing(2);
            int below = 0;
            while (below < m_depths.length - 2 && m_depths[below + 1] <= depth) {
                below++;
            }
            index[2] = below + (depth - m_depths[below]) / (m_depths[below + 1] - m_depths[below]);
        }
        return index;
    }

    /**
     * Reads the voxels; planes in gaps are interpolated linearly between their neighbors.
     *
     * @param reader decodes
     * @return one value per voxel of the grid, i fastest
     * @throws DicomException if a file cannot be decoded; the message begins with the file's relative path
     * @throws IOException if a file cannot be read
     */
    public float[] read(final PixelReader reader) throws IOException {
        final int plane = m_geometry.size(0) * m_geometry.size(1);
        final float[] voxels = new float[m_geometry.voxelCount()];
        DicomFile open = null;
        Slice current = null;
        try {
            for (int s = 0; s < m_slices.size(); s++) {
                final Slice slice = m_slices.get(s);
                if (current == null || !current.file().equals(slice.file())) {
                    if (open != null) {
                        open.close();
                    }
                    open = DicomFile.open(slice.file());
                }
                current = slice;
                read(reader, open, slice, voxels, m_planes[s] * plane);
            }
        } finally {
            if (open != null) {
                open.close();
            }
        }
        for (int s = 1; s < m_planes.length; s++) {
            interpolate(voxels, plane, m_planes[s - 1], m_planes[s]);
        }
        return voxels;
    }

    private static void read(final PixelReader reader, final DicomFile file, final Slice slice, final float[] voxels,
        final int offset) throws IOException {
        try {
            reader.read(file, slice.format(), slice.mapping(), slice.frame(), voxels, offset);
        } catch (final DicomException e) {
            final DicomException named =
                new DicomException(e.reason(), slice.path() + ": " + e.getMessage(), e.tag(), e.offset());
            named.initCause(e);
            throw named;
        }
    }

    private static void interpolate(final float[] voxels, final int plane, final int from, final int to) {
        for (int k = from + 1; k < to; k++) {
            final float weight = (float)(k - from) / (to - from);
            for (int p = 0; p < plane; p++) {
                final float a = voxels[from * plane + p];
                voxels[k * plane + p] = a + weight * (voxels[to * plane + p] - a);
            }
        }
    }
}
