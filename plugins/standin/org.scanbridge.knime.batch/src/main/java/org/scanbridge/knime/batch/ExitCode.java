package org.scanbridge.knime.batch;

/** The exit codes of KNIME's batch executor, with the same meaning. */
public enum ExitCode {

    /** Every node was executed (or none had to be) and the workflow was saved where that was asked for. */
    SUCCESS(0),
    /** The command line is wrong, and nothing was run. */
    WRONG_ARGUMENTS(2),
    /** The workflow cannot be loaded: unreadable, locked, unsupported version, missing nodes, invalid settings. */
    LOAD_FAILED(3),
    /** A node failed, was not executed or was canceled, or the result could not be saved. */
    EXECUTION_FAILED(4);

    private final int m_code;

    ExitCode(final int code) {
        m_code = code;
    }

    /** @return the status that the process ends with */
    public int code() {
        return m_code;
    }
}
