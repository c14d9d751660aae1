package org.scanbridge.learning.train;

import java.util.List;

import org.scanbridge.learning.network.Network;

/**
 * What the training of two generators gives.
 *
 * @param forward makes target-like images from the source's
 * @param backward makes source-like images from the target's
 * @param curve the metrics of all steps
 * @param device device and number of threads that were used
 * @param setupSeconds wall time of reading the cases and building the graph
 * @param trainingSeconds wall time of the steps
 */
public record TranslationResult(Network forward, Network backward, List<StepMetrics> curve, String device,
    double setupSeconds, double trainingSeconds) {

    /** Copies the curve. */
    public TranslationResult {
        curve = List.copyOf(curve);
    }
}
