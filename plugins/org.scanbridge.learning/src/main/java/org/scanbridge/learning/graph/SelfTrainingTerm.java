package org.scanbridge.learning.graph;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Self-training: a teacher says what the unlabeled target patches t show, and the network s learns that as if it were their
 * segmentation. With the teacher's probabilities q(v) of a voxel v, its class ĉ = argmax q and its certainty m = max q,
 *
 * <pre>
 * w(p) · [ 1 - 1/(C-1) Σc>0 (ε + 2 Σv a s q) / (ε + Σv a (s + q))  -  Σv a Σc q log s / max(Σv a, 1) ],
 * a(v) = m where m ≥ τ(ĉ), else 0;   τ(c) = τ · M(c) / max M,   M(c) = mean of m over the voxels of class c
 * </pre>
 *
 * q and a are constants for differentiation. The threshold per class is that of FreeMatch (Wang et al., ICLR 2023, eq. 6 to
 * 8, with the mean over the batch in place of a running one): rare and hard classes, of which a teacher is never as certain,
 * are not left out altogether. Teachers:
 * <ul>
 * <li>{@link Teacher#LABELS}: given probabilities or labels, for instance those of an atlas (methods.md H2). Voxels that they
 * leave open do not count.</li>
 * <li>{@link Teacher#NETWORK}: the mean teacher (Tarvainen and Valpola, NIPS 2017; for segmentations across domains French et
 * al., ICLR 2018): the network with the moving average of its weights, θ' ← α θ' + (1 - α) θ after every step, α = min(1 -
 * 1/(step + 1), decay). It sees the patch as it is, the network a mirrored and otherwise acquired view of it
 * ({@link ConsistencyTerm} tells how); w rises as exp(-5 (1 - p/p₁)²) until p₁. The result is the teacher, as in the
 * papers.</li>
 * <li>{@link Teacher#BOTH}: q ∝ (1 - r) k(qa) qa + r k(qn) qn of the given and the mean teacher's probabilities, with k(q) =
 * (max q - 1/C) / (1 - 1/C) and r rising to ½ as the weight above; where nothing is given, the network teaches alone.</li>
 * </ul>
 *
 * @param weight factor; 0 to 1000
 * @param teacher who teaches
 * @param threshold τ, in [0, 1); 0 for none
 * @param decay α at most, in [0, 1); of the mean teacher
 * @param rampUp p₁, in [0, 1]; of the mean teacher
 * @param strength how much the views' intensities change, 0 to 10; of the mean teacher, and if there is a consistency, its
 *            views are used
 */
public record SelfTrainingTerm(double weight, Teacher teacher, double threshold, double decay, double rampUp,
    double strength) implements AdaptationTerm {

    /** Name of the share of voxels that the teacher is certain enough of, in the curve. */
    public static final String SHARE_METRIC = "Share Taught";

    /** Who says what the target patches show. */
    public enum Teacher {
        /** Labels or probabilities that came with the images. */
        LABELS,
        /** The moving average of the network. */
        NETWORK,
        /** Both, each by its certainty. */
        BOTH
    }

    /** @throws IllegalArgumentException if a component is outside the range given above */
    public SelfTrainingTerm {
        Objects.requireNonNull(teacher, "teacher");
        AdaptationTerm.check("Weight of the teacher", weight, 0, 1000);
        AdaptationTerm.check("Least certainty of the teacher", threshold, 0, Math.nextDown(1.0));
        AdaptationTerm.check("Decay of the mean teacher", decay, 0, Math.nextDown(1.0));
        AdaptationTerm.check("Ramp-up of the mean teacher", rampUp, 0, 1);
        AdaptationTerm.check("Strength of the views", strength, 0, 10);
    }

    /** Weight 1, certainty ½ or more, a mean over about the last 100 steps that rises over a quarter of the training. */
    public static SelfTrainingTerm of(final Teacher teacher) {
        return new SelfTrainingTerm(1, teacher, 0.5, 0.99, 0.25, 1);
    }

    /** Whether given labels or probabilities teach. */
    public boolean usesLabels() {
        return teacher != Teacher.NETWORK;
    }

    /** Whether the moving average of the network teaches, and is the result. */
    public boolean usesNetwork() {
        return teacher != Teacher.LABELS;
    }

    @Override
    public String title() {
        return "Self-Training";
    }

    @Override
    public double weight(final double progress) {
        return teacher == Teacher.NETWORK ? weight * ramp(progress) : weight;
    }

    /** r, how much the mean teacher counts beside what is given. */
    public double networkShare(final double progress) {
        return switch (teacher) {
            case LABELS -> 0;
            case NETWORK -> 1;
            case BOTH -> 0.5 * ramp(progress);
        };
    }

    private double ramp(final double progress) {
        return progress < rampUp ? Math.exp(-5 * Math.pow(1 - progress / rampUp, 2)) : 1;
    }

    /** α of a step, from 1. */
    double keep(final int step) {
        return Math.min(1 - 1 / (step + 1.0), decay);
    }

    @Override
    public Map<String, String> asMap() {
        final Map<String, String> map = new LinkedHashMap<>();
        map.put("weight", "" + weight);
        map.put("teacher", teacher.name().toLowerCase(Locale.ROOT));
        map.put("threshold", "" + threshold);
        if (usesNetwork()) {
            map.put("decay", "" + decay);
            map.put("rampUp", "" + rampUp);
            map.put("strength", "" + strength);
        }
        return map;
    }
}
