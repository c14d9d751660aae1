package org.scanbridge.learning.method;

import java.util.List;

import org.scanbridge.imaging.Progress;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.train.TrainingListener;
import org.scanbridge.learning.train.TrainingResult;

/** Supervised training. */
public final class SegmentationTraining {

    private SegmentationTraining() {
    }

    /**
     * Trains a network on labeled cases; unlabeled ones are not read. Runs the steps on the calling thread and stops
     * between two steps when the progress is cancelled.
     *
     * @param network where to start; untrained, or trained before (warm start)
     * @param cases training cases, and validation cases that decide which step is kept
     * @param options how to train
     * @param progress learns of the steps, cancels them
     * @param listener learns of the metrics of each step
     * @return the trained network and its curves
     * @throws LearningException if no training case is labeled, a label value is no class of the network, a subject is
     *             both training and validation, a step gives no finite loss, or memory would not suffice
     */
    public static TrainingResult run(final Network network, final List<TrainingCase> cases,
        final SegmentationOptions options, final Progress progress, final TrainingListener listener) {
        throw new UnsupportedOperationException("not yet there");
    }
}
