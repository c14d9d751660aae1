package org.scanbridge.learning.anomaly;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.anomaly.ResidualOptions.Side;
import org.scanbridge.learning.anomaly.ResidualOptions.Smoothing;
import org.scanbridge.learning.architecture.AutoEncoderSpec;
import org.scanbridge.learning.architecture.AutoEncoderSpec.Code;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.graph.AutoEncoderGraph;
import org.scanbridge.learning.network.Provenance;
import org.scanbridge.learning.train.Checkpoints;
import org.scanbridge.learning.train.TrainingListener;

/** Trainings of seconds on balls of 20³ voxels with stripes; what is unusual is a bright ball inside. */
@Timeout(300)
class AnomalyTrainingTest {

    private static final int SIZE = 20;

    private static final AnomalyOptions OPTIONS =
        AnomalyOptions.defaults().withNetwork(new AutoEncoderSpec(PatchSize.cube(16), 4, 3, 8, Code.DENSE, false)).withSteps(12)
            .withResidual(new ResidualOptions(Side.BRIGHTER, Smoothing.MEDIAN, 1, 0)).withHeldOut(0.4);

    /** @param lesion radius of a bright ball inside; 0 for none */
    private static Volume image(final int number, final double lesion, final double spacing) {
        final SeededRandom random = SeededRandom.of(23, number);
        final double radius = random.uniform(7, 8.5);
        final float[] voxels = new float[SIZE * SIZE * SIZE];
        for (int v = 0; v < voxels.length; v++) {
            final double i = v % SIZE - 9.5;
            final double j = v / SIZE % SIZE - 9.5;
            final double k = v / SIZE / SIZE - 9.5;
            if (Math.sqrt(i * i + j * j + k * k) < radius) {
                voxels[v] = (float)(1 + 0.5 * Math.sin(i) + 0.1 * random.nextGaussian())
                    + (isLesion(v, lesion) ? 2 : 0);
            }
        }
        return new Volume(voxels, Geometry.axial(new int[]{SIZE, SIZE, SIZE}, spacing, spacing, spacing), VolumeInfo.UNKNOWN);
    }

    private static boolean isLesion(final int v, final double radius) {
        return Math.hypot(Math.hypot(v % SIZE - 12, v / SIZE % SIZE - 9), v / SIZE / SIZE - 8) < radius;
    }

    private static List<HealthyCase> cases(final int count) {
        final List<HealthyCase> cases = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            final int number = n;
            cases.add(new HealthyCase(() -> image(number, 0, 1), Optional.empty(), "s" + n, "A"));
        }
        return cases;
    }

    private static AnomalyTraining.Result run(final List<HealthyCase> cases, final AnomalyOptions options) {
        return AnomalyTraining.run(cases, options, Optional.empty(), Progress.NONE, TrainingListener.NONE);
    }

    /** A bright ball stands out; and of the held-out images no more voxels are marked than was asked for. */
    @Test
    void findsWhatHealthyPeopleDoNotHave() {
        final AnomalyTraining.Result result = run(cases(5), OPTIONS.withSteps(80));
        assertEquals(80, result.curve().size());
        assertTrue(result.curve().get(79).others().get(AutoEncoderGraph.RECONSTRUCTION) < result.curve().get(0).others()
            .get(AutoEncoderGraph.RECONSTRUCTION) / 2, "it learned something");
        final AnomalyModel model = result.model();
        assertEquals(2, model.healthy().images());
        final float threshold = model.healthy().threshold(1);
        try (AnomalyDetector detector = new AnomalyDetector(model)) {
            final AnomalyMap ill = detector.map(image(9, 3, 1), Optional.empty(), "subject 9", Progress.NONE);
            final boolean[] truth = new boolean[SIZE * SIZE * SIZE];
            for (int v = 0; v < truth.length; v++) {
                truth[v] = isLesion(v, 3);
            }
            final AnomalyEvaluation evaluation = new AnomalyEvaluation();
            evaluation.add(ill, truth, List.of());
            assertTrue(evaluation.voxelArea().orElseThrow() > 0.95, "area " + evaluation.voxelArea());
            final AnomalyMap healthy = detector.map(image(9, 0, 1), Optional.empty(), "subject 9", Progress.NONE);
            assertTrue(healthy.scores(threshold).share() < 0.05, "share " + healthy.scores(threshold).share());
            assertTrue(ill.scores(threshold).mean() > healthy.scores(threshold).mean());
            // the mask of half the image: what is outside is not looked at
            final byte[] half = new byte[truth.length];
            for (int v = 0; v < half.length; v++) {
                half[v] = (byte)(v % SIZE < 8 ? 1 : 0);
            }
            final Volume image = image(9, 3, 1);
            final AnomalyMap masked = detector.map(image,
                Optional.of(new LabelVolume(half, image.geometry(), VolumeInfo.UNKNOWN, LabelSet.of("brain"))), "subject 9",
                Progress.NONE);
            for (int v = 0; v < half.length; v++) {
                assertTrue(masked.inside()[v] == (half[v] == 1) && (half[v] == 1 || masked.map().voxels()[v] == 0));
            }
            int heldOut = 0;
            int voxels = 0;
            int marked = 0;
            for (int n = 0; n < 5; n++) {
                final AnomalyScores scores =
                    detector.map(image(n, 0, 1), Optional.empty(), "subject", Progress.NONE).scores(model.healthy().threshold(2));
                if (Arrays.stream(model.healthy().means()).anyMatch(m -> m == scores.mean())) {
                    heldOut++;
                    voxels += scores.voxels();
                    marked += scores.marked();
                }
            }
            assertEquals(2, heldOut);
            assertEquals(voxels, model.healthy().voxels());
            assertTrue(marked <= 0.02 * voxels && marked > 0.015 * voxels, marked + " of " + voxels);
        }
    }

    @Test
    void sameSeedSameBitsInAnyOrder() throws IOException {
        final List<HealthyCase> cases = cases(4);
        final AnomalyOptions options =
            OPTIONS.withNetwork(new AutoEncoderSpec(PatchSize.cube(16), 4, 3, 8, Code.DENSE, true));
        final byte[] first = bytes(run(cases, options).model());
        Collections.reverse(cases);
        assertArrayEquals(first, bytes(run(cases, options).model()));
        final AnomalyModel read = AnomalyArchive.read(new ByteArrayInputStream(first));
        assertArrayEquals(first, bytes(read));
        assertEquals(read, AnomalyArchive.read(new ByteArrayInputStream(first)));
        assertEquals("anomaly", read.provenance().method());
        assertNotEquals(options.network().initial(1).hash(), read.weights().hash());
        assertThrows(IOException.class, () -> AnomalyArchive.read(new ByteArrayInputStream(new byte[10])));
        for (final int length : new int[]{first.length / 4, first.length / 2, first.length - 200}) {
            final byte[] part = Arrays.copyOf(first, length);
            assertThrows(IOException.class, () -> AnomalyArchive.read(new ByteArrayInputStream(part)), length + " bytes");
        }
    }

    /** The detector has to look where the learner looked. */
    @Test
    void aModelKnowsWhetherThereWereMasks() throws IOException {
        final AnomalyModel whole = run(cases(2), OPTIONS.withSteps(1)).model();
        assertEquals(Optional.of(false), AnomalyArchive.read(new ByteArrayInputStream(bytes(whole))).masked());
        final byte[] ones = new byte[SIZE * SIZE * SIZE];
        Arrays.fill(ones, (byte)1);
        final List<HealthyCase> masked = cases(2).stream().map(c -> new HealthyCase(c.image(), Optional.of(
            () -> new LabelVolume(ones, c.image().get().geometry(), VolumeInfo.UNKNOWN, LabelSet.of("brain"))), c.subject(),
            c.site())).toList();
        final AnomalyModel inside = run(masked, OPTIONS.withSteps(1)).model();
        assertEquals(Optional.of(true), AnomalyArchive.read(new ByteArrayInputStream(bytes(inside))).masked());
        assertEquals(Optional.empty(), new AnomalyModel(whole.spec(), whole.weights(), whole.spacing(), whole.residual(),
            whole.healthy(), Provenance.untrained(1)).masked(), "nobody wrote it down");
    }

    private static byte[] bytes(final AnomalyModel model) throws IOException {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        AnomalyArchive.write(model, out);
        return out.toByteArray();
    }

    /** A training that was stopped goes on with the bits it would have had. */
    @Test
    void goesOnAfterAStop(@TempDir final Path folder) {
        final AnomalyOptions options =
            OPTIONS.withNetwork(new AutoEncoderSpec(PatchSize.cube(16), 4, 3, 8, Code.SPATIAL, true));
        final String expected = run(cases(3), options).model().weights().hash();
        final Optional<Checkpoints> checkpoints = Optional.of(new Checkpoints(folder, 3));
        assertThrows(IllegalStateException.class,
            () -> AnomalyTraining.run(cases(3), options, checkpoints, (fraction, message) -> {
                if (message.startsWith("Step 8 ")) {
                    throw new IllegalStateException("stopped");
                }
            }, TrainingListener.NONE));
        final int[] done = new int[1];
        final AnomalyTraining.Result rest =
            AnomalyTraining.run(cases(3), options, checkpoints, (fraction, message) -> {
                done[0] += message.startsWith("Step ") ? 1 : 0;
            }, TrainingListener.NONE);
        assertEquals(expected, rest.model().weights().hash());
        assertEquals(6, done[0], "steps 7 to 12");
    }

    @Test
    void whatCannotBeLearnedFromIsSaid() {
        said("one subject only", cases(1));
        said("nobody", List.of());
        final List<HealthyCase> spacing = cases(3);
        spacing.add(new HealthyCase(() -> image(5, 0, 1.2), Optional.empty(), "s5", "A"));
        said("subject s5 has voxels of 1.20×1.20×1.20 mm", spacing);
        final List<HealthyCase> small = cases(3);
        small.add(new HealthyCase(() -> new Volume(new float[]{1, 2}, Geometry.axial(new int[]{2, 1, 1}, 1, 1, 1),
            VolumeInfo.UNKNOWN), Optional.empty(), "s5", "A"));
        said("The image of subject s5 has 2×1×1 voxels, along i fewer than a patch of 16×16×16. Learn with a smaller"
            + " \"Patch size along i and j\", or leave the image out.", small);
        said("20×7×20 voxels, along j fewer than a patch of 16×16×16. Learn with a smaller \"Patch size along i and j\"",
            withConstant(20, 7, 20));
        said("20×20×7 voxels, along k fewer than a patch of 16×16×16. Learn with a smaller \"Patch size along k\",",
            withConstant(20, 20, 7));
        said("20×20×1 voxels, along k fewer than a patch of 16×16×16. Learn with \"Patch size along k\" 1, which looks at single"
            + " slices,", withConstant(20, 20, 1));
        final List<HealthyCase> numbers = cases(3);
        final Volume image = image(5, 0, 1);
        image.voxels()[7] = Float.POSITIVE_INFINITY;
        numbers.add(new HealthyCase(() -> image, Optional.empty(), "s5", "A"));
        said("subject s5 has voxels with the value Infinity. Replace them before, in the Volume Normalizer with \"Replace NaN and"
            + " infinite voxels\".", numbers);
        assertThrows(IllegalArgumentException.class, () -> new AutoEncoderSpec(PatchSize.cube(10), 4, 3, 8, Code.DENSE, false));
        assertThrows(IllegalArgumentException.class, () -> OPTIONS.withHeldOut(0));
        assertThrows(IllegalArgumentException.class, () -> OPTIONS.withSteps(0));
    }

    /** @param size of one more image, which is 1 but for one voxel */
    private static List<HealthyCase> withConstant(final int... size) {
        final List<HealthyCase> cases = cases(3);
        final float[] voxels = new float[size[0] * size[1] * size[2]];
        Arrays.fill(voxels, 1);
        voxels[0] = 2;
        cases.add(new HealthyCase(() -> new Volume(voxels, Geometry.axial(size, 1, 1, 1), VolumeInfo.UNKNOWN), Optional.empty(),
            "s5", "A"));
        return cases;
    }

    /** 50 mm, the largest radius that can be set, reach 50 voxels of 1 mm to each side: a box of 101³ = 1030301 voxels. */
    @Test
    void aMedianThatIsTooLargeIsSaidBeforeTheTraining() {
        final AnomalyOptions median = OPTIONS.withResidual(new ResidualOptions(Side.BOTH, Smoothing.MEDIAN, 50, 0));
        said("\"Smoothing radius (mm)\" 50.0 has a box of 101×101×101 voxels in the image of subject s", cases(3), median);
        said("more than the 1000000 voxels that it may have. Learn with a smaller \"Smoothing radius (mm)\", or with"
            + " \"Smoothing\" Gaussian.", cases(3), median);
        // 2·⌊20/0.125⌋ + 1 = 321 voxels along each axis
        final List<HealthyCase> fine = new ArrayList<>();
        for (int n = 0; n < 3; n++) {
            final int number = n;
            fine.add(new HealthyCase(() -> image(number, 0, 0.125), Optional.empty(), "s" + n, "A"));
        }
        said("a box of 321×321×321 voxels", fine,
            OPTIONS.withResidual(new ResidualOptions(Side.BOTH, Smoothing.MEDIAN, 20, 0)));
    }

    /** Whoever is held out by the seed: before the first step. */
    private static void said(final String part, final List<HealthyCase> cases) {
        said(part, cases, OPTIONS);
    }

    private static void said(final String part, final List<HealthyCase> cases, final AnomalyOptions how) {
        for (long seed = 1; seed <= 4; seed++) {
            final AnomalyOptions options = how.withSeed(seed);
            final String message = assertThrows(LearningException.class,
                () -> AnomalyTraining.run(cases, options, Optional.empty(), Progress.NONE, metrics -> {
                    throw new IllegalStateException("it is being trained");
                })).getMessage();
            assertTrue(message.contains(part), message);
        }
    }
}
