package org.scanbridge.knime.nodes.volumeresampler;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpec;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DataTableSpecCreator;
import org.knime.core.data.DataType;
import org.knime.core.data.def.DefaultRow;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.BufferedDataContainer;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.ExecutionContext;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.KNIMEException;
import org.knime.node.DefaultModel.ExecuteOutput;
import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.resample.Interpolation;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.knime.data.LabelVolumeCell;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.data.VolumeCell;
import org.scanbridge.knime.data.VolumeCellFactory;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.nodes.volumeresampler.Choices.Grid;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.HeapNeed;
import org.scanbridge.knime.util.KnimeProgress;
import org.scanbridge.knime.util.NodeMemory;
import org.scanbridge.knime.util.RowProblems;

/** One execution of the Volume Resampler; one row is in memory at a time. */
final class Resampling {

    private final VolumeResamplerParameters m_parameters;

    private final DataTableSpec m_spec;

    private final int m_image;

    private final int m_segmentation;

    private final int m_reference;

    private long m_withoutContent;

    private long m_withoutReference;

    private final LostLabels m_lost = new LostLabels();

    private final RowProblems m_problems = new RowProblems("resampled");

    /** @throws InvalidSettingsException if a column is not there */
    Resampling(final VolumeResamplerParameters parameters, final DataTableSpec spec) throws InvalidSettingsException {
        m_parameters = parameters;
        m_spec = spec;
        m_image = parameters.m_content.image()
            ? Columns.index(spec, parameters.m_imageColumn, VolumeValue.class, "Image column") : -1;
        m_segmentation = parameters.m_content.segmentation()
            ? Columns.index(spec, parameters.m_segmentationColumn, LabelVolumeValue.class, "Segmentation column") : -1;
        m_reference = parameters.m_grid == Grid.REFERENCE_COLUMN ? reference(parameters, spec) : -1;
    }

    private static int reference(final VolumeResamplerParameters parameters, final DataTableSpec spec)
        throws InvalidSettingsException {
        final String name = parameters.m_referenceColumn;
        final int index = name == null ? -1 : spec.findColumnIndex(name);
        if (index < 0 || !GridColumns.hasGrid(spec.getColumnSpec(index))) {
            throw new InvalidSettingsException("Column \"" + name + "\" (setting \"Reference column\") is no column with"
                + " images or segmentations. Choose one whose grid is to be taken.");
        }
        return index;
    }

    /**
     * Checks the table at the second input.
     *
     * @param spec null if nothing is connected
     */
    static void checkReference(final VolumeResamplerParameters parameters, final DataTableSpec spec)
        throws InvalidSettingsException {
        if (parameters.m_grid == Grid.REFERENCE_TABLE) {
            if (spec == null) {
                throw new InvalidSettingsException("The grid of the second input is chosen, but nothing is connected"
                    + " there. Connect a table with an image, or choose another grid.");
            }
            if (spec.stream().noneMatch(GridColumns::hasGrid)) {
                throw new InvalidSettingsException("The table at the second input has no column with images or"
                    + " segmentations, so there is no grid to take.");
            }
        }
    }

    /** The output table. */
    DataTableSpec spec() {
        final DataTableSpecCreator table = new DataTableSpecCreator(m_spec);
        DataTableSpec known = m_spec;
        if (!m_parameters.m_replace && m_image >= 0) {
            final DataColumnSpecCreator column = new DataColumnSpecCreator(
                DataTableSpec.getUniqueColumnName(known, m_parameters.m_outputImage.strip()), VolumeCell.TYPE);
            // How its intensities were normalized stays true.
            column.setProperties(m_spec.getColumnSpec(m_image).getProperties());
            table.addColumns(column.createSpec());
            known = table.createSpec();
        }
        if (!m_parameters.m_replace && m_segmentation >= 0) {
            table.addColumns(new DataColumnSpecCreator(
                DataTableSpec.getUniqueColumnName(known, m_parameters.m_outputSegmentation.strip()),
                LabelVolumeCell.TYPE).createSpec());
            known = table.createSpec();
        }
        if (m_segmentation >= 0) {
            table.addColumns(new DataColumnSpecCreator(
                DataTableSpec.getUniqueColumnName(known, LostLabels.COLUMN), StringCell.TYPE).createSpec());
        }
        return table.createSpec();
    }

    /**
     * Resamples a table.
     *
     * @param reference the table at the second input; null if none
     */
    void run(final BufferedDataTable rows, final BufferedDataTable reference, final ExecutionContext exec,
        final ExecuteOutput out) throws IOException, KNIMEException {
        final Optional<Geometry> shared =
            m_parameters.m_grid == Grid.REFERENCE_TABLE ? Optional.of(firstGrid(reference)) : Optional.empty();
        HeapNeed.ofRows(rows, row -> bytes(row, shared)).require();
        final Progress progress = new KnimeProgress(exec);
        final VolumeCellFactory cells = VolumeCellFactory.of(exec);
        final BufferedDataContainer result = exec.createDataContainer(spec());
        for (final DataRow row : rows) {
            progress.report((double)result.size() / rows.size(),
                "Resampling row " + (result.size() + 1) + " of " + rows.size());
            result.addRowToTable(row(row, shared, cells, result.size()));
        }
        result.close();
        m_problems.requireAny(rows.size() - m_withoutContent - m_withoutReference - m_problems.count());
        out.setOutData(0, result.getTable());
        out.setInternalData(result.getTable());
        final List<String> warnings = new ArrayList<>();
        if (rows.size() == 0) {
            warnings.add("The input table has no rows; nothing was resampled.");
        } else if (m_withoutContent + m_withoutReference > 0) {
            warnings.add(m_withoutContent + " of " + rows.size() + " rows have nothing to resample and "
                + m_withoutReference + " no reference grid; they get missing cells.");
        }
        m_problems.warning(rows.size()).ifPresent(warnings::add);
        m_lost.warning(rows.size(), m_parameters.m_keepParts).ifPresent(warnings::add);
        if (!warnings.isEmpty()) {
            out.setWarningMessage(String.join("\n", warnings));
        }
    }

    private static Geometry firstGrid(final BufferedDataTable table) {
        final DataTableSpec spec = table.getDataTableSpec();
        for (final DataRow row : table) {
            for (int c = 0; c < spec.getNumColumns(); c++) {
                final DataColumnSpec column = spec.getColumnSpec(c);
                if (GridColumns.hasGrid(column) && !row.getCell(c).isMissing()) {
                    return grid(row.getCell(c));
                }
            }
        }
        throw new ImagingException("The table at the second input has no image or segmentation, so there is no grid to"
            + " take. Look whether a filter before it removed everything.");
    }

    private static Geometry grid(final DataCell cell) {
        return cell instanceof VolumeValue image ? image.geometry() : ((LabelVolumeValue)cell).geometry();
    }

    private DataRow row(final DataRow row, final Optional<Geometry> shared, final VolumeCellFactory cells,
        final long number) throws IOException {
        // The image decides about the grid, so a row without its image has nothing to resample.
        final int leading = m_image >= 0 ? m_image : m_segmentation;
        DataCell image = DataType.getMissingCell();
        DataCell labels = DataType.getMissingCell();
        DataCell lost = DataType.getMissingCell();
        if (row.getCell(leading).isMissing()) {
            m_withoutContent++;
        } else if (m_reference >= 0 && row.getCell(m_reference).isMissing()) {
            m_withoutReference++;
        } else {
            try {
                final Regridding result = regridded(row, target(row, shared));
                if (result.image().isPresent()) {
                    image = cells.create("resampled-" + number, result.image().get());
                }
                if (result.labels().isPresent()) {
                    labels = cells.create("resampled-labels-" + number, result.labels().get());
                    lost = Columns.text(
                        m_lost.add(row.getKey().getString(), result.labels().get().labels(), result.losses()));
                }
            } catch (final IllegalArgumentException e) {
                image = m_problems.add(row.getKey().getString(), e.getMessage());
                labels = image;
                lost = image;
            }
        }
        return row(row, image, labels, lost);
    }

    private Optional<Geometry> target(final DataRow row, final Optional<Geometry> shared) {
        return m_reference >= 0 ? Optional.of(grid(row.getCell(m_reference))) : shared;
    }

    private Regridding regridded(final DataRow row, final Optional<Geometry> target) {
        final Regridding regridding = new Regridding(m_parameters,
            m_image < 0 ? Optional.empty() : Optional.of(((VolumeValue)row.getCell(m_image)).volume()),
            m_segmentation < 0 || row.getCell(m_segmentation).isMissing() ? Optional.empty()
                : Optional.of(((LabelVolumeValue)row.getCell(m_segmentation)).labelVolume()));
        target.ifPresentOrElse(regridding::toReference, regridding::toOwnGrid);
        return regridding;
    }

    /** What a row takes of Java's heap at least: of what is cropped to its content, the content counts as nothing. */
    private long bytes(final DataRow row, final Optional<Geometry> shared) {
        final int leading = m_image >= 0 ? m_image : m_segmentation;
        if (row.getCell(leading).isMissing() || m_reference >= 0 && row.getCell(m_reference).isMissing()) {
            return 0;
        }
        final Geometry from = grid(row.getCell(leading));
        final Optional<Geometry> target = target(row, shared);
        final long result;
        try {
            result = target.map(g -> (long)g.voxelCount()).orElseGet(() -> Regridding.voxels(m_parameters, from));
        } catch (final IllegalArgumentException e) {
            // a grid that is impossible is the row's problem
            return 0;
        }
        final boolean labeled = m_segmentation >= 0 && !row.getCell(m_segmentation).isMissing();
        final long image = m_image >= 0 ? from.voxelCount() : 0;
        final boolean cubic = m_parameters.m_interpolation.interpolation() == Interpolation.CUBIC;
        final boolean oblique = cubic && target.isPresent() && !isParallel(from, target.get());
        return NodeMemory.RESAMPLER.bytes(image, image == 0 ? 0 : result, cubic ? image : 0, oblique ? image : 0,
            labeled ? grid(row.getCell(m_segmentation)).voxelCount() : 0, labeled ? result : 0);
    }

    /** Whether the axes of two grids are the same. */
    private static boolean isParallel(final Geometry a, final Geometry b) {
        final double[] x = a.direction();
        final double[] y = b.direction();
        for (int d = 0; d < x.length; d++) {
            if (Math.abs(x[d] - y[d]) > 1e-6) {
                return false;
            }
        }
        return true;
    }

    private DataRow row(final DataRow row, final DataCell image, final DataCell labels,
        final DataCell lost) {
        final List<DataCell> cells = new ArrayList<>();
        for (int c = 0; c < row.getNumCells(); c++) {
            cells.add(m_parameters.m_replace && c == m_image ? image
                : m_parameters.m_replace && c == m_segmentation ? labels : row.getCell(c));
        }
        if (!m_parameters.m_replace && m_image >= 0) {
            cells.add(image);
        }
        if (!m_parameters.m_replace && m_segmentation >= 0) {
            cells.add(labels);
        }
        if (m_segmentation >= 0) {
            cells.add(lost);
        }
        return new DefaultRow(row.getKey(), cells.toArray(DataCell[]::new));
    }
}
