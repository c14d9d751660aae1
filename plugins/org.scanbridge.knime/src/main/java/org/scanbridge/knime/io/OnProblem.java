package org.scanbridge.knime.io;

import org.knime.node.parameters.widget.choices.Label;

/** What something that cannot be used does to a reader. */
public enum OnProblem {
        /** The rest is read. */
        @Label(value = "Go on without it", description = "The rest is read, and the node shows a warning.")
        LEAVE_OUT,
        /** The node fails. */
        @Label(value = "Stop", description = "The node fails and names what is wrong: for a run that nobody watches,"
            + " whose result must not silently be that of fewer subjects.")
        FAIL
}
