package org.scanbridge.knime.nodes.featureharmonization;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.StringValue;
import org.knime.core.data.def.DefaultRow;
import org.knime.core.data.def.DoubleCell;
import org.knime.core.node.BufferedDataContainer;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.ExecutionContext;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.KNIMEException;
import org.knime.node.DefaultModel.ExecuteOutput;
import org.scanbridge.imaging.harmonize.ComBat;
import org.scanbridge.imaging.harmonize.ComBatModel;
import org.scanbridge.imaging.harmonize.FeatureRows;
import org.scanbridge.imaging.harmonize.Priors;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.KnimeProgress;
import org.scanbridge.knime.util.RowProblems;

/** One execution of Feature Harmonization. */
final class Harmonizing {

    /** Below so many features, estimates of the others say little of one that is left out. */
    private static final int FEW_FEATURES = 20;

    private final FeatureHarmonizationParameters m_parameters;

    private final BufferedDataTable m_table;

    private final RowProblems m_problems = new RowProblems("harmonized");

    private final List<String> m_warnings = new ArrayList<>();

    Harmonizing(final FeatureHarmonizationParameters parameters, final BufferedDataTable table) {
        m_parameters = parameters;
        m_table = table;
    }

    /**
     * Fills the outputs.
     *
     * @param fitOn rows to learn from; null for those of the table
     * @param given a model; null to learn one
     */
    void run(final BufferedDataTable fitOn, final BufferedDataTable given, final ExecutionContext exec, final ExecuteOutput out)
        throws InvalidSettingsException, KNIMEException {
        if (m_table.size() == 0 && given == null && (fitOn == null || fitOn.size() == 0)) {
            pass(exec, out);
            return;
        }
        final ComBatModel known = given == null ? null : ModelTable.read(given);
        final FeatureColumns columns = known == null ? FeatureColumns.of(m_table.getDataTableSpec(), m_parameters)
            : FeatureColumns.of(m_table.getDataTableSpec(), m_parameters, known);
        final FeatureColumns.Read read = columns.read(m_table);
        if (m_table.size() == 0) {
            m_warnings.add("The input table has no rows; nothing was harmonized.");
        } else {
            requireComplete(read, m_table.size() + " rows", known == null);
        }
        final ComBatModel model = known != null ? known : learn(columns, fitOn, read);
        final double[][] harmonized = model.apply(read.rows());
        final BufferedDataContainer rows = exec.createDataContainer(columns.output(m_parameters.m_keepOriginals));
        write(columns, read, harmonized, rows);
        rows.close();
        out.setOutData(0, rows.getTable());
        out.setOutData(1, ModelTable.write(model, exec));
        out.setOutData(2, test(read, harmonized, known == null && fitOn == null, exec));
        m_problems.warning(m_table.size()).ifPresent(w -> m_warnings.add(0, w));
        if (read.missing() > 0) {
            m_warnings.add(read.missing() + " values of features are missing, and stay so.");
        }
        if (!m_warnings.isEmpty()) {
            out.setWarningMessage(String.join(" ", m_warnings));
        }
    }

    /** Neither rows to harmonize nor rows to learn from. */
    private void pass(final ExecutionContext exec, final ExecuteOutput out) throws InvalidSettingsException {
        final DataTableSpec harmonized =
            FeatureColumns.of(m_table.getDataTableSpec(), m_parameters).output(m_parameters.m_keepOriginals);
        int port = 0;
        for (final DataTableSpec spec : List.of(harmonized, ModelTable.SPEC, SiteTestTable.SPEC)) {
            final BufferedDataContainer none = exec.createDataContainer(spec);
            none.close();
            out.setOutData(port++, none.getTable());
        }
        out.setWarningMessage("The input table has no rows; nothing was harmonized, and the model is empty.");
    }

    /**
     * @param rows which rows these are, for the message
     * @param chosen whether the settings say which covariates there are, not a model
     * @throws KNIMEException if no row has a site and all covariates
     */
    private void requireComplete(final FeatureColumns.Read read, final String rows, final boolean chosen) throws KNIMEException {
        if (!read.places().isEmpty()) {
            return;
        }
        final Map<String, Integer> lacks = new LinkedHashMap<>();
        read.incomplete().forEach(l -> lacks.merge(l, 1, Integer::sum));
        throw new KNIMEException("None of " + rows + " has a site and all covariates: "
            + lacks.entrySet().stream().map(e -> e.getKey() + " (" + e.getValue() + " rows)").collect(Collectors.joining(", "))
            + ". Fill the columns, for instance with the Missing Value node, or choose others in \"Site column\""
            + (chosen ? " and \"Covariates\"." : "."));
    }

    private ComBatModel learn(final FeatureColumns columns, final BufferedDataTable fitOn, final FeatureColumns.Read own)
        throws InvalidSettingsException, KNIMEException {
        if (fitOn != null && fitOn.size() == 0) {
            throw new KNIMEException("The second input, \"Fit on\", has no rows to learn from. Look why the nodes before it give none, or"
                + " disconnect it to learn from the rows of the first input.");
        }
        final FeatureColumns.Read read = fitOn == null ? own : columns.in(fitOn.getDataTableSpec()).read(fitOn);
        if (fitOn != null) {
            requireComplete(read, fitOn.size() + " rows to fit on", true);
        }
        final long left = read.incomplete().stream().filter(l -> !l.isEmpty()).count();
        if (fitOn != null && left > 0) {
            m_warnings.add(left + " of " + fitOn.size() + " rows to fit on have no site or covariate, and were left out.");
        }
        final ComBatModel model = new ComBat(m_parameters.priors(), m_parameters.reference()).fit(read.rows());
        if (model.sites().size() == 1) {
            m_warnings.add("All rows are of one site, " + model.sites().get(0) + ", so nothing was changed.");
        } else if (m_parameters.priors() == Priors.NON_PARAMETRIC && columns.features().size() < FEW_FEATURES) {
            m_warnings.add("\"Priors\" is \"Non-parametric\" with " + columns.features().size() + " features, fewer than " + FEW_FEATURES
                + ". Each gets what the sites do to the other features, never its own estimate, so differences between sites may"
                + " remain or grow. Choose \"Parametric\", or \"None\".");
        }
        return model;
    }

    private void write(final FeatureColumns columns, final FeatureColumns.Read read, final double[][] harmonized,
        final BufferedDataContainer rows) {
        int next = 0;
        int place = 0;
        for (final DataRow row : m_table) {
            final DataCell[] cells = new DataCell[columns.features().size()];
            final String lacks = read.incomplete().get(place++);
            if (lacks.isEmpty()) {
                for (int f = 0; f < cells.length; f++) {
                    // what is missing keeps its reason
                    cells[f] = Double.isNaN(read.rows().values()[next][f])
                        ? row.getCell(m_table.getDataTableSpec().findColumnIndex(columns.features().get(f)))
                        : new DoubleCell(harmonized[next][f]);
                }
                next++;
            } else {
                Arrays.fill(cells, m_problems.add(row.getKey().getString(), "It has " + lacks + "."));
            }
            rows.addRowToTable(new DefaultRow(row.getKey(), columns.output(row, cells, m_parameters.m_keepOriginals)));
        }
    }

    private BufferedDataTable test(final FeatureColumns.Read read, final double[][] harmonized, final boolean refit,
        final ExecutionContext exec) throws InvalidSettingsException {
        final int[] complete = SiteTestTable.complete(read.rows().values());
        final FeatureRows rows = read.rows().rows(complete);
        final String left = complete.length == m_table.size() ? ""
            : (m_table.size() - complete.length) + " rows with missing values were left out.";
        final int subject =
            Columns.optionalIndex(m_table.getDataTableSpec(), m_parameters.m_subjectColumn, StringValue.class, "Subject column");
        final String remark = subject < 0 ? ("Every row counts as a subject of its own. " + left).strip() : left;
        final SiteTestTable table = new SiteTestTable(m_parameters, rows, subjects(read, complete, subject), remark, exec);
        if (m_parameters.m_siteTest && m_table.size() > 0) {
            table.run(Arrays.stream(complete).mapToObj(r -> harmonized[r]).toArray(double[][]::new), refit, new KnimeProgress(exec));
        }
        return table.close();
    }

    /** A row without a subject is one of its own. */
    private List<String> subjects(final FeatureColumns.Read read, final int[] complete, final int subject) {
        final List<String> all = new ArrayList<>();
        for (final DataRow row : m_table) {
            final String name = Columns.text(row, subject);
            all.add(name.isBlank() ? "row " + row.getKey().getString() : name);
        }
        return Arrays.stream(complete).mapToObj(r -> all.get(read.places().get(r))).toList();
    }
}
