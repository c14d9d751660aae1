package org.scanbridge.knime.batch.variables;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeSettings;
import org.knime.core.node.config.base.AbstractConfigEntry;
import org.knime.core.node.config.base.ConfigBase;
import org.knime.core.node.config.base.ConfigEntries;
import org.knime.core.node.config.base.ConfigValueEntry;

/**
 * Which settings of a node flow variables overwrite, and which are published as flow variables: the {@code variables}
 * of a node's settings.xml. They repeat the keys of {@code model}; each leaf is a pair of {@code used_variable} and
 * {@code exposed_variable}. Keys that the model does not have are ignored, as in KNIME.
 */
public final class VariableSettings {

    private static final String VERSION = "version";

    private static final String USED = "used_variable";

    private static final String EXPOSED = "exposed_variable";

    private static final String ARRAY_SIZE = "array-size";

    private final Optional<ConfigBase> m_tree;

    private VariableSettings(final Optional<ConfigBase> tree) {
        m_tree = tree;
    }

    /** @return settings that overwrite and publish nothing */
    public static VariableSettings none() {
        return new VariableSettings(Optional.empty());
    }

    /**
     * @param variables the {@code variables} of a settings.xml; without {@code version} (before KNIME 4.1) the tree
     *            lies directly below
     * @return the settings
     * @throws InvalidSettingsException if there is a version but no tree
     */
    public static VariableSettings load(final ConfigBase variables) throws InvalidSettingsException {
        return new VariableSettings(
            Optional.of(variables.containsKey(VERSION) ? variables.getConfigBase("tree") : variables));
    }

    /** @return whether any setting is mentioned */
    public boolean isEmpty() {
        return m_tree.map(t -> t.keySet().isEmpty()).orElse(true);
    }

    /**
     * @param model the node's model settings; not changed
     * @param scope the variables the node sees
     * @return a copy of the settings with the variables' values in place
     * @throws InvalidSettingsException if a variable is unknown or does not fit its setting
     */
    public NodeSettings overwrite(final NodeSettings model, final VariableScope scope)
        throws InvalidSettingsException {
        final NodeSettings copy = new NodeSettings(model.getKey());
        model.copyTo(copy);
        if (m_tree.isPresent()) {
            overwrite(m_tree.get(), copy, scope);
        }
        return copy;
    }

    /**
     * @param model the node's model settings after overwriting
     * @return the variables that the node publishes
     * @throws InvalidSettingsException if a setting's type cannot be published
     */
    public List<Variable> exposed(final NodeSettings model) throws InvalidSettingsException {
        final List<Variable> exposed = new ArrayList<>();
        if (m_tree.isPresent()) {
            collectExposed(m_tree.get(), model, exposed);
        }
        return exposed;
    }

    private static void overwrite(final ConfigBase tree, final ConfigBase settings, final VariableScope scope)
        throws InvalidSettingsException {
        for (String key : tree.keySet()) {
            if (!(tree.getEntry(key) instanceof ConfigBase child)) {
                continue;
            }
            final AbstractConfigEntry setting = settings.getEntry(key);
            final Optional<String> used = name(child, USED);
            if (setting instanceof ConfigValueEntry) {
                if (used.isPresent()) {
                    settings.addEntry(SettingConversion.toSetting(find(scope, used.get()), setting.getType(), key));
                }
            } else if (setting instanceof ConfigBase nested) {
                if (used.isPresent() && nested.containsKey(ARRAY_SIZE)) {
                    overwriteArray(nested, find(scope, used.get()), key);
                } else {
                    overwrite(child, nested, scope);
                }
            }
        }
    }

    /** A single value replaces a whole array by an array of one. An empty array has no element to tell its type. */
    private static void overwriteArray(final ConfigBase array, final Variable variable, final String key)
        throws InvalidSettingsException {
        final AbstractConfigEntry first = array.getEntry("0");
        final ConfigEntries type = first == null ? ConfigEntries.xstring : first.getType();
        final ConfigValueEntry element = SettingConversion.toSetting(variable, type, "0");
        if (first == null && variable.type() != VariableClass.STRING) {
            throw new InvalidSettingsException("Variable \"" + variable.name() + "\" of type " + variable.type()
                + " cannot overwrite the empty array \"" + key + "\": its element type is unknown");
        }
        List.copyOf(array.keySet()).forEach(array::removeConfig);
        array.addInt(ARRAY_SIZE, 1);
        array.addEntry(element);
    }

    private static void collectExposed(final ConfigBase tree, final ConfigBase settings, final List<Variable> exposed)
        throws InvalidSettingsException {
        for (String key : tree.keySet()) {
            if (!(tree.getEntry(key) instanceof ConfigBase child)) {
                continue;
            }
            final AbstractConfigEntry setting = settings.getEntry(key);
            if (setting instanceof ConfigValueEntry leaf) {
                final Optional<String> name = name(child, EXPOSED);
                if (name.isPresent()) {
                    exposed.add(SettingConversion.toVariable(name.get(), leaf));
                }
            } else if (setting instanceof ConfigBase nested) {
                collectExposed(child, nested, exposed);
            }
        }
    }

    private static Optional<String> name(final ConfigBase leaf, final String key) {
        return Optional.ofNullable(leaf.getString(key, null)).filter(n -> !n.isBlank());
    }

    private static Variable find(final VariableScope scope, final String name) throws InvalidSettingsException {
        return scope.find(name).orElseThrow(() -> new InvalidSettingsException("Unknown variable \"" + name + "\""));
    }
}
