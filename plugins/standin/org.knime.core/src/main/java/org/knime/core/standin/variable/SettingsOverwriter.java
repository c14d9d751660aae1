package org.knime.core.standin.variable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeSettings;
import org.knime.core.node.NodeSettingsRO;
import org.knime.core.node.config.base.AbstractConfigEntry;
import org.knime.core.node.config.base.ConfigBase;
import org.knime.core.node.config.base.ConfigValueEntry;
import org.knime.core.node.workflow.FlowVariable;

/**
 * Replaces values of a node's settings by flow variables, and offers values as flow variables, as the tree
 * {@code variables} (or {@code view_variables}) of its settings.xml says. The tree repeats the keys of the settings
 * down to a value; there it holds {@code used_variable} and {@code exposed_variable}, each a name or null.
 */
public final class SettingsOverwriter {

    private static final String USED = "used_variable";

    private static final String EXPOSED = "exposed_variable";

    private final ConfigBase m_tree;

    /**
     * @param variables the tree; with {@code version} and {@code tree} inside, or the old way without
     * @throws InvalidSettingsException if the tree is malformed
     */
    public SettingsOverwriter(final NodeSettingsRO variables) throws InvalidSettingsException {
        final ConfigBase config = (ConfigBase)variables;
        m_tree = config.containsKey("version") ? config.getConfigBase("tree") : config;
    }

    /**
     * @param settings the settings as saved; not changed
     * @param variables the flow variables at the node, by name
     * @return a copy with the values of the variables; keys that the settings do not have are ignored
     * @throws InvalidSettingsException if a variable is unknown or does not convert, with KNIME's message
     */
    public NodeSettings overwrite(final NodeSettingsRO settings, final Map<String, FlowVariable> variables)
        throws InvalidSettingsException {
        final NodeSettings copy = new NodeSettings(settings.getKey());
        ((NodeSettings)settings).copyTo(copy);
        try {
            overwrite(m_tree, copy, variables);
        } catch (InvalidSettingsException e) {
            throw new InvalidSettingsException(
                "Errors overwriting node settings with flow variables: " + e.getMessage(), e);
        }
        return copy;
    }

    private static void overwrite(final ConfigBase tree, final ConfigBase settings,
        final Map<String, FlowVariable> variables) throws InvalidSettingsException {
        for (final AbstractConfigEntry e : tree.entries()) {
            final AbstractConfigEntry target = settings.getEntry(e.getKey());
            if (!(e instanceof ConfigBase node) || target == null) {
                continue;
            }
            if (isLeaf(node)) {
                final String name = node.getString(USED);
                if (name != null) {
                    final FlowVariable variable = variables.get(name);
                    if (variable == null) {
                        throw new InvalidSettingsException("Unknown variable \"" + name + '"');
                    }
                    overwrite(settings, target, variable);
                }
            } else if (target instanceof ConfigBase sub) {
                overwrite(node, sub, variables);
            }
        }
    }

    private static void overwrite(final ConfigBase parent, final AbstractConfigEntry target,
        final FlowVariable variable) throws InvalidSettingsException {
        if (target instanceof ConfigValueEntry value) {
            parent.addEntry(VariableConversion.convert(variable, value.getKey(), value.getKey(), value.getType()));
            return;
        }
        final ConfigBase array = (ConfigBase)target;
        final AbstractConfigEntry first = array.getEntry("0");
        final boolean isArray = array.containsKey("array-size") || array.getChildCount() == 0;
        if (first instanceof ConfigBase || !isArray) {
            throw new InvalidSettingsException("Settings parameter \"" + target.getKey()
                + "\" is a group; variable \"" + variable.getName() + "\" can only replace a single value or an array");
        }
        final ConfigValueEntry element = VariableConversion.convert(variable, target.getKey(), "0",
            first == null ? VariableConversion.ownType(variable) : first.getType());
        final ConfigBase replaced = parent.addConfigBase(target.getKey());
        replaced.addInt("array-size", 1);
        replaced.addEntry(element);
    }

    private static boolean isLeaf(final ConfigBase node) {
        return node.getEntry(USED) instanceof ConfigValueEntry || node.getEntry(EXPOSED) instanceof ConfigValueEntry;
    }

    /**
     * @param settings the settings in use
     * @return the values that the tree offers as flow variables
     * @throws InvalidSettingsException if such a value is no single value
     */
    public List<FlowVariable> exposed(final NodeSettingsRO settings) throws InvalidSettingsException {
        final List<FlowVariable> result = new ArrayList<>();
        expose(m_tree, (ConfigBase)settings, result);
        return result;
    }

    private static void expose(final ConfigBase tree, final ConfigBase settings, final List<FlowVariable> result)
        throws InvalidSettingsException {
        for (final AbstractConfigEntry e : tree.entries()) {
            final AbstractConfigEntry source = settings.getEntry(e.getKey());
            if (!(e instanceof ConfigBase node) || source == null) {
                continue;
            }
            if (!isLeaf(node)) {
                if (source instanceof ConfigBase sub) {
                    expose(node, sub, result);
                }
            } else if (node.getString(EXPOSED, null) != null) {
                if (!(source instanceof ConfigValueEntry value)) {
                    throw new InvalidSettingsException("Settings parameter \"" + e.getKey()
                        + "\" is no single value; it cannot be exposed as a variable");
                }
                result.add(VariableConversion.expose(Objects.requireNonNull(node.getString(EXPOSED)), value));
            }
        }
    }
}
