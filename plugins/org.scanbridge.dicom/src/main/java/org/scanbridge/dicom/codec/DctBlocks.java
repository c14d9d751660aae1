package org.scanbridge.dicom.codec;

/**
 * From blocks of 8×8 dequantized coefficients to samples: inverse DCT (ITU-T T.81 A.3.3) by the factorization of Loeffler,
 * Ligtenberg and Moschytz (ICASSP 1989) in double precision, level shift, and placing in the component's plane at full
 * resolution.
 */
final class DctBlocks {

    /** Where the coefficient that comes k-th in the stream lies in the block (T.81 figure A.6). */
    static final int[] ZIGZAG = {0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34,
        27, 20, 13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38,
        31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63};

    private static final double C1 = Math.cos(Math.PI / 16);

    private static final double S1 = Math.sin(Math.PI / 16);

    private static final double C3 = Math.cos(3 * Math.PI / 16);

    private static final double S3 = Math.sin(3 * Math.PI / 16);

    private static final double C6 = Math.sqrt(2) * Math.cos(6 * Math.PI / 16);

    private static final double S6 = Math.sqrt(2) * Math.sin(6 * Math.PI / 16);

    private static final double ROOT = Math.sqrt(2);

    private final int m_columns;

    private final int m_rows;

    private final int m_half;

    DctBlocks(final JpegSegments segments) {
        m_columns = segments.columns();
        m_rows = segments.rows();
        m_half = 1 << segments.precision() - 1;
    }

    /** The inverse DCT of a block, in place, rows then columns. */
    static void transform(final double[] block) {
        for (int row = 0; row < 64; row += 8) {
            if (block[row + 1] == 0 && block[row + 2] == 0 && block[row + 3] == 0 && block[row + 4] == 0
                && block[row + 5] == 0 && block[row + 6] == 0 && block[row + 7] == 0) {
                java.util.Arrays.fill(block, row + 1, row + 8, block[row]);
            } else {
                line(block, row, 1);
            }
        }
        for (int column = 0; column < 8; column++) {
            line(block, column, 8);
        }
        for (int i = 0; i < 64; i++) {
            block[i] /= 8;
        }
    }

    /** One dimension, scaled by the square root of 8. */
    private static void line(final double[] b, final int at, final int step) {
        final double x0 = b[at];
        final double x1 = b[at + step];
        final double x2 = b[at + 2 * step];
        final double x3 = b[at + 3 * step];
        final double x4 = b[at + 4 * step];
        final double x5 = b[at + 5 * step];
        final double x6 = b[at + 6 * step];
        final double x7 = b[at + 7 * step];
        // even part
        final double e0 = x0 + x4;
        final double e1 = x0 - x4;
        final double e2 = x2 * C6 - x6 * S6;
        final double e3 = x2 * S6 + x6 * C6;
        final double p0 = e0 + e3;
        final double p3 = e0 - e3;
        final double p1 = e1 + e2;
        final double p2 = e1 - e2;
        // odd part
        final double o7 = x1 - x7;
        final double o4 = x1 + x7;
        final double o5 = x3 * ROOT;
        final double o6 = x5 * ROOT;
        final double a = o7 + o6;
        final double c = o7 - o6;
        final double d = o4 + o5;
        final double e = o4 - o5;
        final double q0 = d * C3 + a * S3;
        final double q3 = a * C3 - d * S3;
        final double q1 = e * S1 + c * C1;
        final double q2 = e * C1 - c * S1;
        b[at] = p0 + q0;
        b[at + 7 * step] = p0 - q0;
        b[at + step] = p1 + q1;
        b[at + 6 * step] = p1 - q1;
        b[at + 2 * step] = p2 + q2;
        b[at + 5 * step] = p2 - q2;
        b[at + 3 * step] = p3 + q3;
        b[at + 4 * step] = p3 - q3;
    }

    /** Writes a block of samples at its place, each repeated where the component has a lower resolution. */
    void store(final double[] block, final short[] plane, final int left, final int top, final double scaleX,
        final double scaleY) {
        final int max = 2 * m_half - 1;
        final int y1 = Math.min(m_rows, (int)Math.ceil((top + 8) * scaleY));
        final int x1 = Math.min(m_columns, (int)Math.ceil((left + 8) * scaleX));
        for (int y = (int)(top * scaleY); y < y1; y++) {
            final int by = Math.max(0, Math.min(7, (int)(y / scaleY) - top));
            for (int x = (int)(left * scaleX); x < x1; x++) {
                final int bx = Math.max(0, Math.min(7, (int)(x / scaleX) - left));
                final long value = Math.round(block[8 * by + bx]) + m_half;
                plane[y * m_columns + x] = (short)Math.max(0, Math.min(max, value));
            }
        }
    }
}
