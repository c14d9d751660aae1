package org.scanbridge.imaging.labels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.labels.LabelRules.Others;
import org.scanbridge.imaging.labels.LabelUnion.Priority;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.VolumeInfo;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Rules, joining and numbering by name on rows of voxels whose results can be read off. */
class LabelEditingTest {

    private static LabelVolume labels(final Map<Integer, String> names, final int... values) {
        final byte[] voxels = new byte[values.length];
        for (int v = 0; v < values.length; v++) {
            voxels[v] = (byte)values[v];
        }
        return new LabelVolume(voxels, Geometry.axial(new int[]{values.length, 1, 1}, 1, 1, 1),
            new VolumeInfo("MR", "A", "s1", "r1", ""), LabelSet.of(names));
    }

    private static int[] values(final LabelVolume labels) {
        final int[] values = new int[labels.voxels().length];
        for (int v = 0; v < values.length; v++) {
            values[v] = labels.voxels()[v] & 0xff;
        }
        return values;
    }

    @Test
    void rulesMeetValuesAndNames() {
        final LabelVolume in = labels(Map.of(1, "Liver", 2, "portal vessel", 3, "hepatic vessel", 4, "cyst"), 0, 1, 2, 3, 4, 205);
        final LabelVolume out = LabelRules
            .of("liver = 7; *vessel* = 2 vessels\n205 = 9 spleen; cyst = 0", Others.REFUSE).apply(in);
        assertArrayEquals(new int[]{0, 7, 2, 2, 0, 9}, values(out));
        assertEquals(Map.of(7, "Liver", 2, "vessels", 9, "spleen"), out.labels().names());
        assertArrayEquals(new int[]{0, 1, 2, 2, 0, 0},
            values(LabelRules.of("1 = 1; *vessel* = 2", Others.BACKGROUND).apply(in)));
        assertArrayEquals(new int[]{0, 1, 2, 3, 0, 205}, values(LabelRules.of("cyst = 0", Others.KEEP).apply(in)));
    }

    @Test
    void rulesThatWouldMixClassesAreRefused() {
        final LabelVolume in = labels(Map.of(1, "liver", 2, "spleen"), 0, 1, 2);
        assertTrue(assertThrows(ImagingException.class, () -> LabelRules.of("liver = 2", Others.KEEP).apply(in)).getMessage()
            .contains("\"spleen\""));
        assertTrue(assertThrows(ImagingException.class, () -> LabelRules.of("liver = 2", Others.REFUSE).apply(in))
            .getMessage().contains("no rule meets"));
        for (final String bad : List.of("liver", "liver = ", "= 3", "liver = 256", "0 = 1", "300 = 1", "liver = x")) {
            assertThrows(IllegalArgumentException.class, () -> LabelRules.of(bad, Others.KEEP), bad);
        }
        // exchanging numbers is none
        assertArrayEquals(new int[]{0, 2, 1}, values(LabelRules.of("liver = 2; spleen = 1", Others.KEEP).apply(in)));
    }

    @Test
    void joinsByNameAndPriority() {
        final LabelVolume organ = labels(Map.of(1, "liver"), 1, 1, 1, 1, 0, 0);
        final LabelVolume lesion = labels(Map.of(), 0, 0, 255, 255, 255, 0);
        final LabelVolume more = labels(Map.of(1, "spleen", 2, "Liver"), 0, 0, 0, 1, 1, 2);
        final List<LabelVolume> parts = List.of(organ, lesion, more);
        final List<String> titles = List.of("a", "lesion", "c");
        final LabelVolume first = LabelUnion.join(parts, titles, Priority.FIRST);
        assertArrayEquals(new int[]{1, 1, 1, 1, 255, 1}, values(first));
        assertEquals(Map.of(1, "liver", 255, "lesion", 2, "spleen"), first.labels().names());
        assertArrayEquals(new int[]{1, 1, 255, 2, 2, 1}, values(LabelUnion.join(parts, titles, Priority.LAST)));
        assertArrayEquals(new int[]{1, 1, 255, 2, 2, 1}, values(LabelUnion.join(parts, titles, Priority.SMALLER)));
        final LabelVolume other = new LabelVolume(new byte[6], Geometry.axial(new int[]{6, 1, 1}, 2, 1, 1),
            VolumeInfo.UNKNOWN, LabelSet.of());
        assertTrue(assertThrows(ImagingException.class,
            () -> LabelUnion.join(List.of(organ, other), List.of("a", "b"), Priority.FIRST)).getMessage()
                .contains("different grids"));
    }

    /** A: 1 liver, 2 spleen; B: 1 spleen, 2 liver. */
    @Test
    void sitesThatNumberDifferentlyAgreeByName() {
        final LabelVolume a = labels(Map.of(1, "liver", 2, "spleen"), 1, 1, 2);
        final LabelVolume b = labels(Map.of(1, "Spleen", 2, "liver", 3, "kidney"), 1, 1, 2);
        final NumbersByName numbers = new NumbersByName();
        numbers.add(a.labels());
        numbers.add(b.labels());
        assertArrayEquals(new int[]{1, 1, 2}, values(numbers.apply(a)));
        assertArrayEquals(new int[]{2, 2, 1}, values(numbers.apply(b)));
        assertEquals(Map.of(1, "liver", 2, "spleen", 3, "kidney"), numbers.apply(b).labels().names());
        assertTrue(assertThrows(ImagingException.class, () -> numbers.apply(labels(Map.of(), 0, 2))).getMessage()
            .contains("without a name"));
        assertArrayEquals(new int[]{0, 9}, values(numbers.apply(labels(Map.of(), 0, 9))));
    }

    /** A joined map has at each voxel one of the classes that claim it, and background only where nobody claims it. */
    @Property
    void theUnionCoversWhatAnyPartCovers(@ForAll @Size(12) final List<@IntRange(max = 3) Integer> one,
        @ForAll @Size(12) final List<@IntRange(max = 3) Integer> two, @ForAll final Priority priority) {
        final LabelVolume a = labels(Map.of(), one.stream().mapToInt(i -> i).toArray());
        final LabelVolume b = labels(Map.of(1, "x", 2, "y", 3, "z"), two.stream().mapToInt(i -> i).toArray());
        final int[] joined = values(LabelUnion.join(List.of(a, b), List.of("a", "b"), priority));
        for (int v = 0; v < joined.length; v++) {
            assertEquals(one.get(v) != 0 || two.get(v) != 0, joined[v] != 0, "voxel " + v);
        }
    }
}
