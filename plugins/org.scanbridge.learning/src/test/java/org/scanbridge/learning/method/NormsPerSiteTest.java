package org.scanbridge.learning.method;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
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
import org.scanbridge.learning.architecture.Parameter;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.graph.AdaptationTerm;
import org.scanbridge.learning.graph.ClassAlignmentTerm;
import org.scanbridge.learning.graph.ConsistencyTerm;
import org.scanbridge.learning.graph.CriticTerm;
import org.scanbridge.learning.graph.EntropyTerm;
import org.scanbridge.learning.graph.GradientReversalTerm;
import org.scanbridge.learning.graph.TripletTerm;
import org.scanbridge.learning.method.DomainAdaptationOptions.Afterwards;
import org.scanbridge.learning.method.DomainAdaptationOptions.Norms;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.train.Checkpoints;
import org.scanbridge.learning.train.TrainingListener;
import org.scanbridge.learning.train.TrainingResult;

/** Adaptation with batch normalization of each site's own. */
class NormsPerSiteTest {

    private static final TinyStudy STUDY = new TinyStudy();

    private static final Network START =
        Network.untrained(new NetworkSpec(Kind.UNET_3D, 1, 4, 4, 1, Norm.BATCH, PatchSize.cube(16)), 1);

    private static DomainAdaptationOptions options(final String site, final AdaptationTerm... terms) {
        final DomainAdaptationOptions options = DomainAdaptationOptions.of(terms);
        return options
            .withSegmentation(options.segmentation().withSteps(3).withBatch(4).withValidationInterval(100))
            .withTent(new TentOptions(2, 2, 1e-3, 8)).withSourceSites(List.of("A")).withNorms(new Norms(true, site));
    }

    private static List<TrainingCase> cases() {
        return TinyStudy.together(STUDY.training(0, true), STUDY.training(1, false), STUDY.validation(0));
    }

    /** A, and B under two names. */
    private static List<TrainingCase> threeSites() {
        final List<TrainingCase> cases = cases();
        STUDY.training(1, false).forEach(
            c -> cases.add(new TrainingCase(c.image(), null, c.subject() + "-again", "C", c.role())));
        return cases;
    }

    private static TrainingResult train(final List<TrainingCase> cases, final DomainAdaptationOptions options) {
        return DomainAdaptation.run(START, cases, options, Optional.empty(), Progress.NONE, TrainingListener.NONE);
    }

    private static String message(final List<TrainingCase> cases, final DomainAdaptationOptions options) {
        return assertThrows(LearningException.class, () -> train(cases, options)).getMessage();
    }

    /** Both sites' networks come from one training: the same kernels, other norms, one set each. */
    @Test
    void theResultIsTheNetworkOfOneSite() {
        final TrainingResult target = train(cases(), options("", GradientReversalTerm.defaults()));
        final TrainingResult named = train(cases(), options(" B ", GradientReversalTerm.defaults()));
        final TrainingResult source = train(cases(), options("A", GradientReversalTerm.defaults()));
        assertEquals(target.network().weights().hash(), named.network().weights().hash());
        assertEquals(target.curve(), source.curve());
        assertFalse(Double.isNaN(target.curve().get(2).validationDice()), "validated with the source's norms");
        assertEquals(START.spec(), target.network().spec());
        assertEquals(START.weights().hash(), target.network().provenance().parentHash());
        assertEquals("domain + norms per site", target.network().provenance().method());
        for (final Parameter p : START.weights().parameters()) {
            final float[] ofTarget = target.network().weights().get(p.name());
            final float[] ofSource = source.network().weights().get(p.name());
            assertFalse(Arrays.equals(START.weights().get(p.name()), ofTarget), p.name());
            if (p.name().matches(".*/(gamma|beta|mean|variance)")) {
                assertFalse(Arrays.equals(ofSource, ofTarget), p.name());
            } else {
                assertArrayEquals(ofSource, ofTarget, p.name());
            }
        }
    }

    @Test
    void combinesWithAllTermsAndWithWhatFollows() {
        final Set<String> hashes = new HashSet<>();
        final AdaptationTerm[] together = {CriticTerm.wasserstein().withCriticSteps(1), ConsistencyTerm.defaults(),
            EntropyTerm.defaults(), ClassAlignmentTerm.defaults(), TripletTerm.defaults()};
        for (final Afterwards afterwards : Afterwards.values()) {
            assertTrue(hashes.add(train(threeSites(), options("C", together)
                .withSegmentation(options("").segmentation().withBatch(8)).withAfterwards(afterwards)).network().weights()
                    .hash()));
        }
        assertNotEquals(train(cases(), options("", ConsistencyTerm.defaults())).network().weights().hash(),
            train(cases(), options("", ConsistencyTerm.defaults()).withNorms(Norms.SHARED)).network().weights().hash());
    }

    @Test
    void someAndAllTargetLabelsTeach() {
        final DomainAdaptationOptions options = options("").withTargetLabels(true);
        final List<TrainingCase> some = TinyStudy.together(STUDY.training(0, true), STUDY.training(1, true).subList(0, 1),
            STUDY.training(1, false).subList(1, 3));
        final List<TrainingCase> all = TinyStudy.together(STUDY.training(0, true), STUDY.training(1, true));
        assertNotEquals(train(some, options).network().weights().hash(), train(all, options).network().weights().hash());
        assertTrue(message(cases(), options).contains("nothing to adapt by"));
    }

    @Test
    void goesOnWithTheSameBits(@TempDir final Path directory) {
        final DomainAdaptationOptions options = options("", GradientReversalTerm.defaults());
        final Optional<Checkpoints> checkpoints = Optional.of(new Checkpoints(directory, 2));
        assertThrows(CancellationException.class,
            () -> DomainAdaptation.run(START, cases(), options, checkpoints, (fraction, message) -> {
                if (message.startsWith("Step 3 of 3")) {
                    throw new CancellationException();
                }
            }, TrainingListener.NONE));
        final TrainingResult resumed =
            DomainAdaptation.run(START, cases(), options, checkpoints, Progress.NONE, TrainingListener.NONE);
        final TrainingResult straight = train(cases(), options);
        assertEquals(straight.network().weights().hash(), resumed.network().weights().hash());
        assertEquals(straight.curve(), resumed.curve());
    }

    @Test
    void refusesWhatCannotBe() {
        final AdaptationTerm term = EntropyTerm.defaults();
        final String network = assertThrows(LearningException.class, () -> DomainAdaptation.run(STUDY.untrained(), cases(),
            options("", term), Optional.empty(), Progress.NONE, TrainingListener.NONE)).getMessage();
        assertTrue(network.contains("batch normalization"), network);
        assertTrue(message(threeSites(), options("", term)).contains("[B, C]"));
        assertTrue(message(cases(), options("D", term)).contains("Choose one of [A, B]"));
        assertTrue(message(cases(), options("A", term).withAfterwards(Afterwards.ADABN)).contains("source site A"));
        final String shared = message(threeSites(),
            options("B", term).withSegmentation(options("").segmentation().withBatch(6)));
        assertTrue(shared.contains("3 target patches") && shared.contains("[B, C]"), shared);
    }
}
