package org.knime.core.standin.variable;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeSettings;
import org.knime.core.node.NodeSettingsWO;
import org.knime.core.node.config.base.ConfigEntries;
import org.knime.core.node.config.base.ConfigValueEntry;
import org.knime.core.node.workflow.FlowVariable;
import org.knime.core.node.workflow.VariableType.BooleanType;
import org.knime.core.node.workflow.VariableType.DoubleType;
import org.knime.core.node.workflow.VariableType.IntType;
import org.knime.core.node.workflow.VariableType.LongType;
import org.knime.core.node.workflow.VariableType.StringType;

class SettingsOverwriterTest {

    private static final FlowVariable INT = new FlowVariable("v", IntType.INSTANCE, 7);

    private static final FlowVariable LONG = new FlowVariable("v", LongType.INSTANCE, 7L);

    private static final FlowVariable DOUBLE = new FlowVariable("v", DoubleType.INSTANCE, 0.5);

    private static final FlowVariable BOOLEAN = new FlowVariable("v", BooleanType.INSTANCE, true);

    private static final FlowVariable STRING = new FlowVariable("v", StringType.INSTANCE, "true");

    /** One value of every type. */
    private static NodeSettings settings() {
        final NodeSettings s = new NodeSettings("model");
        s.addInt("xint", 1);
        s.addLong("xlong", 1);
        s.addShort("xshort", (short)1);
        s.addByte("xbyte", (byte)1);
        s.addDouble("xdouble", 1);
        s.addFloat("xfloat", 1);
        s.addChar("xchar", 'c');
        s.addBoolean("xboolean", false);
        s.addString("xstring", "s");
        final NodeSettings group = s.addNodeSettings("group");
        group.addDouble("gamma", 1.5);
        group.addNodeSettings("items").addNodeSettings("1").addInt("val", 2);
        s.addIntArray("ints", 7, 8);
        s.addStringArray("none");
        return s;
    }

    private static NodeSettings tree(final boolean old) {
        final NodeSettings variables = new NodeSettings("variables");
        if (!old) {
            variables.addString("version", "V_2019_09_13");
            variables.addNodeSettings("tree");
        }
        return variables;
    }

    private static void leaf(final NodeSettingsWO tree, final String key, final String used, final String exposed) {
        final NodeSettingsWO leaf = tree.addNodeSettings(key);
        leaf.addString("used_variable", used);
        leaf.addString("exposed_variable", exposed);
    }

    private static NodeSettings overwrite(final String key, final FlowVariable variable)
        throws InvalidSettingsException {
        final NodeSettings variables = tree(false);
        leaf(variables.getNodeSettings("tree"), key, variable.getName(), null);
        return new SettingsOverwriter(variables).overwrite(settings(), Map.of(variable.getName(), variable));
    }

    private static String failure(final String key, final FlowVariable variable) {
        final String message =
            assertThrows(InvalidSettingsException.class, () -> overwrite(key, variable)).getMessage();
        final String prefix = "Errors overwriting node settings with flow variables: ";
        assertTrue(message.startsWith(prefix), message);
        return message.substring(prefix.length());
    }

    @Test
    void convertsAsKnimeDoes() {
        final Map<FlowVariable, Map<String, Object>> allowed = new LinkedHashMap<>();
        allowed.put(INT, Map.of("xint", 7, "xlong", 7L, "xbyte", (byte)7, "xshort", (short)7, "xfloat", 7f, "xdouble",
            7.0, "xchar", '\u0007', "xstring", "7"));
        allowed.put(LONG, Map.of("xlong", 7L, "xfloat", 7f, "xdouble", 7.0, "xstring", "7"));
        allowed.put(DOUBLE, Map.of("xdouble", 0.5, "xfloat", 0.5f, "xstring", "0.5"));
        allowed.put(BOOLEAN, Map.of("xboolean", true, "xstring", "true"));
        allowed.put(STRING, Map.of("xstring", "true", "xboolean", true));
        allowed.forEach((variable, results) -> {
            for (final String key : Set.of("xint", "xlong", "xshort", "xbyte", "xdouble", "xfloat", "xboolean",
                "xstring", "xchar")) {
                final Map<String, Object> seen = new HashMap<>();
                try {
                    final ConfigValueEntry e = (ConfigValueEntry)overwrite(key, variable).getEntry(key);
                    assertEquals(ConfigEntries.valueOf(key), e.getType());
                    seen.put(key, e.getValue());
                } catch (InvalidSettingsException e) {
                    assertFalse(results.containsKey(key), variable + " as " + key + ": " + e.getMessage());
                    continue;
                }
                assertEquals(results.get(key), seen.get(key), variable + " as " + key);
            }
        });
    }

    @Test
    void saysWhatDoesNotConvert() {
        assertTrue(failure("xint", LONG)
            .startsWith("Can't evaluate variable \"v\" as xint expression, it is a LONG ("));
        assertTrue(failure("xlong", DOUBLE).contains("as xlong expression, it is a DOUBLE"));
        assertTrue(failure("xdouble", STRING).contains("as xdouble expression, it is a STRING"));
        assertEquals("Unable to parse \"min_max\" (variable \"vs\") as boolean expression (settings parameter"
            + " \"xboolean\")", failure("xboolean", new FlowVariable("vs", StringType.INSTANCE, "min_max")));
        assertTrue(failure("xbyte", new FlowVariable("v", IntType.INSTANCE, 128)).contains("128"));
        assertTrue(failure("xshort", new FlowVariable("v", IntType.INSTANCE, -32769)).contains("-32769"));
    }

    @Test
    void unknownVariableFailsUnknownKeyDoesNot() throws Exception {
        final NodeSettings variables = tree(false);
        leaf(variables.getNodeSettings("tree"), "absent", "v", null);
        assertEquals(settings(), new SettingsOverwriter(variables).overwrite(settings(), Map.of("v", INT)));
        leaf(variables.getNodeSettings("tree"), "xint", "nosuch", null);
        assertEquals("Errors overwriting node settings with flow variables: Unknown variable \"nosuch\"",
            assertThrows(InvalidSettingsException.class,
                () -> new SettingsOverwriter(variables).overwrite(settings(), Map.of())).getMessage());
    }

    @Test
    void reachesNestedValuesAndElements() throws Exception {
        final NodeSettings variables = tree(true);
        leaf(variables.addNodeSettings("group"), "gamma", "v", null);
        final NodeSettings group = variables.getNodeSettings("group");
        leaf(group.addNodeSettings("items").addNodeSettings("1"), "val", "v", null);
        leaf(variables.addNodeSettings("ints"), "1", "v", null);
        final NodeSettings before = settings();
        final NodeSettings after = new SettingsOverwriter(variables).overwrite(before,
            Map.of("v", new FlowVariable("v", IntType.INSTANCE, 42)));
        assertEquals(42.0, after.getNodeSettings("group").getDouble("gamma"));
        assertEquals(42, after.getNodeSettings("group").getNodeSettings("items").getNodeSettings("1").getInt("val"));
        assertArrayEquals(new int[]{7, 42}, after.getIntArray("ints"));
        assertEquals(settings(), before, "the original stays");
    }

    @Test
    void scalarReplacesArray() throws Exception {
        assertArrayEquals(new int[]{7}, overwrite("ints", INT).getIntArray("ints"));
        assertArrayEquals(new String[]{"true"}, overwrite("none", STRING).getStringArray("none"));
        assertTrue(failure("ints", DOUBLE).contains("as xint expression, it is a DOUBLE"));
        assertTrue(failure("group", INT).contains("\"group\" is a group"));
    }

    @Test
    void exposesValues() throws Exception {
        final NodeSettings variables = tree(false);
        for (final String key : List.of("xint", "xshort", "xbyte", "xlong", "xdouble", "xfloat", "xboolean", "xstring",
            "xchar")) {
            leaf(variables.getNodeSettings("tree"), key, null, "out_" + key);
        }
        final Map<String, FlowVariable> exposed = new HashMap<>();
        new SettingsOverwriter(variables).exposed(settings()).forEach(v -> exposed.put(v.getName(), v));
        assertEquals(9, exposed.size());
        for (final String key : List.of("xint", "xshort", "xbyte")) {
            assertEquals(1, exposed.get("out_" + key).getValue(IntType.INSTANCE));
        }
        assertEquals(1L, exposed.get("out_xlong").getValue(LongType.INSTANCE));
        assertEquals(1.0, exposed.get("out_xdouble").getValue(DoubleType.INSTANCE));
        assertEquals(1.0, exposed.get("out_xfloat").getValue(DoubleType.INSTANCE));
        assertEquals(false, exposed.get("out_xboolean").getValue(BooleanType.INSTANCE));
        assertEquals("s", exposed.get("out_xstring").getValue(StringType.INSTANCE));
        assertEquals("c", exposed.get("out_xchar").getValue(StringType.INSTANCE));
    }

    @Test
    void variablesAreWrittenAndRead() throws Exception {
        for (final FlowVariable v : List.of(INT, LONG, DOUBLE, BOOLEAN, STRING)) {
            final NodeSettings s = new NodeSettings("Var_0");
            v.save(s);
            assertEquals(v, FlowVariable.load(s));
        }
        final NodeSettings foreign = new NodeSettings("Var_0");
        foreign.addString("name", "list");
        foreign.addString("class", "STRINGARRAY");
        assertTrue(assertThrows(InvalidSettingsException.class, () -> FlowVariable.load(foreign)).getMessage()
            .contains("STRINGARRAY"));
    }
}
