package org.scanbridge.learning.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.NetworkSpec.Kind;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.architecture.Parameter;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.architecture.UNetPlan;
import org.scanbridge.learning.architecture.Weights;
import org.scanbridge.learning.graph.SegmentationLossSpec.DiceForm;
import org.scanbridge.tensorflow.DeviceChoice;
import org.scanbridge.tensorflow.TensorFlowRuntime;

/**
 * MS-Net and unpaired knowledge distillation with a patch of each of two sites, against numbers that PyTorch 2.15 computed in
 * double precision from the same formulas. A step of gradient descent at rate 1 moves the weights by the gradient.
 */
class MultiSiteGraphTest {

    private static final NetworkSpec SPEC =
        new NetworkSpec(Kind.UNET_3D, 1, 2, 2, 2, Norm.BATCH, PatchSize.cube(4)).withDomains(2);

    private static final int VOXELS = 64;

    /** 0.3 sin(1.3 p + 0.7 e) for the element e of the parameter p, 1 + 0.2 sin(…) for scales and variances. */
    private static Weights weights(final NetworkSpec spec) {
        final List<Parameter> parameters = new UNetPlan(spec).parameters();
        final Map<String, float[]> all = new LinkedHashMap<>();
        for (int p = 0; p < parameters.size(); p++) {
            final String name = parameters.get(p).name();
            final float[] v = new float[parameters.get(p).size()];
            for (int e = 0; e < v.length; e++) {
                final double sine = Math.sin(1.3 * p + 0.7 * e);
                v[e] = (float)(name.contains("/gamma") || name.contains("/variance") ? 1 + 0.2 * sine : 0.3 * sine);
            }
            all.put(name, v);
        }
        return new Weights(parameters, all);
    }

    private static TrainingGraph.Batch batch() {
        final float[] images = new float[2 * VOXELS];
        final byte[] labels = new byte[images.length];
        for (int v = 0; v < images.length; v++) {
            images[v] = (float)(Math.sin(0.9 * v) + Math.cos(0.37 * v * v));
            labels[v] = (byte)(Math.sin(1.7 * v) > 0.2 ? 1 : 0);
        }
        return new TrainingGraph.Batch(images, labels, new int[2]);
    }

    private static MultiSiteGraphSpec spec(final NetworkSpec network, final KnowledgeTransfer transfer,
        final ClassAlignmentTerm distillation) {
        final List<Double> ones = List.of(1.0, 1.0);
        return new MultiSiteGraphSpec(network, List.of("A", "B"), 1,
            new SegmentationLossSpec(DiceForm.MEAN, 1, ones, 1, ones), Set.of(), Optional.ofNullable(transfer),
            Optional.ofNullable(distillation), 1, OptimizerSpec.sgd(0), 100, DeviceChoice.AUTO);
    }

    private static void assertMoved(final float[] before, final float[] after, final String name, final double norm,
        final double... first) {
        double squares = 0;
        for (int e = 0; e < before.length; e++) {
            final double gradient = before[e] - after[e];
            squares += gradient * gradient;
            if (e < first.length) {
                assertEquals(first[e], gradient, 2e-5, name + ' ' + e);
            }
        }
        assertEquals(norm, Math.sqrt(squares), 3e-5, name);
    }

    /** Weight ½ after the lead; the heads of the auxiliary decoders are 6 and -5 times that of the network. */
    @Test
    void theNetworkLearnsFromDecodersOfOneSiteEach() throws Exception {
        final Weights before = weights(SPEC);
        TensorFlowRuntime.call(() -> {
            try (MultiSiteGraph graph = new MultiSiteGraph(spec(SPEC, KnowledgeTransfer.defaults(), null), before)) {
                final Map<String, float[]> start = new LinkedHashMap<>();
                for (int site = 0; site < 2; site++) {
                    final float[] head = before.get("head/kernel").clone();
                    for (int e = 0; e < head.length; e++) {
                        head[e] *= site == 0 ? 6 : -5;
                    }
                    start.put("auxiliary" + site + "/head/kernel", head);
                }
                graph.restore(start);
                final Map<String, float[]> state = graph.state();
                final TrainingGraph.Measured measured =
                    graph.step(batch(), new TrainingGraph.Rates(51, 1, 0, Double.NaN));
                assertEquals(1.18860570, measured.segmentationLoss(), 1e-5);
                assertEquals(0.50027365, measured.diceLoss(), 1e-5);
                assertEquals(1.18681976, measured.others().get(KnowledgeTransfer.AUXILIARY_METRIC), 1e-5);
                assertEquals(0.02810298, measured.others().get(KnowledgeTransfer.METRIC), 1e-5);
                final Map<String, float[]> after = graph.state();
                final Moved moved = (name, norm, first) -> assertMoved(state.get(name), after.get(name), name, norm, first);
                moved.by("enc0.a/kernel", 0.18617061, 0.01283231, -0.00092612, -0.04033254, -0.02464533);
                moved.by("enc0.a/gamma", 0.01964381, 0.01415554, -0.01361984);
                moved.by("enc0.a/gamma.1", 0.00177235, 0.00177212, 2.859e-05);
                moved.by("dec0.a/kernel", 0.00895405, -0.00061702, 0.00012718, -0.00052913, 7.946e-05);
                moved.by("dec0.a/beta.1", 0.00108712, -0.00065906, 0.00086456);
                moved.by("head/kernel", 0.02832884, 0.01216806, -0.01216806, 0.01591226, -0.01591226);
                moved.by("auxiliary0/dec0.a/kernel", 0.07258324, -0.00046523, -0.00252792, -0.00060107, -0.00394464);
                moved.by("auxiliary0/dec0.b/gamma", 0.01905091, -0.00149518, 0.01899214);
                moved.by("auxiliary1/dec0.b/gamma.1", 0.01921588, -0.0017153, 0.01913917);
                moved.by("auxiliary1/head/kernel", 0.02806681, -0.01221096, 0.01221096, -0.01564498, 0.01564498);
            }
            return null;
        });
    }

    private interface Moved {
        void by(String name, double norm, double... first);
    }

    /** Weight 200, because the two sites' classes hardly differ here; temperature 2. */
    @Test
    void classesAreDistilledBetweenSites() throws Exception {
        final Weights before = weights(SPEC);
        TensorFlowRuntime.call(() -> {
            try (MultiSiteGraph graph = new MultiSiteGraph(spec(SPEC, null, new ClassAlignmentTerm(200, 2)), before)) {
                final TrainingGraph.Measured measured =
                    graph.step(batch(), new TrainingGraph.Rates(1, 1, 0, Double.NaN));
                assertEquals(1.18860570, measured.segmentationLoss(), 1e-5);
                assertEquals(1.32936e-5, measured.others().get("Class alignment Loss"), 2e-7);
                final Weights after = graph.weights();
                final Moved moved =
                    (name, norm, first) -> assertMoved(before.get(name), after.get(name), name, norm, first);
                moved.by("enc0.a/kernel", 0.07334932, -0.00384444, 0.00126427, -0.01085302, -0.01078805);
                moved.by("enc0.b/gamma.1", 0.01158041, -0.00917709, 0.00706307);
                moved.by("dec0.b/kernel", 0.03761136, 0.00027286, -0.00084215, 9.553e-05, 0.00157975);
                moved.by("head/kernel", 0.09147984, 0.04615345, -0.04615345, 0.04532262, -0.04532262);
            }
            return null;
        });
    }

    /** Before the lead ends the network learns from the labels alone, as if there were no auxiliary decoders above it. */
    @Test
    void nothingIsTransferredInTheLead() throws Exception {
        final KnowledgeTransfer transfer = new KnowledgeTransfer(1, 0.5);
        assertEquals(0, transfer.weight(0.49));
        assertEquals(1, transfer.weight(0.5));
        final Weights before = weights(SPEC);
        TensorFlowRuntime.call(() -> {
            try (MultiSiteGraph taught = new MultiSiteGraph(spec(SPEC, transfer, null), before);
                    MultiSiteGraph alone = new MultiSiteGraph(spec(SPEC, null, null), before)) {
                taught.step(batch(), new TrainingGraph.Rates(1, 1, 0, Double.NaN));
                alone.step(batch(), new TrainingGraph.Rates(1, 1, 0, Double.NaN));
                assertArrayEquals(alone.weights().get("dec0.b/kernel"), taught.weights().get("dec0.b/kernel"), 1e-6f);
                assertFalse(Arrays.equals(alone.weights().get("enc0.a/kernel"), taught.weights().get("enc0.a/kernel")),
                    "the auxiliary decoders do not teach the encoder");
                assertEquals(alone.weights().parameters(), taught.weights().parameters());
                taught.step(batch(), new TrainingGraph.Rates(51, 1, 0, Double.NaN));
                alone.step(batch(), new TrainingGraph.Rates(51, 1, 0, Double.NaN));
                assertFalse(Arrays.equals(alone.weights().get("head/kernel"), taught.weights().get("head/kernel")));
            }
            return null;
        });
    }

    /** With group normalization there is one set for all sites, and one network to predict with. */
    @Test
    void sitesPredictWithTheirNormsWhereTheyHaveSome() throws Exception {
        final NetworkSpec group = new NetworkSpec(Kind.UNET_3D, 1, 2, 2, 2, Norm.GROUP, PatchSize.cube(4));
        TensorFlowRuntime.call(() -> {
            try (MultiSiteGraph own = new MultiSiteGraph(spec(SPEC, null, null), weights(SPEC));
                    MultiSiteGraph shared =
                        new MultiSiteGraph(spec(group, KnowledgeTransfer.defaults(), null), weights(group))) {
                final float[] images = Arrays.copyOf(batch().images(), VOXELS);
                assertFalse(Arrays.equals(own.forSite("A").probabilities(images, 1), own.forSite("B").probabilities(images, 1)));
                assertThrows(IllegalArgumentException.class, () -> own.forSite("C"));
                shared.step(batch(), new TrainingGraph.Rates(90, 0.1, 0, Double.NaN));
                assertArrayEquals(shared.forSite("A").probabilities(images, 1), shared.forSite("C").probabilities(images, 1));
            }
            return null;
        });
    }

    @Test
    void refusesWhatDoesNotFit() {
        assertThrows(IllegalArgumentException.class, () -> spec(SPEC.withDomains(1), null, null));
        assertThrows(IllegalArgumentException.class, () -> spec(SPEC.withDomains(3), null, null));
        assertThrows(IllegalArgumentException.class, () -> new KnowledgeTransfer(1.1, 0));
        assertThrows(IllegalArgumentException.class, () -> new KnowledgeTransfer(0, -0.1));
    }
}
