package org.scanbridge.learning.study;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.phantom.PhantomStudy;
import org.scanbridge.imaging.phantom.SiteProtocols;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.data.Role;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.method.AdversarialNormalizationOptions;

class NormalizationStudyTest {

    private static final AdversarialNormalizationOptions METHOD = AdversarialNormalizationOptions.defaults()
        .withReconstructionSteps(0).withSegmentation(AdversarialNormalizationOptions.defaults().segmentation()
            .withSteps(2).withBatch(2).withValidationInterval(2))
        .withReconstructionSteps(1);

    private static NormalizationStudyOptions options(final int training) {
        return new NormalizationStudyOptions(1, 4, training, 0, 4, 4, 2, 8, METHOD, List.of("C"));
    }

    private static List<TrainingCase> cases(final int perSite) {
        final PhantomStudy study = new PhantomStudy(List.of(SiteProtocols.A, SiteProtocols.C), 16, 3);
        final List<TrainingCase> cases = new ArrayList<>();
        for (int site = 0; site < 2; site++) {
            for (int n = 0; n < perSite; n++) {
                final PhantomStudy.Subject s = study.subject(site, n);
                cases.add(new TrainingCase(s::image, s::labels, s.image().info().subject(), s.image().info().site(),
                    Role.TRAIN));
            }
        }
        return cases;
    }

    /** The width of the generator was looked at only after the networks without one had been trained. */
    @Test
    void networksThatCannotBeAreRefusedAtOnce() {
        for (final int[] wrong : new int[][]{{-1, 4, 8}, {4, -1, 8}, {2048, 4, 8}, {4, 2048, 8}, {4, 4, -8}, {4, 4, 7}, {4, 4, 0}}) {
            assertThrows(IllegalArgumentException.class,
                () -> new NormalizationStudyOptions(1, 4, 1, 0, wrong[0], wrong[1], 2, wrong[2], METHOD, List.of()),
                () -> Arrays.toString(wrong));
        }
    }

    /** Ten trainings; stopped in the eighth, the study goes on with that one and gives the same numbers. */
    @Test
    void goesOnWhereItWasStopped(@TempDir final Path folder) throws Exception {
        final NormalizationStudy study = new NormalizationStudy(cases(2), options(1));
        assertThrows(CancellationException.class, () -> study.run(Optional.of(folder), (fraction, message) -> {
            if (message.contains("experiment 6")) {
                throw new CancellationException();
            }
        }));
        final List<String> begun = new ArrayList<>();
        final NormalizationStudyResult resumed = study.run(Optional.of(folder), (fraction, message) -> begun.add(message));
        assertTrue(begun.stream().noneMatch(m -> m.contains("experiment 5")), begun.toString());
        assertEquals(10, resumed.trainings().size());
        assertEquals(10 * 2 * 3, resumed.scores().size(), "trainings, test subjects, classes");
        assertEquals(List.of("A", "C"), resumed.sites());
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(10, files.count());
        }
        final NormalizationStudyResult again = study.run(Optional.of(folder), Progress.NONE);
        assertEquals(resumed, again);
        final List<Path> written = NormalizationStudyFiles.write(again, options(1), folder);
        assertTrue(Files.readString(written.get(written.size() - 1)).contains("## Verdicts"));
    }

    @Test
    void runsSomeExperimentsOnly() {
        final NormalizationStudyResult result =
            new NormalizationStudy(cases(2), options(1), model -> model.name().equals("5d")).run(Optional.empty(), Progress.NONE);
        assertEquals(List.of("5d"), result.trainings().stream().map(NormalizationStudyResult.Training::model).toList());
        assertEquals(2 * 3, result.scores().size(), "test subjects, classes");
        final String message = assertThrows(LearningException.class,
            () -> new NormalizationStudy(cases(2), options(1), model -> false)).getMessage();
        assertTrue(message.contains("7b"), message);
    }

    @Test
    void whatIsNotAnnotatedIsBackground() {
        final TrainingCase c = cases(1).get(0);
        final LabelVolume truth = c.labels().get();
        final byte[] voxels = truth.voxels().clone();
        Arrays.fill(voxels, 0, 2000, (byte)NetworkSpec.UNANNOTATED);
        final LabelVolume marked = new LabelVolume(voxels, truth.geometry(), truth.info(), truth.labels());
        final byte[] expected = truth.voxels().clone();
        Arrays.fill(expected, 0, 2000, (byte)0);
        assertArrayEquals(expected, StudyRepetition.annotated(
            new TrainingCase(c.channels(), () -> marked, c.subject(), c.site(), c.role(), true)).voxels());
        assertArrayEquals(truth.voxels(), StudyRepetition.annotated(c).voxels());
    }

    @Test
    void refusesTooFewSubjectsOrSites() {
        final String message = assertThrows(LearningException.class,
            () -> new NormalizationStudy(cases(2), options(2)).run(Optional.empty(), Progress.NONE)).getMessage();
        assertTrue(message.contains("leave none to test on"), message);
        assertThrows(LearningException.class, () -> new NormalizationStudy(cases(2).subList(0, 2), options(1)));
        final TrainingCase c = cases(1).get(0);
        final List<TrainingCase> unlabeled = new ArrayList<>(cases(2));
        unlabeled.add(new TrainingCase(c.image(), null, "someone", "A", Role.TRAIN));
        assertThrows(LearningException.class, () -> new NormalizationStudy(unlabeled, options(1)));
    }
}
