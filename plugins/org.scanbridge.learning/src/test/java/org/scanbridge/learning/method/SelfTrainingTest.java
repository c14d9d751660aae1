package org.scanbridge.learning.method;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.NetworkSpec.Kind;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.architecture.Parameter;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.data.TeacherLabels;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.graph.AdaptationTerm;
import org.scanbridge.learning.graph.AnchorTerm;
import org.scanbridge.learning.graph.ConsistencyTerm;
import org.scanbridge.learning.graph.GradientReversalTerm;
import org.scanbridge.learning.graph.SelfTrainingTerm;
import org.scanbridge.learning.graph.SelfTrainingTerm.Teacher;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.train.Checkpoints;
import org.scanbridge.learning.train.StepMetrics;
import org.scanbridge.learning.train.TrainingListener;
import org.scanbridge.learning.train.TrainingResult;

/** Self-training as part of an adaptation: with source images and without, alone and with other methods. */
class SelfTrainingTest {

    private static final TinyStudy STUDY = new TinyStudy();

    private static final int STEPS = 3;

    private static DomainAdaptationOptions options(final AdaptationTerm... terms) {
        final DomainAdaptationOptions options = DomainAdaptationOptions.of(terms);
        return options.withSourceSites(List.of("A"))
            .withSegmentation(options.segmentation().withSteps(STEPS).withBatch(4).withValidationInterval(100));
    }

    /** Target cases without labels whose teacher is right. */
    private static List<TrainingCase> taught() {
        final List<TrainingCase> cases = new ArrayList<>();
        for (final TrainingCase c : STUDY.training(1, true)) {
            cases.add(new TrainingCase(c.channels(), null, c.subject(), c.site(), c.role(), false)
                .withTeacher(TeacherLabels.of(c.labels())));
        }
        return cases;
    }

    private static List<TrainingCase> both() {
        return TinyStudy.together(STUDY.training(0, true), taught());
    }

    private static TrainingResult train(final Network network, final List<TrainingCase> cases,
        final DomainAdaptationOptions options) {
        return DomainAdaptation.run(network, cases, options, Optional.empty(), Progress.NONE, TrainingListener.NONE);
    }

    private static String hash(final TrainingResult result) {
        return result.network().weights().hash();
    }

    private static Network batchNorm() {
        return Network.untrained(new NetworkSpec(Kind.UNET_3D, 1, 4, 4, 2, Norm.BATCH, PatchSize.cube(8)), 1);
    }

    private static Network groupNorm() {
        return Network.untrained(NetworkSpec.unet3d(4, 4, 2, 8), 1);
    }

    /** Stopped before the last step with the averages of the first ones saved, with all that may be combined. */
    @Test
    void goesOnWithTheSameBits(@TempDir final Path directory) {
        final DomainAdaptationOptions options = options(GradientReversalTerm.defaults(), ConsistencyTerm.defaults(),
            SelfTrainingTerm.of(Teacher.BOTH)).withNorms(new DomainAdaptationOptions.Norms(true, ""));
        final TrainingResult straight = train(batchNorm(), both(), options);
        final Optional<Checkpoints> checkpoints = Optional.of(new Checkpoints(directory, 2));
        assertThrows(CancellationException.class,
            () -> DomainAdaptation.run(batchNorm(), both(), options, checkpoints, (fraction, message) -> {
                if (message.startsWith("Step 3 of 3")) {
                    throw new CancellationException();
                }
            }, TrainingListener.NONE));
        final TrainingResult resumed =
            DomainAdaptation.run(batchNorm(), both(), options, checkpoints, Progress.NONE, TrainingListener.NONE);
        assertEquals(hash(straight), hash(resumed));
        assertEquals(straight.curve(), resumed.curve());
        assertEquals("domain + consistency + self-training + norms per site",
            straight.network().provenance().method());
        assertEquals("3 of 3", straight.network().provenance().options().get("taughtCases"));
    }

    /** Three steps with a teacher that is right make the loss smaller; all voxels are taught. */
    @Test
    void aTeacherTeaches() {
        final TrainingResult result = train(groupNorm(), both(), options(SelfTrainingTerm.of(Teacher.LABELS)));
        final double first = result.curve().get(0).others().get("Self-Training Loss");
        final double last = result.curve().get(STEPS - 1).others().get("Self-Training Loss");
        assertTrue(last < first, first + " to " + last);
        assertEquals(1, result.curve().get(0).others().get("Share Taught"));
    }

    /** Neither images nor segmentations of the source nor segmentations of the target are read. */
    @Test
    void sourceFreeReadsTargetImagesAndTheTeacherOnly() {
        final List<TrainingCase> poisoned = new ArrayList<>(taught());
        for (final TrainingCase c : STUDY.training(0, true)) {
            poisoned.add(new TrainingCase(() -> {
                throw new AssertionError("a source image was read");
            }, () -> {
                throw new AssertionError("a source segmentation was read");
            }, c.subject(), c.site(), c.role()));
        }
        final DomainAdaptationOptions options =
            options(SelfTrainingTerm.of(Teacher.BOTH), AnchorTerm.defaults()).withSourceFree(true);
        final TrainingResult alone = train(groupNorm(), taught(), options);
        assertEquals(hash(alone), hash(train(groupNorm(), poisoned, options)));
        assertEquals("self-training without source images", alone.network().provenance().method());
        assertTrue(alone.network().provenance().options().get("sourceImages").startsWith("none"));
    }

    /** By its documentation, the loss of a training without labels is its first term. */
    @Test
    void theLossWithoutSourceImagesIsTheTeachers() {
        final TrainingResult result = train(groupNorm(), taught(),
            options(SelfTrainingTerm.of(Teacher.LABELS), AnchorTerm.defaults()).withSourceFree(true));
        result.curve().forEach(m -> {
            assertEquals(m.others().get("Self-Training Loss"), m.loss());
            assertEquals(1, m.others().get("Share Taught"));
        });
        assertTrue(result.curve().get(STEPS - 1).loss() < result.curve().get(0).loss(), result.curve().toString());
    }

    /** With one of three target images taught, every patch of every step is of that one. */
    @Test
    void onlyTaughtImagesAreDrawnWhereOnlyLabelsTeach() {
        final List<TrainingCase> cases = TinyStudy.together(taught().subList(0, 1), STUDY.training(1, false).subList(1, 3));
        final List<String> notices = new ArrayList<>();
        final TrainingResult result = listened(cases, notices);
        result.curve().forEach(m -> assertEquals(1, m.others().get("Share Taught"), m.toString()));
        assertEquals("1 of 3", result.network().provenance().options().get("taughtCases"));
        assertEquals(1, notices.size(), notices.toString());
        assertTrue(notices.get(0).startsWith("1 of 3 target images has labels by a teacher"), notices.get(0));
    }

    @Test
    void namesWhomATeacherOfBackgroundOnlyTeaches() {
        final List<TrainingCase> cases = new ArrayList<>(taught());
        final TrainingCase last = cases.remove(cases.size() - 1);
        cases.add(last.withTeacher(TeacherLabels.of(() -> {
            final LabelVolume labels = last.teacher().orElseThrow().labels().orElseThrow().get();
            return new LabelVolume(new byte[labels.voxels().length], labels.geometry(), labels.info(), labels.labels());
        })));
        final List<String> notices = new ArrayList<>();
        listened(cases, notices);
        assertEquals(1, notices.size(), notices.toString());
        assertTrue(notices.get(0).contains("background only for 1 of 3") && notices.get(0).contains(last.subject()),
            notices.get(0));
    }

    private static TrainingResult listened(final List<TrainingCase> cases, final List<String> notices) {
        return DomainAdaptation.run(groupNorm(), cases,
            options(SelfTrainingTerm.of(Teacher.LABELS), AnchorTerm.defaults()).withSourceFree(true), Optional.empty(),
            Progress.NONE, new TrainingListener() {
                @Override
                public void step(final StepMetrics metrics) {
                    // only what is said before matters
                }

                @Override
                public void notice(final String notice) {
                    notices.add(notice);
                }
            });
    }

    @Test
    void normsOnlyLeavesKernelsAlone() {
        final Network start = groupNorm();
        final Network result = train(start, taught(), options(SelfTrainingTerm.of(Teacher.LABELS), AnchorTerm.defaults())
            .withSourceFree(true).withNormsOnly(true)).network();
        for (final Parameter p : start.weights().parameters()) {
            final String kind = p.name().substring(p.name().indexOf('/') + 1);
            if (Set.of("kernel", "bias").contains(kind)) {
                assertArrayEquals(start.weights().get(p.name()), result.weights().get(p.name()), p.name());
            } else {
                assertFalse(Arrays.equals(start.weights().get(p.name()), result.weights().get(p.name())), p.name());
            }
        }
    }

    @Test
    void refusesWhatCannotWork() {
        final List<TrainingCase> untaught = TinyStudy.together(STUDY.training(0, true), STUDY.training(1, false));
        assertTrue(assertThrows(LearningException.class, () -> train(groupNorm(), untaught,
            options(SelfTrainingTerm.of(Teacher.LABELS)))).getMessage().contains("has labels by a teacher"));
        assertTrue(assertThrows(LearningException.class, () -> train(groupNorm(), TinyStudy.together(
            STUDY.training(0, true), STUDY.training(1, true)), options(SelfTrainingTerm.of(Teacher.NETWORK))
                .withTargetLabels(true))).getMessage().contains("nothing to teach"));
        assertTrue(assertThrows(LearningException.class, () -> train(groupNorm(), STUDY.training(0, true),
            options(SelfTrainingTerm.of(Teacher.NETWORK), AnchorTerm.defaults()).withSourceFree(true))).getMessage()
                .contains("source sites only"));
        final DomainAdaptationOptions adversarial = options(GradientReversalTerm.defaults(), AnchorTerm.defaults());
        assertTrue(assertThrows(IllegalArgumentException.class, () -> adversarial.withSourceFree(true)).getMessage()
            .contains("source images"));
        assertThrows(IllegalArgumentException.class,
            () -> options(SelfTrainingTerm.of(Teacher.LABELS)).withSourceFree(true));
    }
}
