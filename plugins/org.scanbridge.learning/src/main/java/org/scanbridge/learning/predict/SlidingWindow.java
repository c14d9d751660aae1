package org.scanbridge.learning.predict;

import java.util.List;

import org.scanbridge.imaging.Progress;
import org.scanbridge.learning.architecture.Margin;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.data.VoxelBlock;
import org.scanbridge.learning.foreign.ForeignModel;
import org.scanbridge.learning.graph.BlockNetwork;
import org.scanbridge.learning.network.Network;

/**
 * Applies a network to overlapping blocks of an image and averages the overlapping predictions with Gaussian weights
 * (standard deviation 1/8 of the block, centered on it, as in nnU-Net; Isensee et al., Nature Methods 2021). Slices are
 * handed out as soon as no further block reaches them, so memory is bounded by one layer of blocks whatever the depth
 * of the image.
 */
public final class SlidingWindow {

    /** Far from its center a block still counts a little, so that every voxel has a prediction. */
    private static final double MIN_WEIGHT = 1e-3;

    /** Blocks per call of the network, unless its files fix it. One takes more time, at all sizes of blocks that were measured. */
    private static final int BLOCKS_PER_CALL = 4;

    /** The largest share of a block that neighbors can have in common. */
    static final double MAX_OVERLAP = 0.9;

    private final PatchSize m_block;

    private final Margin m_margin;

    /** Numbers per voxel: one per class or region. */
    private final int m_outputs;

    private final ClassRule m_rule;

    private final double m_overlap;

    private final int m_batch;

    private final float[] m_weights;

    /**
     * @param block size of the network's blocks
     * @param classes number of the network's classes
     * @param overlap share of a block that neighbors have in common, in [0, 0.9]
     */
    public SlidingWindow(final PatchSize block, final int classes, final double overlap) {
        this(block, Margin.NONE, classes, ClassRule.mostProbable(classes), overlap, BLOCKS_PER_CALL);
    }

    /**
     * For a network of an architecture. One that sees a margin around the block says the same of a voxel in whatever block it
     * lies, so its blocks do not overlap.
     */
    public SlidingWindow(final NetworkSpec spec, final double overlap) {
        this(spec, overlap, BLOCKS_PER_CALL);
    }

    private SlidingWindow(final NetworkSpec spec, final double overlap, final int batch) {
        this(spec.patchSize(), spec.margin(), spec.outputs(), ClassRule.of(spec), spec.margin().isNone() ? overlap : 0, batch);
    }

    private SlidingWindow(final PatchSize block, final Margin margin, final int outputs, final ClassRule rule,
        final double overlap, final int batch) {
        if (!(overlap >= 0 && overlap <= MAX_OVERLAP)) {
            throw new IllegalArgumentException("Overlap " + overlap + ": 0 to " + MAX_OVERLAP + ".");
        }
        m_block = block;
        m_margin = margin;
        m_outputs = outputs;
        m_rule = rule;
        m_overlap = overlap;
        m_batch = batch;
        m_weights = weights(block);
    }

    /** For a network of ours or of other software, whose files may fix the number of blocks per call. */
    static SlidingWindow of(final Network network, final double overlap) {
        final int fixed = network.foreign().map(ForeignModel::blocks).orElse(0);
        return new SlidingWindow(network.spec(), overlap, fixed > 0 ? fixed : BLOCKS_PER_CALL);
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
     * How many blocks go over an image.
     *
     * @param block size of the network's blocks
     * @param size of the image in voxels along i, j, k
     * @param overlap share of a block that neighbors have in common, in [0, 0.9]
     */
    public static long blocks(final PatchSize block, final int[] size, final double overlap) {
        return (long)starts(size[0], block.i(), overlap).length * starts(size[1], block.j(), overlap).length
            * starts(size[2], block.k(), overlap).length;
    }

    /**
     * Begins to predict an image.
     *
     * @param image at least as big as a block on every axis
     * @param network maps blocks of the image's channels to probabilities
     * @param flips how each block is shown to the network; the results are reflected back and averaged
     * @param progress learns of the blocks, cancels between calls of the network
     * @return hands out the slices of the image's grid
     */
    WindowPass pass(final VoxelBlock image, final BlockNetwork network, final List<Flip> flips, final Progress progress) {
        return new WindowPass(image, network, new WindowPass.Plan(m_block, m_outputs, m_overlap, m_batch, m_weights, flips),
            progress);
    }

    /** An image of any size and number of channels with what the network needs around it. */
    VoxelBlock padded(final List<float[]> channels, final int[] size) {
        return VoxelBlock.padded(channels, size, m_block).within(m_margin);
    }

    /**
     * Bytes that {@link #padded} takes of an image: nothing where the image is large enough and the network sees no margin,
     * else a copy of every channel.
     */
    long paddedBytes(final int[] size, final int channels) {
        final boolean fits = size[0] >= m_block.i() && size[1] >= m_block.j() && size[2] >= m_block.k();
        return fits && m_margin.isNone() ? 0
            : (long)Float.BYTES * channels * (Math.max(size[0], m_block.i()) + m_margin.lowI() + m_margin.highI())
                * (Math.max(size[1], m_block.j()) + m_margin.lowJ() + m_margin.highJ())
                * (Math.max(size[2], m_block.k()) + m_margin.lowK() + m_margin.highK());
    }

    /** Bytes of heap that going through an image takes: one layer of blocks, and what {@link #paddedBytes} says. */
    long bytes(final int[] size, final int channels) {
        return WindowPass.bytes(size, m_block, m_outputs) + paddedBytes(size, channels) + callBytes(channels);
    }

    /** Bytes of what goes into a call of the network and comes out of it, each of them twice as it is handed over. */
    long callBytes(final int channels) {
        return 2L * Float.BYTES * m_batch
            * ((long)m_margin.around(m_block).voxels() * channels + (long)m_block.voxels() * m_outputs);
    }

    /** Predicts an image. */
    private void run(final VoxelBlock image, final BlockNetwork network, final SliceSink sink, final Progress progress) {
        final WindowPass pass = pass(image, network, List.of(Flip.NONE), progress);
        for (int k = 0; k < image.size()[2]; k++) {
            sink.slice(k, pass.next());
        }
    }

    /** As {@link #classes(VoxelBlock, int[], BlockNetwork, Progress)} for an image of any size. */
    public byte[] classes(final float[] voxels, final int[] size, final BlockNetwork network, final Progress progress) {
        return classes(padded(List.of(voxels), size), size, network, progress);
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
            classes[to] = (byte)m_rule.classOf(p, from * m_outputs);
        }), progress);
        return classes;
    }

    /** The probabilities of every class or region, one array each on the image's own grid, i fastest. */
    float[][] probabilities(final float[] voxels, final int[] size, final BlockNetwork network, final Progress progress) {
        return probabilities(padded(List.of(voxels), size), size, network, progress);
    }

    /** As {@link #probabilities(float[], int[], BlockNetwork, Progress)} for an image that is padded already. */
    public float[][] probabilities(final VoxelBlock image, final int[] size, final BlockNetwork network,
        final Progress progress) {
        final float[][] maps = new float[m_outputs][size[0] * size[1] * size[2]];
        run(image, network, (k, p) -> crop(image, size, k, (from, to) -> {
            for (int c = 0; c < m_outputs; c++) {
                maps[c][to] = p[from * m_outputs + c];
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
