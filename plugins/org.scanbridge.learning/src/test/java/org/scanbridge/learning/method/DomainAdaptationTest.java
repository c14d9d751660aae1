package org.scanbridge.learning.method;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.NetworkSpec.Kind;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.architecture.Parameter;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.graph.AdaptationTerm;
import org.scanbridge.learning.graph.ClassAlignmentTerm;
import org.scanbridge.learning.graph.ConsistencyTerm;
import org.scanbridge.learning.graph.ContrastiveTerm;
import org.scanbridge.learning.graph.CriticTerm;
import org.scanbridge.learning.graph.EntropyTerm;
import org.scanbridge.learning.graph.GradientReversalTerm;
import org.scanbridge.learning.graph.TripletTerm;
import org.scanbridge.learning.method.DomainAdaptationOptions.Afterwards;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.predict.SlidingWindowPredictor;
import org.scanbridge.learning.train.Checkpoints;
import org.scanbridge.learning.train.StepMetrics;
import org.scanbridge.learning.train.TrainingListener;
import org.scanbridge.learning.train.TrainingResult;

class DomainAdaptationTest {

    private static final TinyStudy STUDY = new TinyStudy();

    private static final int STEPS = 3;

    private static final List<AdaptationTerm> TERMS = List.of(GradientReversalTerm.defaults(),
        CriticTerm.wasserstein().withCriticSteps(2), ConsistencyTerm.defaults(), EntropyTerm.defaults(),
        ClassAlignmentTerm.defaults(), ContrastiveTerm.defaults(), TripletTerm.defaults());

    private static DomainAdaptationOptions options(final AdaptationTerm... terms) {
        final DomainAdaptationOptions options = DomainAdaptationOptions.of(terms);
        return options
            .withSegmentation(options.segmentation().withSteps(STEPS).withBatch(4).withValidationInterval(100))
            .withTent(new TentOptions(3, 2, 1e-3, 8));
    }

    private static List<TrainingCase> cases() {
        return TinyStudy.together(STUDY.training(0, true), STUDY.training(1, false));
    }

    private static Network batchNorm() {
        return Network.untrained(new NetworkSpec(Kind.UNET_3D, 1, 4, 4, 2, Norm.BATCH, PatchSize.cube(16)), 1);
    }

    private static TrainingResult train(final Network network, final List<TrainingCase> cases,
        final DomainAdaptationOptions options) {
        return DomainAdaptation.run(network, cases, options, Optional.empty(), Progress.NONE, TrainingListener.NONE);
    }

    private static String hash(final TrainingResult result) {
        return result.network().weights().hash();
    }

    @Test
    void everyTermTrainsInItsOwnWayAndIsRepeatable() {
        final Set<String> hashes = new HashSet<>();
        final List<AdaptationTerm> all = new ArrayList<>(TERMS);
        all.add(CriticTerm.leastSquares());
        for (final AdaptationTerm term : all) {
            final TrainingResult result = train(STUDY.untrained(), cases(), options(term));
            assertTrue(hashes.add(hash(result)), term.title() + " did nothing of its own");
            assertEquals(hash(result), hash(train(STUDY.untrained(), cases(), options(term))));
            assertEquals(STEPS, result.curve().size());
            for (final StepMetrics m : result.curve()) {
                assertTrue(Double.isFinite(m.loss()), m.toString());
                if (!(term instanceof GradientReversalTerm)) {
                    assertTrue(Double.isFinite(m.others().get(term.title() + " Loss")), m.toString());
                }
            }
        }
        assertEquals(8, hashes.size());
    }

    @Test
    void allTermsTogetherTrain() {
        final TrainingResult result =
            train(batchNorm(), cases(), options(TERMS.toArray(AdaptationTerm[]::new)).withAfterwards(Afterwards.TENT));
        assertEquals(STEPS + 3, result.curve().size());
        assertEquals(STEPS + 3, result.curve().get(STEPS + 2).step());
        assertTrue(result.network().provenance().method().endsWith("triplet, then tent"),
            result.network().provenance().method());
    }

    @Test
    void gradientReversalIsDomainAdversarialTraining() {
        final DomainAdversarialOptions old = DomainAdversarialOptions.defaults();
        final TrainingResult expected = DomainAdversarialTraining.run(STUDY.untrained(), cases(),
            old.withSegmentation(old.segmentation().withSteps(STEPS).withBatch(4).withValidationInterval(100)),
            Progress.NONE, TrainingListener.NONE);
        final TrainingResult actual = train(STUDY.untrained(), cases(), options(GradientReversalTerm.defaults()));
        assertEquals(hash(expected), hash(actual));
        assertEquals(expected.curve(), actual.curve());
    }

    /** The network's weights do not move in a critic's step, nor the critic's in the network's (methods.md H 3). */
    @Test
    void criticWithoutWeightLeavesTheNetworkAlone() {
        final String alone = hash(train(STUDY.untrained(), cases(), options(new EntropyTerm(0))));
        for (final CriticTerm critic : List.of(CriticTerm.wasserstein(), CriticTerm.leastSquares())) {
            assertEquals(alone, hash(train(STUDY.untrained(), cases(), options(critic.withWeight(0)))));
            assertNotEquals(alone, hash(train(STUDY.untrained(), cases(), options(critic))));
        }
    }

    @Test
    void targetLabelsAreReadOnlyWhenAllowed() {
        final List<TrainingCase> poisoned = new ArrayList<>(STUDY.training(0, true));
        for (final TrainingCase c : STUDY.training(1, true)) {
            poisoned.add(new TrainingCase(c.image(), () -> {
                throw new AssertionError("a label of the target site was read");
            }, c.subject(), c.site(), c.role()));
        }
        final DomainAdaptationOptions options =
            options(TERMS.toArray(AdaptationTerm[]::new)).withSourceSites(List.of("A"));
        assertEquals(hash(train(STUDY.untrained(), cases(), options)), hash(train(STUDY.untrained(), poisoned, options)));
        assertThrows(AssertionError.class, () -> train(STUDY.untrained(), poisoned,
            options(EntropyTerm.defaults()).withSourceSites(List.of("A")).withTargetLabels(true)));
    }

    @Test
    void someAndAllTargetLabelsTeach() {
        final DomainAdaptationOptions options =
            options(ClassAlignmentTerm.defaults()).withSourceSites(List.of("A")).withTargetLabels(true);
        final List<TrainingCase> some = TinyStudy.together(STUDY.training(0, true), STUDY.training(1, true).subList(0, 1),
            STUDY.training(1, false).subList(1, 3));
        final List<TrainingCase> all = TinyStudy.together(STUDY.training(0, true), STUDY.training(1, true));
        final Set<String> hashes = new HashSet<>();
        hashes.add(hash(train(STUDY.untrained(), cases(), options)));
        hashes.add(hash(train(STUDY.untrained(), some, options)));
        hashes.add(hash(train(STUDY.untrained(), all, options)));
        assertEquals(3, hashes.size());
        final List<TrainingCase> wrong = new ArrayList<>(STUDY.training(0, true));
        for (final TrainingCase c : STUDY.training(1, true)) {
            final LabelVolume labels = c.labels().get();
            wrong.add(new TrainingCase(c.image(), () -> new LabelVolume(new byte[labels.voxels().length],
                labels.geometry(), labels.info(), labels.labels()), c.subject(), c.site(), c.role()));
        }
        assertTrue(hashes.add(hash(train(STUDY.untrained(), wrong, options))));
        final DomainAdaptationOptions joint = options().withSourceSites(List.of("A")).withTargetLabels(true);
        assertEquals("joint training", train(STUDY.untrained(), all, joint).network().provenance().method());
    }

    @Test
    void refusesNothingToAdaptByAndAMissingBatchNorm() {
        assertTrue(assertThrows(LearningException.class, () -> train(STUDY.untrained(), cases(), options()))
            .getMessage().contains("nothing to adapt by"));
        final String message = assertThrows(LearningException.class, () -> train(STUDY.untrained(), cases(),
            options(EntropyTerm.defaults()).withAfterwards(Afterwards.ADABN))).getMessage();
        assertTrue(message.contains("group normalization"), message);
        assertThrows(LearningException.class, () -> train(STUDY.untrained(), STUDY.training(0, true),
            options(EntropyTerm.defaults())));
        assertThrows(IllegalArgumentException.class,
            () -> train(STUDY.untrained(), cases(), options(EntropyTerm.defaults(), new EntropyTerm(1))));
    }

    @Test
    void goesOnWithTheSameBits(@TempDir final Path directory) {
        final DomainAdaptationOptions options = options(CriticTerm.wasserstein().withCriticSteps(2),
            ConsistencyTerm.defaults(), ContrastiveTerm.defaults()).withAfterwards(Afterwards.TENT)
                .withTent(new TentOptions(4, 2, 1e-3, 8));
        final TrainingResult straight = train(batchNorm(), cases(), options);
        for (final String stop : List.of("Step 3 of 3", "Step 4 of 4")) {
            final Optional<Checkpoints> checkpoints =
                Optional.of(new Checkpoints(directory.resolve(stop.replace(' ', '-')), 2));
            assertThrows(CancellationException.class,
                () -> DomainAdaptation.run(batchNorm(), cases(), options, checkpoints, (fraction, message) -> {
                    if (message.startsWith(stop)) {
                        throw new CancellationException();
                    }
                }, TrainingListener.NONE));
            final TrainingResult resumed = DomainAdaptation.run(batchNorm(), cases(), options, checkpoints,
                Progress.NONE, TrainingListener.NONE);
            assertEquals(hash(straight), hash(resumed));
            assertEquals(straight.curve(), resumed.curve());
        }
    }

    @Test
    void tentMovesOnlyScalesShiftsAndStatistics() {
        final Network start = batchNorm();
        final TrainingResult result = TestEntropyMinimization.run(start, cases(), List.of("A"),
            new TentOptions(4, 4, 1e-3, 8), 1, Optional.empty(), Progress.NONE, TrainingListener.NONE);
        for (final Parameter p : start.weights().parameters()) {
            final String kind = p.name().substring(p.name().indexOf('/') + 1);
            if (Set.of("kernel", "bias").contains(kind)) {
                assertArrayEquals(start.weights().get(p.name()), result.network().weights().get(p.name()), p.name());
            } else {
                assertFalse(java.util.Arrays.equals(start.weights().get(p.name()),
                    result.network().weights().get(p.name())), p.name());
            }
        }
        final List<StepMetrics> curve = result.curve();
        assertTrue(curve.get(3).loss() < curve.get(0).loss(), "the entropy does not fall: " + curve);
    }

    /**
     * Batch normalization with the target's statistics takes away what scales all target images: the same adaptation on
     * images ten times as bright gives the same segmentation of them.
     */
    @Test
    void adaBnUndoesAScale() {
        final List<TrainingCase> bright = new ArrayList<>(STUDY.training(0, true));
        STUDY.training(1, false).forEach(c -> bright.add(new TrainingCase(() -> scaled(c.image().get()), null,
            c.subject(), c.site(), c.role())));
        final Volume image = STUDY.heldOut(1).image();
        final Network plain = adaBn(cases()).network();
        final Network adapted = adaBn(bright).network();
        assertFalse(java.util.Arrays.equals(segment(plain, image), segment(plain, scaled(image))));
        final byte[] expected = segment(plain, image);
        final byte[] actual = segment(adapted, scaled(image));
        int different = 0;
        for (int v = 0; v < expected.length; v++) {
            different += expected[v] == actual[v] ? 0 : 1;
        }
        // the small number under the root does not scale
        assertTrue(different <= 0.001 * expected.length, different + " of " + expected.length + " voxels differ");
        assertEquals(adaBn(cases()).network().weights().hash(), plain.weights().hash());
    }

    private static TrainingResult adaBn(final List<TrainingCase> cases) {
        return AdaptiveBatchNorm.run(batchNorm(), cases, List.of("A"), 16, 1, Progress.NONE);
    }

    private static Volume scaled(final Volume image) {
        final float[] voxels = image.voxels().clone();
        for (int v = 0; v < voxels.length; v++) {
            voxels[v] *= 10;
        }
        return new Volume(voxels, image.geometry(), image.info());
    }

    private static byte[] segment(final Network network, final Volume image) {
        try (SlidingWindowPredictor predictor = new SlidingWindowPredictor(network)) {
            return predictor.predict(image, Progress.NONE).voxels();
        }
    }

    @Test
    void adaBnNamesANetworkWithoutStatistics() {
        final String message = assertThrows(LearningException.class,
            () -> AdaptiveBatchNorm.run(STUDY.untrained(), cases(), List.of("A"), 8, 1, Progress.NONE)).getMessage();
        assertTrue(message.contains("group normalization"), message);
        assertThrows(LearningException.class, () -> AdaptiveBatchNorm.run(batchNorm(), STUDY.training(0, true),
            List.of("A"), 8, 1, Progress.NONE));
    }
}
