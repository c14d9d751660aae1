package org.scanbridge.knime.nodes.intensitydivergencescorer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DoubleValue;
import org.knime.core.node.BufferedDataTable;
import org.knime.node.DefaultView.ViewInput;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.StudyTable;

/**
 * What the view shows: the divergences, and the histogram of each image column, class and site as a curve.
 *
 * @param executed whether there is anything to show
 * @param unit nats or bits
 * @param divergences one per image column and class
 * @param curves in the order of the histogram table
 */
record DivergenceView(boolean executed, String unit, List<Row> divergences, List<Curve> curves) {

    /**
     * A divergence.
     *
     * @param image the image column
     * @param description how it was normalized
     * @param className class, or overall
     * @param jsd the divergence; null if missing
     * @param bound its largest possible value
     */
    record Row(String image, String description, String className, Double jsd, Double bound) {
    }

    /**
     * A histogram.
     *
     * @param image the image column
     * @param className class, or overall
     * @param site the site
     * @param first center of the first bin
     * @param last center of the last bin
     * @param densities of all bins
     */
    record Curve(String image, String className, String site, double first, double last, List<Double> densities) {
    }

    private record Key(String image, String className, String site) {
    }

    /** Reads the tables that the execution left for the view. */
    static DivergenceView of(final ViewInput input) {
        if (input.getInternalPortObjects() == null) {
            return new DivergenceView(false, "", List.of(), List.of());
        }
        final BufferedDataTable[] tables = input.getInternalTables();
        String unit = "";
        final List<Row> divergences = new ArrayList<>();
        final DataTableSpec spec = tables[0].getDataTableSpec();
        for (final DataRow row : tables[0]) {
            unit = text(spec, row, "Unit");
            divergences.add(new Row(text(spec, row, "Normalization"), text(spec, row, "Description"),
                text(spec, row, "Class"), number(spec, row, "JSD"), number(spec, row, "Bound")));
        }
        return new DivergenceView(true, unit, divergences, curves(tables[1]));
    }

    private static List<Curve> curves(final BufferedDataTable table) {
        final DataTableSpec spec = table.getDataTableSpec();
        final Map<Key, List<double[]>> points = new LinkedHashMap<>();
        for (final DataRow row : table) {
            points
                .computeIfAbsent(new Key(text(spec, row, "Normalization"), text(spec, row, "Class"),
                    text(spec, row, StudyTable.SITE)), k -> new ArrayList<>())
                .add(new double[]{number(spec, row, "Bin Center"), number(spec, row, "Density")});
        }
        final List<Curve> curves = new ArrayList<>();
        points.forEach((key, bins) -> curves.add(new Curve(key.image, key.className, key.site, bins.get(0)[0],
            bins.get(bins.size() - 1)[0], bins.stream().map(bin -> bin[1]).toList())));
        return curves;
    }

    private static String text(final DataTableSpec spec, final DataRow row, final String column) {
        return Columns.text(row, spec.findColumnIndex(column));
    }

    private static Double number(final DataTableSpec spec, final DataRow row, final String column) {
        final DataCell cell = row.getCell(spec.findColumnIndex(column));
        return cell.isMissing() ? null : ((DoubleValue)cell).getDoubleValue();
    }
}
