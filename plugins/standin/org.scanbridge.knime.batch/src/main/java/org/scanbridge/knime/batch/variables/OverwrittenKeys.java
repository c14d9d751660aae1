package org.scanbridge.knime.batch.variables;

import java.util.ArrayList;
import java.util.List;

import org.knime.core.node.config.base.AbstractConfigEntry;
import org.knime.core.node.config.base.ConfigBase;
import org.knime.core.node.config.base.ConfigValueEntry;

/**
 * Finds overwrites that come to nothing. KNIME ignores, without a word, a flow variable set for a key that the stored
 * settings of the node do not have; in a workflow edited by hand that is nearly always a mistake.
 */
public final class OverwrittenKeys {

    private static final String USED = "used_variable";

    private OverwrittenKeys() {
    }

    /**
     * @param variables the {@code variables} of a node's settings.xml
     * @param model the model settings they are to overwrite
     * @return the paths of keys that a variable is set for and that the model does not have
     */
    public static List<String> missing(final ConfigBase variables, final ConfigBase model) {
        final List<String> missing = new ArrayList<>();
        final boolean versioned = variables.containsKey("version");
        if (!versioned || variables.getEntry("tree") instanceof ConfigBase) {
            collect(versioned ? (ConfigBase)variables.getEntry("tree") : variables, model, "", missing);
        }
        return missing;
    }

    private static void collect(final ConfigBase tree, final AbstractConfigEntry settings, final String path,
        final List<String> missing) {
        for (AbstractConfigEntry entry : tree.entries()) {
            if (!(entry instanceof ConfigBase child)) {
                continue;
            }
            final AbstractConfigEntry setting =
                settings instanceof ConfigBase group ? group.getEntry(entry.getKey()) : null;
            if (child.getEntry(USED) instanceof ConfigValueEntry used) {
                if (used.getValue() != null && setting == null) {
                    missing.add(path + entry.getKey());
                }
            } else {
                collect(child, setting, path + entry.getKey() + "/", missing);
            }
        }
    }
}
