package org.scanbridge.dicom.codec;

import org.scanbridge.dicom.data.DicomException;
import org.scanbridge.dicom.data.DicomException.Reason;
import org.scanbridge.dicom.data.Tag;

/**
 * Headers of a JPEG 2000 code stream (ISO/IEC 15444-1 annex A), checked for what a decoder would trust them with: tiles
 * and packets must be as many as the bytes can hold at most.
 *
 * @param start where the code stream begins in the bytes
 * @param columns image columns
 * @param rows image rows
 * @param components number of components, all of the same depth and size
 * @param precision bits per sample
 * @param signed whether samples are signed
 */
record Jpeg2000Header(int start, int columns, int rows, int components, int precision, boolean signed) {

    private static final int SOC = 0xff4f;

    private static final int SIZ = 0xff51;

    private static final int COD = 0xff52;

    private static final int PPM = 0xff60;

    private static final int PPT = 0xff61;

    private static final int SOT = 0xff90;

    private static final int SOD = 0xff93;

    private static final int EOC = 0xffd9;

    /** A tile has at least SOT (12 bytes) and SOD (2 bytes). */
    private static final int TILE_BYTES = 14;

    private static final int MAX_LEVELS = 32;

    /** Packets beyond one per byte that do no harm, as for small images with many layers, all empty. */
    private static final int SPARE_PACKETS = 4096;

    /** @throws DicomException if the headers are broken or of a kind that is not read */
    static Jpeg2000Header of(final byte[] bytes) throws DicomException {
        final int start = codeStream(bytes);
        final Jpeg2000Header header = size(bytes, start);
        header.checkSegments(bytes);
        return header;
    }

    static DicomException broken(final String what) {
        return new DicomException(Reason.MALFORMED,
            "JPEG 2000 code stream of tag " + Tag.toString(Tag.PIXEL_DATA) + " " + what, Tag.PIXEL_DATA,
            DicomException.NONE);
    }

    /** Where the code stream begins; some writers wrap it into the JP2 file format against the standard. */
    private static int codeStream(final byte[] bytes) throws DicomException {
        for (int i = 0; i + 4 <= bytes.length; i++) {
            if (unsigned(bytes, i) == SOC && unsigned(bytes, i + 2) == SIZ) {
                return i;
            }
        }
        throw broken("of " + bytes.length + " bytes has no image header");
    }

    private static int unsigned(final byte[] b, final int at) throws DicomException {
        if (at + 2 > b.length) {
            throw broken("ends inside a marker segment (byte " + at + " of " + b.length + ")");
        }
        return (b[at] & 0xff) << 8 | b[at + 1] & 0xff;
    }

    private static long unsignedInt(final byte[] b, final int at) throws DicomException {
        return (long)unsigned(b, at) << 16 | unsigned(b, at + 2);
    }

    private static Jpeg2000Header size(final byte[] b, final int start) throws DicomException {
        final int siz = start + 4;
        final long width = unsignedInt(b, siz + 4) - unsignedInt(b, siz + 12);
        final long height = unsignedInt(b, siz + 8) - unsignedInt(b, siz + 16);
        final long tileWidth = unsignedInt(b, siz + 20);
        final long tileHeight = unsignedInt(b, siz + 24);
        final int components = unsigned(b, siz + 36);
        if (width < 1 || width > 65535 || height < 1 || height > 65535 || tileWidth < 1 || tileHeight < 1
            || components < 1 || components > 4) {
            throw broken("has " + components + " components of " + width + "×" + height + " samples in tiles of "
                + tileWidth + "×" + tileHeight);
        }
        final long tiles = ((width + tileWidth - 1) / tileWidth) * ((height + tileHeight - 1) / tileHeight);
        if (tiles > 1 + b.length / TILE_BYTES) {
            throw broken("announces " + tiles + " tiles in " + b.length + " bytes");
        }
        final int depth = unsigned(b, siz + 38) >> 8;
        for (int c = 0; c < components; c++) {
            if (unsigned(b, siz + 38 + 3 * c) != (depth << 8 | 1) || unsigned(b, siz + 39 + 3 * c) != 0x0101) {
                throw broken("has components of different depth or size");
            }
        }
        final int precision = (depth & 0x7f) + 1;
        if (precision > 16) {
            throw new DicomException(Reason.UNSUPPORTED, "JPEG 2000 samples of " + precision
                + " bits are not read; up to 16 bits are", Tag.PIXEL_DATA, DicomException.NONE);
        }
        return new Jpeg2000Header(start, (int)width, (int)height, components, precision, depth >> 7 == 1);
    }

    /** Goes through the main header and the headers of all tile parts. */
    private void checkSegments(final byte[] b) throws DicomException {
        int at = start + 2;
        int tilePart = -1;
        while (at + 2 <= b.length) {
            final int marker = unsigned(b, at);
            if (marker == EOC) {
                return;
            }
            if (marker == SOD) {
                final long length = tilePart < 0 ? 0 : unsignedInt(b, tilePart + 6);
                checkData(b, at + 2, length == 0 ? b.length : Math.min(b.length, tilePart + length));
                if (length == 0) {
                    return; // the last tile part goes to the end
                }
                if (length < at + 2 - tilePart) {
                    throw broken("has a tile part of " + length + " bytes at byte " + tilePart);
                }
                if (tilePart + length > b.length) {
                    return; // cut off
                }
                at = (int)(tilePart + length);
                tilePart = -1;
                continue;
            }
            if (marker == SOT) {
                tilePart = at;
            }
            final int length = unsigned(b, at + 2);
            if (marker < 0xff00 || length < 2) {
                throw broken(String.format("has %04X where a marker segment should begin, at byte %d of %d", marker, at,
                    b.length));
            }
            if (marker == PPM || marker == PPT) {
                // The library runs in circles where such headers are cut off.
                throw new DicomException(Reason.UNSUPPORTED, "JPEG 2000 code stream has packed packet headers, which are"
                    + " not read", Tag.PIXEL_DATA, DicomException.NONE);
            }
            if (marker == COD) {
                checkPackets(b, at + 4, at + 2 + length);
            }
            at += 2 + length;
        }
        throw broken("ends inside its headers (byte " + at + " of " + b.length + ")");
    }

    /**
     * In the data of a tile, bytes FF are stuffed, so two of them never follow each other; the library runs in circles
     * where they do in a packet header.
     */
    private static void checkData(final byte[] b, final int from, final long to) throws DicomException {
        for (int i = from; i + 1 < to; i++) {
            if (b[i] == -1 && b[i + 1] == -1) {
                throw broken("has bytes FF FF at byte " + i + " of " + b.length + ", inside the data of a tile");
            }
            if (b[i] == -1 && (b[i + 1] & 0xff) == (EOC & 0xff)) {
                return;
            }
        }
    }

    /** Coding style (A.6.1): the number of packets is layers × components × precincts of all resolutions. */
    private void checkPackets(final byte[] b, final int at, final int end) throws DicomException {
        final boolean precincts = (unsigned(b, at) >> 8 & 1) == 1;
        final long layers = unsigned(b, at + 2);
        final int levels = unsigned(b, at + 4) & 0xff;
        if (levels > MAX_LEVELS || layers < 1) {
            throw broken("has " + levels + " decomposition levels and " + layers + " layers");
        }
        long count = 0;
        for (int r = 0; r <= levels; r++) {
            int px = 15;
            int py = 15;
            if (precincts) {
                if (at + 11 + r > end) {
                    throw broken("lacks precinct sizes");
                }
                final int exponents = unsigned(b, at + 10 + r) >> 8;
                px = exponents & 15;
                py = exponents >> 4;
            }
            final int down = Math.min(levels - r, 30);
            count += (((columns - 1L >> down) + 1 >> px) + 1) * (((rows - 1L >> down) + 1 >> py) + 1);
        }
        if (count * layers * components > b.length + (long)SPARE_PACKETS) {
            throw broken("announces " + count * layers * components + " packets in " + b.length + " bytes");
        }
    }
}
