package org.scanbridge.learning.graph;

import java.util.Map;

/**
 * What a network for several sites learns from decoders that know one site each (MS-Net: Liu et al., IEEE TMI 2020,
 * "multi-site-guided knowledge transfer"). Behind the shared encoder stand the network's decoder u, which serves all K sites,
 * and in training an auxiliary decoder a(k) per site, which sees patches of its site only. With the segmentation loss Lseg and
 * the probabilities s of u and t of a(k) for the voxels v of site k's patches, a step minimizes
 *
 * <pre>
 * (1 - w) Lseg(u; all sites) + w/K Σk Lt(k) + 1/K Σk Lseg(a(k); site k)
 * Lt(k) = 1 - 1/C Σc (ε + 2 Σv s t) / (ε + Σv s² + Σv t²)
 * </pre>
 *
 * over the C classes but background, where t is constant: the decoder of all sites learns from those of one, not the other way
 * round. The sums of squares make s = t the best (with plain sums, the best would be a sharper s). In the first part of the
 * training w is 0, so that what is taught has been learned. The auxiliary decoders begin as copies of the network's and are
 * dropped at the end.
 * <p>
 * The authors' code has w = ½, teaches with the class of the highest probability instead of t, and trains nothing but the
 * auxiliary decoders in the first 500 steps; here the network's own decoder learns from the labels alone in that time, because
 * trainings are short.
 *
 * @param weight w after the lead, in [0, 1]
 * @param lead part of the training in which w is 0, in [0, 1]
 */
public record KnowledgeTransfer(double weight, double lead) {

    /** Name of the loss of the auxiliary decoders in the curve. */
    public static final String AUXILIARY_METRIC = "Auxiliary Decoders Loss";

    /** Name of the mean of Lt in the curve. */
    public static final String METRIC = "Knowledge Transfer Loss";

    private static final double LEAD = 0.25;

    /** @throws IllegalArgumentException if a component is outside the range given above */
    public KnowledgeTransfer {
        AdaptationTerm.check("Weight of the knowledge transfer", weight, 0, 1);
        AdaptationTerm.check("Lead of the auxiliary decoders", lead, 0, 1);
    }

    /** The authors' weight, after a quarter of the training. */
    public static KnowledgeTransfer defaults() {
        return new KnowledgeTransfer(0.5, LEAD);
    }

    /**
     * w.
     *
     * @param progress in [0, 1)
     */
    double weight(final double progress) {
        return progress < lead ? 0 : weight;
    }

    /** All numbers by name, for the provenance. */
    public Map<String, String> asMap() {
        return Map.of("weight", "" + weight, "lead", "" + lead);
    }
}
