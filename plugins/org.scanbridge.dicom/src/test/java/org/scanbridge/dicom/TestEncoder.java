package org.scanbridge.dicom;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.Deflater;

import org.scanbridge.dicom.data.DataElement;
import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.data.TransferSyntax;
import org.scanbridge.dicom.data.VR;

/** Writes flat data sets in encodings that the library only reads; numbers come in little endian. */
public final class TestEncoder {

    private TestEncoder() {
    }

    /** A file in a transfer syntax; native pixel data is converted, fragments replace it where given. */
    public static byte[] file(final DataSet data, final TransferSyntax syntax, final byte[]... fragments) {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[128]);
        out.writeBytes("DICM".getBytes(StandardCharsets.US_ASCII));
        final ByteArrayOutputStream uid = new ByteArrayOutputStream();
        uid.writeBytes(syntax.uid().getBytes(StandardCharsets.US_ASCII));
        if (uid.size() % 2 == 1) {
            uid.write(0);
        }
        element(out, Tag.TRANSFER_SYNTAX_UID, VR.UI, uid.toByteArray(), true, false);
        final ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (final DataElement e : data.elements()) {
            if (e.tag() == Tag.PIXEL_DATA && syntax.encapsulated()) {
                fragments(body, List.of(fragments));
            } else {
                element(body, e.tag(), e.vr(), e.bytes().clone(), syntax.explicit(), syntax.bigEndian());
            }
        }
        out.writeBytes(syntax.deflated() ? deflate(body.toByteArray()) : body.toByteArray());
        return out.toByteArray();
    }

    private static void fragments(final ByteArrayOutputStream out, final List<byte[]> fragments) {
        tag(out, Tag.PIXEL_DATA, false);
        out.writeBytes(new byte[]{'O', 'B', 0, 0, -1, -1, -1, -1});
        tag(out, 0xFFFEE000, false);
        number(out, 0, 4, false); // empty offset table
        for (final byte[] fragment : fragments) {
            tag(out, 0xFFFEE000, false);
            number(out, fragment.length, 4, false);
            out.writeBytes(fragment);
        }
        tag(out, 0xFFFEE0DD, false);
        number(out, 0, 4, false);
    }

    private static void element(final ByteArrayOutputStream out, final int tag, final VR vr, final byte[] value,
        final boolean explicit, final boolean big) {
        tag(out, tag, big);
        if (explicit) {
            out.write(vr.name().charAt(0));
            out.write(vr.name().charAt(1));
        }
        if (explicit && vr.hasLongLength()) {
            number(out, 0, 2, big);
        }
        number(out, value.length, explicit && !vr.hasLongLength() ? 2 : 4, big);
        if (big) {
            for (int i = 0; i + vr.unit() <= value.length; i += vr.unit()) {
                for (int b = vr.unit() - 1; b >= 0; b--) {
                    out.write(value[i + b]);
                }
            }
        } else {
            out.writeBytes(value);
        }
    }

    private static void tag(final ByteArrayOutputStream out, final int tag, final boolean big) {
        number(out, tag >>> 16, 2, big);
        number(out, tag & 0xffff, 2, big);
    }

    private static void number(final ByteArrayOutputStream out, final int value, final int bytes, final boolean big) {
        for (int b = 0; b < bytes; b++) {
            out.write(value >>> 8 * (big ? bytes - 1 - b : b));
        }
    }

    private static byte[] deflate(final byte[] bytes) {
        final Deflater deflater = new Deflater(9, true);
        deflater.setInput(bytes);
        deflater.finish();
        final byte[] out = new byte[bytes.length + 100];
        final int n = deflater.deflate(out);
        deflater.end();
        return java.util.Arrays.copyOf(out, n);
    }
}
