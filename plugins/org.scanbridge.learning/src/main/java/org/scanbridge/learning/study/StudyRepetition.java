package org.scanbridge.learning.study;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.labels.IgnoredVoxels;
import org.scanbridge.imaging.metrics.ConfusionCounts;
import org.scanbridge.imaging.metrics.HistogramRange;
import org.scanbridge.imaging.metrics.JensenShannonDivergence;
import org.scanbridge.imaging.metrics.SiteDivergence;
import org.scanbridge.imaging.metrics.SiteIntensities;
import org.scanbridge.imaging.metrics.SurfaceDistances;
import org.scanbridge.imaging.split.Part;
import org.scanbridge.imaging.split.Proportions;
import org.scanbridge.imaging.split.SubjectSplit;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.Parameter;
import org.scanbridge.learning.data.Role;
import org.scanbridge.learning.data.ImageChannel;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.graph.GeneratorObjective;
import org.scanbridge.learning.method.AdversarialNormalization;
import org.scanbridge.learning.method.AdversarialNormalizationOptions;
import org.scanbridge.learning.method.AdversarialNormalizationOptions.Adversary;
import org.scanbridge.learning.method.SegmentationOptions;
import org.scanbridge.learning.method.SegmentationTraining;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.predict.LearnedNormalization;
import org.scanbridge.learning.predict.SlidingWindowPredictor;
import org.scanbridge.learning.study.NormalizationStudyResult.Divergence;
import org.scanbridge.learning.study.NormalizationStudyResult.Ending;
import org.scanbridge.learning.study.NormalizationStudyResult.Game;
import org.scanbridge.learning.study.NormalizationStudyResult.Measurements;
import org.scanbridge.learning.study.NormalizationStudyResult.Score;
import org.scanbridge.learning.study.NormalizationStudyResult.Similarity;
import org.scanbridge.learning.study.NormalizationStudyResult.SiteAccuracy;
import org.scanbridge.learning.study.NormalizationStudyResult.Training;
import org.scanbridge.learning.study.StudyModel.Input;
import org.scanbridge.learning.study.StudyModel.Kind;
import org.scanbridge.learning.train.NormalizationResult;
import org.scanbridge.learning.train.StepMetrics;
import org.scanbridge.learning.train.TrainingListener;
import org.scanbridge.learning.train.TrainingResult;

import net.imglib2.parallel.TaskExecutor;
import net.imglib2.parallel.TaskExecutors;

/** One repetition of a {@link NormalizationStudy}: split, trainings, tests. */
final class StudyRepetition {

    /** The networks of one training. */
    private record Trained(Optional<Network> generator, Network segmenter) {
    }

    private final List<String> m_sites;

    private final List<StudyModel> m_models;

    private final NormalizationStudyOptions m_options;

    private final int m_classes;

    private final List<Score> m_scores = new ArrayList<>();

    private final List<Divergence> m_divergences = new ArrayList<>();

    private final List<Similarity> m_similarities = new ArrayList<>();

    private final List<SiteAccuracy> m_siteTests = new ArrayList<>();

    private final List<Game> m_games = new ArrayList<>();

    private final List<Training> m_trainings = new ArrayList<>();

    private final long m_seed;

    private final List<TrainingCase> m_training = new ArrayList<>();

    private final List<TrainingCase> m_validation = new ArrayList<>();

    private final List<TrainingCase> m_test = new ArrayList<>();

    private final StudyImages m_images;

    StudyRepetition(final List<TrainingCase> cases, final List<String> sites, final List<StudyModel> models,
        final NormalizationStudyOptions options, final int classes, final long seed) {
        m_sites = sites;
        m_models = models;
        m_options = options;
        m_classes = classes;
        m_seed = seed;
        final int total = (int)cases.stream().filter(c -> c.site().equals(m_sites.get(0)))
            .map(TrainingCase::subject).distinct().count();
        final int test = total - m_options.training() - m_options.validation();
        if (test < 1) {
            throw new LearningException("Site " + m_sites.get(0) + " has " + total + " subjects; "
                + m_options.training() + " for training and " + m_options.validation()
                + " for validation leave none to test on. Add subjects, or use fewer.");
        }
        final SubjectSplit split = SubjectSplit.of(
            cases.stream().map(c -> new SubjectSplit.Subject(c.subject(), c.site())).toList(),
            Proportions.counts(m_options.training(), m_options.validation(), test), seed);
        for (final TrainingCase c : cases) {
            final Part part = split.part(c.subject());
            (part == Part.TRAINING ? m_training : part == Part.VALIDATION ? m_validation : m_test).add(c);
        }
        m_images = new StudyImages(m_training);
    }

    /**
     * @param store keeps what trainings gave; what it has is not run again
     * @return one piece per training, and one for what needs none
     */
    List<Measurements> run(final Optional<MeasurementStore> store, final Progress progress) {
        final List<Measurements> all = new ArrayList<>();
        for (int m = 0; m < m_models.size(); m++) {
            final StudyModel model = m_models.get(m);
            final Progress part = progress.part((double)m / m_models.size(), (m + 1.0) / m_models.size());
            all.add(store.flatMap(s -> s.load(m_seed, model)).orElseGet(() -> {
                final Trained trained = train(model,
                    (fraction, message) -> part.report(0.9 * fraction, "experiment " + model.name() + ", " + message));
                part.report(0.9, "testing experiment " + model.name());
                test(model, trained, part.part(0.9, 1));
                final Measurements measured = take();
                store.ifPresent(s -> s.save(m_seed, model, measured));
                return measured;
            }));
        }
        for (final Input input : List.of(Input.SCALED, Input.Z_IMAGE, Input.NYUL)) {
            progress.report(1, "comparing the sites");
            compareSites(input.title(), c -> m_images.of(c.image().get(), input), input == Input.SCALED);
        }
        all.add(take());
        return all;
    }

    /** What was measured since the last time. */
    private Measurements take() {
        final Measurements taken = new Measurements(m_seed, List.copyOf(m_scores), List.copyOf(m_divergences),
            List.copyOf(m_similarities), List.copyOf(m_siteTests), List.copyOf(m_games), List.copyOf(m_trainings));
        m_scores.clear();
        m_divergences.clear();
        m_similarities.clear();
        m_siteTests.clear();
        m_games.clear();
        m_trainings.clear();
        return taken;
    }

    private TrainingCase scaled(final TrainingCase c, final Input input, final Role role) {
        return new TrainingCase(List.of(new ImageChannel("image", () -> m_images.of(c.image().get(), input))), c.labels(),
            c.subject(), c.site(), role, c.partial());
    }

    /** The segmentation with background where it is not annotated. */
    static LabelVolume annotated(final TrainingCase c) {
        final LabelVolume labels = c.labels().get();
        return IgnoredVoxels.without(labels, labels, c.unannotated());
    }

    private Trained train(final StudyModel model, final Progress progress) {
        final List<TrainingCase> cases = new ArrayList<>();
        m_training.stream().filter(c -> model.sites().contains(c.site()))
            .forEach(c -> cases.add(scaled(c, model.input(), Role.TRAIN)));
        m_validation.stream().filter(c -> model.sites().contains(c.site()))
            .forEach(c -> cases.add(scaled(c, model.input(), Role.VALIDATION)));
        final AdversarialNormalizationOptions method = m_options.method();
        final SegmentationOptions segmentation = method.segmentation().withSeed(m_seed);
        final NetworkSpec spec = NetworkSpec.unet3d(m_classes, model.generates() ? m_options.width()
            : m_options.wideWidth(), m_options.levels(), m_options.patch());
        final Network untrained = Network.untrained(spec, m_seed);
        if (!model.generates()) {
            final TrainingResult result =
                SegmentationTraining.run(untrained, cases, segmentation, progress, TrainingListener.NONE);
            note(model, List.of(result.network()), result.curve(), result.trainingSeconds() + result.validationSeconds());
            return new Trained(Optional.empty(), result.network());
        }
        final Optional<Adversary> adversary = switch (model.kind()) {
            case ADVERSARIAL -> method.adversary();
            case CONFUSION -> method.adversary().map(a -> a.withObjective(GeneratorObjective.CONFUSION));
            default -> Optional.empty();
        };
        final NormalizationResult result = AdversarialNormalization.run(untrained, cases,
            method.withSegmentation(segmentation).withAdversary(adversary), progress, TrainingListener.NONE);
        note(model, List.of(result.generator(), result.segmenter()), result.curve(),
            result.trainingSeconds() + result.validationSeconds());
        if (model.kind() != Kind.UNCONSTRAINED) {
            m_games.add(game(model, result.curve()));
        }
        return new Trained(Optional.of(result.generator()), result.segmenter());
    }

    private void note(final StudyModel model, final List<Network> networks, final List<StepMetrics> curve,
        final double seconds) {
        final long weights = networks.stream().flatMap(n -> n.weights().parameters().stream())
            .filter(Parameter::trainable).mapToLong(Parameter::size).sum();
        m_trainings.add(new Training(m_seed, model.name(), weights, networks.get(0).provenance().validationDice(),
            networks.get(0).provenance().keptStep(), Ending.of(curve), seconds));
    }

    private Game game(final StudyModel model, final List<StepMetrics> curve) {
        final List<StepMetrics> last = curve.subList(curve.size() - Math.max(1, curve.size() / 10), curve.size());
        return new Game(m_seed, model.name(), mean(last, m -> m.others().get("Sites Recognized")),
            mean(last, m -> m.others().get("Generated Recognized")), mean(last, StepMetrics::domainLoss));
    }

    private double mean(final List<StepMetrics> curve, final ToDoubleFunction<StepMetrics> value) {
        return curve.stream().mapToDouble(value).average().orElse(Double.NaN);
    }

    private void test(final StudyModel model, final Trained trained, final Progress progress) {
        try (SlidingWindowPredictor predictor = new SlidingWindowPredictor(trained.segmenter());
                LearnedNormalization normalization =
                    trained.generator().map(LearnedNormalization::new).orElse(null);
                TaskExecutor workers = TaskExecutors.singleThreaded()) {
            final Progress quiet = (fraction, message) -> progress.report(0.5, "testing experiment " + model.name());
            final Map<String, Volume> normalized = new LinkedHashMap<>();
            for (final TrainingCase c : m_test) {
                final Volume scaled = m_images.of(c.image().get(), model.input());
                final LabelVolume labels = c.labels().get();
                final LabelVolume truth = IgnoredVoxels.without(labels, labels, c.unannotated());
                final Volume image = normalization == null ? scaled : normalization.apply(scaled, quiet);
                if (normalization != null) {
                    m_similarities.add(similarity(model, c, scaled, image, truth));
                    normalized.put(c.subject(), image);
                }
                score(model, c, IgnoredVoxels.without(predictor.predict(image, quiet), labels, c.unannotated()), truth,
                    workers);
            }
            if (normalization != null) {
                compareSites(model.name(), c -> {
                    final Volume done = normalized.get(c.subject());
                    return done != null ? done
                        : normalization.apply(m_images.of(c.image().get(), model.input()), quiet);
                }, true);
            }
        }
    }

    private void score(final StudyModel model, final TrainingCase c, final LabelVolume prediction,
        final LabelVolume truth, final TaskExecutor workers) {
        for (int label = 1; label < m_classes; label++) {
            final Optional<SurfaceDistances> distances =
                SurfaceDistances.of(prediction, truth, label, workers);
            m_scores.add(new Score(m_seed, model.name(), c.site(), c.subject(), label,
                ConfusionCounts.of(prediction, truth, label).dice().orElse(Double.NaN),
                distances.map(SurfaceDistances::hausdorff95).orElse(Double.NaN),
                distances.map(SurfaceDistances::averageSymmetric).orElse(Double.NaN)));
        }
    }

    private Similarity similarity(final StudyModel model, final TrainingCase c, final Volume before,
        final Volume after, final LabelVolume truth) {
        final Correlation correlation = new Correlation();
        for (int v = 0; v < truth.voxels().length; v++) {
            if (truth.voxels()[v] != 0) {
                correlation.add(before.voxels()[v], after.voxels()[v]);
            }
        }
        return new Similarity(m_seed, model.name(), c.site(), c.subject(), correlation.coefficient(),
            correlation.meanSquaredError());
    }

    /** Divergence on the test subjects, and the forest's accuracy. */
    private void compareSites(final String images, final Function<TrainingCase, Volume> image,
        final boolean unitRange) {
        final SiteIntensities intensities = new SiteIntensities();
        final SiteTest forest = new SiteTest(m_sites);
        for (final TrainingCase c : m_test) {
            final Volume volume = image.apply(c);
            final LabelVolume labels = annotated(c);
            intensities.add(c.site(), volume, labels);
            forest.add(c.site(), volume, labels, true);
        }
        for (final TrainingCase c : m_training) {
            forest.add(c.site(), image.apply(c), annotated(c), false);
        }
        final HistogramRange range = unitRange ? HistogramRange.of(0, 1)
            : intensities.pooledRange(HistogramRange.DEFAULT_BINS);
        final SiteDivergence divergence =
            SiteDivergence.of(intensities, range, JensenShannonDivergence.NATURAL);
        final Map<Integer, Double> perClass = new TreeMap<>();
        divergence.perClass().forEach((label, value) -> perClass.put(label, value.orElse(Double.NaN)));
        m_divergences.add(new Divergence(m_seed, images, divergence.overall().orElse(Double.NaN), perClass));
        m_siteTests.add(new SiteAccuracy(m_seed, images, forest.accuracy(m_seed)));
    }
}
