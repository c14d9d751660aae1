package org.knime.node.standin.persistence;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeSettings;
import org.knime.core.node.NodeSettingsRO;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.migration.LoadDefaultsForAbsentFields;
import org.knime.node.parameters.migration.Migrate;
import org.knime.node.parameters.persistence.NodeParametersPersistor;
import org.knime.node.parameters.persistence.Persistor;
import org.knime.node.standin.persistence.SampleParameters.Method;

/** Expected entries and messages are those a real KNIME 5.8.3 wrote and printed. */
class NodeParametersPersistenceTest {

    private static String save(final NodeParameters parameters) throws IOException {
        final NodeSettings settings = new NodeSettings("model");
        NodeParametersPersistence.save(parameters, settings);
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        settings.saveToXML(out);
        return out.toString(StandardCharsets.UTF_8);
    }

    private static <P extends NodeParameters> P load(final Class<P> type, final String entries)
        throws IOException, InvalidSettingsException {
        final String xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            + "<config xmlns=\"http://www.knime.org/2008/09/XMLConfig\""
            + " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation=\""
            + "http://www.knime.org/2008/09/XMLConfig http://www.knime.org/XMLConfig_2008_09.xsd\" key=\"model\">\n"
            + entries + "</config>";
        final NodeSettingsRO settings =
            NodeSettings.loadFromXML(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
        return NodeParametersPersistence.load(type, settings);
    }

    private static String failure(final Class<? extends NodeParameters> type, final String entries) {
        return assertThrows(InvalidSettingsException.class, () -> load(type, entries)).getMessage();
    }

    @Test
    void writesTheEntriesThatKnimeWrites() throws IOException {
        final String xml = save(new SampleParameters());
        final String expected = """
            key="model">
                <entry key="method" type="xstring" value="Z_SCORE"/>
                <entry key="upper" type="xdouble" value="1.0"/>
                <entry key="clip" type="xdouble" value="0.0"/>
                <entry key="clip_is_present" type="xboolean" value="false"/>
                <entry key="clip2" type="xint" value="3"/>
                <entry key="clip2_is_present" type="xboolean" value="true"/>
                <config key="nested">
                    <entry key="gamma" type="xdouble" value="1.5"/>
                    <entry key="deep" type="xboolean" value="true"/>
                </config>
                <config key="items">
                    <config key="0">
                        <entry key="key" type="xstring" value="a"/>
                        <entry key="val" type="xint" value="1"/>
                    </config>
                    <config key="1">
                        <entry key="key" type="xstring" value="b"/>
                        <entry key="val" type="xint" value="2"/>
                    </config>
                </config>
                <config key="list">
                    <config key="0">
                        <entry key="key" type="xstring" value="z"/>
                        <entry key="val" type="xint" value="26"/>
                    </config>
                </config>
                <entry key="patchText" type="xstring" value="1x2x3"/>
                <entry key="renamed" type="xlong" value="42"/>
                <entry key="flag_Internals" type="xboolean" value="true"/>
                <config key="ints">
                    <entry key="array-size" type="xint" value="2"/>
                    <entry key="0" type="xint" value="7"/>
                    <entry key="1" type="xint" value="8"/>
                </config>
                <entry key="float" type="xfloat" value="0.5"/>
                <entry key="byte" type="xbyte" value="-3"/>
                <entry key="char" type="xchar" value="x"/>
                <entry key="null" type="xstring" isnull="true" value=""/>
                <entry key="note" type="xstring" value="line1%%00010line2"/>
            </config>
            """;
        assertEquals(expected.replaceAll("(?m)^ +", ""), xml.substring(xml.indexOf("key=\"model\">")));
    }

    @Test
    void readsBackWhatItWrote() throws Exception {
        final SampleParameters parameters = new SampleParameters();
        parameters.m_method = Method.MIN_MAX;
        parameters.m_clip = Optional.of(2.5);
        parameters.m_clip2 = Optional.empty();
        parameters.m_nested.m_gamma = Double.NaN;
        parameters.m_items = new SampleParameters.Item[0];
        parameters.m_list = null;
        parameters.m_patch = new int[]{16, 8};
        parameters.m_note = "ä%%\u2603";
        final NodeSettings settings = new NodeSettings("model");
        NodeParametersPersistence.save(parameters, settings);

        final SampleParameters read = NodeParametersPersistence.load(SampleParameters.class, settings);

        assertEquals(Method.MIN_MAX, read.m_method);
        assertEquals(Optional.of(2.5), read.m_clip);
        assertEquals(Optional.empty(), read.m_clip2);
        assertTrue(Double.isNaN(read.m_nested.m_gamma));
        assertEquals(0, read.m_items.length);
        assertNull(read.m_list);
        assertArrayEquals(new int[]{16, 8}, read.m_patch);
        assertEquals("ä%%\u2603", read.m_note);
        final NodeSettings again = new NodeSettings("model");
        NodeParametersPersistence.save(read, again);
        assertEquals(settings, again);
    }

    static final class Strict implements NodeParameters {
        double m_upper = 1;
    }

    @Test
    void missingEntryFails() {
        assertEquals("Double for key \"upper\" not found.", failure(Strict.class, ""));
    }

    @Test
    void entryOfAnotherTypeFails() {
        assertEquals("Double for key \"upper\" not found.",
            failure(Strict.class, "<entry key=\"upper\" type=\"xint\" value=\"1\"/>"));
    }

    @Test
    void unknownEntriesAreIgnored() throws Exception {
        assertEquals(4.0, load(Strict.class, "<entry key=\"other\" type=\"xint\" value=\"1\"/>"
            + "<entry key=\"upper\" type=\"xdouble\" value=\"4.0\"/>").m_upper);
    }

    static final class WithEnum implements NodeParameters {
        Method m_method = Method.MIN_MAX;
    }

    @Test
    void unknownConstantFails() {
        assertEquals("Invalid value 'nope'. Possible values: Z_SCORE, MIN_MAX",
            failure(WithEnum.class, "<entry key=\"method\" type=\"xstring\" value=\"nope\"/>"));
        assertEquals("Invalid value 'null'. Possible values: Z_SCORE, MIN_MAX",
            failure(WithEnum.class, "<entry key=\"method\" type=\"xstring\" isnull=\"true\" value=\"\"/>"));
    }

    static final class WithOptional implements NodeParameters {
        Optional<Double> m_clip = Optional.empty();
    }

    @Test
    void missingFlagMeansPresent() throws Exception {
        assertEquals(Optional.of(3.5),
            load(WithOptional.class, "<entry key=\"clip\" type=\"xdouble\" value=\"3.5\"/>").m_clip);
    }

    static final class WithArrays implements NodeParameters {
        SampleParameters.Item[] m_items = {new SampleParameters.Item("a", 1)};

        int[] m_ints = {1};
    }

    @Test
    void emptySubTreesAreAnEmptyArrayOfObjectsButNullNumbers() throws Exception {
        final WithArrays read = load(WithArrays.class, "<config key=\"items\"/><config key=\"ints\"/>");
        assertEquals(0, read.m_items.length);
        assertNull(read.m_ints);
    }

    @LoadDefaultsForAbsentFields
    static final class Lenient implements NodeParameters {
        double m_upper = 1;

        StrictGroup m_group = new StrictGroup();

        StrictGroup[] m_groups = {};
    }

    static final class StrictGroup implements NodeParameters {
        boolean m_deep = true;
    }

    @Test
    void absentFieldsKeepTheirDefaults() throws Exception {
        final Lenient read = load(Lenient.class, "");
        assertEquals(1.0, read.m_upper);
        assertTrue(read.m_group.m_deep);
    }

    @Test
    void defaultsForAbsentFieldsDoNotReachGroupsAndElements() {
        assertEquals("Boolean for key \"deep\" not found.", failure(Lenient.class, "<config key=\"group\"/>"));
        assertEquals("Boolean for key \"deep\" not found.",
            failure(Lenient.class, "<config key=\"groups\"><config key=\"0\"/></config>"));
    }

    static final class Migrated implements NodeParameters {
        @Migrate(loadDefaultIfAbsent = true)
        int m_added = 5;

        @Migrate(loadDefaultIfAbsent = true)
        @Persistor(SampleParameters.PatchPersistor.class)
        int[] m_patch = {9};

        int m_old = 1;
    }

    @Test
    void migratedFieldKeepsItsDefaultAndOthersFail() throws Exception {
        final Migrated read = load(Migrated.class, "<entry key=\"old\" type=\"xint\" value=\"2\"/>");
        assertEquals(List.of(5, 9, 2), List.of(read.m_added, read.m_patch[0], read.m_old));
        assertEquals("Int for key \"old\" not found.", failure(Migrated.class, ""));
    }

    @Test
    void uncheckedFailureOfAPersistorIsACodingIssue() {
        assertEquals("Coding issue: For input string: \"a\"", failure(Migrated.class,
            "<entry key=\"patchText\" type=\"xstring\" value=\"1xa\"/><entry key=\"old\" type=\"xint\" value=\"2\"/>"));
    }

    static final class WithShort implements NodeParameters {
        short m_number = 1;
    }

    @Test
    void shortHasNoDefaultStorage() {
        final IllegalStateException e =
            assertThrows(IllegalStateException.class, () -> NodeParametersPersistence.save(new WithShort(), null));
        assertTrue(e.getMessage().contains("\"short\" of field \"m_number\""), e.getMessage());
    }

    static class Base implements NodeParameters {
        int m_inherited = 1;
    }

    static final class Derived extends Base {
        int m_own = 2;
    }

    @Test
    void inheritedFieldsComeFirst() throws IOException {
        final String xml = save(new Derived());
        assertTrue(xml.indexOf("\"inherited\"") > 0 && xml.indexOf("\"inherited\"") < xml.indexOf("\"own\""), xml);
    }

    static final class PersistsNothing implements NodeParametersPersistor<String> {
        @Override
        public String load(final NodeSettingsRO settings) {
            return "loaded";
        }

        @Override
        public void save(final String value, final org.knime.core.node.NodeSettingsWO settings) {
            settings.addInt("nothing", 1);
        }

        @Override
        public String[][] getConfigPaths() {
            return new String[][]{{"tree", "nothing"}};
        }
    }

    @LoadDefaultsForAbsentFields
    static final class DeepPath implements NodeParameters {
        @Persistor(PersistsNothing.class)
        String m_text = "default";
    }

    @Test
    void persistorIsAskedOnlyIfOneOfItsPathsExists() throws Exception {
        assertEquals("default", load(DeepPath.class, "<config key=\"tree\"/>").m_text);
        assertEquals("loaded", load(DeepPath.class,
            "<config key=\"tree\"><entry key=\"nothing\" type=\"xint\" value=\"1\"/></config>").m_text);
        assertFalse(save(new DeepPath()).contains("default"));
    }
}
