package org.scanbridge.learning.experiment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;

import org.scanbridge.imaging.experiment.AtlasTable;
import org.scanbridge.imaging.experiment.BrainSite;
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

import net.imglib2.parallel.TaskExecutor;
import net.imglib2.parallel.TaskExecutors;

/**
 * The study of normalizations of docs/adversarial-normalization.md at any length, and some of its experiments only: adults A,
 * infants I and the control C of the Synthetic Sites, 14 subjects of 48³ each; or eight real heads, four painted as at site A (T1)
 * and four as at B2 (T2-like). Everything but the number of steps, and for heads the patches of 24³ and the split, is as the node
 * Normalization Study and its workflow have it; the first stage takes a fifth of the steps, as there. A run that was stopped
 * goes on after the last finished training.
 */
public final class NormalizationTable {

    private static final String PHANTOMS = "phantoms";

    /** Heads of each site, two to train on, one to validate on, one to test. */
    private static final List<List<String>> HEADS = List.of(List.of("01", "06", "07", "10"), List.of("11", "12", "13", "14"));

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
     *            repetition, {@code all} or the experiments separated by commas, as {@code 1-4 A,5b,7}, {@code phantoms} or the
     *            folder of the label maps
     * @throws IOException if the label maps cannot be read or the results cannot be written
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
        final int repetitions = Integer.parseInt(arguments[2]);
        final boolean phantoms = arguments[5].equals(PHANTOMS);
        final NormalizationStudyOptions options =
            phantoms ? new NormalizationStudyOptions(repetitions, seed, 6, 2, 8, 12, 3, 16, method, List.of("C"))
                : new NormalizationStudyOptions(repetitions, seed, 2, 1, 8, 12, 3, 24, method, List.of());
        final List<String> experiments = List.of(arguments[4].split(","));
        final NormalizationStudy study = new NormalizationStudy(
            phantoms ? phantoms(seed) : heads(Path.of(arguments[5]), seed), options,
            model -> experiments.contains("all") || experiments.contains(model.name().replace('–', '-')));
        NormalizationStudyFiles.write(study.run(Optional.of(folder), new Printed("^.*experiment [^,]+,")), options, folder);
    }

    private static List<TrainingCase> phantoms(final long seed) {
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

    /** As scanned, not normalized: other heads at both sites. */
    private static List<TrainingCase> heads(final Path maps, final long seed) throws IOException {
        final List<BrainSite> reported = AtlasTable.reported(2);
        final List<BrainSite> sites = List.of(reported.get(0), reported.get(2));
        final List<TrainingCase> cases = new ArrayList<>();
        try (TaskExecutor workers = TaskExecutors.fixedThreadPool(2)) {
            for (int site = 0; site < sites.size(); site++) {
                for (final String head : HEADS.get(site)) {
                    final BrainSite.Scan scan = SiteData.scan(sites.get(site), head, maps, new HashMap<>(), seed, workers);
                    cases.add(new TrainingCase(scan::image, scan::truth, head, sites.get(site).name(), Role.TRAIN));
                }
            }
        }
        return cases;
    }
}
