package org.scanbridge.learning.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.augment.Gamma;
import org.scanbridge.imaging.augment.GaussianNoise;
import org.scanbridge.imaging.augment.Motion;
import org.scanbridge.imaging.augment.Range;
import org.scanbridge.imaging.augment.Sometimes;
import org.scanbridge.imaging.augment.SpatialAugmentation;
import org.scanbridge.learning.data.PatchAugmentation;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.train.Checkpoints;
import org.scanbridge.learning.train.TrainingListener;
import org.scanbridge.learning.train.TrainingResult;

/** A training that is stopped and started again gives the bits of one that was not. */
class ResumeTest {

    private static final TinyStudy STUDY = new TinyStudy();

    private static final int STEPS = 10;

    /** Stops everything when a step is about to begin, as a kill would: nothing is saved on the way out. */
    private static Progress stopBefore(final int step) {
        return (fraction, message) -> {
            if (message.startsWith("Step " + step + " ")) {
                throw new CancellationException();
            }
        };
    }

    private static void assertSame(final TrainingResult expected, final TrainingResult actual) {
        assertEquals(expected.network().weights().hash(), actual.network().weights().hash());
        assertEquals(expected.curve(), actual.curve());
        assertEquals(expected.network().provenance(), actual.network().provenance());
    }

    /** Everything at once, so that a number that depends on anything but step and slot would show. */
    private static final PatchAugmentation AUGMENTATION = new PatchAugmentation(
        new SpatialAugmentation.Settings(Range.symmetric(20), new Range(0.8, 1.2), Range.symmetric(0.1),
            Range.symmetric(0.1), 0.7, 0, 7, 2, 0.5),
        List.of(new Sometimes(0.5, Gamma.DEFAULT), new Sometimes(0.5, Motion.DEFAULT), GaussianNoise.DEFAULT));

    private static SegmentationOptions options() {
        return SegmentationOptions.defaults().withSteps(STEPS).withBatch(2).withValidationInterval(4);
    }

    @Test
    void augmentedTrainingGoesOnWithTheSameBits(@TempDir final Path directory) {
        supervisedTrainingGoesOn(directory, options().withAugmentation(AUGMENTATION));
    }

    @Test
    void augmentationChangesTheWeightsAndItsAbsenceDoesNot() {
        final List<TrainingCase> cases = STUDY.training(0, true);
        final TrainingResult plain =
            SegmentationTraining.run(STUDY.untrained(), cases, options(), Progress.NONE, TrainingListener.NONE);
        assertSame(plain, SegmentationTraining.run(STUDY.untrained(), cases,
            options().withAugmentation(PatchAugmentation.NONE), Progress.NONE, TrainingListener.NONE));
        assertNotEquals(plain.network().weights().hash(),
            SegmentationTraining.run(STUDY.untrained(), cases, options().withAugmentation(AUGMENTATION), Progress.NONE,
                TrainingListener.NONE).network().weights().hash());
    }

    @Test
    void supervisedTrainingGoesOnWithTheSameBits(@TempDir final Path directory) {
        supervisedTrainingGoesOn(directory, options());
    }

    private static void supervisedTrainingGoesOn(final Path directory, final SegmentationOptions options) {
        final List<TrainingCase> cases = TinyStudy.together(STUDY.training(0, true), STUDY.validation(0));
        final TrainingResult straight =
            SegmentationTraining.run(STUDY.untrained(), cases, options, Progress.NONE, TrainingListener.NONE);
        final Optional<Checkpoints> checkpoints = Optional.of(new Checkpoints(directory, 3));
        assertThrows(CancellationException.class, () -> SegmentationTraining.run(STUDY.untrained(), cases, options,
            checkpoints, stopBefore(9), TrainingListener.NONE));
        final List<String> begun = new ArrayList<>();
        final TrainingResult resumed = SegmentationTraining.run(STUDY.untrained(), cases, options, checkpoints,
            (fraction, message) -> begun.add(message), TrainingListener.NONE);
        assertSame(straight, resumed);
        assertEquals(4, begun.stream().filter(m -> m.startsWith("Step ")).count(), "steps 7 to 10 remained");
    }

    @Test
    void adversarialTrainingGoesOnWithTheSameBits(@TempDir final Path directory) {
        final DomainAdversarialOptions options = DomainAdversarialOptions.defaults().withAveragedFraction(0.5)
            .withSegmentation(SegmentationOptions.defaults().withSteps(STEPS).withValidationInterval(100)
                .withAugmentation(AUGMENTATION));
        final List<TrainingCase> cases = TinyStudy.together(STUDY.training(0, true), STUDY.training(1, false));
        final TrainingResult straight =
            DomainAdversarialTraining.run(STUDY.untrained(), cases, options, Progress.NONE, TrainingListener.NONE);
        final Optional<Checkpoints> checkpoints = Optional.of(new Checkpoints(directory, 7));
        assertThrows(CancellationException.class, () -> DomainAdversarialTraining.run(STUDY.untrained(), cases, options,
            checkpoints, stopBefore(9), TrainingListener.NONE));
        assertSame(straight, DomainAdversarialTraining.run(STUDY.untrained(), cases, options, checkpoints, Progress.NONE,
            TrainingListener.NONE));
        assertSame(straight, DomainAdversarialTraining.run(STUDY.untrained(), cases, options, checkpoints,
            stopBefore(1), TrainingListener.NONE));
    }

    @Test
    void otherOptionsBeginAnew(@TempDir final Path directory) {
        final SegmentationOptions options = SegmentationOptions.defaults().withSteps(4).withBatch(2);
        final List<TrainingCase> cases = STUDY.training(0, true);
        final Optional<Checkpoints> checkpoints = Optional.of(new Checkpoints(directory, 2));
        SegmentationTraining.run(STUDY.untrained(), cases, options, checkpoints, Progress.NONE, TrainingListener.NONE);
        assertSame(
            SegmentationTraining.run(STUDY.untrained(), cases, options.withSeed(5), Progress.NONE, TrainingListener.NONE),
            SegmentationTraining.run(STUDY.untrained(), cases, options.withSeed(5), checkpoints, Progress.NONE,
                TrainingListener.NONE));
    }
}
