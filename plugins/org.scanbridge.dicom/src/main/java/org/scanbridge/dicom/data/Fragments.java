package org.scanbridge.dicom.data;

import java.io.IOException;
import java.util.Arrays;

import org.scanbridge.dicom.data.DicomException.Reason;

/**
 * The fragments of encapsulated pixel data and the frames they make (PS3.5 section A.4). Immutable.
 */
public final class Fragments {

    private static final int ITEM_HEADER = 8;

    private final ByteSource m_source;

    private final long[] m_offsets;

    private final int[] m_lengths;

    /** For each frame the index of its first fragment; one more entry for the end. */
    private final int[] m_frames;

    private Fragments(final ByteSource source, final long[] offsets, final int[] lengths, final int[] frames) {
        m_source = source;
        m_offsets = offsets;
        m_lengths = lengths;
        m_frames = frames;
    }

    /**
     * Finds the fragments of a file and assigns them to frames: by the extended or basic offset table; without one, each
     * frame has one fragment or begins with the start marker of a JPEG code stream.
     *
     * @param count number of frames
     * @throws DicomException if the fragments are broken or cannot be assigned
     */
    static Fragments of(final DicomFile file, final int count) throws IOException {
        final PixelLocation pixels = file.pixels().orElseThrow(
            () -> new DicomException(Reason.MISSING_ATTRIBUTE, "There is no pixel data", Tag.PIXEL_DATA, -1));
        if (!pixels.isEncapsulated()) {
            throw new DicomException(Reason.MALFORMED, "Pixel data @ " + pixels.offset() + " has a length of "
                + pixels.length() + " where " + file.transferSyntax() + " needs fragments", Tag.PIXEL_DATA,
                pixels.offset());
        }
        final ByteSource source = file.source();
        final byte[] header = new byte[ITEM_HEADER];
        long at = pixels.offset();
        long[] offsets = new long[16];
        int[] lengths = new int[16];
        int n = 0;
        while (true) {
            if (source.size() - at < ITEM_HEADER) {
                if (n > 1) {
                    break; // many files lack the delimiter at the end
                }
                throw new DicomException(Reason.TRUNCATED, "The fragments of the pixel data @ " + pixels.offset()
                    + " end @ " + at + " without a delimiter", Tag.PIXEL_DATA, at);
            }
            source.read(at, header, 0, ITEM_HEADER);
            final int tag = little(header, 0) << 16 | little(header, 2);
            final long length = little(header, 4) | (long)little(header, 6) << 16;
            if (tag == DicomInput.SEQUENCE_END) {
                break;
            }
            if (tag != DicomInput.ITEM || length > source.size() - at - ITEM_HEADER) {
                throw new DicomException(Reason.TRUNCATED, "Length " + length + " for tag " + Tag.toString(tag) + " @ "
                    + at + " exceeds remaining " + (source.size() - at - ITEM_HEADER) + " (pos: " + (at + ITEM_HEADER)
                    + ")", tag, at);
            }
            if (n == offsets.length) {
                offsets = Arrays.copyOf(offsets, 2 * n);
                lengths = Arrays.copyOf(lengths, 2 * n);
            }
            offsets[n] = at + ITEM_HEADER;
            lengths[n++] = (int)Math.min(length, Integer.MAX_VALUE - 8);
            at += ITEM_HEADER + length;
        }
        if (n == 0) {
            throw new DicomException(Reason.MALFORMED,
                "Pixel data @ " + pixels.offset() + " has no offset table and no fragments", Tag.PIXEL_DATA, at);
        }
        final long[] table = table(file, source, offsets[0], lengths[0]);
        final Fragments all = new Fragments(source, Arrays.copyOfRange(offsets, 1, n),
            Arrays.copyOfRange(lengths, 1, n), null);
        return new Fragments(source, all.m_offsets, all.m_lengths, all.frames(count, table, pixels));
    }

    private static int little(final byte[] b, final int i) {
        return b[i] & 0xff | (b[i + 1] & 0xff) << 8;
    }

    /** Offsets of frames from the first fragment's item; empty without a table. */
    private static long[] table(final DicomFile file, final ByteSource source, final long offset, final int length)
        throws IOException {
        final byte[] extended = file.data().element(Tag.EXTENDED_OFFSET_TABLE).map(DataElement::bytes)
            .orElse(new byte[0]);
        final int unit = extended.length > 0 ? 8 : 4;
        byte[] bytes = extended;
        if (extended.length == 0) {
            bytes = new byte[length];
            source.read(offset, bytes, 0, length);
        }
        final long[] table = new long[bytes.length / unit];
        for (int i = 0; i < table.length; i++) {
            for (int b = unit - 1; b >= 0; b--) {
                table[i] = table[i] << 8 | bytes[i * unit + b] & 0xff;
            }
        }
        return table;
    }

    private int[] frames(final int count, final long[] table, final PixelLocation pixels) throws IOException {
        final int n = m_offsets.length;
        if (count == 1 && n > 0) {
            return new int[]{0, n};
        }
        final int[] frames = new int[count + 1];
        frames[count] = n;
        if (n == count) {
            for (int f = 0; f < count; f++) {
                frames[f] = f;
            }
            return frames;
        }
        if (n > count && table.length == count) {
            boolean found = true;
            for (int f = 0; f < count; f++) {
                final int at = Arrays.binarySearch(m_offsets, m_offsets[0] + table[f]);
                found &= at >= 0 && (f == 0 ? at == 0 : at > frames[f - 1]);
                frames[f] = at;
            }
            if (found) {
                return frames;
            }
        }
        int found = 0;
        for (int i = 0; n > count && i < n; i++) {
            if (startsCodeStream(i)) {
                if (found < count) {
                    frames[found] = i;
                }
                found++;
            }
        }
        if (found == count && frames[0] == 0) {
            return frames;
        }
        throw new DicomException(Reason.MALFORMED, "Pixel data @ " + pixels.offset() + " has " + n + " fragments for "
            + count + " frames, and neither an offset table nor start markers tell which belong together",
            Tag.PIXEL_DATA, pixels.offset());
    }

    /** SOI of JPEG and JPEG-LS, SOC of JPEG 2000. */
    private boolean startsCodeStream(final int fragment) throws IOException {
        if (m_lengths[fragment] < 2) {
            return false;
        }
        final byte[] marker = new byte[2];
        m_source.read(m_offsets[fragment], marker, 0, 2);
        return marker[0] == (byte)0xff && (marker[1] == (byte)0xd8 || marker[1] == 0x4f);
    }

    /**
     * The compressed bytes of a frame: its fragments one after the other.
     *
     * @param frame index from 0
     */
    public byte[] frame(final int frame) throws IOException {
        long length = 0;
        for (int i = m_frames[frame]; i < m_frames[frame + 1]; i++) {
            length += m_lengths[i];
        }
        if (length > Integer.MAX_VALUE - 8) {
            throw new DicomException(Reason.UNSUPPORTED, "Frame " + (frame + 1) + " has " + length
                + " compressed bytes; up to 2 GB are read", Tag.PIXEL_DATA, m_offsets[m_frames[frame]]);
        }
        final byte[] bytes = new byte[(int)length];
        int at = 0;
        for (int i = m_frames[frame]; i < m_frames[frame + 1]; i++) {
            m_source.read(m_offsets[i], bytes, at, m_lengths[i]);
            at += m_lengths[i];
        }
        return bytes;
    }

    /** Where a frame's first fragment begins in the source; for messages. */
    public long offset(final int frame) {
        return m_frames[frame] < m_offsets.length ? m_offsets[m_frames[frame]] : DicomException.NONE;
    }
}
