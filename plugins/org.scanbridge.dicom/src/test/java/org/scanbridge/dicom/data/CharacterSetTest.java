package org.scanbridge.dicom.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.HexFormat;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.scanbridge.dicom.PublicFiles;

class CharacterSetTest {

    private static String decode(final String hex, final VR vr, final String... terms) {
        return CharacterSet.of(List.of(terms)).decode(HexFormat.of().parseHex(hex.replace(" ", "")), vr);
    }

    @Test
    void japaneseExampleOfTheStandard() {
        // PS3.5 annex H.3, example 1
        assertEquals("Yamada^Tarou=山田^太郎=やまだ^たろう",
            decode("59616D616461 5E 5461726F75 3D 1B2442 3B33 4544 1B2842 5E 1B2442 4240 4F3A 1B2842 3D"
                + "1B2442 2464 245E 2440 1B2842 5E 1B2442 243F 246D 2426 1B2842", VR.PN, "", "ISO 2022 IR 87"));
    }

    @Test
    void koreanExampleOfTheStandard() {
        // PS3.5 annex I.2
        assertEquals("Hong^Gildong=洪^吉洞=홍^길동",
            decode("486F6E67 5E 47696C646F6E67 3D 1B242943 FBF3 5E 1B242943 D1CE D4D7 3D 1B242943 C8AB 5E"
                + "1B242943 B1E6 B5BF", VR.PN, "", "ISO 2022 IR 149"));
    }

    /** Bytes from the code tables: ISO 8859-1, UTF-8, JIS X 0201 and GB18030 (PS3.3 C.12.1.1.2, PS3.5 annex J). */
    @Test
    void otherRepertoires() {
        assertEquals("Buc^Jérôme", decode("4275635E 4AE972F46D65", VR.PN, "ISO_IR 100"));
        assertEquals("Wang^XiaoDong=王^小东=", decode("57616E675E5869616F446F6E673D E78E8B5E E5B08FE4B89C 3D", VR.PN,
            "ISO_IR 192"));
        assertEquals("ﾔﾏﾀﾞ^ﾀﾛｳ", decode("D4CFC0DE5EC0DBB3", VR.PN, "ISO_IR 13"));
        assertEquals("Wang^XiaoDong=王^小东=", decode("57616E675E5869616F446F6E673D CDF55E D0A1B6AB 3D", VR.PN,
            "GB18030"));
    }

    @Test
    void unknownTermsAreLatin1() {
        assertEquals("é", decode("E9", VR.LO, "ISO_IR 999"));
        assertEquals("é", decode("E9", VR.LO));
    }

    @ParameterizedTest
    @CsvSource({"chrArab, قباني^لنزار", "chrFren, Buc^Jérôme", "chrGerm, Äneas^Rüdiger", "chrGreek, Διονυσιος",
        "chrH31, Yamada^Tarou=山田^太郎=やまだ^たろう", "chrH32, ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう", "chrHbrw, שרון^דבורה",
        "chrI2, Hong^Gildong=洪^吉洞=홍^길동", "chrRuss, Люкceмбypг", "chrX1, Wang^XiaoDong=王^小東=",
        "chrX2, Wang^XiaoDong=王^小东=", "chrJapMulti, やまだ^たろう", "chrKoreanMulti, 김희중"})
    void publicFiles(final String file, final String name) throws IOException {
        try (DicomFile dicom =
            DicomFile.open(PublicFiles.pydicom().resolve("charset_files").resolve(file + ".dcm"))) {
            assertEquals(name, dicom.data().text(Tag.PATIENT_NAME));
        }
    }
}
