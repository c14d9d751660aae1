package org.scanbridge.knime.batch.workflow;

import java.util.Optional;

import org.knime.core.node.NodeSettings;
import org.knime.core.standin.variable.SettingsOverwriter;

/**
 * A node as it stands in the files of a workflow.
 *
 * @param id its id in the workflow
 * @param name its name as stored; shown when the node itself cannot be made
 * @param settingsFile its settings file, relative to the workflow directory, as written in workflow.knime
 * @param settings the whole content of that file
 * @param factory class name of the node's factory
 * @param bundle symbolic name of the bundle that had the factory when the workflow was saved
 * @param model the node's model settings; empty if it was never configured: the node's defaults apply
 * @param variables which model settings flow variables overwrite or publish; empty if none is
 * @param executed whether the node was saved in the state EXECUTED
 */
public record NodeRecord(int id, String name, String settingsFile, NodeSettings settings, String factory,
    Optional<String> bundle, Optional<NodeSettings> model, Optional<SettingsOverwriter> variables, boolean executed) {

    /** @return name and id as the user sees them on the node's folder */
    public String label() {
        return name + " (#" + id + ")";
    }
}
