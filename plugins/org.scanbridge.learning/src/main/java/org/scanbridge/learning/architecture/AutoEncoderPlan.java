package org.scanbridge.learning.architecture;

import java.util.ArrayList;
import java.util.List;

import org.scanbridge.learning.architecture.AutoEncoderSpec.Code;
import org.scanbridge.learning.architecture.Parameter.Init;

/**
 * The blocks of an auto-encoder and their parameters, derived from an {@link AutoEncoderSpec} alone.
 * <p>
 * The encoder has one 3×3×3 convolution per level, {@code enc0} at full resolution and {@code enc1} on with stride 2. A
 * dense code first reduces the channels to the base width ({@code reduce}, 1×1×1), then weighs all of them at once
 * ({@code mean}, and {@code variance} for the logarithm of the variance); {@code expand} and {@code restore} go the same
 * way back. A spatial code is a 1×1×1 convolution ({@code mean}, {@code variance}) and another back ({@code expand}). The
 * decoder repeats voxels and convolves, {@code dec<l>}; {@code head} is a 1×1×1 convolution to the image. Convolutions of
 * 3×3×3 are followed by group normalization and leaky ReLU, the others by a bias.
 */
public final class AutoEncoderPlan {

    private final AutoEncoderSpec m_spec;

    /** @param spec the architecture */
    public AutoEncoderPlan(final AutoEncoderSpec spec) {
        m_spec = spec;
    }

    /** All parameters, block by block. */
    public List<Parameter> parameters() {
        final List<Parameter> all = new ArrayList<>();
        for (int l = 0; l < m_spec.levels(); l++) {
            addBlock(all, "enc" + l, l == 0 ? 1 : m_spec.width(l - 1), m_spec.width(l));
        }
        final int top = m_spec.width(m_spec.levels() - 1);
        final PatchSize bottom = m_spec.bottom();
        if (m_spec.code() == Code.DENSE) {
            final List<Integer> whole =
                List.of(bottom.k(), bottom.j(), bottom.i(), m_spec.baseWidth(), m_spec.latent());
            addBiased(all, "reduce", List.of(1, 1, 1, top, m_spec.baseWidth()));
            addBiased(all, "mean", whole);
            addVariance(all, whole);
            addBiased(all, "expand", List.of(1, 1, 1, m_spec.latent(), bottom.voxels() * m_spec.baseWidth()));
            addBiased(all, "restore", List.of(1, 1, 1, m_spec.baseWidth(), top));
        } else {
            final List<Integer> each = List.of(1, 1, 1, top, m_spec.latent());
            addBiased(all, "mean", each);
            addVariance(all, each);
            addBiased(all, "expand", List.of(1, 1, 1, m_spec.latent(), top));
        }
        for (int l = m_spec.levels() - 2; l >= 0; l--) {
            addBlock(all, "dec" + l, m_spec.width(l + 1), m_spec.width(l));
        }
        addBiased(all, UNetPlan.HEAD, List.of(1, 1, 1, m_spec.baseWidth(), 1));
        return all;
    }

    private void addBlock(final List<Parameter> all, final String block, final int in, final int out) {
        all.add(new Parameter(block + "/kernel", List.of(m_spec.flat() ? 1 : 3, 3, 3, in, out), Init.HE_NORMAL, true));
        BatchNormParameters.addAffine(all, block, "", out);
    }

    /** The variance begins as 1 everywhere, so that the first steps are no lottery. */
    private void addVariance(final List<Parameter> all, final List<Integer> kernel) {
        if (m_spec.variational()) {
            all.add(new Parameter("variance/kernel", kernel, Init.ZEROS, true));
            all.add(new Parameter("variance/bias", List.of(kernel.get(4)), Init.ZEROS, true));
        }
    }

    private static void addBiased(final List<Parameter> all, final String block, final List<Integer> kernel) {
        all.add(new Parameter(block + "/kernel", kernel, Init.HE_NORMAL, true));
        all.add(new Parameter(block + "/bias", List.of(kernel.get(4)), Init.ZEROS, true));
    }

    /** How many floats one forward pass keeps for back-propagation per patch. */
    public double activations() {
        double sum = 4;
        double share = 1;
        for (int l = 0; l < m_spec.levels(); l++) {
            // convolution, norm and activation of the encoder; the decoder's also has the repeated voxels
            sum += share * 3 * m_spec.width(l);
            if (l < m_spec.levels() - 1) {
                sum += share * (3 * m_spec.width(l) + m_spec.width(l + 1));
            }
            share *= m_spec.flat() ? 0.25 : 0.125;
        }
        return sum * m_spec.patchSize().voxels() + 4.0 * m_spec.codeLength();
    }
}
