package org.scanbridge.knime.nodes.imageregistration;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpec;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DataType;
import org.knime.core.data.def.DefaultRow;
import org.knime.core.data.def.DoubleCell;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.BufferedDataContainer;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.ExecutionContext;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.KNIMEException;
import org.knime.node.DefaultModel.ExecuteOutput;
import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.register.FixedImage;
import org.scanbridge.imaging.register.MatchedResolution;
import org.scanbridge.imaging.register.MovedImage;
import org.scanbridge.imaging.register.Registration;
import org.scanbridge.imaging.register.RegistrationResult;
import org.scanbridge.imaging.register.Unshaded;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.knime.data.VolumeCell;
import org.scanbridge.knime.data.VolumeCellFactory;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.HeapNeed;
import org.scanbridge.knime.util.KnimeProgress;
import org.scanbridge.knime.util.NodeMemory;

import net.imglib2.parallel.TaskExecutor;
import net.imglib2.parallel.TaskExecutors;

/** One execution of Image Registration; one row is in memory at a time. */
final class Registering {

    /** The second output. */
    static final DataTableSpec TRANSFORMS = transforms();

    private static final double FINEST = 1;

    private final ImageRegistrationParameters m_parameters;

    private final DataTableSpec m_spec;

    private final int m_fixed;

    private final int m_moving;

    private final List<String> m_failed = new ArrayList<>();

    /** @throws InvalidSettingsException if a column is not there */
    Registering(final ImageRegistrationParameters parameters, final DataTableSpec spec) throws InvalidSettingsException {
        m_parameters = parameters;
        m_fixed = Columns.index(spec, parameters.m_fixedColumn, VolumeValue.class, "Fixed image column");
        m_moving = Columns.index(spec, parameters.m_movingColumn, VolumeValue.class, "Moving image column");
        parameters.validate();
        final String name = parameters.m_outputColumn.strip();
        if (spec.containsName(name)) {
            throw new InvalidSettingsException("The table already has a column \"" + name
                + "\". Choose another \"Name of the new column\".");
        }
        final DataColumnSpecCreator column = new DataColumnSpecCreator(name, VolumeCell.TYPE);
        // How its intensities were normalized stays true.
        column.setProperties(spec.getColumnSpec(m_moving).getProperties());
        m_spec = new DataTableSpec(spec, new DataTableSpec(column.createSpec()));
    }

    private static DataTableSpec transforms() {
        final List<DataColumnSpec> columns = new ArrayList<>();
        for (final String name : List.of("m11", "m12", "m13", "m21", "m22", "m23", "m31", "m32", "m33", "t1", "t2", "t3",
            "Similarity", "Similarity before")) {
            columns.add(new DataColumnSpecCreator(name, DoubleCell.TYPE).createSpec());
        }
        columns.add(new DataColumnSpecCreator("Problem", StringCell.TYPE).createSpec());
        return new DataTableSpec(columns.toArray(DataColumnSpec[]::new));
    }

    /** The first output. */
    DataTableSpec spec() {
        return m_spec;
    }

    /** Fills both outputs; rows of the second have the keys of the first. */
    void run(final BufferedDataTable table, final ExecutionContext context, final ExecuteOutput output)
        throws IOException, KNIMEException {
        HeapNeed.ofRows(table, this::bytes).require();
        final BufferedDataContainer images = context.createDataContainer(m_spec);
        final BufferedDataContainer transforms = context.createDataContainer(TRANSFORMS);
        final VolumeCellFactory cells = VolumeCellFactory.of(context);
        final Progress progress = new KnimeProgress(context);
        final Registration registration = new Registration(m_parameters.m_transformation.freedom(), FINEST);
        try (TaskExecutor workers = TaskExecutors.multiThreaded()) {
            for (final DataRow row : table) {
                final long n = images.size();
                final String name = "Row " + (n + 1) + " of " + table.size() + ": ";
                final Progress part = progress.part((double)n / table.size(), (n + 1.0) / table.size());
                final DataCell[] transform = new DataCell[TRANSFORMS.getNumColumns()];
                Arrays.fill(transform, DataType.getMissingCell());
                final Optional<Volume> moved = moved(row, registration, transform, workers,
                    (fraction, message) -> part.report(fraction, name + message));
                images.addRowToTable(Columns.append(row,
                    moved.isPresent() ? cells.create("registered-" + n, moved.get()) : DataType.getMissingCell()));
                transforms.addRowToTable(new DefaultRow(row.getKey(), transform));
            }
        } finally {
            images.close();
            transforms.close();
        }
        output.setOutData(0, images.getTable());
        output.setInternalData(images.getTable());
        output.setOutData(1, transforms.getTable());
        if (!m_failed.isEmpty()) {
            output.setWarningMessage("Rows that were not registered: " + String.join(", ", m_failed)
                + "; the table of transforms says why.");
        }
    }

    private long bytes(final DataRow row) {
        if (row.getCell(m_fixed).isMissing() || row.getCell(m_moving).isMissing()) {
            return 0;
        }
        final long fixed = ((VolumeValue)row.getCell(m_fixed)).geometry().voxelCount();
        final long moving = ((VolumeValue)row.getCell(m_moving)).geometry().voxelCount();
        return NodeMemory.REGISTRATION.bytes(fixed + moving, Math.max(fixed, moving), 1);
    }

    private Optional<Volume> moved(final DataRow row, final Registration registration, final DataCell[] transform,
        final TaskExecutor workers, final Progress progress) {
        try {
            if (row.getCell(m_fixed).isMissing() || row.getCell(m_moving).isMissing()) {
                throw new ImagingException("The row lacks the "
                    + (row.getCell(m_fixed).isMissing() ? "fixed" : "moving") + " image.");
            }
            final RegistrationResult result = registration.register(
                new FixedImage(registered(row, m_fixed, m_moving, workers), Optional.empty()),
                registered(row, m_moving, m_fixed, workers), workers, progress);
            final Geometry grid = ((VolumeValue)row.getCell(m_fixed)).geometry();
            final Volume moving = ((VolumeValue)row.getCell(m_moving)).volume();
            final double[] m = result.transform().matrix();
            final double[] t = result.transform().translation();
            for (int n = 0; n < 12; n++) {
                transform[n] = new DoubleCell(n < 9 ? m[n] : t[n - 9]);
            }
            transform[12] = new DoubleCell(result.similarity());
            transform[13] = new DoubleCell(result.initialSimilarity());
            return Optional.of(MovedImage.of(moving, result.transform(), grid, lowest(moving), workers));
        } catch (final ImagingException e) {
            m_failed.add(row.getKey().getString());
            transform[transform.length - 1] = new StringCell(e.getMessage());
            return Optional.empty();
        }
    }

    /** An image as it is compared with that of another column. */
    private Volume registered(final DataRow row, final int column, final int other, final TaskExecutor workers) {
        final Volume image = ((VolumeValue)row.getCell(column)).volume();
        return MatchedResolution.of(m_parameters.m_unshaded ? Unshaded.of(image) : image,
            ((VolumeValue)row.getCell(other)).geometry(), workers);
    }

    private static float lowest(final Volume image) {
        float lowest = image.voxels()[0];
        for (final float x : image.voxels()) {
            lowest = Math.min(lowest, x);
        }
        return lowest;
    }
}
