package org.scanbridge.learning.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;

import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class NetworkRegionsTest {

    private static final NetworkSpec CLASSES = NetworkSpec.unet3d(4, 1, 1, 4);

    private static NetworkRegion region(final String name, final Integer... classes) {
        return new NetworkRegion(name, List.of(classes));
    }

    /** Whole tumor, tumor core and enhancing tumor of BraTS, with 1 necrosis, 2 edema, 3 enhancing. */
    private static final List<NetworkRegion> TUMOR =
        List.of(region("whole", 1, 2, 3), region("core", 1, 3), region("enhancing", 3));

    private static int mostProbable(final NetworkSpec spec, final float... p) {
        final float[] shifted = new float[p.length + 2];
        System.arraycopy(p, 0, shifted, 2, p.length);
        return NetworkRegions.of(spec).mostProbable(shifted, 2);
    }

    @Test
    void regionsOfATumorBecomeItsLabels() {
        final NetworkSpec spec = CLASSES.withRegions(TUMOR);
        assertEquals(0, mostProbable(spec, 0.4f, 0.3f, 0.1f));
        assertEquals(2, mostProbable(spec, 0.9f, 0.3f, 0.1f));
        assertEquals(1, mostProbable(spec, 0.9f, 0.8f, 0.1f));
        assertEquals(3, mostProbable(spec, 0.9f, 0.8f, 0.7f));
        // 0.4 · 0.9 · 0.9 > 0.6 · 0.1 · 0.1: two sure regions outvote one that is not
        assertEquals(3, mostProbable(spec, 0.4f, 0.9f, 0.9f));
        // 0.2 · 0.9 · 0.6 for 3, 0.8 · 0.1 · 0.4 for 0, 0.2 · 0.9 · 0.4 for 1
        assertEquals(3, mostProbable(spec, 0.2f, 0.9f, 0.6f));
        // certain of what cannot be: the background
        assertEquals(0, mostProbable(spec, 0f, 1f, 0f));
        assertEquals(0, mostProbable(spec, 0.5f, 0.5f, 0.5f));
    }

    /** Where an inner region is never more probable than the outer one, thresholds at ½ say the same. */
    @Property(tries = 300)
    void nestedRegionsThatAgreeAreThresholded(
        @ForAll @Size(3) final List<@FloatRange(min = 0, max = 1) Float> probabilities) {
        final Float[] p = probabilities.toArray(Float[]::new);
        Arrays.sort(p, (a, b) -> Float.compare(b, a));
        // at ½ outside and inside are equally probable
        Assume.that(probabilities.stream().noneMatch(x -> x == 0.5f));
        final int innermost = (int)Arrays.stream(p).filter(x -> x > 0.5f).count();
        assertEquals(new int[]{0, 2, 1, 3}[innermost], mostProbable(CLASSES.withRegions(TUMOR), p[0], p[1], p[2]));
    }

    /** Σ log (p or 1 - p), by its definition, for all ways in which 3 regions can tell 4 classes apart. */
    @Property(tries = 300)
    void theClassIsTheMostProbableOne(@ForAll @Size(3) final List<@IntRange(min = 1, max = 7) Integer> signatures,
        @ForAll @Size(3) final List<@FloatRange(min = 0.01f, max = 0.99f) Float> p) {
        Assume.that(signatures.stream().distinct().count() == 3);
        final List<NetworkRegion> regions = new ArrayList<>();
        for (int r = 0; r < 3; r++) {
            final List<Integer> classes = new ArrayList<>();
            for (int c = 1; c < 4; c++) {
                if ((signatures.get(c - 1) >> r & 1) == 1) {
                    classes.add(c);
                }
            }
            Assume.that(!classes.isEmpty());
            regions.add(new NetworkRegion("r" + r, classes));
        }
        final double[] sums = new double[4];
        for (int c = 0; c < 4; c++) {
            for (int r = 0; r < 3; r++) {
                final boolean inside = c > 0 && (signatures.get(c - 1) >> r & 1) == 1;
                sums[c] += Math.log(inside ? p.get(r) : 1.0 - p.get(r));
            }
        }
        final int found = mostProbable(CLASSES.withRegions(regions), p.get(0), p.get(1), p.get(2));
        assertEquals(Arrays.stream(sums).max().orElseThrow(), sums[found], 1e-9);
    }

    private static String refused(final int classes, final NetworkRegion... regions) {
        final String[] names = {"background", "necrosis", "edema", "enhancing"};
        return assertThrows(IllegalArgumentException.class,
            () -> NetworkRegions.check(List.of(regions), classes, c -> names[c])).getMessage();
    }

    @Test
    void refusesClassesThatTheRegionsDoNotTellApart() {
        final String same = refused(4, region("whole", 1, 2, 3), region("core", 1, 3));
        assertTrue(same.contains("\"necrosis\" and \"enhancing\"") && same.contains("whole, core"), same);
        final String outside = refused(4, region("whole", 1, 2), region("core", 1));
        assertTrue(outside.contains("No region contains the class \"enhancing\""), outside);
        assertTrue(refused(3, region("whole", 1, 2, 3)).contains("class 3"));
        assertTrue(refused(4, region("Core", 1), region("core", 2), region("x", 3)).contains("two regions"));
        assertThrows(IllegalArgumentException.class, () -> region(" ", 1));
        assertThrows(IllegalArgumentException.class, () -> region("a"));
        assertThrows(IllegalArgumentException.class, () -> region("a", 0, 1));
        assertThrows(IllegalArgumentException.class, () -> CLASSES.withRegions(List.of(region("whole", 1, 2, 3))));
        NetworkRegions.check(TUMOR, 4, c -> "" + c);
    }

    @Test
    void regionsAreOutputsAndTravelAsJson() {
        final NetworkSpec spec = CLASSES.withRegions(TUMOR).withPatchSize(PatchSize.cube(6)).withInputChannels(2);
        assertEquals(3, spec.outputs());
        assertEquals(4, CLASSES.outputs());
        assertFalse(spec.output().image());
        assertEquals(TUMOR, spec.regions());
        assertEquals(spec, NetworkSpec.fromJson(spec.toJson()));
        assertEquals(CLASSES, CLASSES.withRegions(TUMOR).withRegions(List.of()));
        assertTrue(spec.toString().contains("whole, core, enhancing"), spec.toString());
    }

    /** Earlier versions read what does not use regions, and wrote what this one reads. */
    @Test
    void networksWithoutRegionsLookAsTheyDid() {
        assertFalse(CLASSES.toJson().contains("regions"));
        assertEquals(CLASSES, NetworkSpec.fromJson(CLASSES.toJson()));
        assertThrows(IllegalArgumentException.class,
            () -> NetworkSpec.fromJson(CLASSES.toJson().replace("PROBABILITIES", "REGIONS")));
    }
}
