package org.scanbridge.imaging.render;

import org.scanbridge.imaging.resample.Reorientation;
import org.scanbridge.imaging.volume.Geometry;

/** Where the pixels of an upright slice lie in the voxel array of a volume. */
public final class SliceGrid {

    private final int m_width;

    private final int m_height;

    private final double m_pixelWidth;

    private final double m_pixelHeight;

    private final int m_start;

    private final int m_across;

    private final int m_down;

    /**
     * @param grid the volume's grid
     * @param plane which way to cut
     * @param slice number of the slice along the plane's through-axis in LPS direction, from 0
     */
    public SliceGrid(final Geometry grid, final Plane plane, final int slice) {
        final Reorientation lps = Reorientation.toLps(grid);
        final int[] oldStride = {1, grid.size(0), grid.size(0) * grid.size(1)};
        int start = 0;
        final int[] stride = new int[3];
        for (int a = 0; a < 3; a++) {
            final int old = lps.axis()[a];
            stride[a] = lps.flip()[a] ? -oldStride[old] : oldStride[old];
            start += lps.flip()[a] ? (grid.size(old) - 1) * oldStride[old] : 0;
        }
        final Geometry upright = lps.geometry();
        m_width = upright.size(plane.across());
        m_height = upright.size(plane.down());
        m_pixelWidth = upright.spacing(plane.across());
        m_pixelHeight = upright.spacing(plane.down());
        start += slice * stride[plane.through()];
        start += plane.againstAcross() ? (m_width - 1) * stride[plane.across()] : 0;
        start += plane.againstDown() ? (m_height - 1) * stride[plane.down()] : 0;
        m_start = start;
        m_across = plane.againstAcross() ? -stride[plane.across()] : stride[plane.across()];
        m_down = plane.againstDown() ? -stride[plane.down()] : stride[plane.down()];
    }

    /** Number of slices along the plane's through-axis. */
    public static int slices(final Geometry grid, final Plane plane) {
        return Reorientation.toLps(grid).geometry().size(plane.through());
    }

    /** Pixels across. */
    public int width() {
        return m_width;
    }

    /** Pixels down. */
    public int height() {
        return m_height;
    }

    /** Width of the slice in mm. */
    public double widthMm() {
        return m_width * m_pixelWidth;
    }

    /** Height of the slice in mm. */
    public double heightMm() {
        return m_height * m_pixelHeight;
    }

    /** Index in the voxel array of the pixel in column {@code x} from the left, row {@code y} from the top. */
    public int voxel(final int x, final int y) {
        return m_start + x * m_across + y * m_down;
    }
}
