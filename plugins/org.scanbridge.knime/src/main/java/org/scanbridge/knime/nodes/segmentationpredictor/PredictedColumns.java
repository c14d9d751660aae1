package org.scanbridge.knime.nodes.segmentationpredictor;

import java.util.ArrayList;
import java.util.List;

import org.knime.core.data.DataColumnSpec;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DataType;
import org.knime.core.node.InvalidSettingsException;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.knime.data.LabelVolumeCell;
import org.scanbridge.knime.data.VolumeCell;
import org.scanbridge.knime.learn.ChannelColumns;
import org.scanbridge.knime.port.NetworkPortObjectSpec;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.data.ClassValues;
import org.scanbridge.learning.predict.SlidingWindowPredictor;

/**
 * What the node appends: the segmentation, then the uncertainty and the probabilities of the classes if they are asked for.
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
        final LabelSet labels = networks.stream().map(NetworkPortObjectSpec::labels)
            .filter(l -> !l.names().isEmpty()).findFirst().orElse(LabelSet.of());
        final int classes = networks.get(0).architecture().classes();
        final ClassValues values = ClassValues.of(labels, classes);
        final List<DataColumnSpec> appended = new ArrayList<>();
        appended.add(column(images, parameters.m_outputColumn, LabelVolumeCell.TYPE));
        if (parameters.m_uncertainty) {
            appended.add(column(images, parameters.m_outputColumn + " uncertainty", VolumeCell.TYPE));
        }
        for (int label = 0; parameters.m_probabilities && label < classes; label++) {
            appended.add(column(images, parameters.m_outputColumn + " p(" + labels.name(values.value(label)) + ")", VolumeCell.TYPE));
        }
        return new PredictedColumns(new DataTableSpec(images, new DataTableSpec(appended.toArray(DataColumnSpec[]::new))),
            appended.size(), new CleanUp(parameters.m_parts, parameters.m_classesInOnePiece, labels, values, classes), values);
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
