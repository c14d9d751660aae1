package org.scanbridge.learning.method;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.labels.IgnoredVoxels;
import org.scanbridge.imaging.metrics.ConfusionCounts;
import org.scanbridge.imaging.metrics.LesionDetection;
import org.scanbridge.imaging.metrics.RocCurve;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.NetworkPlan;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.data.CaseSet;
import org.scanbridge.learning.data.Role;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.predict.Prediction;
import org.scanbridge.learning.predict.PredictionOptions;
import org.scanbridge.learning.predict.SlidingWindowPredictor;
import org.scanbridge.learning.train.Checkpoints;

/**
 * How many cases of a new site a network needs, and how many of its blocks should be trained on them (Ghafoorian et al.,
 * MICCAI 2017, Fig. 2): for every number of cases n and every depth d, a copy of the source network whose deepest d blocks
 * are trained on n cases while the others keep their weights and running statistics; beside it networks trained from scratch
 * on the same cases, and the source network as it is. Each is measured on the same test cases.
 * <p>
 * The cases of a seed are nested: those of n = 2 are among those of n = 4. All trainings of a seed have the same number of
 * steps and the same random numbers.
 */
public final class TransferStudy {

    private static final long CHOICE = 0x7472616E73666572L; // the draw of the cases, apart from those of the patches

    private static final PredictionOptions WITH_PROBABILITIES =
        new PredictionOptions(SlidingWindowPredictor.DEFAULT_OVERLAP, Set.of(), false, true);

    /** What a network of the study starts from. */
    public enum Start {
        /** The source network, without any training. */
        SOURCE,
        /** The source network. */
        FINE_TUNED,
        /** Fresh weights. */
        SCRATCH
    }

    /**
     * What one network of the study achieves.
     *
     * @param start what it started from
     * @param tuned how many blocks were trained; 0 for the source network
     * @param cases how many cases it was trained on; 0 for the source network
     * @param seed of the cases and the training; 0 for the source network
     * @param dice mean over test cases and foreground classes; NaN if no test case has a class
     * @param lesionF1 the same mean of the F1 score of connected components, see {@link LesionDetection#DEFAULT}; NaN if no
     *            test case has one
     * @param auc mean over test cases and foreground classes, or regions if the network has some, of the area under the ROC
     *            curve of the probability, see {@link RocCurve}; NaN if no test case has both a class and something else
     */
    public record Row(Start start, int tuned, int cases, long seed, double dice, double lesionF1, double auc) {

        private static Row unmeasured(final Start start, final int tuned, final int cases, final long seed) {
            return new Row(start, tuned, cases, seed, Double.NaN, Double.NaN, Double.NaN);
        }

        boolean isSameCell(final Row other) {
            return start == other.start && tuned == other.tuned && cases == other.cases && seed == other.seed;
        }
    }

    private TransferStudy() {
    }

    /**
     * Runs the study.
     *
     * @param source the source network
     * @param cases training cases of the target, of which n are used, and validation cases, all of which are used
     * @param test labeled test cases, subjects of their own; their role does not matter
     * @param options what to try
     * @param checkpoints where finished results and the states of trainings are kept, so that an interrupted study goes on;
     *            empty for nowhere
     * @param progress learns of the trainings; cancels between steps
     * @param notices learns what there is to say of the cases of the trainings that are not finished yet
     * @return the source network's row, then all others by seed, number of cases and depth
     * @throws LearningException if there are fewer labeled training cases than asked for, no labeled test case, or a test
     *             subject is trained or validated on
     * @throws UncheckedIOException if results cannot be kept
     */
    public static List<Row> run(final Network source, final List<TrainingCase> cases, final List<TrainingCase> test,
        final TransferStudyOptions options, final Optional<Checkpoints> checkpoints, final Progress progress,
        final StudyNotices notices) {
        source.spec().requireTrainable();
        final List<TrainingCase> labeled = cases.stream().filter(TrainingCase::labeled).toList();
        final List<TrainingCase> measured = test.stream().filter(TrainingCase::labeled).toList();
        check(labeled, measured, options);
        final List<Row> cells = cells(source, options);
        final TransferResults results = new TransferResults(checkpoints.map(Checkpoints::directory),
            key(source, labeled, measured, options, progress.part(0, 0.02)));
        final List<Row> rows = new ArrayList<>();
        for (int n = 0; n < cells.size(); n++) {
            final Row cell = cells.get(n);
            final Progress part = progress.part(0.02 + 0.98 * n / cells.size(), 0.02 + 0.98 * (n + 1) / cells.size());
            final String name = "Network " + (n + 1) + " of " + cells.size() + ": ";
            final Optional<Row> known = results.find(cell);
            if (known.isPresent()) {
                rows.add(known.get());
            } else {
                final Row row = measure(source, labeled, measured, options, cell, checkpoints,
                    (fraction, message) -> part.report(fraction, name + message), notices);
                results.add(row);
                rows.add(row);
            }
        }
        return rows;
    }

    /**
     * Measures the source network as it is, such as on test cases of its own site.
     *
     * @param source the source network
     * @param test labeled test cases
     * @param progress learns of the cases
     * @return a row of start {@link Start#SOURCE}
     */
    public static Row source(final Network source, final List<TrainingCase> test, final Progress progress) {
        return scored(Row.unmeasured(Start.SOURCE, 0, 0, 0), source,
            test.stream().filter(TrainingCase::labeled).toList(), progress);
    }

    private static void check(final List<TrainingCase> cases, final List<TrainingCase> test,
        final TransferStudyOptions options) {
        final int subjects = subjects(cases).size();
        final int most = options.cases().get(options.cases().size() - 1);
        if (subjects < most) {
            throw new LearningException("The study asks for " + most + " training cases, but only " + subjects
                + " subjects of the training table have a segmentation. Ask for fewer, or add segmentations.");
        }
        if (test.isEmpty()) {
            throw new LearningException("No test case has a segmentation, so nothing can be measured. Connect the labeled "
                + "test subjects of the target.");
        }
        final Set<String> used = cases.stream().map(TrainingCase::subject).collect(Collectors.toSet());
        for (final TrainingCase each : test) {
            if (used.contains(each.subject())) {
                throw new LearningException("Subject " + each.subject() + " is a test subject, but also trained or validated "
                    + "on. Split by subject, so that all images of a subject have one role.");
            }
        }
    }

    private static List<String> subjects(final List<TrainingCase> cases) {
        return List.copyOf(cases.stream().filter(c -> c.role() == Role.TRAIN).map(TrainingCase::subject)
            .collect(Collectors.toCollection(TreeSet::new)));
    }

    /** All networks of the study, not yet measured. */
    private static List<Row> cells(final Network source, final TransferStudyOptions options) {
        final int blocks = NetworkPlan.of(source.spec()).blocks().size();
        final List<Integer> depths = options.tuned().stream().map(d -> Math.min(d, blocks)).distinct().toList();
        final List<Row> cells = new ArrayList<>();
        cells.add(Row.unmeasured(Start.SOURCE, 0, 0, 0));
        for (int s = 0; s < options.seeds(); s++) {
            final long seed = options.training().seed() + s;
            for (final int n : options.cases()) {
                depths.forEach(d -> cells.add(Row.unmeasured(Start.FINE_TUNED, d, n, seed)));
                if (options.scratch()) {
                    cells.add(Row.unmeasured(Start.SCRATCH, blocks, n, seed));
                }
            }
        }
        return cells;
    }

    private static String key(final Network source, final List<TrainingCase> cases, final List<TrainingCase> test,
        final TransferStudyOptions options, final Progress progress) {
        // the same subject may not be loaded in two roles, so the test cases are hashed apart
        final String trained = CaseSet.load(cases, source.spec(), c -> true, progress.part(0, 0.5)).hash();
        final String tested = CaseSet.load(test, source.spec(), c -> true, progress.part(0.5, 1)).hash();
        return source.weights().hash() + ' ' + trained + ' ' + tested + ' '
            + new TreeMap<>(options.training().withFrozenBlocks(0).asMap());
    }

    private static Row measure(final Network source, final List<TrainingCase> cases, final List<TrainingCase> test,
        final TransferStudyOptions options, final Row cell, final Optional<Checkpoints> checkpoints,
        final Progress progress, final StudyNotices notices) {
        final Network network;
        if (cell.start() == Start.SOURCE) {
            network = source;
        } else {
            final Set<String> chosen = Set.copyOf(chosen(subjects(cases), cell));
            final List<TrainingCase> used =
                cases.stream().filter(c -> c.role() == Role.VALIDATION || chosen.contains(c.subject())).toList();
            final NetworkSpec spec = source.spec();
            final Network start = cell.start() == Start.FINE_TUNED ? source : new Network(spec,
                Network.untrained(spec, cell.seed()).weights(), source.labels(), source.provenance());
            final int frozen = NetworkPlan.of(spec).blocks().size() - cell.tuned();
            network = SegmentationTraining.run(start, used,
                options.training().withSeed(cell.seed()).withFrozenBlocks(frozen), checkpoints,
                progress.part(0, 0.9), notices.of("on " + cell.cases() + (cell.cases() == 1 ? " case" : " cases") + ", seed " + cell.seed()))
                .network();
        }
        return scored(cell, network, test, progress.part(0.9, 1));
    }

    /** The first n subjects in an order that depends on the seed alone. */
    private static List<String> chosen(final List<String> subjects, final Row cell) {
        final int[] order = new int[subjects.size()];
        for (int n = 0; n < order.length; n++) {
            order[n] = n;
        }
        SeededRandom.of(cell.seed(), CHOICE).shuffle(order);
        final List<String> chosen = new ArrayList<>();
        for (int n = 0; n < cell.cases(); n++) {
            chosen.add(subjects.get(order[n]));
        }
        return chosen;
    }

    private static Row scored(final Row cell, final Network network, final List<TrainingCase> test,
        final Progress progress) {
        final List<OptionalDouble> dice = new ArrayList<>();
        final List<OptionalDouble> lesions = new ArrayList<>();
        final List<OptionalDouble> areas = new ArrayList<>();
        try (SlidingWindowPredictor predictor = new SlidingWindowPredictor(List.of(network), WITH_PROBABILITIES)) {
            for (int c = 0; c < test.size(); c++) {
                final LabelVolume truth = test.get(c).labels().get();
                final Prediction prediction = predictor.segment(test.get(c).images(),
                    progress.part((double)c / test.size(), (c + 1.0) / test.size()));
                final Set<Integer> unannotated = test.get(c).unannotated();
                final LabelVolume found = IgnoredVoxels.without(prediction.labels(), truth, unannotated);
                final LabelVolume there = IgnoredVoxels.without(truth, truth, unannotated);
                for (int label = 1; label < network.spec().classes(); label++) {
                    dice.add(ConfusionCounts.of(found, there, label).dice());
                    lesions.add(LesionDetection.DEFAULT.score(found, there, label).f1());
                }
                areas.addAll(areas(network.spec(), prediction.probabilities(), truth, unannotated));
            }
        }
        return new Row(cell.start(), cell.tuned(), cell.cases(), cell.seed(), mean(dice), mean(lesions), mean(areas));
    }

    /** Of each map that is no background. */
    private static List<OptionalDouble> areas(final NetworkSpec spec, final List<Volume> maps, final LabelVolume truth,
        final Set<Integer> unannotated) {
        final List<OptionalDouble> areas = new ArrayList<>();
        for (int m = spec.regions().isEmpty() ? 1 : 0; m < maps.size(); m++) {
            final Set<Integer> classes = spec.regions().isEmpty() ? Set.of(m) : Set.copyOf(spec.regions().get(m).classes());
            areas.add(RocCurve.of(maps.get(m), truth, classes, unannotated).area());
        }
        return areas;
    }

    private static double mean(final List<OptionalDouble> scores) {
        return scores.stream().filter(OptionalDouble::isPresent).mapToDouble(OptionalDouble::getAsDouble).average()
            .orElse(Double.NaN);
    }

    /** Finished rows, in memory and in a file. */
    private static final class TransferResults {

        private final Optional<ResultFile> m_file;

        private final List<Row> m_rows = new ArrayList<>();

        TransferResults(final Optional<Path> folder, final String key) {
            m_file = folder.map(f -> new ResultFile(f, key));
            try {
                if (m_file.isPresent()) {
                    m_rows.addAll(m_file.get().read());
                }
            } catch (final IOException e) {
                throw new UncheckedIOException("The results of an earlier run cannot be read: " + e.getMessage(), e);
            }
        }

        Optional<Row> find(final Row cell) {
            return m_rows.stream().filter(cell::isSameCell).findFirst();
        }

        void add(final Row row) {
            m_rows.add(row);
            try {
                if (m_file.isPresent()) {
                    m_file.get().write(m_rows);
                }
            } catch (final IOException e) {
                throw new UncheckedIOException("The results cannot be kept: " + e.getMessage(), e);
            }
        }
    }
}
