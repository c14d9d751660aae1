package org.scanbridge.imaging.fusion;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** How good raters are, given how probable each class is on each voxel. */
final class Performance {

    private Performance() {
    }

    /**
     * Sensitivity Σ W(c) [vote = c] / Σ W(c) and specificity Σ (1 − W(c)) [vote ≠ c] / Σ (1 − W(c)) over the voxels that a rater
     * annotated.
     *
     * @param sums summed probabilities by rater, vote and true class
     */
    static List<Fused.Rater> of(final List<String> raters, final double[][][] sums) {
        final List<Fused.Rater> all = new ArrayList<>();
        for (int r = 0; r < sums.length; r++) {
            final int classes = sums[r].length;
            final double[] sensitivity = new double[classes];
            final double[] specificity = new double[classes];
            for (int c = 0; c < classes; c++) {
                final int its = c;
                final double[][] sum = sums[r];
                final double truth = IntStream.range(0, classes).mapToDouble(vote -> sum[vote][its]).sum();
                sensitivity[c] = truth > 0 ? sum[c][c] / truth : Double.NaN;
                double others = 0;
                double left = 0;
                for (int vote = 0; vote < classes; vote++) {
                    for (int other = 0; other < classes; other++) {
                        if (other != c) {
                            others += sum[vote][other];
                            left += vote == c ? 0 : sum[vote][other];
                        }
                    }
                }
                specificity[c] = others > 0 ? left / others : Double.NaN;
            }
            all.add(new Fused.Rater(raters.get(r), sensitivity, specificity));
        }
        return List.copyOf(all);
    }

    /** Sums where the probabilities depend on the votes alone. */
    static double[][][] sums(final Opinions opinions, final double[][] probabilities) {
        final int classes = opinions.values().length;
        final double[][][] sums = new double[opinions.raters().size()][classes][classes];
        for (int p = 0; p < probabilities.length; p++) {
            final int[] votes = opinions.patterns().get(p);
            for (int r = 0; r < votes.length; r++) {
                for (int c = 0; c < classes && votes[r] != Opinions.ABSTAINS; c++) {
                    sums[r][votes[r]][c] += opinions.count(p) * probabilities[p][c];
                }
            }
        }
        return sums;
    }
}
