package org.scanbridge.knime.learn;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import org.knime.core.node.ExecutionContext;
import org.scanbridge.imaging.Progress;
import org.scanbridge.knime.util.KnimeProgress;
import org.scanbridge.learning.network.Provenance;
import org.scanbridge.learning.report.LiveCurves;
import org.scanbridge.learning.train.CurveEnd;
import org.scanbridge.learning.train.StepMetrics;
import org.scanbridge.learning.train.TrainingListener;

/**
 * Tells the user how a training goes, in one line: what the training itself says, how well the sites are told apart, and the
 * loss so far as a row of bars. Where there are checkpoints, the curves are also on a page beside them.
 */
public final class TrainingProgress implements Progress, TrainingListener {

    private final Progress m_progress;

    private final LiveCurves m_curves = new LiveCurves();

    private final Sparkline m_loss = new Sparkline();

    private final List<String> m_notices = new ArrayList<>();

    private String m_domain = "";

    private int m_steps;

    private int m_keptStep;

    /** @param context of the executing node */
    public TrainingProgress(final ExecutionContext context) {
        this(new KnimeProgress(context));
    }

    /** Of a part of a node's work. */
    TrainingProgress(final Progress progress) {
        m_progress = progress;
    }

    @Override
    public void report(final double fraction, final String message) {
        m_progress.report(fraction, message + m_domain + m_loss);
    }

    /** Says what came out of the training. */
    public void done(final Provenance provenance) {
        if (provenance.steps() == 0) {
            m_progress.report(1, "Statistics of the target");
            return;
        }
        m_progress.report(1, "Weights of step " + provenance.keptStep() + " of " + provenance.steps()
            + (Double.isNaN(provenance.validationDice()) ? ""
                : String.format(Locale.ROOT, ", validation Dice %.3f", provenance.validationDice()))
            + "; " + provenance.device());
    }

    @Override
    public void started(final int steps, final Optional<Path> folder) {
        m_steps = steps;
        m_curves.started(steps, folder);
    }

    @Override
    public void ended(final int keptStep) {
        m_keptStep = keptStep;
        m_curves.ended(keptStep);
    }

    @Override
    public void notice(final String notice) {
        m_notices.add(notice);
    }

    /** Looks whether a training that ended did so before its curve was flat. */
    public void judge(final List<StepMetrics> curve) {
        CurveEnd.warning(curve, m_steps, m_keptStep).ifPresent(m_notices::add);
    }

    /** What there is to say of the training and its cases, for the node's warning. */
    public List<String> notices() {
        return List.copyOf(m_notices);
    }

    @Override
    public void step(final StepMetrics metrics) {
        m_curves.step(metrics);
        m_loss.add(metrics.loss());
        if (!Double.isNaN(metrics.domainAccuracy())) {
            m_domain = String.format(Locale.ROOT, ", domain accuracy %.2f", metrics.domainAccuracy());
        }
    }
}
