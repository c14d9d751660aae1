package org.scanbridge.learning.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.NetworkOutput;
import org.scanbridge.learning.architecture.NetworkPlan;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.NetworkSpec.Kind;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.architecture.Weights;
import org.scanbridge.learning.graph.SegmentationLossSpec.DiceForm;
import org.scanbridge.tensorflow.DeviceChoice;
import org.scanbridge.tensorflow.Reproducibility;
import org.scanbridge.tensorflow.TensorFlowRuntime;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * What is trained where TensorFlow takes no gradients from Java, forced where it does: the gradients are those of the other way.
 * They are read from the optimizers' first accumulators after one step: 0.1 g with Adam, 0.1 g² with RMSProp.
 */
class SegmentedBackpropagationTest {

    /** Of a variable's gradient, against its norm. */
    private static final double TOLERANCE = 1e-5;

    /** A gradient this much shorter than the step's longest is one of nothing but rounding: of a bias before a norm, for example. */
    private static final double NOTHING = 1e-6;

    private static final List<Double> ONES = List.of(1.0, 1.0);

    private static final SegmentationLossSpec LOSS = new SegmentationLossSpec(DiceForm.MEAN, 1, ONES, 1, ONES);

    private static final NetworkSpec NETWORK = new NetworkSpec(Kind.UNET_3D, 1, 2, 2, 2, Norm.GROUP, PatchSize.cube(8));

    /** In the middle of a training, where all terms have a weight. */
    private static final TrainingGraph.Rates RATES = new TrainingGraph.Rates(6, 1e-3, 1e-3, 0.7);

    private static final int STEPS = 10;

    @AfterEach
    void restore() {
        System.clearProperty(Backpropagation.SEGMENTED_PROPERTY);
    }

    /** Two labeled patches and two others, with views and patches of the critic behind them. */
    private static TrainingGraph.Batch batch(final NetworkSpec network, final int patches, final int labeled,
        final int taught) {
        final Random random = new Random(1);
        final float[] images = new float[patches * network.inputLength()];
        for (int v = 0; v < images.length; v++) {
            images[v] = (float)random.nextGaussian();
        }
        final byte[] labels = new byte[labeled * network.patchSize().voxels()];
        for (int v = 0; v < labels.length; v++) {
            labels[v] = (byte)random.nextInt(2);
        }
        final byte[] probabilities = new byte[taught * network.patchSize().voxels() * 2];
        for (int v = 0; v < probabilities.length; v += 2) {
            probabilities[v] = (byte)random.nextInt(256);
            probabilities[v + 1] = (byte)(255 - (probabilities[v] & 0xFF));
        }
        return new TrainingGraph.Batch(images, labels, new int[]{0, 0, 1, 1}, probabilities);
    }

    private static Weights weights(final NetworkSpec network) {
        return Weights.initial(NetworkPlan.of(network).parameters(), 1);
    }

    /** A graph to make, and what it is fed with. */
    private record Game(Callable<SteppedGraph> graph, TrainingGraph.Batch batch) {

        /** The state after one step. */
        Map<String, float[]> step(final boolean segmented) throws Exception {
            System.setProperty(Backpropagation.SEGMENTED_PROPERTY, Boolean.toString(segmented));
            return TensorFlowRuntime.call(() -> {
                try (SteppedGraph made = graph.call()) {
                    made.step(batch, RATES);
                    return made.state();
                }
            });
        }
    }

    private static Game training(final NetworkSpec network, final Set<String> frozen, final Optional<DomainHeadSpec> head,
        final OptimizerSpec optimizer) {
        final TrainingGraphSpec spec = new TrainingGraphSpec(network, 4, 2, LOSS, frozen, head, 1, optimizer);
        return new Game(() -> new TrainingGraph(spec, weights(network)), batch(network, 4, 2, 0));
    }

    private static Game adaptation(final NetworkSpec network, final List<AdaptationTerm> terms,
        final Optional<SiteNorms> norms) {
        final AdaptationGraphSpec spec = new AdaptationGraphSpec(network, 2, 0, 2, LOSS, Set.of(), false, terms, 2, 1,
            OptimizerSpec.adam(), STEPS, DeviceChoice.AUTO, norms);
        final boolean taught = spec.selfTraining().filter(SelfTrainingTerm::usesLabels).isPresent();
        return new Game(() -> new AdaptationGraph(spec, weights(network)),
            batch(network, spec.patchesPerStep(), 2, taught ? 2 : 0));
    }

    private static Game adversarial(final DiscriminatorSpec.Shape shape) {
        final NetworkSpec generator = NETWORK.asGenerator(NetworkOutput.SIGMOID);
        final DiscriminatorSpec discriminator =
            new DiscriminatorSpec(shape, 2, shape == DiscriminatorSpec.Shape.RESNET_18 ? 8 : 4, 2, 0);
        final AdversarialGraphSpec spec = new AdversarialGraphSpec(generator, NETWORK, 4, LOSS, Optional.of(discriminator), 0,
            GeneratorObjective.NON_SATURATING, new AdversarialGraphSpec.Schedule(0, 0, 1, 1, 1), 5, OptimizerSpec.adam(),
            OptimizerSpec.adam(0.5), DeviceChoice.AUTO);
        return new Game(() -> new AdversarialGraph(spec, weights(generator), weights(NETWORK)), batch(NETWORK, 4, 4, 0));
    }

    private static Game translation() {
        final NetworkSpec generator = NETWORK.asGenerator(NetworkOutput.SIGMOID_RESIDUAL);
        final TranslationGraphSpec spec = new TranslationGraphSpec(generator, 2, new PatchDiscriminatorSpec(4, 1, true), 10, 5,
            50, 3, OptimizerSpec.adam(0.5), DeviceChoice.AUTO);
        return new Game(() -> new TranslationGraph(spec, weights(generator), weights(generator)), batch(generator, 4, 0, 0));
    }

    private static Game synergistic() {
        final SynergisticTerm term = SynergisticTerm.defaults().withDiscriminator(new PatchDiscriminatorSpec(4, 1, true));
        final SynergisticGraphSpec spec = new SynergisticGraphSpec(NETWORK, 2, LOSS, Set.of(), term, 3, OptimizerSpec.adam(0.5),
            STEPS, DeviceChoice.AUTO);
        return new Game(() -> new SynergisticGraph(spec, weights(NETWORK)), batch(NETWORK, 4, 2, 0));
    }

    private static MetaLearningGraphSpec meta(final boolean secondOrder) {
        return new MetaLearningGraphSpec(NETWORK, 2, 2, LOSS, Set.of(),
            new MetaLearningGraphSpec.InnerStep(0.5, 2, secondOrder), new ClassAlignmentTerm(1, 2), new TripletTerm(0.5, 1, 4), 3,
            OptimizerSpec.adam(), DeviceChoice.AUTO);
    }

    private static final List<AdaptationTerm> TERMS = List.of(GradientReversalTerm.defaults(), ConsistencyTerm.defaults(),
        EntropyTerm.defaults(), ClassAlignmentTerm.defaults(), ContrastiveTerm.defaults(), TripletTerm.defaults(),
        AnchorTerm.defaults(), SelfTrainingTerm.of(SelfTrainingTerm.Teacher.BOTH));

    /** Every training there is; with {@code -Dgradients.all=true} also what takes longer, and each term alone. */
    static Stream<Named<Game>> games() {
        final List<Named<Game>> games = new ArrayList<>();
        final OptimizerSpec adam = OptimizerSpec.adam();
        final NetworkSpec batchNorm = new NetworkSpec(Kind.UNET_3D, 1, 2, 2, 2, Norm.BATCH, PatchSize.cube(8));
        games.add(Named.of("3-D U-Net", training(NETWORK, Set.of(), Optional.empty(), adam.withClipNorm(0.5))));
        games.add(Named.of("frozen blocks and batch normalization",
            training(batchNorm, Set.of("enc0", "bottleneck"), Optional.empty(), adam.withWeightDecay(0.1))));
        games.add(Named.of("2-D U-Net with deep supervision",
            training(new NetworkSpec(Kind.UNET_2D, 1, 2, 2, 3, Norm.INSTANCE, new PatchSize(8, 8, 1)).withDeepSupervision(true),
                Set.of(), Optional.empty(), adam)));
        games.add(Named.of("patch network", training(
            new NetworkSpec(Kind.PATCH_CNN, 1, 2, 2, 1, Norm.BATCH, new PatchSize(3, 3, 1)), Set.of(), Optional.empty(), adam)));
        games.add(Named.of("gradient reversal at every level", training(NETWORK, Set.of(),
            Optional.of(new DomainHeadSpec(2, DomainHeadSpec.Attachment.MULTI_LEVEL, DomainHeadSpec.Shape.POOLED, 4)), adam)));
        for (final CriticTerm critic : List.of(CriticTerm.wasserstein(), CriticTerm.leastSquares())) {
            final List<AdaptationTerm> all = new ArrayList<>(TERMS);
            all.add(critic.withCriticSteps(1));
            games.add(Named.of("all terms, critic " + critic.title(), adaptation(NETWORK, all, Optional.empty())));
        }
        games.add(Named.of("norms per site", adaptation(batchNorm.withDomains(2), List.of(EntropyTerm.defaults()),
            Optional.of(new SiteNorms(List.of("A", "B"), List.of(0, 0, 1, 1))))));
        games.add(Named.of("generator", adversarial(DiscriminatorSpec.Shape.CONVOLUTIONS)));
        games.add(Named.of("image translation", translation()));
        games.add(Named.of("SIFA", synergistic()));
        games.add(Named.of("MASF of first order",
            new Game(() -> new MetaLearningGraph(meta(false), weights(NETWORK)), batch(NETWORK, 4, 4, 0))));
        if (Boolean.getBoolean("gradients.all")) {
            games.add(Named.of("DeepMedic", training(
                new NetworkSpec(Kind.DEEP_MEDIC, 1, 2, 3, 1, Norm.BATCH, PatchSize.cube(3)), Set.of(), Optional.empty(), adam)));
            games.add(Named.of("generator against a ResNet", adversarial(DiscriminatorSpec.Shape.RESNET_18)));
            for (final AdaptationTerm term : TERMS) {
                games.add(Named.of(term.title() + " alone", adaptation(NETWORK, List.of(term), Optional.empty())));
            }
        }
        return games.stream();
    }

    private static double norm(final float[] x) {
        double squares = 0;
        for (final float v : x) {
            squares += (double)v * v;
        }
        return Math.sqrt(squares);
    }

    private static float[] difference(final float[] a, final float[] b) {
        final float[] d = new float[a.length];
        for (int v = 0; v < d.length; v++) {
            d[v] = a[v] - b[v];
        }
        return d;
    }

    @ParameterizedTest
    @MethodSource("games")
    void gradientsAreThoseOfWholeNetworks(final Game game) throws Exception {
        // both ways take the same kernels, whichever these are
        assumeTrue(System.getProperty(TensorFlowRuntime.INSTRUCTIONS_PROPERTY) == null
            && System.getProperty(Reproducibility.PROPERTY) == null, "compared as users run the engine only: it takes long");
        final Map<String, float[]> whole = game.step(false);
        final Map<String, float[]> segmented = game.step(true);
        final List<String> names = whole.keySet().stream().filter(n -> n.matches("(adam|critics)/.*/[ms]")).toList();
        assertFalse(names.isEmpty(), "no gradients in " + whole.keySet());
        assertEquals(whole.keySet(), segmented.keySet());
        final double longest = names.stream().mapToDouble(n -> norm(whole.get(n))).max().orElseThrow();
        assertTrue(longest > 0);
        double worst = 0;
        String where = "";
        for (final String name : names) {
            final double length = Math.max(norm(whole.get(name)), NOTHING * longest);
            final double error = norm(difference(segmented.get(name), whole.get(name))) / length;
            if (error > worst) {
                worst = error;
                where = name + " of length " + norm(whole.get(name)) + ", the longest is " + longest;
            }
        }
        assertTrue(worst <= TOLERANCE, "relative difference " + worst + " of " + where);
    }

    private static List<Double> losses(final boolean segmented) throws Exception {
        System.setProperty(Backpropagation.SEGMENTED_PROPERTY, Boolean.toString(segmented));
        final TrainingGraph.Batch batch = batch(NETWORK, 4, 2, 0);
        final TrainingGraphSpec spec =
            new TrainingGraphSpec(NETWORK, 4, 2, LOSS, Set.of(), Optional.empty(), 1, OptimizerSpec.adam());
        return TensorFlowRuntime.call(() -> {
            try (TrainingGraph graph = new TrainingGraph(spec, weights(NETWORK))) {
                final List<Double> losses = new ArrayList<>();
                for (int step = 1; step <= 10; step++) {
                    losses.add(graph.step(batch, new TrainingGraph.Rates(step, 1e-2, 0, Double.NaN)).segmentationLoss());
                }
                return losses;
            }
        });
    }

    @Test
    void trainingTakesTheSameCourse() throws Exception {
        final List<Double> whole = losses(false);
        final List<Double> segmented = losses(true);
        for (int step = 0; step < whole.size(); step++) {
            assertEquals(whole.get(step), segmented.get(step), 1e-4 * whole.get(step), "step " + (step + 1));
        }
        assertTrue(whole.get(9) < whole.get(0), "nothing is learned: " + whole);
    }

    /** So that the comparison above compares two ways. */
    @Test
    void convolutionsAreCutOnlyWhereTheyAreDifferentiatedInSegments() throws Exception {
        for (final boolean segmented : new boolean[]{false, true}) {
            System.setProperty(Backpropagation.SEGMENTED_PROPERTY, Boolean.toString(segmented));
            TensorFlowRuntime.call(() -> {
                try (Graph training = new Graph(); Graph prediction = new Graph()) {
                    assertEquals(segmented, isCut(Backpropagation.prepare(Ops.create(training))));
                    assertFalse(isCut(Ops.create(prediction)), "a network for prediction");
                }
                return null;
            });
        }
    }

    private static boolean isCut(final Ops tf) {
        final Operand<TFloat32> x = LayersTest.constant(tf, new float[]{1}, 1, 1, 1, 1, 1);
        return Backpropagation.isCut(new Layers(tf).convolution(x, x, 1).op());
    }

    /** By differences, of what branches and comes together, and of one kernel in two places: every way to an input counts. */
    @Test
    void everyWayToAnInputCounts() throws Exception {
        System.setProperty(Backpropagation.SEGMENTED_PROPERTY, "true");
        new GradientCheck(1e-2).normal(1, 4, 4, 4, 2).normal(3, 3, 3, 2, 2).normal(2).check((tf, in) -> {
            final Layers layers = new Layers(tf);
            final Operand<TFloat32> once = layers.bias(layers.convolution(in.get(0), in.get(1), 1), in.get(2));
            final Operand<TFloat32> twice = layers.convolution(tf.math.square(once), in.get(1), 1);
            // the kernel is also read as it is, and the input without any convolution
            return tf.math.add(layers.concat(List.of(twice, once)), tf.math.mul(layers.concat(List.of(in.get(0), once)),
                tf.sum(in.get(1), tf.constant(new int[]{0, 1, 2, 3, 4}))));
        });
    }

    /** What lies behind a stopped gradient has none, and asking for it is an error. */
    @Test
    void stopsWhereGradientsAreStopped() throws Exception {
        System.setProperty(Backpropagation.SEGMENTED_PROPERTY, "true");
        TensorFlowRuntime.call(() -> {
            try (Graph graph = new Graph()) {
                final Ops tf = Backpropagation.prepare(Ops.create(graph));
                final Operand<TFloat32> x = LayersTest.constant(tf, new float[]{2}, 1, 1, 1, 1, 1);
                final Operand<TFloat32> kernel = LayersTest.constant(tf, new float[]{3}, 1, 1, 1, 1, 1);
                final Operand<TFloat32> y = tf.sum(
                    new Layers(tf).convolution(tf.stopGradient(tf.math.square(x)), kernel, 1), tf.constant(new int[]{0, 1, 2, 3, 4}));
                assertTrue(Backpropagation.operationsBehind(tf, y).contains(kernel.op()));
                assertFalse(Backpropagation.operationsBehind(tf, y).contains(x.op()));
                assertThrows(IllegalArgumentException.class, () -> Backpropagation.gradients(tf, y, List.of(kernel, x)));
            }
            return null;
        });
    }

    @Test
    void secondOrderIsRefusedInTheWordsOfTheDialog() throws Exception {
        System.setProperty(Backpropagation.SEGMENTED_PROPERTY, "true");
        final String message = TensorFlowRuntime.call(() -> assertThrows(LearningException.class,
            () -> new MetaLearningGraph(meta(true), weights(NETWORK))).getMessage());
        assertTrue(message.contains("\"Order of the gradient\" is \"Second\"") && message.contains("Set it to \"First\""), message);
    }

    /** The oldest promise: who can differentiate whole networks does, with the bits of before. */
    @Test
    void wholeNetworksAreDifferentiatedHere() throws Exception {
        final boolean offered = TensorFlowRuntime.call(GradientRegistry::offered);
        assertTrue(offered, "Linux' TensorFlow takes gradients from Java");
        final boolean segmented = TensorFlowRuntime.call(Backpropagation::segmented);
        assertFalse(segmented);
    }
}
