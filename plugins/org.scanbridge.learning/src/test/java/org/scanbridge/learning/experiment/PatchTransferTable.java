package org.scanbridge.learning.experiment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.experiment.BrainSite;
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
import org.scanbridge.learning.method.StudyNotices;
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
 * relaxation times, on phantoms or on real label maps with lesions ({@link LesionHeads}). What else differs from the paper is
 * listed in docs/transfer-learning.md, where the verdicts were declared before the first run. A run that was stopped goes on
 * after the last finished training.
 */
public final class PatchTransferTable {

    private static final String PHANTOMS = "phantoms";

    /** Heads with lesions; nobody is at both sites. */
    private static final List<String> HEADS_AT_HOME = List.of("01", "06", "07", "10");

    private static final List<String> HEADS_AWAY = List.of("11", "12");

    /** Tested at both sites; learned from at none. */
    private static final List<String> HEADS_TESTED = List.of("13", "14");

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
     * @param arguments folder of the results, number of repetitions, steps of each training at the new site, {@code phantoms} or
     *            the folder of the label maps
     * @throws IOException if the label maps cannot be read or the results cannot be written
     */
    public static void main(final String[] arguments) throws IOException {
        final Path folder = Path.of(arguments[0]);
        final int repetitions = Integer.parseInt(arguments[1]);
        final int steps = Integer.parseInt(arguments[2]);
        final Checkpoints checkpoints = new Checkpoints(folder.resolve("trainings"), SAVE_INTERVAL);
        final boolean phantoms = arguments[3].equals(PHANTOMS);
        final Path maps = Path.of(arguments[3]);
        final Site home = phantoms ? Site.phantoms(SiteProtocols.FLAIR_SOURCE, SiteProtocols.FLAIR_SOURCE_T1)
            : Site.heads(maps, "P", HEADS_AT_HOME);
        final Site away = phantoms ? Site.phantoms(SiteProtocols.FLAIR_TARGET, SiteProtocols.FLAIR_TARGET_T1)
            : Site.heads(maps, "Q", HEADS_AWAY);
        final NetworkSpec spec =
            new NetworkSpec(NetworkSpec.Kind.PATCH_CNN, 2, 2, 8, 1, Norm.BATCH, new PatchSize(8, 8, 1));
        final Network source = SegmentationTraining.run(Network.untrained(spec, STUDY_SEED), home.trained,
            options(SOURCE_STEPS, SOURCE_VALIDATIONS), Optional.of(checkpoints), new Printed("^[^:]*:"),
            TrainingListener.NONE).network();
        final List<TransferStudy.Row> rows = TransferStudy.run(source, away.trained, away.tested,
            new TransferStudyOptions(options(steps, VALIDATIONS), phantoms ? List.of(1, 2, 4, 8) : List.of(1, 2),
                List.of(1, 2, 3, 6, 15), true, repetitions),
            Optional.of(checkpoints), new Printed("^[^:]*:"), new StudyNotices());
        TransferStudyFiles.write(new TransferResults(rows,
            Optional.of(TransferStudy.source(source, home.tested, Progress.NONE))), folder);
    }

    private static SegmentationOptions options(final int steps, final int validations) {
        return SegmentationOptions.defaults().withSteps(steps).withBatch(12).withLearningRate(3e-3).withSeed(STUDY_SEED)
            .withValidationInterval(steps / validations).withCenters(PatchCenters.onSubset(PatchCenters.LESION_SHARE))
            .withStopping(new Stopping(Stopping.Measure.AUC, 0, true));
    }

    /**
     * Subjects with FLAIR and T1.
     *
     * @param trained to train on, with those to validate on, if there are some
     * @param tested others
     */
    private record Site(List<TrainingCase> trained, List<TrainingCase> tested) {

        /** Each image is scaled to 0 to 1 between its percentiles 0.5 and 99.5. */
        static Site phantoms(final SiteProtocol flair, final SiteProtocol t1) {
            final List<TrainingCase> trained = new ArrayList<>(phantoms(flair, t1, 0, TRAINING, Role.TRAIN));
            trained.addAll(phantoms(flair, t1, TRAINING, VALIDATION, Role.VALIDATION));
            return new Site(trained, phantoms(flair, t1, TRAINING + VALIDATION, TEST, Role.VALIDATION));
        }

        /** Brains are cut out and z-scored; slices of 2 mm. Nobody is left to validate on, so the last step's weights are kept. */
        static Site heads(final Path maps, final String name, final List<String> trained) throws IOException {
            return new Site(heads(maps, name, trained, Role.TRAIN), heads(maps, name, HEADS_TESTED, Role.VALIDATION));
        }

        private static List<TrainingCase> heads(final Path maps, final String name, final List<String> heads, final Role role)
            throws IOException {
            final List<PhantomCases.Pair> bright = new LesionHeads(maps, site(name, "FLAIR"), STUDY_SEED, 0).ill(heads);
            final List<PhantomCases.Pair> weighted = new LesionHeads(maps, site(name, "T1"), STUDY_SEED, 1).ill(heads);
            final List<TrainingCase> cases = new ArrayList<>();
            for (int n = 0; n < heads.size(); n++) {
                cases.add(new TrainingCase(List.of(new ImageChannel("FLAIR", bright.get(n)::image),
                    new ImageChannel("T1", weighted.get(n)::image)), bright.get(n)::labels, heads.get(n), name, role));
            }
            return cases;
        }

        private static BrainSite site(final String name, final String sequence) {
            return new BrainSite(name, name + ' ' + sequence, 2, 1, 0.1, 4, 3, new double[3], 0);
        }

        private static List<TrainingCase> phantoms(final SiteProtocol flair, final SiteProtocol t1, final int first,
            final int count, final Role role) {
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
