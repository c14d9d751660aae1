package org.scanbridge.knime.batch.report;

/** How a node stood at the end of a run. */
public enum NodeOutcome {
    /** It ran to its end. */
    EXECUTED,
    /** It ran and ended with an error. */
    FAILED,
    /** It ran or waited when the run was canceled. */
    CANCELED,
    /** It could not be configured. */
    IDLE,
    /** It is configured but did not run, because a predecessor did not end well, or because nothing was to be run. */
    CONFIGURED
}
