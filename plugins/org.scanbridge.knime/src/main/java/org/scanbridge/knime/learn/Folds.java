package org.scanbridge.knime.learn;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.knime.core.data.DataRow;
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
        final int folds = Columns.index(table.getDataTableSpec(), foldsColumn, StringValue.class, TITLE);
        final Map<String, String> bySubject = new TreeMap<>();
        try (CloseableRowIterator rows = table.iterator()) {
            while (rows.hasNext()) {
                final DataRow row = rows.next();
                final String subject = Columns.text(row, subjects);
                final String fold = Columns.text(row, folds).strip();
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
     * Names of the folds of labeled training cases: numbers in their order, others by the alphabet.
     *
     * @throws LearningException if there are less than two
     */
    List<String> names(final List<TrainingCase> cases) {
        final List<String> names = cases.stream().filter(c -> c.role() == Role.TRAIN && c.labeled())
            .map(c -> bySubject.get(c.subject())).distinct()
            .sorted(Comparator.comparing(String::length).thenComparing(Comparator.naturalOrder())).toList();
        if (names.size() < 2) {
            throw new LearningException("The labeled images of the training table are in " + names.size() + " fold(s) ("
                + String.join(", ", names) + "): cross-validation needs two or more. Ask the Subject Splitter for more folds,"
                + " or switch off \"One network for each fold\".");
        }
        return names;
    }

    /** The cases without the training cases of a fold. */
    List<TrainingCase> without(final String fold, final List<TrainingCase> cases) {
        final List<TrainingCase> others = new ArrayList<>();
        for (final TrainingCase c : cases) {
            if (c.role() != Role.TRAIN || !fold.equals(bySubject.get(c.subject()))) {
                others.add(c);
            }
        }
        return others;
    }
}
