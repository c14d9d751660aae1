package org.scanbridge.learning.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.normalize.Foreground;
import org.scanbridge.imaging.normalize.ForegroundChoice;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.NetworkSpec.Kind;
import org.scanbridge.learning.plan.TrainingPlan.Approach;
import org.scanbridge.learning.plan.TrainingPlan.Augmentation;
import org.scanbridge.learning.plan.TrainingPlan.Normalization;
import org.scanbridge.learning.train.MemoryEstimate;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/** Heads of 1 mm, CT of the trunk, radiographs, stacks of thick slices; a machine whose steps take as long as their work. */
class TrainingPlannerTest {

    private static final OptionalLong UNKNOWN = OptionalLong.empty();

    /** 0.5 s for width 16, 32³, batch 4, as measured on two cores; others by the multiplications of a convolution. */
    private static final StepTimer TWO_CORES = (spec, batch) -> 0.5 * Math.pow(spec.baseWidth() / 16.0, 2)
        * spec.patchSize().voxels() / 32768.0 * batch / 4 * (spec.kind().flat() ? 1.0 / 3 : 1);

    private static Geometry grid(final int[] size, final double... spacing) {
        return Geometry.axial(size, spacing);
    }

    private static final Geometry HEAD = grid(new int[]{181, 217, 181}, 1, 1, 1);

    private static ForegroundChoice foreground() {
        return new ForegroundChoice(Foreground.ABOVE_ZERO, "40 % of the voxels are 0");
    }

    private static SortedMap<Integer, ClassFacts> tissues() {
        return new TreeMap<>(Map.of(1, new ClassFacts(300_000, 3e5, 2.5), 2, new ClassFacts(700_000, 7e5, 2.8), 3,
            new ClassFacts(500_000, 5e5, 5)));
    }

    private static ImageFacts image(final int number, final String site, final boolean ct, final Geometry grid,
        final List<Double> content, final SortedMap<Integer, ClassFacts> classes, final LabelSet labels) {
        return new ImageFacts("S" + number, site, grid, ct, content, foreground(), Optional.ofNullable(classes), labels);
    }

    private static List<ImageFacts> heads(final int labeled, final int unlabeled) {
        final List<ImageFacts> all = new ArrayList<>();
        for (int n = 0; n < labeled + unlabeled; n++) {
            all.add(image(n, n < labeled ? "A" : "B", false, HEAD, List.of(140.0, 180.0, 150.0), n < labeled ? tissues() : null,
                n < labeled ? LabelSet.of("CSF", "GM", "WM") : LabelSet.of()));
        }
        return all;
    }

    private static TrainingPlan plan(final List<ImageFacts> images, final double minutes) {
        return TrainingPlanner.plan(images, new Resources(minutes, UNKNOWN, TWO_CORES));
    }

    /** 30 minutes · 0.85 / 0.85 s = 1800 steps of width 16, 48³, batch 2 (48³/32³ · 2/4 · 0.5 s); 64³ would make 765. */
    @Test
    void takesTheLargestNetworkThatTheTimeTrains() {
        final TrainingPlan plan = plan(heads(7, 0), 30);
        assertEquals(16, plan.network().baseWidth());
        assertEquals(48, plan.network().patchSize().i());
        assertEquals(2, plan.batch());
        assertEquals(0.84375, plan.secondsPerStep(), 1e-12);
        assertEquals(1800, plan.steps()); // 1813, rounded down to fifties
        assertEquals(4, plan.network().classes());
        // 48, 24, 12, 6: one more would be 3
        assertEquals(4, plan.network().levels());
        assertEquals(Kind.UNET_3D, plan.network().kind());
        assertTrue(plan.warnings().isEmpty(), plan.warnings().toString());
    }

    /**
     * Steps that grow with the width and not with its square: width 8, 32³ at 0.1 s tells of 0.4 s for width 16, 32³ and 0.675 s for 48³,
     * too long for 1500 in 15 · 0.85 minutes (0.51 s). They take 0.2 and 0.3375 s, so that 2266 of the latter fit; 64³ would take 0.8 s.
     */
    @Test
    void measuresTheNextLargerNetworkToo() {
        final StepTimer wide = (spec, batch) -> 0.1 * spec.baseWidth() / 8 * spec.patchSize().voxels() / 32768.0 * batch / 4;
        final TrainingPlan plan = TrainingPlanner.plan(heads(7, 0), new Resources(15, UNKNOWN, wide));
        assertEquals(16, plan.network().baseWidth());
        assertEquals(48, plan.network().patchSize().i());
        assertEquals(2250, plan.steps());
    }

    /**
     * Whole images are validated, and the steps leave 0.15 · 30 minutes = 270 s. Heads of 181 × 217 × 181: patches of 48 half of which
     * overlap begin at 7 · 9 · 7 places, each a third of 0.84375 / 2 s: 62 s, four times; with 12 of 60 heads 744 s, which
     * four times is 50 minutes. At 2 mm 91 × 109 × 91 voxels: 3 · 4 · 3 places, 5 s, as often as is of use.
     */
    @Test
    void validatesAsOftenAsTheTimeAllows() {
        assertEquals(1800 / 4, plan(heads(7, 0), 30).validationInterval());
        final TrainingPlan many = plan(heads(60, 0), 30);
        assertEquals(1800 / 4, many.validationInterval());
        assertTrue(many.warnings().get(0).contains("take 50 minutes"), many.warnings().toString());
        final List<ImageFacts> coarse = new ArrayList<>();
        for (int n = 0; n < 7; n++) {
            coarse.add(image(n, "A", false, grid(new int[]{91, 109, 91}, 2, 2, 2), List.of(140.0, 180.0, 150.0),
                new TreeMap<>(Map.of(1, new ClassFacts(9, 9, 5))), LabelSet.of("brain")));
        }
        assertEquals(1800 / 20, plan(coarse, 30).validationInterval());
    }

    /** A quarter of 180 mm over 48 voxels is 0.94 mm: the images' 1 mm is enough. */
    @Test
    void keepsTheMedianSpacingWhereThePatchCoversEnough() {
        assertEquals(List.of(1.0, 1.0, 1.0), plan(heads(7, 0), 30).spacing());
    }

    /** In 8 minutes patches of 32: a quarter of 180 mm over 32 is 1.406 mm, but two voxels across CSF are 1.25 mm. */
    @Test
    void coarsensNoFurtherThanTheThinnestClassAllows() {
        final TrainingPlan plan = plan(heads(7, 0), 8);
        assertEquals(8, plan.network().baseWidth());
        assertEquals(32, plan.network().patchSize().j());
        assertEquals(List.of(1.05, 1.25, 1.15), plan.spacing());
        assertTrue(plan.reasons().get(PlannedSetting.SPACING).contains("CSF"));
    }

    @Test
    void adaptsWhereASiteIsUnlabeled() {
        final TrainingPlan plan = plan(heads(7, 5), 30);
        assertEquals(Approach.ADAPTATION, plan.approach());
        assertEquals(Augmentation.OTHER_SCANNERS, plan.augmentation());
        assertTrue(plan.atlas());
        // 30 · 60 · 0.85 / (2.1 · s) >= 1500 for s <= 0.486: width 12 (0.281 s), not 16 (0.5 s)
        assertEquals(12, plan.network().baseWidth());
        assertEquals(2550, plan.steps()); // 2590
        assertTrue(plan.reasons().get(PlannedSetting.APPROACH).contains("B"));
    }

    @Test
    void saysWhenTheTimeIsTooShort() {
        final TrainingPlan plan = plan(heads(7, 0), 1);
        // 0.0527 s a step of width 8, 24³: 967 steps
        assertEquals(24, plan.network().patchSize().i());
        assertEquals(950, plan.steps());
        assertEquals(2, plan.warnings().size());
        assertTrue(plan.warnings().get(0).contains("2 minutes or more"), plan.warnings().get(0));
        // At 1.25 mm 145 × 174 × 145 voxels: 12 · 14 · 12 patches, each a third of 0.0527 / 4 s: 8.9 s, four times 35
        assertTrue(plan.warnings().get(1).contains("take 0.6 minutes"), plan.warnings().get(1));
    }

    /** nnU-Net: 3 times as far apart and a third as many; 0.7 mm pixels, 5 mm slices, of which a tenth have 3 mm. */
    @Test
    void takesAThinnerSpacingForVeryAnisotropicImages() {
        final List<ImageFacts> all = new ArrayList<>();
        for (int n = 0; n < 21; n++) {
            all.add(image(n, "A", true, grid(new int[]{512, 512, 80}, 0.7, 0.7, n < 3 ? 2 : 5), List.of(300.0, 250.0, 400.0),
                new TreeMap<>(Map.of(1, new ClassFacts(90_000, 2e5, 30))), LabelSet.of("liver")));
        }
        final TrainingPlan plan = plan(all, 30);
        assertEquals(Normalization.CLIPPED_Z_SCORE_OF_ALL, plan.normalization());
        // The 10th percentile of three 2 and eighteen 5: the third of 21 values, 2 mm; then coarsened in the plane only as far
        // as the patch of 48 asks for: 300/4/48 = 1.5625 and 250/4/48 = 1.302, 400/4/48 = 2.08
        assertEquals(List.of(1.55, 1.3, 2.05), plan.spacing());
        assertEquals(Kind.UNET_3D, plan.network().kind());
    }

    @Test
    void looksAtSinglePlanesOfThickSlices() {
        final List<ImageFacts> all = new ArrayList<>();
        for (int n = 0; n < 5; n++) {
            all.add(image(n, "A", false, grid(new int[]{256, 256, 24}, 1, 1, 6), List.of(150.0, 180.0, 140.0), tissues(),
                LabelSet.of("CSF", "GM", "WM")));
        }
        final TrainingPlan plan = plan(all, 30);
        assertEquals(Kind.UNET_2D, plan.network().kind());
        assertEquals(1, plan.network().patchSize().k());
        assertEquals(6.0, plan.spacing().get(2));
        assertTrue(plan.warnings().stream().anyMatch(w -> w.contains("CSF is 2.5 mm thick")), plan.warnings().toString());
    }

    @Test
    void looksAtRadiographs() {
        final TrainingPlan plan = plan(List.of(image(1, "A", false, grid(new int[]{2000, 2500, 1}, 0.15, 0.15, 1),
            List.of(300.0, 375.0, 1.0), new TreeMap<>(Map.of(1, new ClassFacts(90_000, 2e3, 20))), LabelSet.of("bone"))), 30);
        assertEquals(Kind.UNET_2D, plan.network().kind());
        assertTrue(plan.warnings().stream().anyMatch(w -> w.startsWith("Only 1 subject is segmented")));
    }

    @Test
    void doesNotMirrorWhatHasSides() {
        for (final String name : List.of("Left kidney", "kidney_right", "lh-cortex", "Hippocampus R")) {
            assertFalse(plan(named(name), 30).mirror(), name);
        }
        for (final String name : List.of("Lungs", "bright spot", "lesion 100 %", "cleft", "Rectum")) {
            assertTrue(plan(named(name), 30).mirror(), name);
        }
    }

    private static List<ImageFacts> named(final String name) {
        return List.of(image(1, "A %s", false, HEAD, List.of(140.0, 180.0, 150.0),
            new TreeMap<>(Map.of(1, new ClassFacts(100, 100, 10))), LabelSet.of(name)));
    }

    /** 100 of 3.78 million mm³. */
    @Test
    void putsPatchesOnSmallStructures() {
        assertEquals(0.5, plan(named("lesion"), 30).foregroundShare());
        assertEquals(0.33, plan(heads(7, 0), 30).foregroundShare());
    }

    @Test
    void noAtlasForWhatIsSometimesThereOrDiffersMuch() {
        final List<ImageFacts> missing = new ArrayList<>(heads(6, 0));
        final SortedMap<Integer, ClassFacts> less = tissues();
        less.remove(1);
        missing.add(image(7, "A", false, HEAD, List.of(140.0, 180.0, 150.0), less, LabelSet.of("CSF", "GM", "WM")));
        assertTrue(plan(heads(6, 0), 30).atlas());
        assertFalse(plan(missing, 30).atlas());
        final List<ImageFacts> differing = new ArrayList<>(heads(3, 0));
        differing.add(image(8, "A", false, HEAD, List.of(140.0, 180.0, 150.0),
            new TreeMap<>(Map.of(1, new ClassFacts(1, 3e6, 2.5), 2, new ClassFacts(1, 7e5, 3), 3, new ClassFacts(1, 5e5, 5))),
            LabelSet.of("CSF", "GM", "WM")));
        assertFalse(plan(differing, 30).atlas());
    }

    @Test
    void turnsAxesThatDiffer() {
        final List<ImageFacts> all = new ArrayList<>(heads(3, 0));
        // sagittal: i to posterior, j to superior, k to left
        all.add(image(9, "A", false, new Geometry(new int[]{256, 256, 160}, new double[]{0.9, 0.8, 1.2}, new double[3],
            new double[]{0, 1, 0, 0, 0, 1, 1, 0, 0}), List.of(180.0, 150.0, 140.0), tissues(), LabelSet.of("CSF", "GM", "WM")));
        assertTrue(plan(all, 30).lpsAxes());
        assertFalse(plan(heads(3, 0), 30).lpsAxes());
        // left 1.2, posterior 0.9, superior 0.8 beside three of 1: medians of four
        assertEquals(1.2, new Fingerprint(all.subList(3, 4)).spacing(2, 50));
        assertEquals(1.1, new Fingerprint(List.of(all.get(0), all.get(3))).spacing(0, 50), 1e-12);
    }

    @Test
    void refusesWhatNothingCanBePlannedFor() {
        assertMessage("no images", () -> plan(List.of(), 30));
        assertMessage("None of the 2 images has a segmentation", () -> plan(heads(0, 2), 30));
        final List<ImageFacts> mixed = new ArrayList<>(heads(2, 0));
        mixed.add(image(3, "A", true, HEAD, List.of(140.0, 180.0, 150.0), tissues(), LabelSet.of("CSF", "GM", "WM")));
        assertMessage("1 of the 3 images are CT", () -> plan(mixed, 30));
        assertMessage("more than is free", () -> TrainingPlanner.plan(heads(3, 0),
            new Resources(30, OptionalLong.of(100L << 20), TWO_CORES)));
        assertThrows(IllegalArgumentException.class, () -> new Resources(0, UNKNOWN, TWO_CORES));
    }

    private static void assertMessage(final String part, final Runnable call) {
        final LearningException e = assertThrows(LearningException.class, call::run);
        assertTrue(e.getMessage().contains(part), e.getMessage());
    }

    /** Whatever the study, the machine and the time: a network that exists, fits, and is done in time. */
    @Property(tries = 300)
    void everyPlanKeepsItsPromises(@ForAll @IntRange(min = 1, max = 400) final int size,
        @ForAll @IntRange(min = 1, max = 400) final int slices, @ForAll @DoubleRange(min = 0.2, max = 4) final double pixel,
        @ForAll @DoubleRange(min = 0.2, max = 8) final double distance,
        @ForAll @DoubleRange(min = 0.5, max = 600) final double minutes,
        @ForAll @DoubleRange(min = 0.01, max = 50) final double slowness,
        @ForAll @DoubleRange(min = 0.3, max = 60) final double thickness) {
        final Geometry grid = grid(new int[]{size, size, slices}, pixel, pixel, distance);
        final List<ImageFacts> images = List.of(image(1, "A", false, grid,
            List.of(size * pixel, size * pixel, slices * distance), new TreeMap<>(Map.of(1, new ClassFacts(9, 9, thickness))),
            LabelSet.of("x")));
        final long free = 4L << 30;
        final TrainingPlan plan = TrainingPlanner.plan(images, new Resources(minutes, OptionalLong.of(free),
            (spec, batch) -> slowness * TWO_CORES.secondsPerStep(spec, batch)));
        final NetworkSpec spec = plan.network();
        assertTrue(MemoryEstimate.bytes(spec, plan.batch()) <= 0.8 * free);
        assertTrue(plan.steps() == 1 || plan.steps() * plan.secondsPerStep() <= 60 * minutes, () -> plan.toString());
        assertTrue(plan.validationInterval() >= 1 && plan.validationInterval() <= Math.max(1, plan.steps()));
        final double[] original = {pixel, pixel, distance};
        for (int axis = 0; axis < 3; axis++) {
            final double spacing = plan.spacing().get(axis);
            assertTrue(spacing >= original[axis] - 1e-12 || distance > 3 * pixel && axis == 2, () -> plan.toString());
            assertTrue(spacing <= Math.max(original[axis], thickness / 2) + 1e-9, () -> plan.toString());
        }
    }

    @Test
    void minutesAreWrittenAsPeopleDo() {
        assertEquals("less than 0.1 minutes", TrainingPlanner.minutes(0.01));
        assertEquals("0.4 minutes", TrainingPlanner.minutes(0.4));
        assertEquals("1 minute", TrainingPlanner.minutes(1));
        assertEquals("1.5 minutes", TrainingPlanner.minutes(1.5));
        assertEquals("2 minutes", TrainingPlanner.minutes(2));
        assertEquals("10 minutes", TrainingPlanner.minutes(9.96));
        assertEquals("30 minutes", TrainingPlanner.minutes(30.4));
        final String warning = plan(heads(7, 0), 1).warnings().get(0);
        assertTrue(warning.startsWith("In 1 minute this machine"), warning);
    }
}
