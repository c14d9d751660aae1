package org.scanbridge.knime.batch.probe;

import java.io.IOException;
import java.nio.file.Files;

import org.knime.core.data.filestore.FileStore;
import org.knime.core.node.KNIMEException;
import org.knime.core.node.port.PortTypeRegistry;
import org.knime.node.DefaultModel.ExecuteInput;
import org.knime.node.DefaultModel.ExecuteOutput;
import org.knime.node.DefaultNode;
import org.knime.node.DefaultNodeFactory;

/** Makes a token. Its spec is known only after execution. */
public final class TokenSourceNodeFactory extends DefaultNodeFactory {

    private static final DefaultNode NODE = DefaultNode.create().name("Probe Token Source").icon("x.png")
        .shortDescription("Makes a token.").fullDescription("Makes a token.").sinceVersion(5, 8, 0)
        .ports(p -> p.addOutputPort("Token", "The token.",
            PortTypeRegistry.getInstance().getPortType(TokenPortObject.class)))
        .model(m -> m.withoutParameters().configure((in, out) -> {
        }).execute(TokenSourceNodeFactory::execute));

    /** Called by the extension registry. */
    public TokenSourceNodeFactory() {
        super(NODE);
    }

    private static void execute(final ExecuteInput in, final ExecuteOutput out) throws KNIMEException {
        try {
            final FileStore store = in.getExecutionContext().createFileStore("token");
            Files.writeString(store.getFile().toPath(), "stored");
            out.setOutData(0, new TokenPortObject(store, "note", "lost on the edge"));
        } catch (IOException ex) {
            throw new KNIMEException(ex.getMessage(), ex);
        }
    }
}
