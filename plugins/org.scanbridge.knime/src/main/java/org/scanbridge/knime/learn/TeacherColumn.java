package org.scanbridge.knime.learn;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;

import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.node.InvalidSettingsException;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.NotAnnotated;
import org.scanbridge.knime.util.ProbabilityColumns;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.data.ClassValues;
import org.scanbridge.learning.data.TeacherLabels;
import org.scanbridge.learning.network.Network;

/**
 * A column with segmentations by a teacher, such as an atlas, and perhaps the columns of probabilities that belong to it.
 *
 * @param setting title of the setting, for messages
 * @param name of the column
 * @param probabilities whether the probabilities are used: those of the columns {@code <name> p(<label>)}
 */
public record TeacherColumn(String setting, String name, boolean probabilities) {

    /** Title of the setting. */
    public static final String TITLE = "Column with labels by a teacher";

    /** The name that the Atlas Segmenter gives its column. */
    public static final String DEFAULT = "atlas";

    /**
     * What a row says.
     *
     * @param labels the segmentation
     * @param maps the probabilities by the label's name
     */
    record Said(LabelVolumeValue labels, Map<String, VolumeValue> maps) {

        /** Bytes that this takes in a training. */
        long bytes() {
            return labels.geometry().voxelCount() * (long)Math.max(1, maps.size());
        }

        /**
         * The same for a network, with its classes as labels.
         *
         * @param column it is of
         * @param row for messages
         * @throws LearningException if the labels are named otherwise than the network's, or probabilities are missing
         */
        TeacherLabels of(final TeacherColumn column, final String row, final Network network,
            final NotAnnotated notAnnotated) {
            final ClassValues values = ClassValues.of(network.labels(), network.spec().classes());
            final LabelSet given = labels.labels();
            network.labels().names().forEach((value, name) -> {
                final String other = given.names().get(value);
                if (other != null && !other.equals(name)) {
                    throw new LearningException("In column \"" + column.name + "\" of " + row + " the label value " + value
                        + " is \"" + other + "\", but the network calls it \"" + name + "\". Use a teacher, such as an atlas,"
                        + " that was made from segmentations with the network's labels.");
                }
            });
            if (!column.probabilities) {
                final SortedSet<Integer> open = notAnnotated.values(given);
                return TeacherLabels.of(() -> values.withUnannotated(open).toClasses(labels.labelVolume()));
            }
            final List<Supplier<Volume>> all = new ArrayList<>();
            for (int c = 1; c < network.spec().classes(); c++) {
                final String label = given.name(values.value(c));
                final VolumeValue map = maps.get(label);
                if (map == null) {
                    throw new LearningException("There is no probability of \"" + label + "\" for " + row + ": column \""
                        + column.map(label) + "\" is missing or empty. Let the Atlas Segmenter append \"Probabilities\", or"
                        + " choose \"Labels\" under \"Taught\".");
                }
                all.add(map::volume);
            }
            return TeacherLabels.of(all);
        }
    }

    private String map(final String label) {
        return ProbabilityColumns.name(name, label);
    }

    /** @throws InvalidSettingsException if the table lacks the column */
    public void check(final DataTableSpec spec) throws InvalidSettingsException {
        index(spec);
    }

    private int index(final DataTableSpec spec) throws InvalidSettingsException {
        if (name == null || name.isBlank()) {
            throw new InvalidSettingsException("\"" + setting + "\" is not chosen, and the table has no column \"" + DEFAULT
                + "\". Let the Atlas Segmenter segment the images of the target sites, and choose its column.");
        }
        return Columns.index(spec, name, LabelVolumeValue.class, setting);
    }

    /**
     * What a row says.
     *
     * @return empty if it says nothing
     * @throws InvalidSettingsException if the table lacks the column
     */
    Optional<Said> of(final DataTableSpec spec, final DataRow row) throws InvalidSettingsException {
        final int index = index(spec);
        if (row.getCell(index).isMissing()) {
            return Optional.empty();
        }
        final LabelVolumeValue labels = (LabelVolumeValue)row.getCell(index);
        final Map<String, VolumeValue> maps = new LinkedHashMap<>();
        for (final String label : probabilities ? new TreeSet<>(labels.labels().names().values()) : new TreeSet<String>()) {
            final int column = spec.findColumnIndex(map(label));
            if (column >= 0 && row.getCell(column) instanceof VolumeValue map) {
                maps.put(label, map);
            }
        }
        return Optional.of(new Said(labels, maps));
    }
}
