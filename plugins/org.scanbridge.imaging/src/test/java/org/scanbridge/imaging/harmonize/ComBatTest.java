package org.scanbridge.imaging.harmonize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.random.SeededRandom;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;

class ComBatTest {

    /**
     * 18 rows of 3 sites with age, sex and 5 features, drawn at random, and what neuroCombat 0.2.12 (Python, NumPy 1.26.4)
     * makes of them, its iteration going on until changes are below 1e-13: parametric, non-parametric, without empirical
     * Bayes, parametric with reference B, and parametric without covariates. neuroHarmonize 2.5.2 gives the parametric values, too.
     */
    private record Oracle(FeatureRows rows, List<String> header, List<String[]> lines) {

        static Oracle read() throws Exception {
            try (InputStream in = ComBatTest.class.getResourceAsStream("neurocombat.csv")) {
                final List<String[]> lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().skip(1)
                    .map(l -> l.split(",")).toList();
                final List<String> header;
                try (InputStream again = ComBatTest.class.getResourceAsStream("neurocombat.csv")) {
                    header = List.of(new String(again.readAllBytes(), StandardCharsets.UTF_8).lines().findFirst().orElseThrow()
                        .split(","));
                }
                final double[][] values = lines.stream()
                    .map(l -> Arrays.stream(l, 3, 8).mapToDouble(Double::parseDouble).toArray()).toArray(double[][]::new);
                return new Oracle(new FeatureRows(List.of("x1", "x2", "x3", "x4", "x5"), values,
                    lines.stream().map(l -> l[0]).toList(),
                    List.of(new Covariate.Nominal("sex", lines.stream().map(l -> l[2]).toList()),
                        new Covariate.Numeric("age", lines.stream().mapToDouble(l -> Double.parseDouble(l[1])).toArray()))),
                    header, lines);
            }
        }

        double[] expected(final String what, final int row) {
            final int from = header.indexOf(what + "1");
            return Arrays.stream(lines.get(row), from, from + 5).mapToDouble(Double::parseDouble).toArray();
        }
    }

    @ParameterizedTest
    @CsvSource({"parametric,PARAMETRIC,''", "nonparametric,NON_PARAMETRIC,''", "none,NONE,''", "reference,PARAMETRIC,B"})
    void agreesWithNeuroCombat(final String what, final Priors priors, final String reference) throws Exception {
        final Oracle oracle = Oracle.read();
        check(oracle, what, new ComBat(priors, reference).fit(oracle.rows).apply(oracle.rows));
    }

    @Test
    void agreesWithoutCovariates() throws Exception {
        final Oracle oracle = Oracle.read();
        final FeatureRows rows =
            new FeatureRows(oracle.rows.features(), oracle.rows.values(), oracle.rows.sites(), List.of());
        check(oracle, "plain", new ComBat(Priors.PARAMETRIC, "").fit(rows).apply(rows));
    }

    private static void check(final Oracle oracle, final String what, final double[][] harmonized) {
        for (int r = 0; r < harmonized.length; r++) {
            final double[] expected = oracle.expected(what, r);
            for (int f = 0; f < expected.length; f++) {
                // nine digits are written there
                assertEquals(expected[f], harmonized[r][f], 1e-8 * Math.abs(expected[f]), what + ", row " + r + ", x" + (f + 1));
            }
        }
    }

    /** Values of neuroHarmonize 2.5.2, harmonizationApply. */
    @Test
    void newRowsAreHarmonizedAsByNeuroHarmonize() throws Exception {
        final Oracle oracle = Oracle.read();
        final FeatureRows fresh = new FeatureRows(oracle.rows.features(),
            new double[][]{{480, 2, 95, .45, 31}, {510, 3, 80, .4, 36}, {400, 2.2, 101.5, .38, 33}}, List.of("B", "C", "A"),
            List.of(new Covariate.Numeric("age", 70, 25, 41), new Covariate.Nominal("sex", List.of("M", "F", "M"))));
        final double[][] expected = {{4.68523167e+02, 2.01838243e+00, 8.81803799e+01, 4.46380092e-01, 3.24446399e+01},
            {5.62814959e+02, 2.14878598e+00, 8.04029962e+01, 4.06908178e-01, 3.71659270e+01},
            {3.91353441e+02, 2.48261613e+00, 1.00615104e+02, 3.85875969e-01, 3.48538221e+01}};
        final double[][] harmonized = new ComBat(Priors.PARAMETRIC, "").fit(oracle.rows).apply(fresh);
        for (int r = 0; r < 3; r++) {
            for (int f = 0; f < 5; f++) {
                assertEquals(expected[r][f], harmonized[r][f], 2e-8 * Math.abs(expected[r][f]), r + ", " + f);
            }
        }
    }

    /** Two sites without noise between them but shift and spread: by hand. */
    @Test
    void withoutPriorsSitesGetTheCommonMeanAndSpread() {
        final FeatureRows rows = new FeatureRows(List.of("v"), column(1, 2, 3, 10, 14, 18), sites("A", 3, "B", 3), List.of());
        // means 2 and 14, so α = 8; squared residuals 2 + 32, so σ² = 34/6; at each site variance σ² as with n - 1: ±σ about 8
        final double sigma = Math.sqrt(34 / 6.0);
        final double[][] harmonized = new ComBat(Priors.NONE, "").fit(rows).apply(rows);
        assertArrayEquals(new double[]{8 - sigma, 8, 8 + sigma, 8 - sigma, 8, 8 + sigma},
            Arrays.stream(harmonized).mapToDouble(r -> r[0]).toArray(), 1e-12);
    }

    private static double[][] column(final double... values) {
        return Arrays.stream(values).mapToObj(v -> new double[]{v}).toArray(double[][]::new);
    }

    private static List<String> sites(final Object... siteAndCount) {
        final List<String> sites = new ArrayList<>();
        for (int s = 0; s < siteAndCount.length; s += 2) {
            for (int n = 0; n < (Integer)siteAndCount[s + 1]; n++) {
                sites.add((String)siteAndCount[s]);
            }
        }
        return sites;
    }

    /** Three sites of 4, 5 and 6 rows, an age, a sex and 4 features. */
    private static FeatureRows random(final long seed, final double scale) {
        final SeededRandom random = SeededRandom.of(seed, 1);
        final List<String> sites = sites("A", 4, "B", 5, "C", 6);
        final double[] age = new double[sites.size()];
        final List<String> sex = new ArrayList<>();
        final double[][] values = new double[sites.size()][4];
        for (int r = 0; r < values.length; r++) {
            age[r] = random.uniform(20, 80);
            // both in each site
            sex.add(r % 2 == 0 ? "F" : "M");
            for (int f = 0; f < 4; f++) {
                values[r][f] = scale * (random.nextGaussian() + 3 * sites.get(r).charAt(0) * (f + 1) + 0.1 * age[r]);
            }
        }
        return new FeatureRows(List.of("a", "b", "c", "d"), values, sites,
            List.of(new Covariate.Numeric("age", age), new Covariate.Nominal("sex", sex)));
    }

    private static void same(final double[][] expected, final double[][] actual, final double tolerance) {
        for (int r = 0; r < expected.length; r++) {
            assertArrayEquals(expected[r], actual[r], tolerance, "row " + r);
        }
    }

    /** A constant added to all features of one site, and a factor on their spread about their mean, are taken out again. */
    @Property(tries = 30)
    void whatASiteAddsIsUndone(@ForAll @LongRange(min = 0, max = 1L << 40) final long seed,
        @ForAll @DoubleRange(min = -1e4, max = 1e4) final double constant) {
        final FeatureRows rows = random(seed, 1);
        final double[][] shifted = Arrays.stream(rows.values()).map(double[]::clone).toArray(double[][]::new);
        for (int r = 0; r < shifted.length; r++) {
            for (int f = 0; f < shifted[r].length; f++) {
                shifted[r][f] += rows.sites().get(r).equals("B") ? constant : 0;
            }
        }
        final FeatureRows moved = new FeatureRows(rows.features(), shifted, rows.sites(), rows.covariates());
        final double[][] a = new ComBat(Priors.NONE, "A").fit(rows).apply(rows);
        final double[][] b = new ComBat(Priors.NONE, "A").fit(moved).apply(moved);
        same(a, b, 1e-7);
    }

    @Property(tries = 30)
    void oneSiteIsLeftAlone(@ForAll @LongRange(min = 0, max = 1L << 40) final long seed, @ForAll final Priors priors) {
        final FeatureRows all = random(seed, 1);
        final FeatureRows rows = all.rows(9, 10, 11, 12, 13, 14);
        final FeatureRows plain = new FeatureRows(rows.features(), rows.values(), rows.sites(), List.of());
        final ComBatModel model = new ComBat(priors, "").fit(plain);
        same(plain.values(), model.apply(plain), 0);
        same(plain.values(), model.apply(new FeatureRows(rows.features(), model.apply(plain), rows.sites(), List.of())), 0);
    }

    /**
     * Without priors every site has the reference's mean, and, with n - 1, the variance that the reference has with n: 3/4 of its
     * own with n - 1, of 4 rows. Harmonizing again finds nothing to do.
     */
    @Property(tries = 30)
    void harmonizingAgainToAReferenceChangesNothing(@ForAll @LongRange(min = 0, max = 1L << 40) final long seed) {
        final FeatureRows rows = random(seed, 1);
        final ComBat combat = new ComBat(Priors.NONE, "A");
        final FeatureRows plain = new FeatureRows(rows.features(), rows.values(), rows.sites(), List.of());
        final double[][] once = combat.fit(plain).apply(plain);
        for (int f = 0; f < 4; f++) {
            for (final String site : List.of("B", "C")) {
                assertEquals(mean(rows.values(), rows, f, "A"), mean(once, rows, f, site), 1e-8);
                assertEquals(0.75, variance(once, rows, f, site) / variance(rows.values(), rows, f, "A"), 1e-8);
            }
        }
        final FeatureRows again = new FeatureRows(rows.features(), once, rows.sites(), List.of());
        same(once, combat.fit(again).apply(again), 1e-8);
    }

    private static double mean(final double[][] values, final FeatureRows rows, final int feature, final String site) {
        return IntStream.range(0, values.length).filter(r -> rows.sites().get(r).equals(site)).mapToDouble(r -> values[r][feature])
            .average().orElseThrow();
    }

    private static double variance(final double[][] values, final FeatureRows rows, final int feature, final String site) {
        final double[] x = IntStream.range(0, values.length).filter(r -> rows.sites().get(r).equals(site))
            .mapToDouble(r -> values[r][feature]).toArray();
        final double mean = Arrays.stream(x).average().orElseThrow();
        return Arrays.stream(x).map(v -> (v - mean) * (v - mean)).sum() / (x.length - 1);
    }

    /** Other units, and another order of rows, give the same results in those units and that order. */
    @Property(tries = 30)
    void unitsAndOrderDoNotMatter(@ForAll @LongRange(min = 0, max = 1L << 40) final long seed, @ForAll final Priors priors) {
        final FeatureRows rows = random(seed, 1);
        final double[][] expected = new ComBat(priors, "").fit(rows).apply(rows);
        final FeatureRows scaled = random(seed, 1000);
        final double[][] thousand = new ComBat(priors, "").fit(scaled).apply(scaled);
        for (final double[] row : thousand) {
            for (int f = 0; f < row.length; f++) {
                row[f] /= 1000;
            }
        }
        same(expected, thousand, 1e-6);
        final int[] order = IntStream.range(0, 15).toArray();
        SeededRandom.of(seed, 2).shuffle(order);
        final FeatureRows shuffled = rows.rows(order);
        final double[][] actual = new ComBat(priors, "").fit(shuffled).apply(shuffled);
        for (int r = 0; r < order.length; r++) {
            assertArrayEquals(expected[order[r]], actual[r], 1e-6);
        }
    }

    /** Covariates far from 0, such as a date in seconds, say the same as near it. */
    @Test
    void whereACovariateBeginsDoesNotMatter() {
        final FeatureRows rows = random(5, 1);
        final double[] late = Arrays.stream(((Covariate.Numeric)rows.covariates().get(0)).values()).map(a -> 1.6e9 + a * 1e6).toArray();
        final FeatureRows dated = new FeatureRows(rows.features(), rows.values(), rows.sites(),
            List.of(new Covariate.Numeric("age", late), rows.covariates().get(1)));
        same(new ComBat(Priors.PARAMETRIC, "").fit(rows).apply(rows), new ComBat(Priors.PARAMETRIC, "").fit(dated).apply(dated), 1e-7);
    }

    /** A feature with missing values is fitted to the rows that have one. */
    @Test
    void whatIsMissingStaysMissingAndChangesNothingElse() {
        final FeatureRows rows = random(3, 1);
        final double[][] holes = Arrays.stream(rows.values()).map(double[]::clone).toArray(double[][]::new);
        holes[5][1] = Double.NaN;
        holes[12][1] = Double.NaN;
        final FeatureRows some = new FeatureRows(rows.features(), holes, rows.sites(), rows.covariates());
        final double[][] all = new ComBat(Priors.NONE, "").fit(rows).apply(rows);
        final double[][] with = new ComBat(Priors.NONE, "").fit(some).apply(some);
        final int[] kept = IntStream.range(0, 15).filter(r -> r != 5 && r != 12).toArray();
        final FeatureRows without = rows.rows(kept);
        final double[][] fewer = new ComBat(Priors.NONE, "").fit(without).apply(without);
        for (int r = 0; r < 15; r++) {
            for (int f = 0; f < 4; f++) {
                assertEquals(f != 1 ? all[r][f] : r == 5 || r == 12 ? Double.NaN : fewer[Arrays.binarySearch(kept, r)][f], with[r][f],
                    1e-9);
            }
        }
    }

    /** With hundreds of rows all likelihoods are 0 in double precision; neuroCombat gives NaN there. */
    @Test
    void manyRowsDoNotUnderflow() {
        final SeededRandom random = SeededRandom.of(1, 9);
        final double[][] values = new double[2400][3];
        for (final double[] row : values) {
            for (int f = 0; f < 3; f++) {
                row[f] = 100 * f + random.nextGaussian();
            }
        }
        for (int r = 1200; r < 2400; r++) {
            values[r][0] += 5;
            values[r][1] += 5;
            values[r][2] += 5;
        }
        final FeatureRows rows =
            new FeatureRows(List.of("a", "b", "c"), values, sites("A", 1200, "B", 1200), List.of());
        final double[][] harmonized = new ComBat(Priors.NON_PARAMETRIC, "A").fit(rows).apply(rows);
        assertEquals(0, Arrays.stream(harmonized, 1200, 2400).mapToDouble(r -> r[0]).average().orElseThrow(), 0.2);
    }

    private static void refused(final FeatureRows rows, final ComBat combat, final String... words) {
        final String message = assertThrows(ImagingException.class, () -> combat.fit(rows)).getMessage();
        for (final String word : words) {
            assertTrue(message.contains(word), message);
        }
    }

    private static FeatureRows with(final FeatureRows rows, final Covariate... covariates) {
        return new FeatureRows(rows.features(), rows.values(), rows.sites(), List.of(covariates));
    }

    @Test
    void whatCannotBeToldApartIsRefusedByName() {
        final FeatureRows rows = random(1, 1);
        final ComBat combat = new ComBat(Priors.PARAMETRIC, "");
        refused(rows.rows(0, 1, 2, 3, 4, 9, 10), combat, "Site B has one row");
        refused(rows.rows(0, 4, 9, 10), combat, "The sites A, B have one row");
        refused(with(rows, new Covariate.Nominal("scanner", rows.sites().stream().map(s -> s.equals("A") ? "1.5 T" : "3 T").toList())),
            combat, "\"scanner\" is confounded with the sites");
        refused(with(rows, new Covariate.Numeric("field", rows.sites().stream().mapToDouble(s -> s.equals("A") ? 1.5 : 3).toArray())),
            combat, "\"field\" is confounded with the sites");
        final Covariate.Numeric age = (Covariate.Numeric)rows.covariates().get(0);
        refused(with(rows, age, new Covariate.Numeric("months", Arrays.stream(age.values()).map(a -> 12 * a + 3).toArray())), combat,
            "\"months\" is confounded with the sites and the covariates before it, age");
        refused(with(rows, new Covariate.Nominal("species", rows.sites().stream().map(s -> "human").toList())), combat,
            "\"species\" has the same value in all rows");
        refused(with(rows, new Covariate.Numeric("tesla", rows.sites().stream().mapToDouble(s -> 0.1 + 0.2).toArray())), combat,
            "\"tesla\" has the same value in all rows");
        refused(new FeatureRows(List.of("v"), column(1, 2, 3, 4), sites("A", 2, "B", 2), List.of()), combat, "one feature, \"v\"",
            "\"None\"");
        refused(rows, new ComBat(Priors.PARAMETRIC, "D"), "\"Reference site\" is \"D\"", "A, B, C");
        refused(rows.rows(0, 1, 4, 5), combat, "4 rows for the 4 coefficients");
    }

    @Test
    void featuresWithoutSpreadAreRefusedByName() {
        final ComBat combat = new ComBat(Priors.NONE, "");
        refused(new FeatureRows(List.of("v"), column(7, 7, 7, 7), sites("A", 2, "B", 2), List.of()), combat, "\"v\"",
            "the same value, 7.0, in all rows");
        refused(new FeatureRows(List.of("v"), column(7, 7, 1, 2), sites("A", 2, "B", 2), List.of()), combat, "\"v\"",
            "the same value, 7.0, in all rows of site A");
        refused(new FeatureRows(List.of("v"), column(7, 8, 1, Double.NaN), sites("A", 2, "B", 2), List.of()), combat,
            "one value at site B");
        refused(new FeatureRows(List.of("v"), column(Double.NaN, Double.NaN), sites("A", 2), List.of()), combat, "missing in every row");
        refused(new FeatureRows(List.of("v"), column(7, 8, 1, Double.POSITIVE_INFINITY), sites("A", 2, "B", 2), List.of()), combat,
            "infinite");
        refused(new FeatureRows(List.of("u", "v", "w"), new double[][]{{7, 1, 3}, {7, 2, 3}, {1, 4, 3}, {2, 3, 3}}, sites("A", 2, "B", 2),
            List.of()), combat, "\"u\"", "in all rows of site A", "Further features that do not vary, or have too few values, at some"
            + " site: w.");
        // 3·age + site
        refused(new FeatureRows(List.of("v"), column(30, 60, 90, 31, 61, 91), sites("A", 3, "B", 3),
            List.of(new Covariate.Numeric("age", 10, 20, 30, 10, 20, 30))), combat, "\"v\" is explained by sites and covariates");
        // the level x stands in site B only, in one of its two rows
        refused(new FeatureRows(List.of("v"), column(30, 65, 90, 20, 61, 91), sites("A", 4, "B", 2),
            List.of(new Covariate.Nominal("group", List.of("y", "y", "y", "y", "x", "y")))), combat, "\"v\"", "in the 2 rows of site B");
    }

    @Test
    void whatTheModelDoesNotKnowIsRefusedByName() {
        final FeatureRows rows = random(1, 1);
        final ComBatModel model = new ComBat(Priors.PARAMETRIC, "").fit(rows);
        final Covariate age = new Covariate.Numeric("age", 50);
        final Covariate sex = new Covariate.Nominal("sex", List.of("F"));
        final double[][] one = {{1, 2, 3, 4}};
        for (final Object[] bad : new Object[][]{
            {new FeatureRows(rows.features(), one, List.of("D"), List.of(age, sex)), "not fitted to site D; it knows A, B, C"},
            {new FeatureRows(List.of("a", "b", "c", "e"), one, List.of("A"), List.of(age, sex)), "the feature \"e\""},
            {new FeatureRows(rows.features(), one, List.of("A"), List.of(age)), "the covariate \"sex\", which the rows do not have"},
            {new FeatureRows(rows.features(), one, List.of("A"), List.of(age, new Covariate.Nominal("sex", List.of("X")))),
                "\"sex\" has the value \"X\", which the model does not know; it knows F, M"},
            {new FeatureRows(rows.features(), one, List.of("A"), List.of(age, new Covariate.Numeric("sex", 1))),
                "\"sex\" holds numbers"}}) {
            final String message =
                assertThrows(ImagingException.class, () -> model.apply((FeatureRows)bad[0])).getMessage();
            assertTrue(message.contains((String)bad[1]), message);
        }
    }
}
