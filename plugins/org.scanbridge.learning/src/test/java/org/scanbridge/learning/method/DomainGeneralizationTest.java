package org.scanbridge.learning.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scanbridge.imaging.Progress;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.NetworkSpec.Kind;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.graph.MetaLearningGraphSpec.InnerStep;
import org.scanbridge.learning.method.DomainGeneralizationOptions.Method;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.train.Checkpoints;
import org.scanbridge.learning.train.StepMetrics;
import org.scanbridge.learning.train.TrainingListener;
import org.scanbridge.learning.train.TrainingResult;

class DomainGeneralizationTest {

    private static final TinyStudy STUDY = new TinyStudy();

    private static DomainGeneralizationOptions options() {
        final DomainGeneralizationOptions options = DomainGeneralizationOptions.defaults();
        return options.withSegmentation(options.segmentation().withSteps(4).withValidationInterval(100));
    }

    private static DomainGeneralizationOptions secondOrder() {
        return options().withInnerStep(new InnerStep(0.01, 2, true));
    }

    private static List<TrainingCase> twoSites() {
        return TinyStudy.together(STUDY.training(0, true), STUDY.training(1, true));
    }

    /** A, B, and a third site that is B again under another name. */
    private static List<TrainingCase> threeSites() {
        final List<TrainingCase> cases = twoSites();
        STUDY.training(1, true).forEach(
            c -> cases.add(new TrainingCase(c.image(), c.labels(), c.subject() + "-again", "C", c.role())));
        return cases;
    }

    private static TrainingResult train(final List<TrainingCase> cases, final DomainGeneralizationOptions options) {
        return DomainGeneralization.run(STUDY.untrained(), cases, options, Optional.empty(), Progress.NONE,
            TrainingListener.NONE);
    }

    private static String hash(final TrainingResult result) {
        return result.network().weights().hash();
    }

    /** As on Windows, where TensorFlow has no gradients of gradients: told before an image is read, and only who asks for them. */
    @Test
    void secondOrderIsRefusedBeforeAnythingIsReadWhereThereIsNone() {
        final List<TrainingCase> unread = twoSites().stream().map(c -> new TrainingCase(() -> {
            throw new AssertionError("an image was read");
        }, c.labels(), c.subject(), c.site(), c.role())).toList();
        System.setProperty("org.scanbridge.learning.segmentedBackPropagation", "true");
        try {
            final String message = assertThrows(LearningException.class, () -> train(unread, secondOrder())).getMessage();
            assertTrue(message.contains("\"Order of the gradient\" is \"Second\". Set it to \"First\""), message);
            assertThrows(AssertionError.class, () -> train(unread, options()));
            assertThrows(AssertionError.class, () -> train(unread, secondOrder().withMethod(Method.POOLED)));
        } finally {
            System.clearProperty("org.scanbridge.learning.segmentedBackPropagation");
        }
    }

    @Test
    void everyMethodTrainsInItsOwnWay() {
        final Set<String> hashes = new HashSet<>();
        for (final DomainGeneralizationOptions options : List.of(options(), secondOrder(),
            options().withMethod(Method.POOLED))) {
            final TrainingResult result = train(twoSites(), options);
            assertTrue(hashes.add(hash(result)), options + " did nothing of its own");
            for (final StepMetrics m : result.curve()) {
                assertTrue(Double.isFinite(m.loss()), m.toString());
                assertEquals(Set.copyOf(options.measured()), m.others().keySet());
                m.others().forEach((name, value) -> assertTrue(value >= 0, name + ' ' + value));
            }
        }
    }

    @Test
    void goesOnWithTheSameBits(@TempDir final Path directory) {
        for (final DomainGeneralizationOptions options : List.of(options(), secondOrder())) {
            final TrainingResult straight = train(threeSites(), options);
            assertEquals("masf", straight.network().provenance().method());
            assertEquals(List.of("A", "B", "C"), straight.network().provenance().sites());
            final Optional<Checkpoints> checkpoints = Optional.of(new Checkpoints(directory, 2));
            assertThrows(CancellationException.class, () -> DomainGeneralization.run(STUDY.untrained(), threeSites(),
                options, checkpoints, (fraction, message) -> {
                    if (message.startsWith("Step 4 of 4")) {
                        throw new CancellationException();
                    }
                }, TrainingListener.NONE));
            final TrainingResult resumed = DomainGeneralization.run(STUDY.untrained(), threeSites(), options, checkpoints,
                Progress.NONE, TrainingListener.NONE);
            assertEquals(hash(straight), hash(resumed));
            assertEquals(straight.curve(), resumed.curve());
        }
    }

    @Test
    void refusesOneSiteAndWhatCannotBeShared() {
        final String one = assertThrows(LearningException.class, () -> train(STUDY.training(0, true), options()))
            .getMessage();
        assertTrue(one.contains("one site only, [A]") && one.contains("at least two"), one);
        // without labels the second site does not count
        assertThrows(LearningException.class,
            () -> train(TinyStudy.together(STUDY.training(0, true), STUDY.training(1, false)), options()));
        final String shared = assertThrows(LearningException.class, () -> train(threeSites(),
            options().withSegmentation(options().segmentation().withBatch(4)))).getMessage();
        assertTrue(shared.contains("4 patches per step") && shared.contains("such as 3."), shared);
    }

    @Test
    void refusesNetworksThatDoNotFit() {
        for (final NetworkSpec spec : List.of(
            new NetworkSpec(Kind.UNET_3D, 1, 4, 4, 1, Norm.BATCH, PatchSize.cube(16)),
            NetworkSpec.unet3d(4, 4, 3, 16).withDeepSupervision(true),
            new NetworkSpec(Kind.DEEP_MEDIC, 1, 4, 4, 1, Norm.BATCH, PatchSize.cube(9)))) {
            final String message = assertThrows(LearningException.class, () -> DomainGeneralization.run(
                Network.untrained(spec, 1), twoSites(), options(), Optional.empty(), Progress.NONE, TrainingListener.NONE))
                    .getMessage();
            assertTrue(message.contains("group or instance normalization"), message);
        }
        assertThrows(IllegalArgumentException.class, () -> new InnerStep(-1, 2, false));
        assertThrows(IllegalArgumentException.class, () -> new InnerStep(1, 0, false));
        assertThrows(IllegalArgumentException.class, () -> new InnerStep(Double.NaN, 1, false));
    }

    /** Steps leave nothing behind: the process does not grow with their number. */
    @Test
    void memoryStaysFlat() {
        Assumptions.assumeTrue(Files.isReadable(Path.of("/proc/self/status")), "tells memory on Linux only");
        final List<Long> resident = new ArrayList<>();
        final DomainGeneralizationOptions options =
            secondOrder().withSegmentation(options().segmentation().withSteps(160).withValidationInterval(1000));
        DomainGeneralization.run(STUDY.untrained(), twoSites(), options,
            Optional.empty(), Progress.NONE, m -> {
                if (m.step() == 60 || m.step() == 160) {
                    resident.add(resident());
                }
            });
        final long grown = resident.get(1) - resident.get(0);
        assertTrue(grown < 60_000, "100 steps took " + grown + " kB");
    }

    /** Resident memory in kB, the Java heap included. */
    private static long resident() {
        System.gc();
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream().filter(l -> l.startsWith("VmRSS"))
                .mapToLong(l -> Long.parseLong(l.replaceAll("\\D", ""))).findFirst().orElseThrow();
        } catch (final IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
