package org.scanbridge.dicom.codec;

import org.scanbridge.dicom.data.DicomException;
import org.scanbridge.dicom.data.DicomException.Reason;
import org.scanbridge.dicom.data.Tag;

/** Marker segments of a JPEG code stream (ITU-T T.81 annex B): tables, frame header, scan headers. */
final class JpegSegments {

    /** A component of the frame. */
    static final class Component {
        final int m_id;
        final int m_horizontal;
        final int m_vertical;
        final int m_quantization;
        HuffmanTable m_dc;
        HuffmanTable m_ac;

        Component(final int id, final int horizontal, final int vertical, final int quantization) {
            m_id = id;
            m_horizontal = horizontal;
            m_vertical = vertical;
            m_quantization = quantization;
        }
    }

    private final byte[] m_bytes;

    private int m_position;

    private int m_process;

    private int m_precision;

    private int m_rows;

    private int m_columns;

    private Component[] m_components = new Component[0];

    private final int[][] m_quantization = new int[4][];

    private final HuffmanTable[] m_dc = new HuffmanTable[4];

    private final HuffmanTable[] m_ac = new HuffmanTable[4];

    private int m_restartInterval;

    private int m_transform = -1;

    private boolean m_jfif;

    private Component[] m_scan = new Component[0];

    private int m_predictor;

    private int m_pointTransform;

    private int m_spectralEnd;

    private int m_previousBits;

    /** @param bytes a code stream that begins with SOI */
    JpegSegments(final byte[] bytes) throws DicomException {
        m_bytes = bytes;
        if (bytes.length < 4 || unsigned(0) != 0xffd8) {
            throw broken("does not begin with the marker FFD8");
        }
        m_position = 2;
    }

    static DicomException broken(final String what) {
        return new DicomException(Reason.MALFORMED,
            "JPEG code stream of tag " + Tag.toString(Tag.PIXEL_DATA) + " " + what, Tag.PIXEL_DATA, DicomException.NONE);
    }

    private int unsigned(final int at) throws DicomException {
        if (at + 2 > m_bytes.length) {
            throw broken("ends inside a marker segment (byte " + at + " of " + m_bytes.length + ")");
        }
        return (m_bytes[at] & 0xff) << 8 | m_bytes[at + 1] & 0xff;
    }

    private int octet(final int at, final int end) throws DicomException {
        if (at >= end) {
            throw broken("has a marker segment that is too short (byte " + at + " of " + m_bytes.length + ")");
        }
        return m_bytes[at] & 0xff;
    }

    /**
     * Reads segments up to the entropy-coded data of the next scan.
     *
     * @return false if there is no further scan
     */
    boolean nextScan() throws DicomException {
        while (true) {
            // Entropy-coded data or fill bytes may precede the marker.
            while (m_position + 1 < m_bytes.length && (m_bytes[m_position] != (byte)0xff
                || m_bytes[m_position + 1] == 0 || m_bytes[m_position + 1] == (byte)0xff)) {
                m_position++;
            }
            if (m_position + 1 >= m_bytes.length) {
                return false;
            }
            final int marker = m_bytes[m_position + 1] & 0xff;
            m_position += 2;
            if (marker == 0xd9) {
                return false;
            }
            if (marker >= 0xd0 && marker <= 0xd8 || marker == 0x01) {
                continue;
            }
            final int length = unsigned(m_position);
            final int end = m_position + length;
            if (length < 2 || end > m_bytes.length) {
                throw broken(String.format("has a segment FF%02X of %d bytes at byte %d of %d", marker, length,
                    m_position, m_bytes.length));
            }
            segment(marker, m_position + 2, end);
            m_position = end;
            if (marker == 0xda) {
                return true;
            }
        }
    }

    private void segment(final int marker, final int start, final int end) throws DicomException {
        switch (marker) {
            case 0xc4 -> huffmanTables(start, end);
            case 0xdb -> quantizationTables(start, end);
            case 0xdd -> m_restartInterval = unsigned(start);
            case 0xda -> scan(start, end);
            case 0xe0 -> m_jfif |= end - start >= 4 && m_bytes[start] == 'J' && m_bytes[start + 1] == 'F';
            case 0xee -> {
                if (end - start >= 12 && m_bytes[start] == 'A' && m_bytes[start + 1] == 'd') {
                    m_transform = m_bytes[start + 11];
                }
            }
            case 0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf, 0xf7 ->
                frame(marker, start, end);
            default -> {
                // comments and application data
            }
        }
    }

    private void frame(final int marker, final int start, final int end) throws DicomException {
        if (m_components.length > 0) {
            throw broken("has two frame headers");
        }
        if (marker < 0xc0 || marker > 0xc3) {
            throw new DicomException(Reason.UNSUPPORTED, String.format("JPEG process FF%02X is not read; baseline,"
                + " extended sequential, progressive and lossless Huffman coding are", marker), Tag.PIXEL_DATA, DicomException.NONE);
        }
        m_process = marker;
        m_precision = octet(start, end);
        m_rows = unsigned(start + 1);
        m_columns = unsigned(start + 3);
        final int n = octet(start + 5, end);
        if (n < 1 || n > 4 || m_precision < 2 || m_precision > 16 || m_rows == 0 || m_columns == 0
            || marker != 0xc3 && m_precision != 8 && m_precision != 12) {
            throw broken("has " + n + " components of " + m_columns + "×" + m_rows + " samples of " + m_precision
                + " bits");
        }
        m_components = new Component[n];
        for (int c = 0; c < n; c++) {
            final int at = start + 6 + 3 * c;
            final int factors = octet(at + 1, end);
            final int horizontal = factors >> 4;
            final int vertical = factors & 15;
            if (horizontal < 1 || horizontal > 4 || vertical < 1 || vertical > 4) {
                throw broken("has sampling factors " + horizontal + "×" + vertical);
            }
            m_components[c] = new Component(octet(at, end), horizontal, vertical, octet(at + 2, end) & 3);
        }
    }

    private void huffmanTables(final int start, final int end) throws DicomException {
        int at = start;
        while (at < end) {
            final int target = octet(at++, end);
            final int[] counts = new int[16];
            int total = 0;
            for (int i = 0; i < 16; i++) {
                counts[i] = octet(at++, end);
                total += counts[i];
            }
            if (total > 256 || total > end - at || (target & 15) > 3) {
                throw broken("has a Huffman table " + target + " of " + total + " codes");
            }
            final HuffmanTable table = new HuffmanTable(counts, java.util.Arrays.copyOfRange(m_bytes, at, at + total));
            (target >> 4 == 0 ? m_dc : m_ac)[target & 3] = table;
            at += total;
        }
    }

    private void quantizationTables(final int start, final int end) throws DicomException {
        int at = start;
        while (at < end) {
            final int target = octet(at++, end);
            final boolean wide = target >> 4 != 0;
            final int[] table = new int[64];
            for (int i = 0; i < 64; i++) {
                table[i] = octet(at++, end);
                if (wide) {
                    table[i] = table[i] << 8 | octet(at++, end);
                }
            }
            m_quantization[target & 3] = table;
        }
    }

    private void scan(final int start, final int end) throws DicomException {
        final int n = octet(start, end);
        if (m_components.length == 0 || n < 1 || n > m_components.length) {
            throw broken("has a scan of " + n + " components for a frame of " + m_components.length);
        }
        m_scan = new Component[n];
        for (int s = 0; s < n; s++) {
            final int id = octet(start + 1 + 2 * s, end);
            final int tables = octet(start + 2 + 2 * s, end);
            for (final Component c : m_components) {
                if (c.m_id == id) {
                    m_scan[s] = c;
                }
            }
            if (m_scan[s] == null || (tables >> 4) > 3 || (tables & 15) > 3) {
                throw broken("has a scan of component " + id + ", which its frame has not");
            }
            m_scan[s].m_dc = m_dc[tables >> 4];
            m_scan[s].m_ac = m_ac[tables & 15];
            // A progressive scan needs one kind of tables or none.
            if (m_process != 0xc2 && (m_scan[s].m_dc == null || m_process != 0xc3 && m_scan[s].m_ac == null)) {
                throw broken("has a scan without its Huffman table");
            }
        }
        m_spectralEnd = octet(start + 2 + 2 * n, end);
        m_previousBits = octet(start + 3 + 2 * n, end) >> 4;
        m_predictor = octet(start + 1 + 2 * n, end);
        m_pointTransform = octet(start + 3 + 2 * n, end) & 15;
    }

    /** Bits of the entropy-coded data of the scan that was read last. */
    BitReader scanData() {
        return new BitReader(m_bytes, m_position);
    }

    /** Whether the frame is lossless (SOF3) rather than DCT-based. */
    boolean isLossless() {
        return m_process == 0xc3;
    }

    /** Bits per sample. */
    int precision() {
        return m_precision;
    }

    int rows() {
        return m_rows;
    }

    int columns() {
        return m_columns;
    }

    /** Components of the frame. */
    Component[] components() {
        return m_components;
    }

    /** Components of the scan that was read last. */
    Component[] scan() {
        return m_scan;
    }

    /** Quantization table of a component in zigzag order. */
    int[] quantization(final Component component) throws DicomException {
        final int[] table = m_quantization[component.m_quantization];
        if (table == null) {
            throw broken("has no quantization table " + component.m_quantization);
        }
        return table;
    }

    /** Units between restart markers; 0 without. */
    int restartInterval() {
        return m_restartInterval;
    }

    /** Predictor of a lossless scan, 1 to 7. */
    int predictor() {
        return m_predictor;
    }

    /** Whether the frame is progressive (SOF2). */
    boolean isProgressive() {
        return m_process == 0xc2;
    }

    /** First coefficient of a progressive scan. */
    int spectralStart() {
        return m_predictor;
    }

    /** Last coefficient of a progressive scan. */
    int spectralEnd() {
        return m_spectralEnd;
    }

    /** Bits below the highest that earlier progressive scans have brought; 0 in the first one. */
    int previousBits() {
        return m_previousBits;
    }

    /** Point transform of a lossless or progressive scan: bits dropped. */
    int pointTransform() {
        return m_pointTransform;
    }

    /**
     * Whether three components are luminance and color differences: as the Adobe segment says, else as JFIF demands, else
     * as the DICOM header says.
     */
    boolean isLuminanceChrominance(final boolean header) {
        if (m_transform >= 0) {
            return m_transform == 1;
        }
        return m_jfif || header;
    }
}
