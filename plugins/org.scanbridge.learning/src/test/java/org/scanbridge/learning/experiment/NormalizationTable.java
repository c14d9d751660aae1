package org.scanbridge.learning.experiment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.scanbridge.imaging.phantom.PhantomStudy;
import org.scanbridge.imaging.phantom.SiteProtocols;
import org.scanbridge.learning.data.Role;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.graph.SegmentationLossSpec.DiceForm;
import org.scanbridge.learning.method.AdversarialNormalizationOptions;
import org.scanbridge.learning.method.AdversarialNormalizationOptions.Adversary;
import org.scanbridge.learning.method.LossOptions;
import org.scanbridge.learning.study.NormalizationStudy;
import org.scanbridge.learning.study.NormalizationStudyFiles;
import org.scanbridge.learning.study.NormalizationStudyOptions;

/**
 * The study of normalizations of docs/adversarial-normalization.md at any length, and some of its experiments only: adults A,
 * infants I and the control C of the Synthetic Sites, 14 subjects of 48³ each. Everything but the number of steps is as the node
 * Normalization Study and its workflow have it; the first stage takes a fifth of the steps, as there. A run that was stopped
 * goes on after the last finished training.
 */
public final class NormalizationTable {

    private static final int SUBJECTS = 14;

    private static final int SIZE = 48;

    /** Part of the first stage in which the generator learns to copy. */
    private static final int FIRST_STAGE = 5;

    private static final int VALIDATIONS = 4;

    private static final double RATE = 2e-3;

    private NormalizationTable() {
    }

    /**
     * @param arguments folder of the results, steps of each training, repetitions, seed of the study and of its first
     *            repetition, {@code all} or the experiments separated by commas, as {@code 1-4 A,5b,7}
     * @throws IOException if the results cannot be written
     */
    public static void main(final String[] arguments) throws IOException {
        final Path folder = Path.of(arguments[0]);
        final int steps = Integer.parseInt(arguments[1]);
        final long seed = Long.parseLong(arguments[3]);
        final AdversarialNormalizationOptions defaults = AdversarialNormalizationOptions.defaults();
        final AdversarialNormalizationOptions method = defaults.withReconstructionSteps(0)
            .withSegmentation(defaults.segmentation().withSteps(steps).withBatch(4).withLearningRate(RATE)
                .withValidationInterval(steps / VALIDATIONS).withLoss(LossOptions.defaults().withDiceForm(DiceForm.POOLED)))
            .withReconstructionSteps(steps / FIRST_STAGE).withGeneratorThen(1)
            .withAdversary(Optional.of(Adversary.defaults().withLearningRate(RATE)));
        final NormalizationStudyOptions options = new NormalizationStudyOptions(Integer.parseInt(arguments[2]), seed, 6, 2, 8, 12,
            3, 16, method, List.of("C"));
        final List<String> experiments = List.of(arguments[4].split(","));
        final NormalizationStudy study = new NormalizationStudy(cases(seed), options,
            model -> experiments.contains("all") || experiments.contains(model.name().replace('–', '-')));
        NormalizationStudyFiles.write(study.run(Optional.of(folder), new Printed("^.*experiment [^,]+,")), options, folder);
    }

    private static List<TrainingCase> cases(final long seed) {
        final PhantomStudy study =
            new PhantomStudy(List.of(SiteProtocols.A, SiteProtocols.C, SiteProtocols.INFANT), SIZE, seed);
        final List<TrainingCase> cases = new ArrayList<>();
        for (int site = 0; site < study.sites().size(); site++) {
            for (int n = 0; n < SUBJECTS; n++) {
                final PhantomStudy.Subject subject = study.subject(site, n);
                cases.add(new TrainingCase(subject::image, subject::labels, subject.image().info().subject(),
                    subject.image().info().site(), Role.TRAIN));
            }
        }
        return cases;
    }
}
