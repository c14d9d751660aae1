package org.scanbridge.dicom.data;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

import org.scanbridge.dicom.data.DicomException.Reason;

/** Compressed files and archives by their first bytes, as the file command and PRONOM tell them. */
enum Compression {
        /** RFC 1952 with deflate. */
        GZIP("a gzip file", 0, 0x1f, 0x8b, 8), ZIP("a zip archive", 0, 'P', 'K', 3, 4),
        SEVEN_ZIP("a 7z archive", 0, '7', 'z', 0xbc, 0xaf, 0x27, 0x1c), RAR("a rar archive", 0, 'R', 'a', 'r', '!', 0x1a, 7),
        BZIP2("a bzip2 file", 0, 'B', 'Z', 'h'), XZ("an xz file", 0, 0xfd, '7', 'z', 'X', 'Z', 0),
        ZSTD("a zstd file", 0, 0x28, 0xb5, 0x2f, 0xfd), TAR("a tar archive", 257, 'u', 's', 't', 'a', 'r');

    /** So many first bytes tell, if there are as many. */
    static final int HEAD = 512;

    private static final int PREAMBLE = 128;

    /** Largest content of a gzip file: it is held in memory, and a small file may unpack to a thousand times its size. */
    private static final int MAX_UNPACKED = 1 << 26;

    private final String m_words;

    private final int m_offset;

    private final int[] m_magic;

    Compression(final String words, final int offset, final int... magic) {
        m_words = words;
        m_offset = offset;
        m_magic = magic;
    }

    /** With article, such as {@code a zip archive}. */
    String words() {
        return m_words;
    }

    /**
     * The compression of a file.
     *
     * @param head its first bytes
     * @return empty if it is none of these, or DICOM all the same: any bytes may stand in the preamble
     */
    static Optional<Compression> of(final byte[] head) {
        if (head.length >= PREAMBLE + 4 && DicomInput.isAscii(head, PREAMBLE, "DICM")) {
            return Optional.empty();
        }
        for (final Compression c : values()) {
            if (c.matches(head)) {
                return Optional.of(c);
            }
        }
        return Optional.empty();
    }

    private boolean matches(final byte[] head) {
        if (head.length < m_offset + m_magic.length) {
            return false;
        }
        for (int i = 0; i < m_magic.length; i++) {
            if ((head[m_offset + i] & 0xff) != m_magic[i]) {
                return false;
            }
        }
        return true;
    }

    /**
     * The content of a gzip file.
     *
     * @throws DicomException if it is no DICOM file, broken, larger than 64 MB, or compressed or archived once more
     */
    static byte[] gunzip(final ByteSource file) throws IOException {
        final ByteArrayOutputStream content = new ByteArrayOutputStream();
        try (GZIPInputStream in = new GZIPInputStream(stream(file), 1 << 14)) {
            final byte[] head = in.readNBytes(HEAD);
            final Optional<Compression> inner = of(head);
            if (inner.isPresent()) {
                throw new DicomException(Reason.COMPRESSED,
                    "It is a gzip file that holds " + inner.get().words() + ", whose content is not read",
                    DicomException.NONE, 0);
            }
            if (!DicomFile.isLikely(head)) {
                throw new DicomException(Reason.NOT_DICOM, "No DICOM file: what it holds, compressed with gzip, begins neither"
                    + " with \"DICM\" @ 128 nor with a data element", DicomException.NONE, 0);
            }
            content.write(head);
            final byte[] buffer = new byte[1 << 14];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                if (content.size() + n > MAX_UNPACKED) {
                    throw new DicomException(Reason.COMPRESSED, String.format(Locale.ROOT, "It is a gzip file whose content"
                        + " is larger than %d MB, and is not read", MAX_UNPACKED >> 20), DicomException.NONE, 0);
                }
                content.write(buffer, 0, n);
            }
        } catch (final ZipException | EOFException e) {
            throw new DicomException(Reason.MALFORMED,
                "The gzip file is broken or cut off after " + content.size() + " bytes of its content", e);
        }
        return content.toByteArray();
    }

    private static InputStream stream(final ByteSource source) {
        return new InputStream() {

            private long m_position;

            @Override
            public int read() throws IOException {
                final byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(final byte[] target, final int offset, final int length) throws IOException {
                final int n = (int)Math.min(length, source.size() - m_position);
                if (n <= 0) {
                    return length == 0 ? 0 : -1;
                }
                source.read(m_position, target, offset, n);
                m_position += n;
                return n;
            }

            @Override
            public int available() {
                // GZIPInputStream looks for another member only where this is positive.
                return (int)Math.min(Integer.MAX_VALUE, source.size() - m_position);
            }
        };
    }
}
