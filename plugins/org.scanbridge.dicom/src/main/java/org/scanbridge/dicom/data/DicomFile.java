package org.scanbridge.dicom.data;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

import org.scanbridge.dicom.data.DicomException.Reason;

/**
 * A file in the DICOM file format (PS3.10 section 7), open for reading: its header is parsed up to the pixel data, whose
 * bytes are read on demand from {@link #source()}. Files without preamble or file meta information are read as well,
 * their encoding guessed from the first element, and so are files compressed with gzip, which are held in memory.
 */
public final class DicomFile implements Closeable {

    private static final int PREAMBLE = 128;

    /** Largest inflated data set; no file in the field comes near. */
    private static final long MAX_INFLATED = 1L << 30;

    private final ByteSource m_file;

    private final ByteSource m_source;

    private final DataSet m_meta;

    private final DataSet m_data;

    private final TransferSyntax m_syntax;

    private final PixelLocation m_pixels;

    private Fragments m_fragments;

    private DicomFile(final ByteSource file, final ByteSource source, final DataSet meta, final DataSet data,
        final TransferSyntax syntax, final PixelLocation pixels) {
        m_file = file;
        m_source = source;
        m_meta = meta;
        m_data = data;
        m_syntax = syntax;
        m_pixels = pixels;
    }

    /**
     * Opens a file and parses its header.
     *
     * @throws DicomException if it is no DICOM file or broken
     * @throws IOException if it cannot be read
     */
    public static DicomFile open(final Path file) throws IOException {
        return open(FilePart.whole(file));
    }

    /** As {@link #open(Path)}, of what may be a part of a file. */
    public static DicomFile open(final FilePart file) throws IOException {
        final ByteSource source = file.open();
        try {
            return parse(source);
        } catch (final IOException e) {
            source.close();
            throw e;
        }
    }

    /**
     * Parses the header of a file's bytes. Closing the result closes the source.
     *
     * @throws DicomException if it is no DICOM file or broken
     */
    public static DicomFile parse(final ByteSource file) throws IOException {
        Objects.requireNonNull(file, "file");
        final byte[] head = new byte[(int)Math.min(file.size(), Compression.HEAD)];
        file.read(0, head, 0, head.length);
        final Optional<Compression> compression = Compression.of(head);
        if (compression.isPresent()) {
            return compressed(file, compression.get());
        }
        final int start = metaStart(head);
        DataSet meta = DataSet.EMPTY;
        long position = Math.max(start, 0);
        if (start >= 0) {
            final DicomInput in = new DicomInput(file, start, file.size(), true, false);
            meta = in.readMeta();
            position = in.position();
        }
        final String uid = meta.text(Tag.TRANSFER_SYNTAX_UID);
        final TransferSyntax syntax = uid.isEmpty() ? guess(file, position, start >= 0) : TransferSyntax.of(uid);
        ByteSource source = file;
        if (syntax.deflated()) {
            source = ByteSource.of(inflate(file, position));
            position = 0;
        }
        final DicomInput in =
            new DicomInput(source, position, source.size(), explicit(source, position, syntax), syntax.bigEndian());
        final DataSet data = in.readDataSet();
        return new DicomFile(file, source, meta, data, syntax, in.pixels());
    }

    /** A single file in gzip is read from memory; other archives must be unpacked by the user. */
    private static DicomFile compressed(final ByteSource file, final Compression compression) throws IOException {
        if (compression != Compression.GZIP) {
            throw new DicomException(Reason.COMPRESSED, "It is " + compression.words() + ", whose content is not read",
                DicomException.NONE, 0);
        }
        final DicomFile inner = parse(ByteSource.of(Compression.gunzip(file)));
        return new DicomFile(file, inner.m_source, inner.m_meta, inner.m_data, inner.m_syntax, inner.m_pixels);
    }

    /** Some writers announce implicit and write explicit elements, or the other way round; the first element tells. */
    private static boolean explicit(final ByteSource source, final long position, final TransferSyntax syntax)
        throws IOException {
        if (syntax.bigEndian() || source.size() - position < 8) {
            return syntax.explicit();
        }
        final byte[] first = new byte[8];
        source.read(position, first, 0, 8);
        return VR.of(first[4], first[5]) != null;
    }

    /** Where file meta information begins; -1 if there is none. */
    private static int metaStart(final byte[] head) {
        if (head.length >= PREAMBLE + 4 && DicomInput.isAscii(head, PREAMBLE, "DICM")) {
            return PREAMBLE + 4;
        }
        // Without preamble, an element of group 0002 comes first, mostly (0002,0000), (0002,0001) or (0002,0010).
        final boolean meta = head.length >= 8 && head[0] == 2 && head[1] == 0 && (head[3] & 0xfe) == 0;
        return meta && VR.of(head[4], head[5]) != null ? 0 : -1;
    }

    /** Whether the first bytes of a file may be those of a DICOM file. */
    static boolean isLikely(final byte[] head) {
        return metaStart(head) >= 0 || head.length >= 8 && (head[0] == 8 && head[1] == 0 || head[0] == 0 && head[1] == 8);
    }

    /** The encoding of a data set whose transfer syntax nobody tells. */
    private static TransferSyntax guess(final ByteSource file, final long position, final boolean isDicom)
        throws IOException {
        final byte[] e = new byte[8];
        if (file.size() - position >= 8) {
            file.read(position, e, 0, 8);
            final int group = (e[1] & 0xff) << 8 | e[0] & 0xff;
            final boolean explicit = VR.of(e[4], e[5]) != null;
            if (explicit && group == 0x0800) {
                return TransferSyntax.EXPLICIT_BIG_ENDIAN;
            }
            final long length = (e[7] & 0xffL) << 24 | (e[6] & 0xff) << 16 | (e[5] & 0xff) << 8 | e[4] & 0xff;
            if (group <= 8 && (explicit || length <= file.size() - position - 8 || length == DicomInput.UNDEFINED)
                && (isDicom || group == 8)) {
                return explicit ? TransferSyntax.EXPLICIT_LITTLE_ENDIAN : TransferSyntax.IMPLICIT_LITTLE_ENDIAN;
            }
        }
        if (isDicom) {
            return TransferSyntax.IMPLICIT_LITTLE_ENDIAN; // the default transfer syntax (PS3.5 section 10.1)
        }
        throw new DicomException(Reason.NOT_DICOM,
            "No DICOM file: neither \"DICM\" @ 128 nor a data element at the start", DicomException.NONE, 0);
    }

    private static byte[] inflate(final ByteSource file, final long position) throws IOException {
        final Inflater inflater = new Inflater(true);
        final ByteArrayOutputStream inflated = new ByteArrayOutputStream();
        final byte[] in = new byte[1 << 14];
        final byte[] out = new byte[1 << 16];
        long at = position;
        try {
            while (!inflater.finished()) {
                if (inflater.needsInput()) {
                    final int n = (int)Math.min(in.length, file.size() - at);
                    if (n == 0) {
                        throw new DicomException(Reason.TRUNCATED, "The deflated data set is not complete (pos: " + at
                            + ", inflated: " + inflated.size() + " bytes)", DicomException.NONE, at);
                    }
                    file.read(at, in, 0, n);
                    inflater.setInput(in, 0, n);
                    at += n;
                }
                inflated.write(out, 0, inflater.inflate(out));
                if (inflater.needsDictionary() || inflated.size() > MAX_INFLATED) {
                    throw new DicomException(Reason.MALFORMED, "The deflated data set @ " + position
                        + " is no plain deflate stream of up to " + MAX_INFLATED + " bytes", DicomException.NONE, at);
                }
            }
        } catch (final DataFormatException e) {
            throw new DicomException(Reason.MALFORMED,
                "The deflated data set @ " + position + " is broken after " + inflated.size() + " bytes", e);
        } finally {
            inflater.end();
        }
        return inflated.toByteArray();
    }

    /** File meta information, group 0002; empty if the file has none. */
    public DataSet meta() {
        return m_meta;
    }

    /** The data set up to, without, pixel data. */
    public DataSet data() {
        return m_data;
    }

    /** How it is encoded; guessed if the file does not tell. */
    public TransferSyntax transferSyntax() {
        return m_syntax;
    }

    /** Where the pixel data lies in {@link #source()}; empty if there is none. */
    public Optional<PixelLocation> pixels() {
        return Optional.ofNullable(m_pixels);
    }

    /** The bytes that offsets refer to: the file's, or the inflated data set of a deflated file. */
    public ByteSource source() {
        return m_source;
    }

    /**
     * The fragments of encapsulated pixel data; found on the first call.
     *
     * @param frames number of frames, the same in every call
     * @throws DicomException if the pixel data is not encapsulated or broken
     */
    public synchronized Fragments fragments(final int frames) throws IOException {
        if (m_fragments == null) {
            m_fragments = Fragments.of(this, frames);
        }
        return m_fragments;
    }

    @Override
    public void close() throws IOException {
        m_file.close();
    }
}
