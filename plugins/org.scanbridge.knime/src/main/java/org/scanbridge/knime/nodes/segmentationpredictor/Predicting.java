package org.scanbridge.knime.nodes.segmentationpredictor;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataType;
import org.knime.core.data.StringValue;
import org.knime.core.data.container.CloseableRowIterator;
import org.knime.core.node.BufferedDataContainer;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.ExecutionContext;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.KNIMEException;
import org.knime.core.node.port.PortObject;
import org.knime.node.DefaultModel.ExecuteOutput;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.knime.data.VolumeCellFactory;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.learn.EngineNotice;
import org.scanbridge.knime.learn.UnlikeTraining;
import org.scanbridge.knime.nodes.segmentationpredictor.SegmentationPredictorParameters.Members;
import org.scanbridge.knime.port.NetworkPortObject;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.HeapNeed;
import org.scanbridge.knime.util.KnimeProgress;
import org.scanbridge.knime.util.NodeMemory;
import org.scanbridge.knime.util.RowName;
import org.scanbridge.knime.util.RowProblems;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.data.ChannelImages;
import org.scanbridge.learning.data.ClassValues;
import org.scanbridge.learning.network.Ensemble;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.predict.Prediction;
import org.scanbridge.learning.predict.SlidingWindowPredictor;

/** One execution of the Segmentation Predictor. */
final class Predicting {

    private final SegmentationPredictorParameters m_parameters;

    private final BufferedDataTable m_table;

    private final PredictedColumns m_columns;

    private final List<Network> m_networks = new ArrayList<>();

    /** What segments only the subjects that are new to it; empty if all networks segment all. */
    private final Optional<Ensemble> m_ensemble;

    /** Index of the subject column; -1 if it does not matter. */
    private final int m_subject;

    private final CleanUp m_cleanUp;

    private final ClassValues m_values;

    /** Rows of subjects that no network of the ensemble has seen. */
    private long m_new;

    /** @throws InvalidSettingsException if the settings do not fit the inputs */
    Predicting(final SegmentationPredictorParameters parameters, final PortObject[] inputs)
        throws InvalidSettingsException {
        m_parameters = parameters;
        m_table = (BufferedDataTable)inputs[SegmentationPredictorNodeFactory.IMAGES];
        final List<NetworkPortObject> ports = Arrays.stream(inputs).filter(NetworkPortObject.class::isInstance)
            .map(NetworkPortObject.class::cast).toList();
        m_columns = PredictedColumns.of(m_table.getDataTableSpec(), parameters,
            ports.stream().map(NetworkPortObject::getSpec).toList());
        m_ensemble = parameters.m_members == Members.UNSEEN ? ports.get(0).ensemble() : Optional.empty();
        m_networks.addAll(m_ensemble.map(Ensemble::networks)
            .orElseGet(() -> ports.stream().flatMap(p -> p.networks().stream()).toList()));
        m_subject = m_ensemble.isEmpty() ? -1 : Columns.index(m_table.getDataTableSpec(), parameters.m_subjectColumn,
            StringValue.class, "Subject column");
        m_cleanUp = m_columns.cleanUp();
        m_values = m_columns.values();
    }

    /** Fills the output table. */
    void run(final ExecutionContext context, final ExecuteOutput output)
        throws IOException, InvalidSettingsException, KNIMEException {
        final int[] channels = m_parameters.images().indices(m_table.getDataTableSpec());
        final BufferedDataContainer container = context.createDataContainer(m_columns.spec());
        final VolumeCellFactory cells = VolumeCellFactory.of(context);
        final Progress progress = new KnimeProgress(context);
        final List<String> withoutImage = new ArrayList<>();
        final RowProblems problems = new RowProblems("segmented");
        final UnlikeTraining unlike = new UnlikeTraining(m_networks);
        long done = 0;
        try (SlidingWindowPredictor predictor = new SlidingWindowPredictor(m_networks, m_parameters.options());
                CloseableRowIterator rows = m_table.iterator()) {
            HeapNeed.ofRows(m_table, row -> bytes(row, channels, predictor)).require();
            while (rows.hasNext()) {
                final DataRow row = rows.next();
                final Progress part = progress.part((double)done / m_table.size(), (done + 1.0) / m_table.size());
                final String message = "Image " + (done + 1) + " of " + m_table.size();
                final DataCell[] results = new DataCell[m_columns.count()];
                Arrays.fill(results, DataType.getMissingCell());
                final Optional<String> missing = missing(row, channels);
                if (missing.isPresent()) {
                    withoutImage.add(missing.get());
                } else {
                    // voxels of rows before that are kept without need would count against this one
                    HeapNeed.of(RowName.of(row.getKey().getString()), bytes(row, channels, predictor)).require();
                    try {
                        final ChannelImages images = images(row, channels);
                        unlike.add(row.getKey().getString(), images);
                        fill(results, predictor.segment(images, networks(row),
                            (fraction, block) -> part.report(fraction, message)), cells, done);
                    } catch (final LearningException e) {
                        Arrays.fill(results, problems.add(row.getKey().getString(), e.getMessage()));
                    }
                }
                container.addRowToTable(Columns.append(row, results));
                done++;
            }
        } finally {
            container.close();
        }
        problems.requireAny(done - withoutImage.size() - problems.count());
        output.setOutData(0, container.getTable());
        output.setInternalData(container.getTable());
        progress.report(1, (done - withoutImage.size() - problems.count()) + " images segmented");
        final List<String> warnings = new ArrayList<>();
        if (!withoutImage.isEmpty()) {
            warnings.add("Rows without an image got no segmentation: " + String.join(", ", withoutImage) + ".");
        }
        problems.warning(done).ifPresent(warnings::add);
        warnings.addAll(unlike.warnings(done));
        if (m_new > 0) {
            warnings.add(newSubjects(done));
        }
        EngineNotice.of(m_networks).ifPresent(warnings::add);
        if (!warnings.isEmpty()) {
            output.setWarningMessage(String.join(" ", warnings));
        }
    }

    /** An id under another pseudonym looks like a new person, so only the user can tell. */
    private String newSubjects(final long rows) {
        return m_new + " of " + rows + " rows are of subjects new to all networks of the ensemble, so all networks segmented"
            + " them. If they were trained on, their ids differ from those of the training: set \"Subject column\" (now \""
            + m_table.getDataTableSpec().getColumnSpec(m_subject).getName() + "\") to the column with the ids of the training,"
            + " and read the images with the same pseudonym key, else their scores are not honest.";
    }

    /** Indices of the networks that segment a row. */
    private List<Integer> networks(final DataRow row) {
        if (m_ensemble.isEmpty()) {
            return IntStream.range(0, m_networks.size()).boxed().toList();
        }
        final String subject = Columns.text(row, m_subject).strip();
        if (subject.isEmpty()) {
            throw new LearningException("It has no subject, so nobody knows which networks have seen it. Fill the subject"
                + " column, or choose \"All networks\".");
        }
        final List<Integer> unseen = m_ensemble.get().unseen(subject);
        if (unseen.isEmpty()) {
            throw new LearningException("All networks of the ensemble have seen subject " + subject + ": it was in the"
                + " validation table, or no network left out its fold because none of the subjects there has a segmentation."
                + " So no score of it would be honest. Filter it out, or choose \"All networks\".");
        }
        if (unseen.size() == m_networks.size()) {
            m_new++;
        }
        return unseen;
    }

    /** The row, and the columns where it lacks an image if there are several; empty if all are there. */
    private Optional<String> missing(final DataRow row, final int[] channels) {
        final List<String> columns = new ArrayList<>();
        for (final int channel : channels) {
            if (row.getCell(channel).isMissing()) {
                columns.add('"' + m_table.getDataTableSpec().getColumnSpec(channel).getName() + '"');
            }
        }
        return columns.isEmpty() ? Optional.empty() : Optional.of(row.getKey().getString()
            + (channels.length == 1 ? "" : " (column " + String.join(", ", columns) + ")"));
    }

    private long bytes(final DataRow row, final int[] channels, final SlidingWindowPredictor predictor) {
        if (missing(row, channels).isPresent()) {
            return 0;
        }
        final Geometry grid = ((VolumeValue)row.getCell(channels[0])).geometry();
        final long voxels = grid.voxelCount();
        final long cleaning = m_cleanUp.isNeeded() ? NodeMemory.PREDICTOR.bytes(0, voxels, voxels, 0, 0, 0) : 0;
        return NodeMemory.PREDICTOR.bytes(channels.length * voxels, 0, 0, 0, 0, 0)
            + Math.max(predictor.bytes(grid.size()), cleaning);
    }

    private ChannelImages images(final DataRow row, final int[] channels) {
        final List<Volume> volumes = new ArrayList<>();
        for (final int channel : channels) {
            volumes.add(((VolumeValue)row.getCell(channel)).volume());
        }
        return new ChannelImages(m_parameters.images().names(), volumes, RowName.of(row.getKey().getString()));
    }

    /** In the order of {@link PredictedColumns}. */
    private void fill(final DataCell[] results, final Prediction prediction, final VolumeCellFactory cells,
        final long row) throws IOException {
        int n = 0;
        results[n++] = cells.create("segmentation-" + row, m_cleanUp.apply(m_values.toValues(prediction.labels())));
        if (prediction.uncertainty().isPresent()) {
            results[n++] = cells.create("uncertainty-" + row, prediction.uncertainty().get());
        }
        int label = 0;
        for (final Volume map : prediction.probabilities()) {
            results[n++] = cells.create("probability-" + label++ + "-" + row, map);
        }
    }
}
