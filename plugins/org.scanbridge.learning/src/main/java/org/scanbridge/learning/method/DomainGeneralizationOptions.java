package org.scanbridge.learning.method;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.graph.ClassAlignmentTerm;
import org.scanbridge.learning.graph.KnowledgeTransfer;
import org.scanbridge.learning.graph.MetaLearningGraph;
import org.scanbridge.learning.graph.MetaLearningGraphSpec.InnerStep;
import org.scanbridge.learning.graph.TripletTerm;

/**
 * Options of {@link DomainGeneralization}. Start from {@link #defaults()}.
 *
 * @param segmentation options of the segmentation loss, sampling and optimizer; its batch is shared equally by the sites
 * @param method what is minimized
 * @param innerStep the step that MASF does not take
 * @param alignment MASF's global alignment
 * @param triplet MASF's local alignment
 * @param transfer what a multi-site network learns from decoders of one site each
 * @param distillation what unpaired knowledge distillation aligns
 * @param resultSite the site that the network is for, where each site has norms of its own; else unused
 */
public record DomainGeneralizationOptions(SegmentationOptions segmentation, Method method, InnerStep innerStep,
    ClassAlignmentTerm alignment, TripletTerm triplet, KnowledgeTransfer transfer, ClassAlignmentTerm distillation,
    String resultSite) {

    /** How to learn from several sites. */
    public enum Method {
        /** Dou et al., NeurIPS 2019. */
        MASF,
        /** The segmentation loss of all sites' patches alone: the control, on the same patches. */
        POOLED,
        /** MS-Net: Liu et al., IEEE TMI 2020, see {@link KnowledgeTransfer}. */
        MULTI_SITE,
        /** Unpaired knowledge distillation: Dou et al., IEEE TMI 2020, see {@link ClassAlignmentTerm}. */
        DISTILLATION
    }

    /** Patches per step: 2, 3 or 6 sites can share them. */
    private static final int BATCH = 6;

    /** The authors' bound of the inner gradient. */
    private static final double INNER_CLIP_NORM = 2;

    private static final double INNER_LEARNING_RATE = 0.01;

    /** As networks for several known sites are trained by default. */
    public DomainGeneralizationOptions(final SegmentationOptions segmentation, final Method method,
        final InnerStep innerStep, final ClassAlignmentTerm alignment, final TripletTerm triplet) {
        this(segmentation, method, innerStep, alignment, triplet, KnowledgeTransfer.defaults(), ClassAlignmentTerm.defaults(),
            "");
    }

    /** Checks that nothing is missing, and strips the site. */
    public DomainGeneralizationOptions {
        Objects.requireNonNull(transfer, "transfer");
        Objects.requireNonNull(distillation, "distillation");
        resultSite = resultSite == null ? "" : resultSite.strip();
        Objects.requireNonNull(segmentation, "segmentation");
        Objects.requireNonNull(method, "method");
        Objects.requireNonNull(innerStep, "innerStep");
        Objects.requireNonNull(alignment, "alignment");
        Objects.requireNonNull(triplet, "triplet");
    }

    /**
     * MASF of first order with the authors' weights (1 and 0.005), temperature (2), margin (10) and bound (2), trained as
     * networks are by default, but on 6 patches per step.
     */
    public static DomainGeneralizationOptions defaults() {
        return new DomainGeneralizationOptions(SegmentationOptions.defaults().withBatch(BATCH), Method.MASF,
            new InnerStep(INNER_LEARNING_RATE, INNER_CLIP_NORM, false), new ClassAlignmentTerm(1, 2),
            TripletTerm.defaults());
    }

    /** The same with other segmentation options. */
    public DomainGeneralizationOptions withSegmentation(final SegmentationOptions value) {
        return new DomainGeneralizationOptions(value, method, innerStep, alignment, triplet, transfer, distillation, resultSite);
    }

    /** The same with another method. */
    public DomainGeneralizationOptions withMethod(final Method value) {
        return new DomainGeneralizationOptions(segmentation, value, innerStep, alignment, triplet, transfer, distillation,
            resultSite);
    }

    /** The same with another inner step. */
    public DomainGeneralizationOptions withInnerStep(final InnerStep value) {
        return new DomainGeneralizationOptions(segmentation, method, value, alignment, triplet, transfer, distillation,
            resultSite);
    }

    /** The same with another transfer. */
    public DomainGeneralizationOptions withTransfer(final KnowledgeTransfer value) {
        return new DomainGeneralizationOptions(segmentation, method, innerStep, alignment, triplet, value, distillation,
            resultSite);
    }

    /** The same with another distillation. */
    public DomainGeneralizationOptions withDistillation(final ClassAlignmentTerm value) {
        return new DomainGeneralizationOptions(segmentation, method, innerStep, alignment, triplet, transfer, value,
            resultSite);
    }

    /** The same for another site. */
    public DomainGeneralizationOptions withResultSite(final String value) {
        return new DomainGeneralizationOptions(segmentation, method, innerStep, alignment, triplet, transfer, distillation,
            value);
    }

    /** Name of the method for the provenance of a network of this architecture. */
    public String title(final NetworkSpec network) {
        return switch (method) {
            case MASF -> "masf";
            case POOLED -> "pooled";
            case MULTI_SITE -> "multi-site network";
            case DISTILLATION -> "unpaired distillation";
        } + (network.norm() == Norm.BATCH ? " + norms per site" : "");
    }

    /** What a step measures beside what all trainings do, by the names of the curve. */
    public List<String> measured() {
        return switch (method) {
            case MASF -> List.of(MetaLearningGraph.INNER_NORM, alignment.metric(), triplet.metric());
            case POOLED -> List.of();
            case MULTI_SITE -> List.of(KnowledgeTransfer.AUXILIARY_METRIC, KnowledgeTransfer.METRIC);
            case DISTILLATION -> List.of(distillation.metric());
        };
    }

    /** All options by name, for the provenance. */
    public Map<String, String> asMap() {
        final Map<String, String> map = new TreeMap<>(segmentation.asMap());
        map.put("method", method.name());
        if (method == Method.MASF) {
            map.put("innerLearningRate", "" + innerStep.learningRate());
            map.put("innerClipNorm", "" + innerStep.clipNorm());
            map.put("secondOrder", "" + innerStep.secondOrder());
            alignment.asMap().forEach((name, value) -> map.put(alignment.title() + '.' + name, value));
            triplet.asMap().forEach((name, value) -> map.put(triplet.title() + '.' + name, value));
        }
        if (method == Method.MULTI_SITE) {
            transfer.asMap().forEach((name, value) -> map.put("Knowledge transfer." + name, value));
        }
        if (method == Method.DISTILLATION) {
            distillation.asMap().forEach((name, value) -> map.put(distillation.title() + '.' + name, value));
        }
        return map;
    }
}
