package org.scanbridge.learning.study;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.scanbridge.imaging.random.SeededRandom;

/**
 * A random forest (Breiman, Machine Learning 45, 2001) of classification trees with Gini impurity: bootstrap samples, √n
 * features tried at each node, majority of the trees. Tells sites apart without having had a part in the training of any
 * network.
 */
final class SiteForest {

    private static final int TREES = 60;

    private static final int MAX_DEPTH = 12;

    private static final int MIN_SAMPLES = 4;

    /** Thresholds tried per feature, between randomly drawn samples. */
    private static final int THRESHOLDS = 12;

    /** An inner node with a feature, a threshold and two children, or a leaf with a class. */
    private record Node(int feature, float threshold, Node below, Node above, int leaf) {
    }

    private final int m_classes;

    private final List<Node> m_trees = new ArrayList<>();

    private final List<float[]> m_features;

    private final int[] m_labels;

    /**
     * @param features one array per sample, all of one length
     * @param labels class of each sample, in [0, classes-1]
     * @param seed of bootstrap and features
     */
    SiteForest(final List<float[]> features, final int[] labels, final int classes, final long seed) {
        m_features = features;
        m_labels = labels;
        m_classes = classes;
        for (int t = 0; t < TREES; t++) {
            final SeededRandom random = SeededRandom.of(seed, t);
            final int[] drawn = new int[labels.length];
            for (int n = 0; n < drawn.length; n++) {
                drawn[n] = random.nextInt(drawn.length);
            }
            m_trees.add(grow(drawn, 0, random));
        }
    }

    private Node grow(final int[] samples, final int depth, final SeededRandom random) {
        final int[] counts = counts(samples);
        if (depth == MAX_DEPTH || samples.length < MIN_SAMPLES || counts[largest(counts)] == samples.length) {
            return new Node(-1, 0, null, null, largest(counts));
        }
        final int width = m_features.get(0).length;
        double best = gini(counts, samples.length) - 1e-9;
        int feature = -1;
        float threshold = 0;
        for (int tried = 0; tried < Math.ceil(Math.sqrt(width)); tried++) {
            final int f = random.nextInt(width);
            for (int t = 0; t < THRESHOLDS; t++) {
                final float a = m_features.get(samples[random.nextInt(samples.length)])[f];
                final float b = m_features.get(samples[random.nextInt(samples.length)])[f];
                final float middle = (a + b) / 2;
                final double impurity = split(samples, f, middle);
                if (impurity < best) {
                    best = impurity;
                    feature = f;
                    threshold = middle;
                }
            }
        }
        if (feature < 0) {
            return new Node(-1, 0, null, null, largest(counts));
        }
        final int f = feature;
        final float at = threshold;
        final int[] below = Arrays.stream(samples).filter(s -> m_features.get(s)[f] <= at).toArray();
        final int[] above = Arrays.stream(samples).filter(s -> m_features.get(s)[f] > at).toArray();
        return new Node(f, at, grow(below, depth + 1, random), grow(above, depth + 1, random), -1);
    }

    /** Weighted impurity of both sides; infinite if one is empty. */
    private double split(final int[] samples, final int feature, final float threshold) {
        final int[] below = new int[m_classes];
        final int[] above = new int[m_classes];
        int n = 0;
        for (final int s : samples) {
            if (m_features.get(s)[feature] <= threshold) {
                below[m_labels[s]]++;
                n++;
            } else {
                above[m_labels[s]]++;
            }
        }
        final int rest = samples.length - n;
        return n == 0 || rest == 0 ? Double.POSITIVE_INFINITY
            : (n * gini(below, n) + rest * gini(above, rest)) / samples.length;
    }

    private static double gini(final int[] counts, final int total) {
        double sum = 1;
        for (final int c : counts) {
            sum -= (double)c / total * c / total;
        }
        return sum;
    }

    private int[] counts(final int[] samples) {
        final int[] counts = new int[m_classes];
        for (final int s : samples) {
            counts[m_labels[s]]++;
        }
        return counts;
    }

    private static int largest(final int[] counts) {
        int best = 0;
        for (int c = 1; c < counts.length; c++) {
            best = counts[c] > counts[best] ? c : best;
        }
        return best;
    }

    /** The class most trees say; of several the smallest. */
    int predict(final float[] features) {
        final int[] votes = new int[m_classes];
        for (final Node tree : m_trees) {
            Node node = tree;
            while (node.leaf() < 0) {
                node = features[node.feature()] <= node.threshold() ? node.below() : node.above();
            }
            votes[node.leaf()]++;
        }
        return largest(votes);
    }
}
