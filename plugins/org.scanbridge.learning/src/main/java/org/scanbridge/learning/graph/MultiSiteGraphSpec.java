package org.scanbridge.learning.graph;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.tensorflow.DeviceChoice;

/**
 * What a {@link MultiSiteGraph} is built from. A batch has as many patches of every site, all labeled, site after site.
 *
 * @param network the architecture: a U-Net without deep supervision; with batch normalization it has a set of norm parameters
 *            per site, else one
 * @param sites names of the sites, at least 2, in the order of a batch and of the sets of norms
 * @param patchesPerSite patches per site and step; at least 1
 * @param loss the segmentation loss
 * @param frozenBlocks names of blocks whose weights stay as they are
 * @param transfer what is learned from decoders of one site each
 * @param distillation how classes are aligned between sites
 * @param seed of the training
 * @param optimizer of the network and the auxiliary decoders
 * @param steps of the whole training, for the schedule of the transfer
 * @param device where to compute
 */
public record MultiSiteGraphSpec(NetworkSpec network, List<String> sites, int patchesPerSite, SegmentationLossSpec loss,
    Set<String> frozenBlocks, Optional<KnowledgeTransfer> transfer, Optional<ClassAlignmentTerm> distillation, long seed,
    OptimizerSpec optimizer, int steps, DeviceChoice device) {

    /** @throws IllegalArgumentException if a component is outside the range given above */
    public MultiSiteGraphSpec {
        sites = List.copyOf(sites);
        frozenBlocks = Set.copyOf(frozenBlocks);
        if (sites.size() < 2 || patchesPerSite < 1) {
            throw new IllegalArgumentException(patchesPerSite + " patches of each of the sites " + sites + ": at least 1 of 2.");
        }
        final int sets = network.norm() == Norm.BATCH ? sites.size() : 1;
        if (!network.kind().isUNet() || network.deepSupervision() || network.domains() != sets) {
            throw new IllegalArgumentException("A network for several sites is a U-Net without deep supervision and with " + sets
                + " sets of norm parameters, not " + network + ", " + network.domains() + " sets");
        }
    }

    /** Patches per step. */
    public int batch() {
        return sites.size() * patchesPerSite;
    }

    /** The number of the set of norms of each patch of a batch. */
    List<Integer> slots() {
        return IntStream.range(0, batch()).map(n -> n / patchesPerSite).boxed().toList();
    }
}
