package org.scanbridge.dicom.codec;

import java.io.ByteArrayOutputStream;

/**
 * A simple encoder of extended sequential JPEG with 12-bit samples (ITU-T T.81 process 4): one component, quantization by
 * 1, one Huffman table of 256 codes of 8 and 9 bits for everything.
 */
final class ExtendedJpegEncoder {

    private final ByteArrayOutputStream m_out = new ByteArrayOutputStream();

    private long m_buffer;

    private int m_count;

    private ExtendedJpegEncoder() {
    }

    static byte[] encode(final int[] samples, final int columns, final int rows) {
        return new ExtendedJpegEncoder().stream(samples, columns, rows);
    }

    private byte[] stream(final int[] samples, final int columns, final int rows) {
        bytes(0xff, 0xd8, 0xff, 0xdb, 0, 67, 0);
        for (int i = 0; i < 64; i++) {
            m_out.write(1);
        }
        bytes(0xff, 0xc1, 0, 11, 12, rows >> 8, rows, columns >> 8, columns, 1, 1, 0x11, 0);
        for (int table = 0; table < 2; table++) {
            bytes(0xff, 0xc4, 1, 19, table << 4, 0, 0, 0, 0, 0, 0, 0, 128, 128, 0, 0, 0, 0, 0, 0, 0);
            for (int v = 0; v < 256; v++) {
                m_out.write(v);
            }
        }
        bytes(0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0);
        int prediction = 0;
        for (int top = 0; top < rows; top += 8) {
            for (int left = 0; left < columns; left += 8) {
                final int[] c = coefficients(samples, columns, rows, left, top);
                value(0, c[0] - prediction);
                prediction = c[0];
                int run = 0;
                for (int k = 1; k < 64; k++) {
                    final int v = c[DctBlocks.ZIGZAG[k]];
                    if (v == 0) {
                        run++;
                        continue;
                    }
                    for (; run > 15; run -= 16) {
                        symbol(0xf0);
                    }
                    value(run, v);
                    run = 0;
                }
                if (run > 0) {
                    symbol(0);
                }
            }
        }
        while (m_count > 0) {
            bits(1, 1);
        }
        bytes(0xff, 0xd9);
        return m_out.toByteArray();
    }

    /** The forward DCT of T.81 A.3.3 as it stands there. */
    private static int[] coefficients(final int[] samples, final int columns, final int rows, final int left,
        final int top) {
        final int[] c = new int[64];
        for (int v = 0; v < 8; v++) {
            for (int u = 0; u < 8; u++) {
                double sum = 0;
                for (int y = 0; y < 8; y++) {
                    for (int x = 0; x < 8; x++) {
                        final int s = samples[Math.min(rows - 1, top + y) * columns + Math.min(columns - 1, left + x)];
                        sum += (s - 2048) * Math.cos((2 * x + 1) * u * Math.PI / 16)
                            * Math.cos((2 * y + 1) * v * Math.PI / 16);
                    }
                }
                c[8 * v + u] =
                    (int)Math.round(sum / 4 * (u == 0 ? Math.sqrt(0.5) : 1) * (v == 0 ? Math.sqrt(0.5) : 1));
            }
        }
        return c;
    }

    private void value(final int run, final int v) {
        final int size = Integer.SIZE - Integer.numberOfLeadingZeros(Math.abs(v));
        symbol(run << 4 | size);
        bits(v < 0 ? v + (1 << size) - 1 : v, size);
    }

    private void symbol(final int s) {
        if (s < 128) {
            bits(s, 8);
        } else {
            bits(256 + s - 128, 9);
        }
    }

    private void bits(final int value, final int count) {
        m_buffer = m_buffer << count | value & (1L << count) - 1;
        m_count += count;
        while (m_count >= 8) {
            final int b = (int)(m_buffer >>> m_count - 8) & 0xff;
            m_out.write(b);
            if (b == 0xff) {
                m_out.write(0);
            }
            m_count -= 8;
        }
    }

    private void bytes(final int... values) {
        for (final int v : values) {
            m_out.write(v);
        }
    }
}
