package org.scanbridge.learning.graph;

import java.util.List;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.nn.SoftmaxCrossEntropyWithLogits;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TNumber;

/**
 * Losses over logits [n, …, outputs] and what the labels say of them, see {@link Truth}.
 * <p>
 * With s the softmax of the logits where outputs are classes, the sigmoid where they are regions, and y the targets, sums
 * over voxels v are over annotated voxels only: each loss is that of these voxels alone, and 0 where there are none.
 */
final class Losses {

    /** Keeps 0/0 out of the Dice of classes that do not occur. */
    static final float DICE_EPSILON = 1e-5f;

    private final Ops m_tf;

    Losses(final Ops tf) {
        m_tf = tf;
    }

    /** Logits as [voxels, outputs]. */
    private Operand<TFloat32> rows(final Operand<TFloat32> x, final int outputs) {
        return m_tf.reshape(x, m_tf.constant(new int[]{-1, outputs}));
    }

    /** Integer labels [n, …] as one-hot rows [voxels, classes]; a row of zeros for labels that are no class. */
    Operand<TFloat32> oneHot(final Operand<? extends TNumber> labels, final int classes) {
        final Operand<TInt32> flat = m_tf.reshape(m_tf.dtypes.cast(labels, TInt32.class), m_tf.constant(new int[]{-1}));
        return m_tf.oneHot(flat, m_tf.constant(classes), m_tf.constant(1f), m_tf.constant(0f));
    }

    /**
     * Outputs and truth of the same voxels, as the losses below compare them.
     *
     * @param logits [n, …, outputs]
     */
    VoxelOutputs of(final Operand<TFloat32> logits, final Truth truth) {
        return new VoxelOutputs(m_tf, logits, truth);
    }

    /** Mean of a number per voxel over the annotated voxels; 0 without any. */
    private Operand<TFloat32> mean(final Operand<TFloat32> each, final VoxelOutputs voxels) {
        return voxels.annotated().map(a -> (Operand<TFloat32>)m_tf.math.div(total(m_tf.math.mul(each, a)),
            m_tf.math.maximum(total(a), m_tf.constant(1f)))).orElseGet(() -> m_tf.math.mean(each, m_tf.constant(0)));
    }

    /**
     * Soft Dice loss pooled over classes (Delisle et al., eq. 2): 1 - (ε + 2 Σc wc Σv s y) / (ε + Σc wc Σv (s + y)), in
     * [0, 1]: 0 for a perfect prediction whatever the weights, 1 when nothing overlaps.
     *
     * @param classWeights wc, one per output
     */
    Operand<TFloat32> pooledDice(final VoxelOutputs voxels, final List<Double> classWeights) {
        final Operand<TFloat32> weights = weights(classWeights);
        final Operand<TFloat32> s = voxels.probabilities();
        final Operand<TFloat32> overlap = total(m_tf.math.mul(overlap(s, voxels), weights));
        final Operand<TFloat32> volume = total(m_tf.math.mul(volume(s, voxels), weights));
        return oneMinusRatio(overlap, volume);
    }

    /**
     * Soft Dice loss averaged over classes: 1 - Σc wc (ε + 2 Σv s y) / (ε + Σv (s + y)) / Σc wc, in [0, 1]. Small classes
     * count as much as big ones.
     */
    Operand<TFloat32> meanDice(final VoxelOutputs voxels, final List<Double> classWeights) {
        final Operand<TFloat32> s = voxels.probabilities();
        return weightedMean(oneMinusRatio(overlap(s, voxels), volume(s, voxels)), classWeights);
    }

    private Operand<TFloat32> overlap(final Operand<TFloat32> s, final VoxelOutputs voxels) {
        return m_tf.math.mul(m_tf.constant(2f), perOutput(m_tf.math.mul(s, voxels.targets())));
    }

    private Operand<TFloat32> volume(final Operand<TFloat32> s, final VoxelOutputs voxels) {
        return m_tf.math.add(perOutput(voxels.annotated(s)), perOutput(voxels.targets()));
    }

    /** Sum over the voxels. */
    private Operand<TFloat32> perOutput(final Operand<TFloat32> rows) {
        return m_tf.sum(rows, m_tf.constant(1));
    }

    /** Σc wc x(c) / Σc wc. */
    private Operand<TFloat32> weightedMean(final Operand<TFloat32> perClass, final List<Double> classWeights) {
        return m_tf.math.div(total(m_tf.math.mul(perClass, weights(classWeights))), sum(classWeights));
    }

    private Operand<TFloat32> sum(final List<Double> classWeights) {
        return m_tf.constant((float)classWeights.stream().mapToDouble(Double::doubleValue).sum());
    }

    private Operand<TFloat32> oneMinusRatio(final Operand<TFloat32> overlap, final Operand<TFloat32> volume) {
        final Operand<TFloat32> epsilon = m_tf.constant(DICE_EPSILON);
        return m_tf.math.sub(m_tf.constant(1f),
            m_tf.math.div(m_tf.math.add(overlap, epsilon), m_tf.math.add(volume, epsilon)));
    }

    /**
     * Cross-entropy in nats, -Σv w(y) log p(y) / Σv w(y): the mean over voxels for equal weights. For regions the binary
     * one, Σv Σr wr (log(1 + e^x) - x y) / (V Σr wr).
     *
     * @param classWeights one weight per output
     */
    Operand<TFloat32> crossEntropy(final VoxelOutputs voxels, final List<Double> classWeights) {
        final Operand<TFloat32> each = voxels.crossEntropy();
        if (!voxels.exclusive()) {
            return mean(overOutputs(each, classWeights), voxels);
        }
        return classWeights.stream().distinct().count() == 1 ? mean(each, voxels)
            : weightedByClass(each, voxels, classWeights);
    }

    /** Σv w(y) x(v) / Σv w(y) of a number per voxel. */
    private Operand<TFloat32> weightedByClass(final Operand<TFloat32> each, final VoxelOutputs voxels,
        final List<Double> classWeights) {
        final Operand<TFloat32> ofVoxels =
            m_tf.sum(m_tf.math.mul(voxels.targets(), column(classWeights)), m_tf.constant(0));
        return m_tf.math.div(total(m_tf.math.mul(each, ofVoxels)),
            m_tf.math.add(total(ofVoxels), m_tf.constant(DICE_EPSILON)));
    }

    /** Σr wr x(r, v) / Σr wr of every voxel. */
    private Operand<TFloat32> overOutputs(final Operand<TFloat32> rows, final List<Double> classWeights) {
        return m_tf.math.div(m_tf.sum(m_tf.math.mul(rows, column(classWeights)), m_tf.constant(0)), sum(classWeights));
    }

    private Operand<TFloat32> column(final List<Double> classWeights) {
        return m_tf.reshape(weights(classWeights), m_tf.constant(new int[]{-1, 1}));
    }

    /**
     * Tversky loss averaged over classes (Salehi et al., MLMI 2017, eq. 3): 1 - Σc wc T_c / Σc wc with T = (ε/2 + TP) / (ε/2
     * + TP + α FP + (1-α) FN), where TP = Σv s y, FP = Σv s (1-y), FN = Σv (1-s) y. For α = ½ it is {@link #meanDice}.
     *
     * @param alpha weight of false positives in [0, 1]
     */
    Operand<TFloat32> tversky(final VoxelOutputs voxels, final List<Double> classWeights,
        final double alpha) {
        final Operand<TFloat32> s = voxels.probabilities();
        final Operand<TFloat32> predicted = perOutput(voxels.annotated(s));
        final Operand<TFloat32> actual = perOutput(voxels.targets());
        final Operand<TFloat32> overlap = perOutput(m_tf.math.mul(s, voxels.targets()));
        // TP + α FP + (1-α) FN = α Σs + (1-α) Σy
        final Operand<TFloat32> size = m_tf.math.add(m_tf.math.mul(m_tf.constant((float)alpha), predicted),
            m_tf.math.mul(m_tf.constant((float)(1 - alpha)), actual));
        final Operand<TFloat32> epsilon = m_tf.constant(DICE_EPSILON / 2);
        return weightedMean(m_tf.math.sub(m_tf.constant(1f),
            m_tf.math.div(m_tf.math.add(overlap, epsilon), m_tf.math.add(size, epsilon))), classWeights);
    }

    /**
     * Focal loss (Lin et al., ICCV 2017, eq. 5), weighted as {@link #crossEntropy}: -Σv w(y) (1 - p(y))^γ log p(y) / Σv w(y).
     * For regions the binary one of the paper, with p(y) = s where y = 1 and 1 - s where y = 0.
     *
     * @param gamma γ; 0 is the cross-entropy, which this must not be called for
     */
    Operand<TFloat32> focal(final VoxelOutputs voxels, final List<Double> classWeights,
        final double gamma) {
        final Operand<TFloat32> each = voxels.crossEntropy();
        final Operand<TFloat32> s = voxels.probabilities();
        if (!voxels.exclusive()) {
            final Operand<TFloat32> wrong = m_tf.math.abs(m_tf.math.sub(s, voxels.targets()));
            return mean(overOutputs(focused(wrong, each, gamma), classWeights), voxels);
        }
        final Operand<TFloat32> p = m_tf.sum(m_tf.math.mul(s, voxels.targets()), m_tf.constant(0));
        return weightedByClass(focused(m_tf.math.sub(m_tf.constant(1f), p), each, gamma), voxels, classWeights);
    }

    private Operand<TFloat32> focused(final Operand<TFloat32> wrong, final Operand<TFloat32> each, final double gamma) {
        // the power's gradient at 0 is not finite for γ below 1
        return m_tf.math.mul(m_tf.math.pow(m_tf.math.maximum(wrong, m_tf.constant(1e-6f)), m_tf.constant((float)gamma)),
            each);
    }

    /**
     * Binary cross-entropy in nats, mean over all elements: log(1 + e^x) - x z.
     *
     * @param logits x of any shape
     * @param targets z in [0, 1] of the same shape
     */
    Operand<TFloat32> binaryCrossEntropy(final Operand<TFloat32> logits, final Operand<TFloat32> targets) {
        return meanOfAll(m_tf.math.sub(m_tf.math.softplus(logits), m_tf.math.mul(logits, targets)));
    }

    /** Mean absolute difference over all elements. */
    Operand<TFloat32> l1(final Operand<TFloat32> x, final Operand<TFloat32> y) {
        return meanOfAll(m_tf.math.abs(m_tf.math.sub(x, y)));
    }

    /** Mean squared difference over all elements. */
    Operand<TFloat32> l2(final Operand<TFloat32> x, final Operand<TFloat32> y) {
        return meanOfAll(m_tf.math.squaredDifference(x, y));
    }

    private Operand<TFloat32> meanOfAll(final Operand<TFloat32> x) {
        return m_tf.math.mean(m_tf.reshape(x, m_tf.constant(new int[]{-1})), m_tf.constant(0));
    }

    /** Cross-entropy in nats of every row. */
    Operand<TFloat32> crossEntropyPerRow(final Operand<TFloat32> logits, final Operand<TFloat32> oneHot) {
        return SoftmaxCrossEntropyWithLogits.create(m_tf.scope(), rows(logits, Layers.size(oneHot, 1)), oneHot).loss();
    }

    /** What a spec asks for, in its two parts. */
    record Segmentation(Operand<TFloat32> total, Operand<TFloat32> dice) {
    }

    /** The segmentation loss of a spec. */
    Segmentation segmentation(final Operand<TFloat32> logits, final Truth truth,
        final SegmentationLossSpec spec) {
        final VoxelOutputs voxels = of(logits, truth);
        final Operand<TFloat32> overlap = switch (spec.diceForm()) {
            case POOLED -> pooledDice(voxels, spec.diceClassWeights());
            case MEAN -> meanDice(voxels, spec.diceClassWeights());
            case TVERSKY -> tversky(voxels, spec.diceClassWeights(), spec.tverskyAlpha());
        };
        final Operand<TFloat32> perVoxel = spec.focalGamma() == 0
            ? crossEntropy(voxels, spec.crossEntropyClassWeights())
            : focal(voxels, spec.crossEntropyClassWeights(), spec.focalGamma());
        return new Segmentation(m_tf.math.add(m_tf.math.mul(m_tf.constant((float)spec.diceWeight()), overlap),
            m_tf.math.mul(m_tf.constant((float)spec.crossEntropyWeight()), perVoxel)), overlap);
    }

    private Operand<TFloat32> weights(final List<Double> classWeights) {
        final float[] w = new float[classWeights.size()];
        for (int c = 0; c < w.length; c++) {
            w[c] = classWeights.get(c).floatValue();
        }
        return m_tf.constant(w);
    }

    private Operand<TFloat32> total(final Operand<TFloat32> vector) {
        return m_tf.sum(vector, m_tf.constant(0));
    }
}
