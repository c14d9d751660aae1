package org.scanbridge.imaging.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;

import org.junit.jupiter.api.Test;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class JensenShannonDivergenceTest {

    private static final JensenShannonDivergence NATS = JensenShannonDivergence.NATURAL;

    private static final JensenShannonDivergence BITS = new JensenShannonDivergence(LogBase.TWO);

    private static final HistogramRange TEN = new HistogramRange(0, 10, 10);

    private static double jsd(final JensenShannonDivergence d, final double[]... shares) {
        return d.ofShares(List.of(shares), Collections.nCopies(shares.length, 1.0));
    }

    @Test
    void disjointDistributionsAreAsFarApartAsTheirWeightsAllow() {
        assertEquals(0.693147, jsd(NATS, new double[]{1, 0}, new double[]{0, 1}), 5e-7);
        assertEquals(1, jsd(BITS, new double[]{1, 0}, new double[]{0, 1}), 1e-12);
        assertEquals(1.098612,
            jsd(NATS, new double[]{1, 0, 0}, new double[]{0, 1, 0}, new double[]{0, 0, 1}), 5e-7);
        assertEquals(0.325083,
            NATS.ofShares(List.of(new double[]{1, 0}, new double[]{0, 1}), List.of(0.9, 0.1)), 5e-7);
    }

    @Test
    void agreesWithTheReferenceForOverlappingDistributions() {
        assertEquals(0.101749, jsd(NATS, new double[]{.5, .5}, new double[]{.9, .1}), 5e-7);
        assertEquals(0.146793, jsd(BITS, new double[]{.5, .5}, new double[]{.9, .1}), 5e-7);
    }

    /** H(w): ln N for equal weights, and for 0.9 and 0.1 the value of two disjoint distributions. */
    @Test
    void theBoundIsTheEntropyOfTheWeights() {
        for (int sites = 2; sites <= 5; sites++) {
            assertEquals(Math.log(sites), NATS.bound(Collections.nCopies(sites, 3.0)), 1e-12);
        }
        assertEquals(0.325083, NATS.bound(List.of(9.0, 1.0)), 5e-7);
        assertEquals(2, BITS.bound(Collections.nCopies(4, 1.0)), 1e-12);
    }

    @Test
    void identicalIsZeroAndEmptyIsMissing() {
        final Histogram h = Histogram.of(new float[]{1, 2, 2, 9}, TEN);
        assertEquals(0, NATS.of(List.of(h, h, h)).orElseThrow(), 1e-12);
        assertEquals(OptionalDouble.empty(), NATS.of(List.of(h, Histogram.empty(TEN))));
    }

    @Property(tries = 100)
    void orderOfSitesDoesNotMatterAndTheRangeIsBounded(@ForAll final long seed,
        @ForAll @IntRange(min = 2, max = 5) final int sites) {
        final Random random = new Random(seed);
        final List<double[]> shares = new ArrayList<>();
        for (int s = 0; s < sites; s++) {
            final double[] p = random.doubles(8).map(x -> x * x * x).toArray();
            double sum = 0;
            for (final double x : p) {
                sum += x;
            }
            for (int b = 0; b < p.length; b++) {
                p[b] /= sum;
            }
            shares.add(p);
        }
        final List<Double> weights = Collections.nCopies(sites, 1.0);
        final double value = NATS.ofShares(shares, weights);
        Collections.shuffle(shares, random);
        assertEquals(value, NATS.ofShares(shares, weights), 1e-12);
        assertTrue(value >= 0 && value <= Math.log(sites));
        assertEquals(value / Math.log(2), BITS.ofShares(shares, weights), 1e-12);
    }

    @Property(tries = 100)
    void aCommonAffineMapWithItsRangeChangesNothing(@ForAll @IntRange(min = 1, max = 8) final int power,
        @ForAll @DoubleRange(min = -64, max = 64) final double shift) {
        // A power of two and a whole shift are exact in binary, so no value changes its bin by rounding.
        final float scale = 1 << power;
        final float offset = (float)Math.rint(shift);
        final float[] a = {1, 2, 2, 3, 7, 9};
        final float[] b = {0, 4, 4, 5, 6, 6, 9};
        final HistogramRange mapped =
            new HistogramRange(scale * TEN.min() + offset, scale * TEN.max() + offset, TEN.bins());
        final OptionalDouble before = NATS.of(List.of(Histogram.of(a, TEN), Histogram.of(b, TEN)));
        assertEquals(before, NATS.of(List.of(Histogram.of(mapped(a, scale, offset), mapped),
            Histogram.of(mapped(b, scale, offset), mapped))));
    }

    private static float[] mapped(final float[] x, final float scale, final float offset) {
        final float[] y = new float[x.length];
        for (int v = 0; v < x.length; v++) {
            y[v] = scale * x[v] + offset;
        }
        return y;
    }

    @Test
    void refusesWhatIsNoDistribution() {
        assertThrows(IllegalArgumentException.class, () -> jsd(NATS, new double[]{1, 0}));
        assertThrows(IllegalArgumentException.class, () -> jsd(NATS, new double[]{1, 0}, new double[]{1, 0, 0}));
        assertThrows(IllegalArgumentException.class, () -> jsd(NATS, new double[]{1, 0}, new double[]{.7, 0}));
        assertThrows(IllegalArgumentException.class, () -> jsd(NATS, new double[]{1, 0}, new double[]{2, -1}));
        assertThrows(IllegalArgumentException.class,
            () -> NATS.ofShares(List.of(new double[]{1, 0}, new double[]{0, 1}), List.of(1.0, 0.0)));
        assertThrows(IllegalArgumentException.class,
            () -> NATS.of(List.of(Histogram.empty(TEN), Histogram.empty(HistogramRange.of(0, 1)))));
    }
}
