package org.scanbridge.knime.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.ModelContent;
import org.knime.core.node.port.PortTypeRegistry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.network.Network;

class NetworkPortObjectTest {

    private static final NetworkSpec TINY = NetworkSpec.unet3d(4, 2, 2, 8);

    @Test
    void theRegistryKnowsTheType() {
        assertEquals(NetworkPortObject.class, NetworkPortObject.TYPE.getPortObjectClass());
        assertEquals(NetworkPortObjectSpec.class, NetworkPortObject.TYPE.getPortObjectSpecClass());
        assertEquals("Segmentation Network", NetworkPortObject.TYPE.getName());
        assertFalse(NetworkPortObject.TYPE.isOptional());
        assertSame(NetworkPortObject.class,
            PortTypeRegistry.getInstance().getObjectClass(NetworkPortObject.class.getName()).orElseThrow());
    }

    @Test
    void theSpecTellsWhatDownstreamNodesCheck() {
        final NetworkPortObjectSpec spec = NetworkPortObject.specOf(Network.untrained(TINY, 7));
        assertEquals(TINY, spec.architecture());
        assertFalse(spec.trained());
        assertEquals("untrained", spec.method());
        assertEquals("", spec.dataHash());
        final NetworkPortObjectSpec trained = spec.trainedBy("supervised", LabelSet.of("CSF", "GM", "WM"));
        assertTrue(trained.trained());
        assertEquals(spec.parameterCount(), trained.parameterCount());
        assertEquals(Map.of(1, "CSF", 2, "GM", 3, "WM"), trained.labels().names());
    }

    @Test
    void theSpecSurvivesItsSettings() throws Exception {
        final NetworkPortObjectSpec spec = new NetworkPortObjectSpec(TINY, LabelSet.of(Map.of(2, "GM & WM", 9, "CSF")),
            1234, true, "dann", "ab".repeat(32));
        final ModelContent content = new ModelContent("spec");
        spec.save(content);
        final NetworkPortObjectSpec loaded = new NetworkPortObjectSpec();
        loaded.load(content);
        assertEquals(spec, loaded);
        assertEquals(spec.hashCode(), loaded.hashCode());
        assertEquals("ab".repeat(32), loaded.dataHash());
    }

    @Test
    void aDamagedSpecIsRefused() throws Exception {
        final ModelContent content = new ModelContent("spec");
        NetworkPortObject.specOf(Network.untrained(TINY, 7)).save(content);
        content.addString("architecture", "{");
        assertThrows(InvalidSettingsException.class, () -> new NetworkPortObjectSpec().load(content));
    }
}
