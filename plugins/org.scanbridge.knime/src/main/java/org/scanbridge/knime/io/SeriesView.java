package org.scanbridge.knime.io;

import java.util.ArrayList;
import java.util.List;

import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.node.BufferedDataTable;
import org.knime.node.DefaultView;
import org.knime.node.DefaultView.RequireViewParameters;
import org.knime.node.DefaultView.ViewInput;
import org.scanbridge.imaging.render.LabelColors;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.StudyTable;

/**
 * The view of the readers: a list of series, and the slices of one with its segmentation on top. The page begins with the
 * list alone; slices follow one by one through {@link SliceService}. The node keeps its image table and its problem table
 * as internal data.
 */
public final class SeriesView {

    private SeriesView() {
    }

    /** A class of a segmentation: label value, name and color as {@code #rrggbb}. */
    public record LabelClass(int value, String name, String color) {
    }

    /**
     * A row of the list.
     *
     * @param size voxels along i, j, k
     * @param spacing mm along i, j, k
     * @param classes classes of the segmentation; empty if it has no names and no labels
     */
    public record Series(String subject, String site, String series, String modality, int[] size, double[] spacing,
        boolean labeled, List<LabelClass> classes) {
    }

    /**
     * What the page begins with.
     *
     * @param executed whether there is anything to show
     * @param problems number of problems found
     */
    public record Start(boolean executed, List<Series> series, long problems) {
    }

    /** Adds the view to a node. */
    public static DefaultView add(final RequireViewParameters view) {
        return view.withoutParameters() //
            .description("A list of the series with site, modality, size and spacing, and the slices of the chosen one."
                + " Scroll through the slices with the mouse wheel or the slider, drag to change brightness and contrast,"
                + " and lay the segmentation over the image.") //
            .page(p -> p.fromFile().bundleClass(SeriesView.class).basePath("web").relativeFilePath("series.html")
                .addResourceFile("series.js").addResourceFile("style.js").addResourceFile("embedder.js")) //
            .initialData(d -> d.data(SeriesView::start)) //
            .dataService(d -> d.handler(SliceService::new));
    }

    static Start start(final ViewInput input) {
        if (input.getInternalPortObjects() == null) {
            return new Start(false, List.of(), 0);
        }
        final BufferedDataTable table = input.getInternalTables()[0];
        final DataTableSpec spec = table.getDataTableSpec();
        final List<Series> series = new ArrayList<>();
        for (final DataRow row : table) {
            final VolumeValue image = (VolumeValue)row.getCell(spec.findColumnIndex(StudyTable.IMAGE));
            final var labels = row.getCell(spec.findColumnIndex(StudyTable.SEGMENTATION));
            final Geometry grid = image.geometry();
            series.add(new Series(text(row, spec, StudyTable.SUBJECT), text(row, spec, StudyTable.SITE),
                text(row, spec, StudyTable.SERIES), text(row, spec, StudyTable.MODALITY), grid.size(), grid.spacing(),
                !labels.isMissing(), labels.isMissing() ? List.of() : classes((LabelVolumeValue)labels)));
        }
        return new Start(true, series, input.getInternalTables()[1].size());
    }

    private static String text(final DataRow row, final DataTableSpec spec, final String column) {
        return Columns.text(row, spec.findColumnIndex(column));
    }

    private static List<LabelClass> classes(final LabelVolumeValue labels) {
        final int last = Math.max(labels.maxLabel(),
            labels.labels().names().isEmpty() ? 0 : labels.labels().names().lastKey());
        final List<LabelClass> classes = new ArrayList<>();
        for (int value = 1; value <= last; value++) {
            if (value <= labels.maxLabel() || labels.labels().names().containsKey(value)) {
                classes.add(new LabelClass(value, labels.labels().name(value),
                    String.format("#%06x", LabelColors.rgb(value) & 0xffffff)));
            }
        }
        return classes;
    }
}
