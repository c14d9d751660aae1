package org.scanbridge.learning.architecture;

import java.util.ArrayList;
import java.util.List;

import org.scanbridge.learning.architecture.NetworkSpec.Kind;
import org.scanbridge.learning.architecture.Parameter.Init;

/**
 * The blocks of a U-Net and their parameters, derived from a {@link NetworkSpec} alone, so that weights can be made,
 * stored and checked without TensorFlow.
 * <p>
 * Level l in [0, levels-1] has {@code baseWidth * 2^l} channels. The encoder has blocks {@code enc<l>.a} and
 * {@code enc<l>.b} per level, the deepest of which is the bottleneck; the decoder has {@code dec<l>.a} and
 * {@code dec<l>.b} for the levels above it, fed with the upsampled deeper level and the encoder's features; {@code head}
 * is a 1×1×1 convolution to the logits. Each block but the head is convolution, norm, ReLU. With deep supervision there
 * is one more 1×1×1 convolution, {@code aux<l>}, per decoder level l below the first, which gives logits at that level's
 * resolution in training and nothing afterwards. With several domains, every norm has one set of parameters per domain;
 * those of the first have no number, those of the others end with {@code .1}, {@code .2} and so on.
 */
public final class UNetPlan implements NetworkPlan {

    /** The name of the last block, the 1×1×1 convolution to the logits. */
    public static final String HEAD = "head";

    private final NetworkSpec m_spec;

    /** @param spec the architecture */
    public UNetPlan(final NetworkSpec spec) {
        m_spec = spec;
    }

    /** Channels at a level in [0, levels-1]. */
    public int width(final int level) {
        return m_spec.baseWidth() << level;
    }

    @Override
    public List<String> blocks() {
        final List<String> names = new ArrayList<>();
        for (int l = 0; l < m_spec.levels(); l++) {
            names.add("enc" + l + ".a");
            names.add("enc" + l + ".b");
        }
        for (int l = m_spec.levels() - 2; l >= 0; l--) {
            names.add("dec" + l + ".a");
            names.add("dec" + l + ".b");
        }
        // they see what the levels below the first make: whoever freezes a level freezes its auxiliary head
        for (int l = 1; l < m_spec.levels() - 1 && m_spec.deepSupervision(); l++) {
            names.add(names.indexOf("dec" + l + ".b") + 1, auxiliary(l));
        }
        names.add(HEAD);
        return names;
    }

    @Override
    public List<Parameter> parameters() {
        final List<Parameter> all = new ArrayList<>();
        for (int l = 0; l < m_spec.levels(); l++) {
            addBlock(all, "enc" + l + ".a", l == 0 ? m_spec.inputChannels() : width(l - 1), width(l));
            addBlock(all, "enc" + l + ".b", width(l), width(l));
        }
        for (int l = m_spec.levels() - 2; l >= 0; l--) {
            addBlock(all, "dec" + l + ".a", width(l + 1) + width(l), width(l));
            addBlock(all, "dec" + l + ".b", width(l), width(l));
        }
        all.add(new Parameter(HEAD + "/kernel", List.of(1, 1, 1, width(0), m_spec.outputs()),
            m_spec.output().residual() ? Init.ZEROS : Init.HE_NORMAL, true));
        all.add(new Parameter(HEAD + "/bias", List.of(m_spec.outputs()), Init.ZEROS, true));
        for (int l = 1; l < m_spec.levels() - 1 && m_spec.deepSupervision(); l++) {
            all.add(new Parameter(auxiliary(l) + "/kernel", List.of(1, 1, 1, width(l), m_spec.outputs()),
                Init.HE_NORMAL, true));
            all.add(new Parameter(auxiliary(l) + "/bias", List.of(m_spec.outputs()), Init.ZEROS, true));
        }
        return all;
    }

    /** The name of the auxiliary head of a level. */
    public static String auxiliary(final int level) {
        return "aux" + level;
    }

    /** What the names of a domain's norm parameters end with; domains count from 0. */
    public static String suffix(final int domain) {
        return domain == 0 ? "" : "." + domain;
    }

    /** Whether a parameter is of the decoder or the head: of what makes logits or an image of an encoder's features. */
    public static boolean ofDecoder(final Parameter parameter) {
        return parameter.name().startsWith("dec") || parameter.block().equals(HEAD);
    }

    @Override
    public double activations() {
        return activationsPerVoxel() * m_spec.patchSize().voxels();
    }

    /**
     * Feature maps at the full resolution of a patch, counted in channels: how many floats per input voxel one forward
     * pass keeps. Level l counts for 1/8^l (1/4^l in 2-D) of a voxel.
     */
    public double activationsPerVoxel() {
        final double shrink = m_spec.kind() == Kind.UNET_2D ? 0.25 : 0.125;
        double sum = m_spec.outputs() * 4.0;
        double share = 1;
        for (int l = 0; l < m_spec.levels(); l++) {
            // convolution, norm and activation of two encoder blocks; the decoder adds two more and the concatenation
            final double perBlock = 3.0 * width(l);
            sum += share * 2 * perBlock;
            if (l < m_spec.levels() - 1) {
                sum += share * (2 * perBlock + 2 * (width(l) + width(l + 1)));
            }
            share *= shrink;
        }
        return sum;
    }

    private void addBlock(final List<Parameter> all, final String block, final int in, final int out) {
        final int depth = m_spec.kind() == Kind.UNET_2D ? 1 : 3;
        all.add(new Parameter(block + "/kernel", List.of(depth, 3, 3, in, out), Init.HE_NORMAL, true));
        for (int domain = 0; domain < m_spec.domains(); domain++) {
            BatchNormParameters.addAffine(all, block, suffix(domain), out);
            if (m_spec.norm() == Norm.BATCH) {
                BatchNormParameters.addStatistics(all, block, suffix(domain), out);
            }
        }
    }
}
