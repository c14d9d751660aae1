package org.scanbridge.knime;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.knime.core.data.DataCell;
import org.knime.core.data.DataType;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.port.PortObject;
import org.knime.core.node.port.PortType;
import org.knime.core.standin.extension.CellTypes;
import org.knime.core.standin.run.NodeHost;
import org.knime.core.standin.run.RunDirectory;
import org.knime.node.DefaultNodeFactory;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.Widget;
import org.knime.node.standin.NodeFactoryCheck;
import org.knime.node.standin.StandinNodeFactory;
import org.knime.node.standin.persistence.NodeParametersPersistence;
import org.scanbridge.knime.data.LabelVolumeCell;
import org.scanbridge.knime.data.StudyFolderCell;
import org.scanbridge.knime.data.VolumeCell;
import org.scanbridge.knime.port.AnomalyPortObject;
import org.scanbridge.knime.port.AtlasPortObject;
import org.scanbridge.knime.port.NetworkPortObject;
import org.scanbridge.knime.testing.NodeNames;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Everything that plugin.xml promises is there and works, node by node. */
class FactoriesTest {

    private static final Set<Class<? extends PortObject>> PORT_CLASSES =
        Set.of(BufferedDataTable.class, NetworkPortObject.class, AtlasPortObject.class,
            AnomalyPortObject.class);

    private static Document pluginXml() {
        try (InputStream in = VolumeCell.class.getResourceAsStream("/plugin.xml")) {
            return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(in);
        } catch (final Exception e) {
            throw new AssertionError("plugin.xml is not readable", e);
        }
    }

    private static List<Element> elements(final String name) {
        final NodeList found = pluginXml().getElementsByTagName(name);
        final List<Element> elements = new ArrayList<>();
        for (int n = 0; n < found.getLength(); n++) {
            elements.add((Element)found.item(n));
        }
        return elements;
    }

    static Stream<String> factories() {
        return NodeNames.factories().stream();
    }

    private static DefaultNodeFactory create(final String name) throws Exception {
        return (DefaultNodeFactory)Class.forName(name).getConstructor().newInstance();
    }

    @Test
    void everyNodeStandsInADeclaredCategory() {
        final Set<String> categories = new HashSet<>();
        elements("category").forEach(c -> categories.add(c.getAttribute("path") + "/" + c.getAttribute("level-id")));
        assertTrue(elements("node").size() > 0, "no node is registered");
        elements("node").forEach(n -> assertTrue(categories.contains(n.getAttribute("category-path")),
            n.getAttribute("factory-class") + " stands in undeclared " + n.getAttribute("category-path")));
    }

    @Test
    void noNodeIsRegisteredTwice() {
        assertEquals(factories().count(), factories().distinct().count());
    }

    @Test
    void categoriesHaveIcons() {
        elements("category").forEach(c -> {
            try (InputStream in = VolumeCell.class.getResourceAsStream("/" + c.getAttribute("icon"))) {
                assertEquals(16, ImageIO.read(in).getWidth(), c.getAttribute("icon"));
            } catch (final IOException e) {
                throw new AssertionError(c.getAttribute("icon"), e);
            }
        });
    }

    @Test
    void cellsHaveTheirSerializers() throws Exception {
        for (final Class<? extends DataCell> cell : List.of(VolumeCell.class, LabelVolumeCell.class,
            StudyFolderCell.class)) {
            assertTrue(CellTypes.installed().serializer(cell).isPresent(), cell + " has no serializer");
            assertSame(cell, CellTypes.cellClass(cell.getName()));
            assertSame(cell, DataType.getType(cell).getCellClass());
        }
    }

    @Test
    void renderersAreThere() throws Exception {
        assertEquals(2, elements("renderer").size());
        for (final Element renderer : elements("renderer")) {
            assertNotNull(Class.forName(renderer.getAttribute("rendererFactoryClass")).getConstructor().newInstance());
        }
    }

    @ParameterizedTest
    @MethodSource("factories")
    void describesItself(final String name) throws Exception {
        final DefaultNodeFactory factory = create(name);
        final Element root = factory.getNodeDescription().getXMLDescription();
        final String title = factory.getNodeName();
        assertTrue(title.matches("([A-Z][A-Za-z]* ?)+") && !title.endsWith(" "), "not in title case: " + title);
        final String sentence = text(root, "shortDescription");
        assertTrue(sentence.endsWith(".") && sentence.indexOf('.') == sentence.length() - 1,
            "not one sentence: " + sentence);
        assertTrue(text(root, "intro").length() > 200, "the description is too short to help");
        assertFalse(root.getAttribute("type").isEmpty());
        assertTrue(root.getElementsByTagName("keyword").getLength() > 0, "no keywords");
        for (final String element : List.of("option", "inPort", "outPort")) {
            final NodeList described = root.getElementsByTagName(element);
            for (int n = 0; n < described.getLength(); n++) {
                final Element e = (Element)described.item(n);
                assertTrue(e.getTextContent().strip().length() > 20,
                    element + " \"" + e.getAttribute("name") + "\" is hardly described");
            }
        }
        try (InputStream icon = factory.getClass().getResourceAsStream(root.getAttribute("icon"))) {
            assertNotNull(icon, "no icon");
            assertEquals(16, ImageIO.read(icon).getWidth());
        }
    }

    private static String text(final Element root, final String name) {
        return root.getElementsByTagName(name).item(0).getTextContent().strip();
    }

    @ParameterizedTest
    @MethodSource("factories")
    void portsAreOfKnownTypes(final String name) throws Exception {
        final DefaultNodeFactory factory = create(name);
        final Element root = factory.getNodeDescription().getXMLDescription();
        try (RunDirectory run = RunDirectory.create("ports")) {
            final NodeHost host = new NodeHost(name, factory, run, w -> {
            });
            assertEquals(root.getElementsByTagName("inPort").getLength(), host.inPortTypes().length);
            assertEquals(root.getElementsByTagName("outPort").getLength(), host.outPortTypes().length);
            for (final PortType type : Stream.concat(Stream.of(host.inPortTypes()), Stream.of(host.outPortTypes()))
                .toList()) {
                assertTrue(PORT_CLASSES.contains(type.getPortObjectClass()), "unknown port class in " + type);
            }
            for (final PortType type : host.outPortTypes()) {
                assertFalse(type.isOptional(), "an output cannot be optional");
            }
        }
    }

    /** The icon, settings.xml there and back, settings of older versions, initial data of views. */
    @ParameterizedTest
    @MethodSource("factories")
    void keepsTheRulesThatKnimeChecksLateOrNever(final String name) throws Exception {
        assertEquals(List.of(), NodeFactoryCheck.problems(create(name)));
    }

    @ParameterizedTest
    @MethodSource("factories")
    void defaultsAreValid(final String name) throws Exception {
        NodeParametersPersistence
            .createDefaults(((StandinNodeFactory)create(name)).getModelParametersClass().orElseThrow()).validate();
    }

    @ParameterizedTest
    @MethodSource("factories")
    void everySettingIsInTheDialog(final String name) throws Exception {
        final List<Field> fields = new ArrayList<>();
        for (Class<?> type = ((StandinNodeFactory)create(name)).getModelParametersClass().orElseThrow();
                NodeParameters.class.isAssignableFrom(type); type = type.getSuperclass()) {
            fields.addAll(List.of(type.getDeclaredFields()));
        }
        assertAll(fields.stream()
            .filter(f -> !Modifier.isStatic(f.getModifiers()) && !f.isSynthetic() && f.getType() != Void.class
                && !NodeParameters.class.isAssignableFrom(f.getType()))
            .map(f -> () -> assertNotNull(f.getAnnotation(Widget.class), f + " has no widget")));
    }

    /** KNIME reports such a type only as "Node not available": it is loaded with the factory. */
    @ParameterizedTest
    @MethodSource("factories")
    void noSignatureNamesAnEngineType(final String name) throws Exception {
        final Set<Class<?>> seen = new HashSet<>(List.of(VolumeCell.class, LabelVolumeCell.class,
            NetworkPortObject.class, NetworkPortObject.TYPE.getPortObjectSpecClass(), Class.forName(name)));
        ((StandinNodeFactory)create(name)).getModelParametersClass().ifPresent(seen::add);
        for (final Class<?> c : seen) {
            for (final Method m : c.getDeclaredMethods()) {
                requireNoEngine(m.toGenericString());
            }
            for (final Constructor<?> m : c.getDeclaredConstructors()) {
                requireNoEngine(m.toGenericString());
            }
            for (final Field f : c.getDeclaredFields()) {
                requireNoEngine(f.toGenericString());
            }
        }
    }

    private static void requireNoEngine(final String signature) {
        assertFalse(signature.contains("org.tensorflow.") || signature.contains("ai.djl."), signature);
    }
}
