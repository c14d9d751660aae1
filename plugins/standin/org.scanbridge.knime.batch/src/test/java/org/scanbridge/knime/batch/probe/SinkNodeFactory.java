package org.scanbridge.knime.batch.probe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.knime.core.data.DataRow;
import org.knime.core.node.KNIMEException;
import org.knime.node.DefaultModel.ExecuteInput;
import org.knime.node.DefaultNode;
import org.knime.node.DefaultNodeFactory;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.migration.LoadDefaultsForAbsentFields;

/** Writes the texts of two tables into a file, one a line. */
public final class SinkNodeFactory extends DefaultNodeFactory {

    /** The parameters. */
    @LoadDefaultsForAbsentFields
    public static final class Parameters implements NodeParameters {
        String m_file = "";
    }

    private static final DefaultNode NODE = DefaultNode.create().name("Probe Sink").icon("x.png")
        .shortDescription("Writes texts.").fullDescription("Writes texts.").sinceVersion(5, 8, 0)
        .ports(p -> p.addInputTable("First", "Texts.").addInputTable("Second", "Texts."))
        .model(m -> m.parametersClass(Parameters.class).configure((in, out) -> {
        }).execute((in, out) -> execute(in)));

    /** Called by the extension registry. */
    public SinkNodeFactory() {
        super(NODE);
    }

    private static void execute(final ExecuteInput in) throws KNIMEException {
        final Parameters parameters = in.getParameters();
        final List<String> lines = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            for (DataRow row : in.getInTable(i)) {
                lines.add(row.getCell(0).toString());
            }
        }
        try {
            Files.write(Path.of(parameters.m_file), lines);
        } catch (IOException ex) {
            throw new KNIMEException("Cannot write \"" + parameters.m_file + "\": " + ex.getMessage(), ex);
        }
    }
}
