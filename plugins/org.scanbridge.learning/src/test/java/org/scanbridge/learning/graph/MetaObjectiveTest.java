package org.scanbridge.learning.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.NetworkSpec.Kind;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.architecture.Parameter;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.architecture.UNetPlan;
import org.scanbridge.learning.architecture.Weights;
import org.scanbridge.learning.graph.MetaLearningGraphSpec.InnerStep;
import org.scanbridge.learning.graph.SegmentationLossSpec.DiceForm;
import org.scanbridge.tensorflow.DeviceChoice;
import org.scanbridge.tensorflow.TensorFlowRuntime;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gradients;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/** The gradients of MASF's objective: by differences, against what is assembled by hand, and in its limits. */
class MetaObjectiveTest {

    private static final NetworkSpec SPEC = new NetworkSpec(Kind.UNET_3D, 1, 2, 2, 2, Norm.GROUP, PatchSize.cube(4));

    private static final int VOXELS = 64;

    private static final SegmentationLossSpec LOSS =
        new SegmentationLossSpec(DiceForm.MEAN, 1, List.of(0.0, 1.0), 1, List.of(1.0, 1.0));

    private static final ClassAlignmentTerm ALIGNMENT = new ClassAlignmentTerm(1, 2);

    private static final TripletTerm TRIPLET = new TripletTerm(0.5, 1, 4);

    private static final String EMBEDDING = "triplet/";

    private static MetaLearningGraphSpec spec(final int sites, final InnerStep step, final ClassAlignmentTerm alignment,
        final TripletTerm triplet) {
        return new MetaLearningGraphSpec(SPEC, sites, 1, LOSS, Set.of(), step, alignment, triplet, 3,
            OptimizerSpec.sgd(0), DeviceChoice.AUTO);
    }

    private static MetaLearningGraphSpec spec(final int sites, final double rate, final double clip,
        final boolean secondOrder) {
        return spec(sites, new InnerStep(rate, clip, secondOrder), ALIGNMENT, TRIPLET);
    }

    /** Noise with one bright voxel in each 2×2×2 window, so that it is clear where the maximum is. */
    private static float[] images(final int patches) {
        final Random random = new Random(11);
        final float[] images = new float[patches * VOXELS];
        for (int v = 0; v < images.length; v++) {
            images[v] = (float)(0.5 * random.nextGaussian());
        }
        for (int window = 0; window < patches * 8; window++) {
            final int within = random.nextInt(8);
            final int i = window % 2 * 2 + within % 2;
            final int j = window / 2 % 2 * 2 + within / 2 % 2;
            final int k = window / 4 % 2 * 2 + within / 4;
            images[window / 8 * VOXELS + (k * 4 + j) * 4 + i] += 4;
        }
        return images;
    }

    private static byte[] labels(final int patches) {
        final float[] images = images(patches);
        final byte[] labels = new byte[patches * VOXELS];
        for (int v = 0; v < labels.length; v++) {
            labels[v] = (byte)(images[v] > 0.3 ? 1 : 0);
        }
        return labels;
    }

    private static Operand<TFloat32> images(final Ops tf, final int patches) {
        return LayersTest.constant(tf, images(patches), patches, 4, 4, 4, 1);
    }

    private static Operand<TUint8> labels(final Ops tf, final int patches) {
        return tf.constant(TUint8.class, Shape.of(patches, 4, 4, 4), DataBuffers.of(labels(patches)));
    }

    /**
     * Weights far from where a ReLU or a maximum switches: every other channel is always on, the others always off, and
     * what comes to the maxima is nearly the image. Where one switches between two evaluations the inner gradient jumps,
     * and differences tell nothing.
     */
    private static Weights withoutSwitching() {
        final Weights weights = Weights.initial(new UNetPlan(SPEC).parameters(), 5);
        final Map<String, float[]> values = new LinkedHashMap<>(weights.values());
        for (final Parameter p : weights.parameters()) {
            if (p.name().endsWith("/beta")) {
                final float[] beta = new float[p.size()];
                for (int c = 0; c < beta.length; c++) {
                    beta[c] = c % 2 == 0 ? 4 : -4;
                }
                values.put(p.name(), beta);
            } else if (p.name().matches("enc0.*kernel")) {
                final float[] kernel = weights.get(p.name()).clone();
                for (int n = 0; n < kernel.length; n++) {
                    kernel[n] *= 0.3f;
                }
                kernel[13 * kernel.length / 27] = 1; // the middle, first channel to first channel
                values.put(p.name(), kernel);
            } else if (p.name().equals("head/kernel")) {
                // else the loss hardly depends on what comes before
                values.put(p.name(), new float[]{2, -2, 1, 1});
            }
        }
        return new Weights(weights.parameters(), values);
    }

    private static void check(final double clip) throws Exception {
        final MetaLearningGraphSpec spec = spec(2, 0.5, clip, true);
        final Weights weights = withoutSwitching();
        // all weights together: the next norm takes away most of what a single one does
        final float[] all = new float[weights.count()];
        int at = 0;
        for (final Parameter p : weights.parameters()) {
            System.arraycopy(weights.get(p.name()), 0, all, at, p.size());
            at += p.size();
        }
        final AtomicReference<VariableStore> built = new AtomicReference<>();
        new GradientCheck(2e-3).given(all, all.length).prepared(session -> built.get().initialize(session))
            .check((tf, in) -> {
            final VariableStore store = new VariableStore(tf);
            store.add(weights);
            final Map<String, Operand<TFloat32>> values = new LinkedHashMap<>();
            int from = 0;
            for (final Parameter p : weights.parameters()) {
                values.put(p.name(), tf.reshape(
                    tf.slice(in.get(0), tf.constant(new int[]{from}), tf.constant(new int[]{p.size()})),
                    tf.constant(p.dimensions())));
                from += p.size();
            }
            built.set(store.overlaid(values));
            // the terms apart: their sum would round the small ones away
            final Map<String, Operand<TFloat32>> terms =
                new MetaObjective(tf, spec).build(built.get(), images(tf, 2), labels(tf, 2)).metrics();
            return tf.stack(List.of(terms.get(MetaObjective.TASK), terms.get(ALIGNMENT.metric()),
                terms.get(TRIPLET.metric())));
        });
    }

    @Test
    void secondOrderGradientByDifferences() throws Exception {
        check(100);
    }

    @Test
    void secondOrderGradientThroughTheBoundByDifferences() throws Exception {
        check(0.05);
    }

    /** Values of a graph over initialized variables. */
    private interface Fetched {
        List<? extends Operand<TFloat32>> of(Ops tf, VariableStore store);
    }

    private static List<float[]> run(final Weights weights, final Fetched fetched) throws Exception {
        return TensorFlowRuntime.call(() -> {
            GradientRegistry.ensure();
            try (Graph graph = new Graph()) {
                final Ops tf = Ops.create(graph);
                final VariableStore store = new VariableStore(tf);
                store.add(weights);
                final List<? extends Operand<TFloat32>> operands = fetched.of(tf, store);
                try (Session session = Devices.session(graph, DeviceChoice.AUTO)) {
                    store.initialize(session);
                    final Session.Runner runner = session.runner();
                    operands.forEach(runner::fetch);
                    final List<float[]> values = new ArrayList<>();
                    try (Result result = runner.run()) {
                        for (int n = 0; n < operands.size(); n++) {
                            values.add(Tensors.values(result.get(n)));
                        }
                    }
                    return values;
                }
            }
        });
    }

    private static List<Operand<TFloat32>> gradients(final Ops tf, final VariableStore store, final Operand<TFloat32> y) {
        final List<VariableStore.Entry> network =
            store.entries().stream().filter(e -> !e.parameter().name().startsWith(EMBEDDING)).toList();
        final Gradients gradients = Gradients.create(tf.scope(), y,
            network.stream().map(VariableStore.Entry::value).toList(), Gradients.dx(List.of(tf.constant(1f))));
        final List<Operand<TFloat32>> all = new ArrayList<>();
        for (int n = 0; n < network.size(); n++) {
            all.add(gradients.dy(n));
        }
        return all;
    }

    private static List<float[]> gradients(final Weights weights, final MetaLearningGraphSpec spec) throws Exception {
        return run(weights, (tf, store) -> gradients(tf, store,
            new MetaObjective(tf, spec).build(store, images(tf, spec.batch()), labels(tf, spec.batch())).loss()));
    }

    /** ‖a - b‖ / ‖b‖ over all arrays. */
    private static double difference(final List<float[]> a, final List<float[]> b) {
        double squares = 0;
        double norm = 0;
        for (int n = 0; n < a.size(); n++) {
            for (int v = 0; v < a.get(n).length; v++) {
                squares += Math.pow(a.get(n)[v] - (double)b.get(n)[v], 2);
                norm += Math.pow(b.get(n)[v], 2);
            }
        }
        return Math.sqrt(squares / norm);
    }

    private static double norm(final List<float[]> arrays) {
        return Math.sqrt(arrays.stream().mapToDouble(a -> {
            double sum = 0;
            for (final float v : a) {
                sum += (double)v * v;
            }
            return sum;
        }).sum());
    }

    /**
     * By first order, the gradient is that of the task loss at θ plus that of the alignments at θ', where θ' is computed
     * here in Java. Both orders see the same loss; second order gives another gradient.
     */
    @Test
    void firstOrderGradientIsThatAssembledByHand() throws Exception {
        final int sites = 3;
        final double rate = 0.5;
        final double clip = 0.3;
        final Weights weights = Weights.initial(new UNetPlan(SPEC).parameters(), 5);
        final List<float[]> task = run(weights, (tf, store) -> gradients(tf, store, task(tf, store, sites)));
        assertTrue(norm(task) > clip, "the bound does nothing");
        final double factor = rate * clip / norm(task);
        final Map<String, float[]> stepped = new LinkedHashMap<>();
        for (int n = 0; n < weights.parameters().size(); n++) {
            final float[] v = weights.get(weights.parameters().get(n).name()).clone();
            for (int i = 0; i < v.length; i++) {
                v[i] = (float)(v[i] - factor * task.get(n)[i]);
            }
            stepped.put(weights.parameters().get(n).name(), v);
        }
        final List<float[]> expected =
            run(new Weights(weights.parameters(), stepped),
                (tf, store) -> gradients(tf, store, alignments(tf, store, sites)));
        for (int n = 0; n < expected.size(); n++) {
            for (int i = 0; i < expected.get(n).length; i++) {
                expected.get(n)[i] += task.get(n)[i];
            }
        }
        final List<float[]> first = gradients(weights, spec(sites, rate, clip, false));
        assertTrue(difference(first, expected) < 1e-5, "differs by " + difference(first, expected));
        final double orders = difference(gradients(weights, spec(sites, rate, clip, true)), first);
        assertTrue(orders > 1e-2, "the orders differ by " + orders + " only");
    }

    private static Operand<TFloat32> task(final Ops tf, final VariableStore store, final int sites) {
        final Losses losses = new Losses(tf);
        return losses.segmentation(new UNet(tf, SPEC, store).training(images(tf, sites, sites - 1), Set.of()).logits(),
            Truth.ofClasses(losses.oneHot(tf.constant(TUint8.class, Shape.of((sites - 1) * VOXELS),
                DataBuffers.of(Arrays.copyOf(labels(sites), (sites - 1) * VOXELS))), 2)), LOSS).total();
    }

    private static Operand<TFloat32> images(final Ops tf, final int drawn, final int patches) {
        return LayersTest.constant(tf, Arrays.copyOf(images(drawn), patches * VOXELS), patches, 4, 4, 4, 1);
    }

    /** β1 Lglobal + β2 Llocal of a network as it is. */
    private static Operand<TFloat32> alignments(final Ops tf, final VariableStore store, final int sites) {
        final AdaptationLosses losses = new AdaptationLosses(tf);
        final UNet.Output output = new UNet(tf, SPEC, store).training(images(tf, sites), Set.of());
        final Operand<TFloat32> assignment = tf.reshape(new Losses(tf).oneHot(labels(tf, sites), 2),
            tf.constant(new int[]{sites, 4, 4, 4, 2}));
        final float[] eye = new float[sites * sites];
        for (int s = 0; s < sites; s++) {
            eye[s * sites + s] = 1;
        }
        final Operand<TFloat32> global = losses.classAlignmentWithLast(output.logits(), assignment,
            LayersTest.constant(tf, eye, sites, sites), ALIGNMENT.temperature());
        final AdaptationLosses.ClassMeans means = losses.classMeans(output.last(), assignment);
        final Operand<TFloat32> points =
            new ClassEmbedding(tf, store, 3).embed("triplet", means.means(), sites, TRIPLET.dimensions());
        final float[] all = new float[2 * sites];
        Arrays.fill(all, 1);
        final Operand<TFloat32> local = losses.triplet(points, ClassEmbedding.classesOfPoints(sites, 2),
            tf.constant(all), TRIPLET.margin());
        return tf.math.add(tf.math.mul(tf.constant((float)ALIGNMENT.weight()), global),
            tf.math.mul(tf.constant((float)TRIPLET.weight()), local));
    }

    /** With nothing to align and no inner step, it is plain training on the meta-train patches; by either order. */
    @Test
    void withoutAlignmentItIsPooledTraining() throws Exception {
        final Weights weights = Weights.initial(new UNetPlan(SPEC).parameters(), 5);
        final TrainingGraph.Rates rates = new TrainingGraph.Rates(1, 0.1, 0, Double.NaN);
        final Weights expected = TensorFlowRuntime.call(() -> {
            try (TrainingGraph graph = new TrainingGraph(new TrainingGraphSpec(SPEC, 2, 2, LOSS, Set.of(),
                Optional.empty(), 3, OptimizerSpec.sgd(0)), weights)) {
                graph.step(new TrainingGraph.Batch(Arrays.copyOf(images(3), 2 * VOXELS),
                    Arrays.copyOf(labels(3), 2 * VOXELS), new int[2]), rates);
                return graph.weights();
            }
        });
        for (final boolean secondOrder : new boolean[]{false, true}) {
            final MetaLearningGraphSpec spec = spec(3, new InnerStep(0, 2, secondOrder), new ClassAlignmentTerm(0, 2),
                new TripletTerm(0, 10, 4));
            final Weights actual = TensorFlowRuntime.call(() -> {
                try (MetaLearningGraph graph = new MetaLearningGraph(spec, weights)) {
                    graph.step(new TrainingGraph.Batch(images(3), labels(3), new int[3]), rates);
                    return graph.weights();
                }
            });
            for (final Parameter p : weights.parameters()) {
                final float[] moved = expected.get(p.name());
                for (int v = 0; v < moved.length; v++) {
                    assertEquals(moved[v], actual.get(p.name())[v], 1e-6, p.name());
                }
            }
        }
    }
}
