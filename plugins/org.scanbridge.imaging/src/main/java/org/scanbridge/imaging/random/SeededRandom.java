package org.scanbridge.imaging.random;

/**
 * Random numbers whose every bit is specified, so that a seed means the same study in every Java version and on every
 * platform: SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, OOPSLA 2014) with the
 * golden-ratio increment, the stream of {@link java.util.SplittableRandom#SplittableRandom(long)}; Gaussians by
 * Marsaglia's polar method on {@link StrictMath}. The JDK's own generators promise the bits of {@code nextLong} at
 * best, not those of {@code nextGaussian}.
 * <p>
 * First numbers for seed 1234567: 6457827717110365317, 3203168211198807973, 9817491932198370423 (unsigned). Not thread
 * safe; give each piece of work its own generator through {@link #of(long, long...)}.
 */
public final class SeededRandom {

    static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

    private long m_state;

    private double m_spareGaussian = Double.NaN;

    /** @param seed any number; equal seeds give equal streams */
    public SeededRandom(final long seed) {
        m_state = seed;
    }

    /**
     * A stream of its own for one piece of work, the same in whatever order the pieces are done.
     *
     * @param seed seed of the whole
     * @param keys what tells this piece from the others, such as subject number and purpose
     */
    public static SeededRandom of(final long seed, final long... keys) {
        long s = mix(seed + GOLDEN_GAMMA);
        for (final long key : keys) {
            s = keyed(s, key);
        }
        return new SeededRandom(s);
    }

    /** The state from which a stream begins whose keys are those of another state, and one more. */
    static long keyed(final long state, final long key) {
        return mix(state + GOLDEN_GAMMA * (2 * key + 1));
    }

    static long mix(final long state) {
        long z = state;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }

    /** 64 random bits. */
    public long nextLong() {
        m_state += GOLDEN_GAMMA;
        return mix(m_state);
    }

    /** Uniform in [0, 1), a multiple of 2^-53. */
    public double nextDouble() {
        return (nextLong() >>> 11) * 0x1.0p-53;
    }

    /** Uniform in [from, to); {@code from} if both are equal. */
    public double uniform(final double from, final double to) {
        return from + (to - from) * nextDouble();
    }

    /**
     * Uniform in [0, bound-1], without modulo bias.
     *
     * @throws IllegalArgumentException if {@code bound} is not positive
     */
    public int nextInt(final int bound) {
        if (bound <= 0) {
            throw new IllegalArgumentException("bound " + bound + " must be positive");
        }
        final long limit = Long.MAX_VALUE - Long.MAX_VALUE % bound;
        long bits = nextLong() >>> 1;
        while (bits >= limit) {
            bits = nextLong() >>> 1;
        }
        return (int)(bits % bound);
    }

    /** Whether an event of this probability happens; draws exactly one number. */
    public boolean happens(final double probability) {
        return nextDouble() < probability;
    }

    /** Normal with mean 0 and standard deviation 1. */
    public double nextGaussian() {
        if (!Double.isNaN(m_spareGaussian)) {
            final double spare = m_spareGaussian;
            m_spareGaussian = Double.NaN;
            return spare;
        }
        double u;
        double v;
        double s;
        do {
            u = 2 * nextDouble() - 1;
            v = 2 * nextDouble() - 1;
            s = u * u + v * v;
        } while (s >= 1 || s == 0);
        final double factor = StrictMath.sqrt(-2 * StrictMath.log(s) / s);
        m_spareGaussian = v * factor;
        return u * factor;
    }

    /** Shuffles in place (Fisher and Yates, from the last element down). */
    public void shuffle(final int[] values) {
        for (int i = values.length - 1; i > 0; i--) {
            final int j = nextInt(i + 1);
            final int swap = values[i];
            values[i] = values[j];
            values[j] = swap;
        }
    }
}
