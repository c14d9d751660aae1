package org.scanbridge.knime.batch.probe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.knime.core.node.CanceledExecutionException;
import org.knime.core.node.ExecutionContext;
import org.knime.core.node.KNIMEException;
import org.knime.node.DefaultModel.ExecuteInput;
import org.knime.node.DefaultModel.ExecuteOutput;
import org.knime.node.DefaultNode;
import org.knime.node.DefaultNodeFactory;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.migration.LoadDefaultsForAbsentFields;

/** Creates a file and waits until another one appears; so two such nodes end only if they run at the same time. */
public final class RendezvousNodeFactory extends DefaultNodeFactory {

    private static final int POLL_MILLIS = 20;

    /** The parameters. */
    @LoadDefaultsForAbsentFields
    public static final class Parameters implements NodeParameters {
        String m_own = "";

        String m_other = "";

        /** Created when the node is stopped while it waits. */
        String m_stopped = "";

        int m_seconds = 20;
    }

    private static final DefaultNode NODE = DefaultNode.create().name("Probe Rendezvous").icon("x.png")
        .shortDescription("Waits.").fullDescription("Waits.").sinceVersion(5, 8, 0)
        .ports(p -> p.addInputTable("In", "Texts.").addOutputTable("Out", "The same texts."))
        .model(m -> m.parametersClass(Parameters.class)
            .configure((in, out) -> out.setOutSpec(0, in.getInTableSpec(0)))
            .execute(RendezvousNodeFactory::execute));

    /** Called by the extension registry. */
    public RendezvousNodeFactory() {
        super(NODE);
    }

    private static void execute(final ExecuteInput in, final ExecuteOutput out)
        throws CanceledExecutionException, KNIMEException {
        final Parameters parameters = in.getParameters();
        try {
            Files.createFile(Path.of(parameters.m_own));
            await(parameters, in.getExecutionContext());
        } catch (IOException ex) {
            throw new KNIMEException("Cannot meet: " + ex, ex);
        }
        out.setOutData(0, in.getInTable(0));
    }

    private static void await(final Parameters parameters, final ExecutionContext exec)
        throws IOException, CanceledExecutionException, KNIMEException {
        final int polls = parameters.m_seconds * 1000 / POLL_MILLIS;
        try {
            for (int i = 0; !Files.exists(Path.of(parameters.m_other)); i++) {
                if (i >= polls) {
                    throw new KNIMEException("Nobody came to \"" + parameters.m_other + "\"");
                }
                exec.checkCanceled();
                exec.setProgress((double)i / polls, "Waiting");
                Thread.sleep(POLL_MILLIS);
            }
        } catch (InterruptedException ex) {
            Files.createFile(Path.of(parameters.m_stopped));
            throw new CanceledExecutionException("interrupted");
        }
    }
}
