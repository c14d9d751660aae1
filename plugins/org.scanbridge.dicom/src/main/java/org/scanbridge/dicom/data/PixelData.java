package org.scanbridge.dicom.data;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;
import java.util.Optional;

import org.scanbridge.dicom.data.DicomException.Reason;

/**
 * The pixel data element of a file as it goes into a copy: compressed fragments and little-endian values byte by byte,
 * big-endian values swapped. What follows pixel data in the file (padding, signatures) is left behind.
 */
public final class PixelData {

    private static final int CHUNK = 1 << 16;

    private static final int ITEM_HEADER = 8;

    private final ByteSource m_source;

    private final Optional<PixelLocation> m_location;

    private final TransferSyntax m_syntax;

    private final int m_swap;

    private final VR m_vr;

    private final long m_length;

    private PixelData(final DicomFile file, final int swap, final VR vr, final long length) {
        m_source = file.source();
        m_location = file.pixels();
        m_syntax = file.transferSyntax().encapsulated() && file.pixels().isPresent() ? file.transferSyntax()
            : TransferSyntax.EXPLICIT_LITTLE_ENDIAN;
        m_swap = swap;
        m_vr = vr;
        m_length = length;
    }

    /**
     * The pixel data of an open file, which must stay open; a file may have none.
     *
     * @throws DicomException if it is cut off
     */
    public static PixelData of(final DicomFile file) throws IOException {
        if (file.pixels().isEmpty()) {
            return new PixelData(file, 1, VR.OW, 0);
        }
        final PixelLocation at = file.pixels().get();
        if (at.isEncapsulated()) {
            return new PixelData(file, 1, VR.OB, fragments(file.source(), at));
        }
        if (at.length() > file.source().size() - at.offset()) {
            throw new DicomException(Reason.TRUNCATED, "Pixel data " + Tag.toString(at.tag()) + " @ " + at.offset()
                + " has " + (file.source().size() - at.offset()) + " of " + at.length() + " bytes", at.tag(), at.offset());
        }
        // Implicit encodings do not tell whether bytes or words were meant; the tag does.
        final VR vr = at.vr() == VR.UN ? Dictionary.vr(at.tag()) : at.vr();
        // Cells of more than 16 bits are swapped as a whole, whatever the VR.
        final int unit = Math.max(vr.unit(), Math.min(8, file.data().integer(Tag.BITS_ALLOCATED, 0) / 8));
        return new PixelData(file, file.transferSyntax().bigEndian() ? unit : 1, vr, at.length());
    }

    /** Number of bytes of all items with the delimiter after them. */
    private static long fragments(final ByteSource source, final PixelLocation at) throws IOException {
        final byte[] header = new byte[ITEM_HEADER];
        long position = at.offset();
        while (source.size() - position >= ITEM_HEADER) {
            source.read(position, header, 0, ITEM_HEADER);
            final int tag = (header[1] & 0xff) << 24 | (header[0] & 0xff) << 16 | (header[3] & 0xff) << 8
                | header[2] & 0xff;
            final long length = (header[7] & 0xffL) << 24 | (header[6] & 0xff) << 16 | (header[5] & 0xff) << 8
                | header[4] & 0xff;
            position += ITEM_HEADER;
            if (tag == DicomInput.SEQUENCE_END) {
                return position - at.offset();
            }
            if (tag != DicomInput.ITEM || length > source.size() - position) {
                break;
            }
            position += length;
        }
        throw new DicomException(Reason.TRUNCATED, "The fragments of pixel data " + Tag.toString(at.tag()) + " @ "
            + at.offset() + " are not closed", at.tag(), at.offset());
    }

    /**
     * The bytes of a file with this pixel data up to its values.
     *
     * @param data the other attributes
     * @throws IllegalArgumentException if SOP Class or Instance UID is missing
     */
    public byte[] head(final DataSet data) {
        final byte[] file = DicomOutput.file(Objects.requireNonNull(data, "data"), m_syntax);
        if (m_location.isEmpty()) {
            return file;
        }
        final int tag = m_location.get().tag();
        final long length = m_location.get().isEncapsulated() ? DicomInput.UNDEFINED : m_length + m_length % 2;
        final byte[] head = java.util.Arrays.copyOf(file, file.length + 12);
        final byte[] element = {(byte)(tag >>> 16), (byte)(tag >>> 24), (byte)tag, (byte)(tag >>> 8),
            (byte)m_vr.name().charAt(0), (byte)m_vr.name().charAt(1), 0, 0, (byte)length, (byte)(length >>> 8),
            (byte)(length >>> 16), (byte)(length >>> 24)};
        System.arraycopy(element, 0, head, file.length, element.length);
        return head;
    }

    /** Writes the values. */
    public void write(final OutputStream out) throws IOException {
        if (m_location.isEmpty()) {
            return;
        }
        final long start = m_location.get().offset();
        final byte[] chunk = new byte[(int)Math.min(CHUNK, Math.max(1, m_length))];
        for (long done = 0; done < m_length; done += chunk.length) {
            final int n = (int)Math.min(chunk.length, m_length - done);
            m_source.read(start + done, chunk, 0, n);
            if (m_swap > 1) {
                DicomOutput.swap(chunk, n, m_swap);
            }
            out.write(chunk, 0, n);
        }
        if (m_length % 2 == 1) {
            out.write(0);
        }
    }
}
