package org.scanbridge.learning.method;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.predict.SlidingWindowPredictor;
import org.scanbridge.learning.train.TrainingListener;

/** KNIME runs the branches of a workflow at the same time in one JVM. */
@Timeout(300)
class ConcurrentTrainingTest {

    private static final TinyStudy STUDY = new TinyStudy();

    private static final SegmentationOptions SHORT = SegmentationOptions.defaults().withSteps(5).withBatch(2);

    private static Network train() {
        return SegmentationTraining
            .run(STUDY.untrained(), STUDY.training(0, true), SHORT, Progress.NONE, TrainingListener.NONE).network();
    }

    @Test
    void trainingsAndPredictionsSideBySideGiveTheSameBits() throws Exception {
        final Network expected = train();
        final List<CompletableFuture<String>> trainings = new ArrayList<>();
        for (int n = 0; n < 3; n++) {
            trainings.add(CompletableFuture.supplyAsync(() -> train().weights().hash()));
        }
        try (SlidingWindowPredictor predictor = new SlidingWindowPredictor(expected)) {
            final LabelVolume first = predictor.predict(STUDY.heldOut(0).image(), Progress.NONE);
            final LabelVolume second = predictor.predict(STUDY.heldOut(0).image(), Progress.NONE);
            assertArrayEquals(first.voxels(), second.voxels());
        }
        for (final CompletableFuture<String> training : trainings) {
            assertEquals(expected.weights().hash(), training.get(200, TimeUnit.SECONDS));
        }
    }
}
