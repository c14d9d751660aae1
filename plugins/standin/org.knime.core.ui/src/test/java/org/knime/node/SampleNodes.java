package org.knime.node;

import org.knime.core.data.DataColumnSpec;
import org.knime.core.data.DoubleValue;
import org.knime.core.node.InvalidSettingsException;
import org.knime.node.DefaultView.ViewInput;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.NodeParametersInput;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.migration.LoadDefaultsForAbsentFields;
import org.knime.node.parameters.widget.choices.util.ColumnSelectionUtil;

/** Nodes of the kinds the tests need. */
final class SampleNodes {

    private SampleNodes() {
    }

    @LoadDefaultsForAbsentFields
    static final class Parameters implements NodeParameters {

        @Widget(title = "Column", description = "The column.")
        String m_column = "";

        @Widget(title = "Upper", description = "At most 5.")
        double m_upper = 1;

        Parameters() {
        }

        Parameters(final NodeParametersInput input) {
            m_column = input.getInTableSpec(0)
                .flatMap(spec -> ColumnSelectionUtil.getFirstCompatibleColumn(spec, DoubleValue.class))
                .map(DataColumnSpec::getName).orElse("none");
        }

        @Override
        public void validate() throws InvalidSettingsException {
            if (m_upper > 5) {
                throw new InvalidSettingsException("upper " + m_upper + " > 5");
            }
        }
    }

    static final class ViewParameters implements NodeParameters {
        @Widget(title = "Axis", description = "The axis.")
        int m_axis = 2;
    }

    /** The handler of the view. */
    public static final class Service {

        private final ViewInput m_input;

        private final int m_number;

        Service(final ViewInput input, final int number) {
            m_input = input;
            m_number = number;
        }

        /** @return which handler this is and how many objects it sees */
        public String who() {
            final var objects = m_input.getInternalPortObjects();
            return "handler " + m_number + " objects " + (objects == null ? "none" : objects.length);
        }
    }

    static DefaultNode.RequireModel passThrough() {
        return DefaultNode.create().name("Pass Through").icon("icon.png").shortDescription("Passes.")
            .fullDescription("<p>Passes the table through.</p>").sinceVersion(5, 8, 0)
            .ports(p -> p.addInputTable("In", "rows").addOutputTable("Out", "the same rows"));
    }

    static DefaultNode passThroughNode() {
        return passThrough().model(m -> m.parametersClass(Parameters.class).configure((in, out) -> {
            final Parameters parameters = in.getParameters();
            if (in.getInTableSpec(0).findColumnIndex(parameters.m_column) < 0) {
                throw new InvalidSettingsException("Column \"" + parameters.m_column + "\" is missing.");
            }
            out.setOutSpec(0, in.getInTableSpec(0));
        }).execute((in, out) -> {
            out.setOutData(0, in.getInTable(0));
            out.setInternalData(in.getInTable(0));
        }));
    }
}
