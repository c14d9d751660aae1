package org.scanbridge.knime.learn;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DataType;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.BufferedDataTable;
import org.scanbridge.imaging.phantom.PhantomStudy;
import org.scanbridge.imaging.phantom.SiteProtocols;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.knime.data.LabelVolumeCell;
import org.scanbridge.knime.data.VolumeCell;
import org.scanbridge.knime.data.VolumeCellFactory;
import org.scanbridge.knime.testing.Bench;

/** A tiny two-site study as KNIME tables. */
public final class TestStudy {

    /** A row to be. */
    public record Row(String subject, String site, Volume image, LabelVolume segmentation) {
    }

    private static final int SIZE = 24;

    private static final DataTableSpec SPEC = new DataTableSpec(
        new DataColumnSpecCreator("Subject", StringCell.TYPE).createSpec(),
        new DataColumnSpecCreator("Site", StringCell.TYPE).createSpec(),
        new DataColumnSpecCreator("Image", VolumeCell.TYPE).createSpec(),
        new DataColumnSpecCreator("Segmentation", LabelVolumeCell.TYPE).createSpec());

    private final Bench m_bench;

    private final PhantomStudy m_phantoms = new PhantomStudy(SiteProtocols.defaultStudy(), SIZE, 7);

    /** @param bench makes the tables */
    public TestStudy(final Bench bench) {
        m_bench = bench;
    }

    /** Phantom subjects {@code from} to {@code to} (exclusive) of site 0 or 1. */
    public List<Row> rows(final int site, final int from, final int to) {
        final List<Row> rows = new ArrayList<>();
        for (int n = from; n < to; n++) {
            final PhantomStudy.Subject subject = m_phantoms.subject(site, n);
            rows.add(new Row(subject.image().info().subject(), subject.image().info().site(), subject.image(),
                subject.labels()));
        }
        return rows;
    }

    /** A table with columns Subject, Site, Image, Segmentation; null images and segmentations become missing cells. */
    public BufferedDataTable table(final List<Row> rows) throws IOException {
        final VolumeCellFactory cells = VolumeCellFactory.of(m_bench.context());
        final List<DataCell[]> cellRows = new ArrayList<>();
        for (final Row row : rows) {
            final int n = cellRows.size();
            cellRows.add(new DataCell[]{new StringCell(row.subject), new StringCell(row.site),
                row.image == null ? DataType.getMissingCell() : cells.create("image" + n, row.image),
                row.segmentation == null ? DataType.getMissingCell() : cells.create("labels" + n, row.segmentation)});
        }
        return m_bench.table(SPEC, cellRows);
    }
}
