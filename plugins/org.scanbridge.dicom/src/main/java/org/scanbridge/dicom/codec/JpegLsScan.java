package org.scanbridge.dicom.codec;

import java.util.Arrays;

import org.scanbridge.dicom.data.DicomException;

/** Decodes the lines of one JPEG-LS scan (ITU-T T.87 annex A): LOCO-I with context modeling and run mode. */
final class JpegLsScan {

    private static final int[] RUN_ORDER = {0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 9,
        10, 11, 12, 13, 14, 15};

    private static final int CONTEXTS = 365;

    private final JpegLsCoding m_coding;

    private final JpegLsBits m_in;

    private final int m_range;

    private final int m_errorBits;

    private final int m_limit;

    private final int m_step;

    /** Sums of error magnitudes; the last two belong to run interruption. */
    private final int[] m_a = new int[CONTEXTS + 2];

    private final int[] m_b = new int[CONTEXTS];

    private final int[] m_c = new int[CONTEXTS];

    private final int[] m_n = new int[CONTEXTS + 2];

    private final int[] m_negative = new int[2];

    private int m_runIndex;

    JpegLsScan(final JpegLsCoding coding, final JpegLsBits in) {
        m_coding = coding;
        m_in = in;
        m_range = coding.range();
        m_errorBits = coding.errorBits();
        m_limit = coding.limit();
        m_step = 2 * coding.near() + 1;
        Arrays.fill(m_a, Math.max(2, (m_range + 32) / 64));
        Arrays.fill(m_n, 1);
    }

    /** Run length state, which belongs to a component where lines of components alternate. */
    int runIndex() {
        return m_runIndex;
    }

    void runIndex(final int index) {
        m_runIndex = index;
    }

    /**
     * Decodes one line of each component together (one component, or interleaved by sample).
     *
     * @param previous the line above per component; samples at 1..width, index 0 and width + 1 are margins
     * @param current where the line goes, likewise
     */
    void line(final int[][] previous, final int[][] current, final int width) throws DicomException {
        final int n = previous.length;
        for (int c = 0; c < n; c++) {
            previous[c][width + 1] = previous[c][width];
            current[c][0] = previous[c][1];
        }
        int x = 1;
        while (x <= width) {
            boolean flat = true;
            for (int c = 0; c < n && flat; c++) {
                final int[] above = previous[c];
                flat = Math.abs(above[x + 1] - above[x]) <= m_coding.near()
                    && Math.abs(above[x] - above[x - 1]) <= m_coding.near()
                    && Math.abs(above[x - 1] - current[c][x - 1]) <= m_coding.near();
            }
            if (flat) {
                x = run(previous, current, x, width);
            } else {
                for (int c = 0; c < n; c++) {
                    current[c][x] = regular(current[c][x - 1], previous[c][x], previous[c][x - 1], previous[c][x + 1]);
                }
                x++;
            }
        }
    }

    private int regular(final int a, final int b, final int c, final int d) throws DicomException {
        int context =
            81 * m_coding.quantize(d - b) + 9 * m_coding.quantize(b - c) + m_coding.quantize(c - a);
        final int sign = context < 0 ? -1 : 1;
        context = Math.abs(context);
        int prediction = c >= Math.max(a, b) ? Math.min(a, b) : c <= Math.min(a, b) ? Math.max(a, b) : a + b - c;
        prediction = Math.max(0, Math.min(m_coding.max(), prediction + sign * m_c[context]));
        final int k = order(m_n[context], m_a[context]);
        final int mapped = golomb(k, m_limit);
        final int error;
        if (m_coding.near() == 0 && k == 0 && 2 * m_b[context] <= -m_n[context]) {
            error = (mapped & 1) == 1 ? mapped >> 1 : -(mapped >> 1) - 1;
        } else {
            error = (mapped & 1) == 0 ? mapped >> 1 : -(mapped + 1 >> 1);
        }
        update(context, error);
        return reconstruct(prediction, sign * error);
    }

    private static int order(final int n, final int a) throws DicomException {
        int k = 0;
        while (n << k < a) {
            if (++k > 24) {
                throw JpegLsDecoder.broken("has errors that grow without bound");
            }
        }
        return k;
    }

    /** A Golomb code of limited length (T.87 section A.5.3). */
    private int golomb(final int k, final int limit) throws DicomException {
        int zeros = 0;
        while (m_in.bit() == 0) {
            if (++zeros > limit) {
                throw JpegLsDecoder.broken("has a code of more than " + limit + " bits");
            }
        }
        return zeros < limit - m_errorBits - 1 ? zeros << k | m_in.bits(k) : m_in.bits(m_errorBits) + 1;
    }

    private void update(final int q, final int error) {
        m_b[q] += error * m_step;
        m_a[q] += Math.abs(error);
        if (m_n[q] == m_coding.reset()) {
            m_a[q] >>= 1;
            m_b[q] >>= 1;
            m_n[q] >>= 1;
        }
        m_n[q]++;
        if (m_b[q] <= -m_n[q]) {
            m_b[q] = Math.max(m_b[q] + m_n[q], 1 - m_n[q]);
            m_c[q] = Math.max(-128, m_c[q] - 1);
        } else if (m_b[q] > 0) {
            m_b[q] = Math.min(m_b[q] - m_n[q], 0);
            m_c[q] = Math.min(127, m_c[q] + 1);
        }
    }

    private int reconstruct(final int prediction, final int error) {
        int value = prediction + error * m_step;
        if (value < -m_coding.near()) {
            value += m_range * m_step;
        } else if (value > m_coding.max() + m_coding.near()) {
            value -= m_range * m_step;
        }
        return Math.max(0, Math.min(m_coding.max(), value));
    }

    /** Decodes a run from x on; returns where the line goes on. */
    private int run(final int[][] previous, final int[][] current, final int x, final int width)
        throws DicomException {
        final int remaining = width + 1 - x;
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
        final int end = x + length;
        for (int c = 0; c < current.length; c++) {
            Arrays.fill(current[c], x, end, current[c][x - 1]);
        }
        if (end > width) {
            return end;
        }
        for (int c = 0; c < current.length; c++) {
            current[c][end] = interruption(current[c][end - 1], previous[c][end], current.length > 1);
        }
        m_runIndex = Math.max(0, m_runIndex - 1);
        return end + 1;
    }

    /** The sample that ends a run (T.87 section A.7.2). */
    private int interruption(final int a, final int b, final boolean interleaved) throws DicomException {
        final int type = !interleaved && Math.abs(a - b) <= m_coding.near() ? 1 : 0;
        final int q = CONTEXTS + type;
        final int k = order(m_n[q], type == 0 ? m_a[q] : m_a[q] + (m_n[q] >> 1));
        final int mapped = golomb(k, m_limit - RUN_ORDER[m_runIndex] - 1);
        final int twice = mapped + type;
        final int odd = twice & 1;
        final int magnitude = twice + odd >> 1;
        final boolean negative = (k != 0 || 2 * m_negative[type] >= m_n[q]) == (odd == 1);
        final int error = negative ? -magnitude : magnitude;
        if (error < 0) {
            m_negative[type]++;
        }
        m_a[q] += mapped + 1 - type >> 1;
        if (m_n[q] == m_coding.reset()) {
            m_a[q] >>= 1;
            m_n[q] >>= 1;
            m_negative[type] >>= 1;
        }
        m_n[q]++;
        return type == 1 ? reconstruct(a, error) : reconstruct(b, a > b ? -error : error);
    }
}
