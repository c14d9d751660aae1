package org.knime.node.parameters;

import org.knime.core.node.InvalidSettingsException;
import org.knime.node.parameters.persistence.Persistable;

/**
 * The settings of a node, one field per setting. Fields of at least package visibility that are neither static nor
 * transient are stored; their initial values are the defaults. An implementation needs a constructor without
 * arguments; a second one with a {@link NodeParametersInput} may choose defaults by what is connected.
 */
public interface NodeParameters extends Persistable, WidgetGroup {

    /**
     * Checks the values after loading and before configuring. Bounds given to the dialog must be repeated here: the
     * dialog's checks are never run headless.
     *
     * @throws InvalidSettingsException naming the setting, its value and what is allowed
     */
    default void validate() throws InvalidSettingsException {
    }
}
