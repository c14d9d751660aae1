package org.scanbridge.dicom.codec;

import java.util.Arrays;

import org.scanbridge.dicom.data.DicomException;

/** Decodes the lines of one JPEG-LS scan (ITU-T T.87 annex A): LOCO-I with context modeling and run mode. */
final class JpegLsScan {

    private static final int[] RUN_ORDER = {0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 9,
        10, 11, 12, 13, 14, 15};

    private static final int CONTEXTS = 365;

    /** Numbers per context: those of {@link #m_contexts}. */
    private static final int STATE = 4;

    /** Of the last number of a context, how far the correction is shifted, and what the order and the turn are in. */
    private static final int CORRECTION = 8;

    private static final int ORDER = 31;

    private static final int TURN = 5;

    private static final int MAX_ORDER = 24;

    private final JpegLsBits m_in;

    private final int m_near;

    private final int m_max;

    private final int m_reset;

    /** The region of each gradient, of -{@link #m_max} first. */
    private final byte[] m_regions;

    private final int m_range;

    private final int m_errorBits;

    private final int m_limit;

    /** So many zeros are no ordinary code of a sample. */
    private final int m_escape;

    /** All bits where errors are turned in contexts of negative bias, which is without loss only; else none. */
    private final int m_turning;

    private final int m_step;

    /**
     * Of each context: sum of error magnitudes, sum of errors, count (A, B, N of T.87) and, in one number, the correction of the
     * prediction (C), whether signs of errors are turned, and the order of the next code (k). That order follows from A and N, but is
     * wanted at once where the context is met again, and so is made when there is time, after a sample.
     */
    private final int[] m_contexts = new int[CONTEXTS * STATE];

    /** Of the two ways in which runs end: sum of error magnitudes, count, count of negative errors (A, N, Nn). */
    private final int[] m_a = new int[2];

    private final int[] m_n = new int[2];

    private final int[] m_negative = new int[2];

    private int m_runIndex;

    JpegLsScan(final JpegLsCoding coding, final JpegLsBits in) throws DicomException {
        m_in = in;
        m_near = coding.near();
        m_max = coding.max();
        m_reset = coding.reset();
        m_regions = regions(coding);
        m_range = coding.range();
        m_errorBits = coding.errorBits();
        m_limit = coding.limit();
        m_escape = Math.min(m_limit - m_errorBits - 1, JpegLsBits.SHORT);
        m_turning = m_near == 0 ? -1 : 0;
        m_step = 2 * m_near + 1;
        final int start = Math.max(2, (m_range + 32) / 64);
        final int first = coded(0, start, 0, 1);
        for (int at = 0; at < m_contexts.length; at += STATE) {
            m_contexts[at] = start;
            m_contexts[at + 2] = 1;
            m_contexts[at + 3] = first;
        }
        Arrays.fill(m_a, start);
        Arrays.fill(m_n, 1);
    }

    private static byte[] regions(final JpegLsCoding coding) {
        final int max = coding.max();
        final byte[] regions = new byte[2 * max + 1];
        // all gradients beyond are of the last region
        final int last = Math.min(max, Math.max(Math.max(coding.near() + 1, coding.t1()), Math.max(coding.t2(), coding.t3())));
        Arrays.fill(regions, 0, max - last, (byte)coding.quantize(-max));
        for (int gradient = -last; gradient <= last; gradient++) {
            regions[gradient + max] = (byte)coding.quantize(gradient);
        }
        Arrays.fill(regions, max + last + 1, regions.length, (byte)coding.quantize(max));
        return regions;
    }

    /** Run length state, which belongs to a component where lines of components alternate. */
    int runIndex() {
        return m_runIndex;
    }

    void runIndex(final int index) {
        m_runIndex = index;
    }

    /**
     * Decodes one line of some components that are interleaved by sample, or of one.
     *
     * @param above the line above: for each column, its samples of the components; the first and the last column are margins,
     *            overwritten here
     * @param to where the line goes, likewise
     * @param components 1 to 4
     */
    void line(final int[] above, final int[] to, final int components) throws DicomException {
        final int end = above.length - components;
        for (int c = 0; c < components; c++) {
            above[end + c] = above[end - components + c];
            to[c] = above[components + c];
        }
        if (components == 1) {
            gray(above, to, end);
        } else if (components == 3) {
            colors(above, to, end);
        } else {
            interleaved(above, to, end, components);
        }
        m_in.requireEnough();
    }

    /** One component: each sample is looked up once only, and each gradient above the line is that of two samples. */
    private void gray(final int[] above, final int[] to, final int end) throws DicomException {
        int x = 1;
        while (x < end) {
            int a = to[x - 1];
            int c = above[x - 1];
            int b = above[x];
            int before = quantize(b - c);
            while (x < end) {
                final int d = above[x + 1];
                final int next = quantize(d - b);
                final int context = 81 * next + 9 * before + quantize(c - a);
                if (context == 0) {
                    break;
                }
                a = regular(context, a, b, c);
                to[x++] = a;
                c = b;
                b = d;
                before = next;
            }
            if (x < end) {
                x = run(above, to, x, end, 1);
            }
        }
    }

    /** Three components, without a loop over them. */
    private void colors(final int[] above, final int[] to, final int end) throws DicomException {
        int at = 3;
        while (at < end) {
            final int first = context(above, to, at, 3);
            final int second = context(above, to, at + 1, 3);
            final int third = context(above, to, at + 2, 3);
            if ((first | second | third) == 0) {
                at = run(above, to, at, end, 3);
            } else {
                to[at] = regular(first, to[at - 3], above[at], above[at - 3]);
                to[at + 1] = regular(second, to[at - 2], above[at + 1], above[at - 2]);
                to[at + 2] = regular(third, to[at - 1], above[at + 2], above[at - 1]);
                at += 3;
            }
        }
    }

    /** Any number of components. */
    private void interleaved(final int[] above, final int[] to, final int end, final int components) throws DicomException {
        final int[] contexts = new int[components];
        int at = components;
        while (at < end) {
            int any = 0;
            for (int c = 0; c < components; c++) {
                contexts[c] = context(above, to, at + c, components);
                any |= contexts[c];
            }
            if (any == 0) {
                at = run(above, to, at, end, components);
            } else {
                for (final int context : contexts) {
                    to[at] = regular(context, to[at - components], above[at], above[at - components]);
                    at++;
                }
            }
        }
    }

    /** The context of a sample by its neighbors before it and above; 0 where all are alike, else with a sign. */
    private int context(final int[] above, final int[] to, final int at, final int components) {
        final int b = above[at];
        final int c = above[at - components];
        return 81 * quantize(above[at + components] - b) + 9 * quantize(b - c) + quantize(c - to[at - components]);
    }

    private int quantize(final int gradient) {
        return m_regions[gradient + m_max];
    }

    private int regular(final int signed, final int a, final int b, final int c) throws DicomException {
        // -1 for negative contexts, whose errors are negated: (x ^ sign) - sign is -x then, else x
        final int sign = signed >> 31;
        final int at = ((signed ^ sign) - sign) * STATE;
        final int coded = m_contexts[at + 3];
        // of a, b and a + b - c the one in the middle
        final int middle = Math.max(Math.min(a, b), Math.min(Math.max(a, b), a + b - c));
        final int prediction = Math.max(0, Math.min(m_max, middle + (coded >> CORRECTION ^ sign) - sign));
        final int k = coded & ORDER;
        final int code = m_in.code(k, m_escape);
        final int mapped = code >= 0 ? code : golomb(k, m_limit);
        final int error = -((mapped ^ coded >> TURN) & 1) ^ mapped >> 1;
        final int value = reconstruct(prediction, (error ^ sign) - sign);
        learn(at, error, coded >> CORRECTION);
        return value;
    }

    /** Updates a context by an error (T.87 code segments A.12 and A.13), without branches, which nobody could foretell. */
    private void learn(final int at, final int error, final int correction) throws DicomException {
        final int[] state = m_contexts;
        int errors = state[at] + Math.abs(error);
        int bias = state[at + 1] + error * m_step;
        int count = state[at + 2];
        if (count == m_reset) {
            errors >>= 1;
            bias >>= 1;
            count >>= 1;
        }
        count++;
        // -1 where the bias is at most -count, or above 0
        final int low = bias + count - 1 >> 31;
        final int high = -bias >> 31;
        bias = Math.max(1 - count, Math.min(0, bias + (count & low) - (count & high)));
        state[at] = errors;
        state[at + 1] = bias;
        state[at + 2] = count;
        state[at + 3] = coded(Math.max(-128, Math.min(127, correction + low - high)), errors, bias, count);
    }

    private int coded(final int correction, final int errors, final int bias, final int count) throws DicomException {
        final int k = order(count, errors);
        // 1 where k is 0 and twice the bias at most -count
        final int turned = (k - 1 & 2 * bias + count - 1 & m_turning) >>> Integer.SIZE - 1;
        return correction << CORRECTION | turned << TURN | k;
    }

    /** The least k for which n times 2 to the power of k is at least a. */
    private static int order(final int n, final int a) throws DicomException {
        // the first guess has its highest bit where that of a is
        final int guess = Math.max(0, Integer.numberOfLeadingZeros(n) - Integer.numberOfLeadingZeros(a));
        final int k = guess + ((n << guess) - a >>> Integer.SIZE - 1);
        if (k > MAX_ORDER) {
            throw JpegLsDecoder.broken("has errors that grow without bound");
        }
        return k;
    }

    /** A Golomb code of limited length (T.87 section A.5.3). */
    private int golomb(final int k, final int limit) throws DicomException {
        final int escape = limit - m_errorBits - 1;
        final int zeros = m_in.zeros(limit);
        return zeros < escape ? zeros << k | m_in.bits(k) : m_in.bits(m_errorBits) + 1;
    }

    private int reconstruct(final int prediction, final int error) {
        final int value = prediction + error * m_step;
        return value >= 0 && value <= m_max ? value : wrap(value);
    }

    private int wrap(final int beyond) {
        int value = beyond;
        if (value < -m_near) {
            value += m_range * m_step;
        } else if (value > m_max + m_near) {
            value -= m_range * m_step;
        }
        return Math.max(0, Math.min(m_max, value));
    }

    /** Decodes a run from a sample on; returns where the line goes on. */
    private int run(final int[] above, final int[] to, final int from, final int end, final int components)
        throws DicomException {
        final int remaining = (end - from) / components;
        int length = 0;
        while (length < remaining && m_in.bit() == 1) {
            final int whole = 1 << RUN_ORDER[m_runIndex];
            if (whole <= remaining - length) {
                length += whole;
                m_runIndex = Math.min(RUN_ORDER.length - 1, m_runIndex + 1);
            } else {
                length = remaining; // the run goes to the end of the line
            }
        }
        if (length < remaining) {
            length += m_in.bits(RUN_ORDER[m_runIndex]);
            if (length > remaining) {
                throw JpegLsDecoder.broken("has a run that is longer than its line");
            }
        }
        int at = from;
        for (final int last = from + length * components; at < last; at++) {
            to[at] = to[at - components];
        }
        if (at == end) {
            return end;
        }
        for (int c = 0; c < components; c++, at++) {
            to[at] = interruption(to[at - components], above[at], components > 1);
        }
        m_runIndex = Math.max(0, m_runIndex - 1);
        return at;
    }

    /** The sample that ends a run (T.87 section A.7.2). */
    private int interruption(final int a, final int b, final boolean interleaved) throws DicomException {
        final int type = !interleaved && Math.abs(a - b) <= m_near ? 1 : 0;
        final int k = order(m_n[type], type == 0 ? m_a[type] : m_a[type] + (m_n[type] >> 1));
        final int mapped = golomb(k, m_limit - RUN_ORDER[m_runIndex] - 1);
        final int twice = mapped + type;
        final int odd = twice & 1;
        final int magnitude = twice + odd >> 1;
        final boolean negative = (k != 0 || 2 * m_negative[type] >= m_n[type]) == (odd == 1);
        final int error = negative ? -magnitude : magnitude;
        if (error < 0) {
            m_negative[type]++;
        }
        m_a[type] += mapped + 1 - type >> 1;
        if (m_n[type] == m_reset) {
            m_a[type] >>= 1;
            m_n[type] >>= 1;
            m_negative[type] >>= 1;
        }
        m_n[type]++;
        return type == 1 ? reconstruct(a, error) : reconstruct(b, a > b ? -error : error);
    }
}
