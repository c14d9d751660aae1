package org.scanbridge.knime.learn;

import java.util.Locale;

import org.knime.core.node.ExecutionContext;
import org.scanbridge.imaging.Progress;
import org.scanbridge.knime.util.KnimeProgress;
import org.scanbridge.learning.train.StepMetrics;
import org.scanbridge.learning.train.TrainingListener;

/** Tells the user how a training goes: the step's loss, the last validation, in one line. */
public final class TrainingProgress implements Progress, TrainingListener {

    private final Progress m_progress;

    private String m_metrics = "";

    private String m_validation = "";

    /** @param context of the executing node */
    public TrainingProgress(final ExecutionContext context) {
        m_progress = new KnimeProgress(context);
    }

    @Override
    public void report(final double fraction, final String message) {
        m_progress.report(fraction, message + m_metrics + m_validation);
    }

    @Override
    public void step(final StepMetrics metrics) {
        m_metrics = String.format(Locale.ROOT, ", loss %.3f", metrics.loss());
        if (!Double.isNaN(metrics.domainAccuracy())) {
            m_metrics += String.format(Locale.ROOT, ", domain accuracy %.2f", metrics.domainAccuracy());
        }
        if (!Double.isNaN(metrics.validationDice())) {
            m_validation = String.format(Locale.ROOT, ", validation Dice %.3f", metrics.validationDice());
        }
    }
}
