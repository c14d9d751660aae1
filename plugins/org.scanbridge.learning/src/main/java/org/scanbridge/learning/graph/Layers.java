package org.scanbridge.learning.graph;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;

import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * The layers that networks are made of; each one's gradient is checked against finite differences by a test, because
 * some of TensorFlow's C++ gradients are silently wrong. Tensors are [n, depth, height, width, channels]; all sizes but
 * the first are known when the graph is built, except in a graph for others that is to take images of any size: there only
 * the channels are, and a depth of 1. Two-dimensional images are volumes of depth 1.
 */
final class Layers {

    private static final float NORM_EPSILON = 1e-5f;

    /** Numbers in a row that TensorFlow repeats without a loss. */
    private static final int LONG_ROW = 64;

    private static final String SAME = "SAME";

    private final Ops m_tf;

    Layers(final Ops tf) {
        m_tf = tf;
    }

    /** Size of a tensor along an axis, known when the graph is built. */
    static int size(final Operand<?> x, final int axis) {
        final long size = x.shape().get(axis);
        if (size < 0) {
            throw new IllegalStateException("Axis " + axis + " of " + x.shape() + " must have a known size");
        }
        return Math.toIntExact(size);
    }

    /**
     * Convolution with zero padding.
     *
     * @param kernel [depth, height, width, in, out]
     * @param stride along all three axes; along an axis of size 1 it does nothing
     */
    Operand<TFloat32> convolution(final Operand<TFloat32> x, final Operand<TFloat32> kernel, final int stride) {
        final long depth = flat(x) ? 1 : stride;
        return Backpropagation.cut(m_tf, x, kernel, (in, k) -> m_tf.nn.conv3d(in, FilterGradient.shaped(m_tf, k),
            List.of(1L, depth, (long)stride, (long)stride, 1L), SAME));
    }

    private static boolean flat(final Operand<?> x) {
        return x.shape().get(1) == 1;
    }

    /** Whether depth, height and width are known when the graph is built. */
    private static boolean sized(final Operand<?> x) {
        return x.shape().get(1) >= 0 && x.shape().get(2) >= 0 && x.shape().get(3) >= 0;
    }

    /** Convolution without padding: each axis loses the kernel's size less 1. */
    Operand<TFloat32> validConvolution(final Operand<TFloat32> x, final Operand<TFloat32> kernel) {
        return Backpropagation.cut(m_tf, x, kernel,
            (in, k) -> m_tf.nn.conv3d(in, k, List.of(1L, 1L, 1L, 1L, 1L), "VALID"));
    }

    /** Without the outermost voxels on every side of depth, height and width. */
    Operand<TFloat32> crop(final Operand<TFloat32> x, final int voxels) {
        if (!sized(x)) {
            final int channels = size(x, 4);
            final Operand<TInt32> left =
                m_tf.math.sub(m_tf.shape(x), m_tf.constant(new int[]{0, 2 * voxels, 2 * voxels, 2 * voxels, 0}));
            // a slice with computed sizes has forgotten how many channels there are
            return m_tf.ensureShape(m_tf.slice(x, m_tf.constant(new int[]{0, voxels, voxels, voxels, 0}), left),
                Shape.of(-1, -1, -1, -1, channels));
        }
        return m_tf.slice(x, m_tf.constant(new int[]{0, voxels, voxels, voxels, 0}), m_tf.constant(new int[]{-1,
            size(x, 1) - 2 * voxels, size(x, 2) - 2 * voxels, size(x, 3) - 2 * voxels, -1}));
    }

    /** Mean over cubes of this edge length, which divides depth, height and width. */
    Operand<TFloat32> averagePool(final Operand<TFloat32> x, final int factor) {
        final List<Long> window = List.of(1L, (long)factor, (long)factor, (long)factor, 1L);
        return m_tf.nn.avgPool3d(x, window, window, "VALID");
    }

    /** x where positive, a number per channel times x elsewhere (He et al., ICCV 2015, eq. 1). */
    Operand<TFloat32> prelu(final Operand<TFloat32> x, final Operand<TFloat32> slope) {
        return m_tf.math.sub(m_tf.nn.relu(x), m_tf.math.mul(slope, m_tf.nn.relu(m_tf.math.neg(x))));
    }

    /** Adds a tensor of as many or fewer channels to the first channels of another. */
    Operand<TFloat32> addToFirstChannels(final Operand<TFloat32> x, final Operand<TFloat32> added) {
        final int missing = size(x, 4) - size(added, 4);
        return m_tf.math.add(x, missing == 0 ? added
            : m_tf.pad(added, m_tf.constant(new int[][]{{0, 0}, {0, 0}, {0, 0}, {0, 0}, {0, missing}}),
                m_tf.constant(0f)));
    }

    /**
     * Dropout (Srivastava et al., JMLR 2014): each number is 0 with a probability, else divided by 1 - probability.
     *
     * @param x all sizes known
     * @param randomness two numbers [2]: the same numbers give the same mask
     * @param which tells the masks of one step apart
     */
    Operand<TFloat32> dropout(final Operand<TFloat32> x, final double probability, final Operand<TInt32> randomness,
        final int which) {
        return dropout(x, x.shape(), probability, randomness, which);
    }

    /**
     * Dropout of whole channels (Tompson et al., CVPR 2015): each channel of a patch is 0 with a probability,
     * else divided by 1 - probability. Neighboring voxels are so much alike that single ones would hardly be missed.
     *
     * @param x all sizes known
     * @param randomness two numbers [2]: the same numbers give the same mask
     * @param which tells the masks of one step apart
     */
    Operand<TFloat32> channelDropout(final Operand<TFloat32> x, final double probability,
        final Operand<TInt32> randomness, final int which) {
        return dropout(x, Shape.of(size(x, 0), 1, 1, 1, size(x, 4)), probability, randomness, which);
    }

    private Operand<TFloat32> dropout(final Operand<TFloat32> x, final Shape mask, final double probability,
        final Operand<TInt32> randomness, final int which) {
        final Operand<TInt32> seed = m_tf.math.add(randomness, m_tf.constant(new int[]{which * 0x3C6EF35F, 0}));
        final Operand<TFloat32> uniform =
            m_tf.random.statelessRandomUniform(m_tf.constant(mask), seed, TFloat32.class);
        final Operand<TFloat32> kept = m_tf.dtypes
            .cast(m_tf.math.greaterEqual(uniform, m_tf.constant((float)probability)), TFloat32.class);
        return m_tf.math.mul(x,
            m_tf.stopGradient(m_tf.math.mul(kept, m_tf.constant((float)(1 / (1 - probability))))));
    }

    /** Adds one number per channel. */
    Operand<TFloat32> bias(final Operand<TFloat32> x, final Operand<TFloat32> bias) {
        return m_tf.nn.biasAdd(x, bias);
    }

    /** max(x, 0). */
    Operand<TFloat32> relu(final Operand<TFloat32> x) {
        return m_tf.nn.relu(x);
    }

    /**
     * x where positive, 0.2 x elsewhere. As a maximum: TensorFlow's graph optimizer stumbles over its own operation's
     * gradient behind a bias.
     */
    Operand<TFloat32> leakyRelu(final Operand<TFloat32> x) {
        return m_tf.math.maximum(x, m_tf.math.mul(m_tf.constant(0.2f), x));
    }

    /** Maximum over 2×2×2 blocks (1×2×2 where the depth is 1). */
    Operand<TFloat32> pool(final Operand<TFloat32> x) {
        final long depth = flat(x) ? 1 : 2;
        final List<Long> window = List.of(1L, depth, 2L, 2L, 1L);
        return m_tf.nn.maxPool3d(x, window, window, SAME);
    }

    /** Maximum over 3×3×3 blocks (1×3×3 where the depth is 1) that begin at every other voxel. */
    Operand<TFloat32> overlappingPool(final Operand<TFloat32> x) {
        final boolean flat = flat(x);
        return m_tf.nn.maxPool3d(x, List.of(1L, flat ? 1L : 3L, 3L, 3L, 1L), List.of(1L, flat ? 1L : 2L, 2L, 2L, 1L), SAME);
    }

    /**
     * Repeats every voxel twice along depth (unless flat), height and width. Made of concatenations along one axis
     * after another: TensorFlow's own tiling of so many axes is twice as slow.
     *
     * @param flat leave the depth alone
     */
    Operand<TFloat32> upsample(final Operand<TFloat32> x, final boolean flat) {
        return repeat(x, flat ? 1 : 0, 2);
    }

    /** Repeats every voxel along depth, height and width. */
    Operand<TFloat32> repeat(final Operand<TFloat32> x, final int times) {
        return repeat(x, 0, times);
    }

    private Operand<TFloat32> repeat(final Operand<TFloat32> x, final int firstAxis, final int times) {
        if (!sized(x)) {
            return repeatAnySize(x, firstAxis, times);
        }
        final int[] size = {size(x, 1), size(x, 2), size(x, 3)};
        final int channels = size(x, 4);
        Operand<TFloat32> y = x;
        for (int axis = 2; axis >= firstAxis; axis--) {
            int rest = channels;
            for (int a = axis + 1; a < 3; a++) {
                rest *= size[a];
            }
            final Operand<TFloat32> lines = m_tf.reshape(y, m_tf.constant(new int[]{-1, 1, rest}));
            y = Sums.joined(m_tf, Collections.nCopies(times, lines), 1);
            size[axis] *= times;
        }
        return m_tf.reshape(y, m_tf.constant(new int[]{-1, size[0], size[1], size[2], channels}));
    }

    /** Puts the copies of every line into an axis of their own, and takes that axis away. */
    private Operand<TFloat32> repeatAnySize(final Operand<TFloat32> x, final int firstAxis, final int times) {
        final int channels = size(x, 4);
        final Operand<TInt32> shape = m_tf.shape(x);
        final int[] factors = {1, 1, 1, 1, 1};
        Operand<TFloat32> y = x;
        for (int axis = 2; axis >= firstAxis; axis--) {
            final Operand<TInt32> rest = m_tf.reduceProd(m_tf.slice(m_tf.math.mul(shape, m_tf.constant(factors.clone())),
                m_tf.constant(new int[]{axis + 2}), m_tf.constant(new int[]{-1})), m_tf.constant(0));
            final Operand<TFloat32> lines =
                m_tf.reshape(y, m_tf.stack(List.of(m_tf.constant(-1), m_tf.constant(1), rest)));
            y = Sums.joined(m_tf, Collections.nCopies(times, lines), 1);
            factors[axis + 1] = times;
        }
        return m_tf.ensureShape(m_tf.reshape(y, m_tf.math.mul(shape, m_tf.constant(factors))),
            Shape.of(-1, firstAxis > 0 ? x.shape().get(1) : -1, -1, -1, channels));
    }

    /**
     * Convolution (stride 1, zero padding) of channels of which the first are given at half the resolution and have each voxel
     * repeated as by {@link #upsample}: the same as {@code convolution(concat(upsample(x), skip), kernel, 1)}, but without
     * either tensor and with 8/27 (4/9 where the depth is 1) of the multiplications for x. A repeated voxel meets three
     * neighboring weights w, and the two voxels that it became meet them shifted by one, so both are a transposed convolution
     * of stride 2 with the weights w2, w1 + w2, w0 + w1, w0 along each axis.
     *
     * @param x [n, depth / 2, height / 2, width / 2, in]; the depth is not halved where it is 1 after upsampling
     * @param skip [n, depth, height, width, more]
     * @param kernel [3 or 1, 3, 3, in + more, out]
     */
    Operand<TFloat32> upsampledConvolution(final Operand<TFloat32> x, final Operand<TFloat32> skip,
        final Operand<TFloat32> kernel) {
        if (!sized(skip) || Backpropagation.segmented(m_tf)) {
            // for others, whose converters know concatenations better than transposed convolutions of unknown size;
            // and for segments, which end at convolutions only
            return convolution(concat(List.of(upsample(x, flat(skip)), skip)), kernel, 1);
        }
        final int in = size(x, 4);
        final int[] whole = {size(kernel, 0), size(kernel, 1), size(kernel, 2)};
        final Operand<TFloat32> repeated = m_tf.slice(kernel, m_tf.constant(new int[5]),
            m_tf.constant(new int[]{whole[0], whole[1], whole[2], in, size(kernel, 4)}));
        final Operand<TFloat32> plain = m_tf.slice(kernel, m_tf.constant(new int[]{0, 0, 0, in, 0}),
            m_tf.constant(new int[]{whole[0], whole[1], whole[2], size(skip, 4), size(kernel, 4)}));
        return m_tf.math.add(transposedConvolution(x, forRepeated(repeated), skip), convolution(skip, plain, 1));
    }

    /** Transposed convolution of stride 2 to the size of another tensor. */
    private Operand<TFloat32> transposedConvolution(final Operand<TFloat32> x, final Operand<TFloat32> kernel,
        final Operand<?> like) {
        final int[] size = {size(like, 1), size(like, 2), size(like, 3), size(kernel, 3)};
        final Operand<TInt32> sizes = m_tf.concat(List.of(m_tf.slice(m_tf.shape(x), m_tf.constant(new int[]{0}),
            m_tf.constant(new int[]{1})), m_tf.constant(size)), m_tf.constant(0));
        final long depth = size(x, 1) == size[0] ? 1 : 2;
        final Operand<TFloat32> y =
            m_tf.nn.conv3dBackpropInput(sizes, kernel, x, List.of(1L, depth, 2L, 2L, 1L), SAME);
        final long n = x.shape().get(0);
        return m_tf.reshape(y, m_tf.constant(new int[]{(int)n, size[0], size[1], size[2], size[3]}));
    }

    /** The weights of a transposed convolution of stride 2, [4 or 1, 4, 4, out, in], from those for repeated voxels. */
    private Operand<TFloat32> forRepeated(final Operand<TFloat32> kernel) {
        final int[] from = {size(kernel, 0), size(kernel, 1), size(kernel, 2)};
        final int[] to = {from[0] == 1 ? 1 : 4, 4, 4};
        final int taps = from[0] * from[1] * from[2];
        final float[] sums = new float[to[0] * to[1] * to[2] * taps];
        int s = 0;
        for (int t = 0; t < sums.length / taps; t++) {
            for (int k = 0; k < taps; k++) {
                sums[s++] = met(from[0], t / 16, k / 9) && met(3, t / 4 % 4, k / 3 % 3) && met(3, t % 4, k % 3) ? 1 : 0;
            }
        }
        final int in = size(kernel, 3);
        final int out = size(kernel, 4);
        final Operand<TFloat32> summed =
            m_tf.linalg.matMul(m_tf.constant(Shape.of(sums.length / taps, taps), DataBuffers.of(sums)),
                m_tf.reshape(kernel, m_tf.constant(new int[]{taps, in * out})));
        return m_tf.reshape(
            m_tf.linalg.transpose(m_tf.reshape(summed, m_tf.constant(new int[]{-1, in, out})), m_tf.constant(new int[]{0, 2, 1})),
            m_tf.constant(new int[]{to[0], to[1], to[2], out, in}));
    }

    /** Whether the weight k of a kernel's axis is part of the sum t: w2, w1 + w2, w0 + w1, w0; k alone on an axis of one. */
    private static boolean met(final int size, final int t, final int k) {
        return size == 1 || t + k == 2 || t + k == 3;
    }

    /** Puts channels behind one another. */
    Operand<TFloat32> concat(final List<Operand<TFloat32>> xs) {
        return Sums.joined(m_tf, xs, 4);
    }

    /**
     * Group normalization (Wu and He, ECCV 2018, eq. 1, 2, 7): per sample and group of neighboring channels
     * (x - mean) / sqrt(variance + 1e-5), then gamma and beta per channel. As many groups as channels make it instance
     * normalization. Means per channel are averaged over the groups by a small matrix: reductions over
     * non-neighboring axes of the big tensor are slow.
     */
    Operand<TFloat32> groupNorm(final Operand<TFloat32> x, final Operand<TFloat32> gamma, final Operand<TFloat32> beta,
        final int groups) {
        return groupNorm(x, gamma, beta, groups, 1);
    }

    /**
     * {@link #groupNorm} for a network that only predicts: the same bits in two thirds of the time where channels are few.
     * TensorFlow combines a big tensor with one number per channel twice as fast where a row of channels is long, so several
     * voxels' channels are taken as one row. Not in training, where the gradients of the repeated rows take what this saves.
     */
    Operand<TFloat32> groupNormInference(final Operand<TFloat32> x, final Operand<TFloat32> gamma,
        final Operand<TFloat32> beta, final int groups) {
        int voxels = 1;
        if (sized(x)) {
            final int all = size(x, 1) * size(x, 2) * size(x, 3);
            while (2 * voxels * size(x, 4) <= LONG_ROW && all % (2 * voxels) == 0) {
                voxels *= 2;
            }
        }
        return groupNorm(x, gamma, beta, groups, voxels);
    }

    /** @param together how many voxels' channels are combined with repeated numbers at once; divides the number of voxels */
    private Operand<TFloat32> groupNorm(final Operand<TFloat32> x, final Operand<TFloat32> gamma,
        final Operand<TFloat32> beta, final int groups, final int together) {
        final int channels = size(x, 4);
        if (channels % groups != 0) {
            throw new IllegalArgumentException(channels + " channels do not divide into " + groups + " groups");
        }
        final Operand<TFloat32> average = averageWithinGroups(channels, groups);
        final Operand<TInt32> byVoxel = sized(x)
            ? m_tf.constant(new int[]{-1, size(x, 1) * size(x, 2) * size(x, 3), channels})
            : m_tf.stack(List.of(part(m_tf.shape(x), 0), m_tf.constant(-1), m_tf.constant(channels)));
        final Operand<TFloat32> flat = m_tf.reshape(x, byVoxel);
        final Operand<TFloat32> mean = perGroup(meanOfRows(flat, x), average, channels);
        final Operand<TFloat32> rows = together == 1 ? flat : m_tf.reshape(x, m_tf.constant(new int[]{-1,
            size(x, 1) * size(x, 2) * size(x, 3) / together, together * channels}));
        final Operand<TFloat32> centered = without(rows, repeated(mean, together));
        final Operand<TFloat32> squares = m_tf.math.square(centered);
        final Operand<TFloat32> variance =
            perGroup(meanOfRows(together == 1 ? squares : m_tf.reshape(squares, byVoxel), x), average, channels);
        final Operand<TFloat32> scale = m_tf.math.mul(inverse(variance), gamma);
        final Operand<TFloat32> y =
            m_tf.math.add(m_tf.math.mul(centered, repeated(scale, together)), repeated(beta, together));
        return sized(x) ? m_tf.reshape(y, m_tf.constant(new int[]{-1, size(x, 1), size(x, 2), size(x, 3), channels}))
            : m_tf.ensureShape(m_tf.reshape(y, m_tf.shape(x)), x.shape());
    }

    /** The numbers along the last axis so many times behind one another. */
    private Operand<TFloat32> repeated(final Operand<TFloat32> row, final int times) {
        if (times == 1) {
            return row;
        }
        final int[] multiples = new int[row.shape().numDimensions()];
        Arrays.fill(multiples, 1);
        multiples[multiples.length - 1] = times;
        return m_tf.tile(row, m_tf.constant(multiples));
    }

    /** x - y for a small y: the gradient of a difference would negate the big tensor before it is summed up. */
    private Operand<TFloat32> without(final Operand<TFloat32> x, final Operand<TFloat32> y) {
        return m_tf.math.add(x, m_tf.math.neg(y));
    }

    /**
     * Mean over the voxels. Of a sum, where their number is known: the gradient of a mean divides the big tensor.
     *
     * @param flat [n, voxels, channels]
     * @param like [n, depth, height, width, channels]
     */
    private Operand<TFloat32> meanOfRows(final Operand<TFloat32> flat, final Operand<TFloat32> like) {
        if (!sized(like)) {
            return m_tf.math.mean(flat, m_tf.constant(1));
        }
        final float voxels = (float)size(like, 1) * size(like, 2) * size(like, 3);
        return m_tf.math.div(m_tf.sum(flat, m_tf.constant(1)), m_tf.constant(voxels));
    }

    /** One number of a row, as a scalar. */
    private Operand<TInt32> part(final Operand<TInt32> row, final int index) {
        return m_tf.reshape(m_tf.slice(row, m_tf.constant(new int[]{index}), m_tf.constant(new int[]{1})),
            m_tf.constant(new int[0]));
    }

    /**
     * 1/√x for x > 0, as √x / x. TensorFlow's own operation begins with the processor's approximation, which is another one
     * on AMD's than on Intel's processors; square root and division are exact to the last bit everywhere (IEEE 754). Not as
     * 1 / √x, which TensorFlow's graph optimizer would turn into that operation.
     */
    Operand<TFloat32> inverseSquareRoot(final Operand<TFloat32> x) {
        return m_tf.math.div(m_tf.math.sqrt(x), x);
    }

    private Operand<TFloat32> perGroup(final Operand<TFloat32> perChannel, final Operand<TFloat32> average,
        final int channels) {
        return m_tf.reshape(m_tf.linalg.matMul(perChannel, average), m_tf.constant(new int[]{-1, 1, channels}));
    }

    private Operand<TFloat32> averageWithinGroups(final int channels, final int groups) {
        final int each = channels / groups;
        final float[] matrix = new float[channels * channels];
        for (int a = 0; a < channels; a++) {
            for (int b = a / each * each; b < (a / each + 1) * each; b++) {
                matrix[a * channels + b] = 1f / each;
            }
        }
        return m_tf.constant(Shape.of(channels, channels), DataBuffers.of(matrix));
    }

    /**
     * Batch normalization's output and the batch's statistics.
     *
     * @param variance estimate of the population's variance: over n - 1 for n voxels
     */
    record BatchNormResult(Operand<TFloat32> y, Operand<TFloat32> mean, Operand<TFloat32> variance) {
    }

    /**
     * Batch normalization (Ioffe and Szegedy, ICML 2015, algorithm 1) with the batch's own mean and variance. Made of small
     * operations: TensorFlow's fused one contains the square root that differs by processor, see
     * {@link #inverseSquareRoot}.
     */
    BatchNormResult batchNorm(final Operand<TFloat32> x, final Operand<TFloat32> gamma, final Operand<TFloat32> beta) {
        final int channels = size(x, 4);
        final Operand<TFloat32> flat = m_tf.reshape(x, m_tf.constant(new int[]{-1, channels}));
        final Operand<TFloat32> voxels =
            m_tf.math.div(m_tf.dtypes.cast(m_tf.size(flat), TFloat32.class), m_tf.constant((float)channels));
        // of sums: the gradient of a mean divides the big tensor
        final Operand<TFloat32> mean = m_tf.math.div(m_tf.sum(flat, m_tf.constant(0)), voxels);
        final Operand<TFloat32> centered = without(flat, mean);
        final Operand<TFloat32> variance = m_tf.math.div(m_tf.sum(m_tf.math.square(centered), m_tf.constant(0)), voxels);
        final Operand<TFloat32> y =
            m_tf.math.add(m_tf.math.mul(centered, m_tf.math.mul(inverse(variance), gamma)), beta);
        final Operand<TFloat32> others = m_tf.math.maximum(m_tf.math.sub(voxels, m_tf.constant(1f)), m_tf.constant(1f));
        return new BatchNormResult(
            m_tf.reshape(y, m_tf.constant(new int[]{-1, size(x, 1), size(x, 2), size(x, 3), channels})), mean,
            m_tf.math.mul(variance, m_tf.math.div(voxels, others)));
    }

    /** 1 / sqrt(variance + 1e-5). */
    private Operand<TFloat32> inverse(final Operand<TFloat32> variance) {
        return inverseSquareRoot(m_tf.math.add(variance, m_tf.constant(NORM_EPSILON)));
    }

    /** y = scale · x + shift, per channel. */
    record Linear(Operand<TFloat32> scale, Operand<TFloat32> shift) {
    }

    /** Batch normalization with given mean and variance per channel. */
    Linear batchNormInference(final Operand<TFloat32> gamma, final Operand<TFloat32> beta, final Operand<TFloat32> mean,
        final Operand<TFloat32> variance) {
        final Operand<TFloat32> scale = m_tf.math.mul(inverse(variance), gamma);
        return new Linear(scale, m_tf.math.sub(beta, m_tf.math.mul(mean, scale)));
    }

    /** Mean over all voxels: [n, depth, height, width, channels] → [n, 1, 1, 1, channels]. */
    Operand<TFloat32> globalAverage(final Operand<TFloat32> x) {
        return m_tf.math.mean(x, m_tf.constant(new int[]{1, 2, 3}), Mean.keepDims(true));
    }

    /**
     * Gradient reversal (Ganin et al., JMLR 2016, eq. 16, 17): x itself going forward, -lambda times the gradient going
     * back. Made of stopped gradients, exact in both directions: y = x + (z - z) with z = -lambda x, where everything
     * but the first z is constant for differentiation.
     */
    Operand<TFloat32> reverseGradient(final Operand<TFloat32> x, final Operand<TFloat32> lambda) {
        final Operand<TFloat32> z = m_tf.math.mul(m_tf.math.neg(lambda), x);
        return m_tf.math.add(m_tf.stopGradient(x), m_tf.math.sub(z, m_tf.stopGradient(z)));
    }

    /** Softmax over the channels. */
    Operand<TFloat32> softmax(final Operand<TFloat32> logits) {
        return m_tf.nn.softmax(logits);
    }
}
