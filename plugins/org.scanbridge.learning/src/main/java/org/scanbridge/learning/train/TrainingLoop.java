package org.scanbridge.learning.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;

import org.scanbridge.imaging.Progress;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.Weights;
import org.scanbridge.learning.graph.TrainingGraph;

/**
 * Runs the steps of a training: batch, step, metrics, now and then a validation. Everything that happens in a step
 * depends on the step's number and the weights only.
 *
 * @param steps number of steps; at least 1
 * @param batches makes the batch of a step (from 1); called on another thread
 * @param rates learning rates and weights of a step (from 1)
 * @param validation measures the network
 * @param validationInterval steps between validations
 * @param selection which weights the result has
 */
public record TrainingLoop(int steps, IntFunction<TrainingGraph.Batch> batches, IntFunction<TrainingGraph.Rates> rates,
    Validation validation, int validationInterval, Selection selection) {

    /**
     * Which weights the result of a training has.
     *
     * @param best those of the best validation, if there are validations
     * @param averagedFraction else the mean over this last part of the steps; 0 for the last step's
     */
    public record Selection(boolean best, double averagedFraction) {
    }

    /**
     * What a training gave.
     *
     * @param weights the selected weights
     * @param keptStep the step they are from; the last one if averaged
     * @param validationDice of the selected weights; NaN without validation
     * @param curve metrics of all steps
     * @param trainingSeconds wall time of the steps
     * @param validationSeconds wall time of the validations
     */
    public record Outcome(Weights weights, int keptStep, double validationDice, List<StepMetrics> curve,
        double trainingSeconds, double validationSeconds) {
    }

    /**
     * Runs all steps.
     *
     * @param graph trains from its present weights
     * @param progress learns of the steps; cancels between two of them
     * @param listener learns of the metrics
     * @throws LearningException if a loss is not finite
     */
    public Outcome run(final TrainingGraph graph, final Progress progress, final TrainingListener listener) {
        final List<StepMetrics> curve = new ArrayList<>();
        final WeightAverage average = new WeightAverage();
        final boolean select = selection.best() && !validation.isEmpty();
        final int averageFrom = (int)Math.ceil(steps * (1 - selection.averagedFraction())) + 1;
        Weights best = null;
        int bestStep = 0;
        double bestDice = Double.NEGATIVE_INFINITY;
        double lastDice = Double.NaN;
        long validationNanos = 0;
        final long start = System.nanoTime();
        try (Prefetcher<TrainingGraph.Batch> prefetcher = new Prefetcher<>(batches, 1, steps)) {
            for (int step = 1; step <= steps; step++) {
                progress.report((step - 1.0) / steps, message(step, curve, lastDice));
                final TrainingGraph.Rates now = rates.apply(step);
                final TrainingGraph.Measured measured = graph.step(prefetcher.take(step), now);
                check(step, measured, now);
                StepMetrics metrics = new StepMetrics(step, measured.segmentationLoss(), 1 - measured.diceLoss(),
                    now.learningRate(), measured.domainLoss(), measured.domainAccuracy(), now.lambda(), Double.NaN);
                if (!select && step >= averageFrom) {
                    average.add(graph.weights());
                }
                if (!validation.isEmpty() && (step % validationInterval == 0 || step == steps)) {
                    final long before = System.nanoTime();
                    lastDice = validation.dice(graph, progressAt(progress, step));
                    validationNanos += System.nanoTime() - before;
                    metrics = metrics.withValidationDice(lastDice);
                    if (select && lastDice > bestDice) {
                        best = graph.weights();
                        bestStep = step;
                        bestDice = lastDice;
                    }
                }
                curve.add(metrics);
                listener.step(metrics);
            }
        }
        final double seconds = (System.nanoTime() - start - validationNanos) * 1e-9;
        if (best != null) {
            return new Outcome(best, bestStep, bestDice, curve, seconds, validationNanos * 1e-9);
        }
        if (!average.isEmpty()) {
            final Weights mean = average.mean(graph.weights());
            graph.restore(mean.values());
            final long before = System.nanoTime();
            lastDice = validation.isEmpty() ? Double.NaN : validation.dice(graph, progressAt(progress, steps));
            validationNanos += System.nanoTime() - before;
            return new Outcome(mean, steps, lastDice, curve, seconds, validationNanos * 1e-9);
        }
        return new Outcome(graph.weights(), steps, lastDice, curve, seconds, validationNanos * 1e-9);
    }

    /** Validations report where the steps stand. */
    private Progress progressAt(final Progress progress, final int step) {
        return (fraction, message) -> progress.report((double)step / steps, message);
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

    private String message(final int step, final List<StepMetrics> curve, final double validationDice) {
        final StringBuilder text = new StringBuilder("Step " + step + " of " + steps);
        if (!curve.isEmpty()) {
            text.append(String.format(Locale.ROOT, ", loss %.3f", curve.get(curve.size() - 1).loss()));
        }
        if (!Double.isNaN(validationDice)) {
            text.append(String.format(Locale.ROOT, ", validation Dice %.3f", validationDice));
        }
        return text.toString();
    }
}
