package org.scanbridge.learning.onnx;

import java.util.ArrayList;
import java.util.List;

import org.scanbridge.learning.architecture.DeepMedicPlan;
import org.scanbridge.learning.architecture.NetworkOutput;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.architecture.PatchCnnPlan;
import org.scanbridge.learning.architecture.UNetPlan;
import org.scanbridge.learning.architecture.Weights;

/** Our architectures as they predict, made of {@link OnnxLayers}. */
final class OnnxNetwork {

    /** Keeps the logit of intensities 0 and 1 finite; see {@link NetworkOutput#SIGMOID_RESIDUAL}. */
    private static final float LOGIT_CLAMP = 1e-3f;

    /** Keeps e^-v finite. */
    private static final float LARGEST_VALUE = 40;

    private final NetworkSpec m_spec;

    private final Weights m_weights;

    private final OnnxLayers m_layers;

    /**
     * @param spec an architecture with one set of norm parameters
     * @param weights its weights
     * @param graph takes the operations
     */
    OnnxNetwork(final NetworkSpec spec, final Weights weights, final OnnxGraph graph) {
        m_spec = spec;
        m_weights = weights;
        m_layers = new OnnxLayers(graph, weights, spec.kind().flat());
    }

    /** Adds all operations between the graph's input and output of these names. */
    void build(final String input, final String output) {
        final String values = switch (m_spec.kind()) {
            case UNET_2D, UNET_3D -> unet(input);
            case PATCH_CNN -> patchCnn(input);
            case DEEP_MEDIC -> deepMedic(input);
        };
        m_layers.output(switch (m_spec.output()) {
            case PROBABILITIES -> m_layers.softmax(values);
            case REGIONS, SIGMOID -> m_layers.sigmoid(values);
            case SIGMOID_RESIDUAL -> sigmoidOfLogitPlus(input, values);
            case RELU -> m_layers.relu(values);
            case RESIDUAL -> m_layers.arithmetic("Add", input, values);
        }, output);
    }

    private String unet(final String image) {
        final List<String> encoder = new ArrayList<>();
        String x = image;
        for (int l = 0; l < m_spec.levels(); l++) {
            x = unetBlock("enc" + l + ".a", l == 0 ? x : m_layers.pool(x));
            x = unetBlock("enc" + l + ".b", x);
            encoder.add(x);
        }
        for (int l = m_spec.levels() - 2; l >= 0; l--) {
            x = unetBlock("dec" + l + ".a", m_layers.concat(m_layers.repeat(x, 2), encoder.get(l)));
            x = unetBlock("dec" + l + ".b", x);
        }
        return m_layers.convolution(x, UNetPlan.HEAD, true);
    }

    private String unetBlock(final String block, final String x) {
        final String y = m_layers.convolution(x, block, true);
        final int channels = m_weights.get(block + "/gamma").length;
        return m_layers.relu(switch (m_spec.norm()) {
            case BATCH -> m_layers.batchNorm(y, block);
            case GROUP -> m_layers.groupNorm(y, block, Norm.groups(channels));
            case INSTANCE -> m_layers.groupNorm(y, block, channels);
        });
    }

    private String patchCnn(final String image) {
        String x = image;
        for (int n = 1; n <= PatchCnnPlan.CONVOLUTIONS; n++) {
            x = valid("conv" + n, x);
            x = m_layers.relu(x);
        }
        for (int n = 1; n <= 2; n++) {
            x = m_layers.relu(valid("dense" + n, x));
        }
        return m_layers.convolution(x, UNetPlan.HEAD, false);
    }

    private String valid(final String block, final String x) {
        return m_layers.batchNorm(m_layers.convolution(x, block, false), block);
    }

    private String deepMedic(final String image) {
        final int context = DeepMedicPlan.USED * (DeepMedicPlan.FACTOR - 1);
        final String fine = pathway("fine", m_layers.crop(image, context));
        final String coarse = pathway("coarse", m_layers.averagePool(image, DeepMedicPlan.FACTOR));
        String x = m_layers.concat(fine, m_layers.repeat(coarse, DeepMedicPlan.FACTOR));
        for (int n = 1; n <= 2; n++) {
            x = m_layers.prelu(valid("join" + n, x), "join" + n);
        }
        return m_layers.convolution(x, UNetPlan.HEAD, false);
    }

    private String pathway(final String name, final String image) {
        final DeepMedicPlan plan = new DeepMedicPlan(m_spec);
        String before = image;
        String x = image;
        for (int n = 1; n <= DeepMedicPlan.CONVOLUTIONS; n++) {
            final String input = x;
            x = valid(name + n, x);
            if (DeepMedicPlan.residual(n)) {
                x = m_layers.addToFirstChannels(x, plan.width(n), m_layers.crop(before, 2), plan.width(n - 2));
            }
            x = m_layers.prelu(x, name + n);
            before = input;
        }
        return x;
    }

    /** σ(log(x / (1 - x)) + v) = x / (x + (1 - x) e^-v). */
    private String sigmoidOfLogitPlus(final String image, final String values) {
        final String x = m_layers.clip(image, LOGIT_CLAMP, 1 - LOGIT_CLAMP);
        final String power = m_layers.arithmetic("Exp",
            m_layers.arithmetic("Neg", m_layers.clip(values, -LARGEST_VALUE, LARGEST_VALUE)));
        final String others =
            m_layers.arithmetic("Mul", m_layers.arithmetic("Sub", m_layers.number(1), x), power);
        return m_layers.arithmetic("Div", x, m_layers.arithmetic("Add", x, others));
    }
}
