package org.knime.core.node;

import java.util.Objects;
import java.util.function.BiConsumer;

import org.knime.core.standin.HostOnly;

/** Keeps the progress of one node and tells one listener of it. */
public final class DefaultNodeProgressMonitor implements NodeProgressMonitor {

    private final BiConsumer<Double, String> m_listener;

    private volatile boolean m_canceled;

    private volatile Double m_progress;

    private volatile String m_message;

    /** A monitor nobody listens to. */
    public DefaultNodeProgressMonitor() {
        this((progress, message) -> {
        });
    }

    /** @param listener gets progress (null before the first report) and message (may be null) after each report */
    @HostOnly
    public DefaultNodeProgressMonitor(final BiConsumer<Double, String> listener) {
        m_listener = Objects.requireNonNull(listener, "listener");
    }

    @Override
    public void checkCanceled() throws CanceledExecutionException {
        if (m_canceled) {
            throw new CanceledExecutionException();
        }
    }

    @Override
    public void setExecuteCanceled() {
        m_canceled = true;
    }

    @Override
    public void setProgress(final double progress) {
        m_progress = Math.max(0, Math.min(1, progress));
        m_listener.accept(m_progress, m_message);
    }

    @Override
    public void setProgress(final double progress, final String message) {
        m_message = message;
        setProgress(progress);
    }

    @Override
    public Double getProgress() {
        return m_progress;
    }

    @Override
    public void setMessage(final String message) {
        m_message = message;
        m_listener.accept(m_progress, message);
    }

    @Override
    public String getMessage() {
        return m_message;
    }
}
