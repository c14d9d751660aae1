package org.scanbridge.imaging.resample;

import java.util.Arrays;

import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;

/**
 * A change of the order and direction of the index axes. Every voxel keeps its value and its place in the patient; only
 * how it is indexed changes. {@link #inverse()} restores the original exactly.
 */
public final class Reorientation {

    private final Geometry m_source;

    private final int[] m_axis;

    private final boolean[] m_flip;

    /**
     * @param source the present grid
     * @param axis for each new axis the present one it runs along; a permutation of 0, 1, 2
     * @param flip for each new axis whether it runs against the present one
     * @throws IllegalArgumentException if {@code axis} is no permutation
     */
    public Reorientation(final Geometry source, final int[] axis, final boolean[] flip) {
        final int[] sorted = axis.clone();
        Arrays.sort(sorted);
        if (!Arrays.equals(sorted, new int[]{0, 1, 2}) || flip.length != 3) {
            throw new IllegalArgumentException("axis order " + Arrays.toString(axis) + " is no permutation of 0, 1, 2");
        }
        m_source = source;
        m_axis = axis.clone();
        m_flip = flip.clone();
    }

    /**
     * To the index axes nearest to the patient axes: i to the Left, j to Posterior, k to Superior. Of all orders and
     * directions it takes the one whose axes' cosines to L, P, S add up to most.
     */
    public static Reorientation toLps(final Geometry grid) {
        return toward(grid, 1, 1, 1);
    }

    /** To the index axes nearest to Right, Anterior, Superior, the order common in NIfTI. */
    public static Reorientation toRas(final Geometry grid) {
        return toward(grid, -1, -1, 1);
    }

    private static Reorientation toward(final Geometry grid, final int... sign) {
        final double[] d = grid.direction();
        final int[][] orders = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
        int[] best = orders[0];
        double bestSum = -1;
        for (final int[] order : orders) {
            double sum = 0;
            for (int a = 0; a < 3; a++) {
                sum += Math.abs(d[3 * order[a] + a]);
            }
            if (sum > bestSum + 1e-9) {
                bestSum = sum;
                best = order;
            }
        }
        final boolean[] flip = new boolean[3];
        for (int a = 0; a < 3; a++) {
            flip[a] = d[3 * best[a] + a] * sign[a] < 0;
        }
        return new Reorientation(grid, best, flip);
    }

    /** For each new axis the present one it runs along; a copy. */
    public int[] axis() {
        return m_axis.clone();
    }

    /** For each new axis whether it runs against the present one; a copy. */
    public boolean[] flip() {
        return m_flip.clone();
    }

    /** The grid with the new axes, in the same place. */
    public Geometry geometry() {
        final int[] size = new int[3];
        final double[] spacing = new double[3];
        final double[] direction = new double[9];
        final double[] first = new double[3];
        for (int a = 0; a < 3; a++) {
            final int old = m_axis[a];
            size[a] = m_source.size(old);
            spacing[a] = m_source.spacing(old);
            first[old] = m_flip[a] ? m_source.size(old) - 1 : 0;
            for (int c = 0; c < 3; c++) {
                // 0 - x instead of -x: a cosine of 0 stays +0.
                direction[3 * a + c] = m_flip[a] ? 0 - m_source.direction()[3 * old + c]
                    : m_source.direction()[3 * old + c];
            }
        }
        return new Geometry(size, spacing, m_source.position(first[0], first[1], first[2]), direction);
    }

    /** The way back. */
    public Reorientation inverse() {
        final int[] axis = new int[3];
        final boolean[] flip = new boolean[3];
        for (int a = 0; a < 3; a++) {
            axis[m_axis[a]] = a;
            flip[m_axis[a]] = m_flip[a];
        }
        return new Reorientation(geometry(), axis, flip);
    }

    /** @throws ImagingException if the image lies on another grid than this was made for */
    public Volume apply(final Volume image) {
        requireGrid(image.geometry());
        final Geometry target = geometry();
        final float[] result = new float[target.voxelCount()];
        final float[] source = image.voxels();
        visit(target, (from, to) -> result[to] = source[from]);
        return new Volume(result, target, image.info());
    }

    /** @throws ImagingException if the segmentation lies on another grid than this was made for */
    public LabelVolume apply(final LabelVolume labels) {
        requireGrid(labels.geometry());
        final Geometry target = geometry();
        final byte[] result = new byte[target.voxelCount()];
        final byte[] source = labels.voxels();
        visit(target, (from, to) -> result[to] = source[from]);
        return new LabelVolume(result, target, labels.info(), labels.labels());
    }

    private void requireGrid(final Geometry grid) {
        if (!grid.sameGrid(m_source)) {
            throw new ImagingException("The image has " + grid + ", the reorientation was made for " + m_source.beside(grid)
                + ". Make a reorientation for each grid.");
        }
    }

    @FunctionalInterface
    private interface Move {
        void move(int from, int to);
    }

    private void visit(final Geometry target, final Move move) {
        final int[] oldStride = {1, m_source.size(0), m_source.size(0) * m_source.size(1)};
        final int[] stride = new int[3];
        int start = 0;
        for (int a = 0; a < 3; a++) {
            stride[a] = m_flip[a] ? -oldStride[m_axis[a]] : oldStride[m_axis[a]];
            start += m_flip[a] ? (target.size(a) - 1) * oldStride[m_axis[a]] : 0;
        }
        int to = 0;
        for (int k = 0; k < target.size(2); k++) {
            for (int j = 0; j < target.size(1); j++) {
                int from = start + k * stride[2] + j * stride[1];
                for (int i = 0; i < target.size(0); i++, from += stride[0], to++) {
                    move.move(from, to);
                }
            }
        }
    }
}
