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
        int untilRestart = interval;
        int firstRow = 0;
        for (int y = 0; y < rows; y++) {
            for (int x = 0; x < columns; x++) {
                boolean fresh = x == 0 && y == 0;
                if (interval > 0 && untilRestart == 0) {
                    in.restart();
                    untilRestart = interval;
                    firstRow = y;
                    fresh = true;
                }
                untilRestart--;
                final int at = y * columns + x;
                for (int c = 0; c < scan.length; c++) {
                    final short[] plane = out[c];
                    final int prediction;
                    if (fresh) {
                        prediction = start;
                    } else if (y == firstRow) {
                        prediction = x == 0 ? start : plane[at - 1] & 0xffff;
                    } else if (x == 0) {
                        prediction = plane[at - columns] & 0xffff;
                    } else {
                        prediction = predict(predictor, plane[at - 1] & 0xffff, plane[at - columns] & 0xffff,
                            plane[at - columns - 1] & 0xffff);
                    }
                    final int category = scan[c].m_dc.decode(in);
                    if (category > 16) {
                        throw JpegSegments.broken("has a difference of " + category + " bits");
                    }
                    // Category 16 has one value and no further bits.
                    plane[at] = (short)(prediction + (category == 16 ? 32768 : in.signed(category)));
                }
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
