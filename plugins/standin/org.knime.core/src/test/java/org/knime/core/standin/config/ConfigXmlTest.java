package org.knime.core.standin.config;

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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeSettings;
import org.knime.core.node.NodeSettingsRO;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class ConfigXmlTest {

    /** Written by KNIME 5.8.3, but for the indentation. */
    private static final String WRITTEN_BY_KNIME = """
        <?xml version="1.0" encoding="UTF-8"?>
        <config xmlns="http://www.knime.org/2008/09/XMLConfig" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"\
         xsi:schemaLocation="http://www.knime.org/2008/09/XMLConfig http://www.knime.org/XMLConfig_2008_09.xsd" key="model">
        <entry key="method" type="xstring" value="Z_SCORE"/>
        <entry key="upper" type="xdouble" value="1.0"/>
        <entry key="clip_is_present" type="xboolean" value="false"/>
        <config key="nested">
        <entry key="gamma" type="xdouble" value="1.5"/>
        </config>
        <config key="ints">
        <entry key="array-size" type="xint" value="2"/>
        <entry key="0" type="xint" value="7"/>
        <entry key="1" type="xint" value="8"/>
        </config>
        <entry key="null" type="xstring" isnull="true" value=""/>
        <entry key="note" type="xstring" value="line1%%00010line2"/>
        <config key="empty"/>
        </config>
        """;

    private static NodeSettingsRO read(final String xml) throws IOException {
        return NodeSettings.loadFromXML(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
    }

    private static String write(final NodeSettings settings) throws IOException {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        settings.saveToXML(out);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void readsWhatKnimeWrote() throws Exception {
        final NodeSettingsRO s = read(WRITTEN_BY_KNIME);
        assertEquals("model", s.getKey());
        assertEquals(List.of("method", "upper", "clip_is_present", "nested", "ints", "null", "note", "empty"),
            List.copyOf(s.keySet()));
        assertEquals("Z_SCORE", s.getString("method"));
        assertEquals(1.0, s.getDouble("upper"));
        assertFalse(s.getBoolean("clip_is_present"));
        assertEquals(1.5, s.getNodeSettings("nested").getDouble("gamma"));
        assertArrayEquals(new int[]{7, 8}, s.getIntArray("ints"));
        assertNull(s.getString("null"));
        assertEquals("line1\nline2", s.getString("note"));
        assertEquals(0, s.getConfig("empty").getChildCount());
    }

    @Test
    void writesAsKnimeDoes() throws Exception {
        final NodeSettings s = new NodeSettings("model");
        s.addString("method", "Z_SCORE");
        s.addDouble("upper", 1);
        s.addBoolean("clip_is_present", false);
        s.addNodeSettings("nested").addDouble("gamma", 1.5);
        s.addIntArray("ints", 7, 8);
        s.addString("null", null);
        s.addTransientString("secret", "not on disk");
        s.addString("note", "line1\nline2");
        s.addNodeSettings("empty");
        assertEquals(WRITTEN_BY_KNIME, write(s));
    }

    @Test
    void keepsEveryType() throws Exception {
        final NodeSettings s = new NodeSettings("all");
        s.addInt("int", Integer.MIN_VALUE);
        s.addLong("long", Long.MAX_VALUE);
        s.addShort("short", (short)-3);
        s.addByte("byte", (byte)-128);
        s.addDouble("nan", Double.NaN);
        s.addDouble("inf", Double.NEGATIVE_INFINITY);
        s.addDouble("tiny", Double.MIN_VALUE);
        s.addFloat("float", 0.1f);
        s.addChar("char", '\u0000');
        s.addBoolean("boolean", true);
        s.addLongArray("longs", 1, -1);
        s.addByteArray("bytes");
        s.addStringArray("strings", "a", null, "");
        s.addIntArray("noInts", (int[])null);
        s.addDataType("type", StringCell.TYPE);
        final NodeSettingsRO r = read(write(s));
        assertEquals(s, r);
        assertEquals('\u0000', r.getChar("char"));
        assertEquals(Double.NEGATIVE_INFINITY, r.getDouble("inf"));
        assertArrayEquals(new String[]{"a", null, ""}, r.getStringArray("strings"));
        assertArrayEquals(new byte[0], r.getByteArray("bytes"));
        assertNull(r.getIntArray("noInts"));
        assertEquals(StringCell.TYPE, r.getDataType("type"));
    }

    @Property
    void everyStringSurvives(@ForAll final String key, @ForAll final String value) throws Exception {
        final NodeSettings s = new NodeSettings("root");
        s.addString(key, value);
        assertEquals(value, read(write(s)).getString(key));
    }

    @Test
    void nastyStringsSurvive() throws Exception {
        for (final String nasty : List.of("", " ", "%", "%%", "%%%", "%\n", "%%00010", "%%65536", "%%99999", "a%%",
            "<&>\"'", "]]>", "\uD83D\uDE00", "\uD800", "\uFFFF", "\t\r\n", "\u0085\u2028", "ä%%ö")) {
            final NodeSettings s = new NodeSettings("root");
            s.addString("x", nasty);
            assertEquals(nasty, read(write(s)).getString("x"));
        }
    }

    @Test
    void escapesAsKnimeDoes() {
        assertEquals("%%00009%%55357%%56832", ValueEscape.escape("\t\uD83D\uDE00"));
        assertEquals("100%", ValueEscape.escape("100%"));
        assertEquals("%%00037%", ValueEscape.escape("%%"));
        assertEquals("\u00E4\uD7FF", ValueEscape.escape("\u00E4\uD7FF"));
    }

    @Test
    void namesWhatIsMissing() throws Exception {
        final NodeSettings s = new NodeSettings("root");
        s.addInt("upper", 1);
        assertEquals("Double for key \"upper\" not found.",
            assertThrows(InvalidSettingsException.class, () -> s.getDouble("upper")).getMessage());
        assertEquals("Boolean for key \"deep\" not found.",
            assertThrows(InvalidSettingsException.class, () -> s.getBoolean("deep")).getMessage());
        assertEquals("Int for key \"val\" not found.",
            assertThrows(InvalidSettingsException.class, () -> s.getInt("val")).getMessage());
        assertEquals("Config for key \"nested\" not found.",
            assertThrows(InvalidSettingsException.class, () -> s.getNodeSettings("nested")).getMessage());
        assertEquals(5, s.getInt("absent", 5));
        assertEquals(2.5, s.getDouble("upper", 2.5));
    }

    @Test
    void refusesForeignXml() {
        final String head = "<config xmlns='http://www.knime.org/2008/09/XMLConfig' key='k'>";
        assertTrue(assertThrows(IOException.class, () -> read(head + "<value key='a'/></config>")).getMessage()
            .contains("unknown element <value>"));
        assertTrue(assertThrows(IOException.class,
            () -> read(head + "<entry key='size' type='xint' value='many'/></config>")).getMessage()
            .contains("entry \"size\": \"many\" is no value of type xint"));
        assertTrue(assertThrows(IOException.class,
            () -> read(head + "<entry key='a' type='xfoo' value=''/></config>")).getMessage().contains("xfoo"));
        assertTrue(assertThrows(IOException.class, () -> read(head + "<entry type='xint' value='1'/></config>"))
            .getMessage().contains("no attribute \"key\""));
        assertThrows(IOException.class, () -> read(head));
        assertThrows(IOException.class, () -> read(""));
    }

    @Test
    void loadsNoExternalEntities(@TempDir final Path folder) throws Exception {
        final Path secret = Files.writeString(folder.resolve("secret.txt"), "secret");
        final String xml = "<!DOCTYPE config [<!ENTITY e SYSTEM \"" + secret.toUri() + "\">]>"
            + "<config key='k'><entry key='a' type='xstring' value='plain'/></config>";
        assertEquals("plain", read(xml).getString("a"));
        assertThrows(Exception.class, () -> read(xml.replace("plain", "&e;")));
    }
}
