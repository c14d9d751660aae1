package org.scanbridge.learning.graph;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Consistency (CSD: Jeong et al., NeurIPS 2019, eq. 3 to 9, for segmentations): the prediction must not depend on a mirror
 * and on how the image was taken. With a patch x, a mirrored and otherwise acquired view T(x), a = network(x), b =
 * T⁻¹(network(T(x))) and voxels v where a or b has a foreground probability above ½ (the paper's background
 * elimination):
 *
 * <pre>
 * w(p) · mean over v of ½ KL(a‖sg b) + ½ KL(b‖sg a)
 * </pre>
 *
 * where sg is constant for differentiation. w rises as exp(-5 (1 - p/p₁)²) until p₁ = 32/120 of the training and falls as
 * exp(-12.5 (1 - (1-p)/p₂)²) in the last p₂ = 20/120, the paper's shares. Views are mirrored along i; beside that the
 * paper leaves them alone ({@code strength} 0). Here intensities also change by smoothing, a random curve and noise (see
 * PatchView of the data package), the ways in which scanners differ.
 *
 * The paper compares all patches. {@code targetOnly} leaves out those of the source, which have labels already, as French,
 * Mackiewicz and Fisher do (Self-ensembling for visual domain adaptation, ICLR 2018, section 3); then their views are not
 * computed, and v are voxels of target patches.
 *
 * @param weight factor of w; 0 to 1000
 * @param strength how much the views' intensities change; 0 for not at all; 0 to 10
 * @param targetOnly whether only target patches are compared with their views, labeled or not
 */
public record ConsistencyTerm(double weight, double strength, boolean targetOnly) implements AdaptationTerm {

    private static final double UP = 32.0 / 120;

    private static final double DOWN = 20.0 / 120;

    /** @throws IllegalArgumentException if a component is outside the range given above */
    public ConsistencyTerm {
        AdaptationTerm.check("Weight of the consistency", weight, 0, 1000);
        AdaptationTerm.check("Strength of the views", strength, 0, 10);
    }

    /** Weight 1 and all patches as in the paper, intensities changed. */
    public static ConsistencyTerm defaults() {
        return new ConsistencyTerm(1, 1, false);
    }

    /** The same for all patches or those of the target only. */
    public ConsistencyTerm withTargetOnly(final boolean value) {
        return new ConsistencyTerm(weight, strength, value);
    }

    @Override
    public String title() {
        return "Consistency";
    }

    @Override
    public double weight(final double progress) {
        if (progress < UP) {
            return weight * Math.exp(-5 * Math.pow(1 - progress / UP, 2));
        }
        return progress <= 1 - DOWN ? weight : weight * Math.exp(-12.5 * Math.pow(1 - (1 - progress) / DOWN, 2));
    }

    @Override
    public Map<String, String> asMap() {
        final Map<String, String> map = new LinkedHashMap<>();
        map.put("weight", "" + weight);
        map.put("strength", "" + strength);
        if (targetOnly) {
            map.put("images", "target only");
        }
        return map;
    }
}
