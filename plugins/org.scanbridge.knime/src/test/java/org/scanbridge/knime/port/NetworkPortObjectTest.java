package org.scanbridge.knime.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knime.core.node.DefaultNodeProgressMonitor;
import org.knime.core.node.ExecutionContext;
import org.knime.core.node.ExecutionMonitor;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.ModelContent;
import org.knime.core.node.port.PortTypeRegistry;
import org.knime.core.standin.run.PortObjectTransfer;
import org.knime.core.standin.run.RunDirectory;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.network.Network;

class NetworkPortObjectTest {

    private static final NetworkSpec TINY = NetworkSpec.unet3d(4, 2, 2, 8);

    @TempDir
    Path m_folder;

    /** What KNIME does on every edge. */
    private static NetworkPortObject transferred(final RunDirectory run, final NetworkPortObject object)
        throws Exception {
        return new PortObjectTransfer(PortTypeRegistry.getInstance(), run.fileStores()).copy(object,
            new ExecutionMonitor());
    }

    private static ExecutionContext context(final RunDirectory run) {
        return new ExecutionContext(new DefaultNodeProgressMonitor(), run.newNodeRun("Builder"));
    }

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
    void aNetworkCrossesAnEdge() throws Exception {
        try (RunDirectory run = new RunDirectory(m_folder, "test", 0)) {
            final Network network = Network.untrained(TINY, 7);
            final NetworkPortObject object = NetworkPortObject.create(context(run), network);
            final NetworkPortObject other = transferred(run, transferred(run, object));
            assertNotSame(object, other);
            assertEquals(object.getSpec(), other.getSpec());
            assertEquals(network.weights().hash(), other.network().weights().hash());
            assertEquals(TINY, other.network().spec());
        }
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
    void channelsAreKeptWhereThereAreSeveral() throws Exception {
        final NetworkPortObjectSpec spec = NetworkPortObject.specOf(Network.untrained(TINY.withInputChannels(2), 7));
        final NetworkPortObjectSpec named = spec.trainedBy("supervised", LabelSet.of()).withChannels(List.of("FLAIR", "T1"));
        assertEquals(named.channels(), named.trainedBy("dann", LabelSet.of()).channels());
        assertEquals(List.of(), spec.withChannels(List.of("FLAIR")).channels());
        final ModelContent content = new ModelContent("spec");
        named.save(content);
        final NetworkPortObjectSpec loaded = new NetworkPortObjectSpec();
        loaded.load(content);
        assertEquals(named, loaded);
        assertEquals(named.hashCode(), loaded.hashCode());
        assertFalse(named.equals(spec.trainedBy("supervised", LabelSet.of())));
        // as stored before there were channels
        content.removeConfig("channels");
        loaded.load(content);
        assertEquals(List.of(), loaded.channels());
    }

    @Test
    void aDamagedSpecIsRefused() throws Exception {
        final ModelContent content = new ModelContent("spec");
        NetworkPortObject.specOf(Network.untrained(TINY, 7)).save(content);
        content.addString("architecture", "{");
        assertThrows(InvalidSettingsException.class, () -> new NetworkPortObjectSpec().load(content));
    }

    @Test
    void missingWeightsAreAnErrorWithAWayOut() throws Exception {
        try (RunDirectory run = new RunDirectory(m_folder, "test", 0)) {
            final NetworkPortObject object = NetworkPortObject.create(context(run), Network.untrained(TINY, 7));
            try (var files = Files.walk(m_folder)) {
                for (final Path weights : files.filter(f -> f.endsWith("weights.bin")).toList()) {
                    Files.delete(weights);
                }
            }
            final NetworkPortObject other = transferred(run, object);
            final String message = assertThrows(UncheckedIOException.class, other::network).getMessage();
            assertTrue(message.contains("weights.bin") && message.contains("execute the node"), message);
        }
    }
}
