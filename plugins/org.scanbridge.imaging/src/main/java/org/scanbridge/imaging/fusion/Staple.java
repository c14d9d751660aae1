package org.scanbridge.imaging.fusion;

import java.util.Arrays;

/**
 * Simultaneous truth and performance level estimation (Warfield, Zou and Wells, TMI 2004), for any number of classes: each rater
 * has a matrix θ of how probable its vote j is where the truth is c, raters err independently, and expectation maximization finds
 * both the matrices and the probability W of each class on each voxel:
 *
 * <pre>
 * W(c) ∝ π(c) Π θ(vote | c),   θ(j | c) = Σ W(c) [vote = j] / Σ W(c)
 * </pre>
 *
 * with products over the raters that annotated the voxel, and sums over the voxels that the rater annotated. The prior π of a
 * class is its share of all votes, as in section II of the paper, and stays. It begins with W = the share of the votes, and ends
 * when no entry of a matrix changes by more than {@value #CHANGE}, at the latest after {@value #MOST} rounds. Binary
 * segmentations are the case of two classes: sensitivity is θ(1 | 1), specificity θ(0 | 0).
 * <p>
 * All voxels count, the background around the patient too: where it is most of the image, its prior is high. Two raters cannot
 * outvote each other; with two, STAPLE rather says how they differ.
 */
public final class Staple {

    private static final double CHANGE = 1e-9;

    private static final int MOST = 500;

    /** Keeps a class that a rater never voted for from being impossible for all times because of one voxel. */
    private static final double LEAST = 1e-12;

    /** Fuses what raters say. */
    public Fused fuse(final Opinions opinions) {
        final int classes = opinions.values().length;
        final int raters = opinions.raters().size();
        final int patterns = opinions.patterns().size();
        final double[] prior = prior(opinions, classes);
        final double[][] w = new double[patterns][classes];
        for (int p = 0; p < patterns; p++) {
            share(opinions.patterns().get(p), w[p], prior);
        }
        double[][][] theta = new double[raters][classes][classes];
        for (int round = 0; round < MOST; round++) {
            final double[][][] next = maximized(Performance.sums(opinions, w));
            final double change = change(theta, next);
            theta = next;
            for (int p = 0; p < patterns; p++) {
                expect(opinions.patterns().get(p), prior, theta, w[p]);
            }
            if (change <= CHANGE) {
                break;
            }
        }
        return ByVotes.fused(opinions, w);
    }

    private static double[] prior(final Opinions opinions, final int classes) {
        final double[] prior = new double[classes];
        double all = 0;
        for (int p = 0; p < opinions.patterns().size(); p++) {
            for (final int vote : opinions.patterns().get(p)) {
                if (vote != Opinions.ABSTAINS) {
                    prior[vote] += opinions.count(p);
                    all += opinions.count(p);
                }
            }
        }
        for (int c = 0; c < classes; c++) {
            prior[c] = all == 0 ? 1.0 / classes : prior[c] / all;
        }
        return prior;
    }

    private static void share(final int[] votes, final double[] w, final double[] prior) {
        final long voting = Arrays.stream(votes).filter(v -> v != Opinions.ABSTAINS).count();
        for (final int vote : votes) {
            if (vote != Opinions.ABSTAINS) {
                w[vote] += 1.0 / voting;
            }
        }
        if (voting == 0) {
            System.arraycopy(prior, 0, w, 0, w.length);
        }
    }

    /** θ by rater, vote and truth. */
    private static double[][][] maximized(final double[][][] sums) {
        for (final double[][] sum : sums) {
            for (int c = 0; c < sum.length; c++) {
                double all = 0;
                for (final double[] vote : sum) {
                    all += vote[c];
                }
                for (int vote = 0; vote < sum.length; vote++) {
                    // a class that the rater met nowhere: nothing is known of it, so it votes as if right
                    sum[vote][c] = all > 0 ? Math.max(LEAST, sum[vote][c] / all) : vote == c ? 1 : LEAST;
                }
            }
        }
        return sums;
    }

    private static void expect(final int[] votes, final double[] prior, final double[][][] theta, final double[] w) {
        double sum = 0;
        for (int c = 0; c < w.length; c++) {
            w[c] = prior[c];
            for (int r = 0; r < votes.length; r++) {
                w[c] *= votes[r] == Opinions.ABSTAINS ? 1 : theta[r][votes[r]][c];
            }
            sum += w[c];
        }
        for (int c = 0; c < w.length; c++) {
            w[c] /= sum;
        }
    }

    private static double change(final double[][][] a, final double[][][] b) {
        double change = 0;
        for (int r = 0; r < a.length; r++) {
            for (int vote = 0; vote < a[r].length; vote++) {
                for (int c = 0; c < a[r].length; c++) {
                    change = Math.max(change, Math.abs(a[r][vote][c] - b[r][vote][c]));
                }
            }
        }
        return change;
    }
}
