package org.knime.core.node;

/** Where a running node reports its progress and learns whether it was canceled. Safe for several threads. */
public interface NodeProgressMonitor {

    /** @throws CanceledExecutionException if execution was canceled */
    void checkCanceled() throws CanceledExecutionException;

    /** @param progress the share done, 0 to 1; outside it is clamped */
    void setProgress(double progress);

    /**
     * @param progress the share done, 0 to 1; outside it is clamped
     * @param message what is being done
     */
    void setProgress(double progress, String message);

    /** @return the share done, 0 to 1, or null if none was reported */
    Double getProgress();

    /** @param message what is being done */
    void setMessage(String message);

    /** @return what is being done, or null */
    String getMessage();

    /** Asks the node to stop. */
    void setExecuteCanceled();
}
