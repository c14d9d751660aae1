package org.scanbridge.dicom.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The rules of Microsoft's page "Naming Files, Paths, and Namespaces". */
class FileNamesTest {

    @ParameterizedTest
    @CsvSource({"Basel, Basel", "Hospital A, Hospital A", "CON, CON_", "nul.txt, nul_.txt", "com1, com1_", "LPT\u00b9, LPT\u00b9_",
        "Aux.a.b, Aux_.a.b", "CONS, CONS", "COM10, COM10", "a.CON, a.CON", "end., end_", "'dots...', dots___", "a:b, a_b",
        "'x<y>z|?*\"/', x_y_z_____", "'C:\\data', C__data", "., _", ".., __", "CON., CON_", ".hidden, .hidden"})
    void asMicrosoftSays(final String name, final String valid) {
        assertEquals(valid, FileNames.valid(name));
    }

    @Property(tries = 200)
    void whatIsValidStays(@ForAll final String name) {
        final String valid = FileNames.valid(name);
        assertEquals(valid, FileNames.valid(valid));
        assertFalse(valid.endsWith(".") || valid.endsWith(" ") || valid.contains("/") || valid.contains("\\"), valid);
    }
}
