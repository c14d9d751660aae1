package org.knime.core.node;

/** Reports a part of a parent's progress: what advances from 0 to 1 here advances the parent by a given share. */
final class SubNodeProgressMonitor implements NodeProgressMonitor {

    private final NodeProgressMonitor m_parent;

    private final double m_share;

    private final boolean m_silent;

    private double m_progress;

    private String m_message;

    SubNodeProgressMonitor(final NodeProgressMonitor parent, final double share, final boolean silent) {
        m_parent = parent;
        m_share = Math.max(0, Math.min(1, share));
        m_silent = silent;
    }

    @Override
    public void checkCanceled() throws CanceledExecutionException {
        m_parent.checkCanceled();
    }

    @Override
    public void setExecuteCanceled() {
        m_parent.setExecuteCanceled();
    }

    @Override
    public void setProgress(final double progress) {
        synchronized (m_parent) { // siblings add to the same number
            final double clamped = Math.max(0, Math.min(1, progress));
            final double before = m_parent.getProgress() == null ? 0 : m_parent.getProgress();
            m_parent.setProgress(before + (clamped - m_progress) * m_share);
            m_progress = clamped;
        }
    }

    @Override
    public void setProgress(final double progress, final String message) {
        setMessage(message);
        setProgress(progress);
    }

    @Override
    public Double getProgress() {
        synchronized (m_parent) {
            return m_progress;
        }
    }

    @Override
    public void setMessage(final String message) {
        synchronized (m_parent) {
            m_message = message;
            if (!m_silent) {
                m_parent.setMessage(message);
            }
        }
    }

    @Override
    public String getMessage() {
        synchronized (m_parent) {
            return m_message;
        }
    }
}
