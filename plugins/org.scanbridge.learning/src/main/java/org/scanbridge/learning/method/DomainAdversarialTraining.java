package org.scanbridge.learning.method;

import java.util.List;

import org.scanbridge.imaging.Progress;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.train.TrainingListener;
import org.scanbridge.learning.train.TrainingResult;

/** Domain-adversarial training (DANN). */
public final class DomainAdversarialTraining {

    private DomainAdversarialTraining() {
    }

    /**
     * Adapts a network to target sites without their labels: labels of cases of a site that is not a source site are
     * never read, not even for validation.
     *
     * @param network where to start; untrained, or trained on the source sites (warm start)
     * @param cases cases of at least one source and one target site
     * @param options how to train
     * @param progress learns of the steps, cancels them
     * @param listener learns of the metrics of each step
     * @return the adapted network (without the domain head) and its curves
     * @throws LearningException as {@link SegmentationTraining#run}, and if there is only one site
     */
    public static TrainingResult run(final Network network, final List<TrainingCase> cases,
        final DomainAdversarialOptions options, final Progress progress, final TrainingListener listener) {
        throw new UnsupportedOperationException("not yet there");
    }
}
