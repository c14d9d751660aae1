package org.scanbridge.imaging.volume;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Where a voxel grid lies in the patient: size, spacing, origin and direction cosines.
 * <p>
 * The frame is DICOM's patient frame (PS3.3 C.7.6.2.1.1), LPS, in mm: x grows to the patient's Left, y to the
 * Posterior, z to the Superior side. Index axes are i (columns, fastest in memory), j (rows), k (slices). Positions are
 * those of voxel <em>centers</em>; the origin is the center of voxel (0,0,0). The grid covers the indices
 * [0, size-1] on each axis (both including).
 * <p>
 * The direction cosines are stored as three unit column vectors: {@code direction[3*a + b]} is component {@code b} (x,
 * y, z) of the direction in which index axis {@code a} (i, j, k) grows, so the first six numbers are DICOM's
 * ImageOrientationPatient.
 */
public final class Geometry {

    /** How far direction cosines may be from orthonormal: headers carry six decimals at best. */
    private static final double ORTHONORMAL_TOLERANCE = 1e-3;

    /** Voxels that an array holds on every Java virtual machine. */
    private static final int LARGEST = Integer.MAX_VALUE - 8;

    /** Smaller distances of grids, in mm, are not worth a word. */
    private static final double SHIFTED = 1e-3;

    /** Smaller turns, in degrees, are not worth a word. */
    private static final double TURNED = 0.01;

    private final int[] m_size;

    private final double[] m_spacing;

    private final double[] m_origin;

    private final double[] m_direction;

    /**
     * @param size number of voxels along i, j, k; each at least 1
     * @param spacing distance of neighboring voxel centers along i, j, k in mm; finite and positive
     * @param origin LPS position of the center of voxel (0,0,0) in mm
     * @param direction nine direction cosines, unit vectors of i, j, k one after the other; orthonormal to 1e-3
     * @throws IllegalArgumentException if one of these does not hold
     */
    public Geometry(final int[] size, final double[] spacing, final double[] origin, final double[] direction) {
        m_size = copyOf(size, "size");
        m_spacing = copyOf(spacing, 3, "spacing");
        m_origin = copyOf(origin, 3, "origin");
        m_direction = copyOf(direction, 9, "direction");
        for (int a = 0; a < 3; a++) {
            if (m_size[a] < 1) {
                throw new IllegalArgumentException("size " + Arrays.toString(m_size) + ": each axis needs at least 1 voxel");
            }
            if (!(m_spacing[a] > 0) || Double.isInfinite(m_spacing[a])) {
                throw new IllegalArgumentException("spacing " + Arrays.toString(m_spacing) + " mm: must be positive");
            }
            if (!Double.isFinite(m_origin[a])) {
                throw new IllegalArgumentException("origin " + Arrays.toString(m_origin) + " mm: must be finite");
            }
            for (int b = a; b < 3; b++) {
                double dot = 0;
                for (int c = 0; c < 3; c++) {
                    dot += m_direction[3 * a + c] * m_direction[3 * b + c];
                }
                if (!(Math.abs(dot - (a == b ? 1 : 0)) <= ORTHONORMAL_TOLERANCE)) {
                    throw new IllegalArgumentException(
                        "direction cosines " + Arrays.toString(m_direction) + " are not orthonormal");
                }
            }
        }
        // of two axes first: the product of all three may be more than a long holds
        if ((long)m_size[0] * m_size[1] > LARGEST || (long)m_size[0] * m_size[1] * m_size[2] > LARGEST) {
            throw new IllegalArgumentException(
                "size " + Arrays.toString(m_size) + ": more than 2^31 voxels do not fit into one volume");
        }
    }

    /** An axial grid at the origin of the frame: i to the Left, j to Posterior, k to Superior. */
    public static Geometry axial(final int[] size, final double... spacing) {
        return new Geometry(size, spacing, new double[3], new double[]{1, 0, 0, 0, 1, 0, 0, 0, 1});
    }

    private static int[] copyOf(final int[] a, final String name) {
        if (Objects.requireNonNull(a, name).length != 3) {
            throw new IllegalArgumentException(name + " needs 3 numbers, has " + a.length);
        }
        return a.clone();
    }

    private static double[] copyOf(final double[] a, final int n, final String name) {
        if (Objects.requireNonNull(a, name).length != n) {
            throw new IllegalArgumentException(name + " needs " + n + " numbers, has " + a.length);
        }
        return a.clone();
    }

    /** Number of voxels along index axis 0 (i), 1 (j) or 2 (k). */
    public int size(final int axis) {
        return m_size[axis];
    }

    /** Numbers of voxels along i, j, k; a copy. */
    public int[] size() {
        return m_size.clone();
    }

    /** Number of voxels of the whole grid. */
    public int voxelCount() {
        return m_size[0] * m_size[1] * m_size[2];
    }

    /** Distance of neighboring voxel centers along an index axis in mm. */
    public double spacing(final int axis) {
        return m_spacing[axis];
    }

    /** Spacing along i, j, k in mm; a copy. */
    public double[] spacing() {
        return m_spacing.clone();
    }

    /** LPS position of the center of voxel (0,0,0) in mm; a copy. */
    public double[] origin() {
        return m_origin.clone();
    }

    /** Nine direction cosines (see class comment); a copy. */
    public double[] direction() {
        return m_direction.clone();
    }

    /** From one corner of the grid's box to the opposite one, in mm. */
    public double diagonal() {
        double sum = 0;
        for (int a = 0; a < 3; a++) {
            sum += Math.pow(size(a) * spacing(a), 2);
        }
        return Math.sqrt(sum);
    }

    /** Volume of one voxel in mm³. */
    public double voxelVolume() {
        return m_spacing[0] * m_spacing[1] * m_spacing[2];
    }

    /**
     * @param i continuous index along i; likewise j, k
     * @return the LPS position of that index in mm
     */
    public double[] position(final double i, final double j, final double k) {
        final double[] index = {i * m_spacing[0], j * m_spacing[1], k * m_spacing[2]};
        final double[] p = m_origin.clone();
        for (int a = 0; a < 3; a++) {
            for (int c = 0; c < 3; c++) {
                p[c] += index[a] * m_direction[3 * a + c];
            }
        }
        return p;
    }

    /**
     * The inverse of {@link #position}; uses that the direction cosines are orthonormal.
     *
     * @param position an LPS position in mm
     * @return its continuous index i, j, k; may lie outside the grid
     */
    public double[] index(final double... position) {
        final double[] index = new double[3];
        for (int a = 0; a < 3; a++) {
            for (int c = 0; c < 3; c++) {
                index[a] += (position[c] - m_origin[c]) * m_direction[3 * a + c];
            }
            index[a] /= m_spacing[a];
        }
        return index;
    }

    /**
     * Whether two grids are the same for computing voxel by voxel: same size, and every corner within a tenth of a
     * voxel of the other's.
     */
    public boolean sameGrid(final Geometry other) {
        if (!Arrays.equals(m_size, other.m_size)) {
            return false;
        }
        final double tolerance = 0.1 * Math.min(m_spacing[0], Math.min(m_spacing[1], m_spacing[2]));
        for (int corner = 0; corner < 8; corner++) {
            final double i = (corner & 1) * (m_size[0] - 1.0);
            final double j = (corner >> 1 & 1) * (m_size[1] - 1.0);
            final double k = (corner >> 2) * (m_size[2] - 1.0);
            final double[] p = position(i, j, k);
            final double[] q = other.position(i, j, k);
            if (Math.hypot(Math.hypot(p[0] - q[0], p[1] - q[1]), p[2] - q[2]) > tolerance) {
                return false;
            }
        }
        return true;
    }

    /**
     * How this grid lies otherwise in the patient than another one, for messages.
     *
     * @param other the other grid
     * @return such as {@code its center lies 0.346 mm away} and {@code its axes are turned by 3.0°}; empty if neither
     */
    public List<String> apart(final Geometry other) {
        final List<String> apart = new ArrayList<>();
        final double shift = centerDistance(other);
        if (shift > SHIFTED) {
            apart.add(String.format(Locale.ROOT, "its center lies %.3g mm away", shift));
        }
        final double angle = angle(other);
        if (angle > TURNED) {
            apart.add(String.format(Locale.ROOT, "its axes are turned by %.2g°", angle));
        }
        return apart;
    }

    /** The middle of the field of view, between voxels or in one: LPS, mm. */
    public double[] center() {
        return position((m_size[0] - 1) / 2.0, (m_size[1] - 1) / 2.0, (m_size[2] - 1) / 2.0);
    }

    /** How far the middles of two fields of view lie apart, in mm. */
    public double centerDistance(final Geometry other) {
        final double[] p = center();
        final double[] q = other.center();
        return Math.hypot(Math.hypot(p[0] - q[0], p[1] - q[1]), p[2] - q[2]);
    }

    /** The largest angle between an axis of another grid and the nearest axis of this one, whatever its direction, in degrees. */
    public double angle(final Geometry other) {
        final double[] d = other.m_direction;
        double largest = 0;
        for (int a = 0; a < 3; a++) {
            largest = Math.max(largest, angle(d[3 * a], d[3 * a + 1], d[3 * a + 2]));
        }
        return largest;
    }

    /** Angle in degrees between a unit vector and the nearest axis of this grid, whatever its direction. */
    public double angle(final double x, final double y, final double z) {
        double nearest = 0;
        for (int a = 0; a < 3; a++) {
            nearest = Math.max(nearest, Math.abs(x * m_direction[3 * a] + y * m_direction[3 * a + 1] + z * m_direction[3 * a + 2]));
        }
        return Math.toDegrees(Math.acos(Math.min(1, nearest)));
    }

    /**
     * This grid for messages that name another one before and say that they differ.
     *
     * @param other another grid
     * @return as {@link #toString()}, with what is not told by it, such as
     *         {@code 48×48×24 voxels of 1.0×1.0×2.0 mm (its center lies 0.346 mm away)}
     */
    public String beside(final Geometry other) {
        final List<String> apart = apart(other);
        if (apart.isEmpty() && toString().equals(other.toString())) {
            apart.add("its axes run in another order or direction");
        }
        return apart.isEmpty() ? toString() : this + " (" + String.join(", ", apart) + ")";
    }

    @Override
    public boolean equals(final Object o) {
        return o instanceof Geometry g && Arrays.equals(m_size, g.m_size) && Arrays.equals(m_spacing, g.m_spacing)
            && Arrays.equals(m_origin, g.m_origin) && Arrays.equals(m_direction, g.m_direction);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(new int[]{Arrays.hashCode(m_size), Arrays.hashCode(m_spacing), Arrays.hashCode(m_origin),
            Arrays.hashCode(m_direction)});
    }

    /** For messages: {@code 48×48×24 voxels of 1.0×1.0×2.0 mm}. */
    @Override
    public String toString() {
        return m_size[0] + "×" + m_size[1] + "×" + m_size[2] + " voxels of " + rounded(m_spacing[0]) + "×" + rounded(m_spacing[1])
            + "×" + rounded(m_spacing[2]) + " mm";
    }

    /** To six digits: what the matrix of an oblique image leaves of 3 mm is 2.9999999. */
    private static double rounded(final double mm) {
        return BigDecimal.valueOf(mm).round(new MathContext(6)).doubleValue();
    }
}
