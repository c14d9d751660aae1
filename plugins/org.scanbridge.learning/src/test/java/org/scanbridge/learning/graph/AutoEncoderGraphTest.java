package org.scanbridge.learning.graph;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.scanbridge.learning.architecture.AutoEncoderSpec;
import org.scanbridge.learning.architecture.AutoEncoderSpec.Code;
import org.scanbridge.learning.architecture.Parameter;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.architecture.Weights;
import org.scanbridge.learning.graph.AutoEncoderGraphSpec.Distance;
import org.scanbridge.tensorflow.DeviceChoice;
import org.scanbridge.tensorflow.TensorFlowRuntime;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Losses, reconstructions and all gradients of auto-encoders beside PyTorch 2.15 in double precision: the same layers written with
 * torch.nn.functional, torch.distributions.kl_divergence for the divergence and autograd for the gradients, and the noise of
 * a SplitMix64 written in Python.
 */
class AutoEncoderGraphTest {

    private static final int BATCH = 2;

    private static final long SEED = 5;

    private static AutoEncoderSpec network(final Code code, final boolean variational) {
        return new AutoEncoderSpec(new PatchSize(8, 4, 4), 4, 2, 3, code, variational);
    }

    /** Parameter p has the values ((37 n + 11 p) mod 101 - 50) / 200, and 1 more if it is a scale. */
    private static Weights weights(final AutoEncoderSpec spec) {
        final Map<String, float[]> values = new HashMap<>();
        final List<Parameter> parameters = spec.parameters();
        for (int p = 0; p < parameters.size(); p++) {
            final float[] v = new float[parameters.get(p).size()];
            for (int n = 0; n < v.length; n++) {
                v[n] = (float)((37L * n + 11 * p) % 101 - 50) / 200 + (parameters.get(p).name().endsWith("gamma") ? 1 : 0);
            }
            values.put(parameters.get(p).name(), v);
        }
        return new Weights(parameters, values);
    }

    private static float[] images() {
        final float[] images = new float[BATCH * 128];
        for (int n = 0; n < images.length; n++) {
            images[n] = (n * 29 % 83 - 41) / 40f;
        }
        return images;
    }

    private static AutoEncoderGraphSpec spec(final AutoEncoderSpec network, final Distance distance, final double beta) {
        return new AutoEncoderGraphSpec(network, BATCH, distance, beta, SEED, OptimizerSpec.sgd(0), DeviceChoice.AUTO);
    }

    private static TrainingGraph.Measured step(final AutoEncoderGraph graph, final int step, final double rate) {
        return graph.step(new TrainingGraph.Batch(images(), new byte[0], new int[BATCH]),
            new TrainingGraph.Rates(step, rate, Double.NaN, Double.NaN));
    }

    /** @param gradients Σ g c with c = (13 n mod 17 - 8) / 8 over the gradient g of each parameter */
    private static void compare(final AutoEncoderGraphSpec spec, final double total, final double reconstruction,
        final double divergence, final float[] predicted, final Map<String, Double> gradients) throws Exception {
        TensorFlowRuntime.call(() -> {
            final Weights start = weights(spec.network());
            try (AutoEncoderGraph graph = new AutoEncoderGraph(spec, start)) {
                final float[] all = graph.probabilities(images(), BATCH);
                assertArrayEquals(predicted, new float[]{all[0], all[1], all[9], all[77], all[200]}, 2e-6f);
                final TrainingGraph.Measured measured = step(graph, 1, 1);
                assertEquals(total, measured.segmentationLoss(), 1e-6);
                assertEquals(reconstruction, measured.others().get(AutoEncoderGraph.RECONSTRUCTION), 1e-6);
                assertEquals(spec.network().variational(), measured.others().containsKey(AutoEncoderGraph.DIVERGENCE));
                if (spec.network().variational()) {
                    assertEquals(divergence, measured.others().get(AutoEncoderGraph.DIVERGENCE), 1e-5);
                }
                assertEquals(gradients.size(), start.parameters().size());
                final Weights after = graph.weights();
                gradients.forEach((name, expected) -> {
                    double sum = 0;
                    for (int n = 0; n < start.get(name).length; n++) {
                        sum += (start.get(name)[n] - after.get(name)[n]) * (13 * n % 17 - 8) / 8.0;
                    }
                    assertEquals(expected, sum, 5e-6, name);
                });
            }
            return null;
        });
    }

    @Test
    void denseVariational() throws Exception {
        compare(spec(network(Code.DENSE, true), Distance.L1, 2), 0.605493629, 0.603907087, 0.101538662,
            new float[]{-0.0462529f, -0.2096869f, -0.4343142f, -0.7742625f, -0.0595032f}, Map.ofEntries(
                entry("enc0/kernel", -1.09894550e-03), entry("enc0/gamma", -4.45494468e-04), entry("enc0/beta", -4.75501539e-04),
                entry("enc1/kernel", 5.69227743e-03), entry("enc1/gamma", 8.08894508e-04), entry("enc1/beta", 4.92305922e-04),
                entry("reduce/kernel", -5.87819853e-04), entry("reduce/bias", 8.15534067e-04), entry("mean/kernel", 6.38823695e-03),
                entry("mean/bias", 2.92829774e-03), entry("variance/kernel", 1.96662126e-03), entry("variance/bias", 2.28600035e-03),
                entry("expand/kernel", 2.66932666e-04), entry("expand/bias", 4.26448253e-03), entry("restore/kernel", -1.38577815e-02),
                entry("restore/bias", -1.43850034e-01), entry("dec0/kernel", 6.67950448e-02), entry("dec0/gamma", -6.41577574e-02),
                entry("dec0/beta", -6.58320328e-02), entry("head/kernel", 3.43032506e-01), entry("head/bias", 2.89062500e-01)));
    }

    @Test
    void spatialVariational() throws Exception {
        compare(spec(network(Code.SPATIAL, true), Distance.L2, 0.5), 0.206974391, 0.193436773, 3.465630361,
            new float[]{0.4937878f, 0.1522786f, 0.1568300f, -0.2009721f, 0.2441836f}, Map.ofEntries(
                entry("enc0/kernel", 7.46072400e-03), entry("enc0/gamma", 1.31955258e-03), entry("enc0/beta", 1.24065910e-03),
                entry("enc1/kernel", 7.91147105e-03), entry("enc1/gamma", 5.15399998e-04), entry("enc1/beta", -2.38018252e-03),
                entry("mean/kernel", -1.83541120e-02), entry("mean/bias", -2.80383438e-02), entry("variance/kernel", -2.43433347e-02),
                entry("variance/bias", -1.56850693e-02), entry("expand/kernel", 2.83074093e-02), entry("expand/bias", -2.76162173e-02),
                entry("dec0/kernel", -4.17768164e-02), entry("dec0/gamma", 4.33640008e-03), entry("dec0/beta", -7.44235268e-03),
                entry("head/kernel", -1.45535786e-01), entry("head/bias", -6.72841037e-02)));
    }

    @Test
    void densePlain() throws Exception {
        compare(spec(network(Code.DENSE, false), Distance.L2, 1), 0.294594574, 0.294594574, 0,
            new float[]{0.2966664f, 0.3449155f, 0.2483487f, 0.5255353f, 0.5678311f}, Map.ofEntries(
                entry("enc0/kernel", -1.04940047e-03), entry("enc0/gamma", -5.06712950e-05), entry("enc0/beta", -1.06245783e-04),
                entry("enc1/kernel", -3.88440497e-04), entry("enc1/gamma", 9.96439324e-05), entry("enc1/beta", -3.15338146e-05),
                entry("reduce/kernel", -2.99520990e-04), entry("reduce/bias", 3.01697911e-04), entry("mean/kernel", 1.47015820e-03),
                entry("mean/bias", 1.17033463e-03), entry("expand/kernel", -7.11181296e-03), entry("expand/bias", 2.31899380e-03),
                entry("restore/kernel", 9.33412486e-04), entry("restore/bias", 1.49094288e-02), entry("dec0/kernel", -4.48984308e-02),
                entry("dec0/gamma", -6.86015431e-02), entry("dec0/beta", -9.45373104e-02), entry("head/kernel", -3.71426379e-01),
                entry("head/bias", -4.26010680e-01)));
    }

    /** KL(N(0.5, 4) ‖ N(0, 1)) + KL(N(-1, 1) ‖ N(0, 1)) = ½ (¼ + 4 - 1 - ln 4) + ½ = 1.4318528 nats. */
    @Test
    void divergenceOfTwoNormalDistributions() throws Exception {
        TensorFlowRuntime.call(() -> {
            try (Graph graph = new Graph()) {
                final Ops tf = Ops.create(graph);
                final Operand<TFloat32> mean =
                    tf.reshape(tf.constant(new float[]{0.5f, -1}), tf.constant(new int[]{1, 1, 1, 1, 2}));
                final Operand<TFloat32> logVariance =
                    tf.reshape(tf.constant(new float[]{(float)Math.log(4), 0}), tf.constant(new int[]{1, 1, 1, 1, 2}));
                final Operand<TFloat32> divergence = new AutoEncoderLosses(tf).divergence(mean, logVariance);
                try (Session session = Devices.session(graph, DeviceChoice.AUTO);
                        Result result = session.runner().fetch(divergence).run()) {
                    assertEquals(1.4318528, Tensors.scalar(result.get(0)), 1e-6);
                }
            }
            return null;
        });
    }

    /** The numbers of SplitMix64 and Marsaglia's method in Python; the same in every run, others in every step. */
    @Test
    void noiseIsThatOfSeedAndStep() throws Exception {
        TensorFlowRuntime.call(() -> {
            final AutoEncoderGraphSpec spec = spec(network(Code.DENSE, true), Distance.L1, 1);
            try (AutoEncoderGraph graph = new AutoEncoderGraph(spec, weights(spec.network()))) {
                assertArrayEquals(new float[]{1.3466079f, 2.0738933f, -1.8967952f}, Arrays.copyOf(graph.noise(1), 3), 1e-6f);
                final TrainingGraph.Measured first = step(graph, 1, 0);
                assertEquals(first, step(graph, 1, 0));
                assertNotEquals(first, step(graph, 2, 0), "another step has other noise");
            }
            return null;
        });
    }

    /** A training that goes on from its state has the bits it would have had. */
    @Test
    void goesOnFromItsState() throws Exception {
        TensorFlowRuntime.call(() -> {
            final AutoEncoderGraphSpec spec = new AutoEncoderGraphSpec(network(Code.DENSE, true), BATCH, Distance.L1, 1, SEED,
                OptimizerSpec.adam(), DeviceChoice.AUTO);
            try (AutoEncoderGraph graph = new AutoEncoderGraph(spec, weights(spec.network()));
                    AutoEncoderGraph other = new AutoEncoderGraph(spec, weights(spec.network()))) {
                step(graph, 1, 1e-2);
                other.restore(graph.state());
                assertEquals(step(graph, 2, 1e-2), step(other, 2, 1e-2));
                assertEquals(graph.weights().hash(), other.weights().hash());
            }
            return null;
        });
    }

    /** Slices: convolutions of depth 1, and two patches that a code of four numbers can tell apart. */
    @Test
    void learnsSlices() throws Exception {
        TensorFlowRuntime.call(() -> {
            final AutoEncoderSpec slices = new AutoEncoderSpec(new PatchSize(16, 8, 1), 4, 3, 4, Code.DENSE, false);
            final AutoEncoderGraphSpec spec = new AutoEncoderGraphSpec(slices, BATCH, Distance.L2, 1, SEED,
                OptimizerSpec.adam(), DeviceChoice.AUTO);
            try (AutoEncoderGraph graph = new AutoEncoderGraph(spec, slices.initial(1))) {
                final double before = step(graph, 1, 1e-2).segmentationLoss();
                double after = before;
                for (int s = 2; s <= 60; s++) {
                    after = step(graph, s, 1e-2).segmentationLoss();
                }
                assertTrue(after < before / 4, before + " to " + after);
            }
            return null;
        });
    }

    @Test
    void wrongLengthsAndWeightsAreRefused() throws Exception {
        TensorFlowRuntime.call(() -> {
            final AutoEncoderGraphSpec spec = spec(network(Code.DENSE, false), Distance.L1, 1);
            try (AutoEncoderGraph graph = new AutoEncoderGraph(spec, weights(spec.network()))) {
                assertThrows(IllegalArgumentException.class, () -> graph.step(
                    new TrainingGraph.Batch(new float[5], new byte[0], new int[BATCH]),
                    new TrainingGraph.Rates(1, 1, Double.NaN, Double.NaN)));
            }
            return null;
        });
        assertThrows(IllegalArgumentException.class, () -> spec(network(Code.DENSE, true), Distance.L1, -1));
    }
}
