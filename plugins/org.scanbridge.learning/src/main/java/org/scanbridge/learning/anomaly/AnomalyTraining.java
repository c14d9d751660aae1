package org.scanbridge.learning.anomaly;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.metrics.ScoreCounts;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.AutoEncoderSpec;
import org.scanbridge.learning.architecture.Weights;
import org.scanbridge.learning.data.CaseSet;
import org.scanbridge.learning.data.PatchSampler;
import org.scanbridge.learning.data.Role;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.graph.AutoEncoderGraphSpec;
import org.scanbridge.learning.graph.TrainingGraph;
import org.scanbridge.learning.train.Checkpoints;
import org.scanbridge.learning.train.ReconstructionSession;
import org.scanbridge.learning.train.StepMetrics;
import org.scanbridge.learning.train.TrainingListener;
import org.scanbridge.learning.train.TrainingLoop;
import org.scanbridge.learning.train.Validation;

/**
 * Learns what healthy images look like, without labels: an auto-encoder learns to give back patches of the images of most
 * subjects, and the residuals of the others', which it has never seen, tell how large a residual is normal (Baur et al.,
 * MedIA 2021; the threshold without labels: a share of healthy voxels, section 3.5 there). A lesion is found as far as the
 * network cannot give it back, having seen none. Images whose lesions are merely bright can be better served by a threshold on
 * intensity (Meissen et al., BrainLes 2021): measure both.
 */
public final class AnomalyTraining {

    /** Name of the method, for the provenance. */
    public static final String METHOD = "anomaly";

    private static final double TRAINING = 0.9;

    private AnomalyTraining() {
    }

    /**
     * What a training gave.
     *
     * @param model what was learned
     * @param curve metrics of all steps
     */
    public record Result(AnomalyModel model, List<StepMetrics> curve) {
    }

    /**
     * Trains on the images of healthy subjects. Runs the steps on the calling thread and stops between two steps when the
     * progress is cancelled.
     *
     * @param cases of at least two subjects, all healthy; the order has no effect
     * @param options how to train
     * @param checkpoints where to save the state now and then; the training goes on from a state that is there, with the bits
     *            it would have had; empty to save nothing
     * @param progress learns of the steps, cancels them
     * @param listener learns of the metrics of each step
     * @throws LearningException if there are too few subjects, if an image does not fit (see {@link AnomalyModel#requireFitting},
     *             {@link Inside#of} and {@link ResidualMap#requireFitting}), or if the training cannot go on
     * @throws UncheckedIOException if a state cannot be saved or read
     */
    public static Result run(final List<HealthyCase> cases, final AnomalyOptions options,
        final Optional<Checkpoints> checkpoints, final Progress progress, final TrainingListener listener) {
        final long start = System.nanoTime();
        final List<HealthyCase> sorted = new ArrayList<>(cases);
        sorted.sort(Comparator.comparing(HealthyCase::site).thenComparing(HealthyCase::subject));
        final Set<String> heldOut = HeldOut.of(sorted, options);
        final AutoEncoderSpec network = options.network();
        final double[] spacing = sorted.get(0).image().get().geometry().spacing();
        final List<HealthyCase> unseen = sorted.stream().filter(c -> heldOut.contains(c.subject())).toList();
        // before a training that may take hours
        unseen.forEach(c -> {
            final Inside inside = read(c, network, spacing);
            new ResidualMap(options.residual()).requireFitting(inside.image().geometry(), c.name());
            inside.without(options.residual().edge(), c.name());
        });
        final CaseSet read = CaseSet.load(
            sorted.stream().filter(c -> !heldOut.contains(c.subject())).map(c -> training(c, network, spacing)).toList(),
            network.reading(), c -> false, progress.part(0, 0.05));
        final PatchSampler sampler = new PatchSampler(read.training(), network.patchSize(), 0, options.mirror());
        final TrainingLoop loop = new TrainingLoop(options.steps(), step -> batch(sampler, options, step),
            (step, curve) -> new TrainingGraph.Rates(step,
                options.learningRate() * options.schedule().factor(step, options.steps(), curve), Double.NaN, Double.NaN),
            new Validation(List.of(), network.reading()), options.steps(), new TrainingLoop.Selection(false, 0));
        final ReconstructionSession.Trained trained = new ReconstructionSession(network.initial(options.seed()), read,
            new AutoEncoderGraphSpec(network, options.batch(), options.distance(), options.beta(), options.seed(),
                options.optimizer(), options.device()), loop, System.nanoTime() - start)
                    .run(METHOD, options.seed(), described(options, cases), checkpoints, progress.part(0.05, TRAINING), listener);
        final HealthyResiduals healthy =
            healthy(unseen, network, trained.weights(), spacing, options.residual(), progress.part(TRAINING, 1));
        return new Result(new AnomalyModel(network, trained.weights(), spacing, options.residual(), healthy,
            trained.provenance()), trained.curve());
    }

    /** The options, and what the detector has to know of the cases. */
    private static Map<String, String> described(final AnomalyOptions options, final List<HealthyCase> cases) {
        final Map<String, String> map = new TreeMap<>(options.asMap());
        map.put(AnomalyModel.MASKED, "" + cases.stream().anyMatch(c -> c.mask().isPresent()));
        return map;
    }

    /** As data preparation knows it, without what is outside. */
    private static TrainingCase training(final HealthyCase c, final AutoEncoderSpec network, final double[] spacing) {
        return new TrainingCase(() -> read(c, network, spacing).image(), null, c.subject(), c.site(), Role.TRAIN);
    }

    private static Inside read(final HealthyCase c, final AutoEncoderSpec network, final double[] spacing) {
        final Inside inside = c.read();
        AnomalyModel.requireFitting(network, spacing, inside.image().geometry(), c.name());
        return inside;
    }

    private static TrainingGraph.Batch batch(final PatchSampler sampler, final AnomalyOptions options, final int step) {
        final float[] images = new float[options.batch() * options.network().patchSize().voxels()];
        for (int slot = 0; slot < options.batch(); slot++) {
            sampler.draw(SeededRandom.of(options.seed(), step, slot), images, slot);
        }
        return new TrainingGraph.Batch(images, new byte[0], new int[options.batch()]);
    }

    private static HealthyResiduals healthy(final List<HealthyCase> cases, final AutoEncoderSpec network,
        final Weights weights, final double[] spacing, final ResidualOptions residual, final Progress progress) {
        final ScoreCounts counts = new ScoreCounts();
        final List<AnomalyScores> scores = new ArrayList<>();
        try (AnomalyDetector detector = new AnomalyDetector(network, weights, spacing, residual)) {
            for (int n = 0; n < cases.size(); n++) {
                final HealthyCase c = cases.get(n);
                final AnomalyMap map = detector.map(c.image().get(), c.mask().map(m -> m.get()), c.name(),
                    progress.part((double)n / cases.size(), (n + 1.0) / cases.size()));
                for (final float value : Inside.values(map.map().voxels(), map.inside())) {
                    counts.add(value, false);
                }
                scores.add(map.scores(0));
            }
        }
        return HealthyResiduals.of(counts, scores);
    }
}
