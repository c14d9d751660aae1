package org.scanbridge.imaging.fusion;

import java.util.Arrays;
import java.util.List;

import org.scanbridge.imaging.volume.Volume;

/** What fusions by votes alone have in common: each pattern of votes has probabilities. */
final class ByVotes {

    /** Sums of the same numbers in another order differ by this much. */
    private static final double EQUAL = 1e-9;

    private ByVotes() {
    }

    /** @param probabilities by pattern and class */
    static Fused fused(final Opinions opinions, final double[][] probabilities) {
        final int[] winners = new int[probabilities.length];
        long ties = 0;
        for (int p = 0; p < winners.length; p++) {
            winners[p] = winner(probabilities[p], opinions.patterns().get(p));
            ties += !opinions.isOpen(p) && isTie(probabilities[p]) ? opinions.count(p) : 0;
        }
        final double[][][] sums = Performance.sums(opinions, probabilities);
        final List<Integer> values = Arrays.stream(opinions.values()).boxed().toList();
        return new Fused(opinions.labels(winners), values,
            c -> new Volume(opinions.map(Arrays.stream(probabilities).mapToDouble(p -> p[c]).toArray()),
                opinions.first().geometry(), opinions.first().info()),
            Performance.of(opinions.raters(), sums), ties);
    }

    static boolean isTie(final double[] p) {
        final double max = Arrays.stream(p).max().orElseThrow();
        return Arrays.stream(p).filter(x -> x > max - EQUAL).count() > 1;
    }

    /** The most probable class; of several the one that the earliest rater voted for, else the smallest. */
    static int winner(final double[] p, final int[] votes) {
        final double max = Arrays.stream(p).max().orElseThrow();
        for (final int vote : votes) {
            if (vote != Opinions.ABSTAINS && p[vote] > max - EQUAL) {
                return vote;
            }
        }
        int winner = 0;
        while (p[winner] <= max - EQUAL) {
            winner++;
        }
        return winner;
    }
}
