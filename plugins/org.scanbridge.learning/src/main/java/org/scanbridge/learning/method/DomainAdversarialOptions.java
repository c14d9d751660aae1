package org.scanbridge.learning.method;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import org.scanbridge.learning.train.StepMetrics;

/**
 * Options of {@link DomainAdversarialTraining}. Start from {@link #defaults()}.
 *
 * @param segmentation options of the segmentation loss, sampling and optimizer; half of each batch comes from the
 *            source sites, half from the target sites. Its foreground fraction is not used: all patches are centered
 *            anywhere in the patient, see {@link DomainAdversarialTraining}
 * @param sourceSites sites whose labels are used; empty for all sites whose training cases are all labeled, provided
 *            that others are not
 * @param attachment which feature maps the domain head sees
 * @param lambdaMax upper bound of the reversed gradient's strength; ≥ 0; at 0 the domain head learns, but
 *            the network does not adapt
 * @param lambdaGamma steepness of the schedule λ(p) = λmax (2 / (1 + e^(-γ p)) - 1); 10 in the paper; positive
 * @param headWidth channels of the domain head's first hidden layer; at least 1
 * @param headLearningRateFactor learning rate of the domain head over that of the network; positive
 * @param beta1 decay of Adam's first moment, in [0, 1); low, because the two players' gradients change their direction
 * @param averagedFraction the result has the mean of the weights over this last part of the steps, in [0, 1]; 0 for the
 *            last step's weights. Calms the to and fro of the two players (Izmailov et al., UAI 2018)
 * @param kept which step's weights the result has; if one is chosen, nothing is averaged
 */
public record DomainAdversarialOptions(SegmentationOptions segmentation, List<String> sourceSites, Attachment attachment,
    double lambdaMax, double lambdaGamma, int headWidth, double headLearningRateFactor, double beta1,
    double averagedFraction, KeptStep kept) {

    /** Which feature maps the domain head sees. */
    public enum Attachment {
        /** The deepest features, averaged over the patch (Ganin et al., JMLR 2016, for a U-Net). */
        BOTTLENECK,
        /**
         * The bottleneck and all decoder levels, one averaging head each ("multi-connected", Kamnitsas et al., IPMI
         * 2017).
         */
        MULTI_LEVEL,
        /** The features at full resolution that the logits are made of, region by region. */
        LAST_DECODER,
        /** The class probabilities, region by region (Tsai et al., CVPR 2018). */
        OUTPUT
    }

    /** @throws IllegalArgumentException if a component is outside the range given above */
    public DomainAdversarialOptions {
        sourceSites = List.copyOf(sourceSites);
        Objects.requireNonNull(kept, "kept");
        check(lambdaMax >= 0 && lambdaMax <= 1000, "Lambda " + lambdaMax + ": 0 to 1000.");
        check(lambdaGamma > 0 && lambdaGamma <= 1000, "Lambda steepness " + lambdaGamma + ": above 0, at most 1000.");
        check(headWidth >= 1 && headWidth <= 4096, "Domain head width " + headWidth + ": 1 to 4096.");
        check(headLearningRateFactor > 0 && headLearningRateFactor <= 1000,
            "Learning rate factor " + headLearningRateFactor + ": above 0, at most 1000.");
        check(beta1 >= 0 && beta1 < 1, "Beta 1 " + beta1 + ": at least 0, below 1.");
        check(averagedFraction >= 0 && averagedFraction <= 1, "Averaged fraction " + averagedFraction + ": 0 to 1.");
        check(segmentation.batch() % 2 == 0,
            "Batch size " + segmentation.batch() + ": must be even, half of it comes from the target sites.");
    }

    /**
     * The schedule of the paper with a head on the last decoder features that learns six times as fast as the network
     * (at the same rate it was too slow to teach the network anything); 400 steps from a network trained on the source
     * sites, the weights averaged over the last quarter.
     */
    public static DomainAdversarialOptions defaults() {
        return new DomainAdversarialOptions(SegmentationOptions.defaults().withLearningRate(5e-4), List.of(),
            Attachment.LAST_DECODER, 1, 10, 16, 6, 0.5, 0.25, KeptStep.AVERAGE);
    }

    /** The same with other segmentation options. */
    public DomainAdversarialOptions withSegmentation(final SegmentationOptions value) {
        return new DomainAdversarialOptions(value, sourceSites, attachment, lambdaMax, lambdaGamma, headWidth,
            headLearningRateFactor, beta1, averagedFraction, kept);
    }

    /** The same with other source sites. */
    public DomainAdversarialOptions withSourceSites(final List<String> value) {
        return new DomainAdversarialOptions(segmentation, value, attachment, lambdaMax, lambdaGamma, headWidth,
            headLearningRateFactor, beta1, averagedFraction, kept);
    }

    /** The same with another attachment. */
    public DomainAdversarialOptions withAttachment(final Attachment value) {
        return new DomainAdversarialOptions(segmentation, sourceSites, value, lambdaMax, lambdaGamma, headWidth,
            headLearningRateFactor, beta1, averagedFraction, kept);
    }

    /** The same with another bound of lambda. */
    public DomainAdversarialOptions withLambdaMax(final double value) {
        return new DomainAdversarialOptions(segmentation, sourceSites, attachment, value, lambdaGamma, headWidth,
            headLearningRateFactor, beta1, averagedFraction, kept);
    }

    /** The same with another learning rate of the head. */
    public DomainAdversarialOptions withHeadLearningRateFactor(final double value) {
        return new DomainAdversarialOptions(segmentation, sourceSites, attachment, lambdaMax, lambdaGamma, headWidth,
            value, beta1, averagedFraction, kept);
    }

    /** The same with another averaged part. */
    public DomainAdversarialOptions withAveragedFraction(final double value) {
        return new DomainAdversarialOptions(segmentation, sourceSites, attachment, lambdaMax, lambdaGamma, headWidth,
            headLearningRateFactor, beta1, value, kept);
    }

    /** The same with another choice of the step. */
    public DomainAdversarialOptions withKept(final KeptStep value) {
        return new DomainAdversarialOptions(segmentation, sourceSites, attachment, lambdaMax, lambdaGamma, headWidth,
            headLearningRateFactor, beta1, averagedFraction, value);
    }

    /** How the step is chosen. */
    StepSelection selection() {
        return new StepSelection(kept, averagedFraction);
    }

    /** What a step measures beside what all trainings do, by the names of the curve. */
    public List<String> measured() {
        return kept.measure().isLabelFree() ? List.of(StepMetrics.LABEL_FREE_SCORE) : List.of();
    }

    /**
     * λ(p) = λmax (2 / (1 + e^(-γ p)) - 1) (Ganin et al., section 5.2.2).
     *
     * @param p progress of the training in [0, 1]
     */
    public double lambda(final double p) {
        return lambdaMax * (2 / (1 + Math.exp(-lambdaGamma * p)) - 1);
    }

    /** All options by name, for the provenance. */
    public Map<String, String> asMap() {
        final Map<String, String> map = new TreeMap<>(segmentation.asMap());
        map.put("sourceSites", sourceSites.toString());
        map.put("attachment", attachment.name());
        map.put("lambdaMax", "" + lambdaMax);
        map.put("lambdaGamma", "" + lambdaGamma);
        map.put("headWidth", "" + headWidth);
        map.put("headLearningRateFactor", "" + headLearningRateFactor);
        map.put("beta1", "" + beta1);
        map.put("averagedFraction", "" + averagedFraction);
        return selection().addTo(map);
    }

    private static void check(final boolean ok, final String message) {
        if (!ok) {
            throw new IllegalArgumentException(message);
        }
    }
}
