package org.scanbridge.learning.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.scanbridge.learning.architecture.NetworkRegion;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.graph.SegmentationLossSpec.DiceForm;
import org.scanbridge.tensorflow.DeviceChoice;
import org.scanbridge.tensorflow.TensorFlowRuntime;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gradients;
import org.tensorflow.types.TFloat32;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/**
 * Losses of regions, and of voxels that are not annotated. Values marked so were computed with MONAI 1.6.1 and PyTorch 2.15
 * in double precision.
 */
class TargetsTest {

    private static final int UNANNOTATED = NetworkSpec.UNANNOTATED;

    private static final int VOXELS = 8;

    private static final NetworkSpec CLASSES = NetworkSpec.unet3d(3, 1, 1, 2);

    /** A = 1 2 3, B = 2 3, C = 3 4. */
    private static final NetworkSpec REGIONS = NetworkSpec.unet3d(5, 1, 1, 2).withRegions(List.of(
        new NetworkRegion("A", List.of(1, 2, 3)), new NetworkRegion("B", List.of(2, 3)),
        new NetworkRegion("C", List.of(3, 4))));

    private static final int[] LABELS = {0, 1, 2, 3, 4, 2, 0, 3};

    private static final List<Double> EQUAL = List.of(1.0, 1.0, 1.0);

    private static final List<Double> UNEQUAL = List.of(1.0, 3.0, 0.5);

    /** 0.8 ((5v + 3r) mod 7 - 3) + 0.1v for voxel v and output r. */
    private static float[] logits() {
        final float[] x = new float[3 * VOXELS];
        for (int v = 0; v < VOXELS; v++) {
            for (int r = 0; r < 3; r++) {
                x[3 * v + r] = (float)(((v * 5 + r * 3) % 7 - 3) * 0.8 + 0.1 * v);
            }
        }
        return x;
    }

    /** Computes a loss from logits [1, 1, 1, voxels, outputs] and labels. */
    @FunctionalInterface
    private interface Loss {
        Operand<TFloat32> of(Losses losses, Operand<TFloat32> logits, Truth truth);
    }

    /** Computes a number from logits. */
    @FunctionalInterface
    private interface Builder {
        Operand<TFloat32> build(Ops tf, Operand<TFloat32> logits);
    }

    private static float[][] run(final NetworkSpec spec, final boolean partial, final float[] logits, final int[] labels,
        final Loss loss) throws Exception {
        return run(logits, labels.length,
            (tf, x) -> loss.of(new Losses(tf), x, new Targets(tf, spec, partial).of(tf.constant(labels))));
    }

    /** A value, then its gradient by the logits. */
    private static float[][] run(final float[] logits, final int voxels, final Builder builder) throws Exception {
        return TensorFlowRuntime.call(() -> {
            GradientRegistry.ensure();
            try (Graph graph = new Graph()) {
                final Ops tf = Ops.create(graph);
                final Operand<TFloat32> x =
                    LayersTest.constant(tf, logits, 1, 1, 1, voxels, logits.length / voxels);
                final Operand<TFloat32> y = builder.build(tf, x);
                final Gradients gradients =
                    Gradients.create(tf.scope(), y, List.of(x), Gradients.dx(List.of(tf.constant(1f))));
                try (Session session = Devices.session(graph, DeviceChoice.AUTO);
                        Result result = session.runner().fetch(y).fetch(gradients.<TFloat32> dy(0)).run()) {
                    return new float[][]{Tensors.values(result.get(0)), Tensors.values(result.get(1))};
                }
            }
        });
    }

    private static double value(final NetworkSpec spec, final boolean partial, final int[] labels, final Loss loss)
        throws Exception {
        return run(spec, partial, logits(), labels, loss)[0][0];
    }

    /** DiceLoss, DiceCELoss (of each region by itself) and TverskyLoss of MONAI with sigmoid=True, batch=True. */
    @Test
    void overlapLossesOfRegionsAreThoseOfMonai() throws Exception {
        assertEquals(0.4503988594, value(REGIONS, false, LABELS, (l, x, t) -> l.meanDice(l.of(x, t), EQUAL)), 1e-6);
        assertEquals(0.4285124175, value(REGIONS, false, LABELS, (l, x, t) -> l.meanDice(l.of(x, t), UNEQUAL)), 1e-6);
        assertEquals(0.4367814848, value(REGIONS, false, LABELS, (l, x, t) -> l.tversky(l.of(x, t), EQUAL, 0.3)), 1e-6);
        assertEquals(1.3801186798, value(REGIONS, false, LABELS,
            (l, x, t) -> l.segmentation(x, t, spec(DiceForm.MEAN, EQUAL, 0, false)).total()), 1e-6);
        // 1 - (ε + 2 Σ s y) / (ε + Σ (s + y)), by its definition
        assertEquals(0.4487426615, value(REGIONS, false, LABELS, (l, x, t) -> l.pooledDice(l.of(x, t), EQUAL)), 1e-6);
    }

    /** binary_cross_entropy_with_logits of PyTorch, FocalLoss of MONAI. */
    @Test
    void lossesPerVoxelOfRegionsAreThoseOfPyTorch() throws Exception {
        assertEquals(0.9297198204, value(REGIONS, false, LABELS, (l, x, t) -> l.crossEntropy(l.of(x, t), EQUAL)), 1e-6);
        assertEquals(0.8728343146, value(REGIONS, false, LABELS, (l, x, t) -> l.crossEntropy(l.of(x, t), UNEQUAL)), 1e-6);
        assertEquals(0.5731418729, value(REGIONS, false, LABELS, (l, x, t) -> l.focal(l.of(x, t), EQUAL, 2)), 1e-6);
    }

    /** As cross_entropy(ignore_index=…) of PyTorch, and DiceLoss and FocalLoss of MONAI without voxels 2, 5 and 7. */
    @Test
    void lossesWithoutSomeVoxelsAreThoseOfTheOthers() throws Exception {
        final int[] classes = {0, 1, UNANNOTATED, 0, 1, UNANNOTATED, 0, UNANNOTATED};
        assertEquals(3.4278161988, value(CLASSES, true, classes, (l, x, t) -> l.crossEntropy(l.of(x, t), EQUAL)), 1e-5);
        assertEquals(3.5038255792, value(CLASSES, true, classes, (l, x, t) -> l.crossEntropy(l.of(x, t), UNEQUAL)), 2e-5);
        assertEquals(0.9658456642, value(CLASSES, true, classes, (l, x, t) -> l.meanDice(l.of(x, t), EQUAL)), 1e-6);
        assertEquals(3.1801561117, value(CLASSES, true, classes, (l, x, t) -> l.focal(l.of(x, t), EQUAL, 2)), 2e-5);
        final int[] regions = {0, 1, UNANNOTATED, 3, 4, UNANNOTATED, 0, UNANNOTATED};
        assertEquals(0.5752516288, value(REGIONS, true, regions, (l, x, t) -> l.meanDice(l.of(x, t), EQUAL)), 1e-6);
        assertEquals(1.0424330624, value(REGIONS, true, regions, (l, x, t) -> l.crossEntropy(l.of(x, t), EQUAL)), 1e-6);
    }

    private static SegmentationLossSpec spec(final DiceForm form, final List<Double> weights, final double gamma,
        final boolean partial) {
        return new SegmentationLossSpec(form, 1, weights, 1, weights, gamma, 0.3, partial);
    }

    /** All forms of the segmentation loss, with equal and unequal weights. */
    static Stream<SegmentationLossSpec> forms() {
        final List<SegmentationLossSpec> all = new ArrayList<>();
        for (final DiceForm form : DiceForm.values()) {
            for (final List<Double> weights : List.of(EQUAL, UNEQUAL)) {
                all.add(spec(form, weights, 0, true));
                all.add(spec(form, weights, 2, true));
            }
        }
        return all.stream();
    }

    private static Loss loss(final SegmentationLossSpec spec) {
        return (l, x, t) -> l.segmentation(x, t, spec).total();
    }

    /**
     * Whatever the logits: those of voxels that are not annotated change neither the loss nor any gradient, have none of
     * their own, and the loss is that of the other voxels alone.
     */
    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void unannotatedVoxelsHaveNoPartInTheLoss(@ForAll("anyForm") final SegmentationLossSpec spec,
        @ForAll final boolean regions, @ForAll @Size(VOXELS) final List<@IntRange(max = 4) Integer> classes,
        @ForAll @Size(VOXELS) final boolean[] skipped,
        @ForAll @Size(2 * 3 * VOXELS) final List<@FloatRange(min = -6, max = 6) Float> drawn) throws Exception {
        final NetworkSpec network = regions ? REGIONS : CLASSES;
        skipped[0] = false;
        final int[] labels = IntStream.range(0, VOXELS)
            .map(v -> skipped[v] ? UNANNOTATED : classes.get(v) % network.classes()).toArray();
        final float[] logits = new float[3 * VOXELS];
        final float[] others = new float[3 * VOXELS];
        for (int n = 0; n < logits.length; n++) {
            logits[n] = drawn.get(n);
            others[n] = skipped[n / 3] ? 5 * drawn.get(logits.length + n) : logits[n];
        }
        final float[][] measured = run(network, true, logits, labels, loss(spec));
        final float[][] changed = run(network, true, others, labels, loss(spec));
        assertEquals(measured[0][0], changed[0][0], 1e-6);
        assertArrayEquals(measured[1], changed[1], 1e-6f);
        final int[] kept = IntStream.range(0, VOXELS).filter(v -> !skipped[v]).toArray();
        final float[] cut = new float[3 * kept.length];
        for (int n = 0; n < cut.length; n++) {
            cut[n] = logits[3 * kept[n / 3] + n % 3];
        }
        final float[][] alone =
            run(network, false, cut, IntStream.of(kept).map(v -> labels[v]).toArray(), loss(spec));
        assertEquals(alone[0][0], measured[0][0], 2e-5);
        for (int v = 0, n = 0; v < VOXELS; v++) {
            for (int r = 0; r < 3; r++) {
                assertEquals(skipped[v] ? 0 : alone[1][n++], measured[1][3 * v + r], 1e-5, "voxel " + v);
            }
        }
    }

    @Provide
    Arbitrary<SegmentationLossSpec> anyForm() {
        return Arbitraries.of(forms().toList());
    }

    /** The comparison of classes between sites, by labels of which some are missing: two patches of four voxels. */
    @Test
    void unannotatedVoxelsHaveNoPartInTheAlignmentOfClasses() throws Exception {
        final int[] labels = {0, 1, UNANNOTATED, 2, 1, UNANNOTATED, 0, 2};
        final float[] others = logits();
        for (int n = 0; n < others.length; n++) {
            others[n] = labels[n / 3] == UNANNOTATED ? 9 - 3 * others[n] : others[n];
        }
        for (final NetworkSpec network : List.of(CLASSES, REGIONS)) {
            final float[][] measured = run(logits(), VOXELS, alignment(network, labels));
            final float[][] changed = run(others, VOXELS, alignment(network, labels));
            assertTrue(measured[0][0] > 1e-3);
            assertEquals(measured[0][0], changed[0][0], 1e-6);
            assertArrayEquals(measured[1], changed[1], 1e-6f);
            for (int n = 0; n < others.length; n++) {
                assertEquals(labels[n / 3] == UNANNOTATED, measured[1][n] == 0, "logit " + n);
            }
        }
    }

    private static Builder alignment(final NetworkSpec network, final int[] labels) {
        return (tf, x) -> {
            final Targets targets = new Targets(tf, network, true);
            final Operand<TFloat32> logits =
                targets.classLogits(tf.reshape(x, tf.constant(new int[]{2, 1, 1, VOXELS / 2, 3})));
            final Operand<TFloat32> assignment = tf.reshape(targets.classes(tf.constant(labels)),
                tf.constant(new int[]{2, 1, 1, VOXELS / 2, network.classes()}));
            return new AdaptationLosses(tf).classAlignment(logits, assignment,
                LayersTest.constant(tf, new float[]{1, 0, 0, 1}, 2, 2), 2);
        };
    }

    @ParameterizedTest
    @MethodSource("forms")
    void aPatchWithoutAnnotationHasNoLossAndNoGradient(final SegmentationLossSpec spec) throws Exception {
        final int[] labels = new int[VOXELS];
        Arrays.fill(labels, UNANNOTATED);
        for (final NetworkSpec network : List.of(CLASSES, REGIONS)) {
            final float[][] measured = run(network, true, logits(), labels, loss(spec));
            assertEquals(0, measured[0][0], 0);
            for (final float g : measured[1]) {
                assertEquals(0, g, 0);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("forms")
    void gradients(final SegmentationLossSpec spec) throws Exception {
        final int[] labels = {0, 1, UNANNOTATED, 2, 1, UNANNOTATED, 0, 2};
        for (final NetworkSpec network : List.of(CLASSES, REGIONS)) {
            new GradientCheck(1e-2).normal(1, 1, 1, VOXELS, 3).check((tf, in) -> loss(spec).of(new Losses(tf), in.get(0),
                new Targets(tf, network, true).of(tf.constant(labels))));
        }
    }

    /** The softmax of the logits of the classes is the product of the regions' probabilities as a share of all classes'. */
    @Test
    void classesHaveTheProbabilityOfTheirRegions() throws Exception {
        final Function<Ops, Operand<TFloat32>> build = tf -> new Layers(tf).softmax(
            new Targets(tf, REGIONS, false).classLogits(LayersTest.constant(tf, logits(), 1, 1, 1, VOXELS, 3)));
        final float[] p = LayersTest.run(build);
        final boolean[][] signatures =
            {{false, false, false}, {true, false, false}, {true, true, false}, {true, true, true}, {false, false, true}};
        for (int v = 0; v < VOXELS; v++) {
            final double[] products = new double[5];
            for (int c = 0; c < 5; c++) {
                products[c] = 1;
                for (int r = 0; r < 3; r++) {
                    final double s = 1 / (1 + Math.exp(-logits()[3 * v + r]));
                    products[c] *= signatures[c][r] ? s : 1 - s;
                }
            }
            final double sum = Arrays.stream(products).sum();
            for (int c = 0; c < 5; c++) {
                assertEquals(products[c] / sum, p[5 * v + c], 1e-6);
            }
        }
    }

    @Test
    void logitsOfClassesAreThoseOfTheNetwork() throws Exception {
        final float[] same = LayersTest.run(tf -> new Targets(tf, CLASSES, false)
            .classLogits(LayersTest.constant(tf, logits(), 1, 1, 1, VOXELS, 3)));
        assertArrayEquals(logits(), same);
        assertTrue(same.length > 0);
    }
}
