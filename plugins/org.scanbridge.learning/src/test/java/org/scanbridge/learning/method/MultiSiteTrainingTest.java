package org.scanbridge.learning.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
import org.scanbridge.learning.graph.ClassAlignmentTerm;
import org.scanbridge.learning.graph.KnowledgeTransfer;
import org.scanbridge.learning.method.DomainGeneralizationOptions.Method;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.train.Checkpoints;
import org.scanbridge.learning.train.StepMetrics;
import org.scanbridge.learning.train.TrainingListener;
import org.scanbridge.learning.train.TrainingResult;

/** Networks for several labeled sites: MS-Net, unpaired knowledge distillation, and their control. */
class MultiSiteTrainingTest {

    private static final TinyStudy STUDY = new TinyStudy();

    private static final List<Method> METHODS = List.of(Method.POOLED, Method.MULTI_SITE, Method.DISTILLATION);

    private static Network start(final Norm norm) {
        return Network.untrained(new NetworkSpec(Kind.UNET_3D, 1, 4, 4, 1, norm, PatchSize.cube(16)), 1);
    }

    private static DomainGeneralizationOptions options(final Method method, final String site) {
        final DomainGeneralizationOptions options = DomainGeneralizationOptions.defaults().withMethod(method);
        return options.withSegmentation(options.segmentation().withSteps(4).withBatch(4).withValidationInterval(2))
            .withTransfer(new KnowledgeTransfer(0.5, 0.25)).withResultSite(site);
    }

    private static List<TrainingCase> cases() {
        return TinyStudy.together(STUDY.training(0, true), STUDY.training(1, true), STUDY.validation(0), STUDY.validation(1));
    }

    private static TrainingResult train(final Norm norm, final List<TrainingCase> cases,
        final DomainGeneralizationOptions options) {
        return DomainGeneralization.run(start(norm), cases, options, Optional.empty(), Progress.NONE, TrainingListener.NONE);
    }

    private static String hash(final TrainingResult result) {
        return result.network().weights().hash();
    }

    /** With batch normalization one training gives the networks of all sites: the same kernels, other norms. */
    @Test
    void everySiteGetsAnOrdinaryNetworkOfItsOwn() {
        final Set<String> hashes = new HashSet<>();
        for (final Method method : METHODS) {
            final TrainingResult first = train(Norm.BATCH, cases(), options(method, "A"));
            final TrainingResult second = train(Norm.BATCH, cases(), options(method, " B "));
            assertTrue(hashes.add(hash(first)) && hashes.add(hash(second)), method + " is like another");
            assertEquals(start(Norm.BATCH).spec(), first.network().spec());
            first.network().weights().parameters().forEach(p -> assertEquals(!p.ofNorm(),
                Arrays.equals(first.network().weights().get(p.name()), second.network().weights().get(p.name())),
                p.name()));
            assertEquals(start(Norm.BATCH).weights().hash(), first.network().provenance().parentHash());
            assertTrue(first.network().provenance().method().endsWith(" + norms per site"));
            assertEquals("B", second.network().provenance().options().get("resultSite"));
        }
    }

    @Test
    void oneTrainingGivesTheNetworksOfAllSites() {
        final DomainGeneralizationOptions options = options(Method.MULTI_SITE, "");
        final Map<String, Network> networks =
            DomainGeneralization.networks(start(Norm.BATCH), cases(), options, Progress.NONE, TrainingListener.NONE);
        assertEquals(List.of("A", "B"), List.copyOf(networks.keySet()));
        for (final String site : networks.keySet()) {
            assertEquals(hash(train(Norm.BATCH, cases(), options.withResultSite(site))),
                networks.get(site).weights().hash());
        }
    }

    /** With group normalization sites share all; the control then has the bits it always had. */
    @Test
    void withoutBatchNormalizationOneNetworkServesAllSites() {
        final Set<String> hashes = new HashSet<>();
        for (final Method method : METHODS) {
            final TrainingResult result = train(Norm.GROUP, cases(), options(method, ""));
            assertTrue(hashes.add(hash(result)), method + " is like another");
            assertTrue(method != Method.MULTI_SITE
                || hash(result).equals(hash(train(Norm.GROUP, cases(), options(method, "nowhere")))), "a site is looked for");
            for (final StepMetrics m : result.curve()) {
                assertTrue(Double.isFinite(m.loss()), m.toString());
                assertEquals(Set.copyOf(options(method, "").measured()), m.others().keySet());
            }
        }
    }

    /** What is added is what differs: with weight 0, distillation is the control to the bit. */
    @Test
    void distillationWithoutWeightIsTheControl() {
        final DomainGeneralizationOptions distilled = options(Method.DISTILLATION, "A");
        final String control = hash(train(Norm.BATCH, cases(), options(Method.POOLED, "A")));
        assertEquals(control,
            hash(train(Norm.BATCH, cases(), distilled.withDistillation(new ClassAlignmentTerm(0, 2)))));
        assertNotEquals(control, hash(train(Norm.BATCH, cases(), distilled)));
    }

    @Test
    void goesOnWithTheSameBits(@TempDir final Path directory) {
        final DomainGeneralizationOptions options = options(Method.MULTI_SITE, "B");
        final TrainingResult straight = train(Norm.BATCH, cases(), options);
        final Optional<Checkpoints> checkpoints = Optional.of(new Checkpoints(directory, 2));
        assertThrows(CancellationException.class, () -> DomainGeneralization.run(start(Norm.BATCH), cases(), options,
            checkpoints, (fraction, message) -> {
                if (message.startsWith("Step 4 of 4")) {
                    throw new CancellationException();
                }
            }, TrainingListener.NONE));
        final TrainingResult resumed = DomainGeneralization.run(start(Norm.BATCH), cases(), options, checkpoints,
            Progress.NONE, TrainingListener.NONE);
        assertEquals(hash(straight), hash(resumed));
        assertEquals(straight.curve(), resumed.curve());
    }

    @Test
    void refusesSitesThatAreNotThere() {
        final DomainGeneralizationOptions options = options(Method.MULTI_SITE, "");
        assertTrue(message(Norm.BATCH, cases(), options).contains("\"Network for site\""));
        assertTrue(message(Norm.BATCH, cases(), options.withResultSite("C")).contains("Choose one of [A, B]"));
        final List<TrainingCase> other = new ArrayList<>(cases());
        STUDY.validation(0)
            .forEach(c -> other.add(new TrainingCase(c.image(), c.labels(), c.subject() + "-c", "C", c.role())));
        assertTrue(message(Norm.BATCH, other, options.withResultSite("A")).contains("validation images of [C]"));
        assertTrue(assertThrows(LearningException.class, () -> DomainGeneralization.run(
            Network.untrained(NetworkSpec.unet3d(4, 4, 3, 16).withDeepSupervision(true), 1), cases(), options,
            Optional.empty(), Progress.NONE, TrainingListener.NONE)).getMessage().contains("without deep supervision"));
    }

    private static String message(final Norm norm, final List<TrainingCase> cases, final DomainGeneralizationOptions options) {
        return assertThrows(LearningException.class, () -> train(norm, cases, options)).getMessage();
    }
}
