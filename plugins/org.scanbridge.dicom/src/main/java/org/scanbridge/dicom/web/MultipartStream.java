package org.scanbridge.dicom.web;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import org.scanbridge.dicom.archive.ArchiveException;
import org.scanbridge.dicom.archive.ArchiveException.Kind;

/**
 * Reads the parts of a multipart body (RFC 2046 5.1, RFC 2387) one after the other, in memory of fixed size whatever the
 * body's. What stands before the first boundary and after the last is skipped. A body that ends before its last boundary
 * throws where it ends, so a part whose end was read is whole. Not safe for use by several threads.
 */
final class MultipartStream {

    /** More than any header of a part has. */
    private static final int MAX_HEADERS = 8192;

    /** RFC 2046 5.1.1: a boundary has at most 70 characters. Servers exceed it; nobody by this much. */
    private static final int MAX_BOUNDARY = 256;

    /** Nobody writes a preamble of this length: what comes is something else. */
    private static final int MAX_PREAMBLE = 1 << 16;

    private static final int BUFFER = 1 << 16;

    private static final int SKIP = 1 << 12;

    private final InputStream m_in;

    /** CR, LF, two hyphens and the boundary. */
    private final byte[] m_delimiter;

    /** How far the delimiter can be moved on by the byte below its end (Horspool 1980). */
    private final int[] m_shifts = new int[256];

    private final byte[] m_buffer;

    private int m_from;

    private int m_to;

    private boolean m_ended;

    /** Whether a delimiter begins at {@link #m_from}. */
    private boolean m_atDelimiter;

    private boolean m_closed;

    private int m_parts;

    /**
     * @param in the body; not closed
     * @param boundary as the Content-Type says, without hyphens in front
     * @throws ArchiveException if this can be no boundary
     */
    MultipartStream(final InputStream in, final String boundary) throws ArchiveException {
        if (boundary.isEmpty() || boundary.length() > MAX_BOUNDARY) {
            throw broken("a multipart answer whose boundary has " + boundary.length() + " characters");
        }
        m_in = in;
        m_delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
        Arrays.fill(m_shifts, m_delimiter.length);
        for (int i = 0; i < m_delimiter.length - 1; i++) {
            m_shifts[m_delimiter[i] & 0xff] = m_delimiter.length - 1 - i;
        }
        // The delimiter of the first part may stand at the very start, where no line ends before it.
        m_buffer = new byte[BUFFER];
        m_buffer[0] = '\r';
        m_buffer[1] = '\n';
        m_to = 2;
    }

    /**
     * A part.
     *
     * @param headers by name in lower case
     * @param body its content; throws instead of ending where the answer breaks off
     */
    record Part(Map<String, String> headers, InputStream body) {

        /** A header; empty if absent. */
        String header(final String name) {
            return headers.getOrDefault(name, "");
        }
    }

    private static ArchiveException broken(final String what) {
        return new ArchiveException(Kind.BROKEN_ANSWER, "The archive sent " + what + ".");
    }

    private ArchiveException cutOff() {
        return broken("half an answer: it ends in part " + Math.max(1, m_parts) + ", before its last boundary");
    }

    /** Number of parts begun so far. */
    int parts() {
        return m_parts;
    }

    /**
     * The next part; what was not read of the one before is skipped.
     *
     * @return empty after the last boundary
     * @throws ArchiveException if the body ends before its last boundary or is no multipart body
     */
    Optional<Part> next() throws IOException {
        if (m_closed) {
            return Optional.empty();
        }
        skipToDelimiter();
        m_from += m_delimiter.length;
        m_atDelimiter = false;
        if (m_parts == 0 && peek(0) < 0) {
            throw broken("a multipart answer without a part");
        }
        if (peek(0) == '-' && peek(1) == '-') {
            m_closed = true;
            return Optional.empty();
        }
        endLine();
        m_parts++;
        final Map<String, String> headers = headers();
        long length = -1;
        final String announced = headers.getOrDefault("content-length", "");
        if (announced.matches("[0-9]{1,18}")) {
            length = Long.parseLong(announced);
        }
        return Optional.of(new Part(headers, new Body(length)));
    }

    private void skipToDelimiter() throws IOException {
        final byte[] nowhere = new byte[SKIP];
        long skipped = 0;
        int n = read(nowhere, 0, nowhere.length);
        while (n >= 0) {
            skipped += n;
            if (m_parts == 0 && skipped > MAX_PREAMBLE) {
                throw broken("an answer that does not begin with the boundary of its parts");
            }
            n = read(nowhere, 0, nowhere.length);
        }
    }

    /** What follows a boundary on its line: blanks (RFC 2046), and the end of the line. */
    private void endLine() throws IOException {
        int c = take();
        int n = 0;
        while (c == ' ' || c == '\t') {
            if (++n > MAX_BOUNDARY) {
                throw broken("a boundary with too many blanks behind it");
            }
            c = take();
        }
        if (c == '\r') {
            c = take();
        }
        if (c != '\n') {
            throw c < 0 ? cutOff() : broken("a boundary that does not end its line");
        }
    }

    private Map<String, String> headers() throws IOException {
        final Map<String, String> headers = new TreeMap<>();
        final StringBuilder line = new StringBuilder();
        String name = "";
        int size = 0;
        while (true) {
            if (isAtDelimiter()) {
                // Neither a header nor an empty line before the next boundary: a part without anything.
                return headers;
            }
            final int c = take();
            if (c < 0) {
                throw cutOff();
            }
            if (++size > MAX_HEADERS) {
                throw broken("a part whose headers have more than " + MAX_HEADERS + " bytes");
            }
            if (c != '\n') {
                line.append((char)c);
                continue;
            }
            if (line.length() > 0 && line.charAt(line.length() - 1) == '\r') {
                line.setLength(line.length() - 1);
            }
            if (line.length() == 0) {
                return headers;
            }
            final String text = line.toString();
            line.setLength(0);
            final int colon = text.indexOf(':');
            if ((text.charAt(0) == ' ' || text.charAt(0) == '\t') && !name.isEmpty()) {
                headers.merge(name, text.strip(), (a, b) -> a + " " + b); // folded (RFC 5322 2.2.3)
            } else if (colon <= 0) {
                throw broken("a part whose header has no colon");
            } else {
                name = text.substring(0, colon).strip().toLowerCase(Locale.ROOT);
                headers.put(name, text.substring(colon + 1).strip());
            }
        }
    }

    private boolean isAtDelimiter() throws IOException {
        ensure(m_delimiter.length);
        return m_to - m_from >= m_delimiter.length && Arrays.equals(m_buffer, m_from, m_from + m_delimiter.length, m_delimiter,
            0, m_delimiter.length);
    }

    private int peek(final int ahead) throws IOException {
        ensure(ahead + 1);
        return m_from + ahead < m_to ? m_buffer[m_from + ahead] & 0xff : -1;
    }

    private int take() throws IOException {
        final int c = peek(0);
        if (c >= 0) {
            m_from++;
        }
        return c;
    }

    /** Fills the buffer until it holds this many bytes or the body ends. */
    private void ensure(final int count) throws IOException {
        while (m_to - m_from < count && !m_ended) {
            if (m_from > 0 && m_buffer.length - m_from < Math.max(count, BUFFER / 2)) {
                System.arraycopy(m_buffer, m_from, m_buffer, 0, m_to - m_from);
                m_to -= m_from;
                m_from = 0;
            }
            final int n = m_in.read(m_buffer, m_to, m_buffer.length - m_to);
            if (n < 0) {
                m_ended = true;
            } else {
                m_to += n;
            }
        }
    }

    /** Reads what stands before the next delimiter; -1 at it. */
    private int read(final byte[] target, final int offset, final int length) throws IOException {
        if (m_atDelimiter) {
            return -1;
        }
        if (length == 0) {
            return 0;
        }
        // More than a delimiter, so that at least a byte is known not to begin one.
        ensure(Math.max(m_delimiter.length, BUFFER / 4));
        final int found = find();
        if (found == m_from) {
            m_atDelimiter = true;
            return -1;
        }
        // From the last bytes a delimiter may begin of which the rest is still to come.
        final int free = found >= 0 ? found - m_from : m_to - m_from - (m_delimiter.length - 1);
        if (free <= 0) {
            // The body has ended, and too little is left for a delimiter.
            throw cutOff();
        }
        final int n = Math.min(free, length);
        System.arraycopy(m_buffer, m_from, target, offset, n);
        m_from += n;
        return n;
    }

    /** Index of the first delimiter in the buffer; -1 if there is none. */
    private int find() {
        final int last = m_delimiter.length - 1;
        int end = m_from + last;
        while (end < m_to) {
            int i = 0;
            while (i <= last && m_buffer[end - i] == m_delimiter[last - i]) {
                i++;
            }
            if (i > last) {
                return end - last;
            }
            end += m_shifts[m_buffer[end] & 0xff];
        }
        return -1;
    }

    /** The content of the part begun last. */
    private final class Body extends InputStream {

        private final int m_part = m_parts;

        private final long m_announced;

        private long m_count;

        Body(final long announced) {
            m_announced = announced;
        }

        @Override
        public int read() throws IOException {
            final byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(final byte[] target, final int offset, final int length) throws IOException {
            if (m_part != m_parts || m_closed) {
                throw new IllegalStateException("Part " + m_part + " is over");
            }
            final int n = MultipartStream.this.read(target, offset, length);
            if (n < 0 && m_announced >= 0 && m_count != m_announced) {
                throw broken("part " + m_part + " with " + m_count + " bytes, though it announces " + m_announced);
            }
            m_count += Math.max(0, n);
            return n;
        }
    }
}
