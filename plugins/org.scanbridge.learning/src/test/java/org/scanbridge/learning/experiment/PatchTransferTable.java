package org.scanbridge.learning.experiment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.normalize.Background;
import org.scanbridge.imaging.normalize.FittedNormalizer;
import org.scanbridge.imaging.normalize.Foreground;
import org.scanbridge.imaging.normalize.IntensityNormalization;
import org.scanbridge.imaging.normalize.PercentileScaling;
import org.scanbridge.imaging.normalize.Sample;
import org.scanbridge.imaging.normalize.Scope;
import org.scanbridge.imaging.phantom.PhantomStudy;
import org.scanbridge.imaging.phantom.SiteProtocol;
import org.scanbridge.imaging.phantom.SiteProtocols;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.data.ImageChannel;
import org.scanbridge.learning.data.PatchCenters;
import org.scanbridge.learning.data.Role;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.method.SegmentationOptions;
import org.scanbridge.learning.method.SegmentationTraining;
import org.scanbridge.learning.method.TransferStudy;
import org.scanbridge.learning.method.TransferStudyOptions;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.study.TransferResults;
import org.scanbridge.learning.study.TransferStudyFiles;
import org.scanbridge.learning.train.Checkpoints;
import org.scanbridge.learning.train.Stopping;
import org.scanbridge.learning.train.TrainingListener;

/**
 * The transfer study with what Ghafoorian et al. (MICCAI 2017) used: their network of 15 layers on slices, FLAIR and T1, a fixed
 * quarter of the lesion voxels, weights chosen by the area under the ROC curve; between two sites whose contrasts follow from
 * relaxation times. What else differs from the paper is listed in docs/transfer-learning.md, where the verdicts were declared
 * before the first run. A run that was stopped goes on after the last finished training.
 */
public final class PatchTransferTable {

    private static final long STUDY_SEED = 1;

    private static final int SIZE = 40;

    private static final int TRAINING = 10;

    private static final int VALIDATION = 2;

    private static final int TEST = 4;

    private static final int SOURCE_STEPS = 400;

    private static final int SOURCE_VALIDATIONS = 4;

    private static final int VALIDATIONS = 2;

    private static final int SAVE_INTERVAL = 1000;

    private PatchTransferTable() {
    }

    /**
     * @param arguments folder of the results, number of repetitions, steps of each training at the new site
     * @throws IOException if the results cannot be written
     */
    public static void main(final String[] arguments) throws IOException {
        final Path folder = Path.of(arguments[0]);
        final int repetitions = Integer.parseInt(arguments[1]);
        final int steps = Integer.parseInt(arguments[2]);
        final Checkpoints checkpoints = new Checkpoints(folder.resolve("trainings"), SAVE_INTERVAL);
        final Site home = new Site(SiteProtocols.FLAIR_SOURCE, SiteProtocols.FLAIR_SOURCE_T1);
        final Site away = new Site(SiteProtocols.FLAIR_TARGET, SiteProtocols.FLAIR_TARGET_T1);
        final NetworkSpec spec =
            new NetworkSpec(NetworkSpec.Kind.PATCH_CNN, 2, 2, 8, 1, Norm.BATCH, new PatchSize(8, 8, 1));
        final Network source = SegmentationTraining.run(Network.untrained(spec, STUDY_SEED), home.trained(),
            options(SOURCE_STEPS, SOURCE_VALIDATIONS), Optional.of(checkpoints), new Printed("^[^:]*:"),
            TrainingListener.NONE).network();
        final List<TransferStudy.Row> rows = TransferStudy.run(source, away.trained(), away.tested(),
            new TransferStudyOptions(options(steps, VALIDATIONS), List.of(1, 2, 4, 8), List.of(1, 2, 3, 6, 15), true, repetitions),
            Optional.of(checkpoints), new Printed("^[^:]*:"));
        TransferStudyFiles.write(new TransferResults(rows,
            Optional.of(TransferStudy.source(source, home.tested(), Progress.NONE))), folder);
    }

    private static SegmentationOptions options(final int steps, final int validations) {
        return SegmentationOptions.defaults().withSteps(steps).withBatch(12).withLearningRate(3e-3).withSeed(STUDY_SEED)
            .withValidationInterval(steps / validations).withCenters(PatchCenters.onSubset(PatchCenters.LESION_SHARE))
            .withStopping(new Stopping(Stopping.Measure.AUC, 0, true));
    }

    /** Subjects with FLAIR and T1, each scaled to 0 to 1 between its percentiles 0.5 and 99.5. */
    private record Site(SiteProtocol flair, SiteProtocol t1) {

        List<TrainingCase> trained() {
            final List<TrainingCase> cases = new ArrayList<>(cases(0, TRAINING, Role.TRAIN));
            cases.addAll(cases(TRAINING, VALIDATION, Role.VALIDATION));
            return cases;
        }

        List<TrainingCase> tested() {
            return cases(TRAINING + VALIDATION, TEST, Role.VALIDATION);
        }

        private List<TrainingCase> cases(final int first, final int count, final Role role) {
            // one study of both sites, so that no subject is at both
            final PhantomStudy study =
                new PhantomStudy(List.of(SiteProtocols.FLAIR_SOURCE, SiteProtocols.FLAIR_TARGET), SIZE, STUDY_SEED);
            final int site = study.sites().indexOf(flair);
            final FittedNormalizer normalizer = new IntensityNormalization(PercentileScaling.DEFAULT, Foreground.ABOVE_ZERO,
                Scope.IMAGE, Background.CONSTANT).fit(List.of());
            final List<TrainingCase> cases = new ArrayList<>();
            for (int n = first; n < first + count; n++) {
                final PhantomStudy.Subject subject = study.subject(site, n);
                final Volume bright = normalizer.apply(Sample.of(subject.image()));
                final Volume weighted = normalizer.apply(Sample.of(study.secondScan(site, n, t1, "T1")));
                cases.add(new TrainingCase(
                    List.of(new ImageChannel("FLAIR", () -> bright), new ImageChannel("T1", () -> weighted)), subject::labels,
                    subject.image().info().subject(), flair.site(), role));
            }
            return cases;
        }
    }
}
