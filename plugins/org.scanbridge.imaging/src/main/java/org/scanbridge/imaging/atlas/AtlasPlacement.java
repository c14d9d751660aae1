package org.scanbridge.imaging.atlas;

import org.scanbridge.imaging.register.AffineTransform;
import org.scanbridge.imaging.volume.Geometry;

/** An atlas laid upon the grid of an image: priors at its voxels, trilinearly interpolated, and the box that it covers. */
final class AtlasPlacement {

    private final Atlas m_atlas;

    private final Geometry m_image;

    private final AffineTransform m_toImage;

    private final AffineTransform m_toAtlas;

    private final int[] m_low = new int[3];

    private final int[] m_high = {-1, -1, -1};

    AtlasPlacement(final Atlas atlas, final Geometry image, final AffineTransform toImage) {
        m_atlas = atlas;
        m_image = image;
        m_toImage = toImage;
        m_toAtlas = toImage.inverse();
        final Geometry g = atlas.geometry();
        final double[] low = new double[3];
        final double[] high = new double[3];
        for (int corner = 0; corner < 8; corner++) {
            final double[] x = image.index(toImage.apply(g.position((corner & 1) * (g.size(0) - 1.0),
                (corner >> 1 & 1) * (g.size(1) - 1.0), (corner >> 2) * (g.size(2) - 1.0))));
            for (int a = 0; a < 3; a++) {
                low[a] = corner == 0 ? x[a] : Math.min(low[a], x[a]);
                high[a] = corner == 0 ? x[a] : Math.max(high[a], x[a]);
            }
        }
        for (int a = 0; a < 3; a++) {
            m_low[a] = (int)Math.max(0, Math.ceil(low[a]));
            m_high[a] = (int)Math.min(image.size(a) - 1, Math.floor(high[a]));
        }
    }

    boolean isEmpty() {
        return m_low[0] > m_high[0] || m_low[1] > m_high[1] || m_low[2] > m_high[2];
    }

    /** Whether a voxel of the atlas lies within the image's voxels. */
    boolean isSeen(final int atlasVoxel) {
        final Geometry g = m_atlas.geometry();
        final double[] x = m_image.index(m_toImage.apply(g.position(atlasVoxel % g.size(0), atlasVoxel / g.size(0) % g.size(1),
            atlasVoxel / g.size(0) / g.size(1))));
        boolean seen = true;
        for (int a = 0; a < 3; a++) {
            seen &= x[a] >= -0.5 && x[a] <= m_image.size(a) - 0.5;
        }
        return seen;
    }

    /** First index of the box along an axis. */
    int low(final int axis) {
        return m_low[axis];
    }

    /** Last index of the box along an axis. */
    int high(final int axis) {
        return m_high[axis];
    }

    /** Coordinate of a voxel index in the box, from -1 to 1; beyond it where the index is. */
    double box(final int axis, final int index) {
        return m_high[axis] == m_low[axis] ? 0 : 2.0 * (index - m_low[axis]) / (m_high[axis] - m_low[axis]) - 1;
    }

    /**
     * Priors at a voxel, which add up to 1.
     *
     * @param priors where they are written, from {@code first} on
     * @return whether the voxel lies within the atlas; nothing is written otherwise
     */
    boolean priors(final int i, final int j, final int k, final float[] priors, final int first) {
        final Geometry g = m_atlas.geometry();
        final double[] x = g.index(m_toAtlas.apply(m_image.position(i, j, k)));
        final int[] low = new int[3];
        for (int a = 0; a < 3; a++) {
            if (!(x[a] >= 0 && x[a] <= g.size(a) - 1)) {
                return false;
            }
            low[a] = Math.min((int)x[a], Math.max(0, g.size(a) - 2));
        }
        final int v = (low[2] * g.size(1) + low[1]) * g.size(0) + low[0];
        final int classes = m_atlas.classes().size();
        double all = 0;
        for (int c = 0; c < classes; c++) {
            priors[first + c] = 0;
        }
        for (int corner = 0; corner < 8; corner++) {
            double w = 1;
            int at = v;
            for (int a = 0, stride = 1; a < 3; stride *= g.size(a++)) {
                final double t = x[a] - low[a];
                w *= (corner >> a & 1) == 1 ? t : 1 - t;
                at += (corner >> a & 1) * stride;
            }
            if (w > 0) {
                for (int c = 0; c < classes; c++) {
                    final double p = w * (m_atlas.prior(c)[at] & 0xff);
                    priors[first + c] += (float)p;
                    all += p;
                }
            }
        }
        if (!(all > 0)) {
            return false;
        }
        for (int c = 0; c < classes; c++) {
            priors[first + c] /= (float)all;
        }
        return true;
    }
}
