package org.scanbridge.imaging.filter;

import java.util.function.Supplier;
import java.util.stream.IntStream;

import net.imglib2.parallel.TaskExecutor;

/**
 * The lines of a voxel array along one axis, worked on in blocks of neighboring lines: what a separable filter does to
 * one line it does to all lines of a block in the inner loop, where memory is read in order and the processor can do
 * several at once. The result does not depend on the number of workers.
 */
public final class Lines {

    /** Lines of a block: two cache lines of floats. */
    private static final int LANES = 32;

    private Lines() {
    }

    /** What is done to the lines of a block. Position x of line l is element {@code x * lanes + l}. */
    @FunctionalInterface
    public interface Operation {

        /**
         * @param from the values of the lines; may be changed
         * @param to the new values; overwritten
         * @param lanes number of lines in the block, at least 1
         */
        void apply(double[] from, double[] to, int lanes);
    }

    /**
     * Replaces every line along an axis by another, perhaps of another length.
     *
     * @param source values, i fastest
     * @param target where to; may be the source itself if the length stays, or if the axis is 2 and the array holds the
     *            longer of both
     * @param size numbers of voxels of the source along i, j, k
     * @param axis 0, 1 or 2
     * @param newLength number of voxels of the target along the axis
     * @param workers what slices are shared out to
     * @param operation gives an operation to each worker, which may hold scratch memory
     */
    public static void map(final float[] source, final float[] target, final int[] size, final int axis,
        final int newLength, final TaskExecutor workers, final Supplier<Operation> operation) {
        map(source, 0, target, 0, size, axis, newLength, workers, operation);
    }

    /**
     * As {@link #map(float[], float[], int[], int, int, TaskExecutor, Supplier)} of grids that begin somewhere within
     * their arrays, such as one slice of a volume.
     *
     * @param sourceStart where the source's first voxel is
     * @param targetStart where the target's first voxel is
     */
    public static void map(final float[] source, final int sourceStart, final float[] target, final int targetStart,
        final int[] size, final int axis, final int newLength, final TaskExecutor workers,
        final Supplier<Operation> operation) {
        final int[] newSize = size.clone();
        newSize[axis] = newLength;
        // The lines of one block are neighbors along i, or along j where the lines themselves run along i.
        final int lane = axis == 0 ? 1 : 0;
        final int outer = axis == 2 ? 1 : 2;
        final int[] stride = {1, size[0], size[0] * size[1]};
        final int[] newStride = {1, newSize[0], newSize[0] * newSize[1]};
        workers.forEach(IntStream.range(0, size[outer]).boxed().toList(), p -> {
            final double[] from = new double[size[axis] * LANES];
            final double[] to = new double[newLength * LANES];
            final Operation work = operation.get();
            for (int first = 0; first < size[lane]; first += LANES) {
                final int lanes = Math.min(LANES, size[lane] - first);
                gather(source, sourceStart + p * stride[outer] + first * stride[lane], stride[axis], stride[lane],
                    size[axis], from, lanes);
                work.apply(from, to, lanes);
                scatter(to, lanes, target, targetStart + p * newStride[outer] + first * newStride[lane],
                    newStride[axis], newStride[lane], newLength);
            }
        });
    }

    private static void gather(final float[] source, final int start, final int stride, final int laneStride,
        final int length, final double[] block, final int lanes) {
        if (laneStride == 1) {
            for (int x = 0; x < length; x++) {
                for (int l = 0; l < lanes; l++) {
                    block[x * lanes + l] = source[start + x * stride + l];
                }
            }
        } else {
            for (int l = 0; l < lanes; l++) {
                for (int x = 0; x < length; x++) {
                    block[x * lanes + l] = source[start + x * stride + l * laneStride];
                }
            }
        }
    }

    private static void scatter(final double[] block, final int lanes, final float[] target, final int start,
        final int stride, final int laneStride, final int length) {
        if (laneStride == 1) {
            for (int x = 0; x < length; x++) {
                for (int l = 0; l < lanes; l++) {
                    target[start + x * stride + l] = (float)block[x * lanes + l];
                }
            }
        } else {
            for (int l = 0; l < lanes; l++) {
                for (int x = 0; x < length; x++) {
                    target[start + x * stride + l * laneStride] = (float)block[x * lanes + l];
                }
            }
        }
    }
}
