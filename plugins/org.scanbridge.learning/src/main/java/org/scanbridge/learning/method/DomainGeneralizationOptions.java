package org.scanbridge.learning.method;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import org.scanbridge.learning.graph.ClassAlignmentTerm;
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
 */
public record DomainGeneralizationOptions(SegmentationOptions segmentation, Method method, InnerStep innerStep,
    ClassAlignmentTerm alignment, TripletTerm triplet) {

    /** How to learn from several sites. */
    public enum Method {
        /** Dou et al., NeurIPS 2019. */
        MASF,
        /** The segmentation loss of all sites' patches alone: the control, on the same patches. */
        POOLED
    }

    /** Patches per step: 2, 3 or 6 sites can share them. */
    private static final int BATCH = 6;

    /** The authors' bound of the inner gradient. */
    private static final double INNER_CLIP_NORM = 2;

    private static final double INNER_LEARNING_RATE = 0.01;

    /** Checks that nothing is missing. */
    public DomainGeneralizationOptions {
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
        return new DomainGeneralizationOptions(value, method, innerStep, alignment, triplet);
    }

    /** The same with another method. */
    public DomainGeneralizationOptions withMethod(final Method value) {
        return new DomainGeneralizationOptions(segmentation, value, innerStep, alignment, triplet);
    }

    /** The same with another inner step. */
    public DomainGeneralizationOptions withInnerStep(final InnerStep value) {
        return new DomainGeneralizationOptions(segmentation, method, value, alignment, triplet);
    }

    /** Name of the method for the provenance. */
    public String title() {
        return method == Method.MASF ? "masf" : "pooled";
    }

    /** What a step measures beside what all trainings do, by the names of the curve. */
    public List<String> measured() {
        return method == Method.MASF ? List.of(MetaLearningGraph.INNER_NORM, alignment.metric(), triplet.metric())
            : List.of();
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
        return map;
    }
}
