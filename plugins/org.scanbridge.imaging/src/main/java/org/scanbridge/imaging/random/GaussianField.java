package org.scanbridge.imaging.random;

/**
 * A standard normal number for each index, which depends on seed and index alone: whoever asks for it, in whatever order,
 * on however many threads, gets the same bits. The numbers 2n and 2n + 1 are made of the halves of the n-th output of the
 * SplitMix64 stream of {@link SeededRandom}, by a ziggurat of 256 layers (Marsaglia and Tsang: The ziggurat method for
 * generating random variables, J. Stat. Softw. 5(8), 2000) whose signed abscissa has 24 random bits of its own, as many as
 * a float resolves, none of them shared with the choice of the layer (Doornik 2005). The 1.2 % that need further numbers
 * take them from a stream begun by seed and index. Exponentials and logarithms are those of {@link StrictMath}.
 * <p>
 * For noise in images: fast and thread safe, but finer than 2^-22 no two numbers differ.
 */
public final class GaussianField {

    private static final int LAYERS = 256;

    /** Abscissas are whole multiples of a layer's width over this. */
    private static final double STEPS = 1 << 23;

    /** Where the tail begins, and the area of each layer under exp(-x²/2): table 1 of Marsaglia and Tsang. */
    private static final double TAIL = 3.6541528853610088;

    private static final double AREA = 0.00492867323399;

    /** Key of the further numbers. */
    private static final long FURTHER = 0x6761757373L;

    /** Right ends of the layers from the lowest, which reaches into the tail, to 0. */
    private static final double[] RIGHT = new double[LAYERS + 1];

    /** exp(-x²/2) there. */
    private static final double[] HEIGHT = new double[LAYERS + 1];

    /** The geometric mean of the heights of each layer's ends, and half the square of the abscissa that has it. */
    private static final double[] MIDDLE = new double[LAYERS];

    private static final double[] EXPONENT = new double[LAYERS];

    /** More than the rounding of numbers up to 1 in {@link #isUnder}. */
    private static final double ROUNDING = 1e-12;

    /** Width of a step in each layer. */
    private static final float[] STEP = new float[LAYERS];

    /** Fewer steps than this lie within the next layer too, wholly under the curve. */
    private static final int[] WITHIN = new int[LAYERS];

    static {
        RIGHT[0] = AREA / density(TAIL);
        RIGHT[1] = TAIL;
        for (int layer = 2; layer < LAYERS; layer++) {
            RIGHT[layer] =
                StrictMath.sqrt(-2 * StrictMath.log(density(RIGHT[layer - 1]) + AREA / RIGHT[layer - 1]));
        }
        for (int layer = 0; layer <= LAYERS; layer++) {
            HEIGHT[layer] = density(RIGHT[layer]);
        }
        for (int layer = 0; layer < LAYERS; layer++) {
            STEP[layer] = (float)(RIGHT[layer] / STEPS);
            WITHIN[layer] = (int)(RIGHT[layer + 1] / RIGHT[layer] * STEPS);
            MIDDLE[layer] = StrictMath.sqrt(HEIGHT[layer] * HEIGHT[layer + 1]);
            EXPONENT[layer] = -StrictMath.log(MIDDLE[layer]);
        }
    }

    private final long m_key;

    /** @param seed any number; equal seeds give equal fields */
    public GaussianField(final long seed) {
        m_key = SeededRandom.mix(seed + SeededRandom.GOLDEN_GAMMA);
    }

    private static double density(final double x) {
        return StrictMath.exp(-0.5 * x * x);
    }

    /** The number at an index: normal with mean 0 and standard deviation 1. */
    public float at(final long index) {
        final long both = pair(index >> 1);
        return number((int)((index & 1) == 0 ? both : both >>> 32), index);
    }

    /**
     * The numbers of consecutive indices.
     *
     * @param first the first index
     * @param to as many numbers as it is long; overwritten
     */
    public void fill(final long first, final float[] to) {
        int n = 0;
        if ((first & 1) != 0 && to.length > 0) {
            to[n++] = at(first);
        }
        for (; n + 1 < to.length; n += 2) {
            final long both = pair(first + n >> 1);
            to[n] = number((int)both, first + n);
            to[n + 1] = number((int)(both >>> 32), first + n + 1);
        }
        if (n < to.length) {
            to[n] = at(first + n);
        }
    }

    private long pair(final long n) {
        return SeededRandom.mix(m_key + n * SeededRandom.GOLDEN_GAMMA);
    }

    private float number(final int bits, final long index) {
        final int layer = bits & LAYERS - 1;
        final int steps = bits >> 8;
        return Math.abs(steps) < WITHIN[layer] ? steps * STEP[layer] : further(layer, steps, index);
    }

    /** Decides on an abscissa beyond the part of its layer that lies wholly under the curve. */
    private float further(final int firstLayer, final int firstSteps, final long index) {
        final SeededRandom random = SeededRandom.of(m_key, FURTHER, index);
        int layer = firstLayer;
        int steps = firstSteps;
        while (Math.abs(steps) >= WITHIN[layer]) {
            if (layer == 0) {
                return (float)(steps < 0 ? -tail(random) : tail(random));
            }
            final double x = steps / STEPS * RIGHT[layer];
            if (isUnder(HEIGHT[layer] + random.nextDouble() * (HEIGHT[layer + 1] - HEIGHT[layer]), x, layer)) {
                return (float)x;
            }
            final int next = (int)random.nextLong();
            layer = next & LAYERS - 1;
            steps = next >> 8;
        }
        return steps * STEP[layer];
    }

    /**
     * Whether y is below exp(-x²/2), which is computed only where the series of the exponential about the middle of the layer does not
     * tell: what it leaves out, e³/6 and so on, is less than e³/4 for |e| up to 1/2.
     */
    private static boolean isUnder(final double y, final double x, final int layer) {
        final double e = EXPONENT[layer] - 0.5 * x * x;
        final double above = y - MIDDLE[layer] * (1 + e * (1 + 0.5 * e));
        final boolean isSure = Math.abs(e) <= 0.5 && Math.abs(above) > 0.25 * MIDDLE[layer] * Math.abs(e * e * e) + ROUNDING;
        return isSure ? above < 0 : y < density(x);
    }

    /** A number beyond the ziggurat's lowest layer (Marsaglia, Technometrics 6, 1964). */
    private static double tail(final SeededRandom random) {
        double beyond;
        double other;
        do {
            beyond = -StrictMath.log(1 - random.nextDouble()) / TAIL;
            other = -StrictMath.log(1 - random.nextDouble());
        } while (2 * other < beyond * beyond);
        return TAIL + beyond;
    }
}
