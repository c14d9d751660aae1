package org.scanbridge.learning.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.data.Role;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.method.DomainAdversarialOptions.Attachment;
import org.scanbridge.learning.train.StepMetrics;
import org.scanbridge.learning.train.TrainingListener;
import org.scanbridge.learning.train.TrainingResult;

class DomainAdversarialTrainingTest {

    private static final TinyStudy STUDY = new TinyStudy();

    private static final DomainAdversarialOptions SHORT = DomainAdversarialOptions.defaults().withSegmentation(
        DomainAdversarialOptions.defaults().segmentation().withSteps(8).withBatch(4).withValidationInterval(100));

    private static TrainingResult train(final List<TrainingCase> cases, final DomainAdversarialOptions options) {
        return DomainAdversarialTraining.run(STUDY.untrained(), cases, options, Progress.NONE, TrainingListener.NONE);
    }

    private static String hash(final List<TrainingCase> cases, final DomainAdversarialOptions options) {
        return train(cases, options).network().weights().hash();
    }

    private static List<TrainingCase> withTarget(final List<TrainingCase> target) {
        return TinyStudy.together(STUDY.training(0, true), STUDY.validation(0), target);
    }

    @Test
    void targetLabelsAreNeverReadNorOfAnyEffect() {
        final DomainAdversarialOptions options = SHORT.withSourceSites(List.of("A"));
        final String unlabeled = hash(withTarget(STUDY.training(1, false)), options);
        final List<TrainingCase> poisoned = new ArrayList<>();
        for (final TrainingCase c : STUDY.training(1, true)) {
            poisoned.add(new TrainingCase(c.image(), () -> {
                throw new AssertionError("a label of the target site was read");
            }, c.subject(), c.site(), c.role()));
        }
        assertEquals(unlabeled, hash(withTarget(poisoned), options));
        final List<TrainingCase> wrong = new ArrayList<>();
        for (final TrainingCase c : STUDY.training(1, true)) {
            final LabelVolume labels = c.labels().get();
            wrong.add(new TrainingCase(c.image(), () -> new LabelVolume(new byte[labels.voxels().length],
                labels.geometry(), labels.info(), labels.labels()), c.subject(), c.site(), c.role()));
        }
        assertEquals(unlabeled, hash(withTarget(wrong), options));
    }

    @Test
    void validationCasesOfTheTargetAreNotRead() {
        final TrainingCase held = new TrainingCase(() -> {
            throw new AssertionError("a held-out image was read");
        }, () -> {
            throw new AssertionError("a held-out segmentation was read");
        }, "held", "B", Role.VALIDATION);
        final List<TrainingCase> cases = withTarget(STUDY.training(1, false));
        assertEquals(hash(cases, SHORT), hash(TinyStudy.together(cases, List.of(held)), SHORT));
    }

    @Test
    void targetImagesHaveAnEffect() {
        final List<TrainingCase> target = STUDY.training(1, false);
        assertNotEquals(hash(withTarget(target), SHORT), hash(withTarget(target.subList(0, 1)), SHORT));
    }

    /** Without reversed gradient the head sees the network but does not touch it (methods.md H 2, 3). */
    @Test
    void headActsOnTheNetworkOnlyThroughTheReversedGradient() {
        final List<TrainingCase> cases = withTarget(STUDY.training(1, false));
        final DomainAdversarialOptions none = SHORT.withLambdaMax(0);
        assertEquals(hash(cases, none), hash(cases, none.withHeadLearningRateFactor(1)));
        assertNotEquals(hash(cases, SHORT), hash(cases, SHORT.withHeadLearningRateFactor(1)));
        assertNotEquals(hash(cases, none), hash(cases, SHORT));
    }

    @Test
    void sameSeedGivesTheSameBitsForEveryAttachment() {
        final List<TrainingCase> cases = withTarget(STUDY.training(1, false));
        for (final Attachment attachment : Attachment.values()) {
            final DomainAdversarialOptions options = SHORT.withAttachment(attachment);
            assertEquals(hash(cases, options), hash(cases, options));
        }
    }

    /** The first step's head is untrained, so its loss is near that of guessing between the sites. */
    @Test
    void reportsTheHead() {
        final List<StepMetrics> curve = train(withTarget(STUDY.training(1, false)), SHORT).curve();
        assertEquals(8, curve.size());
        assertEquals(0, curve.get(0).lambda());
        for (final StepMetrics m : curve) {
            assertTrue(m.domainLoss() > 0 && m.domainAccuracy() >= 0 && m.domainAccuracy() <= 1, m.toString());
        }
        assertEquals(2 / (1 + Math.exp(-10 * 7.0 / 8)) - 1, curve.get(7).lambda(), 1e-12);
    }

    @Test
    void takesAnyNumberOfSites() {
        final List<TrainingCase> third = new ArrayList<>();
        for (final TrainingCase c : STUDY.training(1, false).subList(0, 1)) {
            third.add(new TrainingCase(c.image(), null, "other", "C", Role.TRAIN));
        }
        final TrainingResult result = train(TinyStudy.together(withTarget(STUDY.training(1, false)), third), SHORT);
        assertEquals(List.of("A", "B", "C"), result.network().provenance().sites());
    }

    @Test
    void refusesOneSite() {
        final String message =
            assertThrows(LearningException.class, () -> train(STUDY.training(0, true), SHORT)).getMessage();
        assertTrue(message.contains("one site only, [A]"), message);
    }

    @Test
    void refusesASourceSiteWithoutLabels() {
        final String message = assertThrows(LearningException.class,
            () -> train(withTarget(STUDY.training(1, false)), SHORT.withSourceSites(List.of("B")))).getMessage();
        assertTrue(message.contains("source site B"), message);
    }

    @Test
    void refusesToGuessTheSourceWhenAllSitesAreLabeled() {
        final String message = assertThrows(LearningException.class,
            () -> train(withTarget(STUDY.training(1, true)), SHORT)).getMessage();
        assertTrue(message.contains("Name the source sites"), message);
    }

    @Test
    void refusesAnOddBatch() {
        assertThrows(IllegalArgumentException.class,
            () -> SHORT.withSegmentation(SHORT.segmentation().withBatch(3)));
    }

    /** Ganin et al., section 5.2.2: 0 at the start, tanh(5 p) in other words. */
    @Test
    void lambdaFollowsThePaper() {
        assertEquals(0, SHORT.lambda(0));
        assertEquals(Math.tanh(2.5), SHORT.lambda(0.5), 1e-12);
        assertEquals(3 * Math.tanh(5), SHORT.withLambdaMax(3).lambda(1), 1e-12);
    }
}
