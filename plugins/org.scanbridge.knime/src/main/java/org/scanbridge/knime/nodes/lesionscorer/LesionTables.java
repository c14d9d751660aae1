package org.scanbridge.knime.nodes.lesionscorer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpec;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DataType;
import org.knime.core.data.RowKey;
import org.knime.core.data.def.BooleanCell;
import org.knime.core.data.def.DefaultRow;
import org.knime.core.data.def.DoubleCell;
import org.knime.core.data.def.IntCell;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.BufferedDataContainer;
import org.scanbridge.imaging.metrics.Froc;
import org.scanbridge.imaging.metrics.LesionMatch;
import org.scanbridge.imaging.metrics.LesionScores;
import org.scanbridge.imaging.metrics.ObjectBox;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.knime.util.Columns;

/** The rows of the three outputs. */
final class LesionTables {

    private static final List<String> AXES = List.of("I", "J", "K");

    private static final List<String> SIDES = List.of("L", "P", "S");

    private static final List<String> RATES = List.of("⅛", "¼", "½", "1", "2", "4", "8");

    static final DataTableSpec SCORES = scores();

    static final DataTableSpec LESIONS = lesions();

    static final DataTableSpec CURVE = new Spec().texts("Site", "Role", "Model", "Class")
        .numbers("Threshold", "False Positives per Image", "Sensitivity").get();

    private LesionTables() {
    }

    private static DataTableSpec scores() {
        final Spec spec = new Spec().texts("Site", "Role", "Model", "Class").counts("Images", "Reference Lesions", "Lesions",
            "Detected Lesions", "Missed Lesions", "Confirmed Lesions", "False Positives")
            .numbers("Recall", "Precision", "F1", "False Positives per Image");
        RATES.forEach(r -> spec.numbers("Sensitivity at " + r));
        return spec.numbers("CPM").get();
    }

    private static DataTableSpec lesions() {
        final Spec spec = new Spec().texts("Image row", "Subject", "Site", "Role", "Model", "Class", "Of").counts("Lesion");
        AXES.forEach(a -> spec.counts("First " + a));
        AXES.forEach(a -> spec.counts("Last " + a));
        SIDES.forEach(s -> spec.numbers("Least " + s + " (mm)"));
        SIDES.forEach(s -> spec.numbers("Greatest " + s + " (mm)"));
        return spec.numbers("Volume (mm³)").add("Found", BooleanCell.TYPE).numbers("Best IoU").get();
    }

    /** Adds a row of scores. */
    static void add(final BufferedDataContainer to, final List<String> group, final int images, final LesionScores counts,
        final Optional<Froc> froc) {
        final List<DataCell> cells = new ArrayList<>();
        group.forEach(g -> cells.add(Columns.text(g)));
        for (final int count : new int[]{images, counts.actual(), counts.predicted(), counts.detectedActual(),
            counts.actual() - counts.detectedActual(), counts.confirmedPredicted(),
            counts.predicted() - counts.confirmedPredicted()}) {
            cells.add(new IntCell(count));
        }
        cells.add(Columns.number(counts.sensitivity()));
        cells.add(Columns.number(counts.precision()));
        cells.add(Columns.number(counts.f1()));
        cells.add(new DoubleCell((double)(counts.predicted() - counts.confirmedPredicted()) / images));
        for (final double rate : Froc.RATES) {
            cells.add(froc.map(f -> Columns.number(f.sensitivity(rate))).orElseGet(DataType::getMissingCell));
        }
        cells.add(froc.map(f -> Columns.number(f.cpm())).orElseGet(DataType::getMissingCell));
        add(to, cells);
    }

    /** Adds the points of a curve; of one without a lesion to find only the false positives are known. */
    static void add(final BufferedDataContainer to, final List<String> group, final Froc froc) {
        for (final Froc.Point point : froc.points()) {
            final List<DataCell> cells = new ArrayList<>();
            group.forEach(g -> cells.add(Columns.text(g)));
            cells.add(new DoubleCell(point.threshold()));
            cells.add(new DoubleCell(point.falsePositives()));
            cells.add(froc.hasLesions() ? new DoubleCell(point.sensitivity()) : DataType.getMissingCell());
            add(to, cells);
        }
    }

    /**
     * Adds the lesions of one side of an image.
     *
     * @param texts image row, subject, site, role, model, class
     */
    static void add(final BufferedDataContainer to, final List<String> texts, final boolean reference,
        final List<LesionMatch.Lesion> lesions, final Geometry grid) {
        int number = 0;
        for (final LesionMatch.Lesion lesion : lesions) {
            final List<DataCell> cells = new ArrayList<>();
            texts.forEach(t -> cells.add(Columns.text(t)));
            cells.add(new StringCell(reference ? "reference" : "model"));
            cells.add(new IntCell(++number));
            final ObjectBox box = lesion.box();
            for (final int index : new int[]{box.minI(), box.minJ(), box.minK(), box.maxI(), box.maxJ(), box.maxK()}) {
                cells.add(new IntCell(index));
            }
            for (final double mm : box.patient(grid)) {
                cells.add(new DoubleCell(mm));
            }
            cells.add(new DoubleCell(lesion.voxels() * grid.voxelVolume()));
            cells.add(lesion.found() ? BooleanCell.TRUE : BooleanCell.FALSE);
            cells.add(new DoubleCell(lesion.bestIou()));
            add(to, cells);
        }
    }

    private static void add(final BufferedDataContainer to, final List<DataCell> cells) {
        to.addRowToTable(new DefaultRow(RowKey.createRowKey(to.size()), cells.toArray(DataCell[]::new)));
    }

    /** Columns one after the other. */
    private static final class Spec {

        private final List<DataColumnSpec> m_columns = new ArrayList<>();

        Spec add(final String name, final DataType type) {
            m_columns.add(new DataColumnSpecCreator(name, type).createSpec());
            return this;
        }

        Spec texts(final String... names) {
            List.of(names).forEach(n -> add(n, StringCell.TYPE));
            return this;
        }

        Spec counts(final String... names) {
            List.of(names).forEach(n -> add(n, IntCell.TYPE));
            return this;
        }

        Spec numbers(final String... names) {
            List.of(names).forEach(n -> add(n, DoubleCell.TYPE));
            return this;
        }

        DataTableSpec get() {
            return new DataTableSpec(m_columns.toArray(DataColumnSpec[]::new));
        }
    }
}
