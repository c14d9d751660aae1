package org.scanbridge.imaging.resample;

/** Trilinear interpolation between voxel centers; beyond the outermost ones the edge values continue. */
public final class Trilinear {

    private Trilinear() {
    }

    /**
     * @param voxels values, i fastest
     * @param size numbers of voxels along i, j, k
     * @param x continuous index along i; likewise {@code y} along j, {@code z} along k
     */
    public static float at(final float[] voxels, final int[] size, final double x, final double y, final double z) {
        // between voxels, as most places are, nothing has to be held inside: minima and maxima of doubles take long
        if (x >= 0 && y >= 0 && z >= 0 && x < size[0] - 1 && y < size[1] - 1 && z < size[2] - 1) {
            final int i = (int)x;
            final int j = (int)y;
            final int k = (int)z;
            return between(voxels, (k * size[1] + j) * size[0] + i, 1, size[0], size[0] * size[1], x - i, y - j, z - k);
        }
        final double cx = Math.max(0, Math.min(size[0] - 1, x));
        final double cy = Math.max(0, Math.min(size[1] - 1, y));
        final double cz = Math.max(0, Math.min(size[2] - 1, z));
        final int i = Math.min((int)cx, Math.max(0, size[0] - 2));
        final int j = Math.min((int)cy, Math.max(0, size[1] - 2));
        final int k = Math.min((int)cz, Math.max(0, size[2] - 2));
        final int di = size[0] > 1 ? 1 : 0;
        final int dj = size[1] > 1 ? size[0] : 0;
        final int dk = size[2] > 1 ? size[0] * size[1] : 0;
        return between(voxels, (k * size[1] + j) * size[0] + i, di, dj, dk, cx - i, cy - j, cz - k);
    }

    private static float between(final float[] voxels, final int v, final int di, final int dj, final int dk, final double tx,
        final double ty, final double tz) {
        final double near = bilinear(voxels, v, di, dj, tx, ty);
        return (float)(tz == 0 ? near : near + tz * (bilinear(voxels, v + dk, di, dj, tx, ty) - near));
    }

    private static double bilinear(final float[] voxels, final int v, final int di, final int dj, final double tx,
        final double ty) {
        final double first = linear(voxels[v], voxels[v + di], tx);
        return ty == 0 ? first : first + ty * (linear(voxels[v + dj], voxels[v + dj + di], tx) - first);
    }

    /** Leaves an unneeded neighbor alone, so that a NaN there does not spread. */
    private static double linear(final float a, final float b, final double t) {
        return t == 0 ? a : a + t * ((double)b - a);
    }
}
