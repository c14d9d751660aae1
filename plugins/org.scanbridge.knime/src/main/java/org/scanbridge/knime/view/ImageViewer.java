package org.scanbridge.knime.view;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.webui.page.FromFilePage;
import org.knime.node.DefaultView;
import org.knime.node.DefaultView.RequireViewParameters;
import org.knime.node.DefaultView.ViewInput;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.data.VolumeValue;

/**
 * The view of every node whose table holds images: a list of the rows, and the slices of one in three planes, all its images and
 * segmentations side by side. The page begins with the list alone; what a row holds and its slices follow through
 * {@link SliceService}. The node keeps the table as its first internal object.
 */
public final class ImageViewer {

    /** Scripts that a page with the viewer needs. */
    private static final List<String> SCRIPTS = List.of("viewer.js", "slice-flow.js", "patient-space.js", "slice-paint.js",
        "plots.js", "style.js", "embedder.js");

    private static final String KEYS = " Scroll with the mouse wheel, drag to change window center and width, click to move the"
        + " cross-hair; the arrow keys, Page Up, Page Down, Home and End scroll too, + and − zoom, and ? lists all keys.";

    private ImageViewer() {
    }

    /**
     * A row of the list.
     *
     * @param size voxels along i, j, k of the first image; empty if the row has none
     * @param spacing likewise mm
     * @param labels names of the columns that hold a segmentation in this row
     */
    public record Row(String name, String subject, String site, String series, String modality, int[] size, double[] spacing,
        List<String> labels) {
    }

    /**
     * A column that can be looked at.
     *
     * @param image whether it holds images, not segmentations
     */
    public record Column(String name, boolean image) {
    }

    /**
     * What the page begins with.
     *
     * @param executed whether there is anything to show
     * @param note what is to be said about the list; empty if nothing is
     */
    public record Start(boolean executed, List<Column> columns, List<Row> rows, String note) {
    }

    /** Adds the view to a node whose first internal object is the table to be looked at. */
    public static DefaultView add(final RequireViewParameters view, final String description) {
        return add(view, description, input -> 0);
    }

    /**
     * Adds the view to a node whose first internal object is the table to be looked at.
     *
     * @param description what is seen, without the keys
     * @param problems the number of problems that the node found, if it has a table of them
     */
    public static DefaultView add(final RequireViewParameters view, final String description,
        final ToLongFunction<ViewInput> problems) {
        return view.withoutParameters() //
            .description(description + KEYS) //
            .page(p -> resources(p.fromFile().bundleClass(ImageViewer.class).basePath("web")
                .relativeFilePath("images.html")).addResourceFile("images.js")) //
            .initialData(d -> d.data(input -> start(input, 0, problems))) //
            .dataService(d -> d.handler(input -> new SliceService(input, 0)));
    }

    /** Adds the scripts of the viewer to a page that shows more than it. */
    public static FromFilePage resources(final FromFilePage page) {
        FromFilePage with = page;
        for (final String script : SCRIPTS) {
            with = with.addResourceFile(script);
        }
        return with;
    }

    /**
     * The list of rows.
     *
     * @param table which internal table
     * @param problems the number of problems that the node found
     */
    public static Start start(final ViewInput input, final int table, final ToLongFunction<ViewInput> problems) {
        final ViewedTable viewed = new ViewedTable(input, table);
        if (!viewed.executed()) {
            return new Start(false, List.of(), List.of(), "");
        }
        final DataTableSpec spec = viewed.table().getDataTableSpec();
        final List<Column> columns = ViewedTable.columns(spec).stream()
            .map(c -> new Column(spec.getColumnSpec(c).getName(), ViewedTable.isImage(spec.getColumnSpec(c)))).toList();
        final List<Row> rows = new ArrayList<>();
        for (final DataRow row : viewed.table()) {
            rows.add(row(spec, row));
        }
        final long found = problems.applyAsLong(input);
        return new Start(true, columns, rows,
            found == 0 ? "" : found + (found == 1 ? " problem" : " problems") + ", see the second output");
    }

    private static Row row(final DataTableSpec spec, final DataRow row) {
        final ViewedTable.Names names = ViewedTable.names(spec, row);
        Geometry grid = null;
        final List<String> labels = new ArrayList<>();
        for (final int c : ViewedTable.columns(spec)) {
            final DataCell cell = row.getCell(c);
            if (cell instanceof LabelVolumeValue l) {
                labels.add(spec.getColumnSpec(c).getName());
                grid = grid == null ? l.geometry() : grid;
            } else if (cell instanceof VolumeValue v) {
                grid = grid == null || labels.size() > 0 ? v.geometry() : grid;
            }
        }
        return new Row(names.name(), names.subject(), names.site(), names.series(), names.modality(),
            grid == null ? new int[0] : grid.size(), grid == null ? new double[0] : grid.spacing(), labels);
    }
}
