package org.scanbridge.knime.nodes.segmentationpredictor;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import org.knime.core.data.DataColumnSpec;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DataType;
import org.knime.core.data.StringValue;
import org.knime.core.node.InvalidSettingsException;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.knime.data.LabelVolumeCell;
import org.scanbridge.knime.data.VolumeCell;
import org.scanbridge.knime.learn.ChannelColumns;
import org.scanbridge.knime.port.NetworkPortObjectSpec;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.ProbabilityColumns;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.NetworkRegion;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.data.ClassValues;
import org.scanbridge.learning.predict.SlidingWindowPredictor;

/**
 * What the node appends: the segmentation, then the uncertainty and the probabilities of the classes or regions if they are
 * asked for.
 *
 * @param spec the output table
 * @param count number of appended columns
 * @param cleanUp what is removed from segmentations
 * @param values the label values of the network's classes
 */
record PredictedColumns(DataTableSpec spec, int count, CleanUp cleanUp, ClassValues values) {

    /**
     * @param images the input table
     * @param networks the connected networks, the first one first
     * @throws InvalidSettingsException if settings, table and networks do not fit
     */
    static PredictedColumns of(final DataTableSpec images, final SegmentationPredictorParameters parameters,
        final List<NetworkPortObjectSpec> networks) throws InvalidSettingsException {
        final ChannelColumns channels = parameters.images();
        channels.indices(images);
        try {
            SlidingWindowPredictor.requireFitting(networks.stream().map(NetworkPortObjectSpec::architecture).toList(),
                networks.stream().map(NetworkPortObjectSpec::labels).toList());
        } catch (final LearningException e) {
            throw new InvalidSettingsException(e.getMessage(), e);
        }
        for (final NetworkPortObjectSpec network : networks) {
            channels.check(network);
        }
        if (parameters.m_members == SegmentationPredictorParameters.Members.UNSEEN) {
            Columns.index(images, parameters.m_subjectColumn, StringValue.class, "Subject column");
            if (networks.size() > 1 || networks.get(0).members() == 1) {
                throw new InvalidSettingsException("\"Networks that have not seen the subject\" needs one ensemble at the first"
                    + " input, from a Segmentation Learner with \"One network for each fold\", and no further network: of a"
                    + " single network nobody knows whom it has seen. Choose \"All networks\", or connect the ensemble.");
            }
        }
        final LabelSet labels = networks.stream().map(NetworkPortObjectSpec::labels)
            .filter(l -> !l.names().isEmpty()).findFirst().orElse(LabelSet.of());
        final int classes = networks.get(0).architecture().classes();
        final ClassValues values = ClassValues.of(labels, classes);
        final List<DataColumnSpec> appended = new ArrayList<>();
        appended.add(column(images, parameters.m_outputColumn, LabelVolumeCell.TYPE));
        if (parameters.m_uncertainty) {
            appended.add(column(images, parameters.m_outputColumn + " uncertainty", VolumeCell.TYPE));
        }
        for (final String output : parameters.m_probabilities ? outputs(networks.get(0).architecture(), labels, values)
            : List.<String> of()) {
            appended.add(column(images, ProbabilityColumns.name(parameters.m_outputColumn, output), VolumeCell.TYPE));
        }
        return new PredictedColumns(new DataTableSpec(images, new DataTableSpec(appended.toArray(DataColumnSpec[]::new))),
            appended.size(), new CleanUp(parameters.m_parts, parameters.m_classesInOnePiece, labels, values, classes), values);
    }

    /** What the network gives probabilities of. */
    private static List<String> outputs(final NetworkSpec network, final LabelSet labels, final ClassValues values) {
        return network.regions().isEmpty()
            ? IntStream.range(0, network.classes()).mapToObj(c -> labels.name(values.value(c))).toList()
            : network.regions().stream().map(NetworkRegion::name).toList();
    }

    private static DataColumnSpec column(final DataTableSpec images, final String name, final DataType type)
        throws InvalidSettingsException {
        if (images.containsName(name)) {
            throw new InvalidSettingsException("The table already has a column \"" + name
                + "\". Choose another name for the new column.");
        }
        return new DataColumnSpecCreator(name, type).createSpec();
    }
}
