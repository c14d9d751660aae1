package org.scanbridge.knime.learn;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.container.CloseableRowIterator;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.InvalidSettingsException;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.knime.util.StudyColumns;
import org.scanbridge.knime.util.StudyRow;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.data.Role;
import org.scanbridge.learning.data.TrainingCase;

/**
 * The training and validation tables of a learner as {@link TrainingCase}s. Voxels stay on disk until the training reads
 * them.
 */
public final class CaseTable {

    private final List<StudyRow> m_training;

    private final List<StudyRow> m_validation;

    private CaseTable(final List<StudyRow> training, final List<StudyRow> validation) {
        m_training = training;
        m_validation = validation;
    }

    /** @throws InvalidSettingsException if a table lacks a chosen column */
    public static void check(final DataTableSpec training, final DataTableSpec validation, final CaseColumns columns)
        throws InvalidSettingsException {
        columns(training, columns);
        try {
            columns(validation, columns);
        } catch (final InvalidSettingsException e) {
            throw new InvalidSettingsException("Validation table: " + e.getMessage(), e);
        }
    }

    /**
     * Reads the rows, not the voxels.
     *
     * @throws InvalidSettingsException if a table lacks a chosen column
     * @throws LearningException if the training table is empty, or a row has no image or no subject
     */
    public static CaseTable read(final BufferedDataTable training, final BufferedDataTable validation,
        final CaseColumns columns) throws InvalidSettingsException {
        final List<StudyRow> rows = rows(training, columns, "training");
        if (rows.isEmpty()) {
            throw new LearningException("The training table has no rows. Connect the training output of the Subject "
                + "Splitter, and look whether a filter before it removed everything.");
        }
        return new CaseTable(rows, rows(validation, columns, "validation"));
    }

    /**
     * The rows of a table of test cases, whose role does not matter.
     *
     * @throws InvalidSettingsException if the table lacks a chosen column
     * @throws LearningException if a row has no image or no subject
     */
    public static List<TrainingCase> test(final BufferedDataTable table, final CaseColumns columns)
        throws InvalidSettingsException {
        return rows(table, columns, "test").stream().map(r -> toCase(r, Role.VALIDATION)).toList();
    }

    /** All sites of the training table. */
    public Collection<String> sites() {
        final Set<String> sites = new TreeSet<>();
        m_training.forEach(r -> sites.add(r.site()));
        return sites;
    }

    /**
     * The cases of some sites.
     *
     * @param sites whose cases; others are left out
     */
    public List<TrainingCase> cases(final Collection<String> sites) {
        final List<TrainingCase> cases = new ArrayList<>();
        m_training.stream().filter(r -> sites.contains(r.site())).forEach(r -> cases.add(toCase(r, Role.TRAIN)));
        m_validation.stream().filter(r -> sites.contains(r.site())).forEach(r -> cases.add(toCase(r, Role.VALIDATION)));
        return cases;
    }

    /**
     * The names of all label values in the segmentations of the training table.
     *
     * @throws LearningException if two segmentations give one value two names
     */
    public LabelSet labels() {
        return LabelNames.of(m_training);
    }

    private static StudyColumns columns(final DataTableSpec spec, final CaseColumns columns)
        throws InvalidSettingsException {
        return StudyColumns.of(spec, columns.subject(), columns.site(), columns.image(), columns.segmentation());
    }

    private static List<StudyRow> rows(final BufferedDataTable table, final CaseColumns columns, final String name)
        throws InvalidSettingsException {
        final StudyColumns indices = columns(table.getDataTableSpec(), columns);
        final Set<String> withoutImage = new LinkedHashSet<>();
        final List<StudyRow> rows = new ArrayList<>();
        try (CloseableRowIterator iterator = table.iterator()) {
            while (iterator.hasNext()) {
                final DataRow dataRow = iterator.next();
                final StudyRow row = indices.row(dataRow);
                if (row.image().isEmpty()) {
                    withoutImage.add(row.key());
                } else if (row.subject().isBlank()) {
                    throw new LearningException("The " + name + " table's " + row.name() + " has no subject. Fill column \""
                        + columns.subject() + "\": without it nobody can tell whether a person is on both sides of a split.");
                } else {
                    rows.add(row);
                }
            }
        }
        if (!withoutImage.isEmpty()) {
            throw new LearningException("The " + name + " table has rows without an image in column \"" + columns.image()
                + "\": " + String.join(", ", withoutImage) + ". Filter them out first.");
        }
        return rows;
    }

    private static TrainingCase toCase(final StudyRow row, final Role role) {
        final Supplier<LabelVolume> labels = row.segmentation().isPresent() ? row.segmentation().get()::labelVolume : null;
        return new TrainingCase(row::volume, labels, row.subject(), row.site(), role);
    }
}
