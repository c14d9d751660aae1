package org.knime.node;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.knime.core.data.DataColumnSpec;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.container.ColumnRearranger;
import org.knime.core.data.def.DoubleCell;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeSettings;
import org.knime.core.node.port.PortObject;
import org.knime.core.node.port.PortObjectSpec;
import org.knime.node.SampleNodes.Parameters;

/** The rules of knime-api §1.4: which parameters a node gets when. */
class DefaultNodeModelTest {

    private static final DataColumnSpec TEXT = new DataColumnSpecCreator("text", StringCell.TYPE).createSpec();

    private static final DataColumnSpec NUMBER = new DataColumnSpecCreator("number", DoubleCell.TYPE).createSpec();

    private static final DataTableSpec TABLE = new DataTableSpec(TEXT, NUMBER);

    private static NodeSettings saved(final DefaultNodeModel model) {
        final NodeSettings settings = new NodeSettings("model");
        model.saveSettingsTo(settings);
        return settings;
    }

    @Test
    void withoutSettingsTheInputsChooseTheDefaults() throws Exception {
        final DefaultNodeModel model = new DefaultNodeModel(SampleNodes.passThroughNode());
        final PortObjectSpec[] out = model.configure(new PortObjectSpec[]{TABLE});
        assertSame(TABLE, out[0]);
        assertEquals("number", saved(model).getString("column"));
    }

    @Test
    void savingBeforeConfigureWritesPlainDefaultsWithoutKeepingThem() throws Exception {
        final DefaultNodeModel model = new DefaultNodeModel(SampleNodes.passThroughNode());
        assertEquals("", saved(model).getString("column"));
        model.configure(new PortObjectSpec[]{TABLE});
        assertEquals("number", saved(model).getString("column"));
    }

    /** What is made without a table stays, whatever is connected later. */
    @Test
    void parametersMadeBeforeConnectingStay() throws Exception {
        final DefaultNode node = SampleNodes.passThrough().model(m -> m.parametersClass(Parameters.class)
            .configure((in, out) -> {
            }).execute((in, out) -> {
            }));
        final DefaultNodeModel model = new DefaultNodeModel(node);
        model.configure(new PortObjectSpec[1]);
        assertEquals("none", saved(model).getString("column"));
        model.configure(new PortObjectSpec[]{TABLE});
        assertEquals("none", saved(model).getString("column"));
    }

    @Test
    void emptySettingsAreNotNoSettings() throws Exception {
        final DefaultNodeModel model = new DefaultNodeModel(SampleNodes.passThroughNode());
        model.loadValidatedSettingsFrom(new NodeSettings("model"));
        final InvalidSettingsException e = assertThrows(InvalidSettingsException.class,
            () -> model.configure(new PortObjectSpec[]{TABLE}));
        assertEquals("Column \"\" is missing.", e.getMessage());
    }

    @Test
    void settingsAreValidatedWhenCheckedAndWhenConfigured() throws Exception {
        final DefaultNodeModel model = new DefaultNodeModel(SampleNodes.passThroughNode());
        final NodeSettings settings = new NodeSettings("model");
        settings.addString("column", "number");
        settings.addDouble("upper", 7.5);
        assertEquals("upper 7.5 > 5",
            assertThrows(InvalidSettingsException.class, () -> model.validateSettings(settings)).getMessage());
        model.loadValidatedSettingsFrom(settings);
        assertEquals("upper 7.5 > 5", assertThrows(InvalidSettingsException.class,
            () -> model.configure(new PortObjectSpec[]{TABLE})).getMessage());
    }

    @Test
    void executeGetsTheInstanceOfConfigure() throws Exception {
        final List<Parameters> seen = new ArrayList<>();
        final DefaultNode node = SampleNodes.passThrough().model(m -> m.parametersClass(Parameters.class)
            .configure((in, out) -> seen.add(in.getParameters())).execute((in, out) -> seen.add(in.getParameters())));
        final DefaultNodeModel model = new DefaultNodeModel(node);
        model.configure(new PortObjectSpec[]{TABLE});
        model.execute(new PortObject[1], null);
        assertEquals(2, seen.size());
        assertSame(seen.get(0), seen.get(1));
    }

    @Test
    void specsAndDataThatAreNotSetAreNull() throws Exception {
        final DefaultNode node = SampleNodes.passThrough()
            .model(m -> m.withoutParameters().configure((in, out) -> out.setOutSpec(0, (DataTableSpec)null))
                .execute((in, out) -> assertNull(in.getParameters())));
        final DefaultNodeModel model = new DefaultNodeModel(node);
        assertArrayEquals(new PortObjectSpec[1], model.configure(new PortObjectSpec[]{TABLE}));
        assertArrayEquals(new PortObject[1], model.execute(new PortObject[1], null));
        assertNull(model.getInternalPortObjects());
        assertTrue(saved(model).keySet().isEmpty());
    }

    @Test
    void theInferredArrayTypeOfInternalDataIsATrap() {
        final PortObject plain = new OtherPortObject();
        final DefaultNode node = SampleNodes.passThrough().model(m -> m.withoutParameters().configure((in, out) -> {
        }).execute((in, out) -> out.setInternalData(in.getInPortObject(0), new OwnPortObject())));
        final DefaultNodeModel model = new DefaultNodeModel(node);
        assertThrows(ClassCastException.class, () -> model.execute(new PortObject[]{plain}, null));
    }

    @Test
    void internalDataAreKeptUntilReset() throws Exception {
        final PortObject own = new OwnPortObject();
        final DefaultNode node = SampleNodes.passThrough().model(m -> m.withoutParameters().configure((in, out) -> {
        }).execute((in, out) -> out.setInternalData(own, own)));
        final DefaultNodeModel model = new DefaultNodeModel(node);
        model.execute(new PortObject[1], null);
        assertArrayEquals(new PortObject[]{own, own}, model.getInternalPortObjects());
        model.reset();
        assertNull(model.getInternalPortObjects());
    }

    @Test
    void rearrangingIsConfiguredFromTheRearranger() throws Exception {
        final DefaultNode node = SampleNodes.passThrough().model(m -> m.withoutParameters()
            .rearrangeColumns((in, out) -> {
                final ColumnRearranger rearranger = new ColumnRearranger(in.getDataTableSpec());
                rearranger.keepOnly("number");
                out.setColumnRearranger(rearranger);
            }));
        final DataTableSpec out =
            (DataTableSpec)new DefaultNodeModel(node).configure(new PortObjectSpec[]{TABLE})[0];
        assertArrayEquals(new String[]{"number"}, out.getColumnNames());
    }

    @Test
    void rearrangingNeedsOneTableOnEachSide() {
        final DefaultNode node = DefaultNode.create().name("Two").icon("i.png").shortDescription("s.")
            .fullDescription("f.").sinceVersion(5, 8, 0)
            .ports(p -> p.addInputTable("A", "a").addInputTable("B", "b").addOutputTable("C", "c"))
            .model(m -> m.withoutParameters().rearrangeColumns((in, out) -> {
            }));
        assertThrows(IllegalStateException.class, () -> new DefaultNodeModel(node));
    }

    /** A port object. */
    private static class OtherPortObject implements PortObject {
        @Override
        public String getSummary() {
            return "other";
        }

        @Override
        public PortObjectSpec getSpec() {
            return TABLE;
        }

        @Override
        public javax.swing.JComponent[] getViews() {
            return null;
        }
    }

    /** Another port object. */
    private static final class OwnPortObject extends OtherPortObject {
    }
}
