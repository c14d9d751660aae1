package org.scanbridge.imaging.fusion;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.volume.Volume;

/**
 * The probabilities of several models as one (Genest and Zidek, Statistical Science 1986): their weighted mean (linear pool), or
 * their weighted geometric mean scaled to a sum of 1 (logarithmic pool), in which a model that is sure has more say. Models that
 * did not annotate a voxel have no say there. The most probable class wins, of several the one that the earliest model's
 * segmentation has.
 */
public final class OpinionPool {

    /** No probability counts as less in the logarithmic pool, so that no model alone can forbid a class. */
    static final double LEAST = 1e-3;

    /** Softmax in single precision misses [0, 1] by less; that much is cut off. */
    private static final float ROUNDING = 1e-4f;

    private final boolean m_logarithmic;

    private final double[] m_weights;

    /**
     * The probabilities of a model.
     *
     * @param maps by label value, in the order of {@link Opinions#values()}, in [0, 1]; the background's may be {@code null}: what
     *            the others leave. Empty for a rater who gave labels only, of which it is sure
     * @param titles what the maps are called in messages, in the same order; empty for the names of rater and class
     */
    public record Maps(List<float[]> maps, List<String> titles) {

        /** Of a rater who gave labels only. */
        public static final Maps NONE = new Maps(List.of());

        /** Keeps the order; a list with a null cannot be copied. */
        public Maps {
            maps = Collections.unmodifiableList(new ArrayList<>(maps));
            titles = List.copyOf(titles);
        }

        /** Without titles. */
        public Maps(final List<float[]> maps) {
            this(maps, List.of());
        }
    }

    /**
     * @param logarithmic whether the geometric mean is taken
     * @param weights of the models; positive; their sum does not matter
     */
    public OpinionPool(final boolean logarithmic, final double... weights) {
        m_logarithmic = logarithmic;
        m_weights = Weights.checked(weights);
    }

    /**
     * Fuses what models say.
     *
     * @param opinions their segmentations
     * @param maps their probabilities in the same order
     * @throws ImagingException if a map has another number of voxels than the segmentation, or another number than the classes,
     *             or a value that is no probability
     */
    public Fused fuse(final Opinions opinions, final List<Maps> maps) {
        Weights.check(m_weights, opinions.raters().size());
        final int classes = opinions.values().length;
        for (int r = 0; r < maps.size(); r++) {
            for (final float[] map : maps.get(r).maps()) {
                if (map != null && map.length != opinions.voxels() || maps.get(r).maps().size() != classes) {
                    throw new ImagingException("The probabilities of \"" + opinions.raters().get(r)
                        + "\" do not fit its segmentation: another number of voxels or classes.");
                }
            }
        }
        for (int r = 0; r < maps.size(); r++) {
            requireProbabilities(opinions, r, maps.get(r));
        }
        final float[][] pooled = new float[classes][opinions.voxels()];
        final byte[] winners = new byte[opinions.voxels()];
        final double[][][] sums = new double[opinions.raters().size()][classes][classes];
        final double[] p = new double[classes];
        final double[] one = new double[classes];
        long ties = 0;
        for (int v = 0; v < winners.length; v++) {
            final int[] votes = opinions.patterns().get(opinions.pattern(v));
            if (!opinions.isOpen(opinions.pattern(v))) {
                pool(v, votes, maps, p, one);
                winners[v] = (byte)ByVotes.winner(p, votes);
                ties += ByVotes.isTie(p) ? 1 : 0;
                for (int c = 0; c < classes; c++) {
                    pooled[c][v] = (float)p[c];
                    for (int r = 0; r < votes.length; r++) {
                        if (votes[r] != Opinions.ABSTAINS) {
                            sums[r][votes[r]][c] += p[c];
                        }
                    }
                }
            }
        }
        return new Fused(opinions.labels((voxel, pattern) -> winners[voxel] & 0xff),
            Arrays.stream(opinions.values()).boxed().toList(),
            c -> new Volume(pooled[c], opinions.first().geometry(), opinions.first().info()),
            Performance.of(opinions.raters(), sums), ties);
    }

    /** @throws ImagingException if a value is no probability */
    static void requireProbabilities(final Opinions opinions, final int rater, final Maps maps) {
        for (int c = 0; c < maps.maps().size(); c++) {
            requireProbabilities(opinions, rater, c, maps);
        }
    }

    private static void requireProbabilities(final Opinions opinions, final int rater, final int index, final Maps maps) {
        final float[] map = maps.maps().get(index);
        for (int v = 0; map != null && v < map.length; v++) {
            // not "outside", so that NaN is found, too
            if (!(map[v] >= -ROUNDING && map[v] <= 1 + ROUNDING)) {
                final String title = maps.titles().isEmpty() ? opinions.raters().get(rater) + " p("
                    + opinions.labels().name(opinions.values()[index]) + ")" : maps.titles().get(index);
                throw new ImagingException("\"" + title + "\" has the value " + map[v] + ", which is no probability from 0 to 1."
                    + " Append the probabilities of \"" + opinions.raters().get(rater) + "\" again with the node that made it, or"
                    + " choose the method \"Majority vote\" or \"STAPLE\", which need none.");
            }
        }
    }

    private void pool(final int voxel, final int[] votes, final List<Maps> maps, final double[] p, final double[] one) {
        double weights = 0;
        for (int r = 0; r < votes.length; r++) {
            weights += votes[r] == Opinions.ABSTAINS ? 0 : m_weights[r];
        }
        Arrays.fill(p, 0);
        for (int r = 0; r < votes.length; r++) {
            if (votes[r] != Opinions.ABSTAINS) {
                probabilities(maps.get(r), voxel, votes[r], one);
                for (int c = 0; c < p.length; c++) {
                    p[c] += m_weights[r] / weights * (m_logarithmic ? StrictMath.log(Math.max(LEAST, one[c])) : one[c]);
                }
            }
        }
        if (m_logarithmic) {
            final double max = Arrays.stream(p).max().orElseThrow();
            double sum = 0;
            for (int c = 0; c < p.length; c++) {
                p[c] = StrictMath.exp(p[c] - max);
                sum += p[c];
            }
            for (int c = 0; c < p.length; c++) {
                p[c] /= sum;
            }
        }
    }

    private static void probabilities(final Maps maps, final int voxel, final int vote, final double[] one) {
        if (maps.maps().isEmpty()) {
            Arrays.fill(one, 0);
            one[vote] = 1;
            return;
        }
        for (int c = 0; c < one.length; c++) {
            one[c] = probability(maps, c, voxel);
        }
    }

    /** A probability, cut to [0, 1]; of a background without a map what the other classes leave. */
    static float probability(final Maps maps, final int index, final int voxel) {
        final float[] map = maps.maps().get(index);
        if (map != null) {
            return Math.min(1, Math.max(0, map[voxel]));
        }
        double others = 0;
        for (int c = 1; c < maps.maps().size(); c++) {
            others += Math.min(1, Math.max(0, maps.maps().get(c)[voxel]));
        }
        return (float)Math.max(0, 1 - others);
    }
}
