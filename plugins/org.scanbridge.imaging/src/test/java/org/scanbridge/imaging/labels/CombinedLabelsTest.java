package org.scanbridge.imaging.labels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.VolumeInfo;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The right values follow from sets: which structures hold a voxel. */
class CombinedLabelsTest {

    private static CombinedLabels of(final List<Set<Integer>> voxels) {
        final CombinedLabels combined = new CombinedLabels(voxels.size());
        for (int v = 0; v < voxels.size(); v++) {
            for (final int label : voxels.get(v)) {
                combined.add(v, label);
            }
        }
        return combined;
    }

    private static SortedMap<Integer, String> names(final Map<Integer, String> names) {
        return new TreeMap<>(names);
    }

    @Test
    void structuresKeepTheirNumbersAndPairsComeBeforeTriples() {
        final CombinedLabels.Result result =
            of(List.of(Set.of(), Set.of(1), Set.of(1, 2, 5), Set.of(2, 5), Set.of(1, 5), Set.of(5), Set.of(2, 5)))
                .finish(names(Map.of(1, "liver", 2, "lesion", 5, "vessel")), Set.of());
        assertArrayEquals(new byte[]{0, 1, 8, 7, 6, 5, 7}, result.voxels());
        assertEquals(Map.of(1, "liver", 2, "lesion", 5, "vessel", 6, "liver + vessel", 7, "lesion + vessel", 8,
            "liver + lesion + vessel"), result.labels().names());
        assertEquals(Map.of(6, 1, 7, 2, 8, 1), result.combinations());
    }

    @Test
    void nothingChangesWhereNothingOverlaps() {
        final CombinedLabels.Result result =
            of(List.of(Set.of(3), Set.of(), Set.of(200))).finish(names(Map.of(3, "a")), Set.of());
        assertArrayEquals(new byte[]{3, 0, (byte)200}, result.voxels());
        assertEquals(Map.of(3, "a"), result.labels().names());
    }

    @Test
    void numbersAboveTheHighestRunOutAtTwoHundredFiftyFive() {
        final CombinedLabels.Result result = of(List.of(Set.of(1, 254), Set.of(1, 3), Set.of(3, 254)))
            .finish(names(Map.of()), Set.of(2));
        // 255 for 1 and 3, then 4 and 5: 1, 3 and 254 occur, 2 is reserved
        assertArrayEquals(new byte[]{4, (byte)255, 5}, result.voxels());
        assertEquals("class 1 + class 254", result.labels().name(4));
    }

    @Test
    void moreThanLabelValuesAreRefused() {
        final List<Set<Integer>> voxels = new java.util.ArrayList<>();
        for (int a = 1; a <= 23; a++) {
            for (int b = a + 1; b <= 23; b++) {
                voxels.add(Set.of(a, b));
            }
        }
        // 23 structures and their 253 pairs
        assertEquals(253, voxels.size());
        final CombinedLabels combined = of(voxels);
        assertTrue(assertThrows(ImagingException.class, () -> combined.finish(new TreeMap<>(), Set.of())).getMessage()
            .contains("more than 255"));
    }

    @Test
    void namesTellStructuresApart() {
        final LabelSet labels = of(List.of(Set.of(1, 2), Set.of(3))).finish(
            names(Map.of(1, "lesion", 2, "lesion", 3, "GTV + margin", 4, "lesion")), Set.of()).labels();
        assertEquals("lesion (1) + lesion (2)", labels.name(5));
        assertEquals(Set.of(1, 2), Combination.members(5, labels));
        assertEquals("GTV+margin", labels.name(3));
        assertEquals("lesion", labels.name(4));
    }

    @Test
    void aNameWithAPlusIsNoCombinationOfWhatThereIsNot() {
        assertEquals(Set.of(1), Combination.members(1, LabelSet.of("GTV + margin", "GTV")));
        assertEquals(Set.of(2, 3), Combination.members(1, LabelSet.of("GTV + margin", "GTV", "margin")));
    }

    @Provide
    Arbitrary<List<Set<Integer>>> voxels() {
        return Arbitraries.of(1, 2, 3, 9, 254).set().ofMaxSize(3).list().ofMinSize(1).ofMaxSize(40);
    }

    /** Every structure is found again, voxel for voxel, by the members of the classes. */
    @Property(tries = 300)
    void nothingIsLost(@ForAll("voxels") final List<Set<Integer>> voxels) {
        final CombinedLabels.Result result = of(voxels).finish(names(Map.of(1, "a", 2, "b", 9, "c + a")), Set.of());
        for (int v = 0; v < voxels.size(); v++) {
            final int value = result.voxels()[v] & 0xff;
            assertEquals(voxels.get(v), value == 0 ? Set.of() : Combination.members(value, result.labels()));
        }
    }

    /** Combining again what was taken apart gives the same label map. */
    @Property(tries = 200)
    void takenApartAndCombinedAgainIsTheSame(@ForAll("voxels") final List<Set<Integer>> voxels) {
        final SortedMap<Integer, String> names = names(Map.of(1, "a", 2, "b", 3, "c", 9, "d", 254, "e"));
        final CombinedLabels.Result once = of(voxels).finish(names, Set.of());
        final CombinedLabels again = new CombinedLabels(voxels.size());
        for (int v = 0; v < voxels.size(); v++) {
            if (once.voxels()[v] != 0) {
                for (final int member : Combination.members(once.voxels()[v] & 0xff, once.labels())) {
                    again.add(v, member);
                }
            }
        }
        final CombinedLabels.Result twice = again.finish(names, Set.of());
        assertArrayEquals(once.voxels(), twice.voxels());
        assertEquals(once.labels(), twice.labels());
    }

    private static LabelVolume volume(final CombinedLabels.Result result) {
        return new LabelVolume(result.voxels(), Geometry.axial(new int[]{result.voxels().length, 1, 1}, 1, 1, 1),
            new VolumeInfo("MR", "A", "s", "r", ""), result.labels());
    }

    @Test
    void aCombinationHasOneNumberInTheWholeStudy() {
        final SortedMap<Integer, String> names = names(Map.of(1, "liver", 2, "lesion", 3, "vessel"));
        final LabelVolume a = volume(of(List.of(Set.of(1, 3), Set.of(2))).finish(names, Set.of()));
        final LabelVolume b = volume(of(List.of(Set.of(1, 2), Set.of(1, 2, 3), Set.of(2, 3))).finish(names, Set.of()));
        final CombinationNumbers numbers = new CombinationNumbers();
        numbers.add(a);
        numbers.add(b);
        numbers.add(Set.of(7), LabelSet.of());
        final SortedSet<Integer> ofA = numbers.apply(a).values();
        // 8 liver + lesion, 9 liver + vessel, 10 lesion + vessel, 11 all: after 7, the highest of the study
        assertEquals(new TreeSet<>(Set.of(2, 9)), ofA);
        assertArrayEquals(new byte[]{8, 11, 10}, numbers.apply(b).voxels());
        assertEquals("liver + vessel", numbers.apply(a).labels().name(9));
    }

    @Test
    void manyStepsBetweenSetsAreBounded() {
        final CombinedLabels combined = new CombinedLabels(1 << 14);
        assertThrows(ImagingException.class, () -> {
            for (int v = 0; v < 1 << 14; v++) {
                final BitSet bits = BitSet.valueOf(new long[]{v});
                for (int b = bits.nextSetBit(0); b >= 0; b = bits.nextSetBit(b + 1)) {
                    combined.add(v, b + 1);
                }
            }
        });
    }
}
