package org.scanbridge.imaging.render;

import org.scanbridge.imaging.resample.Reorientation;
import org.scanbridge.imaging.volume.Geometry;

/**
 * Where the upright slices of a volume in one plane lie in the patient: pixel (x, y) of slice n has its center at
 * {@code first + x · across + y · down + n · through}, in LPS and mm, with x from 0 at the left, y from 0 at the top and n from
 * 0 at the right, anterior or inferior end, as {@link SliceGrid} counts. Oblique volumes are cut along their own index axes.
 */
public final class SliceStack {

    private final Plane m_plane;

    private final int[] m_size;

    private final double[] m_first;

    private final double[][] m_step;

    private final int m_axis;

    private final boolean m_against;

    /**
     * @param grid the volume's grid
     * @param plane which way to cut
     */
    public SliceStack(final Geometry grid, final Plane plane) {
        final Reorientation lps = Reorientation.toLps(grid);
        final Geometry upright = lps.geometry();
        final int[] axes = {plane.across(), plane.down(), plane.through()};
        final boolean[] against = {plane.againstAcross(), plane.againstDown(), false};
        m_plane = plane;
        m_size = new int[3];
        m_step = new double[3][3];
        final double[] corner = new double[3];
        for (int a = 0; a < 3; a++) {
            m_size[a] = upright.size(axes[a]);
            corner[axes[a]] = against[a] ? m_size[a] - 1 : 0;
            for (int c = 0; c < 3; c++) {
                // 0 - x instead of -x: a step of 0 stays +0.
                final double step = upright.direction()[3 * axes[a] + c] * upright.spacing(axes[a]);
                m_step[a][c] = against[a] ? 0 - step : step;
            }
        }
        m_first = upright.position(corner[0], corner[1], corner[2]);
        m_axis = lps.axis()[plane.through()];
        m_against = lps.flip()[plane.through()];
    }

    /** The plane of the slices as they were acquired: the one whose normal is nearest to the direction of index axis k. */
    public static Plane acquired(final Geometry grid) {
        final int[] axis = Reorientation.toLps(grid).axis();
        return axis[Plane.AXIAL.through()] == 2 ? Plane.AXIAL
            : axis[Plane.CORONAL.through()] == 2 ? Plane.CORONAL : Plane.SAGITTAL;
    }

    /** Which way is cut. */
    public Plane plane() {
        return m_plane;
    }

    /** Pixels across, pixels down, slices; a copy. */
    public int[] size() {
        return m_size.clone();
    }

    /** LPS position of the center of the upper left pixel of slice 0 in mm; a copy. */
    public double[] first() {
        return m_first.clone();
    }

    /** From one pixel to its right neighbor in mm (LPS); a copy. */
    public double[] across() {
        return m_step[0].clone();
    }

    /** From one pixel to the one below in mm (LPS); a copy. */
    public double[] down() {
        return m_step[1].clone();
    }

    /** From one slice to the next in mm (LPS); a copy. */
    public double[] through() {
        return m_step[2].clone();
    }

    /** The volume's index axis through the slices: 0 (i), 1 (j) or 2 (k). */
    public int axis() {
        return m_axis;
    }

    /**
     * @param slice number of a slice, from 0
     * @return its index along {@link #axis()}
     */
    public int index(final int slice) {
        return m_against ? m_size[2] - 1 - slice : slice;
    }

    /** Letters of the directions at the left, right, upper and lower side of the picture; see {@link OrientationLetters}. */
    public String[] letters() {
        return new String[]{OrientationLetters.of(opposite(m_step[0])), OrientationLetters.of(m_step[0]),
            OrientationLetters.of(opposite(m_step[1])), OrientationLetters.of(m_step[1])};
    }

    /** The angle between the slices and the patient's own plane of this name in degrees, in [0, 90). */
    public double obliqueness() {
        final double[] n = m_step[2];
        final double cosine = Math.abs(n[m_plane.through()]) / Math.hypot(Math.hypot(n[0], n[1]), n[2]);
        return Math.toDegrees(Math.acos(Math.min(1, cosine)));
    }

    private static double[] opposite(final double[] v) {
        return new double[]{-v[0], -v[1], -v[2]};
    }
}
