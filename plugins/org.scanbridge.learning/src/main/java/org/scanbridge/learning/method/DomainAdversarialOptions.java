package org.scanbridge.learning.method;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Options of {@link DomainAdversarialTraining}. Start from {@link #defaults()}.
 *
 * @param segmentation options of the segmentation loss, sampling and optimizer; half of each batch comes from the
 *            source sites, half from the target sites
 * @param sourceSites sites whose labels are used; empty for all sites whose training cases are all labeled, provided
 *            that others are not
 * @param attachment which feature maps the domain head sees
 * @param lambdaMax upper bound of the reversed gradient's strength; ≥ 0; 0 trains the domain head only
 * @param lambdaGamma steepness of the schedule λ(p) = λmax (2 / (1 + e^(-γ p)) - 1); 10 in the paper; positive
 * @param headWidth channels of the domain head's hidden layers; at least 1
 * @param headLearningRateFactor learning rate of the domain head over that of the network; positive
 */
public record DomainAdversarialOptions(SegmentationOptions segmentation, List<String> sourceSites, Attachment attachment,
    double lambdaMax, double lambdaGamma, int headWidth, double headLearningRateFactor) {

    /** Which feature maps the domain head sees. */
    public enum Attachment {
        /** The deepest features (Ganin et al., JMLR 2016, for a U-Net). */
        BOTTLENECK,
        /** Those of all encoder and decoder levels ("multi-connected", Kamnitsas et al., IPMI 2017). */
        MULTI_LEVEL,
        /** The features before the logits, voxel by voxel. */
        LAST_DECODER
    }

    /** @throws IllegalArgumentException if a component is outside the range given above */
    public DomainAdversarialOptions {
        sourceSites = List.copyOf(sourceSites);
        check(lambdaMax >= 0 && lambdaMax <= 1000, "Lambda " + lambdaMax + ": 0 to 1000.");
        check(lambdaGamma > 0 && lambdaGamma <= 1000, "Lambda steepness " + lambdaGamma + ": above 0, at most 1000.");
        check(headWidth >= 1 && headWidth <= 4096, "Domain head width " + headWidth + ": 1 to 4096.");
        check(headLearningRateFactor > 0 && headLearningRateFactor <= 1000,
            "Learning rate factor " + headLearningRateFactor + ": above 0, at most 1000.");
        check(segmentation.batch() % 2 == 0,
            "Batch size " + segmentation.batch() + ": must be even, half of it comes from the target sites.");
    }

    /** The schedule of the paper. */
    public static DomainAdversarialOptions defaults() {
        return new DomainAdversarialOptions(SegmentationOptions.defaults(), List.of(), Attachment.BOTTLENECK, 1, 10, 64, 1);
    }

    /** The same with other segmentation options. */
    public DomainAdversarialOptions withSegmentation(final SegmentationOptions value) {
        return new DomainAdversarialOptions(value, sourceSites, attachment, lambdaMax, lambdaGamma, headWidth,
            headLearningRateFactor);
    }

    /** The same with other source sites. */
    public DomainAdversarialOptions withSourceSites(final List<String> value) {
        return new DomainAdversarialOptions(segmentation, value, attachment, lambdaMax, lambdaGamma, headWidth,
            headLearningRateFactor);
    }

    /** The same with another attachment. */
    public DomainAdversarialOptions withAttachment(final Attachment value) {
        return new DomainAdversarialOptions(segmentation, sourceSites, value, lambdaMax, lambdaGamma, headWidth,
            headLearningRateFactor);
    }

    /** The same with another bound of lambda. */
    public DomainAdversarialOptions withLambdaMax(final double value) {
        return new DomainAdversarialOptions(segmentation, sourceSites, attachment, value, lambdaGamma, headWidth,
            headLearningRateFactor);
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
        return map;
    }

    private static void check(final boolean ok, final String message) {
        if (!ok) {
            throw new IllegalArgumentException(message);
        }
    }
}
