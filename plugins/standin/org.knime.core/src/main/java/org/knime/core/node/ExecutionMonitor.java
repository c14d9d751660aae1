package org.knime.core.node;

import java.util.Objects;
import java.util.function.Supplier;

/** What a running node uses to report progress and to notice that it was canceled. */
public class ExecutionMonitor {

    private final NodeProgressMonitor m_progress;

    /** A monitor nobody listens to. */
    public ExecutionMonitor() {
        this(new DefaultNodeProgressMonitor());
    }

    /** @param progress where to report */
    public ExecutionMonitor(final NodeProgressMonitor progress) {
        m_progress = Objects.requireNonNull(progress, "progress");
    }

    /** @return where this reports */
    public final NodeProgressMonitor getProgressMonitor() {
        return m_progress;
    }

    /** @throws CanceledExecutionException if execution was canceled; call it per row or batch */
    public void checkCanceled() throws CanceledExecutionException {
        m_progress.checkCanceled();
    }

    /** @param progress the share done, 0 to 1 */
    public void setProgress(final double progress) {
        m_progress.setProgress(progress);
    }

    /**
     * @param progress the share done, 0 to 1
     * @param message what is being done
     */
    public void setProgress(final double progress, final String message) {
        m_progress.setProgress(progress, message);
    }

    /**
     * @param progress the share done, 0 to 1
     * @param message what is being done
     */
    public void setProgress(final double progress, final Supplier<String> message) {
        m_progress.setProgress(progress, message.get());
    }

    /** @param message what is being done */
    public void setMessage(final String message) {
        m_progress.setMessage(message);
    }

    /** @param message what is being done */
    public void setMessage(final Supplier<String> message) {
        m_progress.setMessage(message.get());
    }

    /** @return a monitor whose way from 0 to 1 is the given share of this one's */
    public ExecutionMonitor createSubProgress(final double maxProg) {
        return new ExecutionMonitor(new SubNodeProgressMonitor(m_progress, maxProg, false));
    }

    /** @return like {@link #createSubProgress(double)}, but messages stay hidden */
    public ExecutionMonitor createSilentSubProgress(final double maxProg) {
        return new ExecutionMonitor(new SubNodeProgressMonitor(m_progress, maxProg, true));
    }
}
