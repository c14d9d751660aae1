package org.scanbridge.dicom.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.scanbridge.dicom.data.DicomException.Reason;

class DicomFileTest {

    private static DicomFile parse(final byte[]... pieces) throws IOException {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (final byte[] piece : pieces) {
            out.writeBytes(piece);
        }
        return DicomFile.parse(ByteSource.of(out.toByteArray()));
    }

    private static byte[] hex(final String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }

    private static byte[] ascii(final String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void lengthBeyondTheEndIsNamed() {
        // "(7665,6C69)" with a length made of text, as in a text file taken for DICOM
        final DicomException e = assertThrows(DicomException.class,
            () -> parse(hex("0800 0500 04000000"), ascii("ISO "), hex("6576 696C"), ascii("evig"), ascii("x")));
        assertEquals("Length 1734964837 for tag (7665,6C69) @ 12 exceeds remaining 1 (pos: 20)", e.getMessage());
        assertEquals(Reason.TRUNCATED, e.reason());
        assertEquals(0x76656C69, e.tag());
        assertEquals(12, e.offset());
    }

    @Test
    void implicitElementsWithoutPreamble() throws IOException {
        final DataSet data = parse(hex("0800 6000 02000000"), ascii("MR"), hex("2800 1000 02000000 4000")).data();
        assertEquals("MR", data.text(Tag.MODALITY));
        assertEquals(64, data.integer(Tag.ROWS, 0));
    }

    @Test
    void bigEndianElementsWithoutPreamble() throws IOException {
        final DicomFile file =
            parse(hex("0008 0060"), ascii("CS"), hex("0002"), ascii("CT"), hex("0028 0010"), ascii("US"), hex("0002 0140"));
        assertEquals(TransferSyntax.EXPLICIT_BIG_ENDIAN, file.transferSyntax());
        assertEquals(320, file.data().requiredInteger(Tag.ROWS));
    }

    @Test
    void sequencesOfUndefinedLengthWithOddValueAndPrivateTag() throws IOException {
        final DataSet data = parse(hex("0800 1511"), ascii("SQ"), hex("0000 FFFFFFFF"), // Referenced Series Sequence
            hex("FEFF 00E0 FFFFFFFF"), hex("2000 0E00"), ascii("UI"), hex("0300"), ascii("1.2"), // odd length
            hex("FEFF 0DE0 00000000"), hex("FEFF DDE0 00000000"), // item end, sequence end
            hex("0900 1000"), ascii("LO"), hex("0400"), ascii("ACME"), // private creator
            hex("0900 0110"), ascii("UN"), hex("0000 02000000 0102")).data();
        assertEquals("1.2", data.item(Tag.REFERENCED_SERIES_SEQUENCE).orElseThrow().text(Tag.SERIES_INSTANCE_UID));
        assertEquals("ACME", data.text(0x00090010));
        assertArrayEquals(new byte[]{1, 2}, data.element(0x00091001).orElseThrow().bytes());
    }

    @Test
    void sequenceOfVrUnIsImplicit() throws IOException {
        final DataSet data = parse(hex("0800 6000"), ascii("CS"), hex("0200"), ascii("MR"), hex("0900 0110"), ascii("UN"),
            hex("0000 12000000"), hex("FEFF 00E0 0A000000"), hex("2800 1000 02000000 0700")).data();
        assertEquals(7, data.items(0x00091001).get(0).integer(Tag.ROWS, 0));
    }

    @Test
    void numbersInText() throws IOException {
        final DataSet data = DataSet.builder().text(Tag.IMAGE_POSITION_PATIENT, "-1.5e1", " 2,25 ", "+3").build();
        assertArrayEquals(new double[]{-15, 2.25, 3}, data.numbers(Tag.IMAGE_POSITION_PATIENT));
        final DataSet bad = DataSet.builder().text(Tag.IMAGE_POSITION_PATIENT, "1", "x", "3").build();
        assertEquals("Value 2 of tag (0020,0032) is no number (1 characters)",
            assertThrows(DicomException.class, () -> bad.numbers(Tag.IMAGE_POSITION_PATIENT)).getMessage());
    }

    @Test
    void decimalStringsHaveAtMostSixteenCharacters() {
        for (final double v : new double[]{1.0 / 3, -2.0 / 3e5, 1.23456789012345e-7, -98765.4321012345678, 6.02214076e23,
            -1e-300, 0.1, 12, Math.PI * 1e9}) {
            final String text = DataSetBuilder.decimal(v);
            assertEquals(true, text.length() <= 16, text);
            assertEquals(v, Double.parseDouble(text), Math.abs(v) * 2e-8, text);
        }
    }

    @Test
    void writtenFileIsRead() throws IOException {
        final DataSet item = DataSet.builder().numbers(Tag.SEGMENT_NUMBER, 7).text(Tag.SEGMENT_LABEL, "Größe").build();
        final DataSet data = DataSet.builder().text(Tag.SOP_CLASS_UID, "1.2").text(Tag.SOP_INSTANCE_UID, "1.2.3")
            .text(Tag.SPECIFIC_CHARACTER_SET, "ISO_IR 192").items(Tag.SEGMENT_SEQUENCE, item, item)
            .numbers(Tag.PIXEL_SPACING, 0.5, 0.25).empty(Tag.PATIENT_NAME).build();
        final DicomFile file = DicomFile.parse(ByteSource.of(DicomOutput.file(data)));
        assertEquals("1.2.3", file.meta().text(Tag.MEDIA_STORAGE_SOP_INSTANCE_UID));
        assertEquals(TransferSyntax.EXPLICIT_LITTLE_ENDIAN, file.transferSyntax());
        final List<DataSet> items = file.data().items(Tag.SEGMENT_SEQUENCE);
        assertEquals(2, items.size());
        assertEquals("Größe", items.get(1).text(Tag.SEGMENT_LABEL));
        assertEquals(7, items.get(1).requiredInteger(Tag.SEGMENT_NUMBER));
        assertArrayEquals(new double[]{0.5, 0.25}, file.data().numbers(Tag.PIXEL_SPACING));
        assertEquals(Reason.MISSING_ATTRIBUTE,
            assertThrows(DicomException.class, () -> file.data().requiredText(Tag.PATIENT_NAME)).reason());
    }

    @Test
    void derivedUidsAreValid() {
        final String uid = Uid.derived("seed");
        assertEquals(uid, Uid.derived("seed"));
        assertEquals(true, uid.matches("2\\.25\\.[1-9][0-9]{0,38}"), uid);
    }
}
