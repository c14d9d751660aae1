package org.scanbridge.imaging.resample;

import org.scanbridge.imaging.volume.Volume;

/**
 * Where a resampled image has the background of the image that it came from. A cubic spline rings: around a brain that was cut
 * out, some ten voxels differ from the background by less and less, and nothing that looks for one value finds it any more. Where
 * all voxels that linear interpolation looks at, after the same smoothing, are background, the result has to be background, too.
 */
final class KeptBackground {

    private final int[] m_size;

    /** 1 where a voxel that is no background is near enough to matter after smoothing. */
    private final byte[] m_other;

    /**
     * @param image the image that was resampled
     * @param value its background
     * @param reach how many voxels smoothing reaches along i, j, k; 0 for none
     */
    KeptBackground(final Volume image, final float value, final int... reach) {
        m_size = image.geometry().size();
        m_other = new byte[image.voxels().length];
        for (int v = 0; v < m_other.length; v++) {
            m_other[v] = (byte)(image.voxels()[v] == value ? 0 : 1);
        }
        int stride = 1;
        for (int a = 0; a < 3; a++) {
            for (int v = 0; reach[a] > 0 && v < m_other.length; v++) {
                if (v / stride % m_size[a] == 0) {
                    spread(v, stride, m_size[a], reach[a]);
                }
            }
            stride *= m_size[a];
        }
    }

    /** Along one line, from each voxel that is no background. */
    private void spread(final int start, final int stride, final int length, final int reach) {
        final boolean[] line = new boolean[length];
        for (int x = 0; x < length; x++) {
            line[x] = m_other[start + x * stride] != 0;
        }
        int until = -1;
        int from = length;
        for (int x = 0; x < length; x++) {
            until = line[x] ? x + reach : until;
            from = line[length - 1 - x] ? length - 1 - x - reach : from;
            m_other[start + x * stride] |= (byte)(x <= until ? 1 : 0);
            m_other[start + (length - 1 - x) * stride] |= (byte)(length - 1 - x >= from ? 1 : 0);
        }
    }

    /** Whether all that is looked at for a continuous index is background; beyond the outermost centers the edge continues. */
    boolean isBackground(final double x, final double y, final double z) {
        final double cx = held(x, 0);
        final double cy = held(y, 1);
        final double cz = held(z, 2);
        for (int k = (int)cz; k <= Math.ceil(cz); k++) {
            for (int j = (int)cy; j <= Math.ceil(cy); j++) {
                for (int i = (int)cx; i <= Math.ceil(cx); i++) {
                    if (m_other[(k * m_size[1] + j) * m_size[0] + i] != 0) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    private double held(final double at, final int axis) {
        return Math.max(0, Math.min(m_size[axis] - 1, IndexMap.snapped(at)));
    }
}
