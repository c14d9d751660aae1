package org.scanbridge.learning.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.NetworkSpec;

/**
 * Which label value stands for each class of a network. A network numbers its classes 0, 1, 2, … without a gap; label values
 * may jump, as in a mask of 0 and 255 or in tumors labeled 1, 2 and 4. Where the names of a network's classes are those of
 * other values than 1 to the number of classes, these values stand for the classes in their order, so that a mask of 0 and
 * 255 makes a network of two classes whose predictions have the values 0 and 255 again. Values that stand for voxels that are
 * not annotated become {@link NetworkSpec#UNANNOTATED}.
 */
public final class ClassValues {

    /** Value by class, from class 1 on. */
    private final List<Integer> m_values;

    private final LabelSet m_labels;

    private final int m_classes;

    /** Values of voxels that are not annotated. */
    private final Set<Integer> m_unannotated;

    private ClassValues(final List<Integer> values, final LabelSet labels, final int classes,
        final Set<Integer> unannotated) {
        m_values = values;
        m_labels = labels;
        m_classes = classes;
        m_unannotated = unannotated;
    }

    /**
     * @param labels names of the classes by label value; may be empty, or name some of the classes only
     * @param classes number of classes of the network, background included
     */
    public static ClassValues of(final LabelSet labels, final int classes) {
        final List<Integer> values = new ArrayList<>(labels.names().keySet());
        // Networks whose classes are not all named have the values 1, 2, ….
        final boolean jumps = values.size() == classes - 1 && !values.isEmpty() && values.get(values.size() - 1) >= classes;
        return new ClassValues(jumps ? Collections.unmodifiableList(values) : List.of(), labels, classes, Set.of());
    }

    /**
     * The same where some values mean that a voxel is not annotated.
     *
     * @param values label values, each in [1, 255]; may be empty, and may be classes of the network
     */
    public ClassValues withUnannotated(final Set<Integer> values) {
        return new ClassValues(m_values, m_labels, m_classes, Set.copyOf(values));
    }

    /** Whether values and classes differ. */
    public boolean jump() {
        return !m_values.isEmpty();
    }

    /** The label value of a class; 0 for the background. */
    public int value(final int label) {
        return label == 0 || !jump() ? label : m_values.get(label - 1);
    }

    /** The names by class instead of by value. */
    public LabelSet classNames() {
        if (!jump()) {
            return m_labels;
        }
        final SortedMap<Integer, String> names = new TreeMap<>();
        for (int c = 1; c <= m_values.size(); c++) {
            names.put(c, m_labels.name(m_values.get(c - 1)));
        }
        return new LabelSet(names);
    }

    /**
     * Classes instead of values, {@link NetworkSpec#UNANNOTATED} where nothing is annotated.
     *
     * @throws LearningException if a value stands for no class, or if the network has so many classes that no number is left
     *             for voxels that are not annotated
     */
    public LabelVolume toClasses(final LabelVolume labels) {
        if (!jump() && m_unannotated.isEmpty()) {
            return labels;
        }
        if (!m_unannotated.isEmpty() && m_classes > NetworkSpec.UNANNOTATED) {
            throw new LearningException("The network has " + m_classes + " classes, so no number is left for voxels that are"
                + " not annotated. Make some of its classes one with the Label Editor.");
        }
        final byte[] classes = new byte[256];
        final boolean[] known = new boolean[256];
        known[0] = true;
        for (int c = 1; c < m_classes; c++) {
            classes[value(c)] = (byte)c;
            known[value(c)] = true;
        }
        for (final int value : m_unannotated) {
            classes[value] = (byte)NetworkSpec.UNANNOTATED;
            known[value] = true;
        }
        final byte[] voxels = new byte[labels.voxels().length];
        for (int v = 0; v < voxels.length; v++) {
            final int value = labels.voxels()[v] & 0xff;
            if (!known[value]) {
                throw new LearningException("The segmentation of subject " + labels.info().subject()
                    + " has the label value " + value + ", but the classes of the network are "
                    + (jump() ? m_values : "1 to " + (m_classes - 1))
                    + ". Build the network from all segmentations, or map the label values with the Label"
                    + " Editor.");
            }
            voxels[v] = classes[value];
        }
        return new LabelVolume(voxels, labels.geometry(), labels.info(), jump() ? classNames() : annotated(labels.labels()));
    }

    private LabelSet annotated(final LabelSet labels) {
        final SortedMap<Integer, String> names = new TreeMap<>(labels.names());
        names.keySet().removeAll(m_unannotated);
        return new LabelSet(names);
    }

    /** Values instead of classes, with the names of the values. */
    public LabelVolume toValues(final LabelVolume classes) {
        if (!jump()) {
            return classes;
        }
        final byte[] voxels = new byte[classes.voxels().length];
        for (int v = 0; v < voxels.length; v++) {
            voxels[v] = (byte)value(classes.voxels()[v] & 0xff);
        }
        return new LabelVolume(voxels, classes.geometry(), classes.info(), m_labels);
    }

    /** Cases whose labels are classes when they are read. */
    public List<TrainingCase> toClasses(final List<TrainingCase> cases) {
        return !jump() && m_unannotated.isEmpty() ? cases
            : cases.stream().map(c -> c.labels() == null ? c : new TrainingCase(c.channels(),
                () -> toClasses(c.labels().get()), c.subject(), c.site(), c.role(), !m_unannotated.isEmpty(), c.teacher())).toList();
    }
}
