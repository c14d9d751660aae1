package org.scanbridge.dicom.codec;

import java.util.Arrays;
import java.util.List;

import org.scanbridge.dicom.codec.JpegSegments.Component;
import org.scanbridge.dicom.data.DicomException;

/**
 * Decodes progressive JPEG of 8 and 12 bits with Huffman coding (ITU-T T.81 annex G): scans bring coefficients band by
 * band and bit by bit; the image is made when all have come.
 */
final class ProgressiveJpeg {

    /** Coefficients have 15 bits at most, so a point transform of more is spoiled. */
    private static final int MAX_SHIFT = 13;

    /** A scan of nothing takes few bytes, but as long as any other; real images have about ten. */
    private static final int MAX_SCANS = 400;

    private final JpegSegments m_segments;

    private final List<Component> m_order;

    private final short[][] m_coefficients;

    private final int[] m_across;

    private final int[] m_down;

    private final int m_maxH;

    private final int m_maxV;

    private final int[] m_predictions;

    private BitReader m_in;

    private int m_endOfBand;

    private int m_scans;

    ProgressiveJpeg(final JpegSegments segments) {
        m_segments = segments;
        final Component[] all = segments.components();
        m_order = Arrays.asList(all);
        int h = 1;
        int v = 1;
        for (final Component c : all) {
            h = Math.max(h, c.m_horizontal);
            v = Math.max(v, c.m_vertical);
        }
        m_maxH = h;
        m_maxV = v;
        m_predictions = new int[all.length];
        m_coefficients = new short[all.length][];
        m_across = new int[all.length];
        m_down = new int[all.length];
        for (int c = 0; c < all.length; c++) {
            // whole units of interleaved scans
            m_across[c] = (segments.columns() + 8 * h - 1) / (8 * h) * all[c].m_horizontal;
            m_down[c] = (segments.rows() + 8 * v - 1) / (8 * v) * all[c].m_vertical;
            m_coefficients[c] = new short[Math.multiplyExact(64 * m_across[c], m_down[c])];
        }
    }

    /** Decodes the scan that was read last. */
    void decode() throws DicomException {
        if (++m_scans > MAX_SCANS) {
            throw JpegSegments.broken("has more than " + MAX_SCANS + " scans");
        }
        final Component[] scan = m_segments.scan();
        final int first = m_segments.spectralStart();
        final int last = m_segments.spectralEnd();
        final int shift = m_segments.pointTransform();
        if (first > last || last > 63 || shift > MAX_SHIFT || first == 0 && last != 0
            || first > 0 && scan.length > 1) {
            throw JpegSegments.broken("has a progressive scan of coefficients " + first + " to " + last + ", shifted by "
                + shift + ", of " + scan.length + " components");
        }
        for (final Component c : scan) {
            if (first == 0 && m_segments.previousBits() == 0 && c.m_dc == null || first > 0 && c.m_ac == null) {
                throw JpegSegments.broken("has a scan without its Huffman table");
            }
        }
        m_in = m_segments.scanData();
        Arrays.fill(m_predictions, 0);
        m_endOfBand = 0;
        int untilRestart = m_segments.restartInterval();
        final boolean single = scan.length == 1;
        final Component only = scan[0];
        final int width = single ? blocks(m_segments.columns(), only.m_horizontal, m_maxH)
            : (m_segments.columns() + 8 * m_maxH - 1) / (8 * m_maxH);
        final int height = single ? blocks(m_segments.rows(), only.m_vertical, m_maxV)
            : (m_segments.rows() + 8 * m_maxV - 1) / (8 * m_maxV);
        for (int v = 0; v < height; v++) {
            for (int u = 0; u < width; u++) {
                if (m_segments.restartInterval() > 0 && untilRestart-- == 0) {
                    m_in.restart();
                    Arrays.fill(m_predictions, 0);
                    m_endOfBand = 0;
                    untilRestart = m_segments.restartInterval() - 1;
                }
                for (final Component c : scan) {
                    final int h = single ? 1 : c.m_horizontal;
                    final int w = single ? 1 : c.m_vertical;
                    for (int by = 0; by < w; by++) {
                        for (int bx = 0; bx < h; bx++) {
                            block(c, u * h + bx, v * w + by, first, last, shift);
                        }
                    }
                }
            }
        }
    }

    /** Blocks that a component needs for so many samples of the image (T.81 A.2.2). */
    private static int blocks(final int samples, final int factor, final int max) {
        return ((samples * factor + max - 1) / max + 7) / 8;
    }

    private void block(final Component c, final int x, final int y, final int first, final int last, final int shift)
        throws DicomException {
        final int index = m_order.indexOf(c);
        final int at = 64 * (y * m_across[index] + x);
        final short[] block = m_coefficients[index];
        final boolean refine = m_segments.previousBits() > 0;
        if (first == 0) {
            if (refine) {
                block[at] |= (short)(m_in.bits(1) << shift);
            } else {
                final int category = c.m_dc.decode(m_in);
                if (category > 16) {
                    throw JpegSegments.broken("has a DC difference of " + category + " bits");
                }
                m_predictions[index] += m_in.signed(category);
                block[at] = (short)(m_predictions[index] << shift);
            }
        } else if (refine) {
            refineBand(c, block, at, first, last, 1 << shift);
        } else {
            band(c, block, at, first, last, shift);
        }
    }

    /** The first scan of a band (T.81 G.1.2.2). */
    private void band(final Component c, final short[] block, final int at, final int first, final int last,
        final int shift) throws DicomException {
        if (m_endOfBand > 0) {
            m_endOfBand--;
            return;
        }
        for (int k = first; k <= last; k++) {
            final int symbol = c.m_ac.decode(m_in);
            final int run = symbol >> 4;
            final int size = symbol & 15;
            if (size == 0) {
                if (run < 15) {
                    m_endOfBand = (1 << run) - 1 + (run > 0 ? m_in.bits(run) : 0);
                    return;
                }
                k += 15;
            } else {
                k += run;
                if (k > last) {
                    throw JpegSegments.broken("has a band that is longer than announced");
                }
                block[at + DctBlocks.ZIGZAG[k]] = (short)(m_in.signed(size) << shift);
            }
        }
    }

    /** A later scan of a band, which brings one more bit (T.81 G.1.2.3). */
    private void refineBand(final Component c, final short[] block, final int at, final int first, final int last,
        final int bit) throws DicomException {
        int k = first;
        if (m_endOfBand == 0) {
            while (k <= last) {
                final int symbol = c.m_ac.decode(m_in);
                int run = symbol >> 4;
                int value = 0;
                if ((symbol & 15) == 0) {
                    if (run < 15) {
                        m_endOfBand = (1 << run) + (run > 0 ? m_in.bits(run) : 0);
                        break;
                    }
                } else {
                    value = m_in.bits(1) == 1 ? bit : -bit;
                }
                while (k <= last) {
                    final int p = at + DctBlocks.ZIGZAG[k];
                    if (block[p] != 0) {
                        correct(block, p, bit);
                    } else if (run-- == 0) {
                        block[p] = (short)value;
                        k++;
                        break;
                    }
                    k++;
                }
            }
        }
        if (m_endOfBand > 0) {
            for (; k <= last; k++) {
                final int p = at + DctBlocks.ZIGZAG[k];
                if (block[p] != 0) {
                    correct(block, p, bit);
                }
            }
            m_endOfBand--;
        }
    }

    private void correct(final short[] block, final int p, final int bit) throws DicomException {
        if (m_in.bits(1) == 1 && (Math.abs(block[p]) & bit) == 0) {
            block[p] += (short)(block[p] > 0 ? bit : -bit);
        }
    }

    /** Makes the image, when all scans are decoded. */
    void finish(final short[][] planes) throws DicomException {
        final DctBlocks blocks = new DctBlocks(m_segments);
        final double[] block = new double[64];
        for (int c = 0; c < m_order.size(); c++) {
            final Component component = m_order.get(c);
            final int[] quantization = m_segments.quantization(component);
            for (int y = 0; y < m_down[c]; y++) {
                for (int x = 0; x < m_across[c]; x++) {
                    final int at = 64 * (y * m_across[c] + x);
                    for (int k = 0; k < 64; k++) {
                        final int p = DctBlocks.ZIGZAG[k];
                        block[p] = (double)m_coefficients[c][at + p] * quantization[k];
                    }
                    DctBlocks.transform(block);
                    blocks.store(block, planes[c], 8 * x, 8 * y, m_maxH / (double)component.m_horizontal,
                        m_maxV / (double)component.m_vertical);
                }
            }
        }
    }
}
