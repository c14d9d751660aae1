package org.scanbridge.knime.nodes.volumenormalizer;

import java.util.Optional;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.StringValue;
import org.knime.core.node.InvalidSettingsException;
import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.normalize.NonFiniteVoxels;
import org.scanbridge.imaging.normalize.Sample;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.util.Columns;

/**
 * Reads images with their sites and masks from the rows of a table.
 *
 * @param image index of the image column
 * @param site index of the site column; -1 if not used, as for the mask
 * @param mask index of the mask column
 * @param replaceNonFinite whether NaN and infinite voxels become 0
 */
record SampleColumns(int image, int site, int mask, boolean replaceNonFinite) {

    /** @throws InvalidSettingsException if a column that is needed is not there */
    static SampleColumns of(final VolumeNormalizerParameters parameters, final DataTableSpec spec)
        throws InvalidSettingsException {
        return new SampleColumns(Columns.index(spec, parameters.m_imageColumn, VolumeValue.class, "Image column"),
            parameters.needsSite()
                ? Columns.index(spec, parameters.m_siteColumn, StringValue.class, "Site column") : -1,
            parameters.needsMask()
                ? Columns.index(spec, parameters.m_maskColumn, LabelVolumeValue.class, "Mask column") : -1,
            parameters.m_replaceNonFinite);
    }

    /** The image of a row that has one; the site that counts is the table's. */
    Sample sample(final DataRow row) {
        final Volume read = ((VolumeValue)row.getCell(image)).volume();
        final Volume volume = replaceNonFinite ? NonFiniteVoxels.replace(read, 0) : read;
        final VolumeInfo info = volume.info();
        return new Sample(site < 0 ? volume : volume.withInfo(new VolumeInfo(info.modality(), Columns.text(row, site),
            info.subject(), info.series(), info.units())), mask(row));
    }

    private Optional<LabelVolume> mask(final DataRow row) {
        if (mask < 0) {
            return Optional.empty();
        }
        problem(row).ifPresent(reason -> {
            throw new ImagingException(reason);
        });
        return Optional.of(((LabelVolumeValue)row.getCell(mask)).labelVolume());
    }

    /** What keeps a row with an image from being used, as far as it can be told without reading voxels. */
    Optional<String> problem(final DataRow row) {
        if (mask < 0) {
            return Optional.empty();
        }
        final DataCell cell = row.getCell(mask);
        if (cell.isMissing()) {
            return Optional.of("It has an image but no mask. Fill the mask column, filter the row out, or choose another"
                + " foreground rule.");
        }
        final Geometry grid = ((VolumeValue)row.getCell(image)).geometry();
        final Geometry other = ((LabelVolumeValue)cell).geometry();
        return other.sameGrid(grid) ? Optional.empty()
            : Optional.of("The mask has " + other + ", the image " + grid.beside(other)
                + ". Resample the mask to the image's grid first.");
    }

    /** Number of voxels of the image of a row; 0 without an image. */
    long voxels(final DataRow row) {
        return row.getCell(image).isMissing() ? 0 : ((VolumeValue)row.getCell(image)).geometry().voxelCount();
    }
}
