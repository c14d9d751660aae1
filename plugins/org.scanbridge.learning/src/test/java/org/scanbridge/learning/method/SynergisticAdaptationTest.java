package org.scanbridge.learning.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scanbridge.imaging.Progress;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.NetworkSpec.Kind;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.graph.ConsistencyTerm;
import org.scanbridge.learning.graph.PatchDiscriminatorSpec;
import org.scanbridge.learning.graph.SynergisticTerm;
import org.scanbridge.learning.method.DomainAdaptationOptions.Norms;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.train.Checkpoints;
import org.scanbridge.learning.train.TrainingListener;
import org.scanbridge.learning.train.TrainingResult;

/** SIFA as a method of the adaptation. */
class SynergisticAdaptationTest {

    private static final TinyStudy STUDY = new TinyStudy();

    /** Players that take no time. */
    private static final SynergisticTerm TERM =
        SynergisticTerm.defaults().withGenerator(2, 2).withDiscriminator(new PatchDiscriminatorSpec(2, 1, true));

    private static DomainAdaptationOptions options(final SynergisticTerm term) {
        final DomainAdaptationOptions options = DomainAdaptationOptions.of(term);
        return options.withSegmentation(options.segmentation().withSteps(3).withBatch(2).withValidationInterval(1))
            .withSourceSites(List.of("A"));
    }

    private static List<TrainingCase> cases(final int labelsFrom) {
        final List<TrainingCase> labeled = STUDY.training(0, true);
        return TinyStudy.together(labeled.stream().map(c -> new TrainingCase(c.image(),
            labelsFrom < 0 ? c.labels() : labeled.get(labelsFrom).labels(), c.subject(), c.site(), c.role())).toList(),
            STUDY.training(1, false), STUDY.validation(0));
    }

    private static TrainingResult train(final Network network, final DomainAdaptationOptions options) {
        return DomainAdaptation.run(network, cases(-1), options, Optional.empty(), Progress.NONE, TrainingListener.NONE);
    }

    /** The result is a network as the given one, with the method and its numbers in the provenance. */
    @Test
    void adaptsAnOrdinaryNetwork() {
        final TrainingResult result = train(STUDY.untrained(), options(TERM));
        assertEquals(STUDY.untrained().spec(), result.network().spec());
        assertEquals("sifa", result.network().provenance().method());
        assertEquals("" + TERM.cycleWeight(), result.network().provenance().options().get("SIFA.cycleWeight"));
        assertEquals(Set.copyOf(options(TERM).measured()), result.curve().get(2).others().keySet());
        assertTrue(result.curve().get(2).validationDice() >= 0, "the source is not validated");
        assertNotEquals(result.network().weights().hash(), DomainAdaptation.run(STUDY.untrained(), cases(0), options(TERM),
            Optional.empty(), Progress.NONE, TrainingListener.NONE).network().weights().hash(), "the source's labels teach nothing");
    }

    @Test
    void statisticsOfTheTargetMayFollow() {
        final Network batch = Network.untrained(new NetworkSpec(Kind.UNET_3D, 1, 4, 4, 1, Norm.BATCH, PatchSize.cube(16)), 1);
        assertEquals("sifa, then adabn",
            train(batch, options(TERM).withAfterwards(DomainAdaptationOptions.Afterwards.ADABN)).network().provenance().method());
    }

    @Test
    void goesOnWithTheSameBits(@TempDir final Path directory) {
        final DomainAdaptationOptions options = options(TERM.withPool(1));
        final TrainingResult straight = train(STUDY.untrained(), options);
        final Optional<Checkpoints> checkpoints = Optional.of(new Checkpoints(directory, 2));
        assertThrows(CancellationException.class,
            () -> DomainAdaptation.run(STUDY.untrained(), cases(-1), options, checkpoints, (fraction, message) -> {
                if (message.startsWith("Step 3 of 3")) {
                    throw new CancellationException();
                }
            }, TrainingListener.NONE));
        final TrainingResult resumed =
            DomainAdaptation.run(STUDY.untrained(), cases(-1), options, checkpoints, Progress.NONE, TrainingListener.NONE);
        assertEquals(straight.network().weights().hash(), resumed.network().weights().hash());
        assertEquals(straight.curve(), resumed.curve());
    }

    /** Its weights alone are more than any heap of these tests; before, it took a while to run out of memory. */
    @Test
    void refusesAGeneratorThatDoesNotFit() {
        final String message = assertThrows(LearningException.class,
            () -> train(STUDY.untrained(), options(TERM.withGenerator(1024, 3)))).getMessage();
        assertTrue(message.contains("a generator of 1024 channels and 3 levels"), message);
    }

    @Test
    void refusesWhatItWouldLeaveOut() {
        final SynergisticTerm term = SynergisticTerm.defaults();
        final DomainAdaptationOptions options = options(term);
        assertTrue(assertThrows(IllegalArgumentException.class,
            () -> DomainAdaptationOptions.of(term, ConsistencyTerm.defaults())).getMessage().contains("Consistency"));
        assertThrows(IllegalArgumentException.class, () -> options.withTargetLabels(true));
        assertThrows(IllegalArgumentException.class, () -> options.withSeparateBlocks(2));
        assertThrows(IllegalArgumentException.class, () -> options.withNorms(new Norms(true, "B")));
        assertThrows(IllegalArgumentException.class, () -> options.withNormsOnly(true));
        assertThrows(IllegalArgumentException.class, () -> options.withSourceFree(true));
        final Network small = Network.untrained(NetworkSpec.unet3d(4, 4, 1, 4), 1);
        final String message = assertThrows(LearningException.class, () -> train(small, options)).getMessage();
        assertTrue(message.contains("4×4×4") && message.contains("8 voxels"), message);
    }
}
