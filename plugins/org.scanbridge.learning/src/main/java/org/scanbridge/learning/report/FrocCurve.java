package org.scanbridge.learning.report;

import java.util.Objects;

/**
 * The free-response receiver operating characteristic of a model at a site.
 *
 * @param site the site
 * @param role training, validation or test
 * @param model the model
 * @param className the class whose lesions are found
 * @param thresholds of the probability, decreasing
 * @param falsePositives false candidates per image at each of them
 * @param sensitivities share of the lesions that are found at each of them
 */
public record FrocCurve(String site, String role, String model, String className, double[] thresholds, double[] falsePositives,
    double[] sensitivities) {

    /** @throws IllegalArgumentException if the numbers of values differ */
    public FrocCurve {
        Objects.requireNonNull(site, "site");
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(className, "className");
        if (thresholds.length != falsePositives.length || thresholds.length != sensitivities.length) {
            throw new IllegalArgumentException(thresholds.length + " thresholds, " + falsePositives.length
                + " numbers of false positives and " + sensitivities.length + " sensitivities make no curve.");
        }
        thresholds = thresholds.clone();
        falsePositives = falsePositives.clone();
        sensitivities = sensitivities.clone();
    }
}
