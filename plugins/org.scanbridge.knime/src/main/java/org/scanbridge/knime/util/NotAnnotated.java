package org.scanbridge.knime.util;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;

import org.knime.core.node.InvalidSettingsException;
import org.scanbridge.imaging.labels.Combination;
import org.scanbridge.imaging.volume.LabelSet;

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
     * another structure, their {@link Combination} means it, too.
     *
     * @param labels the classes of the segmentation
     * @return each in [1, 255]; names that the segmentation has not are left out
     */
    public SortedSet<Integer> values(final LabelSet labels) {
        final SortedSet<Integer> values = new TreeSet<>();
        for (final String wanted : m_classes) {
            final SortedSet<Integer> named = named(wanted, labels);
            if (named.isEmpty() && isNumber(wanted)) {
                values.add(Integer.valueOf(wanted));
            }
            values.addAll(named);
        }
        return Collections.unmodifiableSortedSet(values);
    }

    private static SortedSet<Integer> named(final String wanted, final LabelSet labels) {
        final SortedSet<Integer> values = new TreeSet<>();
        final String lower = wanted.toLowerCase(Locale.ROOT);
        labels.names().forEach((value, own) -> {
            // a mark on top of a structure says that nobody looked there, too
            final String name = own.strip().toLowerCase(Locale.ROOT);
            if (name.equals(lower) || Combination.structures(name).contains(lower)) {
                values.add(value);
            }
        });
        return values;
    }

    /**
     * Whether each name is one of a class; numbers need no name.
     *
     * @param all the classes of all segmentations
     * @throws InvalidSettingsException if no segmentation has a class of a name
     */
    public void check(final Collection<LabelSet> all) throws InvalidSettingsException {
        for (final String wanted : m_classes) {
            if (!isNumber(wanted) && all.stream().allMatch(labels -> named(wanted, labels).isEmpty())) {
                final SortedSet<String> names = new TreeSet<>();
                all.forEach(labels -> names.addAll(labels.names().values()));
                throw new InvalidSettingsException("\"" + TITLE + "\" is \"" + wanted
                    + "\", but no segmentation has a class of this name. The classes are "
                    + (names.isEmpty() ? "not named" : String.join(", ", names))
                    + ". Choose one of them, give its number, or leave it blank.");
            }
        }
    }
}
