package org.knime.core.standin.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.List;

import javax.swing.JComponent;

import org.junit.jupiter.api.Test;
import org.knime.core.data.renderer.DataValueRenderer;
import org.knime.core.data.renderer.DataValueRendererFactory;
import org.knime.core.standin.extension.ExtensionSource;
import org.knime.core.standin.extension.Renderers;
import org.knime.core.standin.fixture.BrokenFactory;
import org.knime.core.standin.fixture.ScanThumbnail;
import org.knime.core.standin.fixture.ScanValue;
import org.knime.core.standin.fixture.ScriptedFactory;
import org.knime.core.standin.run.NodeCatalog.Node;

class NodeCatalogTest {

    private final NodeCatalog m_catalog = new NodeCatalog(ExtensionSource.installed());

    @Test
    void findsRegisteredNodes() throws Exception {
        final Node node = m_catalog.find(ScriptedFactory.class.getName()).orElseThrow();
        assertEquals("/community/fixtures", node.categoryPath());
        assertFalse(node.deprecated());
        assertEquals("ScriptedFactory", node.createFactory().getNodeName());
        assertTrue(m_catalog.find("org.example.Unknown").isEmpty());
    }

    @Test
    void unknownCategoryIsUncategorized() {
        final Node node = m_catalog.find(BrokenFactory.class.getName()).orElseThrow();
        assertEquals("/uncategorized", node.categoryPath());
        assertTrue(node.deprecated());
    }

    @Test
    void tellsWhyAFactoryFails() {
        final Node broken = m_catalog.find(BrokenFactory.class.getName()).orElseThrow();
        final ReflectiveOperationException e =
            assertThrows(ReflectiveOperationException.class, broken::createFactory);
        assertTrue((e.getMessage() + e.getCause()).contains("broken on purpose"), e.toString());
        final Node absent = m_catalog.find("org.knime.core.standin.fixture.NoSuchFactory").orElseThrow();
        assertThrows(ReflectiveOperationException.class, absent::createFactory);
    }

    @Test
    void renderersPaintHeadless() {
        final List<DataValueRendererFactory> found =
            new Renderers(ExtensionSource.installed()).factories(ScanValue.class);
        assertEquals(List.of(ScanThumbnail.Factory.class.getName()),
            found.stream().map(DataValueRendererFactory::getId).toList());
        final DataValueRenderer renderer = found.get(0).createRenderer(null);
        final JComponent component = (JComponent)renderer.getRendererComponent((ScanValue)() -> new byte[0]);
        component.setSize(renderer.getPreferredSize());
        final BufferedImage image = new BufferedImage(64, 32, BufferedImage.TYPE_INT_RGB);
        component.paint(image.getGraphics());
        assertEquals(Color.BLUE.getRGB(), image.getRGB(63, 31));
    }
}
