package org.scanbridge.dicom.codec;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;

import javax.imageio.ImageIO;

import com.github.jaiimageio.jpeg2000.J2KImageWriteParam;
import com.github.jaiimageio.jpeg2000.impl.J2KImageWriter;
import com.github.jaiimageio.jpeg2000.impl.J2KImageWriterSpi;

/** Simple encoders for tests and benchmarks. */
public final class CodecStreams {

    private CodecStreams() {
    }

    /** RLE of little-endian 16-bit samples: high bytes, then low bytes (PS3.5 annex G). */
    public static byte[] rle(final byte[] samples) {
        final byte[][] planes = new byte[2][samples.length / 2];
        for (int i = 0; i < samples.length / 2; i++) {
            planes[0][i] = samples[2 * i + 1];
            planes[1][i] = samples[2 * i];
        }
        final byte[] high = packBits(planes[0]);
        final byte[] low = packBits(planes[1]);
        final byte[] frame = new byte[64 + high.length + low.length];
        frame[0] = 2;
        number(frame, 4, 64);
        number(frame, 8, 64 + high.length);
        System.arraycopy(high, 0, frame, 64, high.length);
        System.arraycopy(low, 0, frame, 64 + high.length, low.length);
        return frame;
    }

    private static void number(final byte[] bytes, final int at, final int value) {
        for (int b = 0; b < 4; b++) {
            bytes[at + b] = (byte)(value >>> 8 * b);
        }
    }

    private static byte[] packBits(final byte[] bytes) {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        int i = 0;
        while (i < bytes.length) {
            int run = 1;
            while (i + run < bytes.length && run < 128 && bytes[i + run] == bytes[i]) {
                run++;
            }
            if (run > 2) {
                out.write(1 - run);
                out.write(bytes[i]);
                i += run;
                continue;
            }
            int literal = i;
            while (literal < bytes.length && literal - i < 128 && !(literal + 2 < bytes.length
                && bytes[literal] == bytes[literal + 1] && bytes[literal] == bytes[literal + 2])) {
                literal++;
            }
            out.write(literal - i - 1);
            out.write(bytes, i, literal - i);
            i = literal;
        }
        if (out.size() % 2 == 1) {
            out.write(0x80);
        }
        return out.toByteArray();
    }

    /** Lossless JPEG with the first predictor. */
    public static byte[] losslessJpeg(final int[] samples, final int columns, final int rows) {
        return LosslessJpegEncoder.encode(samples, columns, rows, 16, 1);
    }

    /** JPEG 2000, lossless, by the library's own encoder. */
    public static byte[] jpeg2000(final BufferedImage image) throws IOException {
        return jpeg2000(image, Double.MAX_VALUE);
    }

    /** JPEG 2000 by the library's own encoder: irreversible with so many bits a pixel, or lossless at the maximum. */
    public static byte[] jpeg2000(final BufferedImage image, final double rate) throws IOException {
        final ByteArrayOutputStream stream = new ByteArrayOutputStream();
        final J2KImageWriter writer = new J2KImageWriter(new J2KImageWriterSpi());
        try (var out = ImageIO.createImageOutputStream(stream)) {
            writer.setOutput(out);
            final J2KImageWriteParam parameters = (J2KImageWriteParam)writer.getDefaultWriteParam();
            parameters.setLossless(rate == Double.MAX_VALUE);
            parameters.setEncodingRate(rate);
            writer.write(null, new javax.imageio.IIOImage(image, null, null), parameters);
        } finally {
            writer.dispose();
        }
        return stream.toByteArray();
    }

    /** JPEG-LS, lossless, one component (ITU-T T.87 annex A, encoder side). */
    public static byte[] jpegLs(final int[] samples, final int columns, final int rows, final int precision) {
        return new JpegLsEncoder(samples, columns, rows, precision, 0).encode();
    }

    /** JPEG-LS whose samples differ by up to a number from the original. */
    public static byte[] nearLosslessJpegLs(final int[] samples, final int columns, final int rows, final int precision,
        final int near) {
        return new JpegLsEncoder(samples, columns, rows, precision, near).encode();
    }

    /** Bits of a JPEG-LS stream. */
    private static final class Bits {

        private final ByteArrayOutputStream m_out = new ByteArrayOutputStream();

        private int m_current;

        private int m_free = 8;

        void bit(final int bit) {
            m_current = m_current << 1 | bit;
            if (--m_free == 0) {
                m_out.write(m_current);
                m_free = m_current == 0xff ? 7 : 8;
                m_current = 0;
            }
        }

        void bits(final int value, final int count) {
            for (int b = count - 1; b >= 0; b--) {
                bit(value >> b & 1);
            }
        }

        byte[] finish() {
            while (m_free != 8 && !(m_free == 7 && m_out.size() > 0)) {
                bit(0);
            }
            return m_out.toByteArray();
        }
    }

    /** The regular and run modes of LOCO-I, the inverse of what the decoder under test does, from the standard's text. */
    private static final class JpegLsEncoder {

        private static final int[] J = {0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 9, 10, 11,
            12, 13, 14, 15};

        private final int[] m_samples;

        private final int m_columns;

        private final int m_rows;

        private final int m_precision;

        private final int m_range;

        private final int m_limit;

        private final int m_near;

        private final int m_max;

        private final int m_errorBits;

        private final int[] m_t;

        private final int[] m_a = new int[367];

        private final int[] m_b = new int[365];

        private final int[] m_c = new int[365];

        private final int[] m_n = new int[367];

        private final int[] m_nn = new int[2];

        private final Bits m_bits = new Bits();

        private int m_run;

        JpegLsEncoder(final int[] samples, final int columns, final int rows, final int precision,
            final int near) {
            m_samples = samples;
            m_columns = columns;
            m_rows = rows;
            m_precision = precision;
            m_near = near;
            m_max = (1 << precision) - 1;
            m_range = (m_max + 2 * near) / (2 * near + 1) + 1;
            m_errorBits = Integer.SIZE - Integer.numberOfLeadingZeros(m_range - 1);
            m_limit = 2 * (precision + Math.max(8, precision));
            final int factor = (Math.min(m_max, 4095) + 128) / 256;
            m_t = new int[]{factor + 2 + 3 * near, 4 * factor + 3 + 5 * near, 17 * factor + 4 + 7 * near};
            Arrays.fill(m_a, Math.max(2, (m_range + 32) / 64));
            Arrays.fill(m_n, 1);
        }

        byte[] encode() {
            final int[] above = new int[m_columns + 2];
            final int[] line = new int[m_columns + 2];
            for (int y = 0; y < m_rows; y++) {
                above[m_columns + 1] = above[m_columns];
                line[0] = above[1];
                System.arraycopy(m_samples, y * m_columns, line, 1, m_columns);
                line(above, line);
                above[0] = line[0];
                System.arraycopy(line, 0, above, 0, line.length);
            }
            final ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.writeBytes(new byte[]{-1, (byte)0xd8, -1, (byte)0xf7, 0, 11, (byte)m_precision, (byte)(m_rows >> 8),
                (byte)m_rows, (byte)(m_columns >> 8), (byte)m_columns, 1, 1, 0x11, 0, -1, (byte)0xda, 0, 8, 1, 1, 0,
                (byte)m_near, 0, 0});
            out.writeBytes(m_bits.finish());
            out.writeBytes(new byte[]{-1, (byte)0xd9});
            return out.toByteArray();
        }

        private void line(final int[] above, final int[] line) {
            int x = 1;
            while (x <= m_columns) {
                final int a = line[x - 1];
                final int b = above[x];
                final int c = above[x - 1];
                final int d = above[x + 1];
                if (Math.abs(d - b) <= m_near && Math.abs(b - c) <= m_near && Math.abs(c - a) <= m_near) {
                    x = run(above, line, x);
                    continue;
                }
                int q = 81 * quantize(d - b) + 9 * quantize(b - c) + quantize(c - a);
                final int sign = q < 0 ? -1 : 1;
                q = Math.abs(q);
                int prediction = c >= Math.max(a, b) ? Math.min(a, b) : c <= Math.min(a, b) ? Math.max(a, b) : a + b - c;
                prediction = Math.max(0, Math.min(m_max, prediction + sign * m_c[q]));
                final int quantized = quantizeError(sign * (line[x] - prediction));
                line[x] = reconstruct(prediction + sign * quantized * (2 * m_near + 1));
                final int error = reduce(quantized);
                final int k = order(m_n[q], m_a[q]);
                final boolean mirror = m_near == 0 && k == 0 && 2 * m_b[q] <= -m_n[q];
                golomb(mirror ? error >= 0 ? 2 * error + 1 : -2 * (error + 1) : error >= 0 ? 2 * error : -2 * error - 1, k,
                    m_limit);
                update(q, error);
                x++;
            }
        }

        private int quantize(final int v) {
            final int a = Math.abs(v);
            final int q = a <= m_near ? 0 : a < m_t[0] ? 1 : a < m_t[1] ? 2 : a < m_t[2] ? 3 : 4;
            return v < 0 ? -q : q;
        }

        private int quantizeError(final int error) {
            return error > 0 ? (error + m_near) / (2 * m_near + 1) : -((m_near - error) / (2 * m_near + 1));
        }

        private int reconstruct(final int value) {
            return Math.max(0, Math.min(m_max, value));
        }

        private int reduce(final int error) {
            int e = error;
            if (e < 0) {
                e += m_range;
            }
            return e >= (m_range + 1) / 2 ? e - m_range : e;
        }

        private static int order(final int n, final int a) {
            int k = 0;
            while (n << k < a) {
                k++;
            }
            return k;
        }

        private void golomb(final int value, final int k, final int limit) {
            final int high = value >> k;
            if (high < limit - m_errorBits - 1) {
                m_bits.bits(0, high);
                m_bits.bit(1);
                m_bits.bits(value, k);
            } else {
                m_bits.bits(0, limit - m_errorBits - 1);
                m_bits.bit(1);
                m_bits.bits(value - 1, m_errorBits);
            }
        }

        private void update(final int q, final int error) {
            m_b[q] += error * (2 * m_near + 1);
            m_a[q] += Math.abs(error);
            if (m_n[q] == 64) {
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

        private int run(final int[] above, final int[] line, final int start) {
            final int value = line[start - 1];
            int x = start;
            int length = 0;
            while (x <= m_columns && Math.abs(line[x] - value) <= m_near) {
                line[x++] = value;
                length++;
            }
            while (length >= 1 << J[m_run]) {
                m_bits.bit(1);
                length -= 1 << J[m_run];
                m_run = Math.min(31, m_run + 1);
            }
            if (x > m_columns) {
                if (length > 0) {
                    m_bits.bit(1);
                }
                return x;
            }
            m_bits.bit(0);
            m_bits.bits(length, J[m_run]);
            final int a = line[x - 1];
            final int b = above[x];
            final int type = Math.abs(a - b) <= m_near ? 1 : 0;
            final int sign = type == 0 && a > b ? -1 : 1;
            final int prediction = type == 1 ? a : b;
            final int quantized = quantizeError(sign * (line[x] - prediction));
            line[x] = reconstruct(prediction + sign * quantized * (2 * m_near + 1));
            final int error = reduce(quantized);
            final int q = 365 + type;
            final int k = order(m_n[q], type == 0 ? m_a[q] : m_a[q] + (m_n[q] >> 1));
            final boolean map = k == 0 && error > 0 && 2 * m_nn[type] < m_n[q]
                || error < 0 && (2 * m_nn[type] >= m_n[q] || k != 0);
            final int mapped = 2 * Math.abs(error) - type - (map ? 1 : 0);
            golomb(mapped, k, m_limit - J[m_run] - 1);
            if (error < 0) {
                m_nn[type]++;
            }
            m_a[q] += mapped + 1 - type >> 1;
            if (m_n[q] == 64) {
                m_a[q] >>= 1;
                m_n[q] >>= 1;
                m_nn[type] >>= 1;
            }
            m_n[q]++;
            m_run = Math.max(0, m_run - 1);
            return x + 1;
        }
    }
}
