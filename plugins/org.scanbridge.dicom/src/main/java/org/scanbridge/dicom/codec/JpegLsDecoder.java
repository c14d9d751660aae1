package org.scanbridge.dicom.codec;

import java.io.IOException;
import java.util.Arrays;

import org.scanbridge.dicom.data.DicomException;
import org.scanbridge.dicom.data.DicomException.Reason;
import org.scanbridge.dicom.data.DicomFile;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.data.TransferSyntax;
import org.scanbridge.dicom.pixel.DecodedFrame;
import org.scanbridge.dicom.pixel.DicomDecoder;
import org.scanbridge.dicom.pixel.PixelFormat;

/**
 * JPEG-LS, lossless and near-lossless (ITU-T T.87; PS3.5 sections 8.2.3 and A.4.3), components one after the other or
 * interleaved by line or sample. Mapping tables and restart intervals are not read.
 */
public final class JpegLsDecoder implements DicomDecoder {

    @Override
    public boolean supports(final TransferSyntax syntax) {
        return syntax.uid().equals(TransferSyntax.JPEG_LS_LOSSLESS.uid())
            || syntax.uid().equals(TransferSyntax.JPEG_LS_NEAR_LOSSLESS.uid());
    }

    @Override
    public DecodedFrame decode(final DicomFile file, final PixelFormat format, final int frame) throws IOException {
        return new Stream(file.fragments(format.frames()).frame(frame), format).decode();
    }

    static DicomException broken(final String what) {
        return new DicomException(Reason.MALFORMED,
            "JPEG-LS code stream of tag " + Tag.toString(Tag.PIXEL_DATA) + " " + what, Tag.PIXEL_DATA,
            DicomException.NONE);
    }

    private static DicomException unsupported(final String what) {
        return new DicomException(Reason.UNSUPPORTED, "JPEG-LS code stream " + what + ", which is not read",
            Tag.PIXEL_DATA, DicomException.NONE);
    }

    /** One code stream while it is decoded. */
    private static final class Stream {

        private final byte[] m_bytes;

        private final PixelFormat m_format;

        private final int[] m_preset = new int[5];

        private int m_precision;

        private int[] m_ids = new int[0];

        private short[][] m_planes;

        private int m_decoded;

        Stream(final byte[] bytes, final PixelFormat format) {
            m_bytes = bytes;
            m_format = format;
        }

        private int octet(final int at) throws DicomException {
            if (at >= m_bytes.length) {
                throw broken("ends inside a marker segment (byte " + at + ")");
            }
            return m_bytes[at] & 0xff;
        }

        private int unsigned(final int at) throws DicomException {
            return octet(at) << 8 | octet(at + 1);
        }

        DecodedFrame decode() throws DicomException {
            if (m_bytes.length < 4 || unsigned(0) != 0xffd8) {
                throw broken("does not begin with the marker FFD8");
            }
            int at = 2;
            while (m_decoded < m_format.samples()) {
                while (octet(at) != 0xff || octet(at + 1) < 0xc0 || octet(at + 1) == 0xff) {
                    at++; // entropy-coded data of the scan before
                }
                final int marker = octet(at + 1);
                at += 2;
                if (marker == 0xd9) {
                    throw broken("ends after " + m_decoded + " of " + m_format.samples() + " components");
                }
                if (marker >= 0xd0 && marker <= 0xd8) {
                    continue;
                }
                final int length = unsigned(at);
                segment(marker, at + 2, length);
                at += Math.max(2, length);
            }
            final String color = m_format.photometric();
            return SamplePlanes.frame(m_planes,
                m_format.withColor(color.equals("YBR_FULL_422") ? "YBR_FULL" : color, m_format.samples() > 1),
                m_precision);
        }

        private void segment(final int marker, final int at, final int length) throws DicomException {
            switch (marker) {
                case 0xf7 -> frame(at);
                case 0xf8 -> preset(at);
                case 0xda -> scan(at, at - 2 + length);
                case 0xdd -> {
                    if (unsigned(at) != 0) {
                        throw unsupported("has restart intervals");
                    }
                }
                case 0xe8 -> {
                    if (length >= 7 && octet(at) == 'm' && octet(at + 1) == 'r' && octet(at + 2) == 'f'
                        && octet(at + 4) != 0) {
                        throw unsupported("has a color transform");
                    }
                }
                case 0xc0, 0xc1, 0xc2, 0xc3 -> throw broken("is JPEG, not JPEG-LS");
                default -> {
                    // comments and application data
                }
            }
        }

        private void frame(final int at) throws DicomException {
            m_precision = octet(at);
            final int rows = unsigned(at + 1);
            final int columns = unsigned(at + 3);
            final int n = octet(at + 5);
            if (rows != m_format.rows() || columns != m_format.columns() || n != m_format.samples()) {
                throw broken("has " + n + " components of " + columns + "×" + rows + " samples, the header announces "
                    + m_format.samples() + " of " + m_format.columns() + "×" + m_format.rows());
            }
            if (m_precision < 2 || m_precision > 16) {
                throw broken("has samples of " + m_precision + " bits");
            }
            m_ids = new int[n];
            for (int c = 0; c < n; c++) {
                m_ids[c] = octet(at + 6 + 3 * c);
            }
            m_planes = new short[n][];
        }

        private void preset(final int at) throws DicomException {
            if (octet(at) != 1) {
                throw unsupported("has a preset segment of type " + octet(at));
            }
            for (int i = 0; i < m_preset.length; i++) {
                m_preset[i] = unsigned(at + 1 + 2 * i);
            }
        }

        private void scan(final int at, final int data) throws DicomException {
            final int n = octet(at);
            if (m_planes == null || n < 1 || n > m_ids.length) {
                throw broken("has a scan of " + n + " components for a frame of " + m_ids.length);
            }
            final int[] components = new int[n];
            for (int c = 0; c < n; c++) {
                final int id = octet(at + 1 + 2 * c);
                if (octet(at + 2 + 2 * c) != 0) {
                    throw unsupported("has a mapping table");
                }
                components[c] = -1;
                for (int i = 0; i < m_ids.length; i++) {
                    if (m_ids[i] == id) {
                        components[c] = i;
                    }
                }
                if (components[c] < 0 || m_planes[components[c]] != null) {
                    throw broken("has a scan of component " + id + ", which its frame has not, or twice");
                }
            }
            final int interleave = octet(at + 2 + 2 * n);
            if (interleave > 2 || interleave == 0 && n > 1 || octet(at + 3 + 2 * n) != 0) {
                throw unsupported("has interleave mode " + interleave + " for " + n + " components and point transform "
                    + octet(at + 3 + 2 * n));
            }
            final JpegLsCoding coding = JpegLsCoding.of((1 << m_precision) - 1, octet(at + 1 + 2 * n), m_preset);
            decode(new JpegLsScan(coding, new JpegLsBits(m_bytes, data)), components, interleave == 2);
            m_decoded += n;
        }

        /** Lines are kept as they come, so that a broken stream takes no more memory than it fills. */
        private void decode(final JpegLsScan scan, final int[] components, final boolean bySample)
            throws DicomException {
            final int width = m_format.columns();
            final int n = components.length;
            final int together = bySample ? n : 1;
            final int[][] previous = new int[n / together][(width + 2) * together];
            final int[][] current = new int[n / together][(width + 2) * together];
            final int[] runIndex = new int[n];
            final short[][] planes = new short[n][Math.min(m_format.framePixels(), 1 << 16)];
            for (int y = 0; y < m_format.rows(); y++) {
                for (int row = 0; row < current.length; row++) {
                    scan.runIndex(runIndex[row]);
                    scan.line(previous[row], current[row], together);
                    runIndex[row] = scan.runIndex();
                    final int[] swap = previous[row];
                    previous[row] = current[row];
                    current[row] = swap;
                }
                for (int c = 0; c < n; c++) {
                    final int needed = (y + 1) * width;
                    if (planes[c].length < needed) {
                        planes[c] = Arrays.copyOf(planes[c],
                            (int)Math.min(m_format.framePixels(), Math.max(needed, 2L * planes[c].length)));
                    }
                    final int[] line = previous[c / together];
                    for (int x = 0, from = together + c % together; x < width; x++, from += together) {
                        planes[c][y * width + x] = (short)line[from];
                    }
                }
            }
            for (int c = 0; c < n; c++) {
                m_planes[components[c]] = planes[c];
            }
        }
    }
}
