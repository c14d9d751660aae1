package org.scanbridge.knime.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpec;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DataType;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.BufferedDataTable;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.knime.data.LabelVolumeCell;
import org.scanbridge.knime.data.VolumeCell;
import org.scanbridge.knime.data.VolumeCellFactory;

/** Tables of hand-made images of 2×2×2 voxels of 1×1×2 mm. */
public final class TinyStudy {

    /** The grid of all images. */
    public static final Geometry GRID = Geometry.axial(new int[]{2, 2, 2}, 1, 1, 2);

    /** The classes of all segmentations. */
    public static final LabelSet LABELS = LabelSet.of(Map.of(1, "CSF", 2, "GM"));

    private TinyStudy() {
    }

    /** One subject; {@code null} stands for a missing cell. */
    public record Subject(String name, String site, float[] image, byte[][] segmentations) {
    }

    /** A subject with an image and segmentations, one per column. */
    public static Subject subject(final String name, final String site, final float[] image,
        final byte[]... segmentations) {
        return new Subject(name, site, image, segmentations);
    }

    /** Eight voxels. */
    public static float[] image(final float... voxels) {
        return voxels;
    }

    /** Eight labels. */
    public static byte[] labels(final int... values) {
        final byte[] bytes = new byte[values.length];
        for (int v = 0; v < values.length; v++) {
            bytes[v] = (byte)values[v];
        }
        return bytes;
    }

    /** A table with the columns Subject, Site, Image and the named segmentation columns. */
    public static BufferedDataTable table(final Bench bench, final List<String> segmentationColumns,
        final Subject... subjects) throws Exception {
        final List<DataColumnSpec> columns = new ArrayList<>();
        columns.add(new DataColumnSpecCreator("Subject", StringCell.TYPE).createSpec());
        columns.add(new DataColumnSpecCreator("Site", StringCell.TYPE).createSpec());
        columns.add(new DataColumnSpecCreator("Image", VolumeCell.TYPE).createSpec());
        segmentationColumns
            .forEach(c -> columns.add(new DataColumnSpecCreator(c, LabelVolumeCell.TYPE).createSpec()));
        final VolumeCellFactory cells = VolumeCellFactory.of(bench.context());
        final List<DataCell[]> rows = new ArrayList<>();
        for (final Subject s : subjects) {
            final List<DataCell> row = new ArrayList<>();
            final VolumeInfo info = new VolumeInfo("MR", s.site == null ? "" : s.site, s.name == null ? "" : s.name,
                s.name + "-T1", "");
            row.add(s.name == null ? DataType.getMissingCell() : new StringCell(s.name));
            row.add(s.site == null ? DataType.getMissingCell() : new StringCell(s.site));
            row.add(s.image == null ? DataType.getMissingCell()
                : cells.create("i" + rows.size(), new Volume(s.image, GRID, info)));
            for (int c = 0; c < segmentationColumns.size(); c++) {
                row.add(c >= s.segmentations.length || s.segmentations[c] == null ? DataType.getMissingCell()
                    : cells.create("l" + rows.size() + "-" + c,
                        new LabelVolume(s.segmentations[c], GRID, info, LABELS)));
            }
            rows.add(row.toArray(DataCell[]::new));
        }
        return bench.table(new DataTableSpec(columns.toArray(org.knime.core.data.DataColumnSpec[]::new)), rows);
    }
}
