package org.scanbridge.imaging.fusion;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.VolumeInfo;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class FusionTest {

    private static final Geometry GRID = Geometry.axial(new int[]{12, 10, 6}, 1, 1, 1);

    private static final List<Set<Integer>> ALL_ANNOTATED = List.of(Set.of(), Set.of(), Set.of());

    /**
     * Four blocks of classes 0 to 3, of which a rater gets some wrong: a linear congruential generator decides, so that the same
     * could be computed elsewhere.
     */
    private static byte[] rater(final long seed, final int wrongOf16) {
        final byte[] votes = new byte[720];
        long x = seed;
        for (int v = 0; v < votes.length; v++) {
            final int i = v % 12;
            final int j = v / 12 % 10;
            final int k = v / 120;
            final int truth = i < 6 ? j < 5 ? 0 : 1 : k < 3 ? 2 : 3;
            x = (1103515245L * x + 12345) % (1L << 31);
            votes[v] = (byte)((x >> 16) % 16 < wrongOf16 ? (x >> 20) % 4 : truth);
        }
        return votes;
    }

    private static LabelVolume labels(final byte[] voxels) {
        return new LabelVolume(voxels, voxels.length == 720 ? GRID : Geometry.axial(new int[]{voxels.length, 1, 1}, 1, 1, 1),
            VolumeInfo.UNKNOWN, LabelSet.of("one", "two", "three"));
    }

    private static Opinions three(final boolean firstClassOnly) {
        final List<LabelVolume> all = new ArrayList<>();
        for (final byte[] votes : List.of(rater(1, 2), rater(2, 5), rater(3, 8))) {
            for (int v = 0; firstClassOnly && v < votes.length; v++) {
                votes[v] = (byte)(votes[v] == 1 ? 1 : 0);
            }
            all.add(labels(votes));
        }
        return new Opinions(List.of("a", "b", "c"), all, ALL_ANNOTATED);
    }

    private static long[] counts(final LabelVolume labels) {
        final long[] counts = new long[4];
        for (final byte v : labels.voxels()) {
            counts[v]++;
        }
        return counts;
    }

    /** Tells where the labels lie. */
    private static long weighted(final LabelVolume labels) {
        long sum = 0;
        for (int v = 0; v < labels.voxels().length; v++) {
            sum += labels.voxels()[v] * (v % 97L);
        }
        return sum;
    }

    /** The raters are the ones that the numbers of SimpleITK below were computed for. */
    @Test
    void theRatersAreThoseOfTheComparison() {
        final List<Long> sums = new ArrayList<>();
        for (final byte[] votes : List.of(rater(1, 2), rater(2, 5), rater(3, 8))) {
            long sum = 0;
            for (final byte v : votes) {
                sum += v;
            }
            sums.add(sum);
        }
        assertEquals(List.of(1086L, 1096L, 1140L), sums);
    }

    /** SimpleITK 2.5.7, STAPLEImageFilter with foreground 1 on "is class 1": 55 rounds, and W by the raters' votes. */
    @Test
    void binaryStapleIsThatOfSimpleItk() {
        final Fused fused = new Staple().fuse(three(true));
        final double[] sensitivity = {0.9118407879219453, 0.782257125731012, 0.62400443881889};
        final double[] specificity = {0.9655358741896747, 0.9258869748714545, 0.8642260241867417};
        for (int r = 0; r < 3; r++) {
            assertEquals(sensitivity[r], fused.raters().get(r).sensitivity()[1], 1e-5);
            assertEquals(specificity[r], fused.raters().get(r).specificity()[1], 1e-5);
            assertEquals(specificity[r], fused.raters().get(r).sensitivity()[0], 1e-5);
        }
        final float[] w = fused.probability().apply(1).voxels();
        double sum = 0;
        float max = 0;
        for (final float p : w) {
            sum += p;
            max = Math.max(max, p);
        }
        assertEquals(174.59528796529256, sum, 0.01);
        assertEquals(0.9976564635322553, max, 1e-5);
        // votes 0 0 1, 0 1 0, 1 0 0, 0 1 1
        assertEquals(0.031695653680766274, at(w, 0, 0, 1), 1e-5);
        assertEquals(0.12209270960619537, at(w, 0, 1, 0), 1e-5);
        assertEquals(0.4730998731425925, at(w, 1, 0, 0), 2e-5);
        assertEquals(0.5949971700283849, at(w, 0, 1, 1), 2e-5);
    }

    private static float at(final float[] w, final int... votes) {
        final List<byte[]> raters = List.of(rater(1, 2), rater(2, 5), rater(3, 8));
        for (int v = 0; v < w.length; v++) {
            boolean same = true;
            for (int r = 0; r < 3; r++) {
                same &= (raters.get(r)[v] == 1 ? 1 : 0) == votes[r];
            }
            if (same) {
                return w[v];
            }
        }
        throw new AssertionError("no such voxel");
    }

    /** SimpleITK 2.5.7, MultiLabelSTAPLEImageFilter: number of voxels of each class, and where they lie. */
    @Test
    void multiLabelStapleIsThatOfSimpleItk() {
        final Fused fused = new Staple().fuse(three(false));
        assertArrayEquals(new long[]{169, 179, 187, 185}, counts(fused.labels()));
        assertEquals(51393, weighted(fused.labels()));
        assertEquals(0, fused.ties());
    }

    /** SimpleITK 2.5.7, LabelVoting: 74 voxels are undecided, which is those with three different votes. */
    @Test
    void majorityVoteIsThatOfSimpleItk() {
        final Fused fused = new MajorityVote(1, 1, 1).fuse(three(false));
        assertEquals(74, fused.ties());
        final byte[] first = rater(1, 2);
        final byte[] second = rater(2, 5);
        final byte[] third = rater(3, 8);
        final byte[] undecided = fused.labels().voxels().clone();
        for (int v = 0; v < first.length; v++) {
            if (first[v] != second[v] && first[v] != third[v] && second[v] != third[v]) {
                assertEquals(first[v], fused.labels().voxels()[v], "ties go to the earliest rater");
                undecided[v] = 0;
            }
        }
        final long[] counts = counts(labels(undecided));
        assertArrayEquals(new long[]{161, 166, 164}, Arrays.copyOfRange(counts, 1, 4));
        // 9 is the label for undecided voxels there
        long ties = 0;
        for (int v = 0; v < first.length; v++) {
            ties += first[v] != second[v] && first[v] != third[v] && second[v] != third[v] ? 9 * (v % 97L) : 0;
        }
        assertEquals(78146, weighted(labels(undecided)) + ties);
    }

    @Test
    void weightsDecide() {
        final Opinions opinions = new Opinions(List.of("a", "b", "c"),
            List.of(labels(new byte[]{1, 1}), labels(new byte[]{2, 2}), labels(new byte[]{2, 0})), ALL_ANNOTATED);
        final Fused fused = new MajorityVote(3, 1, 1).fuse(opinions);
        assertArrayEquals(new byte[]{1, 1}, fused.labels().voxels());
        assertEquals(0.4f, fused.probability().apply(2).voxels()[0]);
        assertEquals(0.6f, fused.probability().apply(1).voxels()[1]);
        assertEquals(0.2f, fused.probability().apply(0).voxels()[1]);
        assertThrows(IllegalArgumentException.class, () -> new MajorityVote(1, 0, 1));
        assertThrows(IllegalArgumentException.class, () -> new MajorityVote(1, 1).fuse(opinions));
    }

    /** What is not annotated is no vote for the background; where nobody looked, the mark stays. */
    @Test
    void whoDidNotLookHasNoVote() {
        final LabelSet names = LabelSet.of(Map.of(1, "one", 255, "unknown"));
        final List<LabelVolume> all = new ArrayList<>();
        for (final byte[] votes : List.of(new byte[]{1, 1, -1, 0}, new byte[]{-1, 0, -1, 0}, new byte[]{-1, -1, -1, 1})) {
            all.add(new LabelVolume(votes, Geometry.axial(new int[]{4, 1, 1}, 1, 1, 1), VolumeInfo.UNKNOWN, names));
        }
        final Opinions opinions = new Opinions(List.of("a", "b", "c"), all, List.of(Set.of(255), Set.of(255), Set.of(255)));
        for (final Fused fused : List.of(new MajorityVote(1, 1, 1).fuse(opinions), new Staple().fuse(opinions),
            new OpinionPool(false, 1, 1, 1).fuse(opinions, none(3)), new OpinionPool(true, 1, 1, 1).fuse(opinions, none(3)))) {
            assertEquals(1, fused.labels().voxels()[0]);
            assertEquals((byte)255, fused.labels().voxels()[2]);
            assertEquals("unknown", fused.labels().labels().name(255));
            assertEquals(0, fused.probability().apply(1).voxels()[2]);
            assertEquals(List.of(0, 1), fused.values());
        }
        assertEquals(1, new MajorityVote(1, 1, 1).fuse(opinions).ties());
    }

    private static List<OpinionPool.Maps> none(final int raters) {
        return Collections.nCopies(raters, OpinionPool.Maps.NONE);
    }

    private static OpinionPool.Maps foreground(final float... p) {
        return new OpinionPool.Maps(Arrays.asList(null, p));
    }

    /**
     * Genest and Zidek (1986): with weights 1/4 and 3/4, p = 0.9 and 0.2 give a mean of 0.375, and odds of 9^(1/4) · 0.25^(3/4) =
     * 0.6123724357, which is 0.3797958971.
     */
    @Test
    void poolsAreWeightedMeans() {
        final LabelVolume a = labels(new byte[]{1});
        final LabelVolume b = labels(new byte[]{0});
        final Opinions opinions = new Opinions(List.of("a", "b"),
            List.of(only(a), only(b)), List.of(Set.of(), Set.of()));
        final List<OpinionPool.Maps> maps = List.of(foreground(0.9f), foreground(0.2f));
        assertEquals(0.375, new OpinionPool(false, 1, 3).fuse(opinions, maps).probability().apply(1).voxels()[0], 1e-6);
        final double odds = Math.pow(9, 0.25) * Math.pow(0.25, 0.75);
        assertEquals(0.6123724357, odds, 1e-9);
        assertEquals(0.3797958971, new OpinionPool(true, 2, 6).fuse(opinions, maps).probability().apply(1).voxels()[0], 1e-6);
        assertEquals(0, new OpinionPool(true, 1, 3).fuse(opinions, maps).labels().voxels()[0]);
        // a rater without probabilities is sure: 0.999 against 0.001 after the bound
        assertEquals(1, new OpinionPool(true, 1, 1).fuse(opinions, List.of(OpinionPool.Maps.NONE, foreground(0.2f))).labels().voxels()[0]);
        assertThrows(ImagingException.class,
            () -> new OpinionPool(true, 1, 1).fuse(opinions, List.of(foreground(0.9f, 0.1f), foreground(0.2f))));
    }

    /** With one class. */
    private static LabelVolume only(final LabelVolume labels) {
        return new LabelVolume(labels.voxels(), labels.geometry(), labels.info(), LabelSet.of("one"));
    }

    @Test
    void whatDoesNotFitIsRefused() {
        final LabelVolume other = new LabelVolume(new byte[]{1}, Geometry.axial(new int[]{1, 1, 1}, 1, 1, 1), VolumeInfo.UNKNOWN,
            LabelSet.of("liver"));
        final String grids = assertThrows(ImagingException.class, () -> new Opinions(List.of("a", "b"),
            List.of(labels(new byte[]{1, 1}), other), List.of(Set.of(), Set.of()))).getMessage();
        assertTrue(grids.contains("\"b\"") && grids.contains("Volume Resampler"), grids);
        final String names = assertThrows(ImagingException.class, () -> new Opinions(List.of("a", "b"),
            List.of(labels(new byte[]{1}), other), List.of(Set.of(), Set.of()))).getMessage();
        assertTrue(names.contains("\"one\"") && names.contains("\"liver\"") && names.contains("Label Editor"), names);
        final String marks = assertThrows(ImagingException.class, () -> new Opinions(List.of("a", "b"),
            List.of(labels(new byte[]{2}), labels(new byte[]{2})), List.of(Set.of(), Set.of(2)))).getMessage();
        assertTrue(marks.contains("not annotated"), marks);
    }

    private static LabelVolume named(final Map<Integer, String> names, final int... values) {
        final byte[] voxels = new byte[values.length];
        for (int v = 0; v < voxels.length; v++) {
            voxels[v] = (byte)values[v];
        }
        return new LabelVolume(voxels, Geometry.axial(new int[]{voxels.length, 1, 1}, 1, 1, 1), VolumeInfo.UNKNOWN,
            LabelSet.of(names));
    }

    private static Opinions two(final LabelVolume a, final LabelVolume b, final Set<Integer> notAnnotatedOfB) {
        return new Opinions(List.of("Dr A", "Dr B"), List.of(a, b), List.of(Set.of(), notAnnotatedOfB));
    }

    @Test
    void oneNameUnderTwoNumbersIsRefused() {
        final LabelVolume a = named(Map.of(1, "liver", 2, "spleen"), 1, 0);
        for (final LabelVolume b : List.of(named(Map.of(255, "liver"), 255, 0), named(Map.of(255, " Liver"), 0, 0),
            named(Map.of(1, "liver", 255, "LIVER"), 1, 0))) {
            final String message = assertThrows(ImagingException.class, () -> two(a, b, Set.of())).getMessage();
            for (final String part : List.of("liver\"", "1 in \"Dr A\"", "255 in \"Dr B\"", "Label Editor")) {
                assertTrue(message.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT)), part + " in " + message);
            }
        }
        final String background = assertThrows(ImagingException.class,
            () -> two(a, named(Map.of(1, "liver", 9, "Background"), 9, 1), Set.of())).getMessage();
        assertTrue(background.contains("0 and 9 in \"Dr B\""), background);
        // marks are no classes, and what all have alike is no contradiction
        assertEquals(1, new MajorityVote(1, 1).fuse(two(a, named(Map.of(255, "liver"), 255, 0), Set.of(255))).labels().voxels()[0]);
        final LabelVolume both = named(Map.of(1, "lung", 2, "lung"), 1, 2);
        assertArrayEquals(new byte[]{1, 2}, new MajorityVote(1, 1).fuse(two(both, both, Set.of())).labels().voxels());
    }

    @Test
    void whoDoesNotKnowAClassIsTold() {
        final LabelVolume a = named(Map.of(1, "liver", 2, "spleen", 3, "kidney"), 1, 0, 0);
        assertEquals(Map.of(2, List.of("Dr B")), two(a, named(Map.of(1, "liver"), 0, 0, 3), Set.of()).lacking());
        assertEquals(Map.of(), two(a, named(Map.of(1, "liver", 2, "spleen", 3, "kidney"), 0, 0, 0), Set.of()).lacking());
        assertEquals(Map.of(1, List.of("Dr A"), 2, List.of("Dr A"), 3, List.of("Dr A")),
            two(named(Map.of(), 0, 0, 0), a, Set.of()).lacking());
    }

    @Test
    void whatIsNoProbabilityIsRefused() {
        final LabelVolume labels = named(Map.of(1, "liver"), 1, 0);
        final Opinions opinions = two(labels, labels, Set.of());
        for (final float wrong : new float[]{Float.NaN, 87.5f, -0.25f, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 1.01f}) {
            for (final boolean logarithmic : new boolean[]{false, true}) {
                final String message = assertThrows(ImagingException.class, () -> new OpinionPool(logarithmic, 1, 1).fuse(opinions,
                    List.of(foreground(1f, 0f), foreground(0.5f, wrong)))).getMessage();
                for (final String part : List.of("\"Dr B p(liver)\"", String.valueOf(wrong), "from 0 to 1", "Majority vote")) {
                    assertTrue(message.contains(part), part + " in " + message);
                }
            }
        }
        final Fused rounded = new OpinionPool(false, 1, 1).fuse(opinions,
            List.of(foreground(1.000001f, -0.000001f), foreground(1.000001f, 0f)));
        assertArrayEquals(new float[]{1, 0}, rounded.probability().apply(1).voxels());
    }

    /** Raters who say the same are right, by every method, and perfect. */
    @Property(tries = 50)
    void unanimityIsKept(@ForAll final long seed) {
        final byte[] votes = new byte[50];
        final Random random = new Random(seed);
        for (int v = 0; v < votes.length; v++) {
            votes[v] = (byte)random.nextInt(4);
        }
        final Opinions opinions =
            new Opinions(List.of("a", "b", "c"), List.of(labels(votes), labels(votes), labels(votes)), ALL_ANNOTATED);
        for (final Fused fused : List.of(new MajorityVote(1, 2, 3).fuse(opinions), new Staple().fuse(opinions),
            new OpinionPool(true, 1, 2, 3).fuse(opinions, none(3)))) {
            assertArrayEquals(votes, fused.labels().voxels());
        }
        new Staple().fuse(opinions).raters().forEach(r -> assertTrue(Arrays.stream(r.sensitivity()).allMatch(s -> Double.isNaN(s) || s > 1 - 1e-6)));
    }

    /** Probabilities add up to 1, the order of the raters does not matter to STAPLE, and a better rater is found to be one. */
    @Property(tries = 30)
    void stapleIsSymmetricAndFindsTheBetterRater(@ForAll final long seed) {
        final Random random = new Random(seed);
        final byte[][] votes = new byte[4][600];
        final double[] wrong = {0.05, 0.15, 0.25, 0.4};
        for (int v = 0; v < 600; v++) {
            final int truth = random.nextInt(3);
            for (int r = 0; r < 4; r++) {
                votes[r][v] = (byte)(random.nextDouble() < wrong[r] ? (truth + 1 + random.nextInt(2)) % 3 : truth);
            }
        }
        final List<Set<Integer>> annotated = Collections.nCopies(4, Set.of());
        final Fused fused = new Staple().fuse(new Opinions(List.of("a", "b", "c", "d"),
            List.of(labels(votes[0]), labels(votes[1]), labels(votes[2]), labels(votes[3])), annotated));
        final Fused reversed = new Staple().fuse(new Opinions(List.of("d", "c", "b", "a"),
            List.of(labels(votes[3]), labels(votes[2]), labels(votes[1]), labels(votes[0])), annotated));
        for (int c = 0; c < 3; c++) {
            assertArrayEquals(fused.probability().apply(c).voxels(), reversed.probability().apply(c).voxels(), 1e-4f);
            assertTrue(fused.raters().get(0).sensitivity()[c] > fused.raters().get(3).sensitivity()[c]);
        }
        for (int v = 0; v < 600; v++) {
            double sum = 0;
            for (int c = 0; c < fused.values().size(); c++) {
                sum += fused.probability().apply(c).voxels()[v];
            }
            assertEquals(1, sum, 1e-5);
        }
    }
}
