package org.scanbridge.learning.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.scanbridge.imaging.Progress;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.graph.OptimizerSpec;
import org.scanbridge.learning.report.LiveCurves;
import org.scanbridge.learning.train.Checkpoints;
import org.scanbridge.learning.train.TrainingListener;
import org.scanbridge.learning.train.TrainingResult;

/** A training whose process is killed in the middle of a step goes on with the bits it would have had. */
@Timeout(300)
class KilledTrainingTest {

    private static final int STEPS = 24;

    private static final SegmentationOptions OPTIONS = SegmentationOptions.defaults().withSteps(STEPS).withBatch(2)
        .withValidationInterval(7).withOptimizer(OptimizerSpec.sgd(0.9).withClipNorm(1)).withLearningRate(0.05);

    /** Trains with checkpoints, slowly. */
    public static final class Main {

        private Main() {
        }

        public static void main(final String[] arguments) {
            run(Optional.of(new Checkpoints(Path.of(arguments[0]), 2)), (fraction, message) -> {
                try {
                    Thread.sleep(message.startsWith("Step ") ? 400 : 0);
                } catch (final InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }, new LiveCurves());
        }
    }

    private static TrainingResult run(final Optional<Checkpoints> checkpoints, final Progress progress,
        final TrainingListener listener) {
        final TinyStudy study = new TinyStudy();
        final List<TrainingCase> cases = TinyStudy.together(study.training(0, true), study.validation(0));
        return SegmentationTraining.run(study.untrained(), cases, OPTIONS, checkpoints, progress, listener);
    }

    private static Optional<Path> find(final Path folder, final String name) throws Exception {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(f -> f.getFileName().toString().equals(name)).findFirst();
        }
    }

    @Test
    void goesOnWithTheSameBits(@TempDir final Path folder) throws Exception {
        final Process process = ChildJvm.of(Main.class, folder.toString())
            .redirectOutput(folder.resolve("log.txt").toFile()).start();
        final TrainingResult straight = run(Optional.empty(), Progress.NONE, TrainingListener.NONE);
        while (find(folder, "checkpoint.previous.bin").isEmpty()) {
            assertTrue(process.isAlive(), () -> "the training ended before it could be killed");
            Thread.sleep(50);
        }
        process.destroyForcibly().waitFor();
        assertEquals(137, process.exitValue(), "killed by SIGKILL");
        final String page = Files.readString(find(folder, "training.html").orElseThrow());
        assertTrue(page.contains("http-equiv=\"refresh\"") && page.contains("of " + STEPS), page);

        final List<String> begun = new ArrayList<>();
        final TrainingResult resumed = run(Optional.of(new Checkpoints(folder, 100)), (fraction, message) -> {
            if (message.startsWith("Step ")) {
                begun.add(message);
            }
        }, new LiveCurves());
        assertTrue(begun.size() < STEPS && !begun.isEmpty(), begun.size() + " steps were done again");
        assertEquals(straight.network().weights().hash(), resumed.network().weights().hash());
        assertEquals(straight.last().hash(), resumed.last().hash());
        assertEquals(straight.curve(), resumed.curve());
        final String last = Files.readString(find(folder, "training.html").orElseThrow());
        assertTrue(last.contains("Done after " + STEPS) && !last.contains("http-equiv=\"refresh\""), last);
    }
}
