package org.scanbridge.learning.train;

import java.util.List;
import java.util.OptionalDouble;

import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.metrics.ConfusionCounts;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.data.LoadedCase;
import org.scanbridge.learning.graph.BlockNetwork;
import org.scanbridge.learning.predict.SlidingWindow;
import org.scanbridge.learning.predict.SlidingWindowPredictor;

/** Measures a network on whole validation cases, with the sliding window that predictions use. */
public final class Validation {

    private static final int BLOCKS_PER_CALL = 4;

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
        m_window = new SlidingWindow(spec.patchSize(), spec.classes(), SlidingWindowPredictor.DEFAULT_OVERLAP,
            BLOCKS_PER_CALL);
    }

    /** Whether there is nothing to measure on. */
    public boolean isEmpty() {
        return m_cases.isEmpty();
    }

    /**
     * The mean over cases and foreground classes of the Dice coefficient; a class that occurs neither in the prediction
     * nor in the labels is left out.
     *
     * @return in [0, 1]; NaN if there is nothing to measure
     */
    public double dice(final BlockNetwork network, final Progress progress) {
        double sum = 0;
        int n = 0;
        for (int c = 0; c < m_cases.size(); c++) {
            final LabelVolume truth = m_cases.get(c).labelVolume();
            final byte[] classes = m_window.classes(m_cases.get(c).image(), truth.geometry().size(), network,
                (fraction, message) -> progress.report(0, "Validating"));
            final LabelVolume prediction = new LabelVolume(classes, truth.geometry(), truth.info(), truth.labels());
            for (int label = 1; label < m_spec.classes(); label++) {
                final OptionalDouble dice = ConfusionCounts.of(prediction, truth, label).dice();
                if (dice.isPresent()) {
                    sum += dice.getAsDouble();
                    n++;
                }
            }
        }
        return n == 0 ? Double.NaN : sum / n;
    }
}
