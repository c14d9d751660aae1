package org.scanbridge.learning.train;

import java.util.List;

import org.scanbridge.learning.architecture.Weights;
import org.scanbridge.learning.network.Network;

/**
 * What a training gives.
 *
 * @param network the trained network: the weights of the best step by validation Dice, the last step's without validation
 * @param last the weights of the last step
 * @param curve the metrics of all steps
 * @param device device and number of threads that were used
 * @param setupSeconds wall time of reading the cases and building the graph
 * @param trainingSeconds wall time of the steps
 * @param validationSeconds wall time of the validations
 */
public record TrainingResult(Network network, Weights last, List<StepMetrics> curve, String device, double setupSeconds,
    double trainingSeconds, double validationSeconds) {

    /** Copies the curve. */
    public TrainingResult {
        curve = List.copyOf(curve);
    }
}
