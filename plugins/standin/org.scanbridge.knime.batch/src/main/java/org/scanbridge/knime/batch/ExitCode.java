package org.scanbridge.knime.batch;

import org.scanbridge.knime.batch.arguments.Dialect;

/**
 * How a run ended: the exit codes of KNIME's batch executor, with the same meaning, and those of NodePit Batch, which takes its
 * place on KNIME 5.9 and later.
 */
public enum ExitCode {

    /** Every node was executed (or none had to be) and the workflow was saved where that was asked for. */
    SUCCESS(0, 0),
    /** The command line is wrong, and nothing was run. */
    WRONG_ARGUMENTS(2, 10),
    /** The workflow cannot be loaded: unreadable, locked, unsupported version, missing nodes, invalid settings. */
    LOAD_FAILED(3, 20),
    /** A node failed, was not executed or was canceled. */
    EXECUTION_FAILED(4, 30),
    /** The workflow was executed, but could not be saved; to KNIME's executor the same as the one before. */
    SAVE_FAILED(4, 40),
    /** Anything else, such as a full disk for temporary files. */
    OTHER(4, 50);

    private final int m_knime;

    private final int m_nodePit;

    ExitCode(final int knime, final int nodePit) {
        m_knime = knime;
        m_nodePit = nodePit;
    }

    /**
     * @param dialect whose command line was given
     * @return the status that the process ends with
     */
    public int code(final Dialect dialect) {
        return dialect == Dialect.NODEPIT ? m_nodePit : m_knime;
    }
}
