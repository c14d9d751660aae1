package org.scanbridge.knime.util;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.volume.LabelSet;

class ClassNamesTest {

    private final ClassNames m_names = new ClassNames();

    @Test
    void collectsTheClassesOfAll() {
        m_names.add(LabelSet.of(Map.of(1, "CSF")), "a");
        m_names.add(LabelSet.of(Map.of(1, "CSF", 3, "WM")), "b");
        assertEquals(Map.of(1, "CSF", 3, "WM"), m_names.labels().names());
    }

    @Test
    void aPlaceholderIsNoName() {
        m_names.add(LabelSet.of(Map.of(1, "class 1")), "a");
        m_names.add(LabelSet.of(Map.of(1, "CSF")), "b");
        m_names.add(LabelSet.of(Map.of(1, "class 1")), "c");
        assertEquals(Map.of(1, "CSF"), m_names.labels().names());
    }

    @Test
    void twoNamesOfOneValueAreRefused() {
        m_names.add(LabelSet.of(Map.of(2, "GM")), "row A");
        assertEquals("Label value 2 is \"GM\" in row A and \"WM\" in row B. Give the segmentations the same numbering"
            + " and names.", assertThrows(ImagingException.class,
                () -> m_names.add(LabelSet.of(Map.of(2, "WM")), "row B")).getMessage());
    }
}
