package org.scanbridge.knime.nodes.featureharmonization;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpec;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DataTableSpecCreator;
import org.knime.core.data.DataType;
import org.knime.core.data.DoubleValue;
import org.knime.core.data.MissingCell;
import org.knime.core.data.StringValue;
import org.knime.core.data.def.DoubleCell;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.BufferedDataTable;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.knime.data.VolumeCell;
import org.scanbridge.knime.testing.Bench;
import org.scanbridge.knime.testing.Bench.Result;

class FeatureHarmonizationNodeTest {

    private static final DataTableSpec SPEC = new DataTableSpec(column("Subject", StringCell.TYPE), column("Site", StringCell.TYPE),
        column("Age", DoubleCell.TYPE), column("Sex", StringCell.TYPE), column("x1", DoubleCell.TYPE), column("x2", DoubleCell.TYPE));

    /** The first rows of each site, age, sex and two features, from the table of ComBatTest. */
    private static final String ROWS = """
            A,67,F,419.355,2.418
            A,24,M,499.787,1.235
            A,45,M,489.923,1.258
            A,74,F,357.678,1.417
            A,23,F,452.865,3.055
            A,39,F,458.619,2.217
            B,43,M,481.671,1.883
            B,59,F,427.526,1.193
            B,48,F,402.843,1.585
            B,77,M,424.017,0.372
            B,34,F,361.235,2.986
            """;

    /**
     * neuroCombat 0.2.12 without empirical Bayes, sex and age as covariates (each feature by itself), of x1 and x2, computed
     * once with NumPy 1.26.4.
     */
    private static final double[][] EXPECTED = {{410.2503300, 2.418145391},
        {487.6599108, 1.155277187},
        {479.1548565, 1.212368397},
        {341.9870490, 1.364627324},
        {442.4612904, 3.027111303},
        {450.8504137, 2.160902738},
        {491.0163675, 1.794462915},
        {430.9457304, 1.385081911},
        {415.0240037, 1.750198947},
        {439.1045621, 0.432473373},
        {387.0644858, 2.918350513}};

    @TempDir
    Path m_folder;

    private Bench m_bench;

    @BeforeEach
    void open() throws Exception {
        m_bench = new Bench(m_folder);
    }

    @AfterEach
    void close() {
        m_bench.close();
    }

    private static DataColumnSpec column(final String name, final DataType type) {
        return new DataColumnSpecCreator(name, type).createSpec();
    }

    private static List<DataCell[]> cells() {
        final List<DataCell[]> rows = new ArrayList<>();
        for (final String line : ROWS.lines().toList()) {
            final String[] t = line.split(",");
            rows.add(new DataCell[]{new StringCell("s" + rows.size()), new StringCell(t[0]), number(Double.parseDouble(t[1])),
                new StringCell(t[2]), number(Double.parseDouble(t[3])), number(Double.parseDouble(t[4]))});
        }
        return rows;
    }

    private static DataCell number(final double value) {
        return new DoubleCell(value);
    }

    private BufferedDataTable table() {
        return m_bench.table(SPEC, cells());
    }

    private Result run(final Bench.Change change, final BufferedDataTable... tables) throws Exception {
        return m_bench.run(new FeatureHarmonizationNodeFactory(), s -> {
            s.addString("priors", "NONE");
            s.addString("covariates", "Sex, Age");
            s.addInt("permutations", 9);
            s.addInt("folds", 3);
            change.apply(s);
        }, tables[0], tables.length > 1 ? tables[1] : null, tables.length > 2 ? tables[2] : null);
    }

    private Result run(final BufferedDataTable table) throws Exception {
        return run(s -> {
        }, table);
    }

    private static double value(final Result result, final int row, final int column) {
        return ((DoubleValue)result.rows(0).get(row).getCell(column)).getDoubleValue();
    }

    @Test
    void harmonizesInPlaceAndKeepsCovariates() throws Exception {
        final Result result = run(table());
        assertTrue(SPEC.equalStructure(result.table(0).getDataTableSpec()));
        for (int r = 0; r < EXPECTED.length; r++) {
            assertEquals(EXPECTED[r][0], value(result, r, 4), 1e-6);
            assertEquals(EXPECTED[r][1], value(result, r, 5), 1e-8);
            assertEquals(cells().get(r)[2], result.rows(0).get(r).getCell(2));
        }
        final Result kept = run(s -> s.addBoolean("keepOriginals", true), table());
        assertEquals("x2 harmonized", kept.table(0).getDataTableSpec().getColumnSpec(7).getName());
        assertEquals(419.355, value(kept, 0, 4));
        assertEquals(EXPECTED[0][0], value(kept, 0, 6), 1e-6);
    }

    /** A model of a table is the same model, to the last bit, and works on rows one by one. */
    @Test
    void theModelIsAppliedToNewRows() throws Exception {
        final Result learned = run(table());
        for (int r = 0; r < EXPECTED.length; r++) {
            final Result applied = run(s -> s.addString("covariates", ""), m_bench.table(SPEC, cells().subList(r, r + 1)), null,
                learned.table(1));
            assertEquals(value(learned, r, 4), value(applied, 0, 4));
            assertEquals(value(learned, r, 5), value(applied, 0, 5));
            assertEquals(learned.rows(1).size(), applied.rows(1).size());
        }
        final List<DataCell[]> unknown = cells().subList(0, 1);
        unknown.get(0)[1] = new StringCell("Z");
        refused("not fitted to site Z; it knows A, B", () -> run(s -> {
        }, m_bench.table(SPEC, unknown), null, learned.table(1)));
        refused("Both rows to fit on and a model are connected", () -> run(s -> {
        }, table(), table(), learned.table(1)));
        refused("The model has no rows", () -> run(s -> {
        }, table(), null, m_bench.table(ModelTable.SPEC, List.of())));
        final List<DataCell[]> part = new ArrayList<>();
        learned.rows(1).forEach(r -> part.add(Bench.cells(r)));
        part.remove(1);
        refused("The model lacks the standard deviation of the feature \"x1\"", () -> run(s -> {
        }, table(), null, m_bench.table(ModelTable.SPEC, part)));
        part.add(part.get(part.size() - 1));
        refused("says again", () -> run(s -> {
        }, table(), null, m_bench.table(ModelTable.SPEC, part)));
    }

    /** What is learned comes from the second input only. */
    @Test
    void rowsToFitOnDecide() throws Exception {
        final Result all = run(table());
        final Result one = run(s -> {
        }, m_bench.table(SPEC, cells().subList(3, 9)), table());
        for (int r = 0; r < 6; r++) {
            assertEquals(value(all, r + 3, 4), value(one, r, 4));
        }
        assertEquals(2, one.rows(2).size(), "no part of the rows was learned from, so there is nothing to refit");
    }

    @Test
    void whatIsMissingStaysMissingAndIsCounted() throws Exception {
        final List<DataCell[]> rows = cells();
        final DataCell[] noAge = rows.get(0).clone();
        noAge[2] = DataType.getMissingCell();
        rows.add(noAge);
        final DataCell[] noSite = rows.get(0).clone();
        noSite[1] = DataType.getMissingCell();
        rows.add(noSite);
        final DataCell[] noFeature = rows.get(0).clone();
        noFeature[5] = new MissingCell("never measured");
        rows.add(noFeature);
        final Result result = run(m_bench.table(SPEC, rows));
        assertEquals(14, result.rows(0).size());
        assertEquals("Row11: It has no value of the covariate \"Age\".", ((MissingCell)result.rows(0).get(11).getCell(4)).getError());
        assertEquals("Row12: It has no site in column \"Site\".", ((MissingCell)result.rows(0).get(12).getCell(4)).getError());
        assertFalse(result.rows(0).get(13).getCell(4).isMissing());
        assertEquals("never measured", ((MissingCell)result.rows(0).get(13).getCell(5)).getError());
        assertTrue(result.warning().contains("2 of 14 rows could not be harmonized"), result.warning());
        assertTrue(result.warning().contains("1 values of features are missing, and stay so"), result.warning());
        // the feature that is missing once is fitted to the eleven rows
        for (int r = 0; r < EXPECTED.length; r++) {
            assertEquals(EXPECTED[r][1], value(result, r, 5), 1e-8);
        }
        assertTrue(((StringValue)result.rows(2).get(0).getCell(8)).getStringValue().contains("3 rows with missing values were left out"));
    }

    @Test
    void blankFeaturesAreAllNumbersAndThatIsSaid() throws Exception {
        final String warning = m_bench.configured(new FeatureHarmonizationNodeFactory(), s -> s.addString("covariates", "Age, Sex"),
            table(), null, null).warningMessage();
        assertTrue(warning.contains("harmonized: x1, x2."), warning);
        assertNull(m_bench.configured(new FeatureHarmonizationNodeFactory(), s -> s.addString("features", "x2"), table(), null, null)
            .warningMessage());
        final Result one = run(s -> s.addString("features", "x2"), table());
        assertEquals(419.355, value(one, 0, 4));
        assertEquals(EXPECTED[0][1], value(one, 0, 5), 1e-8);
    }

    /** Site B's first feature is ten times as large: told by the originals always, by what is left about as often as by chance. */
    @Test
    void theSiteTestTellsBeforeFromAfter() throws Exception {
        final List<DataCell[]> rows = new ArrayList<>();
        final SeededRandom random = new SeededRandom(3);
        for (int n = 0; n < 40; n++) {
            final double age = random.uniform(20, 80);
            rows.add(new DataCell[]{new StringCell("s" + n), new StringCell(n % 2 == 0 ? "A" : "B"), number(age),
                new StringCell(n / 2 % 2 == 0 ? "F" : "M"), number((100 + 5 * random.nextGaussian()) * (n % 2 == 0 ? 1 : 10)),
                number(random.nextGaussian())});
        }
        final Result result = run(s -> s.addInt("permutations", 19), m_bench.table(SPEC, rows));
        assertEquals(3, result.rows(2).size());
        assertEquals(1, ((DoubleValue)result.rows(2).get(0).getCell(3)).getDoubleValue());
        assertEquals(0.5, ((DoubleValue)result.rows(2).get(0).getCell(4)).getDoubleValue());
        assertEquals(0.05, ((DoubleValue)result.rows(2).get(0).getCell(6)).getDoubleValue(), 1e-12);
        assertEquals("harmonized by other folds", result.rows(2).get(2).getCell(0).toString());
        // 40 rows: a standard deviation of 0.08
        assertEquals(0.5, ((DoubleValue)result.rows(2).get(2).getCell(3)).getDoubleValue(), 0.32, result.rows(2).get(2).toString());
        assertTrue(run(s -> s.addBoolean("siteTest", false), table()).rows(2).isEmpty());
    }

    /** A test that cannot be made says why, and costs nothing else. */
    @Test
    void aTestThatCannotBeMadeSaysWhy() throws Exception {
        final Result result = run(s -> s.addInt("folds", 50), table());
        assertTrue(result.rows(2).get(0).getCell(3).isMissing());
        assertTrue(result.rows(2).get(0).getCell(8).toString().contains("11 subjects for 50 folds"));
        assertNotNull(result.rows(0).get(0));
        final Result one = run(s -> s.addString("covariates", ""), m_bench.table(SPEC, cells().subList(0, 6)));
        assertEquals(419.355, value(one, 0, 4));
        assertTrue(one.warning().contains("All rows are of one site, A, so nothing was changed"), one.warning());
    }

    /** A filter before may leave nothing. */
    @Test
    void aTableWithoutRowsPasses() throws Exception {
        final BufferedDataTable none = m_bench.table(SPEC, List.of());
        final Result empty = run(s -> s.addBoolean("keepOriginals", true), none);
        assertEquals("The input table has no rows; nothing was harmonized, and the model is empty.", empty.warning());
        assertEquals("x2 harmonized", empty.table(0).getDataTableSpec().getColumnSpec(7).getName());
        for (int port = 0; port < 3; port++) {
            assertTrue(empty.rows(port).isEmpty());
        }
        assertTrue(ModelTable.SPEC.equalStructure(empty.table(1).getDataTableSpec()));
        assertTrue(SiteTestTable.SPEC.equalStructure(empty.table(2).getDataTableSpec()));
        assertTrue(run(s -> {
        }, none, none).rows(1).isEmpty());
        // a model is learned, or passed on, all the same
        final Result learned = run(s -> {
        }, none, table());
        assertEquals("The input table has no rows; nothing was harmonized.", learned.warning());
        assertTrue(learned.rows(0).isEmpty());
        assertEquals(run(table()).rows(1).size(), learned.rows(1).size());
        final Result applied = run(s -> {
        }, none, null, learned.table(1));
        assertEquals("The input table has no rows; nothing was harmonized.", applied.warning());
        assertTrue(SPEC.equalStructure(applied.table(0).getDataTableSpec()));
        assertEquals(learned.rows(1).size(), applied.rows(1).size());
        refused("The second input, \"Fit on\", has no rows", () -> run(s -> {
        }, table(), none));
    }

    @Test
    void columnsThatAreEmptyAreNamed() throws Exception {
        final List<DataCell[]> noSite = cells();
        noSite.forEach(r -> r[1] = DataType.getMissingCell());
        final String site = "no site in column \"Site\" (11 rows). Fill the columns";
        refused("None of 11 rows has a site and all covariates: " + site, () -> run(m_bench.table(SPEC, noSite)));
        refused("None of 11 rows to fit on has a site and all covariates: " + site, () -> run(s -> {
        }, table(), m_bench.table(SPEC, noSite)));
        final Result learned = run(table());
        refused(site, () -> run(s -> {
        }, m_bench.table(SPEC, noSite), null, learned.table(1)));
        final List<DataCell[]> neither = cells();
        neither.forEach(r -> r[r[1].toString().equals("A") ? 2 : 1] = DataType.getMissingCell());
        refused("no value of the covariate \"Age\" (6 rows), no site in column \"Site\" (5 rows)", () -> run(m_bench.table(SPEC, neither)));
    }

    /** A feature's own estimate has no part in its non-parametric effect: with two, each gets that of the other. */
    @Test
    void fewFeaturesAreTooFewForNonParametricPriors() throws Exception {
        final Result two = run(s -> s.addString("priors", "NON_PARAMETRIC"), table());
        assertTrue(two.warning().contains("\"Non-parametric\" with 2 features, fewer than 20."), two.warning());
        final List<Double> shifts = numbers(two, "B", "shift");
        final List<Double> own = numbers(run(table()), "B", "shift");
        assertEquals(own.get(1), shifts.get(0), 1e-12);
        assertEquals(own.get(0), shifts.get(1), 1e-12);
        for (final String priors : List.of("PARAMETRIC", "NONE")) {
            final String warning = run(s -> s.addString("priors", priors), table()).warning();
            assertFalse(String.valueOf(warning).contains("Non-parametric"), warning);
        }
        // nothing is learned from a single site, nor where a model is given
        final Result one = run(s -> s.addString("priors", "NON_PARAMETRIC"), m_bench.table(SPEC, cells().subList(0, 6)));
        assertFalse(one.warning().contains("Non-parametric"), one.warning());
        final Result applied = run(s -> s.addString("priors", "NON_PARAMETRIC"), table(), null, two.table(1));
        assertFalse(String.valueOf(applied.warning()).contains("Non-parametric"), applied.warning());
        assertFalse(String.valueOf(nonParametric(20).warning()).contains("Non-parametric"));
        assertTrue(nonParametric(19).warning().contains("with 19 features"));
    }

    private Result nonParametric(final int features) throws Exception {
        final List<DataColumnSpec> columns = new ArrayList<>(List.of(column("Site", StringCell.TYPE)));
        for (int f = 0; f < features; f++) {
            columns.add(column("f" + f, DoubleCell.TYPE));
        }
        final List<DataCell[]> rows = new ArrayList<>();
        for (int r = 0; r < 8; r++) {
            final DataCell[] row = new DataCell[features + 1];
            row[0] = new StringCell(r < 4 ? "A" : "B");
            for (int f = 0; f < features; f++) {
                row[f + 1] = number(r * r + f * r % 5);
            }
            rows.add(row);
        }
        return run(s -> {
            s.addString("priors", "NON_PARAMETRIC");
            s.addString("covariates", "");
            s.addBoolean("siteTest", false);
        }, m_bench.table(new DataTableSpec(columns.toArray(DataColumnSpec[]::new)), rows));
    }

    /** A model's numbers of one kind at a site, in the order of features. */
    private static List<Double> numbers(final Result result, final String site, final String parameter) {
        return result.rows(1).stream()
            .filter(r -> r.getCell(1).toString().equals(site) && r.getCell(4).toString().equals(parameter))
            .map(r -> ((DoubleValue)r.getCell(5)).getDoubleValue()).toList();
    }

    @Test
    void columnsWithACommaAreKnownByTheirPieces() throws Exception {
        final DataTableSpec spec = new DataTableSpec(column("Subject", StringCell.TYPE), column("Site", StringCell.TYPE),
            column("Age, years", DoubleCell.TYPE), column("Sex, at birth", StringCell.TYPE), column("x1", DoubleCell.TYPE),
            column("x2", DoubleCell.TYPE));
        final BufferedDataTable table = m_bench.table(spec, cells());
        refused("Column \"Sex\" (setting \"Covariates\") is not in the table. Names are separated by commas there; rename \"Sex, at"
            + " birth\", whose name has one, with the Column Renamer, if that is meant. The number and text columns are: Subject, Age,"
            + " years, Sex, at birth, x1, x2.", () -> run(s -> s.addString("covariates", "Sex, at birth"), table));
        refused("rename \"Age, years\"", () -> run(s -> s.addString("covariates", "Age, years"), table));
        refused("rename \"Age, years\"", () -> run(s -> {
            s.addString("covariates", "");
            s.addString("features", "Age, years");
        }, table));
        refused("(setting \"Covariates\") is not in the table. The number and text columns are: Subject, Age, Sex, x1, x2.",
            () -> run(s -> s.addString("covariates", "Weight"), table()));
        final DataTableSpec scanned = new DataTableSpecCreator(SPEC).addColumns(column("Image", VolumeCell.TYPE)).createSpec();
        final List<DataCell[]> rows = cells().stream().map(r -> {
            final DataCell[] longer = Arrays.copyOf(r, r.length + 1);
            longer[r.length] = DataType.getMissingCell();
            return longer;
        }).toList();
        refused("holds Volume, neither numbers nor texts. The number and text columns are: Subject, Age, Sex, x1, x2.",
            () -> run(s -> s.addString("covariates", "Image"), m_bench.table(scanned, rows)));
    }

    @Test
    void refusesByName() throws Exception {
        refused("Site B has one row", () -> run(m_bench.table(SPEC, cells().subList(0, 7))));
        refused("\"Reference site\" is \"C\"", () -> run(s -> s.addString("referenceSite", "C"), table()));
        refused("Column \"Weight\" (setting \"Covariates\")", () -> run(s -> s.addString("covariates", "Weight"), table()));
        refused("Column \"x9\" (setting \"Features\")", () -> run(s -> s.addString("features", "x9"), table()));
        refused("names the \"Site column\"", () -> run(s -> s.addString("covariates", "Site"), table()));
        refused("\"Features\" and in \"Covariates\"", () -> run(s -> s.addString("features", "Age"), table()));
        refused("\"Folds\" is 1", () -> run(s -> s.addInt("folds", 1), table()));
        final List<DataCell[]> confounded = cells();
        confounded.forEach(r -> r[3] = new StringCell(r[1].toString().equals("A") ? "control" : "patient"));
        refused("\"Sex\" is confounded with the sites", () -> run(m_bench.table(SPEC, confounded)));
        refused("one feature, \"x1\"", () -> run(s -> {
            s.addString("priors", "PARAMETRIC");
            s.addString("features", "x1");
        }, table()));
    }

    private static void refused(final String words, final Executable work) {
        final String message = assertThrows(Exception.class, work).getMessage();
        assertTrue(message.contains(words), message);
    }
}
