package org.scanbridge.knime.learn;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DataType;
import org.knime.core.data.def.DefaultRow;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.BufferedDataContainer;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.DefaultNodeProgressMonitor;
import org.knime.core.node.ExecutionContext;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeFactory;
import org.knime.core.node.NodeSettings;
import org.knime.core.node.port.PortObject;
import org.knime.core.node.port.PortObjectSpec;
import org.knime.core.standin.run.NodeHost;
import org.knime.core.standin.run.RunDirectory;
import org.scanbridge.imaging.phantom.PhantomStudy;
import org.scanbridge.imaging.phantom.SiteProtocols;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.knime.data.LabelVolumeCell;
import org.scanbridge.knime.data.VolumeCell;
import org.scanbridge.knime.data.VolumeCellFactory;

/** A tiny two-site study as KNIME tables, and the means to execute nodes on it. */
public final class TestStudy implements AutoCloseable {

    /** A row to be. */
    public record Row(String subject, String site, Volume image, LabelVolume segmentation) {
    }

    private static final int SIZE = 24;

    private final RunDirectory m_run;

    private final ExecutionContext m_context;

    private final PhantomStudy m_phantoms = new PhantomStudy(SiteProtocols.defaultStudy(), SIZE, 7);

    private int m_stores;

    /** Every table goes to disk, so that a cell that does not survive that is found out. */
    public TestStudy() throws IOException {
        m_run = new RunDirectory(Path.of(System.getProperty("java.io.tmpdir")), "test", 0);
        m_context = new ExecutionContext(new DefaultNodeProgressMonitor(), m_run.newNodeRun("Source"));
    }

    /** Where the tables of this study are made. */
    public ExecutionContext context() {
        return m_context;
    }

    /** Phantom subjects {@code from} to {@code to} (exclusive) of site 0 or 1. */
    public List<Row> rows(final int site, final int from, final int to) {
        final List<Row> rows = new ArrayList<>();
        for (int n = from; n < to; n++) {
            final PhantomStudy.Subject subject = m_phantoms.subject(site, n);
            rows.add(new Row(subject.image().info().subject(), subject.image().info().site(), subject.image(), subject.labels()));
        }
        return rows;
    }

    /** A table with columns Subject, Site, Image, Segmentation; null images and segmentations become missing cells. */
    public BufferedDataTable table(final List<Row> rows) throws IOException {
        final BufferedDataContainer container = m_context.createDataContainer(new DataTableSpec(
            new DataColumnSpecCreator("Subject", StringCell.TYPE).createSpec(),
            new DataColumnSpecCreator("Site", StringCell.TYPE).createSpec(),
            new DataColumnSpecCreator("Image", VolumeCell.TYPE).createSpec(),
            new DataColumnSpecCreator("Segmentation", LabelVolumeCell.TYPE).createSpec()));
        final VolumeCellFactory cells = VolumeCellFactory.of(m_context);
        int n = 0;
        for (final Row row : rows) {
            final DataCell image =
                row.image == null ? DataType.getMissingCell() : cells.create("image" + m_stores++, row.image);
            final DataCell segmentation =
                row.segmentation == null ? DataType.getMissingCell() : cells.create("labels" + m_stores++, row.segmentation);
            container.addRowToTable(
                new DefaultRow("Row" + n++, new StringCell(row.subject), new StringCell(row.site), image, segmentation));
        }
        container.close();
        return container.getTable();
    }

    /** Changes a node's settings. */
    @FunctionalInterface
    public interface Change {
        /** @param model the default settings */
        void accept(NodeSettings model) throws InvalidSettingsException;
    }

    /**
     * A node.
     *
     * @param change changes the settings that KNIME writes for a fresh node; null to let the node choose them itself from
     *            its inputs
     */
    public NodeHost node(final NodeFactory<?> factory, final Change change) throws Exception {
        factory.init();
        final NodeHost node = new NodeHost(factory.getClass().getSimpleName(), factory, m_run, w -> {
        });
        if (change != null) {
            final NodeSettings model = node.saveSettings();
            change.accept(model);
            node.loadSettings(model);
        }
        return node;
    }

    /** Configures and executes a node. */
    public PortObject[] execute(final NodeFactory<?> factory, final PortObject[] inputs, final Change change)
        throws Exception {
        final NodeHost node = node(factory, change);
        node.configure(specs(inputs));
        return node.execute(inputs, new DefaultNodeProgressMonitor());
    }

    /** The specs of inputs. */
    public static PortObjectSpec[] specs(final PortObject[] inputs) {
        final PortObjectSpec[] specs = new PortObjectSpec[inputs.length];
        for (int i = 0; i < inputs.length; i++) {
            specs[i] = inputs[i] == null ? null : inputs[i].getSpec();
        }
        return specs;
    }

    @Override
    public void close() {
        m_run.close();
    }
}
