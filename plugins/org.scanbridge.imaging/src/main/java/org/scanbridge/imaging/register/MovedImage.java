package org.scanbridge.imaging.register;

import java.util.stream.IntStream;

import org.scanbridge.imaging.resample.Trilinear;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;

import net.imglib2.parallel.TaskExecutor;

/**
 * Shows a moving image or segmentation on a fixed grid through a transform: the value at a fixed position p is that of the
 * moving image at T(p), images linearly interpolated, labels from the nearest voxel.
 */
public final class MovedImage {

    private MovedImage() {
    }

    /**
     * @param moving the image
     * @param transform from fixed to moving LPS positions
     * @param grid fixed grid
     * @param fill value where the moving image has no voxel within half a voxel
     * @param workers what slices are shared out to; the result does not depend on them
     */
    public static Volume of(final Volume moving, final AffineTransform transform, final Geometry grid, final float fill,
        final TaskExecutor workers) {
        final float[] result = new float[grid.voxelCount()];
        final float[] x = moving.voxels();
        forEach(moving.geometry(), transform, grid, workers,
            (v, i, j, k, size) -> result[v] = isOutside(i, j, k, size) ? fill : Trilinear.at(x, size, i, j, k));
        return new Volume(result, grid, moving.info());
    }

    /** As {@link #of(Volume, AffineTransform, Geometry, float, TaskExecutor)} for labels; outside is background. */
    public static LabelVolume of(final LabelVolume moving, final AffineTransform transform, final Geometry grid,
        final TaskExecutor workers) {
        final byte[] result = new byte[grid.voxelCount()];
        final byte[] x = moving.voxels();
        forEach(moving.geometry(), transform, grid, workers, (v, i, j, k, size) -> {
            if (!isOutside(i, j, k, size)) {
                result[v] = x[(nearest(k, size[2]) * size[1] + nearest(j, size[1])) * size[0] + nearest(i, size[0])];
            }
        });
        return new LabelVolume(result, grid, moving.info(), moving.labels());
    }

    @FunctionalInterface
    private interface Place {
        void at(int voxel, double i, double j, double k, int[] size);
    }

    private static void forEach(final Geometry moving, final AffineTransform transform, final Geometry grid,
        final TaskExecutor workers, final Place place) {
        final int[] size = moving.size();
        final int[] out = grid.size();
        final double[] step = moving.index(transform.apply(grid.position(1, 0, 0)));
        final double[] zero = moving.index(transform.apply(grid.position(0, 0, 0)));
        for (int a = 0; a < 3; a++) {
            step[a] -= zero[a];
        }
        workers.forEach(IntStream.range(0, out[2]).boxed().toList(), k -> {
            int v = k * out[0] * out[1];
            for (int j = 0; j < out[1]; j++) {
                final double[] row = moving.index(transform.apply(grid.position(0, j, k)));
                for (int i = 0; i < out[0]; i++, v++) {
                    place.at(v, row[0] + i * step[0], row[1] + i * step[1], row[2] + i * step[2], size);
                }
            }
        });
    }

    private static boolean isOutside(final double x, final double y, final double z, final int[] size) {
        return !(x >= -0.5 && y >= -0.5 && z >= -0.5 && x <= size[0] - 0.5 && y <= size[1] - 0.5 && z <= size[2] - 0.5);
    }

    private static int nearest(final double x, final int size) {
        return (int)Math.max(0, Math.min(size - 1, Math.floor(x + 0.5)));
    }
}
