package org.scanbridge.learning.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntFunction;

import org.scanbridge.imaging.Progress;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.Weights;
import org.scanbridge.learning.graph.SteppedGraph;
import org.scanbridge.learning.graph.TrainingGraph;

/**
 * Runs the steps of a training: batch, step, metrics, now and then a validation. Everything that happens in a step
 * depends on the step's number and the state before it only, so a training can go on from a saved state with the same
 * bits.
 *
 * @param steps number of steps; at least 1
 * @param batches makes the batch of a step (from 1); called on another thread
 * @param rates learning rates and weights of a step (from 1)
 * @param validation measures the network
 * @param validationInterval steps between validations
 * @param selection which weights the result has
 */
public record TrainingLoop(int steps, IntFunction<TrainingGraph.Batch> batches, StepRates rates, Validation validation,
    int validationInterval, Selection selection) {

    /** The first steps are slow. */
    private static final int STEPS_FOR_PACE = 5;

    /**
     * Which weights the result of a training has.
     *
     * @param best those of the best validation, if there are validations
     * @param averagedFraction else the mean over this last part of the steps; 0 for the last step's
     * @param stopping what validations are judged by, and when they end the training early
     */
    public record Selection(boolean best, double averagedFraction, Stopping stopping) {

        /** Judged by Dice, without an early end. */
        public Selection(final boolean best, final double averagedFraction) {
            this(best, averagedFraction, Stopping.NEVER);
        }
    }

    /**
     * What a training gave.
     *
     * @param weights the selected weights
     * @param last the last step's weights
     * @param keptStep the step they are from; the last one if averaged
     * @param validationDice of the selected weights; NaN without validation
     * @param curve metrics of all steps
     * @param trainingSeconds wall time of the steps
     * @param validationSeconds wall time of the validations
     */
    public record Outcome(Weights weights, Weights last, int keptStep, double validationDice, List<StepMetrics> curve,
        double trainingSeconds, double validationSeconds) {
    }

    /**
     * Runs all steps, or as many as it takes to see that nothing gets better.
     *
     * @param graph trains from its present weights
     * @param saved where the state is saved, and where to go on from
     * @param progress learns of the steps; cancels between two of them
     * @param listener learns of the metrics; also of the steps that were done before the state was saved
     * @throws LearningException if a loss is not finite
     * @throws UncheckedIOException if a state cannot be saved or read
     */
    Outcome run(final SteppedGraph graph, final Optional<CheckpointFile> saved, final int saveInterval,
        final Progress progress, final TrainingListener listener) {
        try {
            return new Run(graph, progress, listener).run(saved, saveInterval);
        } catch (final IOException e) {
            throw new UncheckedIOException("The training's state cannot be saved: " + e.getMessage(), e);
        }
    }

    /** One run with its state. */
    private final class Run {

        private final SteppedGraph m_graph;

        private final Progress m_progress;

        private final TrainingListener m_listener;

        private final List<StepMetrics> m_curve = new ArrayList<>();

        private final WeightAverage m_average = new WeightAverage();

        private final boolean m_select = selection.best() && !validation.isEmpty();

        private final StepChoice m_choice = new StepChoice(selection.stopping().measure());

        private final SortedMap<Integer, Map<String, float[]>> m_kept = new TreeMap<>();

        private long m_validationNanos;

        private long m_start;

        private int m_done;

        Run(final SteppedGraph graph, final Progress progress, final TrainingListener listener) {
            m_graph = graph;
            m_progress = progress;
            m_listener = listener;
        }

        Outcome run(final Optional<CheckpointFile> saved, final int saveInterval) throws IOException {
            final Optional<LoopState> state = saved.isPresent() ? saved.get().load() : Optional.empty();
            state.ifPresent(this::restore);
            final int done = m_curve.size();
            final long start = System.nanoTime();
            m_start = start;
            m_done = done;
            if (done < steps && !stopped()) {
                try (Prefetcher<TrainingGraph.Batch> prefetcher = new Prefetcher<>(batches, done + 1, steps)) {
                    for (int step = done + 1; step <= steps && !stopped(); step++) {
                        step(step, prefetcher.take(step));
                        if (saved.isPresent() && (step % saveInterval == 0 || step == steps || stopped())) {
                            saved.get().save(state());
                        }
                    }
                }
            }
            final double seconds = (System.nanoTime() - start - m_validationNanos) * 1e-9;
            return outcome(seconds);
        }

        private void step(final int step, final TrainingGraph.Batch batch) {
            m_progress.report((step - 1.0) / steps, message(step));
            final TrainingGraph.Rates now = rates.at(step, Collections.unmodifiableList(m_curve));
            final TrainingGraph.Measured measured = m_graph.step(batch, now);
            check(step, measured, now);
            if (!m_select && step > steps * (1 - selection.averagedFraction())) {
                m_average.add(m_graph.weights());
            }
            final Map<String, Double> others = new LinkedHashMap<>(measured.others());
            double dice = Double.NaN;
            if (validates(step)) {
                final Validation.Result result = validate(step);
                dice = result.dice();
                others.putAll(result.others());
            }
            final StepMetrics metrics = new StepMetrics(step, measured.segmentationLoss(), 1 - measured.diceLoss(),
                now.learningRate(), measured.domainLoss(), measured.domainAccuracy(), now.lambda(), dice, others);
            m_curve.add(metrics);
            if (m_select) {
                final Set<Integer> candidates = m_choice.candidates(m_curve);
                if (candidates.contains(step)) {
                    m_kept.put(step, m_graph.weights().values());
                }
                m_kept.keySet().retainAll(candidates);
            }
            m_listener.step(metrics);
        }

        /** Whether too many validations brought nothing better; follows from the curve alone. */
        private boolean stopped() {
            final int patience = selection.stopping().patience();
            return patience > 0 && m_choice.waited(m_curve) >= patience;
        }

        private Validation.Result validate(final int step) {
            final long before = System.nanoTime();
            final Validation.Result result = validation.measure(m_graph, selection.stopping().measure(),
                (fraction, message) -> m_progress.report((double)step / steps, message));
            m_validationNanos += System.nanoTime() - before;
            return result;
        }

        private Outcome outcome(final double seconds) {
            final Weights last = m_graph.weights();
            if (m_select) {
                Unjudged.notice(m_curve.stream().filter(m -> validates(m.step())).toList(), selection.stopping().measure())
                    .ifPresent(m_listener::notice);
            }
            final OptionalInt best = m_kept.isEmpty() ? OptionalInt.empty() : m_choice.best(m_curve);
            if (best.isPresent()) {
                // Not by way of the graph: what it predicts with may be a mean teacher, whose weights have other names there.
                return new Outcome(new Weights(last.parameters(), m_kept.get(best.getAsInt())), last, best.getAsInt(),
                    m_curve.get(best.getAsInt() - 1).validationDice(), m_curve, seconds, m_validationNanos * 1e-9);
            }
            final int kept = m_curve.size();
            double dice = m_curve.get(kept - 1).validationDice();
            if (m_average.count() > 0) {
                m_graph.restore(m_average.mean());
                dice = validation.isEmpty() ? Double.NaN : validate(kept).dice();
            }
            return new Outcome(m_graph.weights(), last, kept, dice, m_curve, seconds, m_validationNanos * 1e-9);
        }

        private LoopState state() {
            return new LoopState(m_curve.size(), m_graph.state(), m_curve, m_average.count(), m_average.sums(), m_kept);
        }

        private void restore(final LoopState state) {
            m_graph.restore(state.variables());
            m_curve.addAll(state.curve());
            m_average.restore(state.averaged(), state.sums());
            m_kept.putAll(state.kept());
            m_curve.forEach(m_listener::step);
        }

        private String message(final int step) {
            final StringBuilder text = new StringBuilder("Step " + step + " of " + steps);
            if (!m_curve.isEmpty()) {
                text.append(String.format(Locale.ROOT, ", loss %.3f", m_curve.get(m_curve.size() - 1).loss()));
            }
            for (int n = m_curve.size() - 1; n >= 0; n--) {
                if (!Double.isNaN(m_curve.get(n).validationDice())) {
                    text.append(String.format(Locale.ROOT, ", validation Dice %.3f", m_curve.get(n).validationDice()));
                    break;
                }
            }
            return text.append(pace()).toString();
        }

        /** Rate and time left, validations included, as soon as some steps tell. */
        private String pace() {
            final int since = m_curve.size() - m_done;
            if (since < STEPS_FOR_PACE) {
                return "";
            }
            final double seconds = (System.nanoTime() - m_start) * 1e-9;
            final long left = Math.round(seconds / since * (steps - m_curve.size()));
            return String.format(Locale.ROOT, ", %.1f steps/s, %s left", since / seconds, left < 3600
                ? String.format(Locale.ROOT, "%d:%02d", left / 60, left % 60)
                : String.format(Locale.ROOT, "%d:%02d h", left / 3600, left / 60 % 60));
        }
    }

    private boolean validates(final int step) {
        return !validation.isEmpty() && (step % validationInterval == 0 || step == steps);
    }

    private static void check(final int step, final TrainingGraph.Measured measured, final TrainingGraph.Rates rates) {
        final boolean head = !Double.isNaN(rates.lambda());
        if (!Double.isFinite(measured.segmentationLoss()) || head && !Double.isFinite(measured.domainLoss())) {
            throw new LearningException("The loss of step " + step + " is not a finite number ("
                + measured.segmentationLoss() + (head ? ", domain loss " + measured.domainLoss() : "")
                + "): the training has diverged at learning rate " + rates.learningRate()
                + ". Use a smaller learning rate, and normalize the images.");
        }
    }
}
