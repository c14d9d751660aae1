package org.scanbridge.knime.port;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knime.core.node.DefaultNodeProgressMonitor;
import org.knime.core.node.ExecutionContext;
import org.knime.core.node.ExecutionMonitor;
import org.knime.core.node.ModelContent;
import org.knime.core.node.port.PortTypeRegistry;
import org.knime.core.standin.run.PortObjectTransfer;
import org.knime.core.standin.run.RunDirectory;
import org.scanbridge.imaging.atlas.Atlas;
import org.scanbridge.imaging.atlas.AtlasClass;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;

class AtlasPortObjectTest {

    @TempDir
    Path m_folder;

    private static Atlas atlas() {
        return new Atlas(Geometry.axial(new int[]{2, 1, 1}, 2, 2, 2),
            List.of(new AtlasClass(4, "liver"), new AtlasClass(0, "unlabeled 1")), new byte[][]{{1, 2}, {(byte)254, (byte)253}}, 5);
    }

    @Test
    void theRegistryKnowsTheType() {
        assertEquals(AtlasPortObject.class, AtlasPortObject.TYPE.getPortObjectClass());
        assertEquals(AtlasPortObjectSpec.class, AtlasPortObject.TYPE.getPortObjectSpecClass());
        assertEquals("Atlas", AtlasPortObject.TYPE.getName());
        assertSame(AtlasPortObject.class,
            PortTypeRegistry.getInstance().getObjectClass(AtlasPortObject.class.getName()).orElseThrow());
    }

    @Test
    void anAtlasCrossesAnEdge() throws Exception {
        try (RunDirectory run = new RunDirectory(m_folder, "test", 0)) {
            final AtlasPortObject object = AtlasPortObject
                .create(new ExecutionContext(new DefaultNodeProgressMonitor(), run.newNodeRun("Builder")), atlas());
            final AtlasPortObject other = new PortObjectTransfer(PortTypeRegistry.getInstance(), run.fileStores())
                .copy(object, new ExecutionMonitor());
            assertNotSame(object, other);
            assertEquals(object.getSpec(), other.getSpec());
            assertEquals("atlas of 5 images; liver", other.getSummary());
            assertArrayEquals(new byte[]{1, 2}, other.atlas().prior(0));
            assertEquals(atlas().geometry(), other.atlas().geometry());
        }
    }

    @Test
    void aMissingFileIsNamed() throws Exception {
        final AtlasPortObject object;
        try (RunDirectory run = new RunDirectory(m_folder, "test", 0)) {
            object = AtlasPortObject
                .create(new ExecutionContext(new DefaultNodeProgressMonitor(), run.newNodeRun("Builder")), atlas());
        }
        final String message = assertThrows(UncheckedIOException.class, object::atlas).getMessage();
        assertTrue(message.startsWith("The atlas cannot be read: "), message);
    }

    @Test
    void theSpecSurvivesItsSettings() throws Exception {
        final AtlasPortObjectSpec spec = new AtlasPortObjectSpec(LabelSet.of("CSF", "GM & WM"), 7);
        final ModelContent content = new ModelContent("spec");
        spec.save(content);
        final AtlasPortObjectSpec loaded = new AtlasPortObjectSpec();
        loaded.load(content);
        assertEquals(spec, loaded);
        assertEquals(spec.hashCode(), loaded.hashCode());
        assertEquals("atlas of 7 images; CSF, GM & WM", loaded.toString());
    }
}
