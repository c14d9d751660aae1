package org.scanbridge.learning.graph;

import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.op.train.BatchMatMul;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;

/**
 * Losses that need no labels or compare sites. Logits are rows [voxels, classes] (the C++ gradient of log-softmax is
 * wrong for more than two axes), divergences and entropies are in nats.
 */
final class AdaptationLosses {

    /** Keeps means over nothing at 0 and roots differentiable. */
    private static final float EPSILON = 1e-6f;

    /** Beyond every squared distance that matters; larger ones are no hard negatives. */
    private static final float FAR = 1e9f;

    private final Ops m_tf;

    AdaptationLosses(final Ops tf) {
        m_tf = tf;
    }

    /** Logits [n, …, classes] as rows. */
    Operand<TFloat32> rows(final Operand<TFloat32> logits) {
        final int classes = Layers.size(logits, logits.shape().numDimensions() - 1);
        return m_tf.reshape(logits, m_tf.constant(new int[]{-1, classes}));
    }

    /** Mean entropy of the predictions, -1/V Σv Σc p log p: 0 where all are certain, ln C where none is. */
    Operand<TFloat32> entropy(final Operand<TFloat32> rows) {
        return m_tf.math.neg(mean(m_tf.sum(m_tf.math.mul(m_tf.nn.softmax(rows), m_tf.nn.logSoftmax(rows)),
            m_tf.constant(1))));
    }

    /** KL(p‖q) = Σc p (log p - log q) of every row, for p, q the softmax of logits. */
    Operand<TFloat32> divergence(final Operand<TFloat32> p, final Operand<TFloat32> q) {
        final Operand<TFloat32> logRatio = m_tf.math.sub(m_tf.nn.logSoftmax(p), m_tf.nn.logSoftmax(q));
        return m_tf.sum(m_tf.math.mul(m_tf.nn.softmax(p), logRatio), m_tf.constant(1));
    }

    /**
     * Mean of ½ KL(a‖sg b) + ½ KL(b‖sg a) over the voxels where either prediction sees foreground with a probability
     * above ½; 0 where no voxel does. The stopped sides (sg) are constants for differentiation.
     */
    Operand<TFloat32> consistency(final Operand<TFloat32> a, final Operand<TFloat32> b) {
        final Operand<TFloat32> both = m_tf.math.mul(m_tf.constant(0.5f),
            m_tf.math.add(divergence(a, m_tf.stopGradient(b)), divergence(b, m_tf.stopGradient(a))));
        final Operand<TBool> foreground = m_tf.math.logicalOr(seesForeground(a), seesForeground(b));
        return weightedMean(both, m_tf.stopGradient(m_tf.dtypes.cast(foreground, TFloat32.class)));
    }

    private Operand<TBool> seesForeground(final Operand<TFloat32> rows) {
        final Operand<TFloat32> background =
            m_tf.slice(m_tf.nn.softmax(rows), m_tf.constant(new int[2]), m_tf.constant(new int[]{-1, 1}));
        return m_tf.math.less(m_tf.reshape(background, m_tf.constant(new int[]{-1})), m_tf.constant(0.5f));
    }

    /** Σc of a vector per patch and class, and how many voxels it is from. */
    record ClassMeans(Operand<TFloat32> means, Operand<TFloat32> mass) {
    }

    /**
     * Class-wise sums over voxels.
     *
     * @param values [n, …, channels]
     * @param assignment [n, …, classes], which class a voxel belongs to: one-hot, or probabilities
     * @return means [n, classes, channels], with sums divided by the mass [n, classes]; 0 where there is none
     */
    ClassMeans classMeans(final Operand<TFloat32> values, final Operand<TFloat32> assignment) {
        final Operand<TFloat32> v = perPatch(values);
        final Operand<TFloat32> a = perPatch(assignment);
        final Operand<TFloat32> sums = m_tf.train.batchMatMul(a, v, TFloat32.class, BatchMatMul.adjX(true));
        final Operand<TFloat32> mass = m_tf.sum(a, m_tf.constant(1));
        final int classes = Layers.size(mass, 1);
        final Operand<TFloat32> divisor =
            m_tf.reshape(m_tf.math.add(mass, m_tf.constant(EPSILON)), m_tf.constant(new int[]{-1, classes, 1}));
        return new ClassMeans(m_tf.math.div(sums, divisor), mass);
    }

    private Operand<TFloat32> perPatch(final Operand<TFloat32> x) {
        final int axes = x.shape().numDimensions();
        int voxels = 1;
        for (int axis = 1; axis < axes - 1; axis++) {
            voxels *= Layers.size(x, axis);
        }
        return m_tf.reshape(x, m_tf.constant(new int[]{-1, voxels, Layers.size(x, axes - 1)}));
    }

    /**
     * Alignment of what a network knows of the classes: with z(k, c) the mean logits of site k over its voxels of class c
     * and p = softmax(z / T), the mean over pairs of sites k &lt; l and classes that both have of ½ KL(p(k, c)‖p(l, c)) + ½
     * KL(p(l, c)‖p(k, c)); 0 where no two sites have a class in common.
     *
     * @param logits [n, …, classes]
     * @param assignment [n, …, classes], which class a voxel belongs to
     * @param sites one-hot [n, sites]
     * @param temperature T, positive
     */
    Operand<TFloat32> classAlignment(final Operand<TFloat32> logits, final Operand<TFloat32> assignment,
        final Operand<TFloat32> sites, final double temperature) {
        return classAlignment(logits, assignment, sites, temperature, 0);
    }

    /** As {@link #classAlignment}, but only over the pairs of a site with the last one. */
    Operand<TFloat32> classAlignmentWithLast(final Operand<TFloat32> logits, final Operand<TFloat32> assignment,
        final Operand<TFloat32> sites, final double temperature) {
        return classAlignment(logits, assignment, sites, temperature, Layers.size(sites, 1) - 1);
    }

    /** @param firstPartner the lowest number of a pair's second site */
    private Operand<TFloat32> classAlignment(final Operand<TFloat32> logits, final Operand<TFloat32> assignment,
        final Operand<TFloat32> sites, final double temperature, final int firstPartner) {
        final ClassMeans patch = classMeans(logits, assignment);
        final int classes = Layers.size(patch.mass(), 1);
        final int count = Layers.size(sites, 1);
        // sums of patches of a site, then means: large classes of a patch count by their size
        final Operand<TFloat32> patchSums = m_tf.math.mul(patch.means(),
            m_tf.reshape(patch.mass(), m_tf.constant(new int[]{-1, classes, 1})));
        final Operand<TFloat32> sums = m_tf.linalg.matMul(sites,
            m_tf.reshape(patchSums, m_tf.constant(new int[]{-1, classes * classes})),
            MatMul.transposeA(true));
        final Operand<TFloat32> mass =
            m_tf.linalg.matMul(sites, patch.mass(), MatMul.transposeA(true));
        Operand<TFloat32> total = m_tf.constant(0f);
        Operand<TFloat32> pairs = m_tf.constant(0f);
        for (int k = 0; k < count; k++) {
            for (int l = Math.max(k + 1, firstPartner); l < count; l++) {
                final Operand<TFloat32> p = siteLogits(sums, mass, k, classes, temperature);
                final Operand<TFloat32> q = siteLogits(sums, mass, l, classes, temperature);
                final Operand<TFloat32> each =
                    m_tf.math.mul(m_tf.constant(0.5f), m_tf.math.add(divergence(p, q), divergence(q, p)));
                final Operand<TFloat32> common = m_tf.math.mul(present(row(mass, k, classes)), present(row(mass, l, classes)));
                total = m_tf.math.add(total, m_tf.sum(m_tf.math.mul(each, common), m_tf.constant(0)));
                pairs = m_tf.math.add(pairs, m_tf.sum(common, m_tf.constant(0)));
            }
        }
        return m_tf.math.div(total, m_tf.math.add(pairs, m_tf.constant(EPSILON)));
    }

    private Operand<TFloat32> siteLogits(final Operand<TFloat32> sums, final Operand<TFloat32> mass, final int site,
        final int classes, final double temperature) {
        final Operand<TFloat32> sum = m_tf.reshape(row(sums, site, classes * classes),
            m_tf.constant(new int[]{classes, classes}));
        final Operand<TFloat32> divisor = m_tf.reshape(
            m_tf.math.add(row(mass, site, classes), m_tf.constant(EPSILON)), m_tf.constant(new int[]{classes, 1}));
        return m_tf.math.div(m_tf.math.div(sum, divisor), m_tf.constant((float)temperature));
    }

    private Operand<TFloat32> row(final Operand<TFloat32> matrix, final int row, final int columns) {
        return m_tf.reshape(
            m_tf.slice(matrix, m_tf.constant(new int[]{row, 0}), m_tf.constant(new int[]{1, columns})),
            m_tf.constant(new int[]{columns}));
    }

    /** 1 where a class has a voxel or more, else 0. */
    Operand<TFloat32> present(final Operand<TFloat32> mass) {
        return m_tf.stopGradient(m_tf.dtypes.cast(m_tf.math.greaterEqual(mass, m_tf.constant(1f)), TFloat32.class));
    }

    /**
     * Contrastive loss (Hadsell et al., CVPR 2006): mean over pairs of d² within a class and max(0, ξ - d)² between
     * classes, with the Euclidean distance d.
     *
     * @param points [points, dimensions]
     * @param classes class of each point
     * @param present 1 for points that count, else 0
     * @param margin ξ
     */
    Operand<TFloat32> contrastive(final Operand<TFloat32> points, final int[] classes, final Operand<TFloat32> present,
        final double margin) {
        final Operand<TFloat32> squared = squaredDistances(points);
        final Operand<TFloat32> distance = m_tf.math.sqrt(m_tf.math.add(squared, m_tf.constant(EPSILON)));
        final Operand<TFloat32> apart = m_tf.math.square(
            m_tf.nn.relu(m_tf.math.sub(m_tf.constant((float)margin), distance)));
        final Operand<TFloat32> both = outer(present);
        final Operand<TFloat32> near = m_tf.math.mul(squared, pairs(classes, true));
        final Operand<TFloat32> far = m_tf.math.mul(apart, pairs(classes, false));
        final Operand<TFloat32> others = m_tf.math.add(pairs(classes, true), pairs(classes, false));
        return weightedMean(flat(m_tf.math.add(near, far)), flat(m_tf.math.mul(both, others)));
    }

    /**
     * Triplet loss with semi-hard negatives (Schroff et al., CVPR 2015): mean over pairs (a, p) of one class of max(0,
     * d²(a, p) - d²(a, n) + ξ), where n is the nearest point of another class that is farther from a than p, or the
     * farthest of all where none is.
     *
     * @param points [points, dimensions]
     * @param classes class of each point
     * @param present 1 for points that count, else 0
     * @param margin ξ
     */
    Operand<TFloat32> triplet(final Operand<TFloat32> points, final int[] classes, final Operand<TFloat32> present,
        final double margin) {
        final int n = classes.length;
        final Operand<TFloat32> squared = squaredDistances(points);
        final Operand<TFloat32> both = outer(present);
        final Operand<TFloat32> negative = m_tf.math.mul(both, pairs(classes, false));
        // which n belongs to (a, p) is decided without gradients: [a, p, n]
        final Operand<TFloat32> known = m_tf.stopGradient(squared);
        final Operand<TFloat32> toNegative = m_tf.reshape(known, m_tf.constant(new int[]{n, 1, n}));
        final Operand<TFloat32> toPositive = m_tf.reshape(known, m_tf.constant(new int[]{n, n, 1}));
        final Operand<TFloat32> allowed = m_tf.reshape(negative, m_tf.constant(new int[]{n, 1, n}));
        final Operand<TFloat32> farther =
            m_tf.math.mul(m_tf.dtypes.cast(m_tf.math.greater(toNegative, toPositive), TFloat32.class), allowed);
        final Operand<TFloat32> nearestFirst = m_tf.math.add(toNegative, m_tf.math.mul(m_tf.constant(FAR), not(farther)));
        final Operand<TFloat32> semiHard = choice(m_tf.math.argMin(nearestFirst, m_tf.constant(2)), n);
        final Operand<TFloat32> farthestFirst = m_tf.math.add(m_tf.math.sub(toNegative, m_tf.math.mul(
            m_tf.constant(FAR), not(allowed))), m_tf.zerosLike(toPositive));
        final Operand<TFloat32> easiest = choice(m_tf.math.argMax(farthestFirst, m_tf.constant(2)), n);
        final Operand<TFloat32> found = m_tf.dtypes
            .cast(m_tf.math.greater(m_tf.sum(farther, m_tf.constant(2)), m_tf.constant(0f)), TFloat32.class);
        final Operand<TFloat32> isFound = m_tf.reshape(found, m_tf.constant(new int[]{n, n, 1}));
        final Operand<TFloat32> chosen = m_tf.stopGradient(
            m_tf.math.add(m_tf.math.mul(isFound, semiHard), m_tf.math.mul(not(isFound), easiest)));
        final Operand<TFloat32> toChosen =
            m_tf.sum(m_tf.math.mul(m_tf.reshape(squared, m_tf.constant(new int[]{n, 1, n})), chosen), m_tf.constant(2));
        final Operand<TFloat32> hinge = m_tf.nn.relu(
            m_tf.math.add(m_tf.math.sub(squared, toChosen), m_tf.constant((float)margin)));
        final Operand<TFloat32> anyNegative = m_tf.reshape(m_tf.dtypes.cast(
            m_tf.math.greater(m_tf.sum(negative, m_tf.constant(1)), m_tf.constant(0f)), TFloat32.class),
            m_tf.constant(new int[]{n, 1}));
        final Operand<TFloat32> counted =
            m_tf.math.mul(m_tf.math.mul(both, pairs(classes, true)), anyNegative);
        return weightedMean(flat(hinge), m_tf.stopGradient(flat(counted)));
    }

    private Operand<TFloat32> not(final Operand<TFloat32> mask) {
        return m_tf.math.sub(m_tf.constant(1f), mask);
    }

    private Operand<TFloat32> choice(final Operand<TInt64> index, final int n) {
        return m_tf.oneHot(index, m_tf.constant(n), m_tf.constant(1f), m_tf.constant(0f));
    }

    /** ‖xi - xj‖², from differences: the difference of squares would round small distances away. */
    private Operand<TFloat32> squaredDistances(final Operand<TFloat32> points) {
        final int n = Layers.size(points, 0);
        final int dimensions = Layers.size(points, 1);
        final Operand<TFloat32> difference =
            m_tf.math.sub(m_tf.reshape(points, m_tf.constant(new int[]{n, 1, dimensions})),
                m_tf.reshape(points, m_tf.constant(new int[]{1, n, dimensions})));
        return m_tf.sum(m_tf.math.square(difference), m_tf.constant(2));
    }

    private Operand<TFloat32> outer(final Operand<TFloat32> present) {
        return m_tf.math.mul(m_tf.reshape(present, m_tf.constant(new int[]{-1, 1})),
            m_tf.reshape(present, m_tf.constant(new int[]{1, -1})));
    }

    /** 1 for pairs of different points of the same class, or of different classes. */
    private Operand<TFloat32> pairs(final int[] classes, final boolean same) {
        final int n = classes.length;
        final float[] matrix = new float[n * n];
        for (int a = 0; a < n; a++) {
            for (int b = 0; b < n; b++) {
                matrix[a * n + b] = a != b && classes[a] == classes[b] == same ? 1 : 0;
            }
        }
        return m_tf.constant(Shape.of(n, n), DataBuffers.of(matrix));
    }

    /** ½ mean (score - target)² (Mao et al., ICCV 2017). */
    Operand<TFloat32> leastSquares(final Operand<TFloat32> scores, final double target) {
        return m_tf.math.mul(m_tf.constant(0.5f),
            mean(flat(m_tf.math.square(m_tf.math.sub(scores, m_tf.constant((float)target))))));
    }

    /** Mean of all values. */
    Operand<TFloat32> average(final Operand<TFloat32> x) {
        return mean(flat(x));
    }

    private Operand<TFloat32> flat(final Operand<TFloat32> x) {
        return m_tf.reshape(x, m_tf.constant(new int[]{-1}));
    }

    private Operand<TFloat32> mean(final Operand<TFloat32> vector) {
        return m_tf.math.mean(vector, m_tf.constant(0));
    }

    private Operand<TFloat32> weightedMean(final Operand<TFloat32> vector, final Operand<TFloat32> weights) {
        return m_tf.math.div(m_tf.sum(m_tf.math.mul(vector, weights), m_tf.constant(0)),
            m_tf.math.add(m_tf.sum(weights, m_tf.constant(0)), m_tf.constant(EPSILON)));
    }
}
