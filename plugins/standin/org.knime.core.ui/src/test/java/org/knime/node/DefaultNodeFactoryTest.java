package org.knime.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeModel;
import org.knime.core.node.NodeSettings;
import org.knime.core.node.port.PortObject;
import org.knime.core.webui.page.Page;
import org.knime.node.DefaultView.RequireDescription;
import org.knime.node.SampleNodes.Service;
import org.knime.node.SampleNodes.ViewParameters;
import org.knime.node.standin.PageView;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class DefaultNodeFactoryTest {

    private static DefaultNodeFactory factory(final DefaultNode node) {
        return new DefaultNodeFactory(node) {
        };
    }

    private static DefaultView page(final RequireDescription stage) {
        return stage.description("Shows <b>slices</b>.")
            .page(p -> p.fromFile().bundleClass(DefaultNodeFactoryTest.class).basePath("web")
                .relativeFilePath("view.html").addResourceFile("view.js").addResourceDirectory("sub"));
    }

    @Test
    void describesEveryWidgetAndPort() {
        final Element root = factory(
            SampleNodes.passThroughNode().addView(v -> page(v.parametersClass(ViewParameters.class))))
                .getNodeDescription().getXMLDescription();
        final NodeList options = root.getElementsByTagName("option");
        assertEquals(3, options.getLength());
        assertEquals("Column", ((Element)options.item(0)).getAttribute("name"));
        assertEquals("Axis", ((Element)options.item(2)).getAttribute("name"));
        assertEquals("Manipulator", root.getAttribute("type"));
        assertEquals("Pass Through", ((Element)root.getElementsByTagName("view").item(0)).getAttribute("name"));
    }

    @Test
    void theTypeFollowsFromThePorts() {
        final var start = DefaultNode.create().name("n").icon("i.png").shortDescription("s.").fullDescription("f.")
            .sinceVersion(5, 8, 0);
        assertEquals("Source", type(start.ports(p -> p.addOutputTable("o", "o"))));
        assertEquals("Sink", type(start.ports(p -> p.addInputTable("i", "i"))));
    }

    private static String type(final DefaultNode.RequireModel stage) {
        return factory(stage.model(m -> m.withoutParameters().configure((in, out) -> {
        }).execute((in, out) -> {
        }))).getNodeDescription().getXMLDescription().getAttribute("type");
    }

    @Test
    void malformedDescriptionFailsWhenTheFactoryIsMade() {
        final DefaultNode node = SampleNodes.passThroughNode().addExternalResource("https://example.org", "a & b");
        assertThrows(IllegalStateException.class, () -> factory(node));
    }

    @Test
    void portNamesAreUniqueWithinANode() {
        final var start = DefaultNode.create().name("n").icon("i.png").shortDescription("s.").fullDescription("f.")
            .sinceVersion(5, 8, 0).ports(p -> p.addInputTable("Table", "i").addOutputTable("Table", "o"));
        assertThrows(IllegalArgumentException.class, () -> type(start));
    }

    @Test
    void aSecondViewIsRefused() {
        final DefaultNode node = SampleNodes.passThroughNode().addView(v -> page(v.withoutParameters()));
        assertThrows(IllegalStateException.class, () -> node.addView(v -> page(v.withoutParameters())));
    }

    @Test
    void servesRegisteredFilesOnly() throws Exception {
        final DefaultNodeFactory factory =
            factory(SampleNodes.passThroughNode().addView(v -> page(v.withoutParameters())));
        final Page page = factory.createView(factory.createNodeModel()).orElseThrow().getPage();
        assertEquals("view.html", page.getRelativePath());
        assertEquals(Set.of("view.html", "view.js", "sub/style.css"), page.getResourcePaths());
        try (InputStream in = page.openResource("view.js").orElseThrow()) {
            assertEquals("\"use strict\";\n", new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
        assertEquals(Optional.empty(), page.openResource("sub/../../SampleNodes.class"));
        assertTrue(page.isCompletelyStatic());
    }

    @Test
    void pageOfTextNeedsNoFiles() throws Exception {
        final Page page = Page.create().fromString(() -> "<p>ä</p>").relativePath("v.html")
            .addResourceFromString(() -> "x", "v.js");
        try (InputStream in = page.openResource("v.html").orElseThrow()) {
            assertEquals("<p>ä</p>", new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
        assertEquals(Set.of("v.html", "v.js"), page.getResourcePaths());
    }

    @Test
    void filesOfAJarAreRefusedAsKnimeDoes() {
        final var stage = Page.create().fromFile().bundleClass(Test.class).basePath("web"); // JUnit comes as a jar
        assertEquals("Cannot invoke \"java.net.URL.getProtocol()\" because \"url\" is null",
            assertThrows(NullPointerException.class, () -> stage.relativeFilePath("view.html")).getMessage());
    }

    @Test
    void missingFilesAndFilesOutsideAreRefused() {
        final var stage = Page.create().fromFile().bundleClass(DefaultNodeFactoryTest.class).basePath("web");
        assertThrows(IllegalStateException.class, () -> stage.relativeFilePath("none.html"));
        final var page = stage.relativeFilePath("view.html");
        assertThrows(IllegalArgumentException.class,
            () -> page.addResourceFile("../org/knime/node/SampleNodes.class"));
    }

    @Test
    void viewParametersAreNullUntilLoadedAndThenValidated() throws Exception {
        final DefaultNodeFactory factory = factory(SampleNodes.passThroughNode()
            .addView(v -> page(v.parametersClass(ViewParameters.class)).initialData(d -> d.data(input -> {
                final ViewParameters parameters = input.getParameters();
                return parameters == null ? "none" : parameters.m_axis;
            }))));
        final PageView view = factory.createView(factory.createNodeModel()).orElseThrow();
        assertEquals("{\"result\":\"none\"}", view.callInitialData().orElseThrow());
        view.loadSettings(null);
        assertEquals("{\"result\":2}", view.callInitialData().orElseThrow());
        final NodeSettings settings = new NodeSettings("view");
        settings.addInt("axis", 1);
        view.loadSettings(settings);
        assertEquals("{\"result\":1}", view.callInitialData().orElseThrow());
        assertThrows(InvalidSettingsException.class, () -> view.loadSettings(new NodeSettings("view")));
        assertEquals(Optional.empty(), view.callDataService("{}"));
    }

    @Test
    void handlersAreRenewedByInitialDataOnly() {
        final AtomicInteger made = new AtomicInteger();
        final DefaultNodeFactory factory = factory(SampleNodes.passThroughNode()
            .addView(v -> page(v.withoutParameters()).initialData(d -> d.data(input -> 0))
                .dataService(s -> s.handler(input -> new Service(input, made.incrementAndGet())))));
        final NodeModel model = factory.createNodeModel();
        final PageView view = factory.createView(model).orElseThrow();
        final String request = "{\"id\":1,\"method\":\"who\"}";
        final String first = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"handler 1 objects none\"}";
        assertEquals(first, view.callDataService(request).orElseThrow());
        assertEquals(first, view.callDataService(request).orElseThrow());
        ((DefaultNodeModel)model).setInternalPortObjects(new PortObject[2]);
        assertEquals(first.replace("none", "2"), view.callDataService(request).orElseThrow());
        view.callInitialData();
        assertEquals(first.replace("none", "2").replace("handler 1", "handler 2"),
            view.callDataService(request).orElseThrow());
    }

    @Test
    void beforeExecutionThereAreNoInternalTables() {
        final DefaultNodeFactory factory = factory(SampleNodes.passThroughNode().addView(v -> page(
            v.withoutParameters()).initialData(d -> d.data(input -> {
                assertNull(input.getInternalPortObjects());
                return input.getInternalTables();
            }))));
        final String envelope = factory.createView(factory.createNodeModel()).orElseThrow().callInitialData()
            .orElseThrow();
        assertTrue(envelope.contains("\"typeName\":\"java.lang.NullPointerException\""), envelope);
    }
}
