package org.scanbridge.dicom.series;

import java.util.Optional;

import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.DicomException;
import org.scanbridge.dicom.data.DicomException.Reason;
import org.scanbridge.dicom.data.Tag;

/**
 * Where an image plane lies in the patient (PS3.3 C.7.6.2.1.1); LPS, mm.
 *
 * @param columns number of columns (voxels along i)
 * @param rows number of rows (voxels along j)
 * @param columnSpacing distance of neighboring columns' centers: the spacing along i
 * @param rowSpacing distance of neighboring rows' centers: the spacing along j
 * @param x position of the center of the first pixel; likewise y, z
 * @param axes unit vectors along which i and j grow, six numbers
 */
public record Plane(int columns, int rows, double columnSpacing, double rowSpacing, double x, double y, double z,
    Axes axes) {

    /** Cosines of headers carry at least this many decimals; larger deviations are corrected, still larger refused. */
    private static final double ROUNDING = 1e-5;

    private static final double TOLERANCE = 2e-2;

    /** Direction cosines of i and j; unit vectors, perpendicular. */
    public record Axes(double ix, double iy, double iz, double jx, double jy, double jz) {

        /** The normal: i × j. */
        public double[] normal() {
            final double[] n = {iy * jz - iz * jy, iz * jx - ix * jz, ix * jy - iy * jx};
            final double length = Math.sqrt(n[0] * n[0] + n[1] * n[1] + n[2] * n[2]);
            for (int c = 0; c < 3; c++) {
                n[c] /= length;
            }
            return n;
        }

        /** Whether all components differ by less than a tolerance. */
        public boolean isClose(final Axes o, final double tolerance) {
            return Math.abs(ix - o.ix) < tolerance && Math.abs(iy - o.iy) < tolerance && Math.abs(iz - o.iz) < tolerance
                && Math.abs(jx - o.jx) < tolerance && Math.abs(jy - o.jy) < tolerance
                && Math.abs(jz - o.jz) < tolerance;
        }
    }

    /**
     * Reads the plane of a frame.
     *
     * @return empty if the position is absent, as in projection radiographs
     * @throws DicomException if a value is impossible, or some but not all of them are there
     */
    public static Optional<Plane> of(final FunctionalGroups groups, final int frame, final int columns, final int rows)
        throws DicomException {
        final DataSet position = groups.group(frame, Tag.PLANE_POSITION_SEQUENCE);
        final DataSet orientation = groups.group(frame, Tag.PLANE_ORIENTATION_SEQUENCE);
        if (!position.hasValue(Tag.IMAGE_POSITION_PATIENT)) {
            return Optional.empty();
        }
        return Optional.of(of(position, orientation, groups.group(frame, Tag.PIXEL_MEASURES_SEQUENCE), columns, rows));
    }

    /**
     * Reads a plane.
     *
     * @param position holds Image Position (Patient)
     * @param orientation holds Image Orientation (Patient)
     * @param measures holds Pixel Spacing
     * @throws DicomException if a value is absent or impossible
     */
    static Plane of(final DataSet position, final DataSet orientation, final DataSet measures, final int columns,
        final int rows) throws DicomException {
        final double[] p = position.requiredNumbers(Tag.IMAGE_POSITION_PATIENT, 3);
        final double[] o = orientation.requiredNumbers(Tag.IMAGE_ORIENTATION_PATIENT, 6);
        final double[] s = measures.requiredNumbers(Tag.PIXEL_SPACING, 2);
        if (!(s[0] > 0 && s[1] > 0)) {
            throw new DicomException(Reason.BAD_VALUE, "Pixel Spacing " + Tag.toString(Tag.PIXEL_SPACING) + " is "
                + s[0] + "\\" + s[1] + "; it must be positive", Tag.PIXEL_SPACING, DicomException.NONE);
        }
        return new Plane(columns, rows, s[1], s[0], p[0], p[1], p[2], axes(o));
    }

    private static Axes axes(final double[] o) throws DicomException {
        final double ii = o[0] * o[0] + o[1] * o[1] + o[2] * o[2];
        final double jj = o[3] * o[3] + o[4] * o[4] + o[5] * o[5];
        final double ij = o[0] * o[3] + o[1] * o[4] + o[2] * o[5];
        if (!(Math.abs(ii - 1) < TOLERANCE && Math.abs(jj - 1) < TOLERANCE && Math.abs(ij) < TOLERANCE)) {
            throw new DicomException(Reason.BAD_VALUE,
                String.format(java.util.Locale.ROOT,
                    "Image Orientation (Patient) %s: lengths %.4f and %.4f, cosine of the angle %.4f; two perpendicular"
                        + " unit vectors are needed",
                    Tag.toString(Tag.IMAGE_ORIENTATION_PATIENT), Math.sqrt(ii), Math.sqrt(jj), ij),
                Tag.IMAGE_ORIENTATION_PATIENT, DicomException.NONE);
        }
        if (Math.abs(ii - 1) < ROUNDING && Math.abs(jj - 1) < ROUNDING && Math.abs(ij) < ROUNDING) {
            return new Axes(o[0], o[1], o[2], o[3], o[4], o[5]);
        }
        // Cosines written with too few decimals: keep the direction of i, make j perpendicular to it.
        final double li = Math.sqrt(ii);
        final double[] j = {o[3] - ij / ii * o[0], o[4] - ij / ii * o[1], o[5] - ij / ii * o[2]};
        final double lj = Math.sqrt(j[0] * j[0] + j[1] * j[1] + j[2] * j[2]);
        return new Axes(o[0] / li, o[1] / li, o[2] / li, j[0] / lj, j[1] / lj, j[2] / lj);
    }

    /** This plane moved along its normal by a distance in mm. */
    public Plane shifted(final double distance) {
        final double[] n = axes.normal();
        return new Plane(columns, rows, columnSpacing, rowSpacing, x + distance * n[0], y + distance * n[1],
            z + distance * n[2], axes);
    }

    /** Distance of the plane from the origin of the frame along a unit vector in mm. */
    public double depth(final double[] normal) {
        return x * normal[0] + y * normal[1] + z * normal[2];
    }
}
