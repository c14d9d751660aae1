package org.scanbridge.dicom.series;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.privacy.Identifying;

class HeaderAttributeTest {

    @Test
    void readsTitlesAndTags() {
        for (final String text : List.of("echo time", " (0018,0081)", "0018,0081", "00180081")) {
            assertEquals(Optional.of(HeaderAttribute.ECHO_TIME), HeaderAttribute.parse(text), text);
        }
        // Spacing Between Slices
        assertEquals(new HeaderAttribute(0x00180088, "(0018,0088)"), HeaderAttribute.parse("00180088").orElseThrow());
        assertTrue(HeaderAttribute.parse("echo").isEmpty());
        assertTrue(HeaderAttribute.parse("").isEmpty());
    }

    /** Pixel Data, a sequence, a word of the file meta information. */
    @Test
    void whatHoldsNoTextIsRefused() {
        for (final String text : List.of("(7FE0,0010)", "(0008,1140)", "(0002,0010)")) {
            assertTrue(assertThrows(IllegalArgumentException.class, () -> HeaderAttribute.parse(text)).getMessage()
                .contains(text), text);
        }
    }

    /** PS3.15 table E.1-1 lists the attributes that the Basic Profile does not keep. */
    @Test
    void theBasicProfileSaysWhatMayIdentify() {
        assertEquals(Set.of("Institution", "Station", "Series Description", "Protocol Name", "Sex", "Age"),
            HeaderAttribute.known().stream().filter(a -> Identifying.mayIdentify(a.tag())).map(HeaderAttribute::title)
                .collect(Collectors.toSet()));
        assertTrue(Identifying.mayIdentify(Tag.PATIENT_NAME));
        assertTrue(Identifying.mayIdentify(0x00091001), "private");
        assertTrue(Identifying.mayIdentify(0x0018FFF0), "unknown to the standard");
        assertFalse(Identifying.mayIdentify(0x00180088), "Spacing Between Slices");
    }
}
