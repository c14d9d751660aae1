package org.scanbridge.dicom.codec;

import org.scanbridge.dicom.data.DicomException;

/**
 * Coding parameters of a JPEG-LS scan (ITU-T T.87 section C.2.4.1).
 *
 * @param max largest sample value (MAXVAL)
 * @param near largest difference of a decoded sample (NEAR); 0 is lossless
 * @param t1 first threshold of gradients; likewise t2, t3
 * @param reset count at which statistics are halved
 */
record JpegLsCoding(int max, int near, int t1, int t2, int t3, int reset) {

    private static final int DEFAULT_RESET = 64;

    /** Completes parameters that are 0 by their defaults. */
    static JpegLsCoding of(final int max, final int near, final int[] preset) throws DicomException {
        final int limit = preset[0] > 0 ? preset[0] : max;
        if (limit > max || limit < 1 || near > Math.min(255, limit / 2)) {
            throw JpegLsDecoder.broken("has MAXVAL " + limit + " and NEAR " + near);
        }
        final int d1;
        final int d2;
        final int d3;
        if (limit >= 128) {
            final int factor = (Math.min(limit, 4095) + 128) / 256;
            d1 = clamp(factor + 2 + 3 * near, near + 1, limit);
            d2 = clamp(4 * factor + 3 + 5 * near, d1, limit);
            d3 = clamp(17 * factor + 4 + 7 * near, d2, limit);
        } else {
            final int factor = 256 / (limit + 1);
            d1 = clamp(Math.max(2, 3 / factor + 3 * near), near + 1, limit);
            d2 = clamp(Math.max(3, 7 / factor + 5 * near), d1, limit);
            d3 = clamp(Math.max(4, 21 / factor + 7 * near), d2, limit);
        }
        return new JpegLsCoding(limit, near, preset[1] > 0 ? preset[1] : d1, preset[2] > 0 ? preset[2] : d2,
            preset[3] > 0 ? preset[3] : d3, preset[4] > 0 ? preset[4] : DEFAULT_RESET);
    }

    private static int clamp(final int value, final int low, final int max) {
        return value > max || value < low ? low : value;
    }

    /** Number of different prediction errors (RANGE). */
    int range() {
        return (max + 2 * near) / (2 * near + 1) + 1;
    }

    /** Bits of a prediction error (qbpp). */
    int errorBits() {
        return bits(range() - 1);
    }

    /** Longest code (LIMIT). */
    int limit() {
        final int bpp = Math.max(2, bits(max));
        return 2 * (bpp + Math.max(8, bpp));
    }

    private static int bits(final int value) {
        return Math.max(1, Integer.SIZE - Integer.numberOfLeadingZeros(value));
    }

    /** A gradient as one of nine regions, -4 to 4 (T.87 code segment A.4). */
    int quantize(final int d) {
        final int a = Math.abs(d);
        final int q = a <= near ? 0 : a < t1 ? 1 : a < t2 ? 2 : a < t3 ? 3 : 4;
        return d < 0 ? -q : q;
    }
}
