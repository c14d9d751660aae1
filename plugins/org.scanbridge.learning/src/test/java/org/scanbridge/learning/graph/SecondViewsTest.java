package org.scanbridge.learning.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.NetworkSpec.Kind;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.architecture.UNetPlan;
import org.scanbridge.learning.architecture.Weights;
import org.scanbridge.learning.graph.SegmentationLossSpec.DiceForm;
import org.scanbridge.learning.graph.SelfTrainingTerm.Teacher;
import org.scanbridge.tensorflow.DeviceChoice;
import org.scanbridge.tensorflow.TensorFlowRuntime;

/** Which patches of a batch have second views, and what is made of them. */
class SecondViewsTest {

    private static final int EDGE = 8;

    private static final int VOXELS = EDGE * EDGE * EDGE;

    private static final int CLASSES = 3;

    private static final int SOURCE = 2;

    private static final int LABELED_TARGET = 1;

    private static final int BATCH = 4;

    /** In the middle of the training all terms have their full weight. */
    private static final int STEP = 51;

    private static final ConsistencyTerm ALL = ConsistencyTerm.defaults();

    private static final ConsistencyTerm TARGET = ALL.withTargetOnly(true);

    private static final SelfTrainingTerm TEACHER = new SelfTrainingTerm(1, Teacher.NETWORK, 0, 0.9, 0, 1);

    private static AdaptationGraphSpec spec(final Norm norm, final Set<String> standing, final AdaptationTerm... terms) {
        final NetworkSpec network = new NetworkSpec(Kind.UNET_3D, 1, CLASSES, 2, 2, norm, PatchSize.cube(EDGE));
        final List<Double> ones = Collections.nCopies(CLASSES, 1.0);
        return new AdaptationGraphSpec(network, SOURCE, LABELED_TARGET, BATCH - SOURCE - LABELED_TARGET,
            new SegmentationLossSpec(DiceForm.MEAN, 1, ones, 1, ones), Set.of(), false, List.of(terms), 2, 1,
            OptimizerSpec.sgd(0), 100, DeviceChoice.AUTO, Optional.empty(), standing);
    }

    private static AdaptationGraphSpec spec(final AdaptationTerm... terms) {
        return spec(Norm.GROUP, Set.of(), terms);
    }

    private static float[] patch(final int seed) {
        final Random random = new Random(seed);
        final float[] patch = new float[VOXELS];
        for (int v = 0; v < VOXELS; v++) {
            patch[v] = (float)random.nextGaussian();
        }
        return patch;
    }

    /** Patches, or views, by their seeds. */
    private static float[] patches(final int... seeds) {
        final float[] all = new float[seeds.length * VOXELS];
        for (int n = 0; n < seeds.length; n++) {
            System.arraycopy(patch(seeds[n]), 0, all, n * VOXELS, VOXELS);
        }
        return all;
    }

    private static Weights weights(final AdaptationGraphSpec spec) {
        return Weights.initial(new UNetPlan(spec.network()).parameters(), 1);
    }

    private static TrainingGraph.Measured step(final AdaptationGraph graph, final float[] images) {
        final byte[] labels = new byte[(SOURCE + LABELED_TARGET) * VOXELS];
        for (int v = 0; v < labels.length; v++) {
            labels[v] = (byte)(v % CLASSES);
        }
        return graph.step(new TrainingGraph.Batch(images, labels, new int[]{0, 0, 1, 1}),
            new TrainingGraph.Rates(STEP, 1, 0, Double.NaN));
    }

    /** The weights that a step of gradient descent at rate 1 leads to. */
    private static Map<String, float[]> after(final AdaptationGraphSpec spec, final float[] images) throws Exception {
        return TensorFlowRuntime.call(() -> {
            try (AdaptationGraph graph = new AdaptationGraph(spec, weights(spec))) {
                step(graph, images);
                return graph.state();
            }
        });
    }

    /** Of two source, a labeled and an unlabeled target patch. */
    @Test
    void viewsBeginAtTheFirstPatchThatATermNeeds() {
        assertViews(4, spec());
        assertViews(4, spec(GradientReversalTerm.defaults(), SelfTrainingTerm.of(Teacher.LABELS)));
        assertViews(0, spec(ALL));
        assertViews(2, spec(TARGET));
        assertViews(3, spec(TEACHER));
        assertViews(0, spec(TEACHER, ALL));
        assertViews(2, spec(TEACHER, TARGET));
        assertViews(2, spec(Norm.GROUP, Set.of("A"), ALL));
        assertViews(2, spec(Norm.GROUP, Set.of("A"), TARGET));
        assertViews(3, spec(Norm.GROUP, Set.of("A"), TEACHER));
    }

    private static void assertViews(final int first, final AdaptationGraphSpec spec) {
        assertEquals(first, spec.firstView(), spec.terms().toString());
        assertEquals(BATCH - first, spec.views(), spec.terms().toString());
        assertEquals(2 * BATCH - first, spec.patchesPerStep(), spec.terms().toString());
    }

    @Test
    void theCriticsPatchesFollowTheViews() {
        final CriticTerm critic = CriticTerm.wasserstein().withCriticSteps(3);
        assertEquals(4 + 3 * 4, spec(critic).patchesPerStep());
        assertEquals(4 + 4 + 3 * 4, spec(critic, ALL).patchesPerStep());
        assertEquals(4 + 2 + 3 * 4, spec(critic, TARGET).patchesPerStep());
    }

    /** With views of the source that nobody asked for, the step has too many patches. */
    @Test
    void refusesViewsThatNoTermLooksAt() throws Exception {
        final AdaptationGraphSpec spec = spec(TARGET);
        TensorFlowRuntime.call(() -> {
            try (AdaptationGraph graph = new AdaptationGraph(spec, weights(spec))) {
                final String said = assertThrows(IllegalArgumentException.class,
                    () -> step(graph, patches(1, 2, 3, 4, 11, 12, 13, 14))).getMessage();
                assertTrue(said.contains("images"), said);
            }
            return null;
        });
    }

    /** ½ KL(a‖b) + ½ KL(b‖a) in double precision from what the network predicts, where either is foreground. */
    @Test
    void consistencyIsTheDivergenceOfThePatchesItIsOf() throws Exception {
        for (final ConsistencyTerm term : List.of(ALL, TARGET)) {
            final AdaptationGraphSpec spec = spec(term);
            final int first = spec.firstView();
            final float[] images = first == 0 ? patches(1, 2, 3, 4, 11, 12, 13, 14) : patches(1, 2, 3, 4, 13, 14);
            TensorFlowRuntime.call(() -> {
                try (AdaptationGraph graph = new AdaptationGraph(spec, weights(spec))) {
                    final List<float[]> a = new ArrayList<>();
                    final List<float[]> b = new ArrayList<>();
                    for (int n = first; n < BATCH; n++) {
                        a.add(graph.probabilities(patch(n + 1), 1));
                        b.add(graph.probabilities(patch(n + 11), 1));
                    }
                    assertEquals(divergence(a, b), step(graph, images).others().get("Consistency Loss"), 1e-5);
                }
                return null;
            });
        }
    }

    private static double divergence(final List<float[]> a, final List<float[]> b) {
        double sum = 0;
        int count = 0;
        for (int n = 0; n < a.size(); n++) {
            for (int v = 0; v < VOXELS; v++) {
                // mirrored along i, the fastest
                final int mirrored = v - v % EDGE + EDGE - 1 - v % EDGE;
                double both = 0;
                for (int c = 0; c < CLASSES; c++) {
                    final double p = a.get(n)[v * CLASSES + c];
                    final double q = b.get(n)[mirrored * CLASSES + c];
                    both += 0.5 * (p - q) * Math.log(p / q);
                }
                if (a.get(n)[v * CLASSES] < 0.5 || b.get(n)[mirrored * CLASSES] < 0.5) {
                    sum += both;
                    count++;
                }
            }
        }
        assertTrue(count > 0, "no voxel is foreground");
        return sum / count;
    }

    /** What the term adds to the gradient is the same whatever the source's patches show; of all patches it is not. */
    @Test
    void gradientsOfSourcePatchesAreThoseWithoutTheTerm() throws Exception {
        final float[] one = patches(1, 2, 3, 4, 13, 14);
        final float[] other = patches(5, 6, 3, 4, 13, 14);
        assertEquals(0, distance(added(TARGET, one), added(TARGET, other)), 1e-4);
        final float[] oneOfAll = patches(1, 2, 3, 4, 11, 12, 13, 14);
        final float[] otherOfAll = patches(5, 6, 3, 4, 15, 16, 13, 14);
        assertTrue(distance(added(ALL, oneOfAll), added(ALL, otherOfAll)) > 1e-2);
        assertTrue(distance(added(TARGET, one), added(TARGET, patches(1, 2, 7, 8, 17, 18))) > 1e-2);
    }

    /** Weights after a step with the term minus those without, which is the negative gradient of the term. */
    private static Map<String, float[]> added(final ConsistencyTerm term, final float[] images) throws Exception {
        final Map<String, float[]> with = after(spec(term), images);
        final Map<String, float[]> without = after(spec(), patchesOf(images));
        without.forEach((name, values) -> {
            for (int v = 0; v < values.length; v++) {
                with.get(name)[v] -= values[v];
            }
        });
        return with;
    }

    /** The batch without its views. */
    private static float[] patchesOf(final float[] images) {
        return Arrays.copyOf(images, BATCH * VOXELS);
    }

    private static double distance(final Map<String, float[]> a, final Map<String, float[]> b) {
        double squares = 0;
        for (final Map.Entry<String, float[]> entry : a.entrySet()) {
            for (int v = 0; v < entry.getValue().length; v++) {
                squares += Math.pow(entry.getValue()[v] - b.get(entry.getKey())[v], 2);
            }
        }
        return Math.sqrt(squares);
    }

    /** A consistency that does not count makes the graph compute all views; without batch norm the teacher notices nothing. */
    @Test
    void theTeacherLearnsTheSameWithoutTheViewsItDoesNotLookAt() throws Exception {
        final ConsistencyTerm nothing = new ConsistencyTerm(0, 1, false);
        final Map<String, float[]> few = after(spec(TEACHER), patches(1, 2, 3, 4, 14));
        final Map<String, float[]> all = after(spec(TEACHER, nothing), patches(1, 2, 3, 4, 11, 12, 13, 14));
        assertEquals(0, distance(few, all), 1e-4);
        assertTrue(distance(few, after(spec(TEACHER), patches(1, 2, 3, 4, 13))) > 1e-2, "the view is looked at");
    }

    /** Batch normalization takes its statistics from the views that are there, so that of the source's cannot matter. */
    @Test
    void viewsAreABatchOfTheirOwn() throws Exception {
        final ConsistencyTerm nothing = new ConsistencyTerm(0, 1, false);
        final Map<String, float[]> few = after(spec(Norm.BATCH, Set.of(), TEACHER), patches(1, 2, 3, 4, 14));
        final Map<String, float[]> all =
            after(spec(Norm.BATCH, Set.of(), TEACHER, nothing), patches(1, 2, 3, 4, 11, 12, 13, 14));
        assertTrue(distance(few, all) > 1e-3, "the views' statistics are of all views");
    }

    /** The source's network stands still, so only the target's views are there: of all images is of the target's. */
    @Test
    void withASourceThatStandsStillAllIsTheTarget() throws Exception {
        final float[] images = patches(1, 2, 3, 4, 13, 14);
        assertEquals(0, distance(after(spec(Norm.GROUP, Set.of("A"), ALL), images),
            after(spec(Norm.GROUP, Set.of("A"), TARGET), images)), 0);
    }

    /** With norms per site the views of target patches go through the target's, so that the term does not move the source's. */
    @Test
    void viewsGoThroughTheNormsOfTheirSites() throws Exception {
        final float[] images = patches(1, 2, 3, 4, 13, 14);
        final Map<String, float[]> with = after(perSite(TARGET), images);
        final Map<String, float[]> without = after(perSite(), patchesOf(images));
        double ofTarget = 0;
        for (final String name : without.keySet()) {
            if (name.endsWith("gamma") || name.endsWith("beta")) {
                assertArrayEquals(without.get(name), with.get(name), 1e-5f, name);
            } else if (name.endsWith("gamma.1") || name.endsWith("beta.1")) {
                ofTarget += distance(Map.of(name, without.get(name)), with);
            }
        }
        assertTrue(ofTarget > 1e-3, "the target's norms did not move");
    }

    /** Sites A and B have norms of their own. */
    private static AdaptationGraphSpec perSite(final AdaptationTerm... terms) {
        final AdaptationGraphSpec like = spec(Norm.BATCH, Set.of(), terms);
        return new AdaptationGraphSpec(like.network().withDomains(2), SOURCE, LABELED_TARGET, like.unlabeledTarget(),
            like.loss(), Set.of(), false, like.terms(), 2, 1, like.optimizer(), like.steps(), like.device(),
            Optional.of(new SiteNorms(List.of("A", "B"), List.of(0, 0, 1, 1))));
    }

    /** Stored networks whose options do not say it were trained with all images. */
    @Test
    void optionsSayItOnlyWhereItIsOfTheTarget() {
        assertFalse(ALL.asMap().containsKey("images"));
        assertEquals("target only", TARGET.asMap().get("images"));
        assertEquals(ALL, TARGET.withTargetOnly(false));
    }
}
