package org.scanbridge.learning.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.architecture.UNetPlan;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** Builds the operations of the U-Net that {@link UNetPlan} describes, over variables that are already there. */
final class UNet implements NetworkGraph {

    /**
     * What a network computes.
     *
     * @param logits [n, depth, height, width, classes]
     * @param encoder features of each level, full resolution first; the last is the bottleneck
     * @param decoder features of each level above the bottleneck, full resolution last
     * @param auxiliary logits of the levels below the first in training with deep supervision, finest first
     * @param statistics updates of running statistics, to be run with a training step
     * @param batchStatistics mean and variance of the batch by the name of the running statistic
     */
    record Output(Operand<TFloat32> logits, List<Operand<TFloat32>> encoder, List<Operand<TFloat32>> decoder,
        List<Operand<TFloat32>> auxiliary, List<Op> statistics, Map<String, Operand<TFloat32>> batchStatistics) {

        /** The same with other logits. */
        Output withLogits(final Operand<TFloat32> value) {
            return new Output(value, encoder, decoder, auxiliary, statistics, batchStatistics);
        }

        Operand<TFloat32> bottleneck() {
            return encoder.get(encoder.size() - 1);
        }

        /** The features that the logits are made of. */
        Operand<TFloat32> last() {
            return decoder.isEmpty() ? bottleneck() : decoder.get(decoder.size() - 1);
        }
    }

    private final Ops m_tf;

    private final Layers m_layers;

    private final NetworkSpec m_spec;

    private final VariableStore m_store;

    UNet(final Ops tf, final NetworkSpec spec, final VariableStore store) {
        m_tf = tf;
        m_layers = new Layers(tf);
        m_spec = spec;
        m_store = store;
    }

    @Override
    public Output predicting(final Operand<TFloat32> image) {
        return predicting(image, 0);
    }

    @Override
    public Output training(final Operand<TFloat32> image, final Set<String> frozen, final Operand<TInt32> randomness) {
        return training(image, frozen, 0);
    }

    /**
     * The network as it predicts images of one domain.
     *
     * @param domain whose norm parameters are used, from 0
     */
    Output predicting(final Operand<TFloat32> image, final int domain) {
        return build(image, null, domain);
    }

    /** As {@link #training(Operand, Set, int)} for the first domain. */
    Output training(final Operand<TFloat32> image, final Set<String> frozen) {
        return training(image, frozen, 0);
    }

    /**
     * The network as it trains on images of one domain; all domains share the kernels.
     *
     * @param frozen names of frozen blocks
     * @param domain whose norm parameters are used and updated, from 0
     */
    Output training(final Operand<TFloat32> image, final Set<String> frozen, final int domain) {
        return build(image, frozen, domain);
    }

    /**
     * This network's decoder as it trains on what another network's encoder makes of images of one domain.
     *
     * @param encoder features of each level, full resolution first
     * @param frozen names of frozen blocks
     * @param domain whose norm parameters are used and updated, from 0
     */
    Output decoding(final List<Operand<TFloat32>> encoder, final Set<String> frozen, final int domain) {
        return decode(encoder, frozen, UNetPlan.suffix(domain), new BatchNormBlock(m_tf, m_store, frozen));
    }

    /** @param frozen {@code null} for prediction */
    private Output build(final Operand<TFloat32> image, final Set<String> frozen, final int domain) {
        final BatchNormBlock norm = new BatchNormBlock(m_tf, m_store, frozen);
        final String suffix = UNetPlan.suffix(domain);
        final List<Operand<TFloat32>> encoder = new ArrayList<>();
        Operand<TFloat32> x = image;
        for (int l = 0; l < m_spec.levels(); l++) {
            x = block("enc" + l + ".a", suffix, l == 0 ? x : m_layers.pool(x), norm);
            x = block("enc" + l + ".b", suffix, x, norm);
            encoder.add(x);
        }
        return decode(encoder, frozen, suffix, norm);
    }

    private Output decode(final List<Operand<TFloat32>> encoder, final Set<String> frozen, final String suffix,
        final BatchNormBlock norm) {
        final List<Operand<TFloat32>> decoder = new ArrayList<>();
        final List<Operand<TFloat32>> auxiliary = new ArrayList<>();
        Operand<TFloat32> x = encoder.get(encoder.size() - 1);
        for (int l = m_spec.levels() - 2; l >= 0; l--) {
            final String decoding = "dec" + l + ".a";
            final Operand<TFloat32> deeper = x;
            final Operand<TFloat32> skipped = encoder.get(l);
            x = block(decoding, suffix, kernel -> m_layers.upsampledConvolution(deeper, skipped, kernel), norm);
            x = block("dec" + l + ".b", suffix, x, norm);
            decoder.add(x);
            if (frozen != null && m_spec.deepSupervision() && l > 0) {
                auxiliary.add(0, head(UNetPlan.auxiliary(l), x));
            }
        }
        return new Output(head(UNetPlan.HEAD, x), encoder, decoder, auxiliary, norm.statistics(), norm.batch());
    }

    private Operand<TFloat32> head(final String name, final Operand<TFloat32> x) {
        return m_layers.bias(m_layers.convolution(x, value(name + "/kernel"), 1), value(name + "/bias"));
    }

    private Operand<TFloat32> block(final String name, final String suffix, final Operand<TFloat32> x,
        final BatchNormBlock norm) {
        return block(name, suffix, kernel -> m_layers.convolution(x, kernel, 1), norm);
    }

    /** Convolution, norm and ReLU. */
    private Operand<TFloat32> block(final String name, final String suffix,
        final UnaryOperator<Operand<TFloat32>> convolution, final BatchNormBlock norm) {
        if (m_spec.norm() == Norm.BATCH) {
            return m_layers.relu(norm.convolved(name, suffix, convolution));
        }
        final Operand<TFloat32> y = convolution.apply(value(name + "/kernel"));
        final Operand<TFloat32> gamma = value(name + "/gamma");
        final Operand<TFloat32> beta = value(name + "/beta");
        final int groups = groups(Layers.size(y, 4));
        return m_layers.relu(norm.predicting() ? m_layers.groupNormInference(y, gamma, beta, groups)
            : m_layers.groupNorm(y, gamma, beta, groups));
    }

    private int groups(final int channels) {
        return m_spec.norm() == Norm.INSTANCE ? channels : Norm.groups(channels);
    }

    private Operand<TFloat32> value(final String name) {
        return m_store.get(name).value();
    }
}
