package org.scanbridge.learning.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.ToDoubleFunction;

import org.scanbridge.learning.report.CurvePage;
import org.scanbridge.learning.report.CurvePage.Chart;
import org.scanbridge.learning.report.CurvePage.Curve;
import org.scanbridge.learning.train.StepMetrics;

/** The curves of a training as a page: losses, Dice, learning rate, and what else the method measures. */
public final class TrainingCurves {

    /** Points of a curve that a page shows; more would be closer than the pixels. */
    private static final int POINTS = 800;

    private TrainingCurves() {
    }

    /**
     * @param curve metrics of the steps so far
     * @param status a sentence above the charts
     * @param refreshSeconds when a browser loads the page again; empty if the training is over
     */
    public static String page(final List<StepMetrics> curve, final String status, final OptionalInt refreshSeconds) {
        final List<Chart> charts = new ArrayList<>();
        charts.add(new Chart("Loss", List.of(means("training", curve, StepMetrics::loss),
            values("cross-entropy on validation images", curve, m -> m.others().getOrDefault(StepMetrics.VALIDATION_LOSS, Double.NaN)))));
        charts.add(new Chart("Dice", List.of(means("soft, on the steps' patches", curve, StepMetrics::dice),
            values("validation, on whole images", curve, StepMetrics::validationDice))));
        charts.add(new Chart("Learning rate", List.of(means("learning rate", curve, StepMetrics::learningRate))));
        charts.add(new Chart("Domain loss", List.of(means("domain loss", curve, StepMetrics::domainLoss))));
        charts.add(new Chart("Domain accuracy", List.of(means("domain accuracy", curve, StepMetrics::domainAccuracy))));
        charts.add(new Chart("Lambda", List.of(means("lambda", curve, StepMetrics::lambda))));
        final Set<String> others = new LinkedHashSet<>();
        curve.forEach(m -> others.addAll(m.others().keySet()));
        others.remove(StepMetrics.VALIDATION_LOSS);
        for (final String name : others) {
            charts.add(new Chart(name,
                List.of(values(name, curve, m -> m.others().getOrDefault(name, Double.NaN)))));
        }
        return CurvePage.of("Training", status, "step", charts, refreshSeconds);
    }

    /** Means over runs of steps, so that a long training is as quick to draw as a short one. */
    private static Curve means(final String name, final List<StepMetrics> curve,
        final ToDoubleFunction<StepMetrics> metric) {
        final int run = Math.max(1, (curve.size() + POINTS - 1) / POINTS);
        final int points = (curve.size() + run - 1) / run;
        final double[] x = new double[points];
        final double[] y = new double[points];
        for (int p = 0; p < points; p++) {
            final int end = Math.min(curve.size(), (p + 1) * run);
            for (int n = p * run; n < end; n++) {
                x[p] += (double)curve.get(n).step() / (end - p * run);
                y[p] += metric.applyAsDouble(curve.get(n)) / (end - p * run);
            }
        }
        return new Curve(name, x, y);
    }

    private static Curve values(final String name, final List<StepMetrics> curve,
        final ToDoubleFunction<StepMetrics> metric) {
        final double[][] points = curve.stream().map(m -> new double[]{m.step(), metric.applyAsDouble(m)})
            .filter(p -> Double.isFinite(p[1])).toArray(double[][]::new);
        final double[] x = new double[points.length];
        final double[] y = new double[points.length];
        for (int p = 0; p < points.length; p++) {
            x[p] = points[p][0];
            y[p] = points[p][1];
        }
        return new Curve(name, x, y);
    }
}
