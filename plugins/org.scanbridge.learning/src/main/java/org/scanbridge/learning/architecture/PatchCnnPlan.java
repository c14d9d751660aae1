package org.scanbridge.learning.architecture;

import java.util.ArrayList;
import java.util.List;

import org.scanbridge.learning.architecture.Parameter.Init;

/**
 * The 15-layer network of Ghafoorian et al. (MICCAI 2017) on slices: twelve 3×3 convolutions without padding
 * ({@code conv1} to {@code conv12}, {@code baseWidth} channels), dense layers of 256 and 128 ({@code dense1},
 * {@code dense2}) and the dense layer of the logits ({@code head}). All but the last are followed by batch normalization
 * and ReLU. The network sees 32×32 voxels per voxel it classifies, which has index 16 of them along both axes.
 * <p>
 * The paper trains dense layers on patches and turns them into convolutions to segment slices. Here they are convolutions
 * from the start, which is the same thing: the weights of a dense layer over 8×8×c features, flattened row by row with
 * the channels last, are those of an 8×8 convolution in the same order. On a patch of 1×1 it trains as in the paper; on
 * larger ones it classifies all voxels of the patch at once, from the same features.
 */
public final class PatchCnnPlan implements NetworkPlan {

    /** Number of 3×3 convolutions. */
    public static final int CONVOLUTIONS = 12;

    /** What the convolutions leave of 32 voxels. */
    private static final int LEFT = 8;

    private static final int[] DENSE = {256, 128};

    /** The context that makes the output as large as the patch: 16 before, 15 behind. */
    static final Margin MARGIN = new Margin(16, 15, 16, 15, 0, 0);

    private final NetworkSpec m_spec;

    /** @param spec the architecture */
    public PatchCnnPlan(final NetworkSpec spec) {
        m_spec = spec;
    }

    @Override
    public List<String> blocks() {
        return parameters().stream().map(Parameter::block).distinct().toList();
    }

    @Override
    public List<Parameter> parameters() {
        final List<Parameter> all = new ArrayList<>();
        int channels = m_spec.inputChannels();
        for (int n = 1; n <= CONVOLUTIONS; n++) {
            add(all, "conv" + n, 3, channels, m_spec.baseWidth());
            channels = m_spec.baseWidth();
        }
        for (int n = 0; n < DENSE.length; n++) {
            add(all, "dense" + (n + 1), n == 0 ? LEFT : 1, channels, DENSE[n]);
            channels = DENSE[n];
        }
        all.add(new Parameter(UNetPlan.HEAD + "/kernel", List.of(1, 1, 1, channels, m_spec.outputs()), Init.HE_NORMAL,
            true));
        all.add(new Parameter(UNetPlan.HEAD + "/bias", List.of(m_spec.outputs()), Init.ZEROS, true));
        return all;
    }

    private static void add(final List<Parameter> all, final String block, final int size, final int in, final int out) {
        all.add(new Parameter(block + "/kernel", List.of(1, size, size, in, out), Init.HE_NORMAL, true));
        BatchNormParameters.add(all, block, out);
    }

    @Override
    public double activations() {
        final PatchSize input = m_spec.inputSize();
        double sum = 0;
        for (int n = 1; n <= CONVOLUTIONS; n++) {
            sum += 3.0 * m_spec.baseWidth() * (input.i() - 2 * n) * (input.j() - 2 * n);
        }
        return sum + (3.0 * DENSE[0] + 3.0 * DENSE[1] + 4.0 * m_spec.outputs()) * m_spec.patchSize().voxels();
    }
}
