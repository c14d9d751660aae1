package org.scanbridge.imaging.random;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;

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

    /** With an index, where the stream of its further numbers begins, which is {@link SeededRandom#of} key, {@link #FURTHER} and index. */
    private final long m_furtherKey;

    /** @param seed any number; equal seeds give equal fields */
    public GaussianField(final long seed) {
        m_key = SeededRandom.mix(seed + SeededRandom.GOLDEN_GAMMA);
        m_furtherKey = SeededRandom.keyed(SeededRandom.mix(m_key + SeededRandom.GOLDEN_GAMMA), FURTHER);
    }

    private static double density(final double x) {
        return StrictMath.exp(-0.5 * x * x);
    }

    /** The number at an index: normal with mean 0 and standard deviation 1. */
    public float at(final long index) {
        final long both = SeededRandom.mix(m_key + (index >> 1) * SeededRandom.GOLDEN_GAMMA);
        final int bits = (int)((index & 1) == 0 ? both : both >>> 32);
        final int layer = bits & LAYERS - 1;
        final int steps = bits >> 8;
        return Math.abs(steps) < WITHIN[layer] ? steps * STEP[layer] : further(layer, steps, index);
    }

    /** What gives the numbers of many consecutive indices in less time than {@link #at}; one for each thread. */
    public Filler filler() {
        return new Filler(this);
    }

    /** Decides on an abscissa beyond the part of its layer that lies wholly under the curve. */
    private float further(final int firstLayer, final int firstSteps, final long index) {
        final SeededRandom random = new SeededRandom(SeededRandom.keyed(m_furtherKey, index));
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

    /**
     * The numbers of consecutive indices, {@value #ROW} at a time by loops over all of them, most of which a virtual machine turns
     * into vector instructions. Java 17 has none that make floats of ints: an int's bits are put into the mantissa of a float, by
     * copying through a buffer that is seen as both. Not thread safe.
     */
    public static final class Filler {

        private static final int ROW = 512;

        /** States of the stream from the first on. */
        private static final long[] STATES = new long[ROW / 2];

        static {
            for (int n = 0; n < STATES.length; n++) {
                STATES[n] = n * SeededRandom.GOLDEN_GAMMA;
            }
        }

        /** A float of this size has no fraction: added to its bits, a whole number is added to it. */
        private static final float WHOLE = 3 << 22;

        private static final int BITS_OF_WHOLE = Float.floatToRawIntBits(WHOLE);

        private final GaussianField m_field;

        private final LongBuffer m_asLongs;

        private final IntBuffer m_asInts;

        private final FloatBuffer m_asFloats;

        private final long[] m_pairs = new long[ROW / 2];

        private final int[] m_bits = new int[ROW];

        private final int[] m_halves = new int[ROW];

        private final int[] m_rest = new int[ROW];

        private final int[] m_within = new int[ROW];

        private final float[] m_steps = new float[ROW];

        private final float[] m_odd = new float[ROW];

        private final float[] m_width = new float[ROW];

        private Filler(final GaussianField field) {
            m_field = field;
            // Little-endian on every machine, so that the lower half of a pair is always the first.
            final ByteBuffer bytes = ByteBuffer.allocate(ROW * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            m_asLongs = bytes.asLongBuffer();
            m_asInts = bytes.asIntBuffer();
            m_asFloats = bytes.asFloatBuffer();
        }

        /**
         * @param first the first index
         * @param to as many numbers as it is long; overwritten
         */
        public void fill(final long first, final float[] to) {
            int n = 0;
            if ((first & 1) != 0 && to.length > 0) {
                to[n++] = m_field.at(first);
            }
            for (; n + ROW <= to.length; n += ROW) {
                row(first + n);
                System.arraycopy(m_steps, 0, to, n, ROW);
            }
            for (; n < to.length; n++) {
                to[n] = m_field.at(first + n);
            }
        }

        private void row(final long first) {
            pairs(m_field.m_key + (first >> 1) * SeededRandom.GOLDEN_GAMMA, m_pairs);
            m_asLongs.put(0, m_pairs);
            m_asInts.get(0, m_bits);
            split(m_bits, m_halves, m_rest);
            m_asInts.put(0, m_halves);
            m_asFloats.get(0, m_steps);
            m_asInts.put(0, m_rest);
            m_asFloats.get(0, m_odd);
            layers(m_bits, m_width, m_within);
            abscissas(m_steps, m_odd, m_width);
            beyond(m_bits, m_within);
            m_asInts.put(0, m_within);
            m_asLongs.get(0, m_pairs);
            for (int p = 0; p < ROW / 2; p++) {
                if (m_pairs[p] != 0) {
                    for (int n = 2 * p; n < 2 * p + 2; n++) {
                        if (m_within[n] != 0) {
                            m_steps[n] = m_field.further(m_bits[n] & LAYERS - 1, m_bits[n] >> 8, first + n);
                        }
                    }
                }
            }
        }

        private static void pairs(final long state, final long[] pairs) {
            final long[] states = STATES;
            for (int p = 0; p < ROW / 2; p++) {
                pairs[p] = SeededRandom.mix(state + states[p]);
            }
        }

        /** The steps, of 24 bits: 23 of them as bits of a float, {@link #WHOLE} added, and the last as bits of 2 or 0. */
        private static void split(final int[] bits, final int[] halves, final int[] rest) {
            for (int n = 0; n < ROW; n++) {
                halves[n] = (bits[n] >> 9) + BITS_OF_WHOLE;
                rest[n] = (bits[n] & 0x100) << 22;
            }
        }

        private static void layers(final int[] bits, final float[] width, final int[] within) {
            final float[] step = STEP;
            final int[] inside = WITHIN;
            for (int n = 0; n < ROW; n++) {
                final int layer = bits[n] & LAYERS - 1;
                width[n] = step[layer];
                within[n] = inside[layer];
            }
        }

        /** Steps times their width, of twice the steps and half the width: these are floats without rounding. */
        private static void abscissas(final float[] halves, final float[] rest, final float[] width) {
            for (int n = 0; n < ROW; n++) {
                halves[n] = ((halves[n] - WHOLE) * 4 + rest[n]) * (width[n] * 0.5f);
            }
        }

        /** 1 where there are as many steps as would have to be fewer, otherwise 0. */
        private static void beyond(final int[] bits, final int[] within) {
            for (int n = 0; n < ROW; n++) {
                within[n] = within[n] - 1 - Math.abs(bits[n] >> 8) >>> 31;
            }
        }
    }
}
