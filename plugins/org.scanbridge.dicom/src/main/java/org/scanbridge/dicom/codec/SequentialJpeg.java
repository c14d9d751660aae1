package org.scanbridge.dicom.codec;

import java.util.Arrays;
import java.util.List;

import org.scanbridge.dicom.codec.JpegSegments.Component;
import org.scanbridge.dicom.data.DicomException;

/** Decodes baseline and extended sequential JPEG of 8 and 12 bits with Huffman coding (ITU-T T.81 annexes A, F). */
final class SequentialJpeg {

    private final JpegSegments m_segments;

    private final double[] m_coefficients = new double[64];

    private final DctBlocks m_blocks;

    private final int[] m_predictions;

    SequentialJpeg(final JpegSegments segments) {
        m_segments = segments;
        m_blocks = new DctBlocks(segments);
        m_predictions = new int[segments.components().length];
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
                            m_blocks.store(m_coefficients, planes[index], (u * h + bx) * 8, (v * w + by) * 8, maxH / (double)c.m_horizontal,
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
            m_coefficients[DctBlocks.ZIGZAG[k]] = (double)in.signed(size) * quantization[k];
        }
        DctBlocks.transform(m_coefficients);
    }
}
