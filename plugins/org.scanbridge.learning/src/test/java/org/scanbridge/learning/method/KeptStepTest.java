package org.scanbridge.learning.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scanbridge.imaging.Progress;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.graph.EntropyTerm;
import org.scanbridge.learning.graph.SelfTrainingTerm;
import org.scanbridge.learning.network.Provenance;
import org.scanbridge.learning.train.Checkpoints;
import org.scanbridge.learning.train.StepMetrics;
import org.scanbridge.learning.train.TrainingListener;
import org.scanbridge.learning.train.TrainingResult;

/** Which step an adaptation keeps. */
class KeptStepTest {

    private static final TinyStudy STUDY = new TinyStudy();

    private static final int STEPS = 9;

    private static List<TrainingCase> cases() {
        return TinyStudy.together(STUDY.training(0, true), STUDY.validation(0), STUDY.training(1, false));
    }

    /** A rate that throws the weights to and fro, so that steps differ. */
    private static DomainAdversarialOptions adversarial(final KeptStep kept) {
        final DomainAdversarialOptions options = DomainAdversarialOptions.defaults();
        return options.withKept(kept).withSegmentation(
            options.segmentation().withSteps(STEPS).withLearningRate(0.05).withValidationInterval(2));
    }

    private static TrainingResult run(final DomainAdversarialOptions options, final Optional<Checkpoints> checkpoints,
        final Progress progress) {
        return DomainAdversarialTraining.run(STUDY.untrained(), cases(), options, checkpoints, progress, TrainingListener.NONE);
    }

    private static TrainingResult run(final KeptStep kept) {
        return run(adversarial(kept), Optional.empty(), Progress.NONE);
    }

    /** The step with the largest of some numbers; each is NaN where a step was not validated. */
    private static int best(final List<Double> values) {
        int best = 0;
        for (int n = 0; n < values.size(); n++) {
            best = !Double.isNaN(values.get(n)) && (best == 0 || values.get(n) > values.get(best - 1)) ? n + 1 : best;
        }
        return best;
    }

    private static List<Double> scores(final TrainingResult result) {
        return result.curve().stream().map(m -> m.others().getOrDefault(StepMetrics.LABEL_FREE_SCORE, Double.NaN)).toList();
    }

    @Test
    void theStepIsTheBestByWhatIsAskedFor() {
        final TrainingResult source = run(KeptStep.SOURCE);
        assertEquals(best(source.curve().stream().map(StepMetrics::validationDice).toList()),
            source.network().provenance().keptStep());
        final TrainingResult evidence = run(KeptStep.EVIDENCE);
        final Provenance provenance = evidence.network().provenance();
        assertEquals(best(scores(evidence)), provenance.keptStep());
        assertEquals(5, scores(evidence).stream().filter(s -> !Double.isNaN(s)).count(), "after steps 2, 4, 6, 8 and 9");
        assertTrue(provenance.keptStep() == STEPS
            || !evidence.network().weights().hash().equals(evidence.last().hash()), "other weights than the last");
        assertEquals("evidence without labels at the target", provenance.options().get("keptStepChosenBy"));
        // what is chosen does not change how the weights move
        assertEquals(source.last().hash(), evidence.last().hash());
        final TrainingResult average = run(KeptStep.AVERAGE);
        assertEquals(source.last().hash(), average.last().hash());
        assertEquals(STEPS, average.network().provenance().keptStep());
        assertFalse(average.network().provenance().options().containsKey("keptStepChosenBy"));
    }

    /** By both, several steps may become the best one: their weights are in the checkpoint. */
    @Test
    void aTrainingThatIsStoppedKeepsTheSameStep(@TempDir final Path directory) {
        for (final KeptStep kept : List.of(KeptStep.EVIDENCE, KeptStep.BOTH)) {
            final TrainingResult straight = run(kept);
            final Optional<Checkpoints> checkpoints = Optional.of(new Checkpoints(directory.resolve(kept.name()), 3));
            assertThrows(CancellationException.class, () -> run(adversarial(kept), checkpoints, (fraction, message) -> {
                if (message.startsWith("Step 8 ")) {
                    throw new CancellationException();
                }
            }));
            final List<String> begun = new ArrayList<>();
            final TrainingResult resumed = run(adversarial(kept), checkpoints, (fraction, message) -> begun.add(message));
            assertEquals(3, begun.stream().filter(m -> m.startsWith("Step ")).count(), "steps 7 to 9 remained");
            assertEquals(straight.network().weights().hash(), resumed.network().weights().hash());
            assertEquals(straight.curve(), resumed.curve());
            assertEquals(straight.network().provenance(), resumed.network().provenance());
        }
    }

    /** The mean teacher's weights have other names in the graph than in the network: what is kept is not what it was last. */
    @Test
    void aMeanTeacherIsKeptAsItWasAtTheStep() {
        final DomainAdaptationOptions options = DomainAdaptationOptions
            .of(SelfTrainingTerm.of(SelfTrainingTerm.Teacher.NETWORK)).withKept(KeptStep.EVIDENCE);
        int earlier = 0;
        for (long seed = 1; seed <= 4 && earlier == 0; seed++) {
            final TrainingResult result = adapt(options.withSegmentation(options.segmentation().withLearningRate(0.05)
                .withSteps(6).withValidationInterval(2).withSeed(seed)));
            final int kept = result.network().provenance().keptStep();
            assertEquals(best(scores(result)), kept);
            if (kept < 6) {
                assertNotEquals(result.last().hash(), result.network().weights().hash());
                earlier++;
            } else {
                assertEquals(result.last().hash(), result.network().weights().hash());
            }
        }
        assertEquals(1, earlier, "no training whose last step was not its best");
    }

    private static TrainingResult adapt(final DomainAdaptationOptions options) {
        return DomainAdaptation.run(STUDY.untrained(), cases(), options, Optional.empty(), Progress.NONE, TrainingListener.NONE);
    }

    @Test
    void withoutValidationImagesTheSourceCannotChoose() {
        for (final KeptStep kept : List.of(KeptStep.SOURCE, KeptStep.BOTH)) {
            final String message = assertThrows(LearningException.class,
                () -> DomainAdaptation.run(STUDY.untrained(),
                    TinyStudy.together(STUDY.training(0, true), STUDY.training(1, false)),
                    DomainAdaptationOptions.of(EntropyTerm.defaults()).withKept(kept), Optional.empty(), Progress.NONE,
                    TrainingListener.NONE)).getMessage();
            assertTrue(message.contains("Kept step chosen by") && message.contains("Evidence without labels"), message);
        }
    }
}
