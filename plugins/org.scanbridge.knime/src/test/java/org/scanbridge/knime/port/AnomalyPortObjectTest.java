package org.scanbridge.knime.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.UncheckedIOException;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knime.core.node.DefaultNodeProgressMonitor;
import org.knime.core.node.ExecutionContext;
import org.knime.core.node.ExecutionMonitor;
import org.knime.core.node.ModelContent;
import org.knime.core.node.port.PortTypeRegistry;
import org.knime.core.standin.run.PortObjectTransfer;
import org.knime.core.standin.run.RunDirectory;
import org.scanbridge.learning.anomaly.AnomalyModel;
import org.scanbridge.learning.anomaly.HealthyResiduals;
import org.scanbridge.learning.anomaly.ResidualOptions;
import org.scanbridge.learning.architecture.AutoEncoderSpec;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.network.Provenance;

class AnomalyPortObjectTest {

    @TempDir
    Path m_folder;

    private static AnomalyModel model() {
        final AutoEncoderSpec spec = new AutoEncoderSpec(new PatchSize(8, 4, 1), 2, 2, 3, AutoEncoderSpec.Code.SPATIAL, true);
        final float[] thresholds = new float[(int)(100 * HealthyResiduals.MAX_PERCENT) + 1];
        thresholds[100] = 0.75f;
        return new AnomalyModel(spec, spec.initial(3), new double[]{1, 1, 5}, ResidualOptions.defaults(),
            new HealthyResiduals(2, 17, thresholds, new double[]{0.1, 0.2}, new double[]{1, 2}), Provenance.untrained(3));
    }

    @Test
    void theRegistryKnowsTheType() {
        assertEquals(AnomalyPortObject.class, AnomalyPortObject.TYPE.getPortObjectClass());
        assertEquals(AnomalyPortObjectSpec.class, AnomalyPortObject.TYPE.getPortObjectSpecClass());
        assertEquals("Anomaly Model", AnomalyPortObject.TYPE.getName());
        assertSame(AnomalyPortObject.class,
            PortTypeRegistry.getInstance().getObjectClass(AnomalyPortObject.class.getName()).orElseThrow());
    }

    @Test
    void aModelCrossesAnEdge() throws Exception {
        try (RunDirectory run = new RunDirectory(m_folder, "test", 0)) {
            final AnomalyPortObject object = AnomalyPortObject
                .create(new ExecutionContext(new DefaultNodeProgressMonitor(), run.newNodeRun("Learner")), model());
            final AnomalyPortObject other = new PortObjectTransfer(PortTypeRegistry.getInstance(), run.fileStores())
                .copy(object, new ExecutionMonitor());
            assertNotSame(object, other);
            assertEquals(object.getSpec(), other.getSpec());
            assertEquals("variational auto-encoder, width 2, 2 levels, spatial code of 3, patch 8×4×1; calibrated on 2 healthy"
                + " images", other.getSummary());
            assertEquals(model(), other.model());
            assertEquals(0.75, other.model().healthy().threshold(1));
        }
    }

    @Test
    void aMissingFileIsNamed() throws Exception {
        final AnomalyPortObject object;
        try (RunDirectory run = new RunDirectory(m_folder, "test", 0)) {
            object = AnomalyPortObject
                .create(new ExecutionContext(new DefaultNodeProgressMonitor(), run.newNodeRun("Learner")), model());
        }
        final String message = assertThrows(UncheckedIOException.class, object::model).getMessage();
        assertTrue(message.startsWith("The anomaly model cannot be read: "), message);
    }

    @Test
    void theSpecSurvivesItsSettings() throws Exception {
        final AnomalyPortObjectSpec spec = new AnomalyPortObjectSpec("auto-encoder", 1);
        final ModelContent content = new ModelContent("spec");
        spec.save(content);
        final AnomalyPortObjectSpec loaded = new AnomalyPortObjectSpec();
        loaded.load(content);
        assertEquals(spec, loaded);
        assertEquals(spec.hashCode(), loaded.hashCode());
        assertEquals("auto-encoder; calibrated on 1 healthy image", loaded.toString());
    }
}
