package org.scanbridge.learning.train;

import java.util.List;

import org.scanbridge.learning.network.Network;

/**
 * What the training of a generator with a segmenter gives.
 *
 * @param generator makes normalized images
 * @param segmenter segments them; of the same step as the generator
 * @param curve the metrics of all steps
 * @param device device and number of threads that were used
 * @param setupSeconds wall time of reading the cases and building the graph
 * @param trainingSeconds wall time of the steps
 * @param validationSeconds wall time of the validations
 */
public record NormalizationResult(Network generator, Network segmenter, List<StepMetrics> curve, String device,
    double setupSeconds, double trainingSeconds, double validationSeconds) {

    /** Copies the curve. */
    public NormalizationResult {
        curve = List.copyOf(curve);
    }
}
