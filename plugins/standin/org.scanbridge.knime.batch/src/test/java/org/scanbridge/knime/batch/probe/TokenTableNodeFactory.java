package org.scanbridge.knime.batch.probe;

import java.io.IOException;

import org.knime.core.data.def.DefaultRow;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.BufferedDataContainer;
import org.knime.core.node.KNIMEException;
import org.knime.core.node.port.PortTypeRegistry;
import org.knime.node.DefaultModel.ExecuteInput;
import org.knime.node.DefaultModel.ExecuteOutput;
import org.knime.node.DefaultNode;
import org.knime.node.DefaultNodeFactory;

/** Describes the token it got in a table. */
public final class TokenTableNodeFactory extends DefaultNodeFactory {

    private static final DefaultNode NODE = DefaultNode.create().name("Probe Token to Table").icon("x.png")
        .shortDescription("Describes a token.").fullDescription("Describes a token.").sinceVersion(5, 8, 0)
        .ports(p -> p
            .addInputPort("Token", "The token.", PortTypeRegistry.getInstance().getPortType(TokenPortObject.class))
            .addOutputTable("Text", "Its description."))
        .model(m -> m.withoutParameters().configure((in, out) -> out.setOutSpec(0, SourceNodeFactory.SPEC))
            .execute(TokenTableNodeFactory::execute));

    /** Called by the extension registry. */
    public TokenTableNodeFactory() {
        super(NODE);
    }

    private static void execute(final ExecuteInput in, final ExecuteOutput out) throws KNIMEException {
        final TokenPortObject token = in.getInPortObject(0);
        final BufferedDataContainer container = in.getExecutionContext().createDataContainer(SourceNodeFactory.SPEC);
        try {
            container.addRowToTable(new DefaultRow("Row0", new StringCell(token.describe())));
        } catch (IOException ex) {
            throw new KNIMEException(ex.getMessage(), ex);
        }
        container.close();
        out.setOutData(0, container.getTable());
    }
}
