package org.scanbridge.knime.batch.probe;

import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.def.DefaultRow;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.BufferedDataContainer;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.KNIMEException;
import org.knime.node.DefaultModel.ConfigureInput;
import org.knime.node.DefaultModel.ConfigureOutput;
import org.knime.node.DefaultModel.ExecuteInput;
import org.knime.node.DefaultModel.ExecuteOutput;
import org.knime.node.DefaultNode;
import org.knime.node.DefaultNodeFactory;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.migration.LoadDefaultsForAbsentFields;

/** Makes a table of equal texts, or fails in the way it is told to. */
public final class SourceNodeFactory extends DefaultNodeFactory {

    static final DataTableSpec SPEC =
        new DataTableSpec(new DataColumnSpecCreator("text", StringCell.TYPE).createSpec());

    /** What the node does beside making its table. */
    public enum Behavior {
        /** Nothing. */
        NORMAL,
        /** Sets a warning. */
        WARN,
        /** Cannot be configured. */
        CONFIGURE_ERROR,
        /** Fails with a message for the user. */
        KNIME_ERROR,
        /** Fails unexpectedly. */
        RUNTIME_ERROR,
        /** Runs out of memory. */
        OUT_OF_MEMORY,
        /** Gives no table. */
        NO_DATA
    }

    /** The parameters. */
    @LoadDefaultsForAbsentFields
    public static final class Parameters implements NodeParameters {
        private static final int UNFORESEEN = 99;

        int m_rows = 1;

        String m_text = "default";

        Behavior m_behavior = Behavior.NORMAL;

        double m_share = 0.5;

        @Override
        public void validate() throws InvalidSettingsException {
            if (m_rows == UNFORESEEN) {
                throw new IllegalStateException("unforeseen");
            }
            if (m_rows < 0) {
                throw new InvalidSettingsException("rows " + m_rows + " < 0");
            }
        }
    }

    private static final DefaultNode NODE = DefaultNode.create().name("Probe Source").icon("x.png")
        .shortDescription("Makes texts.").fullDescription("Makes texts.").sinceVersion(5, 8, 0)
        .ports(p -> p.addOutputTable("Texts", "The texts."))
        .model(m -> m.parametersClass(Parameters.class).configure(SourceNodeFactory::configure)
            .execute(SourceNodeFactory::execute));

    /** Called by the extension registry. */
    public SourceNodeFactory() {
        super(NODE);
    }

    private static void configure(final ConfigureInput in, final ConfigureOutput out) throws InvalidSettingsException {
        final Parameters parameters = in.getParameters();
        if (parameters.m_behavior == Behavior.CONFIGURE_ERROR) {
            throw new InvalidSettingsException("Select a text");
        }
        out.setOutSpec(0, SPEC);
    }

    private static void execute(final ExecuteInput in, final ExecuteOutput out) throws KNIMEException {
        final Parameters parameters = in.getParameters();
        switch (parameters.m_behavior) {
            case KNIME_ERROR -> throw new KNIMEException("The disk is full. Free some space");
            case RUNTIME_ERROR -> throw new IllegalStateException("index out of range");
            case OUT_OF_MEMORY -> throw new OutOfMemoryError("fake");
            case WARN -> out.setWarningMessage("2 texts were skipped");
            default -> {
                // as usual
            }
        }
        final BufferedDataContainer container = in.getExecutionContext().createDataContainer(SPEC);
        for (int i = 0; i < parameters.m_rows; i++) {
            container.addRowToTable(new DefaultRow("Row" + i, new StringCell(parameters.m_text)));
        }
        container.close();
        if (parameters.m_behavior != Behavior.NO_DATA) {
            out.setOutData(0, container.getTable());
        }
    }
}
