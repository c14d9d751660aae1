package org.scanbridge.imaging.volume;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The meaning of label values: value → class name. Value 0 is the background and is never listed.
 *
 * @param names class names by label value, each value within [1, 255], each name not blank
 */
public record LabelSet(SortedMap<Integer, String> names) {

    /** @throws IllegalArgumentException if a value is outside [1, 255] or a name is blank */
    public LabelSet {
        names.forEach((value, name) -> {
            if (value < 1 || value > 255) {
                throw new IllegalArgumentException(
                    "label value " + value + " (\"" + name + "\") is outside 1..255; 0 is the background");
            }
            if (name == null || name.isBlank()) {
                throw new IllegalArgumentException("label value " + value + " has no name");
            }
        });
        names = Collections.unmodifiableSortedMap(new TreeMap<>(names));
    }

    /** From a map of value to name. */
    public static LabelSet of(final Map<Integer, String> names) {
        return new LabelSet(new TreeMap<>(names));
    }

    /** Values 1, 2, … with these names. */
    public static LabelSet of(final String... names) {
        final SortedMap<Integer, String> map = new TreeMap<>();
        for (int v = 1; v <= names.length; v++) {
            map.put(v, names[v - 1]);
        }
        return new LabelSet(map);
    }

    /** The name of a value; {@code background} for 0, {@code class <value>} for a value without a name. */
    public String name(final int value) {
        return value == 0 ? "background" : names.getOrDefault(value, "class " + value);
    }
}
