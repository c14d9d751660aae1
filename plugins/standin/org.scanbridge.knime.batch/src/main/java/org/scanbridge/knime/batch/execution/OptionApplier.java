package org.scanbridge.knime.batch.execution;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeSettings;
import org.knime.core.node.config.base.AbstractConfigEntry;
import org.knime.core.node.config.base.ConfigBase;
import org.knime.core.node.config.base.ConfigEntries;
import org.knime.core.node.config.base.ConfigValueEntry;
import org.scanbridge.knime.batch.arguments.NodeOption;
import org.scanbridge.knime.batch.arguments.OptionType;
import org.scanbridge.knime.batch.arguments.WrongArgumentException;

/**
 * Puts {@code -option} values into nodes. Stricter than KNIME, which warns of an unknown node, ignores an unknown key,
 * and reports a wrong type as a missing setting: here each is a wrong argument, because a misspelled option would
 * otherwise run for minutes with the old value.
 */
public final class OptionApplier {

    private OptionApplier() {
    }

    /**
     * @param option what to set
     * @param nodes the workflow's nodes
     * @param warnings gets what the user should know
     * @throws WrongArgumentException if there is no such node or setting, or the setting is of another type
     * @throws InvalidSettingsException if the node refuses the value
     */
    public static void apply(final NodeOption option, final List<NodeContainer> nodes,
        final Consumer<String> warnings) throws WrongArgumentException, InvalidSettingsException {
        final NodeContainer node = find(option, nodes);
        if (node.model().isEmpty()) {
            warnings.accept(node.label() + "  has no stored settings: with an option it gets plain defaults, and no"
                + " longer chooses columns by its inputs. Configure it in KNIME, or give the columns by options, too");
        }
        // What the node would save, not what is stored: stored settings may leave out what has its default.
        final NodeSettings model = node.node().saveSettings();
        set(option, node, model);
        try {
            node.setModel(model);
        } catch (InvalidSettingsException ex) {
            throw new InvalidSettingsException(
                describe(option) + ": node \"" + node.label() + "\" refuses it: " + ex.getMessage(), ex);
        }
    }

    private static NodeContainer find(final NodeOption option, final List<NodeContainer> nodes)
        throws WrongArgumentException {
        if (option.nodePath().size() == 1) {
            for (NodeContainer node : nodes) {
                if (node.record().id() == option.nodePath().get(0)) {
                    return node;
                }
            }
        }
        throw new WrongArgumentException(describe(option) + ": the workflow has no node "
            + option.nodePath().stream().map(String::valueOf).collect(Collectors.joining("/")) + ". Its nodes: "
            + nodes.stream().map(NodeContainer::label).sorted().collect(Collectors.joining(", ")));
    }

    private static void set(final NodeOption option, final NodeContainer node, final NodeSettings model)
        throws WrongArgumentException {
        ConfigBase settings = model;
        final int last = option.keyPath().size() - 1;
        for (int i = 0; i <= last; i++) {
            final String key = option.keyPath().get(i);
            final AbstractConfigEntry entry = settings.getEntry(key);
            if (entry == null) {
                throw new WrongArgumentException(describe(option) + ": node \"" + node.label()
                    + "\" has no setting \"" + String.join("/", option.keyPath().subList(0, i + 1)) + "\". Settings "
                    + (i == 0 ? "" : "in \"" + String.join("/", option.keyPath().subList(0, i)) + "\" ") + "are: "
                    + String.join(", ", settings.keySet()));
            }
            if (i == last) {
                replace(option, node, settings, entry);
            } else if (entry instanceof ConfigBase group) {
                settings = group;
            } else {
                throw new WrongArgumentException(describe(option) + ": the setting \"" + key + "\" of node \""
                    + node.label() + "\" is a value, not a group with settings");
            }
        }
    }

    private static void replace(final NodeOption option, final NodeContainer node, final ConfigBase settings,
        final AbstractConfigEntry entry) throws WrongArgumentException {
        final ConfigEntries type = entryType(option.type());
        if (option.type().isCell() || entry.getType() != type) {
            throw new WrongArgumentException(describe(option) + ": the setting is of type " + label(entry.getType())
                + " in node \"" + node.label() + "\", not " + option.type().label());
        }
        settings.addEntry(new ConfigValueEntry(entry.getKey(), type, option.value()));
    }

    private static ConfigEntries entryType(final OptionType type) {
        return switch (type) {
            case INT, INT_CELL -> ConfigEntries.xint;
            case LONG, LONG_CELL -> ConfigEntries.xlong;
            case SHORT -> ConfigEntries.xshort;
            case BYTE -> ConfigEntries.xbyte;
            case BOOLEAN -> ConfigEntries.xboolean;
            case CHAR -> ConfigEntries.xchar;
            // KNIME's batch executor stores a float as a double.
            case FLOAT, DOUBLE, DOUBLE_CELL -> ConfigEntries.xdouble;
            case STRING, STRING_CELL -> ConfigEntries.xstring;
        };
    }

    private static String label(final ConfigEntries type) {
        return switch (type) {
            case config -> "group (give the path to one of its settings)";
            case xstring -> "String";
            default -> type.name().substring(1);
        };
    }

    private static String describe(final NodeOption option) {
        return "Option -option="
            + option.nodePath().stream().map(String::valueOf).collect(Collectors.joining("/")) + ","
            + String.join("/", option.keyPath()) + "," + option.value() + "," + option.type().label();
    }
}
