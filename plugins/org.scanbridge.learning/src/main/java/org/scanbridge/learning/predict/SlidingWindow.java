package org.scanbridge.learning.predict;

import java.util.Arrays;

import org.scanbridge.imaging.Progress;
import org.scanbridge.learning.architecture.Margin;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.data.VoxelBlock;
import org.scanbridge.learning.graph.BlockNetwork;

/**
 * Applies a network to overlapping blocks of an image and averages the overlapping predictions with Gaussian weights
 * (standard deviation 1/8 of the block, centered on it, as in nnU-Net; Isensee et al., Nature Methods 2021). Slices are
 * handed out as soon as no further block reaches them, so memory is bounded by one layer of blocks whatever the depth
 * of the image.
 */
public final class SlidingWindow {

    /** Far from its center a block still counts a little, so that every voxel has a prediction. */
    private static final double MIN_WEIGHT = 1e-3;

    private final PatchSize m_block;

    private final Margin m_margin;

    private final int m_classes;

    private final double m_overlap;

    private final int m_batch;

    private final float[] m_weights;

    /**
     * @param block size of the network's blocks
     * @param classes number of the network's classes
     * @param overlap share of a block that neighbors have in common, in [0, 0.9]
     * @param batch blocks per call of the network; at least 1
     */
    public SlidingWindow(final PatchSize block, final int classes, final double overlap, final int batch) {
        this(block, Margin.NONE, classes, overlap, batch);
    }

    /** For a network of an architecture, which may see more than the block. */
    public SlidingWindow(final NetworkSpec spec, final double overlap, final int batch) {
        this(spec.patchSize(), spec.margin(), spec.classes(), overlap, batch);
    }

    private SlidingWindow(final PatchSize block, final Margin margin, final int classes, final double overlap,
        final int batch) {
        if (!(overlap >= 0 && overlap <= 0.9)) {
            throw new IllegalArgumentException("Overlap " + overlap + ": 0 to 0.9.");
        }
        if (batch < 1) {
            throw new IllegalArgumentException("Blocks per call " + batch + ": at least 1.");
        }
        m_block = block;
        m_margin = margin;
        m_classes = classes;
        m_overlap = overlap;
        m_batch = batch;
        m_weights = weights(block);
    }

    private static float[] weights(final PatchSize p) {
        final double[] wi = gaussian(p.i());
        final double[] wj = gaussian(p.j());
        final double[] wk = gaussian(p.k());
        final float[] weights = new float[p.voxels()];
        for (int v = 0; v < weights.length; v++) {
            final double w = wi[v % p.i()] * wj[v / p.i() % p.j()] * wk[v / p.i() / p.j()];
            weights[v] = (float)Math.max(w, MIN_WEIGHT);
        }
        return weights;
    }

    private static double[] gaussian(final int size) {
        final double[] w = new double[size];
        for (int n = 0; n < size; n++) {
            final double d = (n - (size - 1) / 2.0) / (size / 8.0);
            w[n] = StrictMath.exp(-d * d / 2);
        }
        return w;
    }

    /** First voxels of the blocks along an axis: evenly spread, the last block ends with the image. */
    static int[] starts(final int size, final int block, final double overlap) {
        if (size <= block) {
            return new int[]{0};
        }
        final double step = Math.max(1, block * (1 - overlap));
        final int n = (int)Math.ceil((size - block) / step) + 1;
        final int[] starts = new int[n];
        for (int s = 0; s < n; s++) {
            starts[s] = (int)Math.round((double)s * (size - block) / (n - 1));
        }
        return starts;
    }

    /**
     * Predicts an image.
     *
     * @param image at least as big as a block on every axis
     * @param network maps blocks of one channel to probabilities
     * @param sink takes the slices of the image's grid
     * @param progress learns of the blocks, cancels between calls of the network
     */
    void run(final VoxelBlock image, final BlockNetwork network, final SliceSink sink, final Progress progress) {
        final int[] size = image.size();
        final int[] si = starts(size[0], m_block.i(), m_overlap);
        final int[] sj = starts(size[1], m_block.j(), m_overlap);
        final int[] sk = starts(size[2], m_block.k(), m_overlap);
        final Slab slab = new Slab(size);
        final int perLayer = si.length * sj.length;
        for (int layer = 0; layer < sk.length; layer++) {
            for (int first = 0; first < perLayer; first += m_batch) {
                progress.report((layer + (double)first / perLayer) / sk.length, "Segmenting");
                final int count = Math.min(m_batch, perLayer - first);
                final int voxels = image.copiedVoxels(m_block);
                final float[] blocks = new float[count * voxels];
                for (int b = 0; b < count; b++) {
                    image.copyBlock(si[(first + b) % si.length], sj[(first + b) / si.length], sk[layer], m_block, blocks,
                        b * voxels);
                }
                final float[] probabilities = network.probabilities(blocks, count);
                for (int b = 0; b < count; b++) {
                    slab.add(probabilities, b, si[(first + b) % si.length], sj[(first + b) / si.length]);
                }
            }
            slab.flush(sk[layer], layer + 1 < sk.length ? sk[layer + 1] : size[2], sink);
        }
    }

    /** Weighted sums of one layer of blocks. */
    private final class Slab {

        private final int m_columns;

        private final int m_rows;

        private final float[][] m_sums;

        private final float[][] m_totals;

        Slab(final int[] size) {
            m_columns = size[0];
            m_rows = size[1];
            m_sums = new float[m_block.k()][m_columns * m_rows * m_classes];
            m_totals = new float[m_block.k()][m_columns * m_rows];
        }

        void add(final float[] probabilities, final int block, final int i, final int j) {
            int from = block * m_block.voxels() * m_classes;
            int weight = 0;
            for (int k = 0; k < m_block.k(); k++) {
                final float[] sums = m_sums[k];
                final float[] totals = m_totals[k];
                for (int b = 0; b < m_block.j(); b++) {
                    int voxel = (j + b) * m_columns + i;
                    int to = voxel * m_classes;
                    for (int a = 0; a < m_block.i(); a++) {
                        final float w = m_weights[weight++];
                        totals[voxel++] += w;
                        for (int c = 0; c < m_classes; c++) {
                            sums[to++] += w * probabilities[from++];
                        }
                    }
                }
            }
        }

        /** Hands out the slices [first, end) and moves the others up. */
        void flush(final int first, final int end, final SliceSink sink) {
            final int done = Math.min(end - first, m_block.k());
            for (int k = 0; k < done; k++) {
                for (int v = 0, n = 0; v < m_totals[k].length; v++) {
                    for (int c = 0; c < m_classes; c++) {
                        m_sums[k][n++] /= m_totals[k][v];
                    }
                }
                sink.slice(first + k, m_sums[k]);
                Arrays.fill(m_sums[k], 0);
                Arrays.fill(m_totals[k], 0);
            }
            rotate(m_sums, done);
            rotate(m_totals, done);
        }

        private void rotate(final float[][] slices, final int by) {
            final float[][] before = slices.clone();
            for (int k = 0; k < slices.length; k++) {
                slices[k] = before[(k + by) % slices.length];
            }
        }
    }

    /** As {@link #classes(VoxelBlock, int[], BlockNetwork, Progress)} for an image of any size. */
    public byte[] classes(final float[] voxels, final int[] size, final BlockNetwork network, final Progress progress) {
        return classes(VoxelBlock.padded(voxels, size, m_block).within(m_margin), size, network, progress);
    }

    /**
     * The most probable class of every voxel; of two equally probable classes the one with the smaller number.
     *
     * @param image at least as big as a block on every axis
     * @param size of the image without padding
     * @return one byte per voxel of the image's own grid (without padding), i fastest
     */
    public byte[] classes(final VoxelBlock image, final int[] size, final BlockNetwork network,
        final Progress progress) {
        final byte[] classes = new byte[size[0] * size[1] * size[2]];
        run(image, network, (k, p) -> crop(image, size, k, (from, to) -> {
            int best = 0;
            for (int c = 1; c < m_classes; c++) {
                if (p[from * m_classes + c] > p[from * m_classes + best]) {
                    best = c;
                }
            }
            classes[to] = (byte)best;
        }), progress);
        return classes;
    }

    /** The probabilities of every class, one array per class on the image's own grid, i fastest. */
    float[][] probabilities(final float[] voxels, final int[] size, final BlockNetwork network, final Progress progress) {
        return probabilities(VoxelBlock.padded(voxels, size, m_block).within(m_margin), size, network, progress);
    }

    /** As {@link #probabilities(float[], int[], BlockNetwork, Progress)} for an image that is padded already. */
    public float[][] probabilities(final VoxelBlock image, final int[] size, final BlockNetwork network,
        final Progress progress) {
        final float[][] maps = new float[m_classes][size[0] * size[1] * size[2]];
        run(image, network, (k, p) -> crop(image, size, k, (from, to) -> {
            for (int c = 0; c < m_classes; c++) {
                maps[c][to] = p[from * m_classes + c];
            }
        }), progress);
        return maps;
    }

    @FunctionalInterface
    private interface VoxelPair {
        void at(int voxelOfSlice, int voxelOfImage);
    }

    /** Visits the voxels of a slice of the padded image that belong to the image. */
    private static void crop(final VoxelBlock image, final int[] size, final int slice, final VoxelPair visitor) {
        final int k = slice - image.offset()[2];
        if (k < 0 || k >= size[2]) {
            return;
        }
        for (int j = 0; j < size[1]; j++) {
            for (int i = 0; i < size[0]; i++) {
                visitor.at((j + image.offset()[1]) * image.size()[0] + i + image.offset()[0], (k * size[1] + j) * size[0] + i);
            }
        }
    }
}
