package org.scanbridge.dicom.nifti.study;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

import org.scanbridge.dicom.nifti.LabelValues;
import org.scanbridge.imaging.volume.LabelSet;

/**
 * The numbers of label values. A label volume holds values up to 255. Where a label map of the study exceeds that, the
 * values of all its label maps are numbered from 1 in ascending order, over the values that occur in any of them or that
 * the user names, so that one number means the same everywhere; names tell the value that was there, if nothing else does.
 * Otherwise values stay as they are.
 *
 * @param numbers new number by value; empty if values stay
 */
record LabelNumbers(SortedMap<Integer, Integer> numbers) {

    /** Values stay. */
    static final LabelNumbers SAME = new LabelNumbers(new TreeMap<>());

    /** Values that a message spells out. */
    private static final int SHOWN = 8;

    LabelNumbers {
        numbers = Collections.unmodifiableSortedMap(new TreeMap<>(numbers));
    }

    /**
     * @param maps the values of all label maps of a study
     * @param named values that the user names
     */
    static LabelNumbers of(final Collection<LabelValues> maps, final Collection<Integer> named) {
        final SortedSet<Integer> values = new TreeSet<>(named);
        maps.forEach(m -> values.addAll(m.counts().keySet()));
        values.remove(0);
        if (values.isEmpty() || values.last() <= LabelValues.MAX_LABEL || values.size() > LabelValues.MAX_LABEL) {
            return SAME;
        }
        final SortedMap<Integer, Integer> numbers = new TreeMap<>();
        values.forEach(v -> numbers.put(v, numbers.size() + 1));
        return new LabelNumbers(numbers);
    }

    /** Whether values change. */
    boolean changes() {
        return !numbers.isEmpty();
    }

    /** The number of a value; the value itself if it has none, which then is refused. */
    int of(final int value) {
        return value == 0 ? 0 : numbers.getOrDefault(value, value);
    }

    /**
     * The names of the numbers.
     *
     * @param names names by value
     */
    LabelSet names(final Map<Integer, String> names) {
        final SortedMap<Integer, String> named = new TreeMap<>();
        if (changes()) {
            numbers.forEach((value, number) -> named.put(number, names.getOrDefault(value, "label " + value)));
        } else {
            names.forEach((value, name) -> {
                if (value <= LabelValues.MAX_LABEL) {
                    named.put(value, name);
                }
            });
        }
        return new LabelSet(named);
    }

    /** Such as {@code 205 became 1, 420 became 2}. */
    String words() {
        final String first = String.join(", ",
            numbers.entrySet().stream().limit(SHOWN).map(e -> e.getKey() + " became " + e.getValue()).toList());
        return numbers.size() > SHOWN ? first + " and so on up to " + numbers.size() : first;
    }
}
