package org.scanbridge.learning.predict;

import java.util.Arrays;
import java.util.List;

import org.scanbridge.imaging.Progress;
import org.scanbridge.learning.architecture.Margin;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.data.VoxelBlock;
import org.scanbridge.learning.graph.BlockNetwork;

/**
 * One pass of a sliding window over an image: hands out the slices from k = 0 upwards and runs the network only as far as
 * the asked slice needs, so that several passes can go through an image side by side. Holds the weighted sums of one layer
 * of blocks, whatever the depth of the image.
 */
final class WindowPass {

    private final VoxelBlock m_image;

    private final BlockNetwork m_network;

    private final PatchSize m_block;

    /** Size of what the network sees of a block: more than the block if the image has a margin. */
    private final PatchSize m_input;

    private final int m_classes;

    private final int m_channels;

    private final int m_batch;

    private final float[] m_weights;

    private final List<Flip> m_flips;

    private final Progress m_progress;

    private final int[] m_startsI;

    private final int[] m_startsJ;

    private final int[] m_startsK;

    /** What goes into a call of the network. */
    private final float[] m_blocks;

    /** The same for the last call of a layer, which may have fewer blocks. */
    private final float[] m_lastBlocks;

    /** Weighted sums of the probabilities, by slice of the layer: [j, i, classes]. */
    private final float[][] m_sums;

    /** Sums of the weights, by slice of the layer: [j, i]. */
    private final float[][] m_totals;

    /** Number of layers of blocks that are in the sums. */
    private int m_layers;

    /** The slice of the image that {@code m_sums[0]} belongs to; also the next one to hand out. */
    private int m_first;

    /** Whether {@code m_sums[0]} was handed out and is to be cleared. */
    private boolean m_handedOut;

    /**
     * @param image at least as big as a block on every axis
     * @param network maps blocks of the image's channels to probabilities
     * @param plan what the window is like
     * @param progress learns of the blocks, cancels between calls of the network
     */
    WindowPass(final VoxelBlock image, final BlockNetwork network, final Plan plan, final Progress progress) {
        m_image = image;
        m_network = network;
        m_block = plan.block;
        m_input = image.margin().around(plan.block);
        m_classes = plan.classes;
        m_channels = image.channels().size();
        m_batch = plan.batch;
        m_weights = plan.weights;
        m_flips = plan.flips;
        m_progress = progress;
        final int[] size = image.size();
        m_startsI = SlidingWindow.starts(size[0], m_block.i(), plan.overlap);
        m_startsJ = SlidingWindow.starts(size[1], m_block.j(), plan.overlap);
        m_startsK = SlidingWindow.starts(size[2], m_block.k(), plan.overlap);
        final int blockLength = m_input.voxels() * m_channels;
        m_blocks = new float[m_batch * blockLength];
        m_lastBlocks = new float[m_startsI.length * m_startsJ.length % m_batch * blockLength];
        m_sums = new float[m_block.k()][size[0] * size[1] * m_classes];
        m_totals = new float[m_block.k()][size[0] * size[1]];
    }

    /**
     * What a window is like.
     *
     * @param block size of the network's blocks
     * @param classes number of the network's classes
     * @param overlap share of a block that neighbors have in common
     * @param batch blocks per call of the network
     * @param weights of the voxels of a block
     * @param flips how each block is shown to the network
     */
    record Plan(PatchSize block, int classes, double overlap, int batch, float[] weights, List<Flip> flips) {
    }

    /** Bytes of the sums that a pass holds, for an image of this size: whatever its depth, those of one layer of blocks. */
    static long bytes(final int[] size, final PatchSize block, final int classes) {
        return Float.BYTES * block.k() * sliceLength(size, block, classes + 1);
    }

    /** Numbers in a slice of the sums. */
    static long sliceLength(final int[] size, final PatchSize block, final int classes) {
        return (long)Math.max(size[0], block.i()) * Math.max(size[1], block.j()) * classes;
    }

    /**
     * The probabilities [j, i, classes] of the next slice of the image's grid.
     *
     * @return valid until the next call
     */
    float[] next() {
        if (m_handedOut) {
            Arrays.fill(m_sums[0], 0);
            Arrays.fill(m_totals[0], 0);
            rotate(m_sums);
            rotate(m_totals);
            m_first++;
        }
        // A slice is complete once all layers that begin at or before it are in; at most one begins at it.
        if (m_layers < m_startsK.length && m_startsK[m_layers] == m_first) {
            addLayer();
            m_layers++;
        }
        final float[] sums = m_sums[0];
        for (int v = 0, n = 0; v < m_totals[0].length; v++) {
            for (int c = 0; c < m_classes; c++) {
                sums[n++] /= m_totals[0][v];
            }
        }
        m_handedOut = true;
        return sums;
    }

    private static void rotate(final float[][] slices) {
        final float[] first = slices[0];
        System.arraycopy(slices, 1, slices, 0, slices.length - 1);
        slices[slices.length - 1] = first;
    }

    /** Adds the layer of blocks that begins at slice {@code m_first}. */
    private void addLayer() {
        final int perLayer = m_startsI.length * m_startsJ.length;
        final int calls = (perLayer + m_batch - 1) / m_batch * m_flips.size();
        int call = 0;
        for (int first = 0; first < perLayer; first += m_batch) {
            final int count = Math.min(m_batch, perLayer - first);
            for (final Flip flip : m_flips) {
                m_progress.report((m_layers + (double)call++ / calls) / m_startsK.length, "Segmenting");
                final float[] images = count == m_batch ? m_blocks : m_lastBlocks;
                for (int b = 0; b < count; b++) {
                    copy(first + b, flip, images, b * m_input.voxels() * m_channels);
                }
                flip.apply(images, count, m_input, m_channels);
                final float[] probabilities = m_network.probabilities(images, count);
                flip.apply(probabilities, count, m_block, m_classes);
                for (int b = 0; b < count; b++) {
                    add(probabilities, b, startI(first + b), startJ(first + b));
                }
            }
        }
    }

    /** Copies what the network is to see of a block, not yet reflected. */
    private void copy(final int block, final Flip flip, final float[] images, final int at) {
        // Reflected, the margin behind a block comes before it, and the two may differ.
        final Margin margin = m_image.margin();
        m_image.copyBlock(startI(block) + (flip.i() ? margin.lowI() - margin.highI() : 0),
            startJ(block) + (flip.j() ? margin.lowJ() - margin.highJ() : 0),
            m_first + (flip.k() ? margin.lowK() - margin.highK() : 0), m_block, images, at);
    }

    private int startI(final int block) {
        return m_startsI[block % m_startsI.length];
    }

    private int startJ(final int block) {
        return m_startsJ[block / m_startsI.length];
    }

    private void add(final float[] probabilities, final int block, final int i, final int j) {
        final int columns = m_image.size()[0];
        int from = block * m_block.voxels() * m_classes;
        int weight = 0;
        for (int k = 0; k < m_block.k(); k++) {
            final float[] sums = m_sums[k];
            final float[] totals = m_totals[k];
            for (int b = 0; b < m_block.j(); b++) {
                int voxel = (j + b) * columns + i;
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
}
