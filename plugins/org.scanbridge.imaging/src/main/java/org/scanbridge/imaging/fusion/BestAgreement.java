package org.scanbridge.imaging.fusion;

import java.util.Arrays;
import java.util.List;

import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.volume.Volume;

/**
 * Takes one of several segmentations as it is: for each image the one that agrees most with a reference, the first rater. Meant for
 * networks of which each is good on some scanners and lost on others, with an atlas as the reference, which is mediocre
 * everywhere: a network that is lost agrees with nobody. Agreement is the mean Dice coefficient of the classes but the background
 *
 * <pre>
 * D(r) = 1/|K| Σ k∈K  2 |{vote of r = k} ∩ {vote of the reference = k}| / (|{vote of r = k}| + |{vote of the reference = k}|)
 * </pre>
 *
 * over the voxels that both annotated; K are the classes that the reference has in this image, so that all candidates are judged by
 * the same classes: what the reference does not know, nobody is judged by, and a candidate that finds nothing agrees by 0. Of
 * several that agree alike the earliest is taken.
 */
public final class BestAgreement {

    /**
     * What was taken.
     *
     * @param rater index of the rater, at least 1
     * @param agreement D by rater, in [0, 1]; that of the reference with itself first, 1
     */
    public record Choice(int rater, double[] agreement) {
    }

    /**
     * Chooses a rater.
     *
     * @param opinions of the reference, then of the candidates
     * @throws IllegalArgumentException if there is no candidate
     * @throws ImagingException if there is nothing to choose by: the reference has no class in this image, or no candidate has
     *             any voxel of one in common with it
     */
    public Choice choose(final Opinions opinions) {
        final int raters = opinions.raters().size();
        if (raters < 2) {
            throw new IllegalArgumentException("A reference and a candidate at least; there is " + raters + ".");
        }
        final int classes = opinions.values().length;
        final long[][][] counts = new long[raters][3][classes];
        for (int p = 0; p < opinions.patterns().size(); p++) {
            final int[] votes = opinions.patterns().get(p);
            for (int r = 0; r < raters; r++) {
                if (votes[0] != Opinions.ABSTAINS && votes[r] != Opinions.ABSTAINS) {
                    counts[r][0][votes[0]] += opinions.count(p);
                    counts[r][1][votes[r]] += opinions.count(p);
                    counts[r][2][votes[r]] += votes[0] == votes[r] ? opinions.count(p) : 0;
                }
            }
        }
        if (Arrays.stream(counts[0][0], 1, classes).allMatch(n -> n == 0)) {
            throw new ImagingException("\"" + opinions.raters().get(0) + "\" finds nothing in this image, so that nothing can be"
                + " compared with it. Choose another first column, or leave the row out with the Row Filter.");
        }
        final double[] agreement = new double[raters];
        int best = 1;
        for (int r = 0; r < raters; r++) {
            agreement[r] = mean(counts[r], counts[0][0]);
            best = r > 0 && agreement[r] > agreement[best] ? r : best;
        }
        if (agreement[best] == 0) {
            throw new ImagingException("No segmentation has anything in common with \"" + opinions.raters().get(0)
                + "\" in this image, so that none can be chosen by it. Look at the image, and choose another first column or leave"
                + " the row out with the Row Filter.");
        }
        return new Choice(best, agreement);
    }

    private static double mean(final long[][] counts, final long[] reference) {
        double sum = 0;
        int classes = 0;
        for (int c = 1; c < reference.length; c++) {
            if (reference[c] > 0) {
                final long both = counts[0][c] + counts[1][c];
                // none where the pair annotated nothing of it together: no agreement is seen
                sum += both == 0 ? 0 : 2.0 * counts[2][c] / both;
                classes++;
            }
        }
        return sum / classes;
    }

    /**
     * The chosen segmentation with its probabilities. Where the chosen one did not annotate, the earliest rater that did is
     * taken, with a probability of 1.
     *
     * @param opinions of the reference, then of the candidates
     * @param maps probabilities in the same order; {@link OpinionPool.Maps#NONE} of one that has labels only
     * @param choice what {@link #choose} said
     */
    public Fused fuse(final Opinions opinions, final List<OpinionPool.Maps> maps, final Choice choice) {
        final double[][] taken = new double[opinions.patterns().size()][opinions.values().length];
        final boolean[] others = new boolean[taken.length];
        for (int p = 0; p < taken.length; p++) {
            final int[] votes = opinions.patterns().get(p);
            others[p] = votes[choice.rater()] == Opinions.ABSTAINS;
            final int vote = others[p] ? Arrays.stream(votes).filter(v -> v != Opinions.ABSTAINS).findFirst().orElse(Opinions.ABSTAINS)
                : votes[choice.rater()];
            if (vote != Opinions.ABSTAINS) {
                taken[p][vote] = 1;
            }
        }
        final Fused votes = ByVotes.fused(opinions, taken);
        final OpinionPool.Maps own = maps.get(choice.rater());
        if (own.maps().isEmpty()) {
            return votes;
        }
        OpinionPool.requireProbabilities(opinions, choice.rater(), own);
        return new Fused(votes.labels(), votes.values(), c -> {
            final float[] map = new float[opinions.voxels()];
            for (int v = 0; v < map.length; v++) {
                final int pattern = opinions.pattern(v);
                map[v] = others[pattern] ? (float)taken[pattern][c] : OpinionPool.probability(own, c, v);
            }
            return new Volume(map, opinions.first().geometry(), opinions.first().info());
        }, votes.raters(), 0);
    }
}
