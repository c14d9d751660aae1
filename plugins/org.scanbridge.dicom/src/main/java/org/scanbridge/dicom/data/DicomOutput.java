package org.scanbridge.dicom.data;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * Writes data sets as files (PS3.10 section 7): explicit VR little endian, sequences and items with explicit lengths,
 * file meta information from the SOP class and instance of the data set. The same data set gives the same bytes.
 */
public final class DicomOutput {

    /** Identifies this implementation (PS3.7 D.3.3.2); under the UUID root of PS3.5 annex B.2. */
    static final String IMPLEMENTATION_CLASS_UID = Uid.derived("org.scanbridge.dicom implementation");

    private static final String IMPLEMENTATION_VERSION = "SCANBRIDGE";

    private static final int META_AFTER_LENGTH = 0x00020001;

    private DicomOutput() {
    }

    /**
     * The bytes of a file.
     *
     * @param data the data set; needs SOP Class UID and SOP Instance UID
     * @throws IllegalArgumentException if one of these is missing
     */
    public static byte[] file(final DataSet data) {
        return file(data, TransferSyntax.EXPLICIT_LITTLE_ENDIAN);
    }

    /**
     * The bytes of a file up to its pixel data.
     *
     * @param data the data set without pixel data; needs SOP Class UID and SOP Instance UID
     * @param syntax explicit VR little endian or, if compressed pixel data is to follow, its transfer syntax; or implicit VR
     *            little endian, which has room for texts of more than 65534 bytes
     * @throws IllegalArgumentException if an attribute is missing
     */
    public static byte[] file(final DataSet data, final TransferSyntax syntax) {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(head(required(data, Tag.SOP_CLASS_UID), required(data, Tag.SOP_INSTANCE_UID), syntax));
        write(data, out, !syntax.equals(TransferSyntax.IMPLICIT_LITTLE_ENDIAN));
        return out.toByteArray();
    }

    /**
     * The bytes with which a file begins: preamble and file meta information. A data set, encoded in the transfer syntax,
     * makes them a whole file, as when it comes over the network.
     *
     * @param sopClass SOP Class UID of the data set
     * @param sopInstance SOP Instance UID of the data set
     * @param syntax how the data set is encoded
     */
    public static byte[] head(final String sopClass, final String sopInstance, final TransferSyntax syntax) {
        final DataSet rest = DataSet.builder().bytes(META_AFTER_LENGTH, VR.OB, new byte[]{0, 1})
            .text(Tag.MEDIA_STORAGE_SOP_CLASS_UID, sopClass).text(Tag.MEDIA_STORAGE_SOP_INSTANCE_UID, sopInstance)
            .text(Tag.TRANSFER_SYNTAX_UID, syntax.uid())
            .text(Tag.IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_CLASS_UID)
            .text(Tag.IMPLEMENTATION_VERSION_NAME, IMPLEMENTATION_VERSION).build();
        final byte[] meta = bytes(rest);
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[128]);
        out.writeBytes("DICM".getBytes(StandardCharsets.US_ASCII));
        write(DataSet.builder().numbers(Tag.FILE_META_INFORMATION_GROUP_LENGTH, meta.length).build(), out);
        out.writeBytes(meta);
        return out.toByteArray();
    }

    private static String required(final DataSet data, final int tag) {
        final String text = data.text(tag);
        if (text.isEmpty()) {
            throw new IllegalArgumentException("Tag " + Tag.toString(tag) + " is needed to write a file");
        }
        return text;
    }

    /** The bytes of a data set without file meta information. */
    public static byte[] bytes(final DataSet data) {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        write(data, out);
        return out.toByteArray();
    }

    private static void write(final DataSet data, final ByteArrayOutputStream out) {
        write(data, out, true);
    }

    private static void write(final DataSet data, final ByteArrayOutputStream out, final boolean explicit) {
        for (final DataElement e : data.elements()) {
            write(e, out, explicit);
        }
    }

    private static void write(final DataElement e, final ByteArrayOutputStream out, final boolean explicit) {
        final byte[] value = e.isSequence() ? items(e, explicit) : littleEndian(e);
        final VR vr = e.vr();
        writeTag(e.tag(), out);
        if (!explicit) {
            writeInt(value.length, out);
            out.writeBytes(value);
            return;
        }
        out.write(vr.name().charAt(0));
        out.write(vr.name().charAt(1));
        if (vr.hasLongLength()) {
            writeShort(0, out);
            writeInt(value.length, out);
        } else {
            if (value.length > 0xfffe) {
                throw new IllegalArgumentException("Tag " + Tag.toString(e.tag()) + ": " + value.length
                    + " bytes are too long for VR " + vr + ", which takes 65534");
            }
            writeShort(value.length, out);
        }
        out.writeBytes(value);
    }

    private static byte[] items(final DataElement sequence, final boolean explicit) {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (final DataSet item : sequence.items()) {
            final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            write(item, bytes, explicit);
            writeTag(DicomInput.ITEM, out);
            writeInt(bytes.size(), out);
            out.writeBytes(bytes.toByteArray());
        }
        return out.toByteArray();
    }

    private static byte[] littleEndian(final DataElement e) {
        final int unit = e.vr().unit();
        final int even = e.bytes().length + e.bytes().length % 2;
        final byte[] bytes = java.util.Arrays.copyOf(Objects.requireNonNull(e.bytes()), even);
        if (even != e.bytes().length) {
            bytes[even - 1] = e.vr().padding();
        }
        if (e.isBigEndian() && unit > 1) {
            swap(bytes, bytes.length, e.vr() == VR.AT ? 2 : unit);
        }
        return bytes;
    }

    /** Reverses the order of bytes in each unit of the first bytes of an array. */
    static void swap(final byte[] bytes, final int length, final int unit) {
        for (int i = 0; i + unit <= length; i += unit) {
            for (int a = i, b = i + unit - 1; a < b; a++, b--) {
                final byte t = bytes[a];
                bytes[a] = bytes[b];
                bytes[b] = t;
            }
        }
    }

    private static void writeTag(final int tag, final ByteArrayOutputStream out) {
        writeShort(tag >>> 16, out);
        writeShort(tag, out);
    }

    private static void writeShort(final int v, final ByteArrayOutputStream out) {
        out.write(v);
        out.write(v >>> 8);
    }

    private static void writeInt(final int v, final ByteArrayOutputStream out) {
        writeShort(v, out);
        writeShort(v >>> 16, out);
    }
}
