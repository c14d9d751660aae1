package org.scanbridge.knime.util;

import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.scanbridge.imaging.volume.LabelSet;

/** The classes that there are, for settings that name some of them: those with a name, and those that only occur. */
public final class ClassList {

    private ClassList() {
    }

    /**
     * The names of classes with those of further values, which are called {@code class 7} where they have none.
     *
     * @param labels the classes with a name
     * @param values further ones, each in [1, 255]
     */
    public static LabelSet with(final LabelSet labels, final Collection<Integer> values) {
        final SortedMap<Integer, String> names = new TreeMap<>(labels.names());
        values.forEach(value -> names.putIfAbsent(value, labels.name(value)));
        return new LabelSet(names);
    }

    /** For messages: {@code 1 = CSF, 2 = GM}; "none" if there are none. */
    public static String text(final LabelSet labels) {
        return text(List.of(labels));
    }

    /** For messages: as {@link #text(LabelSet)}, of several segmentations that may number their classes differently. */
    public static String text(final Collection<LabelSet> all) {
        final SortedMap<Integer, SortedSet<String>> names = new TreeMap<>();
        all.forEach(labels -> labels.names()
            .forEach((value, name) -> names.computeIfAbsent(value, v -> new TreeSet<>()).add(name)));
        return names.isEmpty() ? "none" : names.entrySet().stream()
            .flatMap(e -> e.getValue().stream().map(name -> e.getKey() + " = " + name)).collect(Collectors.joining(", "));
    }
}
