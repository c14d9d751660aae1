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
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scanbridge.imaging.Progress;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.NetworkPlan;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.NetworkSpec.Kind;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.architecture.Parameter;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.graph.AdaptationTerm;
import org.scanbridge.learning.graph.AnchorTerm;
import org.scanbridge.learning.graph.ClassAlignmentTerm;
import org.scanbridge.learning.graph.ConsistencyTerm;
import org.scanbridge.learning.graph.CriticTerm;
import org.scanbridge.learning.graph.EntropyTerm;
import org.scanbridge.learning.graph.GradientReversalTerm;
import org.scanbridge.learning.graph.SelfTrainingTerm;
import org.scanbridge.learning.method.DomainAdaptationOptions.Norms;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.train.Checkpoints;
import org.scanbridge.learning.train.StepMetrics;
import org.scanbridge.learning.train.TrainingListener;
import org.scanbridge.learning.train.TrainingResult;

/** Adaptation of early layers that the target has of its own (PnP-AdaNet). */
class SeparateEarlyLayersTest {

    private static final TinyStudy STUDY = new TinyStudy();

    /** Of seven blocks. */
    private static final Network NETWORK = Network.untrained(NetworkSpec.unet3d(4, 4, 2, 16), 1);

    private static final int BLOCKS = 3;

    private static DomainAdaptationOptions options(final AdaptationTerm... terms) {
        final DomainAdaptationOptions options = DomainAdaptationOptions.of(terms);
        return options.withSegmentation(options.segmentation().withSteps(3).withBatch(4).withValidationInterval(1))
            .withSourceSites(List.of("A")).withSeparateBlocks(BLOCKS);
    }

    private static List<TrainingCase> cases() {
        return TinyStudy.together(STUDY.training(0, true), STUDY.training(1, false), STUDY.validation(0));
    }

    private static TrainingResult train(final Network network, final List<TrainingCase> cases,
        final DomainAdaptationOptions options) {
        return DomainAdaptation.run(network, cases, options, Optional.empty(), Progress.NONE, TrainingListener.NONE);
    }

    private static Set<String> moved(final Network before, final Network after) {
        return before.weights().parameters().stream()
            .filter(p -> !Arrays.equals(before.weights().get(p.name()), after.weights().get(p.name()))).map(Parameter::block)
            .collect(Collectors.toSet());
    }

    /** Any method, and any of them together: the first blocks are the target's, the others and the source's results stay. */
    @Test
    void onlyTheFirstBlocksChangeWithEveryMethod() {
        final Set<String> hashes = new HashSet<>();
        for (final Norm norm : List.of(Norm.GROUP, Norm.BATCH)) {
            final Network start =
                Network.untrained(new NetworkSpec(Kind.UNET_3D, 1, 4, 4, 2, norm, PatchSize.cube(16)), 1);
            final List<String> blocks = NetworkPlan.of(start.spec()).blocks();
            final List<List<AdaptationTerm>> all = List.of(List.of(CriticTerm.wasserstein().withCriticSteps(1)),
                List.of(ClassAlignmentTerm.defaults(), SelfTrainingTerm.of(SelfTrainingTerm.Teacher.NETWORK)),
                List.of(GradientReversalTerm.defaults()), List.of(EntropyTerm.defaults()),
                List.of(CriticTerm.leastSquares(), ConsistencyTerm.defaults()));
            for (final List<AdaptationTerm> terms : norm == Norm.GROUP ? all : all.subList(0, 2)) {
                final TrainingResult result = train(start, cases(), options(terms.toArray(AdaptationTerm[]::new)));
                assertEquals(Set.copyOf(blocks.subList(0, BLOCKS)), moved(start, result.network()), norm + " " + terms);
                assertTrue(hashes.add(result.network().weights().hash()), terms + " is like another");
                assertEquals(start.spec(), result.network().spec());
                // the source's network stands still, so its Dice does
                assertEquals(1, result.curve().stream().map(StepMetrics::validationDice).distinct().count());
                assertTrue(result.network().provenance().method().endsWith("separate early layers"));
                assertEquals("" + BLOCKS, result.network().provenance().options().get("separateBlocks"));
            }
        }
    }

    /** What the target's images alone decide: source labels have no say, as no loss of theirs reaches what is trained. */
    @Test
    void labelsOfTheSourceTeachNothing() {
        final DomainAdaptationOptions options = options(CriticTerm.wasserstein().withCriticSteps(1));
        final List<TrainingCase> wrong = TinyStudy.together(
            STUDY.training(0, true).stream().map(c -> new TrainingCase(c.image(),
                STUDY.training(0, true).get(0).labels(), c.subject(), c.site(), c.role())).toList(),
            STUDY.training(1, false), STUDY.validation(0));
        assertEquals(train(NETWORK, cases(), options).network().weights().hash(),
            train(NETWORK, wrong, options).network().weights().hash());
        final DomainAdaptationOptions shared = options.withSeparateBlocks(0);
        assertNotEquals(train(NETWORK, cases(), shared).network().weights().hash(),
            train(NETWORK, wrong, shared).network().weights().hash());
    }

    /** Labels of the target teach its early layers. */
    @Test
    void labelsOfTheTargetTeach() {
        final List<TrainingCase> labeled = TinyStudy.together(STUDY.training(0, true), STUDY.training(1, true));
        final TrainingResult result = train(NETWORK, labeled, options().withTargetLabels(true));
        final List<String> blocks = NetworkPlan.of(NETWORK.spec()).blocks();
        assertEquals(Set.copyOf(blocks.subList(0, BLOCKS)), moved(NETWORK, result.network()));
        assertTrue(result.curve().get(2).loss() < result.curve().get(0).loss(), "the loss on the target does not fall");
    }

    @Test
    void withoutSourceImagesTheDeeperBlocksStayToo() {
        final DomainAdaptationOptions options =
            options(SelfTrainingTerm.of(SelfTrainingTerm.Teacher.NETWORK), AnchorTerm.defaults()).withSourceFree(true);
        final Network result = train(NETWORK, cases(), options).network();
        assertEquals(Set.copyOf(NetworkPlan.of(NETWORK.spec()).blocks().subList(0, BLOCKS)),
            moved(NETWORK, result));
    }

    @Test
    void goesOnWithTheSameBits(@TempDir final Path directory) {
        final DomainAdaptationOptions options =
            options(CriticTerm.wasserstein().withCriticSteps(1), ConsistencyTerm.defaults());
        final TrainingResult straight = train(NETWORK, cases(), options);
        final Optional<Checkpoints> checkpoints = Optional.of(new Checkpoints(directory, 2));
        assertThrows(CancellationException.class,
            () -> DomainAdaptation.run(NETWORK, cases(), options, checkpoints, (fraction, message) -> {
                if (message.startsWith("Step 3 of 3")) {
                    throw new CancellationException();
                }
            }, TrainingListener.NONE));
        final TrainingResult resumed =
            DomainAdaptation.run(NETWORK, cases(), options, checkpoints, Progress.NONE, TrainingListener.NONE);
        assertEquals(straight.network().weights().hash(), resumed.network().weights().hash());
        assertEquals(straight.curve(), resumed.curve());
        assertArrayEquals(new double[]{straight.curve().get(0).validationDice()},
            new double[]{resumed.curve().get(2).validationDice()});
    }

    @Test
    void refusesWhatDoesNotGoTogether() {
        final DomainAdaptationOptions options = options(EntropyTerm.defaults());
        assertTrue(assertThrows(LearningException.class,
            () -> train(NETWORK, cases(), options.withSeparateBlocks(8))).getMessage()
                .contains("has only 7"));
        assertFalse(moved(NETWORK, train(NETWORK, cases(), options.withSeparateBlocks(7)).network())
            .isEmpty());
        assertThrows(IllegalArgumentException.class, () -> options.withSeparateBlocks(-1));
        assertThrows(IllegalArgumentException.class, () -> options.withKept(KeptStep.SOURCE));
        assertThrows(IllegalArgumentException.class, () -> options.withNorms(new Norms(true, "B")));
        assertThrows(IllegalArgumentException.class,
            () -> options.withSegmentation(options.segmentation().withFrozenBlocks(BLOCKS)));
        assertTrue(assertThrows(LearningException.class, () -> train(NETWORK, cases(), options())).getMessage()
            .contains("nothing to adapt by"));
    }
}
