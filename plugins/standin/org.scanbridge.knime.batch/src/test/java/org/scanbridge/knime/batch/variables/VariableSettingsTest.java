package org.scanbridge.knime.batch.variables;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeSettings;
import org.knime.core.node.config.base.ConfigEntries;
import org.knime.core.node.config.base.ConfigValueEntry;

/** The conversions and messages were seen on KNIME 5.8.3. */
class VariableSettingsTest {

    private static final VariableScope SCOPE = VariableScope.of(List.of(Variable.ofInt("vi", 65),
        new Variable("vl", VariableClass.LONG, 66L), Variable.ofDouble("vd", 2.5),
        new Variable("vb", VariableClass.BOOLEAN, true), Variable.ofString("vs", "min_max"),
        Variable.ofString("vt", "true"), Variable.ofString("vc", "x"), Variable.ofInt("big", 40000)));

    private static NodeSettings model() {
        final NodeSettings model = new NodeSettings("model");
        model.addInt("i", 1);
        model.addLong("l", 1);
        model.addShort("s", (short)1);
        model.addByte("b", (byte)1);
        model.addDouble("d", 1);
        model.addFloat("f", 1);
        model.addChar("c", 'a');
        model.addBoolean("flag", false);
        model.addString("text", "old");
        model.addStringArray("list", "a", "b");
        model.addNodeSettings("nested").addDouble("gamma", 1);
        return model;
    }

    private static NodeSettings leaf(final NodeSettings parent, final String key, final String used,
        final String exposed) {
        final NodeSettings leaf = parent.addNodeSettings(key);
        leaf.addString("used_variable", used);
        leaf.addString("exposed_variable", exposed);
        return leaf;
    }

    private static VariableSettings using(final String key, final String variable) throws InvalidSettingsException {
        final NodeSettings variables = new NodeSettings("variables");
        variables.addString("version", "V_2019_09_13");
        leaf(variables.addNodeSettings("tree"), key, variable, null);
        return VariableSettings.load(variables);
    }

    @ParameterizedTest
    @CsvSource({"vi,i,65", "vi,l,65", "vi,s,65", "vi,b,65", "vi,d,65.0", "vi,f,65.0", "vi,c,A", "vi,text,65", //
        "vl,l,66", "vl,d,66.0", "vl,f,66.0", "vl,text,66", //
        "vd,d,2.5", "vd,f,2.5", "vd,text,2.5", //
        "vb,flag,true", "vb,text,true", //
        "vs,text,min_max", "vt,flag,true", "vc,c,x"})
    void conversions(final String variable, final String key, final String expected) throws Exception {
        final NodeSettings model = model();
        final ConfigEntries type = model.getEntry(key).getType();
        final NodeSettings changed = using(key, variable).overwrite(model, SCOPE);
        final ConfigValueEntry entry = (ConfigValueEntry)changed.getEntry(key);
        assertEquals(type, entry.getType());
        assertEquals(expected, entry.toStringValue());
        assertTrue(model.isIdentical(model()), "the stored settings stay as they are");
    }

    @ParameterizedTest
    @CsvSource({"vl,i", "vd,i", "vd,l", "vb,i", "vs,d", "vs,i", "vi,flag", "vl,s"})
    void typesThatDoNotFit(final String variable, final String key) throws Exception {
        final VariableSettings settings = using(key, variable);
        final NodeSettings model = model();
        final InvalidSettingsException ex =
            assertThrows(InvalidSettingsException.class, () -> settings.overwrite(model, SCOPE));
        assertTrue(ex.getMessage().startsWith("Can't evaluate variable \"" + variable + "\" as "
            + model.getEntry(key).getType() + " expression, it is a "), ex.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"big,b,byte,40000", "big,s,short,40000", "vs,flag,boolean,min_max", "vs,c,char,min_max"})
    void valuesOutOfRange(final String variable, final String key, final String type, final String text)
        throws Exception {
        final VariableSettings settings = using(key, variable);
        final InvalidSettingsException ex =
            assertThrows(InvalidSettingsException.class, () -> settings.overwrite(model(), SCOPE));
        assertEquals("Unable to parse \"%s\" (variable \"%s\") as %s expression (settings parameter \"%s\")"
            .formatted(text, variable, type, key), ex.getMessage());
    }

    @Test
    void unknownVariableIsAnError() throws Exception {
        final VariableSettings settings = using("text", "nosuch");
        assertEquals("Unknown variable \"nosuch\"",
            assertThrows(InvalidSettingsException.class, () -> settings.overwrite(model(), SCOPE)).getMessage());
    }

    @Test
    void unknownKeyIsIgnored() throws Exception {
        assertTrue(using("gone", "vs").overwrite(model(), SCOPE).isIdentical(model()));
    }

    @Test
    void nestedSettingsAndTheOldFormWithoutVersion() throws Exception {
        final NodeSettings variables = new NodeSettings("variables");
        leaf(variables.addNodeSettings("nested"), "gamma", "vd", null);
        assertEquals(2.5, VariableSettings.load(variables).overwrite(model(), SCOPE).getNodeSettings("nested")
            .getDouble("gamma"));
    }

    @Test
    void elementsAndWholeArrays() throws Exception {
        final NodeSettings variables = new NodeSettings("variables");
        leaf(variables.addNodeSettings("list"), "1", "vs", null);
        assertEquals(List.of("a", "min_max"),
            List.of(VariableSettings.load(variables).overwrite(model(), SCOPE).getStringArray("list")));
        assertEquals(List.of("min_max"), List.of(using("list", "vs").overwrite(model(), SCOPE).getStringArray("list")));
    }

    @ParameterizedTest
    @CsvSource({"i,INTEGER,1", "s,INTEGER,1", "b,INTEGER,1", "l,LONG,1", "d,DOUBLE,1.0", "f,DOUBLE,1.0",
        "flag,BOOLEAN,false", "text,STRING,old", "c,STRING,a"})
    void exposed(final String key, final VariableClass type, final String text) throws Exception {
        final NodeSettings variables = new NodeSettings("variables");
        leaf(variables, key, null, "out");
        final List<Variable> exposed = VariableSettings.load(variables).exposed(model());
        assertEquals(1, exposed.size());
        assertEquals("out", exposed.get(0).name());
        assertEquals(type, exposed.get(0).type());
        assertEquals(text, exposed.get(0).text());
    }

    @Test
    void nothingToDo() throws Exception {
        assertTrue(VariableSettings.none().isEmpty());
        assertFalse(using("i", "vi").isEmpty());
        assertTrue(VariableSettings.none().overwrite(model(), VariableScope.EMPTY).isIdentical(model()));
    }
}
