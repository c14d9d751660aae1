package org.scanbridge.dicom.codec;

import java.util.Arrays;
import java.util.List;

import org.scanbridge.dicom.codec.JpegSegments.Component;
import org.scanbridge.dicom.data.DicomException;

/** Decodes lossless JPEG with Huffman coding, process 14, all predictors (ITU-T T.81 annex H). */
final class LosslessJpeg {

    private final JpegSegments m_segments;

    LosslessJpeg(final JpegSegments segments) {
        m_segments = segments;
    }

    /** Decodes the scan that was read last into the planes of its components. */
    void decode(final short[][] planes) throws DicomException {
        final Component[] scan = m_segments.scan();
        final int n = scan.length;
        final List<Component> all = Arrays.asList(m_segments.components());
        final short[][] out = new short[n][];
        for (int c = 0; c < n; c++) {
            if (scan[c].m_horizontal != scan[0].m_horizontal || scan[c].m_vertical != scan[0].m_vertical) {
                throw JpegSegments.broken("is lossless with subsampled components, which is not read");
            }
            out[c] = planes[all.indexOf(scan[c])];
        }
        final int predictor = m_segments.predictor();
        if (predictor < 1 || predictor > 7 || m_segments.pointTransform() >= m_segments.precision()) {
            throw JpegSegments.broken("has predictor " + predictor + " and point transform "
                + m_segments.pointTransform());
        }
        decode(scan, out, predictor);
    }

    private void decode(final Component[] scan, final short[][] out, final int predictor) throws DicomException {
        final int columns = m_segments.columns();
        final int rows = m_segments.rows();
        final int shift = m_segments.pointTransform();
        final int start = 1 << m_segments.precision() - shift - 1;
        final int interval = m_segments.restartInterval();
        final BitReader in = m_segments.scanData();
        final HuffmanTable[] tables = new HuffmanTable[scan.length];
        for (int c = 0; c < scan.length; c++) {
            tables[c] = scan[c].m_dc;
        }
        int untilRestart = interval;
        int firstRow = 0;
        for (int y = 0; y < rows; y++) {
            int x = 0;
            while (x < columns) {
                boolean fresh = x == 0 && y == 0;
                if (interval > 0 && untilRestart == 0) {
                    in.restart();
                    untilRestart = interval;
                    firstRow = y;
                    fresh = true;
                }
                final int end = interval > 0 ? Math.min(columns, x + untilRestart) : columns;
                untilRestart -= end - x;
                final int at = y * columns;
                for (int c = 0; c < scan.length; c++) {
                    final int prediction = fresh ? start : out[c][at + x - columns];
                    out[c][at + x] = (short)(prediction + in.difference(tables[c]));
                }
                row(tables, out, y == firstRow ? 1 : predictor, at + x + 1, at + end, in);
                x = end;
            }
        }
        if (shift > 0) {
            for (final short[] plane : out) {
                for (int i = 0; i < plane.length; i++) {
                    plane[i] <<= shift;
                }
            }
        }
    }

    /** Decodes samples of one line, each of which has samples to its left and, but for predictor 1, above. */
    private void row(final HuffmanTable[] tables, final short[][] out, final int predictor, final int from, final int to,
        final BitReader in) throws DicomException {
        final int columns = m_segments.columns();
        if (tables.length == 1 && predictor == 1) {
            final short[] plane = out[0];
            final HuffmanTable table = tables[0];
            for (int at = from; at < to; at++) {
                plane[at] = (short)(plane[at - 1] + in.difference(table));
            }
            return;
        }
        if (tables.length == 3 && predictor == 1) {
            final short[] red = out[0];
            final short[] green = out[1];
            final short[] blue = out[2];
            for (int at = from; at < to; at++) {
                red[at] = (short)(red[at - 1] + in.difference(tables[0]));
                green[at] = (short)(green[at - 1] + in.difference(tables[1]));
                blue[at] = (short)(blue[at - 1] + in.difference(tables[2]));
            }
            return;
        }
        for (int at = from; at < to; at++) {
            for (int c = 0; c < out.length; c++) {
                final short[] plane = out[c];
                final int prediction = predictor == 1 ? plane[at - 1] : predict(predictor, plane[at - 1] & 0xffff,
                    plane[at - columns] & 0xffff, plane[at - columns - 1] & 0xffff);
                plane[at] = (short)(prediction + in.difference(tables[c]));
            }
        }
    }

    /** T.81 table H.1: a left, b above, c above left. */
    private static int predict(final int predictor, final int a, final int b, final int c) {
        return switch (predictor) {
            case 1 -> a;
            case 2 -> b;
            case 3 -> c;
            case 4 -> a + b - c;
            case 5 -> a + (b - c >> 1);
            case 6 -> b + (a - c >> 1);
            default -> a + b >> 1;
        };
    }
}
