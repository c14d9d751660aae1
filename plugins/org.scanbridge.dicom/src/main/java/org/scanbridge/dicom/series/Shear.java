package org.scanbridge.dicom.series;

/**
 * How far the slices of a tilted stack must be shifted within their planes to lie behind each other: the pixel (c, r) of
 * the slice in plane k belongs to the index (c + shiftI[k], r + shiftJ[k], k) of an upright grid. Both have the same
 * spacing. Values are interpolated linearly between pixels, labels taken from the nearest one.
 */
final class Shear {

    private final int m_columns;

    private final int m_rows;

    private final int m_gridColumns;

    private final int m_gridRows;

    private final double[] m_shiftI;

    private final double[] m_shiftJ;

    /**
     * @param columns columns of a slice; likewise rows
     * @param gridColumns columns of the upright grid; likewise gridRows
     * @param shiftI of each plane in voxels; likewise shiftJ
     */
    Shear(final int columns, final int rows, final int gridColumns, final int gridRows, final double[] shiftI,
        final double[] shiftJ) {
        m_columns = columns;
        m_rows = rows;
        m_gridColumns = gridColumns;
        m_gridRows = gridRows;
        m_shiftI = shiftI.clone();
        m_shiftJ = shiftJ.clone();
    }

    int columns() {
        return m_columns;
    }

    int rows() {
        return m_rows;
    }

    /** Turns an index of the upright grid into the column and row of a slice, in place. */
    void toSlice(final double[] index) {
        index[0] -= at(m_shiftI, index[2]);
        index[1] -= at(m_shiftJ, index[2]);
    }

    private static double at(final double[] shift, final double k) {
        if (shift.length == 1) {
            return shift[0];
        }
        final int below = (int)Math.max(0, Math.min(shift.length - 2.0, Math.floor(k)));
        return shift[below] + (k - below) * (shift[below + 1] - shift[below]);
    }

    /** Puts a slice into plane k of a volume on the upright grid; what it does not cover becomes NaN. */
    void resample(final float[] slice, final float[] volume, final int k) {
        final int offset = k * m_gridColumns * m_gridRows;
        for (int y = 0; y < m_gridRows; y++) {
            for (int x = 0; x < m_gridColumns; x++) {
                volume[offset + y * m_gridColumns + x] = value(slice, x - m_shiftI[k], y - m_shiftJ[k]);
            }
        }
    }

    private float value(final float[] slice, final double x, final double y) {
        if (!(x >= -0.5 && x <= m_columns - 0.5 && y >= -0.5 && y <= m_rows - 0.5)) {
            return Float.NaN;
        }
        final double cx = Math.max(0, Math.min(m_columns - 1.0, x));
        final double cy = Math.max(0, Math.min(m_rows - 1.0, y));
        final int x0 = (int)cx;
        final int y0 = (int)cy;
        final double fx = cx - x0;
        final double fy = cy - y0;
        final int right = fx > 0 ? 1 : 0;
        final int down = fy > 0 ? m_columns : 0;
        final int at = y0 * m_columns + x0;
        final double top = slice[at] * (1 - fx) + slice[at + right] * fx;
        final double bottom = slice[at + down] * (1 - fx) + slice[at + down + right] * fx;
        return (float)(top * (1 - fy) + bottom * fy);
    }

    /** Label values on the pixels of the slices, turned into those on the upright grid; 0 where no slice is. */
    byte[] labels(final byte[] slices) {
        final byte[] labels = new byte[m_gridColumns * m_gridRows * m_shiftI.length];
        int at = 0;
        for (int k = 0; k < m_shiftI.length; k++) {
            final int plane = k * m_columns * m_rows;
            for (int y = 0; y < m_gridRows; y++) {
                for (int x = 0; x < m_gridColumns; x++, at++) {
                    final long c = Math.round(x - m_shiftI[k]);
                    final long r = Math.round(y - m_shiftJ[k]);
                    if (c >= 0 && c < m_columns && r >= 0 && r < m_rows) {
                        labels[at] = slices[plane + (int)r * m_columns + (int)c];
                    }
                }
            }
        }
        return labels;
    }
}
