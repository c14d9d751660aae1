package org.scanbridge.dicom.pixel;

import org.scanbridge.dicom.data.DataElement;
import org.scanbridge.dicom.data.DicomException;
import org.scanbridge.dicom.data.DicomException.Reason;
import org.scanbridge.dicom.data.Tag;

/** The entries of look-up tables (PS3.3 C.11.1.1, C.7.6.3.1.6). */
final class LookupTable {

    private LookupTable() {
    }

    /** Number of entries by the first value of a descriptor: 0 stands for 65536, and SS cannot hold more than 32767. */
    static int length(final double[] descriptor) {
        final int length = (int)descriptor[0] & 0xffff;
        return length == 0 ? 1 << 16 : length;
    }

    /**
     * Entries of 8 or 16 bits.
     *
     * @param data the table's element
     * @param length number of entries
     * @param bits bits of an entry, from the descriptor; some writers keep 8-bit entries in 16-bit words all the same
     * @throws DicomException if there are too few bytes
     */
    static int[] entries(final DataElement data, final int length, final int bits) throws DicomException {
        final byte[] bytes = data.bytes();
        final int[] entries = new int[length];
        if (bytes.length >= 2 * length) {
            for (int i = 0; i < length; i++) {
                final int a = bytes[2 * i] & 0xff;
                final int b = bytes[2 * i + 1] & 0xff;
                entries[i] = data.isBigEndian() ? a << 8 | b : b << 8 | a;
            }
        } else if (bits <= 8 && bytes.length >= length) {
            for (int i = 0; i < length; i++) {
                entries[i] = bytes[i] & 0xff;
            }
        } else {
            throw new DicomException(Reason.TRUNCATED, "Table " + Tag.toString(data.tag()) + " has " + bytes.length
                + " bytes for " + length + " entries of " + bits + " bits", data.tag(), data.offset());
        }
        return entries;
    }
}
