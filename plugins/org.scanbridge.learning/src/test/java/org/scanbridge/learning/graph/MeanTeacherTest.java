package org.scanbridge.learning.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
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
import org.scanbridge.learning.graph.SelfTrainingTerm.Teacher;
import org.scanbridge.tensorflow.DeviceChoice;
import org.scanbridge.tensorflow.TensorFlowRuntime;

/** What the mean teacher and the anchor do in the steps of a graph, against what Java computes from the weights. */
class MeanTeacherTest {

    private static final double DECAY = 0.6;

    private static AdaptationGraphSpec spec(final Norm norm, final int source, final OptimizerSpec optimizer,
        final AdaptationTerm... terms) {
        final NetworkSpec network = new NetworkSpec(Kind.UNET_3D, 1, 2, 2, 2, norm, PatchSize.cube(8));
        final List<Double> ones = Collections.nCopies(2, 1.0);
        return new AdaptationGraphSpec(network, source, 0, 2, new SegmentationLossSpec(DiceForm.MEAN, 1, ones, 1, ones),
            Set.of(), false, List.of(terms), 2, 1, optimizer, 100, DeviceChoice.AUTO);
    }

    private static TrainingGraph.Batch batch(final AdaptationGraphSpec spec, final int seed) {
        final Random random = new Random(seed);
        final int voxels = spec.network().patchSize().voxels();
        final float[] images = new float[spec.patchesPerStep() * voxels];
        for (int v = 0; v < images.length; v++) {
            images[v] = (float)random.nextGaussian();
        }
        final byte[] labels = new byte[spec.labeled() * voxels];
        for (int v = 0; v < labels.length; v++) {
            labels[v] = (byte)(images[v] > 0 ? 1 : 0);
        }
        final byte[] taught =
            new byte[spec.selfTraining().orElseThrow().usesLabels() ? spec.unlabeledTarget() * voxels * 2 : 0];
        for (int v = 0; v < taught.length; v += 2) {
            taught[v + (images[(spec.source() * voxels) + v / 2] > 0.5 ? 1 : 0)] = (byte)255;
        }
        return new TrainingGraph.Batch(images, labels, new int[spec.batch()], taught);
    }

    private static TrainingGraph.Measured step(final AdaptationGraph graph, final AdaptationGraphSpec spec, final int step) {
        return graph.step(batch(spec, step), new TrainingGraph.Rates(step, 0.05, 0, Double.NaN));
    }

    /** θ'₀ is the start; θ' ← α θ' + (1 - α) θ with α = ½, .6, .6, …; the graph's weights and predictions are θ'. */
    @Test
    void averagesWeightsAndStatistics() throws Exception {
        for (final Norm norm : List.of(Norm.GROUP, Norm.BATCH)) {
            final AdaptationGraphSpec spec = spec(norm, 2, OptimizerSpec.adam(),
                new SelfTrainingTerm(1, norm == Norm.GROUP ? Teacher.BOTH : Teacher.NETWORK, 0, DECAY, 0, 1));
            final Weights start = Weights.initial(new UNetPlan(spec.network()).parameters(), 1);
            TensorFlowRuntime.call(() -> {
                try (AdaptationGraph graph = new AdaptationGraph(spec, start)) {
                    final Map<String, double[]> expected = new HashMap<>();
                    start.values().forEach((name, values) -> expected.put(name, toDouble(values)));
                    for (int s = 1; s <= 4; s++) {
                        step(graph, spec, s);
                        final double keep = s == 1 ? 0.5 : DECAY;
                        final Map<String, float[]> now = graph.state();
                        expected.forEach((name, mean) -> {
                            for (int v = 0; v < mean.length; v++) {
                                mean[v] = keep * mean[v] + (1 - keep) * now.get(name)[v];
                            }
                        });
                    }
                    final Weights result = graph.weights();
                    double moved = 0;
                    for (final Parameter p : start.parameters()) {
                        assertArrayEquals(expected.get(p.name()), toDouble(result.get(p.name())), 2e-5, p.name());
                        moved += Math.abs(result.get(p.name())[0] - graph.state().get(p.name())[0]);
                    }
                    assertTrue(moved > 0.01, "the teacher is the network itself: " + moved);
                    final float[] images = new float[512];
                    images[100] = 1;
                    final float[] teacher = graph.probabilities(images, 1);
                    // as its own network, the mean predicts the same
                    try (AdaptationGraph own = new AdaptationGraph(spec(norm, 2, OptimizerSpec.adam(),
                        SelfTrainingTerm.of(Teacher.LABELS)), result)) {
                        assertArrayEquals(own.probabilities(images, 1), teacher, 1e-6f);
                    }
                }
                return null;
            });
        }
    }

    private static double[] toDouble(final float[] x) {
        final double[] y = new double[x.length];
        for (int v = 0; v < x.length; v++) {
            y[v] = x[v];
        }
        return y;
    }

    /** ½ Σ (θ - θ₀)² from the weights, and a plain gradient step on it alone: θ - η w (θ - θ₀). */
    @Test
    void anchorPullsBackToTheStart() throws Exception {
        final double weight = 0.5;
        final OptimizerSpec plain = new OptimizerSpec(OptimizerSpec.Kind.SGD, 0, 0, 0, 0);
        final AdaptationGraphSpec spec = spec(Norm.GROUP, 0, plain,
            new SelfTrainingTerm(0, Teacher.LABELS, 0, 0, 0, 0), new AnchorTerm(weight));
        final Weights start = Weights.initial(new UNetPlan(spec.network()).parameters(), 1);
        final Map<String, float[]> moved = new HashMap<>();
        double square = 0;
        final List<String> names = new ArrayList<>();
        for (final Parameter p : start.parameters()) {
            final float[] values = start.get(p.name()).clone();
            for (int v = 0; v < values.length; v++) {
                values[v] += 0.01f * (v % 5);
                square += Math.pow(0.01 * (v % 5), 2);
            }
            moved.put(p.name(), values);
            names.add(p.name());
        }
        final double half = square / 2;
        TensorFlowRuntime.call(() -> {
            try (AdaptationGraph graph = new AdaptationGraph(spec, start)) {
                assertEquals(0, step(graph, spec, 1).others().get("Anchor Loss"), 0, "at the start there is no distance");
                assertEquals(start.hash(), graph.weights().hash());
                graph.restore(moved);
                assertEquals(half, step(graph, spec, 2).others().get("Anchor Loss"), 1e-5 * half);
                final Weights after = graph.weights();
                for (final String name : names) {
                    for (int v = 0; v < moved.get(name).length; v++) {
                        final double m = moved.get(name)[v];
                        assertEquals(m - 0.05 * weight * (m - start.get(name)[v]), after.get(name)[v], 1e-6, name);
                    }
                }
            }
            return null;
        });
    }
}
