package org.scanbridge.learning.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.data.Role;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.experiment.PhantomCases;
import org.scanbridge.learning.method.SiteCurriculum.Row;
import org.scanbridge.learning.method.SiteCurriculum.Way;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.network.NetworkAverage;
import org.scanbridge.learning.network.NormRule;
import org.scanbridge.learning.train.Checkpoints;
import org.scanbridge.learning.train.TrainingListener;

/** On the sites A and B of the tiny study; the expected numbers are those of the same trainings done one by one. */
class SiteCurriculumTest {

    private static final TinyStudy STUDY = new TinyStudy();

    private static final SegmentationOptions TRAINING = SegmentationOptions.defaults().withSteps(2).withBatch(2);

    private static final List<TrainingCase> A = STUDY.training(0, true);

    private static final List<TrainingCase> B = STUDY.training(1, true);

    private static final List<TrainingCase> CASES = TinyStudy.together(A, B);

    private static final List<TrainingCase> TEST = TinyStudy.together(test(0), test(1));

    private static List<TrainingCase> test(final int site) {
        return PhantomCases.cases(List.of(STUDY.heldOut(site)), true, Role.VALIDATION);
    }

    private static SiteCurriculumOptions options(final int replay, final double share, final boolean joint, final String... order) {
        return new SiteCurriculumOptions(TRAINING, List.of(order), replay, share, joint, 1);
    }

    private static List<Row> run(final SiteCurriculumOptions options, final Optional<Path> folder, final Progress progress) {
        return SiteCurriculum.run(STUDY.untrained(), CASES, TEST, options, folder.map(f -> new Checkpoints(f, 1)), progress,
            new StudyNotices());
    }

    private static Network train(final Network start, final List<TrainingCase> cases, final int steps) {
        return SegmentationTraining.run(start, cases, TRAINING.withSteps(steps), Progress.NONE, TrainingListener.NONE).network();
    }

    private static void assertMeasured(final Way way, final int sites, final String trained, final Network network,
        final List<Row> rows) {
        for (int site = 0; site < 2; site++) {
            final String name = site == 0 ? "A" : "B";
            final TransferStudy.Row expected = TransferStudy.source(network, test(site), Progress.NONE);
            assertEquals(List.of(new Row(way, sites, trained, name, TRAINING.seed(), expected.dice(), expected.auc())),
                rows.stream().filter(r -> r.way() == way && r.sites() == sites && r.tested().equals(name)).toList());
        }
    }

    @Test
    void trainsOneSiteAfterTheOther() {
        final List<Row> rows = run(options(3, 0.25, true, "A", "B"), Optional.empty(), Progress.NONE);
        assertEquals(2 * (2 + 1 + 1 + 1), rows.size());
        final Network first = train(STUDY.untrained(), A, 2);
        final Network second = train(first, B, 2);
        assertMeasured(Way.PLAIN, 1, "A", first, rows);
        assertMeasured(Way.PLAIN, 2, "B", second, rows);
        // all three subjects of A are replayed
        assertMeasured(Way.REPLAY, 2, "B", train(first, TinyStudy.together(B, A), 2), rows);
        assertMeasured(Way.AVERAGED, 2, "B", NetworkAverage.interpolate(first, second, 0.25, NormRule.AVERAGED, true), rows);
        assertMeasured(Way.JOINT, 2, "", train(STUDY.untrained(), CASES, 4), rows);
    }

    @Test
    void theOrderCountsAndWaysCanBeLeftOut() {
        final List<Row> rows = run(options(0, 0, false, "B", "A"), Optional.empty(), Progress.NONE);
        assertEquals(4, rows.size());
        assertMeasured(Way.PLAIN, 1, "B", train(STUDY.untrained(), B, 2), rows);
        assertEquals(List.of("B", "A", "B", "A"), rows.stream().map(Row::tested).toList());
    }

    @Test
    void goesOnAfterTheLastFinishedTraining(@TempDir final Path folder) {
        final SiteCurriculumOptions options = options(1, 0, false, "A", "B");
        final List<Row> straight = run(options, Optional.empty(), Progress.NONE);
        assertThrows(CancellationException.class, () -> run(options, Optional.of(folder), (fraction, message) -> {
            if (message.startsWith("Network 3 of 3: Step 2")) {
                throw new CancellationException();
            }
        }));
        final List<String> messages = new ArrayList<>();
        assertEquals(straight, run(options, Optional.of(folder), (fraction, message) -> messages.add(message)));
        assertTrue(messages.stream().noneMatch(m -> m.startsWith("Network 2 of 3: Step")), messages.toString());
        assertTrue(messages.stream().anyMatch(m -> m.startsWith("Network 3 of 3: Step 2")), messages.toString());
    }

    /** The same subjects of B, whose voxels of the third class are left out. */
    @Test
    void tellsWhichTrainingsLackAClass() {
        final List<TrainingCase> without = B.stream().map(c -> new TrainingCase(c.channels(), () -> {
            final LabelVolume all = c.labels().get();
            final byte[] voxels = all.voxels().clone();
            for (int v = 0; v < voxels.length; v++) {
                voxels[v] = voxels[v] == 3 ? 0 : voxels[v];
            }
            return new LabelVolume(voxels, all.geometry(), all.info(), all.labels());
        }, c.subject(), c.site(), c.role(), false)).toList();
        final StudyNotices notices = new StudyNotices();
        SiteCurriculum.run(STUDY.untrained(), TinyStudy.together(A, without), TEST, options(1, 0.5, true, "A", "B"), Optional.empty(),
            Progress.NONE, notices);
        assertEquals(1, notices.texts().size(), notices.texts().toString());
        final String text = notices.texts().get(0);
        assertTrue(text.startsWith("Training on site B: No segmentation of the training images has ") && text.contains("(label value 3)"),
            text);
    }

    @Test
    void refusesWhatCannotBeStudied() {
        assertTrue(refused(options(4, 0, false, "A", "B"), CASES, TEST).contains("\"A\" has only 3 labeled"));
        assertTrue(refused(options(0, 0, false, "A", "C"), CASES, TEST).contains("No training case of site \"C\""));
        assertTrue(refused(options(0, 0, false, "A", "B"), CASES, test(0)).contains("No test case of site \"B\""));
        assertTrue(refused(options(0, 0, false, "A", "B"), CASES, CASES).contains("is a test subject"));
        assertThrows(IllegalArgumentException.class, () -> options(0, 0, false, "A"));
        assertThrows(IllegalArgumentException.class, () -> options(0, 0, false, "A", "A"));
        assertThrows(IllegalArgumentException.class, () -> options(0, 1, false, "A", "B"));
        assertThrows(IllegalArgumentException.class, () -> options(-1, 0, false, "A", "B"));
    }

    private static String refused(final SiteCurriculumOptions options, final List<TrainingCase> cases,
        final List<TrainingCase> test) {
        return assertThrows(LearningException.class,
            () -> SiteCurriculum.run(STUDY.untrained(), cases, test, options, Optional.empty(), Progress.NONE,
                new StudyNotices())).getMessage();
    }
}
