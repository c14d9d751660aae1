package org.scanbridge.learning.report;

import java.util.Objects;
import java.util.OptionalDouble;

/**
 * How well a model detects lesions, over all images of a site.
 *
 * @param site the site
 * @param role training, validation or test
 * @param model the model
 * @param className the class whose lesions are counted
 * @param images number of images
 * @param reference number of the reference's lesions
 * @param detected how many of them the model detects
 * @param falsePositives lesions of the model that the reference does not confirm
 * @param recall share of the reference's lesions that are detected; empty if neither side has a lesion, as the next two
 * @param precision share of the model's lesions that the reference confirms
 * @param f1 their harmonic mean
 * @param cpm mean sensitivity of the FROC at ⅛ to 8 false positives per image; empty without probabilities
 */
public record LesionScore(String site, String role, String model, String className, int images, int reference, int detected,
    int falsePositives, OptionalDouble recall, OptionalDouble precision, OptionalDouble f1, OptionalDouble cpm) {

    /** @throws NullPointerException if a component is null */
    public LesionScore {
        Objects.requireNonNull(site, "site");
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(className, "className");
        Objects.requireNonNull(recall, "recall");
        Objects.requireNonNull(precision, "precision");
        Objects.requireNonNull(f1, "f1");
        Objects.requireNonNull(cpm, "cpm");
    }
}
