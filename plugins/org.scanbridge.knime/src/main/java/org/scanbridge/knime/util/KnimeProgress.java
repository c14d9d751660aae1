package org.scanbridge.knime.util;

import java.util.Objects;
import java.util.concurrent.CancellationException;

import org.knime.core.node.CanceledExecutionException;
import org.knime.core.node.ExecutionMonitor;
import org.scanbridge.imaging.Progress;

/** Reports to KNIME's execution monitor and learns from it that the user cancelled the node. */
public final class KnimeProgress implements Progress {

    private final ExecutionMonitor m_monitor;

    /** @param monitor of the executing node, or a part of it */
    public KnimeProgress(final ExecutionMonitor monitor) {
        m_monitor = Objects.requireNonNull(monitor, "monitor");
    }

    /** @throws CancellationException if the node was cancelled; {@link Execution#run} tells KNIME */
    @Override
    public void report(final double fraction, final String message) {
        try {
            m_monitor.checkCanceled();
        } catch (final CanceledExecutionException e) {
            final CancellationException cancellation = new CancellationException(e.getMessage());
            cancellation.initCause(e);
            throw cancellation;
        }
        m_monitor.setProgress(Math.max(0, Math.min(1, fraction)), message);
    }
}
