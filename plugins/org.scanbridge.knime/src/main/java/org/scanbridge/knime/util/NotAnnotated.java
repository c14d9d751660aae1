package org.scanbridge.knime.util;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeSet;

import org.knime.core.node.InvalidSettingsException;
import org.scanbridge.imaging.labels.Combination;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.knime.data.LabelVolumeValue;

/** The setting "Not annotated": which classes of segmentations only say that nobody looked there. */
public final class NotAnnotated {

    /** Its title in all dialogs. */
    public static final String TITLE = "Not annotated";

    private final List<String> m_classes = new ArrayList<>();

    private NotAnnotated() {
    }

    /**
     * @param text names or label values, separated by commas; blank for none
     * @throws InvalidSettingsException if it names the background or a number that is no label value
     */
    public static NotAnnotated of(final String text) throws InvalidSettingsException {
        final NotAnnotated setting = new NotAnnotated();
        for (final String part : (text == null ? "" : text).split(",")) {
            final String name = part.strip();
            if (!name.isEmpty()) {
                if (isNumber(name) && (name.length() > 3 || Integer.parseInt(name) < 1 || Integer.parseInt(name) > 255)) {
                    throw new InvalidSettingsException("\"" + TITLE + "\" is " + name
                        + ". Give a label value from 1 to 255 (0 is the background), or the name of a class.");
                }
                setting.m_classes.add(name);
            }
        }
        return setting;
    }

    private static boolean isNumber(final String name) {
        return name.matches("-?\\d+");
    }

    /** Whether all voxels are annotated. */
    public boolean isEmpty() {
        return m_classes.isEmpty();
    }

    /**
     * The label values that mean it in a segmentation: sites may number the same name differently, and where the mark overlaps
     * another structure, their {@link Combination} means it, too. The number of a class means the same as its name.
     *
     * @param labels the classes of the segmentation
     * @return each in [1, 255]; names that the segmentation has not are left out
     */
    public SortedSet<Integer> values(final LabelSet labels) {
        final SortedSet<Integer> values = new TreeSet<>();
        for (final String wanted : m_classes) {
            final SortedSet<Integer> named = Combination.named(wanted, labels);
            final OptionalInt number = number(wanted, labels);
            if (number.isPresent() && (named.isEmpty() || !isNumber(wanted))) {
                values.add(number.getAsInt());
                values.addAll(Combination.named(labels.name(number.getAsInt()), labels));
            }
            values.addAll(named);
        }
        return Collections.unmodifiableSortedSet(values);
    }

    /** The value of a number, or of {@code class 7} where that value has no name. */
    private static OptionalInt number(final String wanted, final LabelSet labels) {
        if (isNumber(wanted)) {
            return OptionalInt.of(Integer.parseInt(wanted));
        }
        if (wanted.matches("(?i)class [1-9]\\d{0,2}")) {
            final int value = Integer.parseInt(wanted.substring("class ".length()));
            return value <= 255 && !labels.names().containsKey(value) ? OptionalInt.of(value) : OptionalInt.empty();
        }
        return OptionalInt.empty();
    }

    /**
     * Whether each name and each number is one of a class.
     *
     * @param all the classes of all segmentations, also those without a name, see {@link ClassList#with}
     * @throws InvalidSettingsException if no segmentation has a class of a name or number
     */
    public void check(final Collection<LabelSet> all) throws InvalidSettingsException {
        for (final String wanted : m_classes) {
            if (!has(wanted, all)) {
                throw new InvalidSettingsException("\"" + TITLE + "\" is \"" + wanted
                    + "\", but no segmentation has a class of this " + (isNumber(wanted) ? "number" : "name")
                    + ". The classes are: " + ClassList.text(all)
                    + ". Give names or numbers of these, separated by commas, or leave it blank.");
            }
        }
    }

    /**
     * As {@link #check(Collection)}; reads voxels only where the names leave it open whether a class occurs.
     *
     * @param segmentations all there are
     */
    public void checkSegmentations(final Collection<? extends LabelVolumeValue> segmentations)
        throws InvalidSettingsException {
        final List<LabelSet> known = new ArrayList<>();
        segmentations.forEach(s -> known.add(
            s.maxLabel() == 0 ? s.labels() : ClassList.with(s.labels(), List.of(s.maxLabel()))));
        if (m_classes.stream().allMatch(wanted -> has(wanted, known))) {
            return;
        }
        final List<LabelSet> all = new ArrayList<>();
        segmentations.forEach(s -> all.add(ClassList.with(s.labels(), s.labelVolume().values())));
        check(all);
    }

    private static boolean has(final String wanted, final Collection<LabelSet> all) {
        return all.stream().anyMatch(labels -> !Combination.named(wanted, labels).isEmpty()
            || isNumber(wanted) && labels.names().containsKey(Integer.valueOf(wanted)));
    }
}
