package org.scanbridge.dicom.web;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.scanbridge.dicom.archive.ArchiveException;
import org.scanbridge.dicom.archive.ArchiveException.Kind;
import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.Tag;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The DICOM JSON Model of PS3.18 annex F. */
class DicomJsonTest {

    /** After the example of PS3.18 F.4. */
    private static final String EXAMPLE = """
            [{"00080005":{"vr":"CS","Value":["ISO_IR 100"]},"00080020":{"vr":"DA","Value":["20130409"]},
            "00080030":{"vr":"TM","Value":["131600.0000"]},"00080050":{"vr":"SH","Value":["11235813"]},
            "00080056":{"vr":"CS","Value":["ONLINE"]},"00080061":{"vr":"CS","Value":["CT","PET"]},
            "00080090":{"vr":"PN","Value":[{"Alphabetic":"^Bob^^Dr."}]},"00090010":{"vr":"LO","Value":["Vendor A"]},
            "00091002":{"vr":"UN","InlineBinary":"z0x9c8v7"},
            "00100010":{"vr":"PN","Value":[{"Alphabetic":"Wang^XiaoDong","Ideographic":"\u738b^\u5c0f\u6771"}]},
            "00100020":{"vr":"LO","Value":["12345"]},
            "00101002":{"vr":"SQ","Value":[{"00100020":{"vr":"LO","Value":["54321"]},"00100021":{"vr":"LO","Value":["Hospital B"]}},
            {"00100020":{"vr":"LO","Value":["24680"]},"00100021":{"vr":"LO","Value":["Hospital C"]}}]},
            "00201206":{"vr":"IS","Value":[4]},"00201208":{"vr":"IS","Value":[942]}},
            {"00080020":{"vr":"DA","Value":["20130309"]},"00080061":{"vr":"CS","Value":["CT",null,"PET"]},"00100020":null,
            "00101002":{"vr":"SQ"},"00080090":{"vr":"PN","Value":[{"Phonetic":"x^y"}]}}]
            """;

    private static List<DataSet> read(final String json) throws IOException {
        final List<DataSet> sets = new ArrayList<>();
        DicomJson.read(new StringReader(json), sets::add);
        return sets;
    }

    @Test
    void readsTheExampleOfTheStandard() throws Exception {
        final List<DataSet> sets = read(EXAMPLE);
        assertEquals(2, sets.size());
        final DataSet first = sets.get(0);
        assertEquals("20130409", first.text(Tag.STUDY_DATE));
        assertEquals(List.of("CT", "PET"), first.texts(Tag.MODALITIES_IN_STUDY));
        assertEquals("^Bob^^Dr.", first.text(Tag.REFERRING_PHYSICIAN_NAME));
        assertEquals("Wang^XiaoDong=\u738b^\u5c0f\u6771", first.text(Tag.PATIENT_NAME));
        assertArrayEquals(new byte[]{(byte)0xcf, 0x4c, 0x7d, 0x73, (byte)0xcb, (byte)0xfb},
            first.element(0x00091002).orElseThrow().bytes());
        final List<DataSet> others = first.items(0x00101002);
        assertEquals(List.of("54321", "24680"), others.stream().map(o -> o.text(Tag.PATIENT_ID)).toList());
        assertEquals("Hospital C", others.get(1).text(Tag.ISSUER_OF_PATIENT_ID));
        assertEquals(942, first.integer(0x00201208, 0));
        // F.2.2: text is UTF-8 whatever the data set's character set was.
        assertFalse(first.hasValue(Tag.SPECIFIC_CHARACTER_SET));
        // F.2.5: null keeps the place of an empty value.
        assertEquals(List.of("CT", "", "PET"), sets.get(1).texts(Tag.MODALITIES_IN_STUDY));
        assertEquals("==x^y", sets.get(1).text(Tag.REFERRING_PHYSICIAN_NAME));
        assertFalse(sets.get(1).hasValue(Tag.PATIENT_ID));
        assertTrue(sets.get(1).items(0x00101002).isEmpty());
    }

    @Test
    void readsWhatServersInTheFieldWrite() throws Exception {
        // numbers as strings, values without brackets, names as strings, order of names, lower case of tags, no VR
        final DataSet set = read("{\"00280010\":{\"Value\":[\"512\"],\"vr\":\"US\"},\"0020000d\":{\"vr\":\"UI\",\"Value\":\"1.2.3\"},"
            + "\"00100010\":{\"vr\":\"PN\",\"Value\":[\"Doe^Jane\"]},\"00081197\":{\"vr\":\"US\",\"Value\":[42752]},"
            + "\"0020000E\":{\"Value\":[\"1.2.4\"]},\"00180050\":{\"vr\":\"DS\",\"Value\":[1.250]},"
            + "\"00280030\":{\"vr\":\"DS\",\"Value\":[\"0.5\",0.5]},\"7FE00010\":{\"vr\":\"OW\",\"BulkDataURI\":\"http://x/\"},"
            + "\"00189087\":{\"vr\":\"FD\",\"Value\":[1e3]},\"00280009\":{\"vr\":\"AT\",\"Value\":[\"00181063\"]}}").get(0);
        assertEquals(512, set.integer(Tag.ROWS, 0));
        assertEquals("1.2.3", set.text(Tag.STUDY_INSTANCE_UID));
        assertEquals("Doe^Jane", set.text(Tag.PATIENT_NAME));
        assertEquals(0xA700, set.integer(Tag.FAILURE_REASON, 0));
        assertEquals("1.2.4", set.text(Tag.SERIES_INSTANCE_UID));
        assertEquals(1.25, set.number(Tag.SLICE_THICKNESS, 0));
        assertArrayEquals(new double[]{0.5, 0.5}, set.numbers(Tag.PIXEL_SPACING));
        assertFalse(set.hasValue(Tag.PIXEL_DATA));
        assertEquals(1000, set.number(0x00189087, 0));
        assertArrayEquals(new byte[]{0x18, 0, 0x63, 0x10}, set.element(0x00280009).orElseThrow().bytes());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[", "[{]", "[{\"00100020\":{\"vr\":\"LO\",\"Value\":[\"1", "{\"error\":\"no\"}", "\"text\"", "<html>",
        "[{\"00280010\":{\"vr\":\"US\",\"Value\":[\"many\"]}}]", "[{\"00280010\":{\"vr\":\"US\",\"Value\":[70000]}}]",
        "[{\"00280010\":{\"vr\":\"US\",\"Value\":[1e999999]}}]", "[{\"00280010\":{\"vr\":\"XX\",\"Value\":[1]}}]",
        "[{\"00081140\":{\"vr\":\"SQ\",\"Value\":[\"a\"]}}]", "[{\"00091002\":{\"vr\":\"UN\",\"InlineBinary\":\"a\"}}]", "[{}] [{}]"})
    void refusesWhatIsNoDataSet(final String json) {
        assertEquals(Kind.BROKEN_ANSWER, assertThrows(ArchiveException.class, () -> read(json)).kind());
    }

    @Test
    void refusesEndlessNesting() {
        final String json = "[" + "{\"00081140\":{\"vr\":\"SQ\",\"Value\":[".repeat(5000);
        assertEquals(Kind.BROKEN_ANSWER, assertThrows(ArchiveException.class, () -> read(json)).kind());
    }

    /** Damaged text ends in data sets or in an error without a word of the text. */
    @Property(tries = 2000)
    void survivesDamage(@ForAll final long seed) throws Exception {
        final Random random = new Random(seed);
        final StringBuilder text = new StringBuilder(EXAMPLE);
        for (int n = 1 + random.nextInt(4); n > 0; n--) {
            final int at = random.nextInt(text.length());
            if (random.nextBoolean()) {
                text.setCharAt(at, "{}[]\",:0n\u0000".charAt(random.nextInt(10)));
            } else {
                text.delete(at, Math.min(text.length(), at + random.nextInt(30)));
            }
        }
        try {
            read(text.toString());
        } catch (final ArchiveException e) {
            assertEquals(Kind.BROKEN_ANSWER, e.kind());
            assertFalse(e.getMessage().contains("Wang"), e.getMessage());
        }
    }
}
