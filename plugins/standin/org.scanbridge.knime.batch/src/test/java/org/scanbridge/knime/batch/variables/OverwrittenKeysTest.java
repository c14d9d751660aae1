package org.scanbridge.knime.batch.variables;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.knime.core.node.NodeSettings;

class OverwrittenKeysTest {

    private static void leaf(final NodeSettings parent, final String key, final String used) {
        final NodeSettings leaf = parent.addNodeSettings(key);
        leaf.addString("used_variable", used);
        leaf.addString("exposed_variable", null);
    }

    @Test
    void onlyUsedKeysThatAreMissing() {
        final NodeSettings model = new NodeSettings("model");
        model.addInt("there", 1);
        model.addNodeSettings("group").addInt("there", 1);
        model.addStringArray("list", "a");
        final NodeSettings tree = new NodeSettings("variables");
        leaf(tree, "there", "v");
        leaf(tree, "gone", "v");
        leaf(tree, "unused", null);
        leaf(tree, "list", "v");
        final NodeSettings group = tree.addNodeSettings("group");
        leaf(group, "there", "v");
        leaf(group, "gone", "v");
        leaf(tree.addNodeSettings("nowhere"), "gone", "v");
        assertEquals(List.of("gone", "group/gone", "nowhere/gone"), OverwrittenKeys.missing(tree, model));
    }

    @Test
    void versionedTree() {
        final NodeSettings variables = new NodeSettings("variables");
        variables.addString("version", "V_2019_09_13");
        leaf(variables.addNodeSettings("tree"), "gone", "v");
        assertEquals(List.of("gone"), OverwrittenKeys.missing(variables, new NodeSettings("model")));
    }
}
