package org.scanbridge.dicom.codec;

import java.io.ByteArrayOutputStream;

/** A plain encoder of lossless JPEG for tests (ITU-T T.81 annex H): one component, any predictor, fixed-length codes. */
final class LosslessJpegEncoder {

    private final ByteArrayOutputStream m_out = new ByteArrayOutputStream();

    private long m_buffer;

    private int m_count;

    static byte[] encode(final int[] samples, final int columns, final int rows, final int precision,
        final int predictor) {
        return encode(samples, columns, rows, precision, predictor, 0);
    }

    /** @param restartRows after how many rows each it starts anew (T.81 sections H.1.1 and B.2.4.4); 0 for never */
    static byte[] encode(final int[] samples, final int columns, final int rows, final int precision, final int predictor,
        final int restartRows) {
        return new LosslessJpegEncoder().run(samples, columns, rows, precision, predictor, restartRows);
    }

    private byte[] run(final int[] s, final int columns, final int rows, final int precision, final int predictor,
        final int restartRows) {
        bytes(0xff, 0xd8, 0xff, 0xc4, 0, 2 + 17 + 17, 0);
        for (int length = 1; length <= 16; length++) {
            m_out.write(length == 5 ? 17 : 0); // seventeen codes of five bits
        }
        for (int category = 0; category <= 16; category++) {
            m_out.write(category);
        }
        bytes(0xff, 0xc3, 0, 11, precision, rows >> 8, rows, columns >> 8, columns, 1, 1, 0x11, 0);
        if (restartRows > 0) {
            bytes(0xff, 0xdd, 0, 4, restartRows * columns >> 8, restartRows * columns);
        }
        bytes(0xff, 0xda, 0, 8, 1, 1, 0, predictor, 0, 0);
        int first = 0;
        for (int y = 0; y < rows; y++) {
            if (restartRows > 0 && y > 0 && y % restartRows == 0) {
                bits(0x7f, 7);
                m_count = 0;
                bytes(0xff, 0xd0 + (y / restartRows - 1) % 8);
                first = y;
            }
            for (int x = 0; x < columns; x++) {
                final int at = y * columns + x;
                final int prediction;
                if (y == first && x == 0) {
                    prediction = 1 << precision - 1;
                } else if (y == first) {
                    prediction = s[at - 1];
                } else if (x == 0) {
                    prediction = s[at - columns];
                } else {
                    final int a = s[at - 1];
                    final int b = s[at - columns];
                    final int c = s[at - columns - 1];
                    prediction = new int[]{0, a, b, c, a + b - c, a + (b - c >> 1), b + (a - c >> 1), a + b >> 1}[predictor];
                }
                difference((short)(s[at] - prediction));
            }
        }
        bits(0x7f, 7);
        bytes(0xff, 0xd9);
        return m_out.toByteArray();
    }

    private void difference(final int d) {
        if (d == Short.MIN_VALUE) {
            bits(16, 5);
            return;
        }
        final int category = 32 - Integer.numberOfLeadingZeros(Math.abs(d));
        bits(category, 5);
        bits((d < 0 ? d - 1 : d) & (1 << category) - 1, category);
    }

    private void bits(final int value, final int count) {
        m_buffer = m_buffer << count | value;
        m_count += count;
        while (m_count >= 8) {
            m_count -= 8;
            final int b = (int)(m_buffer >> m_count) & 0xff;
            m_out.write(b);
            if (b == 0xff) {
                m_out.write(0);
            }
        }
    }

    private void bytes(final int... values) {
        for (final int v : values) {
            m_out.write(v);
        }
    }
}
