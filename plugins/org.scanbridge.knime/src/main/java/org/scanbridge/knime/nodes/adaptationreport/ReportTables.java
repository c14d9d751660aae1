package org.scanbridge.knime.nodes.adaptationreport;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.Predicate;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DataValue;
import org.knime.core.data.DoubleValue;
import org.knime.core.data.StringValue;
import org.knime.core.data.container.CloseableRowIterator;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.InvalidSettingsException;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.StudyTable;
import org.scanbridge.learning.check.AdaptationCheck;
import org.scanbridge.learning.report.DivergenceRow;
import org.scanbridge.learning.report.FrocCurve;
import org.scanbridge.learning.report.FurtherScore;
import org.scanbridge.learning.report.HistogramCurve;
import org.scanbridge.learning.report.LesionScore;
import org.scanbridge.learning.report.PredictedScore;
import org.scanbridge.learning.report.ScoreRow;

/** The scorers' tables as rows of the report. Columns are found by the names that the scorers give them. */
final class ReportTables {

    private static final String MODEL = "Model";

    private static final String DOMAIN = "Domain";

    private static final String CLASS = "Class";

    private static final String DICE = "Dice";

    private static final String PREDICTED_DICE = "Predicted Dice";

    private static final String PREDICTED_BEFORE = "Predicted Dice before";

    private static final String LOW = "Low";

    private static final String HIGH = "High";

    private static final String LABELED_DICE = "Dice on Labeled Images";

    private static final String VERDICT = "Verdict";

    private static final String REASON = "Reason";

    private static final String KIND = "Kind";

    private static final String NORMALIZATION = "Normalization";

    private static final String JSD = "JSD";

    private static final String BIN_CENTER = "Bin Center";

    private static final String DENSITY = "Density";

    private static final String UNIT = "Unit";

    private static final String IMAGES = "Images";

    private static final String REFERENCE_LESIONS = "Reference Lesions";

    private static final String DETECTED = "Detected Lesions";

    private static final String FALSE_POSITIVES = "False Positives";

    private static final String RECALL = "Recall";

    private static final String PRECISION = "Precision";

    private static final String F1 = "F1";

    private static final String CPM = "CPM";

    private static final String THRESHOLD = "Threshold";

    private static final String FALSE_PER_IMAGE = "False Positives per Image";

    private static final String SENSITIVITY = "Sensitivity";

    /** Columns of the Segmentation Scorer, in the order of the report. */
    private static final List<String> FURTHER = List.of("Generalized Dice", "Precision", "Sensitivity", "Surface Dice",
        "HD95 (mm)", "HD (mm)", "ASSD (mm)", "Volume Difference", "Lesion Sensitivity", "Lesion PPV", "Lesion F1");

    private ReportTables() {
    }

    static void checkScores(final DataTableSpec spec) throws InvalidSettingsException {
        check(spec, "Scores", "Segmentation Scorer", StringValue.class, StudyTable.SUBJECT, StudyTable.SITE, DOMAIN, MODEL,
            CLASS);
        check(spec, "Scores", "Segmentation Scorer", DoubleValue.class, DICE);
    }

    static void checkPredicted(final DataTableSpec spec) throws InvalidSettingsException {
        check(spec, "Predicted Dice", "Adaptation Check", StringValue.class, StudyTable.SUBJECT, StudyTable.SITE, CLASS,
            VERDICT, REASON);
        check(spec, "Predicted Dice", "Adaptation Check", DoubleValue.class, PREDICTED_DICE, LOW, HIGH, LABELED_DICE);
    }

    static void checkLesions(final DataTableSpec spec) throws InvalidSettingsException {
        check(spec, "Lesions", "Lesion Scorer", StringValue.class, StudyTable.SITE, StudyTable.ROLE, MODEL, CLASS);
        check(spec, "Lesions", "Lesion Scorer", DoubleValue.class, IMAGES, REFERENCE_LESIONS, DETECTED, FALSE_POSITIVES, RECALL,
            PRECISION, F1, CPM);
    }

    static void checkFroc(final DataTableSpec spec) throws InvalidSettingsException {
        check(spec, "FROC", "Lesion Scorer", StringValue.class, StudyTable.SITE, StudyTable.ROLE, MODEL, CLASS);
        check(spec, "FROC", "Lesion Scorer", DoubleValue.class, THRESHOLD, FALSE_PER_IMAGE, SENSITIVITY);
    }

    static void checkDivergence(final DataTableSpec spec) throws InvalidSettingsException {
        check(spec, "Divergence", "Intensity Divergence Scorer", StringValue.class, NORMALIZATION, CLASS);
        check(spec, "Divergence", "Intensity Divergence Scorer", DoubleValue.class, JSD);
    }

    static void checkHistograms(final DataTableSpec spec) throws InvalidSettingsException {
        check(spec, "Histograms", "Intensity Divergence Scorer", StringValue.class, NORMALIZATION, CLASS, StudyTable.SITE);
        check(spec, "Histograms", "Intensity Divergence Scorer", DoubleValue.class, BIN_CENTER, DENSITY);
    }

    private static void check(final DataTableSpec spec, final String input, final String node,
        final Class<? extends DataValue> type, final String... names) throws InvalidSettingsException {
        for (final String name : names) {
            if (!Columns.names(spec, type).contains(name)) {
                throw new InvalidSettingsException("Input \"" + input + "\" has no column \"" + name
                    + "\". Connect the output of the " + node + ".");
            }
        }
    }

    /**
     * Scores of classes; a table without roles is taken for one of test subjects. Regions are left out: in means of classes
     * their voxels would count twice.
     */
    static List<ScoreRow> scores(final BufferedDataTable table) {
        final DataTableSpec spec = table.getDataTableSpec();
        final boolean roles = spec.containsName(StudyTable.ROLE);
        return classes(table, row -> new ScoreRow(text(spec, row, StudyTable.SUBJECT), text(spec, row, StudyTable.SITE),
            roles ? text(spec, row, StudyTable.ROLE) : StudyTable.TEST, text(spec, row, DOMAIN), text(spec, row, MODEL),
            text(spec, row, CLASS), number(spec, row, DICE)));
    }

    /** The scores beside the Dice that the table has and that mean something averaged over classes. */
    static List<FurtherScore> further(final BufferedDataTable table) {
        final DataTableSpec spec = table.getDataTableSpec();
        final boolean roles = spec.containsName(StudyTable.ROLE);
        final List<String> titles = FURTHER.stream().filter(Columns.names(spec, DoubleValue.class)::contains).toList();
        final List<FurtherScore> further = new ArrayList<>();
        for (final List<FurtherScore> ofRow : classes(table, row -> {
            final List<FurtherScore> scores = new ArrayList<>();
            titles.forEach(title -> number(spec, row, title).ifPresent(value -> scores.add(
                new FurtherScore(text(spec, row, StudyTable.SUBJECT), text(spec, row, StudyTable.SITE),
                    roles ? text(spec, row, StudyTable.ROLE) : StudyTable.TEST, text(spec, row, MODEL), title, value))));
            return scores;
        })) {
            further.addAll(ofRow);
        }
        return further;
    }

    /** What was predicted of all classes together. */
    static List<PredictedScore> predicted(final BufferedDataTable table) {
        final DataTableSpec spec = table.getDataTableSpec();
        final boolean compared = spec.containsName(PREDICTED_BEFORE);
        return rows(table, row -> new PredictedScore(text(spec, row, StudyTable.SUBJECT), text(spec, row, StudyTable.SITE),
            number(spec, row, PREDICTED_DICE).orElse(Double.NaN), number(spec, row, LOW).orElse(Double.NaN),
            number(spec, row, HIGH).orElse(Double.NaN), number(spec, row, LABELED_DICE).orElse(Double.NaN),
            text(spec, row, VERDICT), text(spec, row, REASON),
            compared ? number(spec, row, PREDICTED_BEFORE) : OptionalDouble.empty()),
            row -> text(spec, row, CLASS).equals(AdaptationCheck.ALL));
    }

    /** What the Lesion Scorer counted. */
    static List<LesionScore> lesions(final BufferedDataTable table) {
        final DataTableSpec spec = table.getDataTableSpec();
        return rows(table, row -> new LesionScore(text(spec, row, StudyTable.SITE), text(spec, row, StudyTable.ROLE),
            text(spec, row, MODEL), text(spec, row, CLASS), count(spec, row, IMAGES), count(spec, row, REFERENCE_LESIONS),
            count(spec, row, DETECTED), count(spec, row, FALSE_POSITIVES), number(spec, row, RECALL),
            number(spec, row, PRECISION), number(spec, row, F1), number(spec, row, CPM)));
    }

    private static int count(final DataTableSpec spec, final DataRow row, final String column) {
        return (int)number(spec, row, column).orElse(0);
    }

    /**
     * The curves of the Lesion Scorer, whose rows follow each other by decreasing threshold. Rows that miss a number are no
     * points: where there was no lesion to find, there is no curve.
     */
    static List<FrocCurve> froc(final BufferedDataTable table) {
        record Key(String site, String role, String model, String className) {
        }
        record Point(Key key, double threshold, double falsePositives, double sensitivity) {
        }
        final DataTableSpec spec = table.getDataTableSpec();
        final Map<Key, List<Point>> curves = new LinkedHashMap<>();
        for (final Point point : rows(table, row -> new Point(
            new Key(text(spec, row, StudyTable.SITE), text(spec, row, StudyTable.ROLE), text(spec, row, MODEL),
                text(spec, row, CLASS)),
            number(spec, row, THRESHOLD).orElse(Double.NaN), number(spec, row, FALSE_PER_IMAGE).orElse(Double.NaN),
            number(spec, row, SENSITIVITY).orElse(Double.NaN)))) {
            if (!Double.isNaN(point.threshold + point.falsePositives + point.sensitivity)) {
                curves.computeIfAbsent(point.key, k -> new ArrayList<>()).add(point);
            }
        }
        final List<FrocCurve> froc = new ArrayList<>();
        curves.forEach((key, points) -> froc.add(new FrocCurve(key.site, key.role, key.model, key.className,
            points.stream().mapToDouble(Point::threshold).toArray(),
            points.stream().mapToDouble(Point::falsePositives).toArray(),
            points.stream().mapToDouble(Point::sensitivity).toArray())));
        return froc;
    }

    private static List<PredictedScore> rows(final BufferedDataTable table, final Function<DataRow, PredictedScore> make,
        final Predicate<DataRow> wanted) {
        final List<PredictedScore> found = new ArrayList<>();
        try (CloseableRowIterator rows = table.iterator()) {
            while (rows.hasNext()) {
                final DataRow row = rows.next();
                if (wanted.test(row)) {
                    found.add(make.apply(row));
                }
            }
        }
        return found;
    }

    /** Divergences in nats, whatever they were measured in. */
    static List<DivergenceRow> divergence(final BufferedDataTable table) {
        final DataTableSpec spec = table.getDataTableSpec();
        final boolean units = spec.containsName(UNIT);
        return rows(table, row -> {
            final OptionalDouble jsd = number(spec, row, JSD);
            return new DivergenceRow(text(spec, row, NORMALIZATION), text(spec, row, CLASS),
                units && text(spec, row, UNIT).equals("bits") && jsd.isPresent()
                    ? OptionalDouble.of(jsd.getAsDouble() * Math.log(2)) : jsd);
        });
    }

    static List<HistogramCurve> histograms(final BufferedDataTable table) {
        record Key(String normalization, String className, String site) {
        }
        record Bin(Key key, double center, double density) {
        }
        final DataTableSpec spec = table.getDataTableSpec();
        final Map<Key, List<Bin>> curves = new LinkedHashMap<>();
        for (final Bin bin : rows(table,
            row -> new Bin(
                new Key(text(spec, row, NORMALIZATION), text(spec, row, CLASS), text(spec, row, StudyTable.SITE)),
                number(spec, row, BIN_CENTER).orElse(Double.NaN), number(spec, row, DENSITY).orElse(Double.NaN)))) {
            curves.computeIfAbsent(bin.key, k -> new ArrayList<>()).add(bin);
        }
        final List<HistogramCurve> histograms = new ArrayList<>();
        curves.forEach((key, bins) -> histograms.add(new HistogramCurve(key.normalization, key.className, key.site,
            bins.stream().mapToDouble(Bin::center).toArray(), bins.stream().mapToDouble(Bin::density).toArray())));
        return histograms;
    }

    private static <T> List<T> classes(final BufferedDataTable table, final Function<DataRow, T> read) {
        final DataTableSpec spec = table.getDataTableSpec();
        final boolean kinds = Columns.names(spec, StringValue.class).contains(KIND);
        return rows(table, row -> kinds && text(spec, row, KIND).equals(StudyTable.REGION) ? Optional.<T> empty()
            : Optional.of(read.apply(row))).stream().flatMap(Optional::stream).toList();
    }

    static <T> List<T> rows(final BufferedDataTable table, final Function<DataRow, T> read) {
        final List<T> rows = new ArrayList<>();
        try (CloseableRowIterator iterator = table.iterator()) {
            while (iterator.hasNext()) {
                rows.add(read.apply(iterator.next()));
            }
        }
        return rows;
    }

    static String text(final DataTableSpec spec, final DataRow row, final String column) {
        return Columns.text(row, spec.findColumnIndex(column));
    }

    private static OptionalDouble number(final DataTableSpec spec, final DataRow row, final String column) {
        final DataCell cell = row.getCell(spec.findColumnIndex(column));
        return cell.isMissing() ? OptionalDouble.empty() : OptionalDouble.of(((DoubleValue)cell).getDoubleValue());
    }
}
