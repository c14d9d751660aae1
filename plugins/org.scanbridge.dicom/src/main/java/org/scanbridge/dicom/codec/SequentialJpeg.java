package org.scanbridge.dicom.codec;

import java.util.Arrays;
import java.util.List;

import org.scanbridge.dicom.codec.JpegSegments.Component;
import org.scanbridge.dicom.data.DicomException;

/** Decodes baseline and extended sequential JPEG of 8 and 12 bits with Huffman coding (ITU-T T.81 annexes A, F). */
final class SequentialJpeg {

    private static final int[] ZIGZAG = {0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48,
        41, 34, 27, 20, 13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52,
        45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63};

    /** {@code COSINES[8 * x + u]}: C(u)/2 cos((2x+1)uπ/16), T.81 A.3.3. */
    private static final double[] COSINES = cosines();

    private final JpegSegments m_segments;

    private final double[] m_coefficients = new double[64];

    private final double[] m_rows = new double[64];

    private final int[] m_predictions;

    SequentialJpeg(final JpegSegments segments) {
        m_segments = segments;
        m_predictions = new int[segments.components().length];
    }

    private static double[] cosines() {
        final double[] c = new double[64];
        for (int x = 0; x < 8; x++) {
            for (int u = 0; u < 8; u++) {
                c[8 * x + u] = (u == 0 ? Math.sqrt(0.5) : 1) / 2 * Math.cos((2 * x + 1) * u * Math.PI / 16);
            }
        }
        return c;
    }

    /** Decodes the scan that was read last into the planes of its components, at full resolution. */
    void decode(final short[][] planes) throws DicomException {
        final Component[] all = m_segments.components();
        final Component[] scan = m_segments.scan();
        int maxH = 1;
        int maxV = 1;
        for (final Component c : all) {
            maxH = Math.max(maxH, c.m_horizontal);
            maxV = Math.max(maxV, c.m_vertical);
        }
        final List<Component> order = Arrays.asList(all);
        final boolean single = scan.length == 1;
        final Component first = scan[0];
        // A scan of one component is not interleaved: its units are blocks of the component (T.81 A.2.2).
        final int unitWidth = single ? 8 * maxH / first.m_horizontal : 8 * maxH;
        final int unitHeight = single ? 8 * maxV / first.m_vertical : 8 * maxV;
        final int across = (m_segments.columns() + unitWidth - 1) / unitWidth;
        final int down = (m_segments.rows() + unitHeight - 1) / unitHeight;
        final BitReader in = m_segments.scanData();
        Arrays.fill(m_predictions, 0);
        int untilRestart = m_segments.restartInterval();
        for (int v = 0; v < down; v++) {
            for (int u = 0; u < across; u++) {
                if (m_segments.restartInterval() > 0 && untilRestart-- == 0) {
                    in.restart();
                    Arrays.fill(m_predictions, 0);
                    untilRestart = m_segments.restartInterval() - 1;
                }
                for (final Component c : scan) {
                    final int index = order.indexOf(c);
                    final int h = single ? 1 : c.m_horizontal;
                    final int w = single ? 1 : c.m_vertical;
                    for (int by = 0; by < w; by++) {
                        for (int bx = 0; bx < h; bx++) {
                            block(in, c, index);
                            store(planes[index], (u * h + bx) * 8, (v * w + by) * 8, maxH / (double)c.m_horizontal,
                                maxV / (double)c.m_vertical);
                        }
                    }
                }
            }
        }
    }

    /** Decodes the coefficients of a block and transforms them. */
    private void block(final BitReader in, final Component c, final int index) throws DicomException {
        final int[] quantization = m_segments.quantization(c);
        Arrays.fill(m_coefficients, 0);
        final int category = c.m_dc.decode(in);
        if (category > 16) {
            throw JpegSegments.broken("has a DC difference of " + category + " bits");
        }
        m_predictions[index] += in.signed(category);
        m_coefficients[0] = (double)m_predictions[index] * quantization[0];
        for (int k = 1; k < 64; k++) {
            final int symbol = c.m_ac.decode(in);
            final int size = symbol & 15;
            final int run = symbol >> 4;
            if (size == 0) {
                if (run != 15) {
                    break;
                }
                k += 15;
                continue;
            }
            k += run;
            if (k > 63) {
                throw JpegSegments.broken("has a block of more than 64 coefficients");
            }
            m_coefficients[ZIGZAG[k]] = (double)in.signed(size) * quantization[k];
        }
        transform();
    }

    /** Inverse DCT, rows then columns; {@link #m_coefficients} becomes samples. */
    private void transform() {
        for (int v = 0; v < 8; v++) {
            for (int x = 0; x < 8; x++) {
                double sum = 0;
                for (int u = 0; u < 8; u++) {
                    sum += COSINES[8 * x + u] * m_coefficients[8 * v + u];
                }
                m_rows[8 * v + x] = sum;
            }
        }
        for (int x = 0; x < 8; x++) {
            for (int y = 0; y < 8; y++) {
                double sum = 0;
                for (int v = 0; v < 8; v++) {
                    sum += COSINES[8 * y + v] * m_rows[8 * v + x];
                }
                m_coefficients[8 * y + x] = sum;
            }
        }
    }

    /** Writes a block at its place, each sample repeated where the component has a lower resolution. */
    private void store(final short[] plane, final int left, final int top, final double scaleX, final double scaleY) {
        final int columns = m_segments.columns();
        final int rows = m_segments.rows();
        final int half = 1 << m_segments.precision() - 1;
        final int max = 2 * half - 1;
        final int y1 = Math.min(rows, (int)Math.ceil((top + 8) * scaleY));
        final int x1 = Math.min(columns, (int)Math.ceil((left + 8) * scaleX));
        for (int y = (int)(top * scaleY); y < y1; y++) {
            final int by = Math.max(0, Math.min(7, (int)(y / scaleY) - top));
            for (int x = (int)(left * scaleX); x < x1; x++) {
                final int bx = Math.max(0, Math.min(7, (int)(x / scaleX) - left));
                final long value = Math.round(m_coefficients[8 * by + bx]) + half;
                plane[y * columns + x] = (short)Math.max(0, Math.min(max, value));
            }
        }
    }
}
