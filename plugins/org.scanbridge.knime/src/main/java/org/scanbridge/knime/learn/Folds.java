package org.scanbridge.knime.learn;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.LongValue;
import org.knime.core.data.StringValue;
import org.knime.core.data.container.CloseableRowIterator;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.InvalidSettingsException;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.RowName;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.data.Role;
import org.scanbridge.learning.data.TrainingCase;

/**
 * The cross-validation folds of a training table.
 *
 * @param bySubject name of the fold of each subject
 */
record Folds(Map<String, String> bySubject) {

    /** What users call the setting. */
    private static final String TITLE = "Folds column";

    private static final Comparator<String> ORDER =
        Comparator.comparing(String::length).thenComparing(Comparator.naturalOrder());

    /** Copies the map. */
    Folds {
        bySubject = Map.copyOf(bySubject);
    }

    /**
     * Reads the folds.
     *
     * @param table the training table
     * @param subjectColumn name of its subject column
     * @param foldsColumn name of its column with folds
     * @throws InvalidSettingsException if a column is missing
     * @throws LearningException if a row has no fold, or a subject is in several
     */
    static Folds of(final BufferedDataTable table, final String subjectColumn, final String foldsColumn)
        throws InvalidSettingsException {
        final int subjects = Columns.index(table.getDataTableSpec(), subjectColumn, StringValue.class, "Subject column");
        final int folds = index(table.getDataTableSpec(), foldsColumn);
        final Map<String, String> bySubject = new TreeMap<>();
        try (CloseableRowIterator rows = table.iterator()) {
            while (rows.hasNext()) {
                final DataRow row = rows.next();
                final String subject = Columns.text(row, subjects).strip();
                final String fold = name(row.getCell(folds));
                if (fold.isEmpty()) {
                    throw new LearningException(RowName.first(row.getKey().getString()) + " of the training table has no fold"
                        + " in column \"" + foldsColumn + "\". Connect the training output of a Subject Splitter with"
                        + " \"Folds\" above 0, or filter the row out.");
                }
                final String other = bySubject.putIfAbsent(subject, fold);
                if (other != null && !other.equals(fold)) {
                    throw new LearningException("Subject " + subject + " is in the folds " + other + " and " + fold
                        + " of column \"" + foldsColumn + "\", so that networks would be scored on a person they have seen."
                        + " Divide by subject, as the Subject Splitter does.");
                }
            }
        }
        return new Folds(bySubject);
    }

    /**
     * The index of the column with folds: text, or integers as a CSV file has them.
     *
     * @param spec the training table
     * @param foldsColumn the chosen column
     * @throws InvalidSettingsException if there is no such column or it holds something else
     */
    static int index(final DataTableSpec spec, final String foldsColumn) throws InvalidSettingsException {
        final int index = foldsColumn == null ? -1 : spec.findColumnIndex(foldsColumn);
        return index >= 0 && spec.getColumnSpec(index).getType().isCompatible(LongValue.class) ? index
            : Columns.index(spec, foldsColumn, StringValue.class, TITLE);
    }

    private static String name(final DataCell cell) {
        if (cell.isMissing()) {
            return "";
        }
        return cell instanceof StringValue text ? text.getStringValue().strip()
            : Long.toString(((LongValue)cell).getLongValue());
    }

    private String fold(final TrainingCase trainingCase) {
        return bySubject.get(trainingCase.subject().strip());
    }

    /**
     * Names of the folds of labeled training cases: numbers in their order, others by the alphabet.
     *
     * @throws LearningException if there are less than two, or none because nothing is labeled
     */
    List<String> names(final List<TrainingCase> cases) {
        final List<String> names = cases.stream().filter(c -> c.role() == Role.TRAIN && c.labeled())
            .map(this::fold).distinct().sorted(ORDER).toList();
        if (names.isEmpty()) {
            throw new LearningException("None of the images to train on, those of "
                + String.join(", ", cases.stream().map(TrainingCase::site).distinct().sorted().toList())
                + ", has a segmentation, so no fold has anything to learn from. Choose other sites with \"Train on\", check"
                + " \"Segmentation column\", or segment some of them.");
        }
        if (names.size() < 2) {
            throw new LearningException("All labeled images to train on are in fold " + names.get(0)
                + ": cross-validation needs labeled subjects in two folds or more. Ask the Subject Splitter for more folds,"
                + " segment subjects of other folds, or switch off \"One network for each fold\".");
        }
        return names;
    }

    /** What to tell of folds without labeled subjects, which get no network; empty if all have some. */
    Optional<String> unlabeled(final List<TrainingCase> cases) {
        final List<String> names = names(cases);
        final List<String> others = bySubject.values().stream().distinct().filter(f -> !names.contains(f)).sorted(ORDER)
            .toList();
        if (others.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of((others.size() == 1 ? "Fold " : "Folds ") + String.join(", ", others)
            + (others.size() == 1 ? " has" : " have") + " no labeled subject to train on, so there are " + names.size()
            + " networks for " + (names.size() + others.size()) + " folds. Divide only the rows with a segmentation, with a"
            + " filter before the Subject Splitter, so that every fold has labeled subjects.");
    }

    /** The cases without the training cases of a fold. */
    List<TrainingCase> without(final String fold, final List<TrainingCase> cases) {
        final List<TrainingCase> others = new ArrayList<>();
        for (final TrainingCase c : cases) {
            if (c.role() != Role.TRAIN || !fold.equals(fold(c))) {
                others.add(c);
            }
        }
        return others;
    }
}
