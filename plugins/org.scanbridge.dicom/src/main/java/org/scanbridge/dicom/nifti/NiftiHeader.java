package org.scanbridge.dicom.nifti;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import org.scanbridge.dicom.nifti.NiftiRemark.About;
import org.scanbridge.imaging.volume.Geometry;

/**
 * The header of a NIfTI-1 or NIfTI-2 file (nifti1.h, nifti2.h) as far as a volume needs it. NIfTI's frame is RAS (x to
 * the Right, y to the Anterior); it is turned into LPS by negating x and y.
 * <p>
 * The grid is that of the sform if it is set (method 3 of nifti1.h). A volume's axes are perpendicular, so a sform that is
 * sheared, has an axis without length or is no number gives way to the qform (method 2), as in SimpleITK, and a remark
 * says so. With neither set (method 1) the spacing alone is known.
 *
 * @param order byte order of the file
 * @param type data type of the voxels
 * @param offset position of the first voxel in the file
 * @param slope of {@code value = slope * stored + intercept}
 * @param intercept likewise
 * @param separate whether the voxels are in an .img file of their own
 * @param geometry the grid of one volume
 * @param volumes how many volumes follow each other (dimension 4), such as channels or times; at least 1
 * @param remarks what cannot be taken as it stands
 */
record NiftiHeader(ByteOrder order, NiftiType type, long offset, double slope, double intercept, boolean separate,
    Geometry geometry, int volumes, List<NiftiRemark> remarks) {

    static final int SIZE_1 = 348;

    static final int SIZE_2 = 540;

    /** Bytes to read before {@link #of(byte[])} can be called; NIfTI-1 files may have fewer. */
    static final int MAX_SIZE = SIZE_2;

    /** Cosines of single precision. */
    private static final double SHEAR = 1e-3;

    /** Square of a scalar part that single precision cannot tell from 0. */
    private static final double HALF_TURN = 1e-7;

    /** In mm; slices of scouts and of phantoms stay below. */
    private static final double LARGEST_VOXEL = 100;

    /** In mm; the finest micro-CT has some micrometers. */
    private static final double SMALLEST_VOXEL = 0.002;

    /** The units of space, in mm and in words. */
    private enum Unit {
            METER(1000, "meters"), MILLIMETER(1, "millimeters"), MICROMETER(0.001, "micrometers"),
            NONE(1, "no unit, taken as millimeters");

        private final double m_mm;

        private final String m_name;

        Unit(final double mm, final String name) {
            m_mm = mm;
            m_name = name;
        }

        /** @param units {@code xyzt_units}, whose lower three bits say it */
        static Unit of(final int units) {
            return switch (units & 7) {
                case 1 -> METER;
                case 2 -> MILLIMETER;
                case 3 -> MICROMETER;
                default -> NONE;
            };
        }
    }

    /** The fields of either version that matter. */
    private record Fields(long[] dim, double[] pixdim, int intent, int type, double offset, double slope,
        double intercept, Unit unit, int qform, int sform, double[] quaternion, double[] qoffset, double[] srow, String magic) {
    }

    static NiftiHeader of(final byte[] bytes) throws NiftiException {
        if (bytes.length < SIZE_1) {
            throw new NiftiException("The file has " + bytes.length + " bytes, a NIfTI header needs " + SIZE_1 + ".");
        }
        for (final ByteOrder order : new ByteOrder[]{ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
            final ByteBuffer in = ByteBuffer.wrap(bytes).order(order);
            if (in.getInt(0) == SIZE_1) {
                return of(order, fields1(in));
            }
            if (in.getInt(0) == SIZE_2 && bytes.length >= SIZE_2) {
                return of(order, fields2(in));
            }
        }
        throw new NiftiException("The file does not begin with the size of a NIfTI header, 348 or 540.");
    }

    private static Fields fields1(final ByteBuffer in) {
        final long[] dim = new long[8];
        final double[] pixdim = new double[8];
        final double[] srow = new double[12];
        for (int i = 0; i < 8; i++) {
            dim[i] = in.getShort(40 + 2 * i);
            pixdim[i] = in.getFloat(76 + 4 * i);
        }
        for (int i = 0; i < 12; i++) {
            srow[i] = in.getFloat(280 + 4 * i);
        }
        return new Fields(dim, pixdim, in.getShort(68), in.getShort(70), in.getFloat(108), in.getFloat(112),
            in.getFloat(116), Unit.of(in.get(123)), in.getShort(252), in.getShort(254),
            new double[]{in.getFloat(256), in.getFloat(260), in.getFloat(264)},
            new double[]{in.getFloat(268), in.getFloat(272), in.getFloat(276)}, srow, magic(in, 344));
    }

    private static Fields fields2(final ByteBuffer in) {
        final long[] dim = new long[8];
        final double[] pixdim = new double[8];
        final double[] srow = new double[12];
        for (int i = 0; i < 8; i++) {
            dim[i] = in.getLong(16 + 8 * i);
            pixdim[i] = in.getDouble(104 + 8 * i);
        }
        for (int i = 0; i < 12; i++) {
            srow[i] = in.getDouble(400 + 8 * i);
        }
        return new Fields(dim, pixdim, in.getInt(504), in.getShort(12), in.getLong(168), in.getDouble(176),
            in.getDouble(184), Unit.of(in.getInt(500)), in.getInt(344), in.getInt(348),
            new double[]{in.getDouble(352), in.getDouble(360), in.getDouble(368)},
            new double[]{in.getDouble(376), in.getDouble(384), in.getDouble(392)}, srow, magic(in, 4));
    }

    private static String magic(final ByteBuffer in, final int at) {
        return "" + (char)in.get(at) + (char)in.get(at + 1) + (char)in.get(at + 2);
    }

    private static NiftiHeader of(final ByteOrder order, final Fields f) throws NiftiException {
        final boolean separate = f.magic.startsWith("ni");
        if (!f.magic.matches("n[+i][12]")) {
            throw new NiftiException("The magic characters of the header are neither n+1, ni1, n+2 nor ni2; Analyze"
                + " files, which have none, do not tell their orientation.");
        }
        if (f.dim[0] < 2 || f.dim[0] > 7) {
            throw new NiftiException("The number of dimensions is " + f.dim[0] + "; 2 to 7 are possible.");
        }
        final int[] size = {1, 1, 1, 1};
        for (int d = 1; d <= f.dim[0]; d++) {
            final long n = f.dim[d];
            if (n < 1 || n > Integer.MAX_VALUE) {
                throw new NiftiException("Dimension " + d + " is " + n + "; it must be positive.");
            }
            if (d > 4 && n > 1) {
                throw new NiftiException("Dimension " + d + " is " + n + intent(f.intent) + ": the voxels hold " + n
                    + " numbers each, no intensity. Vectors are not read; write their components into files of their own,"
                    + " or as volumes (dimension 4).");
            }
            if (d <= 4) {
                size[d - 1] = (int)n;
            }
        }
        if (!Double.isFinite(f.offset) || f.offset < 0 || !separate && f.offset < SIZE_1) {
            throw new NiftiException("The voxels are said to begin at byte " + f.offset + ".");
        }
        // nifti1.h: a slope of 0 means that the values are not scaled, and nibabel takes a slope that is no number so too.
        final boolean scaled = f.slope != 0 && Double.isFinite(f.slope);
        if (scaled && !Double.isFinite(f.intercept)) {
            throw new NiftiException("The slope (scl_slope) is " + f.slope + " but the intercept (scl_inter) is "
                + f.intercept + ", so the values are not known.");
        }
        final NiftiType type = NiftiType.of(f.type);
        final List<NiftiRemark> remarks = new ArrayList<>();
        if (type.isColor()) {
            remarks.add(new NiftiRemark(About.COLOR, "The voxels are colors (data type " + f.type + ", " + type
                + "); their luminance was taken.", "Leave the image out if its colors stand for something else than"
                + " brightness, such as directions."));
        }
        // nifti1.h: scl_slope and scl_inter do not apply to colors.
        final boolean applies = scaled && !type.isColor();
        final Geometry geometry = geometry(Arrays.copyOf(size, 3), f, remarks);
        unlikely(geometry, f.unit).ifPresent(remarks::add);
        return new NiftiHeader(order, type, (long)f.offset, applies ? f.slope : 1, applies ? f.intercept : 0, separate,
            geometry, size[3], List.copyOf(remarks));
    }

    /** Of voxels that are larger than a hand or smaller than a cell the unit is to be doubted. */
    private static Optional<NiftiRemark> unlikely(final Geometry geometry, final Unit unit) {
        for (int axis = 0; axis < 3; axis++) {
            final double spacing = geometry.spacing(axis);
            if (spacing > LARGEST_VOXEL || spacing < SMALLEST_VOXEL) {
                return Optional.of(new NiftiRemark(About.SIZE, String.format(Locale.ROOT, "The voxels are %.4g × %.4g × %.4g mm, which no"
                    + " image of a body has: the file gives its spacing in %s.", geometry.spacing(0), geometry.spacing(1),
                    geometry.spacing(2), unit.m_name),
                    "Look at the spacing in the file. If it is meant in another unit, set xyzt_units (2 for millimeters), or export"
                        + " the image again."));
            }
        }
        return Optional.empty();
    }

    /** What nifti1.h calls the meaning of vectors and the like. */
    private static String intent(final int code) {
        return switch (code) {
            case 1004 -> " (intent 1004, general matrices)";
            case 1005 -> " (intent 1005, symmetric matrices such as diffusion tensors)";
            case 1006 -> " (intent 1006, displacement vectors)";
            case 1007 -> " (intent 1007, vectors)";
            case 2003 -> " (intent 2003, RGB vectors)";
            case 2004 -> " (intent 2004, RGBA vectors)";
            default -> "";
        };
    }

    private static Geometry geometry(final int[] size, final Fields f, final List<NiftiRemark> remarks)
        throws NiftiException {
        if (f.sform > 0) {
            try {
                return geometry(size, sform(f.srow), f.unit);
            } catch (final NiftiException e) {
                if (f.qform <= 0) {
                    throw new NiftiException("The sform (code " + f.sform + ") cannot be used, and there is no qform: "
                        + e.getMessage(), e);
                }
                final Geometry byQform = unlessBroken(size, f, e);
                remarks.add(new NiftiRemark(About.PLACE, "The sform (code " + f.sform + ") cannot be used: "
                    + e.getMessage() + " The place and the axes are those of the qform (code " + f.qform + ").",
                    "Look whether the image lies where its label map lies."));
                return byQform;
            }
        }
        if (f.qform <= 0) {
            remarks.add(new NiftiRemark(About.PLACE, "Neither qform nor sform is set (both codes are 0), so left and right"
                + " of the patient and the place are not known; the axes are taken to run to the right, anterior and"
                + " superior, from 0 mm.", "Export the image with its orientation, or make sure that all images are stored"
                + " alike."));
        }
        return geometry(size, qform(f), f.unit);
    }

    /** The grid of the qform where the sform is no use; the message tells of both. */
    private static Geometry unlessBroken(final int[] size, final Fields f, final NiftiException sform)
        throws NiftiException {
        try {
            return geometry(size, qform(f), f.unit);
        } catch (final NiftiException e) {
            throw new NiftiException("Neither the sform (code " + f.sform + ") nor the qform (code " + f.qform
                + ") can be used. sform: " + sform.getMessage() + " qform: " + e.getMessage(), e);
        }
    }

    /** @param a columns of the affine in RAS: i, j, k, origin */
    private static Geometry geometry(final int[] size, final double[][] a, final Unit unit) throws NiftiException {
        final double[] spacing = new double[3];
        final double[] direction = new double[9];
        for (int axis = 0; axis < 3; axis++) {
            final double length = Math.sqrt(a[axis][0] * a[axis][0] + a[axis][1] * a[axis][1] + a[axis][2] * a[axis][2]);
            if (!(length > 0) || Double.isInfinite(length)) {
                throw new NiftiException("The spacing of axis " + axis + " is " + length + ".");
            }
            spacing[axis] = length * unit.m_mm;
            direction[3 * axis] = -a[axis][0] / length;
            direction[3 * axis + 1] = -a[axis][1] / length;
            direction[3 * axis + 2] = a[axis][2] / length;
        }
        for (int axis = 0; axis < 3; axis++) {
            final int other = (axis + 1) % 3;
            double dot = 0;
            for (int c = 0; c < 3; c++) {
                dot += direction[3 * axis + c] * direction[3 * other + c];
            }
            if (Math.abs(dot) > SHEAR) {
                throw new NiftiException(String.format(Locale.ROOT, "The axes %d and %d are not perpendicular (cosine"
                    + " %.4f); resample the volume to an upright grid before.", axis, other, dot));
            }
        }
        try {
            return new Geometry(size, spacing, new double[]{-a[3][0] * unit.m_mm, -a[3][1] * unit.m_mm, a[3][2] * unit.m_mm}, direction);
        } catch (final IllegalArgumentException e) {
            throw new NiftiException("The grid cannot be used: " + e.getMessage() + ".", e);
        }
    }

    private static double[][] sform(final double[] srow) {
        final double[][] a = new double[4][3];
        for (int row = 0; row < 3; row++) {
            for (int column = 0; column < 4; column++) {
                a[column][row] = srow[4 * row + column];
            }
        }
        return a;
    }

    /** Rotation by a quaternion (nifti1.h, method 2); without, the axes are those of RAS and the origin is 0. */
    private static double[][] qform(final Fields f) {
        final double[] size = {Math.abs(f.pixdim[1]), Math.abs(f.pixdim[2]), Math.abs(f.pixdim[3])};
        if (f.dim[0] < 3 && size[2] == 0) {
            size[2] = 1;
        }
        if (f.qform <= 0) {
            return new double[][]{{size[0], 0, 0}, {0, size[1], 0}, {0, 0, size[2]}, {0, 0, 0}};
        }
        final double vector =
            f.quaternion[0] * f.quaternion[0] + f.quaternion[1] * f.quaternion[1] + f.quaternion[2] * f.quaternion[2];
        // A half turn has a scalar part of 0, which rounding to single precision may miss.
        final boolean halfTurn = 1 - vector < HALF_TURN;
        final double scale = halfTurn ? 1 / Math.sqrt(vector) : 1;
        final double a = halfTurn ? 0 : Math.sqrt(1 - vector);
        final double b = f.quaternion[0] * scale;
        final double c = f.quaternion[1] * scale;
        final double d = f.quaternion[2] * scale;
        final double k = f.pixdim[0] < 0 ? -size[2] : size[2];
        return new double[][]{
            {(a * a + b * b - c * c - d * d) * size[0], 2 * (b * c + a * d) * size[0], 2 * (b * d - a * c) * size[0]},
            {2 * (b * c - a * d) * size[1], (a * a + c * c - b * b - d * d) * size[1], 2 * (c * d + a * b) * size[1]},
            {2 * (b * d + a * c) * k, 2 * (c * d - a * b) * k, (a * a + d * d - c * c - b * b) * k},
            f.qoffset.clone()};
    }

    /** The header of a NIfTI-1 file in one piece, little endian, with qform and sform. */
    static byte[] bytes(final Geometry g, final NiftiType type) throws NiftiException {
        final ByteBuffer out = ByteBuffer.allocate(SIZE_1 + 4).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(0, SIZE_1);
        out.putShort(40, (short)3);
        for (int d = 1; d < 8; d++) {
            final int n = d <= 3 ? g.size(d - 1) : 1;
            if (n > Short.MAX_VALUE) {
                throw new NiftiException("Dimension " + d + " is " + n + "; NIfTI-1 holds up to 32767.");
            }
            out.putShort(40 + 2 * d, (short)n);
        }
        out.putShort(70, (short)type.code());
        out.putShort(72, (short)(8 * type.bytes()));
        final double[] r = g.direction();
        final double[] ras = new double[9];
        for (int i = 0; i < 9; i++) {
            ras[i] = i % 3 == 2 ? r[i] : -r[i];
        }
        final double determinant = ras[0] * (ras[4] * ras[8] - ras[5] * ras[7])
            - ras[1] * (ras[3] * ras[8] - ras[5] * ras[6]) + ras[2] * (ras[3] * ras[7] - ras[4] * ras[6]);
        out.putFloat(76, determinant < 0 ? -1 : 1);
        for (int axis = 0; axis < 3; axis++) {
            out.putFloat(80 + 4 * axis, (float)g.spacing(axis));
        }
        out.putFloat(108, SIZE_1 + 4);
        out.putFloat(112, 1);
        out.put(123, (byte)2); // mm
        out.putShort(252, (short)1);
        out.putShort(254, (short)1);
        final double[] right = Arrays.copyOf(ras, 9);
        for (int c = 6; c < 9 && determinant < 0; c++) {
            right[c] = -ras[c];
        }
        final double[] quaternion = quaternion(right);
        final double[] origin = g.origin();
        for (int i = 0; i < 3; i++) {
            out.putFloat(256 + 4 * i, (float)quaternion[i]);
            final double o = i == 2 ? origin[i] : -origin[i];
            out.putFloat(268 + 4 * i, (float)o);
            for (int axis = 0; axis < 3; axis++) {
                out.putFloat(280 + 16 * i + 4 * axis, (float)(ras[3 * axis + i] * g.spacing(axis)));
            }
            out.putFloat(280 + 16 * i + 12, (float)o);
        }
        out.put(344, (byte)'n').put(345, (byte)'+').put(346, (byte)'1');
        return out.array();
    }

    /** The vector part of the unit quaternion, scalar part not negative, of a rotation given by columns. */
    private static double[] quaternion(final double[] m) {
        final double r11 = m[0];
        final double r22 = m[4];
        final double r33 = m[8];
        double a = r11 + r22 + r33 + 1;
        double b;
        double c;
        double d;
        if (a > 0.5) {
            a = 0.5 * Math.sqrt(a);
            b = 0.25 * (m[5] - m[7]) / a;
            c = 0.25 * (m[6] - m[2]) / a;
            d = 0.25 * (m[1] - m[3]) / a;
        } else if (r11 >= r22 && r11 >= r33) {
            b = 0.5 * Math.sqrt(Math.max(0, 1 + r11 - r22 - r33));
            c = 0.25 * (m[3] + m[1]) / b;
            d = 0.25 * (m[6] + m[2]) / b;
            a = 0.25 * (m[5] - m[7]) / b;
        } else if (r22 >= r33) {
            c = 0.5 * Math.sqrt(Math.max(0, 1 + r22 - r11 - r33));
            b = 0.25 * (m[3] + m[1]) / c;
            d = 0.25 * (m[7] + m[5]) / c;
            a = 0.25 * (m[6] - m[2]) / c;
        } else {
            d = 0.5 * Math.sqrt(Math.max(0, 1 + r33 - r11 - r22));
            b = 0.25 * (m[6] + m[2]) / d;
            c = 0.25 * (m[7] + m[5]) / d;
            a = 0.25 * (m[1] - m[3]) / d;
        }
        final double sign = a < 0 ? -1 : 1;
        return new double[]{sign * b, sign * c, sign * d};
    }
}
