package org.scanbridge.knime.nodes.networkbuilder;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.container.CloseableRowIterator;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.CanceledExecutionException;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.KNIMEException;
import org.knime.core.node.NodeFactory.NodeType;
import org.knime.core.node.port.PortObject;
import org.knime.core.node.port.PortObjectSpec;
import org.knime.node.DefaultModel.ConfigureInput;
import org.knime.node.DefaultModel.ConfigureOutput;
import org.knime.node.DefaultModel.ExecuteInput;
import org.knime.node.DefaultModel.ExecuteOutput;
import org.knime.node.DefaultNode;
import org.knime.node.DefaultNodeFactory;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.learn.LabelNames;
import org.scanbridge.knime.port.NetworkPortObject;
import org.scanbridge.knime.util.ClassList;
import org.scanbridge.knime.util.ColumnGuesses;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.Execution;
import org.scanbridge.knime.util.HeapNeed;
import org.scanbridge.knime.util.NodeMemory;
import org.scanbridge.knime.util.NotAnnotated;
import org.scanbridge.knime.util.StudyRow;
import org.scanbridge.knime.util.UnusedSettings;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.network.Network;

/** Makes an untrained network. */
public final class NetworkBuilderNodeFactory extends DefaultNodeFactory {

    private static final DefaultNode NODE = DefaultNode.create() //
        .name("Network Builder") //
        .icon("icon.png") //
        .shortDescription("Makes an untrained segmentation network.") //
        .fullDescription("""
                <p>Makes a network with fresh, random weights for the <b>Segmentation Learner</b>. With a table of \
                segmentations connected it finds out by itself how many classes there are and what they are called.</p>
                <p>The U-Net looks at an image at several resolutions and puts together what it sees, which makes it the \
                usual choice for segmenting medical images. The patch CNN and the network with two pathways are for small \
                lesions, and for repeating published studies.</p>
                <p>Where structures lie inside one another, such as a lesion inside an organ, the network can give each of \
                them a probability of its own: name them as <b>Regions</b>.</p>
                """) //
        .sinceVersion(5, 8, 0) //
        .ports(p -> p //
            .addInputPort("Segmentations", """
                    Optional: a table with segmentations, such as the training table. Its label values become the \
                    network's classes.""", BufferedDataTable.TYPE_OPTIONAL) //
            .addOutputPort("Untrained network", "The network with random weights.", NetworkPortObject.TYPE)) //
        .model(m -> m.parametersClass(NetworkBuilderParameters.class) //
            .configure(NetworkBuilderNodeFactory::configure) //
            .execute(UnusedSettings.told(NetworkBuilderNodeFactory::execute))) //
        .nodeType(NodeType.Source) //
        .keywords("U-Net", "architecture", "deep learning", "convolutional", "CNN") //
        .addExternalResource("https://doi.org/10.1007/978-3-319-46723-8_49",
            "Çiçek et al.: 3D U-Net (MICCAI 2016)") //
        .addExternalResource("https://doi.org/10.1007/978-3-319-66179-7_59",
            "Ghafoorian et al.: Transfer learning for domain adaptation in MRI (MICCAI 2017)") //
        .addExternalResource("https://doi.org/10.1016/j.media.2016.10.004",
            "Kamnitsas et al.: DeepMedic (Medical Image Analysis 2017)");

    /** For KNIME. */
    public NetworkBuilderNodeFactory() {
        super(NODE);
    }

    private static void configure(final ConfigureInput input, final ConfigureOutput output) throws InvalidSettingsException {
        final NetworkBuilderParameters parameters = ColumnGuesses.in(input, output);
        final PortObjectSpec table = input.getInPortSpecs()[0];
        if (table == null) {
            output.setOutSpec(0, NetworkPortObject.specOf(network(parameters, unnamed(parameters.m_classes))));
        } else {
            Columns.index((DataTableSpec)table, parameters.m_segmentationColumn, LabelVolumeValue.class, "Segmentation column");
            // The number of classes is in the rows, which are not there yet.
            output.setOutSpec(0, null);
        }
    }

    private static void execute(final ExecuteInput input, final ExecuteOutput output)
        throws CanceledExecutionException, KNIMEException {
        Execution.run(() -> {
            final NetworkBuilderParameters parameters = ColumnGuesses.in(input);
            final PortObject table = input.getInPortObjects()[0];
            final LabelSet labels = table == null ? unnamed(parameters.m_classes)
                : labels((BufferedDataTable)table, parameters);
            output.setOutData(0, NetworkPortObject.create(input.getExecutionContext(), network(parameters, labels)));
            if (table != null && !parameters.m_architecture.isFlat()
                && areSingleSlices((BufferedDataTable)table, parameters.m_segmentationColumn)) {
                output.setWarningMessage("All segmentations in column \"" + parameters.m_segmentationColumn + "\" have one slice,"
                    + " as radiographs have, and this network looks at blocks of " + parameters.m_patchSize
                    + " slices, of which all others would be empty. Choose \"2-D U-Net\" or \"Patch CNN, 15 layers\".");
            }
        });
    }

    /** Whether there are segmentations, each of a single slice. */
    private static boolean areSingleSlices(final BufferedDataTable table, final String column) {
        final int index = table.getDataTableSpec().findColumnIndex(column);
        boolean any = false;
        try (CloseableRowIterator iterator = table.iterator()) {
            while (iterator.hasNext()) {
                final DataCell cell = iterator.next().getCell(index);
                if (!cell.isMissing()) {
                    if (((LabelVolumeValue)cell).geometry().size(2) > 1) {
                        return false;
                    }
                    any = true;
                }
            }
        }
        return any;
    }

    private static Network network(final NetworkBuilderParameters parameters, final LabelSet labels)
        throws InvalidSettingsException {
        final NetworkSpec spec = parameters.spec(labels);
        final Network network = Network.untrained(spec, parameters.m_seed);
        return new Network(spec, network.weights(), labels, network.provenance());
    }

    private static LabelSet unnamed(final int classes) {
        final String[] names = new String[classes];
        for (int c = 0; c < classes; c++) {
            names[c] = "class " + (c + 1);
        }
        return LabelSet.of(names);
    }

    private static LabelSet labels(final BufferedDataTable table, final NetworkBuilderParameters parameters)
        throws InvalidSettingsException, KNIMEException {
        final String column = parameters.m_segmentationColumn;
        final int index = Columns.index(table.getDataTableSpec(), column, LabelVolumeValue.class, "Segmentation column");
        HeapNeed.ofRows(table, row -> row.getCell(index).isMissing() ? 0
            : NodeMemory.NETWORK_BUILDER.bytes(((LabelVolumeValue)row.getCell(index)).geometry().voxelCount())).require();
        final List<StudyRow> rows = new ArrayList<>();
        try (CloseableRowIterator iterator = table.iterator()) {
            while (iterator.hasNext()) {
                final DataRow row = iterator.next();
                final DataCell cell = row.getCell(index);
                if (!cell.isMissing()) {
                    rows.add(new StudyRow(row.getKey().getString(), "", "", Optional.empty(),
                        Optional.of((LabelVolumeValue)cell)));
                }
            }
        }
        final LabelSet all = LabelNames.of(rows);
        final NotAnnotated notAnnotated = NotAnnotated.of(parameters.m_notAnnotated);
        notAnnotated.check(List.of(all));
        final SortedMap<Integer, String> names = new TreeMap<>(all.names());
        names.keySet().removeAll(notAnnotated.values(all));
        final LabelSet labels = new LabelSet(names);
        if (labels.names().isEmpty() && !all.names().isEmpty()) {
            throw new LearningException("\"" + NotAnnotated.TITLE + "\" names all classes of column \"" + column + "\" ("
                + ClassList.text(all) + "), so none is left for the network. Name only those that mark what nobody"
                + " annotated.");
        }
        if (labels.names().isEmpty()) {
            throw new LearningException("Column \"" + column + "\" has no segmentation with a label. Connect a table with "
                + "segmentations, or disconnect it and set the number of classes.");
        }
        return labels;
    }
}
