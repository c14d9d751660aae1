package org.scanbridge.learning.check;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.check.AdaptationCheck.LabeledCase;
import org.scanbridge.learning.data.ChannelImages;
import org.scanbridge.learning.data.Role;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.network.Network;

import net.imglib2.parallel.TaskExecutors;

/** With networks of random weights on images of noise. */
class ExaminationTest {

    private static final NetworkSpec SPEC = NetworkSpec.unet3d(3, 4, 2, 8);

    private static final int[] SIZE = {11, 9, 8};

    private static Volume noise(final long seed) {
        final Random random = new Random(seed);
        final float[] voxels = new float[SIZE[0] * SIZE[1] * SIZE[2]];
        for (int v = 0; v < voxels.length; v++) {
            voxels[v] = (float)random.nextGaussian();
        }
        return new Volume(voxels, Geometry.axial(SIZE, 1, 1, 2), VolumeInfo.UNKNOWN);
    }

    private static LabelVolume labels(final long seed) {
        final Random random = new Random(seed);
        final byte[] voxels = new byte[SIZE[0] * SIZE[1] * SIZE[2]];
        for (int v = 0; v < voxels.length; v++) {
            voxels[v] = (byte)random.nextInt(3);
        }
        return new LabelVolume(voxels, Geometry.axial(SIZE, 1, 1, 2), VolumeInfo.UNKNOWN, LabelSet.of("a", "b"));
    }

    /** p 0.8 and 0.4 in the structure, 0.1 outside: 2·1.2 / (1.3 + 2). */
    @Test
    void confidenceIsTheExpectedDice() {
        final Geometry grid = Geometry.axial(new int[]{4, 1, 1}, 1, 1, 1);
        final Volume p = new Volume(new float[]{0.8f, 0.4f, 0.1f, 0}, grid, VolumeInfo.UNKNOWN);
        final LabelVolume s = new LabelVolume(new byte[]{1, 1, 0, 2}, grid, VolumeInfo.UNKNOWN, LabelSet.of());
        assertEquals(2.4 / 3.3, Examination.confidence(p, s, new Structure("a", Set.of(1), 1)), 1e-6);
    }

    @Test
    void collectsWhatThereIs() {
        final Network one = Network.untrained(SPEC, 1);
        final ChannelImages images = ChannelImages.of(noise(1));
        try (Examination single = new Examination(List.of(one));
                Examination twice = new Examination(List.of(one, one));
                Examination two = new Examination(List.of(one, Network.untrained(SPEC, 2)))) {
            final SubjectEvidence alone = single.of(images, Optional.empty(), Progress.NONE);
            assertEquals(Set.of(Evidence.VIEWS, Evidence.CONFIDENCE), alone.evidence().get(0).keySet());
            final SubjectEvidence same = twice.of(images, Optional.of(alone.labels()), Progress.NONE);
            final SubjectEvidence others = two.of(images, Optional.of(labels(3)), Progress.NONE);
            for (int s = 0; s < 2; s++) {
                assertEquals(1, same.evidence().get(s).get(Evidence.NETWORKS));
                assertEquals(1, same.evidence().get(s).get(Evidence.SECOND_OPINION), 1e-12);
                assertTrue(others.evidence().get(s).get(Evidence.NETWORKS) < 1);
                assertTrue(others.evidence().get(s).values().stream().allMatch(v -> v >= 0 && v <= 1));
            }
            assertEquals(7, two.passes());
        }
    }

    private static List<LabeledCase> cases(final int count, final boolean second) {
        final List<LabeledCase> cases = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            final long seed = n;
            cases.add(new LabeledCase(new TrainingCase(() -> noise(seed), () -> labels(seed), "s" + n, "A", Role.VALIDATION),
                second ? Optional.of(() -> labels(seed)) : Optional.empty()));
        }
        return cases;
    }

    private static AdaptationCheck check(final int shifts, final int references) {
        return new AdaptationCheck(List.of(Network.untrained(SPEC, 1)), new CheckOptions(shifts, 0.9, 0.05, references, 1),
            TaskExecutors.singleThreaded());
    }

    @Test
    void judgesRepeatablyAndRefusesWhatItCannot() {
        try (AdaptationCheck check = check(3, 0)) {
            assertThrows(IllegalStateException.class,
                () -> check.judge("t", ChannelImages.of(noise(9)), Optional.empty(), Progress.NONE));
            final List<List<StructureVerdict>> twice = new ArrayList<>();
            for (int n = 0; n < 2; n++) {
                check.calibrate(cases(2, false), Progress.NONE);
                twice.add(check.judge("t", ChannelImages.of(noise(9)), Optional.empty(), Progress.NONE));
            }
            assertEquals(twice.get(0), twice.get(1));
            assertEquals(List.of("class 1", "class 2", AdaptationCheck.ALL),
                twice.get(0).stream().map(StructureVerdict::structure).toList());
            check.calibrate(cases(2, true), Progress.NONE);
            assertTrue(assertThrows(LearningException.class,
                () -> check.judge("t", ChannelImages.of(noise(9)), Optional.empty(), Progress.NONE)).getMessage()
                    .contains("second opinion"));
            assertTrue(assertThrows(LearningException.class, () -> check.calibrate(
                List.of(cases(1, true).get(0), cases(2, false).get(1)), Progress.NONE)).getMessage().contains("subject s1"));
            assertTrue(assertThrows(LearningException.class, () -> check.calibrate(cases(1, true), Progress.NONE)).getMessage()
                .contains("1 labeled image(s) and 3 simulated shift(s)"));
        }
        try (AdaptationCheck check = check(4, 1)) {
            assertTrue(assertThrows(LearningException.class, () -> check.calibrate(cases(1, false), Progress.NONE)).getMessage()
                .contains("Reversed images"));
        }
    }

    /** Mean and spread of the foreground stay, the background stays 0, the first shift is none, each subject has its own. */
    @Test
    void shiftsKeepTheNormalization() {
        final float[] voxels = noise(4).voxels().clone();
        for (int v = 0; v < voxels.length / 3; v++) {
            voxels[v] = 0;
        }
        final ChannelImages images = ChannelImages.of(noise(4).withVoxels(voxels));
        final SimulatedShift shifts = new SimulatedShift(7, 6);
        assertEquals(images, shifts.of(images, 0, 0));
        for (int shift = 1; shift < 6; shift++) {
            final float[] y = shifts.of(images, shift, 0).first().voxels();
            final double[] sums = new double[4];
            for (int v = 0; v < y.length; v++) {
                if (voxels[v] == 0) {
                    assertEquals(0, y[v]);
                }
                sums[0] += voxels[v];
                sums[1] += y[v];
                sums[2] += voxels[v] * voxels[v];
                sums[3] += y[v] * y[v];
            }
            assertEquals(sums[0], sums[1], 1e-2);
            assertEquals(sums[2], sums[3], 1e-4 * sums[2]);
            assertArrayEquals(y, shifts.of(images, shift, 0).first().voxels());
            assertTrue(!Arrays.equals(y, shifts.of(images, shift, 1).first().voxels()));
        }
    }

    /** Of class 1 in the lower slices and class 2 in the upper ones; the first third is background. */
    private static LabelVolume halves(final float[] image, final int ignored) {
        final byte[] voxels = new byte[image.length];
        for (int v = 0; v < voxels.length; v++) {
            voxels[v] = (byte)(image[v] == 0 ? 0 : v < voxels.length / 2 ? 1 : v < voxels.length * 5 / 6 ? 2 : ignored);
        }
        return new LabelVolume(voxels, Geometry.axial(SIZE, 1, 1, 2), VolumeInfo.UNKNOWN, LabelSet.of("a", "b"));
    }

    private static double mean(final float[] x, final LabelVolume labels, final int label) {
        return IntStream.range(0, x.length).filter(v -> labels.voxels()[v] == label).mapToDouble(v -> x[v]).average()
            .orElseThrow();
    }

    /**
     * Mean and spread of the foreground stay and the background stays 0. Which class is the brighter one is a coin: of 40 images, less
     * than 8 or more than 32 either way come once in 20 000 times. What is not annotated has no color of its own.
     */
    @Test
    void paintedImagesHaveAnyContrastAndTheSameNormalization() {
        final float[] voxels = noise(4).voxels().clone();
        for (int v = 0; v < voxels.length / 3; v++) {
            voxels[v] = 0;
        }
        final ChannelImages images = ChannelImages.of(noise(4).withVoxels(voxels));
        final LabelVolume labels = halves(voxels, 0);
        final SimulatedShift shifts = new SimulatedShift(7, 6);
        final double[] was = moments(voxels, voxels);
        int brighter = 0;
        for (int number = 0; number < 40; number++) {
            final float[] y = shifts.painted(images, labels, Optional.empty(), number, 0).first().voxels();
            assertArrayEquals(was, moments(y, voxels), 1e-3);
            for (int v = 0; v < voxels.length / 3; v++) {
                assertEquals(0, y[v]);
            }
            brighter += mean(y, labels, 1) > mean(y, labels, 2) ? 1 : 0;
            assertArrayEquals(y, shifts.painted(images, halves(voxels, 255), Optional.of(255), number, 0).first().voxels());
            assertTrue(!Arrays.equals(y, shifts.painted(images, labels, Optional.empty(), number, 1).first().voxels()));
        }
        assertTrue(brighter >= 8 && brighter <= 32, brighter + " of 40");
    }

    /** Mean and standard deviation where the mask is not 0. */
    private static double[] moments(final float[] x, final float[] mask) {
        final double[] inside = IntStream.range(0, x.length).filter(v -> mask[v] != 0).mapToDouble(v -> x[v]).toArray();
        final double mean = Arrays.stream(inside).average().orElseThrow();
        return new double[]{mean,
            Math.sqrt(Arrays.stream(inside).map(v -> (v - mean) * (v - mean)).average().orElseThrow())};
    }

    /** Of the node's twelve: one as it is, five under shifts and six painted. */
    @Test
    void everySecondSimulatedImageIsPainted() {
        assertEquals(List.of(1, 3, 5, 7, 9, 11), IntStream.range(0, 12).filter(AdaptationCheck::isPainted).boxed().toList());
    }

    @Test
    void verdictsAreInWords() {
        final Map<Evidence, Double> usual = Map.of(Evidence.VOLUME, 0.9, Evidence.VIEWS, 0.8);
        final Map<Evidence, Double> found = Map.of(Evidence.VOLUME, 0.3, Evidence.VIEWS, 0.75);
        final Map<Evidence, Double> weights = Map.of(Evidence.VOLUME, 0.5, Evidence.VIEWS, 0.5);
        assertEquals(new Verdict(Verdict.Kind.AS_SOURCE, ""),
            Verdict.of(new DiceEstimate(0.82, 0.7, 0.9), 0.85, 0.05, found, usual, weights, false));
        assertEquals(new Verdict(Verdict.Kind.DOUBTFUL, "its volume is unusual (volume 0.30, on the source 0.90)"),
            Verdict.of(new DiceEstimate(0.7, 0.5, 0.9), 0.85, 0.05, found, usual, weights, false));
        assertEquals(Verdict.Kind.WORSE,
            Verdict.of(new DiceEstimate(0.5, 0.3, 0.7), 0.85, 0.05, found, usual, weights, false).kind());
        assertEquals("less evidence than under any simulated shift; its volume is unusual (volume 0.30, on the source 0.90)",
            Verdict.of(new DiceEstimate(0.82, 0.7, 0.9), 0.85, 0.05, found, usual, weights, true).reason());
        // within the tolerance and yet beyond: neither as on the source nor worse
        final Map<Evidence, Double> same = Map.of(Evidence.VOLUME, 0.88, Evidence.VIEWS, 0.79);
        assertEquals(new Verdict(Verdict.Kind.BEYOND,
            "less evidence than under any simulated shift; the predicted Dice may be too high"),
            Verdict.of(new DiceEstimate(0.848, 0.7, 0.9), 0.85, 0.05, same, usual, weights, true));
        assertEquals(Verdict.Kind.WORSE,
            Verdict.of(new DiceEstimate(0.7, 0.5, 0.9), 0.85, 0.05, found, usual, weights, true).kind());
        assertTrue(new AdaptationEffect(0.8, 0.7).isHarmful());
        assertEquals("about as good as before the adaptation",
            AdaptationEffect.of(List.of(0.8, 0.6), List.of(0.6, 0.8)).words());
    }

    /** From Dice 0.5 on the source on, to be as good as there says something. */
    @Test
    void badOnTheSourceIsNoPraise() {
        final Map<Evidence, Double> usual = Map.of(Evidence.VOLUME, 0.9);
        assertEquals(new Verdict(Verdict.Kind.BAD_ON_SOURCE, "Dice 0.070 on the labeled images, less than 0.5"),
            Verdict.of(new DiceEstimate(0.07, 0, 0.2), 0.07, 0.05, usual, usual, Map.of(Evidence.VOLUME, 1.0), false));
        assertEquals(Verdict.Kind.AS_SOURCE,
            Verdict.of(new DiceEstimate(0.5, 0.4, 0.6), 0.5, 0.05, usual, usual, Map.of(Evidence.VOLUME, 1.0), false).kind());
    }

    /** Class 2 is in no truth: nothing is predicted of it, and the mean of all is that of class 1. */
    @Test
    void aClassThatNoLabeledImageHasIsNotPredicted() {
        final List<LabeledCase> cases = new ArrayList<>();
        for (int n = 0; n < 2; n++) {
            final long seed = n;
            final LabelVolume both = labels(seed);
            final byte[] voxels = both.voxels().clone();
            for (int v = 0; v < voxels.length; v++) {
                voxels[v] = voxels[v] == 2 ? 0 : voxels[v];
            }
            final LabelVolume one = new LabelVolume(voxels, both.geometry(), both.info(), both.labels());
            cases.add(new LabeledCase(new TrainingCase(() -> noise(seed), () -> one, "s" + n, "A", Role.VALIDATION),
                Optional.empty()));
        }
        try (AdaptationCheck check = check(3, 0)) {
            check.calibrate(cases, Progress.NONE);
            final List<StructureVerdict> verdicts =
                check.judge("t", ChannelImages.of(noise(9)), Optional.empty(), Progress.NONE);
            assertTrue(check.sourceDice().get(1).isEmpty());
            assertTrue(verdicts.get(0).estimate().isKnown());
            assertTrue(!verdicts.get(1).estimate().isKnown() && Double.isNaN(verdicts.get(1).sourceDice()));
            assertEquals(Verdict.Kind.UNKNOWN, verdicts.get(1).verdict().kind());
            assertTrue(verdicts.get(1).verdict().reason().contains("no labeled image has the class"));
            assertEquals(verdicts.get(0).sourceDice(), verdicts.get(2).sourceDice(), 1e-12);
            assertEquals(verdicts.get(0).evidence(), verdicts.get(2).evidence());
            final List<LabeledCase> empty = cases.stream().map(c -> new LabeledCase(new TrainingCase(() -> noise(1),
                () -> new LabelVolume(new byte[SIZE[0] * SIZE[1] * SIZE[2]], Geometry.axial(SIZE, 1, 1, 2), VolumeInfo.UNKNOWN,
                    LabelSet.of()), c.source().subject(), "A", Role.VALIDATION), Optional.empty())).toList();
            assertTrue(assertThrows(LearningException.class, () -> check.calibrate(empty, Progress.NONE)).getMessage()
                .contains("No labeled image has a voxel of a class of the network (class 1, class 2)"));
        }
    }
}
