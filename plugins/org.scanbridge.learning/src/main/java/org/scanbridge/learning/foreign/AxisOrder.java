package org.scanbridge.learning.foreign;

import org.scanbridge.learning.architecture.PatchSize;

/**
 * In which order a network has the axes of its arrays: N the blocks of a call, C the channels, D the slices (k), H the rows (j)
 * and W the columns (i) of a volume. Networks without D look at single slices.
 */
public enum AxisOrder {
    /** Channels first, slices, rows, columns: PyTorch on arrays of SimpleITK; nnU-Net; our own ONNX files. */
    NCDHW,
    /** Channels last, slices, rows, columns: TensorFlow; our own SavedModels. */
    NDHWC,
    /** Channels first, columns, rows, slices: PyTorch on arrays of NiBabel; MONAI. */
    NCWHD,
    /** Channels last, columns, rows, slices. */
    NWHDC,
    /** Channels first, rows, columns of a slice. */
    NCHW,
    /** Channels last, rows, columns of a slice. */
    NHWC,
    /** Channels first, columns, rows of a slice. */
    NCWH,
    /** Channels last, columns, rows of a slice. */
    NWHC;

    /** Whether the network looks at single slices. */
    public boolean flat() {
        return name().indexOf('D') < 0;
    }

    /** Number of axes. */
    public int rank() {
        return name().length();
    }

    /** Where an axis is: one of the letters of the names; -1 if there is none. */
    public int indexOf(final char axis) {
        return name().indexOf(axis);
    }

    /** Sizes of an array of blocks. */
    public long[] shape(final int blocks, final int channels, final PatchSize size) {
        final long[] shape = new long[rank()];
        for (int a = 0; a < shape.length; a++) {
            shape[a] = switch (name().charAt(a)) {
                case 'N' -> blocks;
                case 'C' -> channels;
                case 'D' -> size.k();
                case 'H' -> size.j();
                default -> size.i();
            };
        }
        return shape;
    }

    /**
     * Blocks in this order.
     *
     * @param blocks [count, k, j, i, channels]
     */
    public float[] toOrder(final float[] blocks, final int count, final int channels, final PatchSize size) {
        final float[] ordered = new float[count * size.voxels() * channels];
        visit(count, channels, size, (ours, theirs) -> ordered[theirs] = blocks[ours]);
        return ordered;
    }

    /**
     * The inverse of {@link #toOrder}.
     *
     * @return [count, k, j, i, channels]
     */
    public float[] fromOrder(final float[] ordered, final int count, final int channels, final PatchSize size) {
        final float[] blocks = new float[count * size.voxels() * channels];
        visit(count, channels, size, (ours, theirs) -> blocks[ours] = ordered[theirs]);
        return blocks;
    }

    @FunctionalInterface
    private interface Pair {
        void at(int ours, int theirs);
    }

    private void visit(final int count, final int channels, final PatchSize size, final Pair pair) {
        final long[] shape = shape(count, channels, size);
        final int[] step = new int[128];
        int next = 1;
        for (int a = rank() - 1; a >= 0; a--) {
            step[name().charAt(a)] = next;
            next *= (int)shape[a];
        }
        int ours = 0;
        for (int n = 0; n < count; n++) {
            for (int k = 0; k < size.k(); k++) {
                for (int j = 0; j < size.j(); j++) {
                    for (int i = 0; i < size.i(); i++) {
                        final int theirs = n * step['N'] + k * step['D'] + j * step['H'] + i * step['W'];
                        for (int c = 0; c < channels; c++) {
                            pair.at(ours++, theirs + c * step['C']);
                        }
                    }
                }
            }
        }
    }
}
