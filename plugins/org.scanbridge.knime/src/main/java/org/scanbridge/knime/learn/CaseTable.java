package org.scanbridge.knime.learn;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.container.CloseableRowIterator;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.InvalidSettingsException;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.port.NetworkPortObjectSpec;
import org.scanbridge.knime.util.HeapNeed;
import org.scanbridge.knime.util.NodeMemory;
import org.scanbridge.knime.util.NotAnnotated;
import org.scanbridge.knime.util.StudyColumns;
import org.scanbridge.knime.util.StudyRow;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.data.ClassValues;
import org.scanbridge.learning.data.ImageChannel;
import org.scanbridge.learning.data.Role;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.network.Network;

/**
 * The training and validation tables of a learner as {@link TrainingCase}s. Voxels stay on disk until the training reads
 * them.
 */
public final class CaseTable {

    private final List<CaseRow> m_training;

    private final List<CaseRow> m_validation;

    /**
     * A row with its images.
     *
     * @param row what is not an image
     * @param names of the image columns
     * @param images of the channels, as many
     * @param said what a teacher says, if one is asked
     */
    private record CaseRow(StudyRow row, List<String> names, List<VolumeValue> images, Optional<TeacherColumn.Said> said) {

        TrainingCase toCase(final Role role) {
            final Supplier<LabelVolume> labels =
                row.segmentation().isPresent() ? row.segmentation().get()::labelVolume : null;
            final List<ImageChannel> channels = new ArrayList<>();
            for (int c = 0; c < images.size(); c++) {
                final VolumeValue image = images.get(c);
                channels.add(new ImageChannel(names.get(c), c == 0 ? row::volume : image::volume));
            }
            return new TrainingCase(channels, labels, row.subject(), row.site(), role);
        }

        /** With the classes of a network as labels, and what a teacher says. */
        TrainingCase toCase(final Role role, final Network network, final NotAnnotated notAnnotated,
            final Optional<TeacherColumn> teacher) {
            final TrainingCase without = toCase(role, network, notAnnotated);
            return said.isEmpty() ? without
                : without.withTeacher(said.get().of(teacher.orElseThrow(), row.name(), network, notAnnotated));
        }

        /** With the classes of a network as labels. */
        TrainingCase toCase(final Role role, final Network network, final NotAnnotated notAnnotated) {
            final ClassValues values = ClassValues.of(network.labels(), network.spec().classes());
            return values.withUnannotated(row.segmentation().map(s -> notAnnotated.values(s.labels()))
                .orElse(Collections.emptySortedSet())).toClasses(List.of(toCase(role))).get(0);
        }
    }

    private final NotAnnotated m_notAnnotated;

    private final Optional<TeacherColumn> m_teacher;

    private CaseTable(final List<CaseRow> training, final List<CaseRow> validation, final NotAnnotated notAnnotated,
        final Optional<TeacherColumn> teacher) throws InvalidSettingsException {
        m_teacher = teacher;
        m_training = training;
        m_validation = validation;
        m_notAnnotated = notAnnotated;
        notAnnotated.checkSegmentations(Stream.of(training, validation).flatMap(List::stream)
            .flatMap(r -> r.row().segmentation().stream()).toList());
    }

    /** @throws InvalidSettingsException if the table lacks a chosen column, or one is chosen twice */
    public static void check(final DataTableSpec training, final CaseColumns columns) throws InvalidSettingsException {
        columns(training, columns);
        columns.images().indices(training);
        columns.notAnnotated();
    }

    /** @throws InvalidSettingsException if a table lacks a chosen column, or one is chosen twice */
    public static void check(final DataTableSpec training, final DataTableSpec validation, final CaseColumns columns)
        throws InvalidSettingsException {
        check(training, columns);
        try {
            columns(validation, columns);
            columns.images().indices(validation);
        } catch (final InvalidSettingsException e) {
            throw new InvalidSettingsException("Validation table: " + e.getMessage(), e);
        }
    }

    /**
     * As {@link #check(DataTableSpec, DataTableSpec, CaseColumns)}, and that there are as many images as the network takes, which
     * is no ensemble.
     *
     * @param network what is to be trained; null if not known yet
     */
    public static void check(final DataTableSpec training, final DataTableSpec validation, final CaseColumns columns,
        final NetworkPortObjectSpec network) throws InvalidSettingsException {
        check(training, validation, columns);
        if (network != null) {
            requireTrainable(network);
            network.requireSingle();
            columns.images().check(network);
        }
    }

    /** Said before the node is executed. */
    private static void requireTrainable(final NetworkPortObjectSpec network) throws InvalidSettingsException {
        try {
            network.architecture().requireTrainable();
        } catch (final LearningException e) {
            throw new InvalidSettingsException(e.getMessage(), e);
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
        return read(training, validation, columns, Optional.empty());
    }

    /**
     * As {@link #read(BufferedDataTable, BufferedDataTable, CaseColumns)}, with what a teacher says of training images.
     *
     * @param teacher the column of the training table; empty if no labels teach
     * @throws InvalidSettingsException also if the training table lacks that column
     */
    public static CaseTable read(final BufferedDataTable training, final BufferedDataTable validation,
        final CaseColumns columns, final Optional<TeacherColumn> teacher) throws InvalidSettingsException {
        return new CaseTable(training(training, columns, teacher), rows(validation, columns, "validation", Optional.empty()),
            columns.notAnnotated(), teacher);
    }

    /**
     * As {@link #read(BufferedDataTable, BufferedDataTable, CaseColumns)} for a learner that does not validate.
     *
     * @throws InvalidSettingsException if the table lacks a chosen column
     * @throws LearningException if the table is empty, or a row has no image or no subject
     */
    public static CaseTable read(final BufferedDataTable training, final CaseColumns columns)
        throws InvalidSettingsException {
        return new CaseTable(training(training, columns, Optional.empty()), List.of(), columns.notAnnotated(),
            Optional.empty());
    }

    /**
     * What to tell the user where there are validation rows, but none that a training can validate on. Without any rows nothing is
     * told: that is how a training without validation is asked for.
     *
     * @param sites whose validation rows are used
     */
    public Optional<String> withoutValidation(final Collection<String> sites) {
        if (m_validation.isEmpty()
            || m_validation.stream().anyMatch(r -> sites.contains(r.row().site()) && r.row().segmentation().isPresent())) {
            return Optional.empty();
        }
        final String where = sites.stream().filter(s -> !s.isBlank()).map(s -> '"' + s + '"').sorted().collect(Collectors.joining(", "));
        return Optional.of("None of the " + m_validation.size() + " validation rows has a segmentation"
            + (where.isEmpty() ? "" : " and is of " + where) + ", so nothing was validated and no step chosen by it. Connect rows that"
            + " have one, or an empty table to train without validation.");
    }

    private static List<CaseRow> training(final BufferedDataTable training, final CaseColumns columns,
        final Optional<TeacherColumn> teacher) throws InvalidSettingsException {
        final List<CaseRow> rows = rows(training, columns, "training", teacher);
        if (rows.isEmpty()) {
            throw new LearningException("The training table has no rows. Connect the training output of the Subject "
                + "Splitter, and look whether a filter before it removed everything.");
        }
        return rows;
    }

    /**
     * The rows of a table of test cases, whose role does not matter, with the classes of a network as labels.
     *
     * @param network tells which label value stands for which class
     * @throws InvalidSettingsException if the table lacks a chosen column
     * @throws LearningException if a row has no image or no subject, or the network has a class that only marks what is not
     *             annotated
     */
    public static List<TrainingCase> test(final BufferedDataTable table, final CaseColumns columns, final Network network)
        throws InvalidSettingsException {
        final NotAnnotated notAnnotated = columns.notAnnotated();
        requireNoMark(notAnnotated, network, "node", "compare with");
        return rows(table, columns, "test", Optional.empty()).stream().map(r -> r.toCase(Role.VALIDATION, network, notAnnotated)).toList();
    }

    /** All sites of the training table. */
    public Collection<String> sites() {
        final Set<String> sites = new TreeSet<>();
        m_training.forEach(r -> sites.add(r.row().site()));
        return sites;
    }

    /**
     * The cases of some sites for a network, with its classes as labels.
     *
     * @param sites whose cases; others are left out
     * @param network tells which label value stands for which class
     * @throws LearningException if the network has a class that only marks what is not annotated
     */
    public List<TrainingCase> cases(final Collection<String> sites, final Network network) {
        requireNoMark(m_notAnnotated, network, "learner", "train with");
        return cases(sites, (row, role) -> row.toCase(role, network, m_notAnnotated, m_teacher));
    }

    /**
     * @param who whose setting it is
     * @param use what nothing would be left to do with
     */
    private static void requireNoMark(final NotAnnotated notAnnotated, final Network network, final String who,
        final String use) {
        final SortedSet<Integer> marks = new TreeSet<>(notAnnotated.values(network.labels()));
        marks.retainAll(network.labels().names().keySet());
        if (!marks.isEmpty()) {
            final LabelSet classes = network.labels();
            throw new LearningException("\"" + NotAnnotated.TITLE + "\" of this " + who + " names "
                + marks.stream().map(m -> "\"" + classes.name(m) + "\" (label value " + m + ")")
                    .collect(Collectors.joining(", "))
                + ", but the network has that as a class, of which no voxel would be left to " + use + ". Set \""
                + NotAnnotated.TITLE + "\" of the Network Builder to the same and build the network again, or clear the"
                + " setting here.");
        }
    }

    /**
     * The cases of some sites.
     *
     * @param sites whose cases; others are left out
     */
    public List<TrainingCase> cases(final Collection<String> sites) {
        return cases(sites, CaseRow::toCase);
    }

    private List<TrainingCase> cases(final Collection<String> sites, final BiFunction<CaseRow, Role, TrainingCase> make) {
        final List<TrainingCase> cases = new ArrayList<>();
        m_training.stream().filter(r -> sites.contains(r.row().site())).forEach(r -> cases.add(make.apply(r, Role.TRAIN)));
        m_validation.stream().filter(r -> sites.contains(r.row().site()))
            .forEach(r -> cases.add(make.apply(r, Role.VALIDATION)));
        return cases;
    }

    /**
     * Refuses cases that cannot fit into memory, as a training that keeps all of them there needs them; which voxels are
     * background, and which labels are read, is not known before.
     *
     * @param sites whose cases are trained on
     * @throws LearningException with the size and the way out
     */
    public void requireMemory(final Collection<String> sites) {
        long voxels = 0;
        long taught = 0;
        int cases = 0;
        for (final CaseRow row : Stream.concat(m_training.stream(), m_validation.stream())
            .filter(r -> sites.contains(r.row().site())).toList()) {
            for (final VolumeValue image : row.images()) {
                voxels += image.geometry().voxelCount();
            }
            taught += row.said().map(TeacherColumn.Said::bytes).orElse(0L);
            cases++;
        }
        // in a training, an image takes four bytes a voxel and what a teacher says one
        requireMemory(cases, voxels + taught / Float.BYTES);
    }

    /**
     * As {@link #requireMemory(Collection)} for test cases that are kept all at once.
     *
     * @throws InvalidSettingsException if the table lacks a chosen column
     */
    public static void requireMemory(final BufferedDataTable test, final CaseColumns columns)
        throws InvalidSettingsException {
        final List<CaseRow> rows = rows(test, columns, "test", Optional.empty());
        requireMemory(rows.size(), rows.stream().flatMap(r -> r.images().stream()).mapToLong(i -> i.geometry().voxelCount())
            .sum());
    }

    /**
     * Makes sure that the probabilities of the largest test image fit, of which areas under curves are taken.
     *
     * @param test the test cases' table
     * @param network what gives the probabilities
     * @throws InvalidSettingsException if the table lacks a chosen column
     */
    public static void requireMemoryForAreas(final BufferedDataTable test, final CaseColumns columns, final Network network)
        throws InvalidSettingsException {
        final long voxels = rows(test, columns, "test", Optional.empty()).stream()
            .mapToLong(r -> r.images().get(0).geometry().voxelCount()).max().orElse(0);
        HeapNeed.of("measuring the largest test image", NodeMemory.STUDY_AREAS.bytes(voxels * network.spec().outputs(), voxels))
            .refusal().ifPresent(refusal -> {
                throw new LearningException(refusal + " Or test on smaller images.");
            });
    }

    /**
     * As {@link #requireMemory(Collection)} for cases that are in no such table.
     *
     * @param cases how many
     * @param voxels of all their images
     */
    public static void requireMemory(final int cases, final long voxels) {
        HeapNeed.of("training on " + cases + " cases, all of which are kept there,", Float.BYTES * voxels).refusal()
            .ifPresent(refusal -> {
                throw new LearningException(refusal + " Or train on fewer cases.");
            });
    }

    /**
     * The names of all label values in the segmentations of the training table.
     *
     * @throws LearningException if two segmentations give one value two names
     */
    public LabelSet labels() {
        return LabelNames.of(m_training.stream().map(CaseRow::row).toList());
    }

    private static StudyColumns columns(final DataTableSpec spec, final CaseColumns columns)
        throws InvalidSettingsException {
        return StudyColumns.of(spec, columns.subject(), columns.site(), columns.image(), columns.segmentation());
    }

    private static List<CaseRow> rows(final BufferedDataTable table, final CaseColumns columns, final String name,
        final Optional<TeacherColumn> teacher) throws InvalidSettingsException {
        final StudyColumns indices = columns(table.getDataTableSpec(), columns);
        final List<String> channels = columns.images().names();
        final int[] imageIndices = columns.images().indices(table.getDataTableSpec());
        final Map<String, List<String>> withoutImage = new LinkedHashMap<>();
        final List<CaseRow> rows = new ArrayList<>();
        try (CloseableRowIterator iterator = table.iterator()) {
            while (iterator.hasNext()) {
                final DataRow dataRow = iterator.next();
                final StudyRow row = indices.row(dataRow);
                final List<VolumeValue> images = new ArrayList<>();
                for (int c = 0; c < imageIndices.length; c++) {
                    final DataCell cell = dataRow.getCell(imageIndices[c]);
                    if (cell.isMissing()) {
                        withoutImage.computeIfAbsent(channels.get(c), column -> new ArrayList<>()).add(row.key());
                    } else {
                        images.add((VolumeValue)cell);
                    }
                }
                if (images.size() == channels.size() && row.subject().isBlank()) {
                    throw new LearningException("The " + name + " table's " + row.name() + " has no subject. Fill column \""
                        + columns.subject() + "\": without it nobody can tell whether a person is on both sides of a split.");
                }
                rows.add(new CaseRow(row, channels, images,
                    teacher.isPresent() ? teacher.get().of(table.getDataTableSpec(), dataRow) : Optional.empty()));
            }
        }
        if (!withoutImage.isEmpty()) {
            throw new LearningException("The " + name + " table has rows without an image "
                + withoutImage.entrySet().stream()
                    .map(e -> "in column \"" + e.getKey() + "\": " + String.join(", ", e.getValue()))
                    .collect(Collectors.joining("; "))
                + ". Filter them out first.");
        }
        return rows;
    }
}
