package org.scanbridge.learning.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.metrics.ConfusionCounts;
import org.scanbridge.imaging.metrics.RocCurve;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.data.LoadedCase;
import org.scanbridge.learning.graph.BlockNetwork;
import org.scanbridge.learning.predict.SlidingWindow;
import org.scanbridge.learning.predict.SlidingWindowPredictor;

/** Measures a network on whole validation cases, with the sliding window that predictions use. */
public final class Validation {

    private static final int BLOCKS_PER_CALL = 4;

    /** Voxels per case that an area under the curve is computed from, evenly spread: sorting all would take longer than steps. */
    private static final int ROC_VOXELS = 1 << 16;

    /** Keeps a voxel whose true class got probability 0 from making the loss infinite. */
    private static final double MIN_PROBABILITY = 1e-7;

    /**
     * What a validation gave.
     *
     * @param dice mean foreground Dice in [0, 1]; NaN if there is nothing to measure
     * @param others what else was measured, by name
     */
    public record Result(double dice, Map<String, Double> others) {
    }

    private final List<LoadedCase> m_cases;

    private final NetworkSpec m_spec;

    private final SlidingWindow m_window;

    /**
     * @param cases labeled cases; may be none
     * @param spec the network's
     */
    public Validation(final List<LoadedCase> cases, final NetworkSpec spec) {
        m_cases = List.copyOf(cases);
        m_spec = spec;
        m_window = new SlidingWindow(spec, SlidingWindowPredictor.DEFAULT_OVERLAP, BLOCKS_PER_CALL);
    }

    /** Whether there is nothing to measure on. */
    public boolean isEmpty() {
        return m_cases.isEmpty();
    }

    /**
     * Measures the Dice (mean over cases and foreground classes; a class that occurs neither in the prediction nor in the
     * labels is left out), and what else the measure needs.
     *
     * @param measure what the validations are judged by
     */
    public Result measure(final BlockNetwork network, final Stopping.Measure measure, final Progress progress) {
        final Mean dice = new Mean();
        final Mean loss = new Mean();
        final Mean area = new Mean();
        for (final LoadedCase each : m_cases) {
            final LabelVolume truth = each.labelVolume();
            final BlockNetwork itsNetwork = network.forSite(each.source().site());
            final Progress validating = (fraction, message) -> progress.report(0, "Validating");
            final byte[] classes;
            if (measure == Stopping.Measure.DICE) {
                classes = m_window.classes(each.image(), truth.geometry().size(), itsNetwork, validating);
            } else {
                final float[][] maps = m_window.probabilities(each.image(), truth.geometry().size(), itsNetwork, validating);
                classes = mostProbable(maps);
                loss.add(crossEntropy(maps, truth.voxels()));
                RocCurve.area(foreground(maps), isForeground(truth.voxels())).ifPresent(area::add);
            }
            final LabelVolume prediction = new LabelVolume(classes, truth.geometry(), truth.info(), truth.labels());
            for (int label = 1; label < m_spec.classes(); label++) {
                ConfusionCounts.of(prediction, truth, label).dice().ifPresent(dice::add);
            }
        }
        final Map<String, Double> others = new LinkedHashMap<>();
        if (measure != Stopping.Measure.DICE) {
            others.put(StepMetrics.VALIDATION_LOSS, loss.value());
            others.put(StepMetrics.VALIDATION_AUC, area.value());
        }
        return new Result(dice.value(), others);
    }

    /** As {@link #measure}, the Dice alone. */
    public double dice(final BlockNetwork network, final Progress progress) {
        return measure(network, Stopping.Measure.DICE, progress).dice();
    }

    private static byte[] mostProbable(final float[][] maps) {
        final byte[] classes = new byte[maps[0].length];
        for (int v = 0; v < classes.length; v++) {
            int best = 0;
            for (int c = 1; c < maps.length; c++) {
                if (maps[c][v] > maps[best][v]) {
                    best = c;
                }
            }
            classes[v] = (byte)best;
        }
        return classes;
    }

    private static double crossEntropy(final float[][] maps, final byte[] truth) {
        double sum = 0;
        for (int v = 0; v < truth.length; v++) {
            sum -= Math.log(Math.max(maps[truth[v] & 0xff][v], MIN_PROBABILITY));
        }
        return sum / truth.length;
    }

    private static int stride(final int voxels) {
        return Math.max(1, voxels / ROC_VOXELS);
    }

    private static double[] foreground(final float[][] maps) {
        final int stride = stride(maps[0].length);
        final double[] scores = new double[(maps[0].length + stride - 1) / stride];
        for (int n = 0; n < scores.length; n++) {
            scores[n] = 1 - maps[0][n * stride];
        }
        return scores;
    }

    private static boolean[] isForeground(final byte[] truth) {
        final int stride = stride(truth.length);
        final boolean[] is = new boolean[(truth.length + stride - 1) / stride];
        for (int n = 0; n < is.length; n++) {
            is[n] = truth[n * stride] != 0;
        }
        return is;
    }

    /** A mean that is NaN of nothing. */
    private static final class Mean {

        private double m_sum;

        private int m_count;

        void add(final double value) {
            m_sum += value;
            m_count++;
        }

        double value() {
            return m_count == 0 ? Double.NaN : m_sum / m_count;
        }
    }
}
