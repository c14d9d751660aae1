package org.scanbridge.learning.graph;

import java.util.Set;

import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.tensorflow.DeviceChoice;

/**
 * What a {@link MetaLearningGraph} is built from. A batch has as many patches of every site, all labeled: those of the
 * meta-train sites first, site after site, those of the meta-test site last.
 *
 * @param network the architecture; a U-Net with group or instance normalization, without deep supervision
 * @param sites number of sites K; at least 2
 * @param patchesPerSite patches per site and step; at least 1
 * @param loss the segmentation loss
 * @param frozenBlocks names of blocks whose weights stay as they are
 * @param innerStep the step that is not taken
 * @param alignment how classes are aligned between meta-train and meta-test sites
 * @param triplet how embeddings of classes are compared
 * @param seed for the initial weights of the embedding
 * @param optimizer of the network and the embedding
 * @param device where to compute
 */
public record MetaLearningGraphSpec(NetworkSpec network, int sites, int patchesPerSite, SegmentationLossSpec loss,
    Set<String> frozenBlocks, InnerStep innerStep, ClassAlignmentTerm alignment, TripletTerm triplet, long seed,
    OptimizerSpec optimizer, DeviceChoice device) {

    /**
     * The step θ' = θ - α min(1, c / ‖g‖) g with the gradient g of the task loss on the meta-train sites.
     *
     * @param learningRate α; 0 to 10
     * @param clipNorm c; above 0, at most 1000
     * @param secondOrder whether the outer gradient knows that g depends on θ; if not, it takes g for constant
     */
    public record InnerStep(double learningRate, double clipNorm, boolean secondOrder) {

        /** @throws IllegalArgumentException if a component is outside the range given above */
        public InnerStep {
            AdaptationTerm.check("Rehearsed learning rate", learningRate, 0, 10);
            AdaptationTerm.check("Bound of the rehearsed gradient", clipNorm, Double.MIN_VALUE, 1000);
        }
    }

    /** @throws IllegalArgumentException if a component is outside the range given above */
    public MetaLearningGraphSpec {
        frozenBlocks = Set.copyOf(frozenBlocks);
        if (sites < 2 || patchesPerSite < 1) {
            throw new IllegalArgumentException(patchesPerSite + " patches of each of " + sites + " sites: at least 1 of 2.");
        }
        if (!network.kind().isUNet() || network.norm() == Norm.BATCH || network.deepSupervision()) {
            throw new IllegalArgumentException("Meta-learning needs a U-Net with group or instance normalization and"
                + " without deep supervision, not " + network);
        }
    }

    /** Patches per step. */
    public int batch() {
        return sites * patchesPerSite;
    }

    /** Patches of meta-train sites per step: the first of a batch. */
    public int metaTrain() {
        return (sites - 1) * patchesPerSite;
    }
}
