package org.scanbridge.learning.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.data.Role;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.experiment.PhantomCases;
import org.scanbridge.learning.method.TransferStudy.Row;
import org.scanbridge.learning.method.TransferStudy.Start;
import org.scanbridge.learning.predict.SlidingWindowPredictor;
import org.scanbridge.learning.train.Checkpoints;

class TransferStudyTest {

    private static final TinyStudy STUDY = new TinyStudy();

    private static final List<TrainingCase> TEST = PhantomCases.cases(List.of(STUDY.heldOut(1)), true, Role.VALIDATION);

    private static TransferStudyOptions options(final List<Integer> cases, final List<Integer> tuned, final int seeds) {
        return new TransferStudyOptions(SegmentationOptions.defaults().withSteps(2).withBatch(2), cases, tuned, true, seeds);
    }

    private static List<Row> run(final TransferStudyOptions options, final Optional<Path> folder, final Progress progress) {
        return TransferStudy.run(STUDY.untrained(), STUDY.training(1, true), TEST, options, folder.map(f -> new Checkpoints(f, 1)), progress,
            new StudyNotices());
    }

    @Test
    void hasACellForEveryCombination() {
        final List<Row> rows = run(options(List.of(2, 1), List.of(1, 2, 99), 2), Optional.empty(), Progress.NONE);
        assertEquals(1 + 2 * 2 * 4, rows.size());
        assertEquals(Start.SOURCE, rows.get(0).start());
        assertEquals(3, rows.get(3).tuned(), "all of the network's blocks");
        assertEquals(2, rows.stream().map(Row::seed).filter(s -> s > 0).distinct().count());
        rows.forEach(r -> assertTrue(r.dice() >= 0 && r.dice() <= 1, r.toString()));
        // with all blocks trained on the same cases, the fine-tuned network differs from the fresh one by its start only
        final List<Row> fresh = rows.stream().filter(r -> r.start() == Start.SCRATCH && r.seed() == 1).toList();
        final List<Row> tuned =
            rows.stream().filter(r -> r.start() == Start.FINE_TUNED && r.tuned() == 3 && r.seed() == 1).toList();
        assertEquals(tuned.stream().map(Row::dice).toList(), fresh.stream().map(Row::dice).toList(),
            "the source network has the fresh weights of seed 1");
    }

    @Test
    void goesOnWhereItStopped(@TempDir final Path folder) throws Exception {
        final TransferStudyOptions options = options(List.of(1), List.of(1, 2), 1);
        final List<Row> straight = run(options, Optional.empty(), Progress.NONE);
        assertThrows(CancellationException.class, () -> run(options, Optional.of(folder), (fraction, message) -> {
            if (message.startsWith("Network 3 of 4: Step 2")) {
                throw new CancellationException();
            }
        }));
        final List<String> messages = new ArrayList<>();
        assertEquals(straight, run(options, Optional.of(folder), (fraction, message) -> messages.add(message)));
        assertTrue(messages.stream().noneMatch(m -> m.startsWith("Network 2 of 4")), "network 2 was finished");
        assertTrue(messages.stream().anyMatch(m -> m.startsWith("Network 3 of 4")), "network 3 was not");
        // more seeds are the same study: what is finished stays
        messages.clear();
        assertEquals(straight, run(options(List.of(1), List.of(1, 2), 2), Optional.of(folder),
            (fraction, message) -> messages.add(message)).subList(0, 4));
        assertTrue(messages.stream().noneMatch(m -> m.startsWith("Network 4 of 7")));
        try (Stream<Path> files = Files.list(folder)) {
            final Path file = files.filter(f -> f.toString().endsWith(".csv")).findFirst().orElseThrow();
            Files.writeString(file, Files.readString(file) + "nonsense\n");
        }
        assertTrue(assertThrows(RuntimeException.class, () -> run(options, Optional.of(folder), Progress.NONE)).getMessage()
            .contains("nonsense"));
    }

    /** White matter of the test subject is not annotated: what is found there is neither right nor wrong. */
    @Test
    void scoresLeaveOutWhatIsNotAnnotated() {
        final LabelVolume all = STUDY.heldOut(1).labels();
        final byte[] marked = all.voxels().clone();
        for (int v = 0; v < marked.length; v++) {
            marked[v] = marked[v] == 3 ? (byte)NetworkSpec.UNANNOTATED : marked[v];
        }
        final TrainingCase test = new TrainingCase(TEST.get(0).channels(),
            () -> new LabelVolume(marked, all.geometry(), all.info(), all.labels()), "held out", "B", Role.VALIDATION, true);
        final Row source = TransferStudy.run(STUDY.untrained(), STUDY.training(1, true), List.of(test),
            options(List.of(1), List.of(1), 1), Optional.empty(), Progress.NONE, new StudyNotices()).get(0);
        final double[] both = new double[4];
        final double[] either = new double[4];
        try (SlidingWindowPredictor predictor = new SlidingWindowPredictor(STUDY.untrained())) {
            final byte[] found = predictor.predict(STUDY.heldOut(1).image(), Progress.NONE).voxels();
            for (int v = 0; v < found.length; v++) {
                if (all.voxels()[v] != 3) {
                    both[found[v]] += found[v] == all.voxels()[v] ? 2 : 0;
                    either[found[v]]++;
                    either[all.voxels()[v]]++;
                }
            }
        }
        // class 3 is left where it was found wrongly only: Dice 0
        final double expected =
            IntStream.range(1, 4).filter(c -> either[c] > 0).mapToDouble(c -> both[c] / either[c]).average().orElseThrow();
        assertEquals(expected, source.dice(), 1e-9);
        // the area counts the same voxels: pairs of one of a class and one that is annotated as something else
        double areas = 0;
        try (SlidingWindowPredictor predictor = new SlidingWindowPredictor(STUDY.untrained())) {
            final List<Volume> maps = predictor.probabilities(STUDY.heldOut(1).image(), Progress.NONE);
            for (int c = 1; c < 3; c++) {
                areas += area(maps.get(c).voxels(), all.voxels(), c) / 2;
            }
        }
        assertEquals(areas, source.auc(), 1e-9);
    }

    /** By counting, for each voxel of the class, how many others score less: a table of counts by score. */
    private static double area(final float[] scores, final byte[] labels, final int label) {
        final TreeMap<Float, long[]> counts = new TreeMap<>();
        for (int v = 0; v < scores.length; v++) {
            if (labels[v] != 3) {
                counts.computeIfAbsent(scores[v], s -> new long[2])[labels[v] == label ? 1 : 0]++;
            }
        }
        double pairs = 0;
        double below = 0;
        double positives = 0;
        for (final long[] count : counts.values()) {
            pairs += count[1] * (below + count[0] / 2.0);
            below += count[0];
            positives += count[1];
        }
        return pairs / below / positives;
    }

    @Test
    void refusesWhatCannotBeMeasured() {
        final TransferStudyOptions four = options(List.of(4), List.of(1), 1);
        assertTrue(assertThrows(LearningException.class, () -> run(four, Optional.empty(), Progress.NONE)).getMessage()
            .contains("only 3"));
        final TransferStudyOptions one = options(List.of(1), List.of(1), 1);
        assertTrue(assertThrows(LearningException.class, () -> TransferStudy.run(STUDY.untrained(), STUDY.training(1, true),
            List.of(), one, Optional.empty(), Progress.NONE, new StudyNotices())).getMessage().contains("No test case"));
        assertTrue(assertThrows(LearningException.class, () -> TransferStudy.run(STUDY.untrained(), STUDY.training(1, true),
            STUDY.training(1, true), one, Optional.empty(), Progress.NONE, new StudyNotices())).getMessage().contains("test subject"));
        assertThrows(IllegalArgumentException.class, () -> options(List.of(), List.of(1), 1));
        assertThrows(IllegalArgumentException.class, () -> options(List.of(1), List.of(0), 1));
        assertThrows(IllegalArgumentException.class, () -> options(List.of(1), List.of(1), 0));
    }
}
