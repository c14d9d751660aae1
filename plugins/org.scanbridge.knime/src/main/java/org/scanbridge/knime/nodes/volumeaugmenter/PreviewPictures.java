package org.scanbridge.knime.nodes.volumeaugmenter;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.knime.core.data.DataColumnSpec;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.RowKey;
import org.knime.core.data.StringValue;
import org.knime.core.data.def.DefaultRow;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.BufferedDataContainer;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.ExecutionContext;
import org.knime.node.DefaultView.ViewInput;
import org.scanbridge.imaging.augment.LabeledVolume;
import org.scanbridge.imaging.render.IntensityWindow;
import org.scanbridge.imaging.render.Plane;
import org.scanbridge.imaging.render.SliceRenderer;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.knime.view.ImageViewer;

/** The middle slices of some originals and copies, painted while they are in memory, for the view. */
final class PreviewPictures {

    /** How many pictures the view shows. */
    static final int COUNT = 12;

    /** Which internal table of the node holds the augmented images. */
    static final int IMAGES = 1;

    private static final int PIXELS = 220;

    private static final DataTableSpec SPEC =
        new DataTableSpec(text("Title"), text("Image"), text("With Segmentation"), text("Drawn"));

    private final List<String[]> m_rows = new ArrayList<>();

    private static DataColumnSpec text(final String name) {
        return new DataColumnSpecCreator(name, StringCell.TYPE).createSpec();
    }

    boolean isFull() {
        return m_rows.size() >= COUNT;
    }

    /**
     * Paints one, unless there are enough.
     *
     * @param window the original's, so that changes of brightness show
     * @param drawn the drawn parameters; empty for an original
     */
    void add(final String title, final LabeledVolume shown, final IntensityWindow window,
        final Map<String, Double> drawn) {
        if (isFull()) {
            return;
        }
        final StringBuilder lines = new StringBuilder();
        drawn.forEach((name, value) -> lines.append(name).append('\t').append(value).append('\n'));
        m_rows.add(new String[]{title, png(shown.image(), Optional.empty(), window),
            shown.labels().isEmpty() ? "" : png(shown.image(), shown.labels(), window), lines.toString()});
    }

    static IntensityWindow window(final Volume image) {
        return IntensityWindow.percentiles(image, 1, 99.5);
    }

    private static String png(final Volume image, final Optional<LabelVolume> labels, final IntensityWindow window) {
        final SliceRenderer renderer = new SliceRenderer(plane(image.geometry()), PIXELS, PIXELS, 0.4);
        return Base64.getEncoder().encodeToString(SliceRenderer
            .png(renderer.render(image, labels, renderer.middle(image.geometry()), window)));
    }

    /** Axial; the plane of the image itself if it is a single slice. */
    private static Plane plane(final Geometry grid) {
        if (grid.size(2) == 1) {
            for (final Plane plane : Plane.values()) {
                if (new SliceRenderer(plane, PIXELS, PIXELS, 0).slices(grid) == 1) {
                    return plane;
                }
            }
        }
        return Plane.AXIAL;
    }

    /** What the view keeps. */
    BufferedDataTable table(final ExecutionContext exec) {
        final BufferedDataContainer container = exec.createDataContainer(SPEC);
        for (final String[] row : m_rows) {
            container.addRowToTable(new DefaultRow(RowKey.createRowKey(container.size()), new StringCell(row[0]),
                new StringCell(row[1]), new StringCell(row[2]), new StringCell(row[3])));
        }
        container.close();
        return container.getTable();
    }

    /**
     * A drawn parameter.
     *
     * @param name with unit
     * @param value as drawn
     */
    record Drawn(String name, double value) {
    }

    /**
     * A picture.
     *
     * @param title which row and copy
     * @param image PNG in base 64
     * @param labeled the same with the segmentation on top; empty without
     * @param drawn the drawn parameters
     */
    record Picture(String title, String image, String labeled, List<Drawn> drawn) {
    }

    /**
     * What the view shows.
     *
     * @param executed whether there is anything to show
     * @param pictures the pictures
     * @param images all rows, for the Image Viewer; null if the node was executed by a version that kept none
     */
    record Preview(boolean executed, List<Picture> pictures, ImageViewer.Start images) {
    }

    /** The initial data of the view. */
    static Preview of(final ViewInput input) {
        if (input.getInternalPortObjects() == null) {
            return new Preview(false, List.of(), null);
        }
        final List<Picture> pictures = new ArrayList<>();
        for (final DataRow row : input.getInternalTables()[0]) {
            pictures.add(new Picture(text(row, 0), text(row, 1), text(row, 2), text(row, 3).lines()
                .map(line -> line.split("\t")).map(d -> new Drawn(d[0], Double.parseDouble(d[1]))).toList()));
        }
        return new Preview(true, pictures,
            input.getInternalPortObjects().length > IMAGES ? ImageViewer.start(input, IMAGES, i -> 0) : null);
    }

    private static String text(final DataRow row, final int column) {
        return ((StringValue)row.getCell(column)).getStringValue();
    }
}
