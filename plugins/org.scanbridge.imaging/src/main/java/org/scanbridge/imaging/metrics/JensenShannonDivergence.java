package org.scanbridge.imaging.metrics;

import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * JSD = H(Σ wᵢpᵢ) - Σ wᵢH(pᵢ) of N distributions over the same bins (Lin, Divergence measures based on the Shannon
 * entropy, IEEE Trans. Inf. Theory 37, 1991), with 0·log 0 = 0 and no smoothing. It lies in [0, H(w)], at most ln N for
 * equal weights: 0 for equal distributions, H(w) for disjoint ones.
 * <p>
 * Two disjoint distributions: ln 2 = 0.693147; three: ln 3 = 1.098612; two with weights 0.9, 0.1: 0.325083;
 * (0.5, 0.5) against (0.9, 0.1): 0.101749 nat = 0.146793 bit.
 */
public final class JensenShannonDivergence {

    /** Natural logarithm; the sites weigh the same. */
    public static final JensenShannonDivergence NATURAL = new JensenShannonDivergence(LogBase.NATURAL);

    private final LogBase m_base;

    /** @param base the logarithm */
    public JensenShannonDivergence(final LogBase base) {
        m_base = Objects.requireNonNull(base, "base");
    }

    /** The divergence of histograms over one range, all of equal weight; empty if one histogram is empty. */
    public OptionalDouble of(final List<Histogram> histograms) {
        return of(histograms, Collections.nCopies(histograms.size(), 1.0));
    }

    /**
     * @param histograms two or more over one range
     * @param weights one per histogram, positive; scaled to add up to 1
     * @return the divergence; empty if one histogram is empty
     * @throws IllegalArgumentException if ranges, numbers or weights do not fit
     */
    public OptionalDouble of(final List<Histogram> histograms, final List<Double> weights) {
        for (final Histogram h : histograms) {
            if (!h.range().equals(histograms.get(0).range())) {
                throw new IllegalArgumentException("histograms over different ranges cannot be compared: "
                    + histograms.get(0).range() + " and " + h.range());
            }
        }
        if (histograms.stream().anyMatch(h -> h.total() == 0)) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(ofShares(histograms.stream().map(Histogram::shares).toList(), weights));
    }

    /**
     * @param shares two or more distributions over the same bins, each not negative and adding up to 1
     * @param weights one per distribution, positive; scaled to add up to 1
     * @return the divergence
     * @throws IllegalArgumentException if these do not hold
     */
    public double ofShares(final List<double[]> shares, final List<Double> weights) {
        if (shares.size() < 2 || weights.size() != shares.size()) {
            throw new IllegalArgumentException("a divergence needs at least 2 distributions and a weight for each, not "
                + shares.size() + " and " + weights.size());
        }
        double sum = 0;
        for (final double w : weights) {
            if (!(w > 0) || Double.isInfinite(w)) {
                throw new IllegalArgumentException("weight " + w + " must be positive and finite");
            }
            sum += w;
        }
        final double[] mixture = new double[shares.get(0).length];
        double within = 0;
        for (int s = 0; s < shares.size(); s++) {
            final double[] p = shares.get(s);
            requireDistribution(p, mixture.length);
            final double w = weights.get(s) / sum;
            within += w * entropy(p);
            for (int b = 0; b < p.length; b++) {
                mixture[b] += w * p[b];
            }
        }
        // Rounding may leave equal distributions a few ulps below 0.
        return Math.max(0, entropy(mixture) - within);
    }

    /**
     * The largest value that the divergence of distributions with these weights can have, H(w): that of disjoint ones.
     *
     * @param weights one per distribution, positive; scaled to add up to 1
     * @return the entropy of the weights; log N if they are equal
     */
    public double bound(final List<Double> weights) {
        final double sum = weights.stream().mapToDouble(Double::doubleValue).sum();
        return entropy(weights.stream().mapToDouble(w -> w / sum).toArray());
    }

    private static void requireDistribution(final double[] p, final int bins) {
        double sum = 0;
        for (final double share : p) {
            sum += share >= 0 ? share : Double.NaN;
        }
        if (p.length != bins || !(Math.abs(sum - 1) <= 1e-6)) {
            throw new IllegalArgumentException("a distribution over " + bins
                + " bins needs as many shares, none negative, adding up to 1; got " + p.length
                + " adding up to " + sum);
        }
    }

    /** -Σ p log p. */
    private double entropy(final double[] p) {
        double h = 0;
        for (final double share : p) {
            if (share > 0) {
                h -= share * m_base.log(share);
            }
        }
        return h;
    }
}
