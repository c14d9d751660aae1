package org.scanbridge.learning.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.NetworkSpec.Kind;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.architecture.UNetPlan;
import org.scanbridge.learning.architecture.Weights;
import org.scanbridge.learning.graph.SegmentationLossSpec.DiceForm;
import org.scanbridge.tensorflow.DeviceChoice;
import org.scanbridge.tensorflow.TensorFlowRuntime;

/**
 * SIFA against numbers that PyTorch 2.15 computed in double precision from the equations of {@link SynergisticTerm}, and who is moved
 * by which part. Gradients are read from Adam's first accumulators after one step, 0.5 g with β₁ 0.5.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SynergisticGraphTest {

    private static final int EDGE = 8;

    private static final int VOXELS = EDGE * EDGE * EDGE;

    private static final NetworkSpec NETWORK = new NetworkSpec(Kind.UNET_3D, 1, 3, 2, 2, Norm.GROUP, PatchSize.cube(EDGE));

    /** Weights that nobody would choose, so that none stands for another. */
    private static final SynergisticTerm TERM = SynergisticTerm.defaults().withWeights(3, 0.5, 0.4, 0.7).withGenerator(2, 1)
        .withDiscriminator(new PatchDiscriminatorSpec(2, 1, true)).withPool(2);

    /** Σ g cos(e) over the elements e of a variable's gradient, and its Euclidean norm, by PyTorch. */
    private static final String GRADIENTS = """
        dec0.a/beta -0.0246424 0.0678254
        dec0.a/gamma -0.00322965 0.0371148
        dec0.a/kernel 0.218206 0.384375
        dec0.b/beta -0.00451109 0.105894
        dec0.b/gamma 0.0466274 0.0412825
        dec0.b/kernel -0.210897 0.338343
        enc0.a/beta -1.61554 1.46453
        enc0.a/gamma -0.043217 1.82409
        enc0.a/kernel 3.03302 17.1661
        enc0.b/beta -1.3136 3.20821
        enc0.b/gamma -3.15654 7.46269
        enc0.b/kernel 0.185661 24.3433
        enc1.a/beta -0.270017 2.91049
        enc1.a/gamma -1.68729 3.33244
        enc1.a/kernel -0.623788 37.8804
        enc1.b/beta 0.0428011 0.344787
        enc1.b/gamma 0.208393 0.571692
        enc1.b/kernel 1.83426 6.27174
        head/bias -0.14913 0.147284
        head/kernel -0.129644 0.390862
        sifa.decoder.dec0.a/beta 0.0464576 0.183334
        sifa.decoder.dec0.a/gamma 0.23093 0.819398
        sifa.decoder.dec0.a/kernel -0.530579 4.71306
        sifa.decoder.dec0.b/beta -0.138676 0.128271
        sifa.decoder.dec0.b/gamma 0.255839 0.266741
        sifa.decoder.dec0.b/kernel 1.53963 2.11714
        sifa.decoder.head/bias 3.12884 3.12884
        sifa.decoder.head/kernel -1.49755 1.37359
        sifa.discriminator.masks.conv0/bias 0.211482 0.687941
        sifa.discriminator.masks.conv0/kernel 0.84892 8.34441
        sifa.discriminator.masks.conv1/beta 0.413113 0.418805
        sifa.discriminator.masks.conv1/gamma 0.977064 0.705607
        sifa.discriminator.masks.conv1/kernel 0.278747 7.37916
        sifa.discriminator.masks.out/bias -1.20507 1.20507
        sifa.discriminator.masks.out/kernel -0.0653595 4.28547
        sifa.discriminator.source.conv0/bias -2.01425 4.47187
        sifa.discriminator.source.conv0/kernel -1.44968 60.0174
        sifa.discriminator.source.conv1/beta -1.43859 11.9448
        sifa.discriminator.source.conv1/gamma 0.628753 20.4538
        sifa.discriminator.source.conv1/kernel -5.94108 43.4198
        sifa.discriminator.source.out/bias -0.802905 0.763832
        sifa.discriminator.source.out/kernel 0.325274 11.416
        sifa.discriminator.target.conv0/bias -1.70052 2.82632
        sifa.discriminator.target.conv0/kernel 4.53451 13.2953
        sifa.discriminator.target.conv1/beta 0.0783697 0.37648
        sifa.discriminator.target.conv1/gamma 1.18315 1.04675
        sifa.discriminator.target.conv1/kernel 2.90503 16.1734
        sifa.discriminator.target.out/bias -1.0021 1.0021
        sifa.discriminator.target.out/kernel -0.849444 3.90231
        sifa.generator.enc0.a/beta -0.122974 0.284521
        sifa.generator.enc0.a/gamma 0.149936 0.355621
        sifa.generator.enc0.a/kernel -2.18911 2.91742
        sifa.generator.enc0.b/beta -0.068122 0.229
        sifa.generator.enc0.b/gamma 0.455677 0.413455
        sifa.generator.enc0.b/kernel 4.51233 3.87478
        sifa.generator.head/bias 4.96427 4.96427
        sifa.generator.head/kernel -2.69734 2.38189
        """;

    private static SynergisticGraphSpec spec(final NetworkSpec network, final SynergisticTerm term, final Set<String> frozen) {
        final List<Double> ones = List.of(1.0, 1.0, 1.0);
        return new SynergisticGraphSpec(network, 1, new SegmentationLossSpec(DiceForm.MEAN, 1, ones, 1, ones), frozen, term, 3,
            OptimizerSpec.adam(0.5), 10, DeviceChoice.AUTO);
    }

    /** Of {@link #TERM}, for several tests: making a graph and preparing its first step take longer than all of its steps. */
    private SynergisticGraph m_graph;

    private Map<String, float[]> m_initial;

    @BeforeAll
    void make() throws Exception {
        TensorFlowRuntime.call(() -> {
            m_graph = build(NETWORK, TERM, Set.of());
            m_initial = m_graph.state();
            return null;
        });
    }

    @AfterAll
    void close() {
        m_graph.close();
    }

    private static SynergisticGraph build(final NetworkSpec network, final SynergisticTerm term, final Set<String> frozen) {
        return new SynergisticGraph(spec(network, term, frozen), Weights.initial(new UNetPlan(network).parameters(), 1));
    }

    /** sin(f i) + cos(g i²) at the voxel i: of the source with 0.9 and 0.37, of the target with 0.31 and 0.11. */
    private static TrainingGraph.Batch batch() {
        final float[] images = new float[2 * VOXELS];
        final byte[] labels = new byte[VOXELS];
        for (int i = 0; i < VOXELS; i++) {
            images[i] = (float)(Math.sin(0.9 * i) + Math.cos(0.37 * i * i));
            images[VOXELS + i] = (float)(Math.sin(0.31 * i) + Math.cos(0.11 * i * i));
            labels[i] = (byte)(i / 50 % 3);
        }
        return new TrainingGraph.Batch(images, labels, new int[]{0, 1});
    }

    private static TrainingGraph.Rates rates(final int step, final double rate) {
        return new TrainingGraph.Rates(step, rate, Double.NaN, Double.NaN);
    }

    private static boolean isVariable(final String name) {
        return !name.startsWith("adam/") && !name.startsWith("sifa.pool.");
    }

    /** 0.3 sin(1.3 p + 0.7 e) for the element e of the variable p in the order of names, 1 + 0.2 sin(…) for scales. */
    private static Map<String, float[]> values(final Map<String, float[]> like) {
        final Map<String, float[]> values = new LinkedHashMap<>();
        int p = 0;
        for (final String name : new TreeSet<>(like.keySet())) {
            if (isVariable(name)) {
                final float[] v = new float[like.get(name).length];
                for (int e = 0; e < v.length; e++) {
                    final double sine = Math.sin(1.3 * p + 0.7 * e);
                    v[e] = (float)(name.endsWith("gamma") ? 1 + 0.2 * sine : 0.3 * sine);
                }
                values.put(name, v);
                p++;
            }
        }
        return values;
    }

    private static Map<String, float[]> gradients(final SynergisticGraph graph) {
        final Map<String, float[]> gradients = new TreeMap<>();
        graph.state().forEach((name, m) -> {
            if (name.startsWith("adam/") && name.endsWith("/m")) {
                final float[] g = m.clone();
                for (int e = 0; e < g.length; e++) {
                    g[e] *= 2;
                }
                gradients.put(name.substring(5, name.length() - 2), g);
            }
        });
        return gradients;
    }

    /** In the middle of ten steps, where the masks have 0.4 (2 / (1 + e^-5) - 1). */
    @Test
    void lossesAndGradientsAreThoseOfPyTorch() throws Exception {
        TensorFlowRuntime.call(() -> {
            final TrainingGraph.Measured measured = firstStep(m_graph, m_initial);
            assertEquals(1.782267, measured.segmentationLoss(), 2e-5);
            assertEquals(0.6697431, measured.diceLoss(), 1e-5);
            final Map<String, Double> expected = Map.of("Adversarial Loss", 9.040241,
                "Cycle Loss", 0.6401197,
                "Mask Loss", 1.696532,
                "Feature Loss", 6.819014,
                "Source Discriminator Loss", 8.502912,
                "Target Discriminator Loss", 1.423242,
                "Mask Discriminator Loss", 1.135771);
            assertEquals(expected.keySet(), measured.others().keySet());
            expected.forEach((name, value) -> assertEquals(value, measured.others().get(name), 1e-4 * value, name));
            final Map<String, float[]> gradients = gradients(m_graph);
            final List<String> lines = GRADIENTS.lines().toList();
            assertEquals(lines.size(), gradients.size());
            for (final String line : lines) {
                final String[] words = line.split(" ");
                final float[] g = gradients.get(words[0]);
                double projection = 0;
                double squares = 0;
                for (int e = 0; e < g.length; e++) {
                    projection += g[e] * Math.cos(e);
                    squares += (double)g[e] * g[e];
                }
                final double norm = Double.parseDouble(words[2]);
                assertEquals(norm, Math.sqrt(squares), 1e-3 * norm, words[0]);
                assertEquals(Double.parseDouble(words[1]), projection, 1e-3 * norm * Math.sqrt(g.length), words[0]);
            }
            return null;
        });
    }

    /** From {@link #values}, with optimizers and pools as they were at first, whatever was done before. */
    private static TrainingGraph.Measured firstStep(final SynergisticGraph graph, final Map<String, float[]> initial) {
        final Map<String, float[]> state = new LinkedHashMap<>(initial);
        state.putAll(values(initial));
        graph.restore(state);
        return graph.step(batch(), rates(6, 1e-3));
    }

    private static Map<String, float[]> gradients(final SynergisticTerm term) throws Exception {
        return TensorFlowRuntime.call(() -> {
            try (SynergisticGraph graph = build(NETWORK, term, Set.of())) {
                firstStep(graph, graph.state());
                return gradients(graph);
            }
        });
    }

    private static String player(final String variable) {
        if (variable.startsWith("sifa.discriminator.")) {
            return variable.substring(0, variable.indexOf('.', 19));
        }
        return variable.startsWith("sifa.") ? variable.substring(0, variable.indexOf('.', 5))
            : variable.startsWith("enc") ? "encoder" : "segmenter";
    }

    private static Set<String> changed(final Map<String, float[]> one, final Map<String, float[]> other) {
        return one.keySet().stream().filter(n -> !Arrays.equals(one.get(n), other.get(n))).map(SynergisticGraphTest::player)
            .collect(Collectors.toSet());
    }

    /** Each part of the objective changes the gradients of those that minimize it, and of nobody else. */
    @Test
    @AnyProcessor
    void eachPartMovesTheRightPlayersAndNoOthers() throws Exception {
        final Map<String, float[]> all = TensorFlowRuntime.call(() -> {
            firstStep(m_graph, m_initial);
            return gradients(m_graph);
        });
        assertEquals(Set.of("encoder", "segmenter", "sifa.generator", "sifa.decoder", "sifa.discriminator.source",
            "sifa.discriminator.target", "sifa.discriminator.masks"),
            all.keySet().stream().map(SynergisticGraphTest::player).collect(Collectors.toSet()));
        assertEquals(Set.of("encoder", "sifa.generator", "sifa.decoder"),
            changed(all, gradients(TERM.withWeights(0, 0.5, 0.4, 0.7))));
        assertEquals(Set.of("encoder"), changed(all, gradients(TERM.withWeights(3, 0, 0.4, 0.7))));
        assertEquals(Set.of("encoder", "segmenter"), changed(all, gradients(TERM.withWeights(3, 0.5, 0, 0.7))));
        assertEquals(Set.of("encoder"), changed(all, gradients(TERM.withWeights(3, 0.5, 0.4, 0))));
    }

    @Test
    @AnyProcessor
    void eachUpdateMovesItsOwnPlayers() throws Exception {
        for (final UnaryOperator<SynergisticTerm> still : List.<UnaryOperator<SynergisticTerm>> of(
            term -> term.withLearningRates(Double.MIN_VALUE, 1e-2), term -> term.withLearningRates(1e-2, Double.MIN_VALUE))) {
            final SynergisticTerm term = still.apply(TERM);
            TensorFlowRuntime.call(() -> {
                try (SynergisticGraph graph = build(NETWORK, term, Set.of("enc0.a"))) {
                    graph.restore(values(graph.state()));
                    final Map<String, float[]> before = graph.state();
                    graph.step(batch(), rates(1, 0));
                    final Map<String, float[]> after = graph.state();
                    final Set<String> moved = before.keySet().stream().filter(SynergisticGraphTest::isVariable)
                        .filter(n -> !Arrays.equals(before.get(n), after.get(n))).map(SynergisticGraphTest::player)
                        .collect(Collectors.toSet());
                    assertEquals(term.generatorLearningRate() > 1e-3 ? Set.of("sifa.generator", "sifa.decoder")
                        : Set.of("sifa.discriminator.source", "sifa.discriminator.target", "sifa.discriminator.masks"), moved);
                    graph.step(batch(), rates(2, 1e-2));
                    final Map<String, float[]> trained = graph.state();
                    final Set<String> blocks = before.keySet().stream().filter(n -> isVariable(n) && !n.startsWith("sifa."))
                        .filter(n -> !Arrays.equals(before.get(n), trained.get(n))).map(n -> n.substring(0, n.indexOf('/')))
                        .collect(Collectors.toSet());
                    assertEquals(Set.of("enc0.b", "enc1.a", "enc1.b", "dec0.a", "dec0.b", "head"), blocks);
                }
                return null;
            });
        }
    }

    /** The generators begin as copies: nothing to cycle, and the network's losses are those of the patches as they are. */
    @Test
    @AnyProcessor
    void beginsWithCopies() throws Exception {
        TensorFlowRuntime.call(() -> {
            m_graph.restore(m_initial);
            final TrainingGraph.Measured measured = m_graph.step(batch(), rates(1, 0));
            assertEquals(0, measured.others().get(TranslationGraph.CYCLE), 1e-12);
            final Map<String, float[]> state = m_graph.state();
            assertArrayEquals(Arrays.copyOfRange(batch().images(), VOXELS, 2 * VOXELS), state.get("sifa.pool.source"));
            assertArrayEquals(Arrays.copyOf(batch().images(), VOXELS), state.get("sifa.pool.target"));
            return null;
        });
    }

    /** Variables and pools, with batch normalization, whose statistics are of both sides. */
    @Test
    @AnyProcessor
    void goesOnFromItsStateWithTheSameBits() throws Exception {
        final NetworkSpec network = new NetworkSpec(Kind.UNET_3D, 1, 3, 2, 2, Norm.BATCH, PatchSize.cube(EDGE));
        TensorFlowRuntime.call(() -> {
            try (SynergisticGraph one = build(network, TERM, Set.of()); SynergisticGraph other = build(network, TERM, Set.of())) {
                for (int step = 1; step <= 4; step++) {
                    one.step(batch(), rates(step, 1e-3));
                }
                other.restore(one.state());
                for (int step = 5; step <= 8; step++) {
                    assertEquals(one.step(batch(), rates(step, 1e-3)), other.step(batch(), rates(step, 1e-3)));
                }
                final Map<String, float[]> expected = one.state();
                other.state().forEach((name, v) -> assertArrayEquals(expected.get(name), v, name));
                final float[] image = Arrays.copyOf(batch().images(), VOXELS);
                assertArrayEquals(one.probabilities(image, 1), other.probabilities(image, 1));
                other.restore(one.weights().values());
                assertArrayEquals(expected.get("sifa.pool.source"), other.state().get("sifa.pool.source"),
                    "weights alone leave the pools as they are");
                assertFalse(one.weights().parameters().stream().anyMatch(q -> q.name().startsWith("sifa.")));
                final float[] start = Weights.initial(new UNetPlan(network).parameters(), 1).get("enc0.a/mean");
                assertNotEquals(Arrays.toString(start), Arrays.toString(one.weights().get("enc0.a/mean")));
            }
            return null;
        });
    }

    /** What a checkpoint has of it: every weight with Adam's two averages, and two patches in each of the two pools. */
    @Test
    @AnyProcessor
    void itsStateIsThreeTimesTheWeightsOfAllPlayersAndThePools() throws Exception {
        TensorFlowRuntime.call(() -> {
            try (SynergisticGraph graph = build(NETWORK, TERM, Set.of())) {
                for (int step = 1; step <= 3; step++) {
                    graph.step(batch(), rates(step, 1e-3));
                }
                final Map<String, float[]> state = graph.state();
                final long weights = GRADIENTS.lines().mapToLong(l -> state.get(l.strip().split(" ")[0]).length).sum();
                assertEquals(3 * weights + 4 * VOXELS, state.values().stream().mapToLong(v -> v.length).sum());
            }
            return null;
        });
    }

    @Test
    @AnyProcessor
    void refusesWhatDoesNotFit() throws Exception {
        final SynergisticTerm term = SynergisticTerm.defaults();
        final String small = assertThrows(IllegalArgumentException.class,
            () -> spec(NETWORK, term.withDiscriminator(new PatchDiscriminatorSpec(4, 3, true)), Set.of())).getMessage();
        assertTrue(small.contains("8×8×8") && small.contains("need 16 voxels"), small);
        assertTrue(assertThrows(IllegalArgumentException.class, () -> term.check(NetworkSpec.unet3d(3, 2, 2, 16)
            .withDomains(1).withPatchSize(new PatchSize(16, 16, 4)))).getMessage().contains("16×16×4"));
        final NetworkSpec patch =
            new NetworkSpec(Kind.PATCH_CNN, 1, 2, 2, 1, Norm.BATCH, new PatchSize(9, 9, 1));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> term.check(patch)).getMessage().contains("U-Net"));
        final String deep =
            assertThrows(IllegalArgumentException.class, () -> term.withGenerator(8, 6).check(NETWORK)).getMessage();
        assertTrue(deep.contains("\"Levels of the generator\" is 6") && deep.contains("multiples of 32"), deep);
        term.check(new NetworkSpec(Kind.UNET_2D, 2, 3, 2, 2, Norm.GROUP, new PatchSize(8, 8, 1)));
        assertThrows(IllegalArgumentException.class, () -> term.withWeights(-1, 0, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> term.withPool(-1));
        TensorFlowRuntime.call(() -> {
            assertThrows(IllegalArgumentException.class,
                () -> m_graph.step(new TrainingGraph.Batch(new float[5], new byte[VOXELS], new int[2]), rates(1, 1)));
            assertThrows(IllegalArgumentException.class,
                () -> m_graph.step(new TrainingGraph.Batch(batch().images(), new byte[5], new int[2]), rates(1, 1)));
            return null;
        });
    }
}
