package org.scanbridge.knime.nodes.featureharmonization;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpec;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DoubleValue;
import org.knime.core.data.StringValue;
import org.knime.core.data.def.DoubleCell;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.InvalidSettingsException;
import org.scanbridge.imaging.harmonize.ComBatModel;
import org.scanbridge.imaging.harmonize.Covariate;
import org.scanbridge.imaging.harmonize.FeatureRows;
import org.scanbridge.imaging.harmonize.Term;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.NameLists;

/**
 * Where a table has site, features and covariates.
 *
 * @param spec the table
 * @param siteName name of the site's column
 * @param features names
 * @param covariates names
 * @param nominal for each covariate, whether its values are texts
 */
record FeatureColumns(DataTableSpec spec, String siteName, List<String> features, List<String> covariates, List<Boolean> nominal) {

    private static final String HARMONIZED = " harmonized";

    /**
     * A table's rows.
     *
     * @param rows those that have a site and all covariates
     * @param places their places in the table
     * @param incomplete for each row of the table, what it lacks, such as {@code no site in column "Site"}; empty for those that
     *            lack nothing
     * @param missing number of missing features in the rows
     */
    record Read(FeatureRows rows, List<Integer> places, List<String> incomplete, long missing) {
    }

    /** @throws InvalidSettingsException if a column is not there or holds something else */
    static FeatureColumns of(final DataTableSpec spec, final FeatureHarmonizationParameters parameters)
        throws InvalidSettingsException {
        final List<String> covariates = parameters.covariates();
        final List<Boolean> nominal = new ArrayList<>();
        for (final String covariate : covariates) {
            if (covariate.equals(parameters.m_siteColumn)) {
                throw new InvalidSettingsException("\"Covariates\" names the \"Site column\", " + covariate
                    + ". The effect of the site is what is taken out: name other columns.");
            }
            final DataColumnSpec column = spec.getColumnSpec(covariate);
            if (column == null || !isNumber(column) && !column.getType().isCompatible(StringValue.class)) {
                throw unfit(column, covariate, "Covariates", "neither numbers nor texts", "number and text", spec.stream()
                    .filter(c -> isNumber(c) || c.getType().isCompatible(StringValue.class)).map(DataColumnSpec::getName)
                    .filter(n -> !n.equals(parameters.m_siteColumn)).toList());
            }
            nominal.add(!isNumber(column));
        }
        final List<String> features = parameters.features().isEmpty()
            ? Columns.names(spec, DoubleValue.class).stream().filter(n -> !covariates.contains(n)).toList() : parameters.features();
        if (features.isEmpty()) {
            throw new InvalidSettingsException("The table has no number columns to harmonize. Connect a table with features, such as that of"
                + " the Segmentation Statistics.");
        }
        return new FeatureColumns(spec, parameters.m_siteColumn, features, covariates, nominal).in(spec);
    }

    /** The columns of a model. */
    static FeatureColumns of(final DataTableSpec spec, final FeatureHarmonizationParameters parameters, final ComBatModel model)
        throws InvalidSettingsException {
        return new FeatureColumns(spec, parameters.m_siteColumn, List.copyOf(model.features().keySet()),
            model.terms().stream().map(Term::name).toList(), model.terms().stream().map(Term::isNominal).toList()).in(spec);
    }

    /** The same columns in another table. */
    FeatureColumns in(final DataTableSpec table) throws InvalidSettingsException {
        Columns.index(table, siteName, StringValue.class, "Site column");
        for (final String feature : features) {
            number(table, feature, "Features");
        }
        for (int c = 0; c < covariates.size(); c++) {
            if (nominal.get(c)) {
                Columns.index(table, covariates.get(c), StringValue.class, "Covariates");
            } else {
                number(table, covariates.get(c), "Covariates");
            }
        }
        return new FeatureColumns(table, siteName, features, covariates, nominal);
    }

    private static void number(final DataTableSpec table, final String name, final String setting) throws InvalidSettingsException {
        final DataColumnSpec column = table.getColumnSpec(name);
        if (column == null || !isNumber(column)) {
            throw unfit(column, name, setting, "not numbers", "number", Columns.names(table, DoubleValue.class));
        }
    }

    private static boolean isNumber(final DataColumnSpec column) {
        return column.getType().isCompatible(DoubleValue.class);
    }

    /**
     * What is said of a column that a setting cannot name.
     *
     * @param column null if there is none with the name
     * @param not what it does not hold
     * @param kind of the columns that fit
     * @param fitting their names
     */
    private static InvalidSettingsException unfit(final DataColumnSpec column, final String name, final String setting,
        final String not, final String kind, final List<String> fitting) {
        final String comma = column != null ? "" : NameLists.meant(name, fitting).map(n -> "Names are separated by commas there; rename \""
            + n + "\", whose name has one, with the Column Renamer, if that is meant. ").orElse("");
        return new InvalidSettingsException("Column \"" + name + "\" (setting \"" + setting + "\") "
            + (column == null ? "is not in the table" : "holds " + column.getType().getName() + ", " + not) + ". " + comma + "The " + kind
            + " columns are: " + (fitting.isEmpty() ? "none" : String.join(", ", fitting)) + ".");
    }

    /** @throws InvalidSettingsException if a new column is there already */
    DataTableSpec output(final boolean keepOriginals) throws InvalidSettingsException {
        final List<DataColumnSpec> columns = new ArrayList<>();
        for (final DataColumnSpec column : spec) {
            columns.add(keepOriginals || !features.contains(column.getName()) ? column : number(column.getName()));
        }
        for (final String feature : keepOriginals ? features : List.<String> of()) {
            if (spec.containsName(feature + HARMONIZED)) {
                throw new InvalidSettingsException("The table already has a column \"" + feature + HARMONIZED
                    + "\". Rename or remove it first, or switch off \"Keep the original features\".");
            }
            columns.add(number(feature + HARMONIZED));
        }
        return new DataTableSpec(columns.toArray(DataColumnSpec[]::new));
    }

    private static DataColumnSpec number(final String name) {
        return new DataColumnSpecCreator(name, DoubleCell.TYPE).createSpec();
    }

    /** A row of {@link #output}. */
    DataCell[] output(final DataRow row, final DataCell[] harmonized, final boolean keepOriginals) {
        final DataCell[] cells = new DataCell[row.getNumCells() + (keepOriginals ? harmonized.length : 0)];
        for (int c = 0; c < row.getNumCells(); c++) {
            final int feature = features.indexOf(spec.getColumnSpec(c).getName());
            cells[c] = keepOriginals || feature < 0 ? row.getCell(c) : harmonized[feature];
        }
        System.arraycopy(harmonized, 0, cells, row.getNumCells(), cells.length - row.getNumCells());
        return cells;
    }

    /** Reads a table that has these columns. */
    Read read(final BufferedDataTable table) {
        final int site = spec.findColumnIndex(siteName);
        final int[] feature = features.stream().mapToInt(spec::findColumnIndex).toArray();
        final int[] covariate = covariates.stream().mapToInt(spec::findColumnIndex).toArray();
        final List<double[]> values = new ArrayList<>();
        final List<String> sites = new ArrayList<>();
        final List<DataRow> complete = new ArrayList<>();
        final List<Integer> places = new ArrayList<>();
        final List<String> incomplete = new ArrayList<>();
        long missing = 0;
        for (final DataRow row : table) {
            final String lacks = lacks(row, site, covariate);
            if (lacks.isEmpty()) {
                final double[] numbers = Arrays.stream(feature).mapToDouble(f -> value(row.getCell(f))).toArray();
                missing += Arrays.stream(numbers).filter(Double::isNaN).count();
                values.add(numbers);
                sites.add(Columns.text(row, site));
                complete.add(row);
                places.add(incomplete.size());
            }
            incomplete.add(lacks);
        }
        final List<Covariate> kept = new ArrayList<>();
        for (int c = 0; c < covariate.length; c++) {
            final int index = covariate[c];
            kept.add(nominal.get(c)
                ? new Covariate.Nominal(covariates.get(c), complete.stream().map(r -> Columns.text(r, index)).toList())
                : new Covariate.Numeric(covariates.get(c), complete.stream().mapToDouble(r -> value(r.getCell(index))).toArray()));
        }
        return new Read(new FeatureRows(features, values.toArray(double[][]::new), sites, kept), places, incomplete, missing);
    }

    private String lacks(final DataRow row, final int site, final int... covariate) {
        if (Columns.text(row, site).isEmpty()) {
            return "no site in column \"" + siteName + "\"";
        }
        for (int c = 0; c < covariate.length; c++) {
            if (nominal.get(c) ? Columns.text(row, covariate[c]).isEmpty() : !Double.isFinite(value(row.getCell(covariate[c])))) {
                return "no value of the covariate \"" + covariates.get(c) + "\"";
            }
        }
        return "";
    }

    private static double value(final DataCell cell) {
        return cell.isMissing() ? Double.NaN : ((DoubleValue)cell).getDoubleValue();
    }
}
