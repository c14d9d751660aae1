package org.scanbridge.imaging.fusion;

/**
 * The class that most raters vote for, each with a weight. A class's probability is its share of the votes; raters that did not
 * annotate a voxel have no vote there. Of classes with the same share the one wins that the earliest of the raters voted for.
 */
public final class MajorityVote {

    private final double[] m_weights;

    /** @param weights of the raters; positive */
    public MajorityVote(final double... weights) {
        m_weights = Weights.checked(weights);
    }

    /** @throws IllegalArgumentException if there is not one weight per rater */
    public Fused fuse(final Opinions opinions) {
        Weights.check(m_weights, opinions.raters().size());
        final double[][] shares = new double[opinions.patterns().size()][opinions.values().length];
        for (int p = 0; p < shares.length; p++) {
            final int[] votes = opinions.patterns().get(p);
            double sum = 0;
            for (int r = 0; r < votes.length; r++) {
                sum += votes[r] == Opinions.ABSTAINS ? 0 : m_weights[r];
            }
            for (int r = 0; r < votes.length; r++) {
                if (votes[r] != Opinions.ABSTAINS) {
                    shares[p][votes[r]] += m_weights[r] / sum;
                }
            }
        }
        return ByVotes.fused(opinions, shares);
    }
}
