package org.scanbridge.learning.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.learning.LearningException;

class ClassValuesTest {

    private static LabelVolume labels(final int... values) {
        final byte[] voxels = new byte[values.length];
        for (int v = 0; v < values.length; v++) {
            voxels[v] = (byte)values[v];
        }
        return new LabelVolume(voxels, Geometry.axial(new int[]{values.length, 1, 1}, 1, 1, 1), VolumeInfo.UNKNOWN,
            LabelSet.of());
    }

    /** Tumors of BraTS are labeled 1, 2 and 4. */
    @Test
    void valuesThatJumpAreNumbered() {
        final ClassValues values = ClassValues.of(LabelSet.of(Map.of(1, "necrosis", 2, "edema", 4, "enhancing")), 4);
        assertTrue(values.jump());
        assertEquals(4, values.value(3));
        assertEquals(Map.of(1, "necrosis", 2, "edema", 3, "enhancing"), values.classNames().names());
        final LabelVolume classes = values.toClasses(labels(0, 4, 2, 1, 4));
        assertArrayEquals(new byte[]{0, 3, 2, 1, 3}, classes.voxels());
        assertArrayEquals(labels(0, 4, 2, 1, 4).voxels(), values.toValues(classes).voxels());
        assertEquals(Map.of(1, "necrosis", 2, "edema", 4, "enhancing"), values.toValues(classes).labels().names());
        assertTrue(assertThrows(LearningException.class, () -> values.toClasses(labels(3))).getMessage()
            .contains("label value 3"));
    }

    @Test
    void networksOfBeforeStayAsTheyAre() {
        final LabelVolume all = labels(0, 4, 2, 3);
        for (final ClassValues values : new ClassValues[]{ClassValues.of(LabelSet.of(), 5),
            ClassValues.of(LabelSet.of("a", "b", "c", "d"), 5), ClassValues.of(LabelSet.of(Map.of(4, "d")), 5)}) {
            assertFalse(values.jump());
            assertEquals(all, values.toClasses(all));
            assertEquals(all, values.toValues(all));
            assertEquals(3, values.value(3));
        }
    }

    /** Annotators marked parts with 3, between the classes 1, 2 and 4; the mark is no class. */
    @Test
    void valuesThatAreNotAnnotatedHaveANumberOfTheirOwn() {
        final ClassValues jumping = ClassValues.of(LabelSet.of(Map.of(1, "necrosis", 2, "edema", 4, "enhancing")), 4)
            .withUnannotated(Set.of(3));
        assertArrayEquals(new byte[]{0, 3, (byte)255, 1, (byte)255}, jumping.toClasses(labels(0, 4, 3, 1, 3)).voxels());
        final ClassValues plain = ClassValues.of(LabelSet.of("a", "b"), 3).withUnannotated(Set.of(3, 255));
        final LabelVolume classes = plain.toClasses(new LabelVolume(labels(0, 1, 2, 3, 255).voxels(),
            Geometry.axial(new int[]{5, 1, 1}, 1, 1, 1), VolumeInfo.UNKNOWN, LabelSet.of("a", "b", "unknown")));
        assertArrayEquals(new byte[]{0, 1, 2, (byte)255, (byte)255}, classes.voxels());
        assertEquals(Map.of(1, "a", 2, "b"), classes.labels().names());
    }

    @Test
    void otherValuesAreStillRefused() {
        final ClassValues values = ClassValues.of(LabelSet.of("a", "b"), 3).withUnannotated(Set.of(4));
        assertTrue(assertThrows(LearningException.class, () -> values.toClasses(labels(0, 255))).getMessage()
            .contains("label value 255"));
        final ClassValues all = ClassValues.of(LabelSet.of(), 256).withUnannotated(Set.of(4));
        assertTrue(assertThrows(LearningException.class, () -> all.toClasses(labels(0))).getMessage()
            .contains("256 classes"));
    }
}
