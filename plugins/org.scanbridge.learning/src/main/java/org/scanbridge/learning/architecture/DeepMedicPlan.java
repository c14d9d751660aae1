package org.scanbridge.learning.architecture;

import java.util.ArrayList;
import java.util.List;

import org.scanbridge.learning.architecture.Parameter.Init;

/**
 * A network after DeepMedic (Kamnitsas et al., Medical Image Analysis 2017): two pathways of eight 3×3×3 convolutions
 * without padding, one ({@code fine1} to {@code fine8}) at full resolution, one ({@code coarse1} to {@code coarse8}) on the
 * image averaged over 3×3×3 voxels, which therefore sees three times as far; its result is repeated 3×3×3 times. Both
 * together go through two 1×1×1 convolutions ({@code join1}, {@code join2}) with dropout to the logits ({@code head}). With
 * a base width of 30 the pathways have 30, 30, 40, 40, 40, 40, 50, 50 channels and the joint layers 250. Layers 4, 6 and 8
 * add the input of the layer before. Each block but the last is convolution, batch normalization, PReLU.
 * <p>
 * Differences from the published code: normalization behind instead of before the convolution, the mean instead of every
 * third voxel for the coarse pathway.
 */
public final class DeepMedicPlan implements NetworkPlan {

    /** Convolutions of a pathway. */
    public static final int CONVOLUTIONS = 8;

    /** How much coarser the second pathway is. */
    public static final int FACTOR = 3;

    /** Voxels that a pathway uses up on each side, on its own grid. */
    public static final int USED = CONVOLUTIONS;

    /** Channels over the base width, in thirtieths. */
    private static final int[] WIDTHS = {30, 30, 40, 40, 40, 40, 50, 50};

    private static final int JOINT = 250;

    private static final int BASE = 30;

    static final Margin MARGIN = Margin.cube(USED * FACTOR);

    private final NetworkSpec m_spec;

    /** @param spec the architecture */
    public DeepMedicPlan(final NetworkSpec spec) {
        m_spec = spec;
    }

    /** Channels of a pathway's layer, counted from 1. */
    public int width(final int layer) {
        return scaled(WIDTHS[layer - 1]);
    }

    private int scaled(final int width) {
        return Math.max(1, Math.round((float)width * m_spec.baseWidth() / BASE));
    }

    /** Whether the input of the layer before is added to the output of a layer, counted from 1. */
    public static boolean residual(final int layer) {
        return layer == 4 || layer == 6 || layer == 8;
    }

    @Override
    public List<String> blocks() {
        // layers of the same depth lie beside each other
        final List<String> names = new ArrayList<>();
        for (int n = 1; n <= CONVOLUTIONS; n++) {
            names.add("fine" + n);
            names.add("coarse" + n);
        }
        names.addAll(List.of("join1", "join2", UNetPlan.HEAD));
        return names;
    }

    @Override
    public List<Parameter> parameters() {
        final List<Parameter> all = new ArrayList<>();
        for (final String path : List.of("fine", "coarse")) {
            for (int n = 1; n <= CONVOLUTIONS; n++) {
                add(all, path + n, 3, n == 1 ? m_spec.inputChannels() : width(n - 1), width(n));
            }
        }
        add(all, "join1", 1, 2 * width(CONVOLUTIONS), scaled(JOINT));
        add(all, "join2", 1, scaled(JOINT), scaled(JOINT));
        all.add(new Parameter(UNetPlan.HEAD + "/kernel", List.of(1, 1, 1, scaled(JOINT), m_spec.outputs()),
            Init.HE_NORMAL, true));
        all.add(new Parameter(UNetPlan.HEAD + "/bias", List.of(m_spec.outputs()), Init.ZEROS, true));
        return all;
    }

    private static void add(final List<Parameter> all, final String block, final int size, final int in, final int out) {
        all.add(new Parameter(block + "/kernel", List.of(size, size, size, in, out), Init.HE_NORMAL, true));
        BatchNormParameters.add(all, block, out);
        all.add(new Parameter(block + "/slope", List.of(out), Init.ZEROS, true));
    }

    @Override
    public double activations() {
        final PatchSize p = m_spec.patchSize();
        double sum = (6.0 * scaled(JOINT) + 4.0 * m_spec.outputs()) * p.voxels();
        for (int n = 1; n <= CONVOLUTIONS; n++) {
            final int left = 2 * (CONVOLUTIONS - n);
            final double fine = (double)(p.i() + left) * (p.j() + left) * (p.k() + left);
            final double coarse =
                (double)(p.i() / FACTOR + left) * (p.j() / FACTOR + left) * (p.k() / FACTOR + left);
            sum += 4.0 * width(n) * (fine + coarse);
        }
        return sum;
    }
}
