package org.scanbridge.imaging.labels;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

import org.scanbridge.imaging.volume.LabelSet;

/**
 * The name of a class whose voxels belong to several structures at once, such as "liver + lesion". A label map has one
 * value per voxel; where structures overlap, each combination of them that occurs is a class of its own, so that nothing
 * is lost and {@link Region} finds every structure again.
 */
public final class Combination {

    private static final String JOINT = " + ";

    private static final int MAX = 255;

    private Combination() {
    }

    /** The name of the class of voxels that belong to all of these structures. */
    public static String name(final List<String> structures) {
        return String.join(JOINT, structures);
    }

    /** The structures that a class's voxels belong to; the name itself where it is no combination. */
    public static List<String> structures(final String name) {
        return List.of(name.split(" \\+ "));
    }

    /**
     * The classes that voxels of a label value belong to. A name such as "liver + lesion" is a combination where "liver" and
     * "lesion" are classes too; else it is a class of that name.
     *
     * @param value a label value in [1, 255]
     * @param labels the classes there are; one without a name counts as {@code class <value>}
     * @return the value itself if it is no combination
     */
    public static SortedSet<Integer> members(final int value, final LabelSet labels) {
        final List<String> structures = structures(labels.name(value));
        final SortedSet<Integer> members = new TreeSet<>();
        for (final String structure : structures) {
            final int before = members.size();
            for (final var entry : labels.names().entrySet()) {
                if (entry.getValue().equals(structure) && members.add(entry.getKey())) {
                    break;
                }
            }
            if (members.size() == before && !unnamed(structure, labels, members)) {
                return new TreeSet<>(List.of(value));
            }
        }
        return structures.size() > 1 ? members : new TreeSet<>(List.of(value));
    }

    private static boolean unnamed(final String structure, final LabelSet labels, final SortedSet<Integer> members) {
        if (!structure.matches("class [1-9]\\d{0,2}")) {
            return false;
        }
        final int value = Integer.parseInt(structure.substring("class ".length()));
        return value <= MAX && !labels.names().containsKey(value) && members.add(value);
    }

    /**
     * The classes with those that only combinations name: of "lesion" and "liver + lesion" the class "liver" is missing where
     * all of the liver is lesion. A name of which no part is a class is no combination.
     *
     * @param labels the classes there are
     * @param values label values that are taken, apart from those with names
     * @return with the lowest free label values for what was missing; as it is if all are taken
     */
    public static LabelSet completed(final LabelSet labels, final Set<Integer> values) {
        final SortedMap<Integer, String> names = new TreeMap<>(labels.names());
        for (final String name : labels.names().values()) {
            final List<String> structures = structures(name);
            if (structures.stream().noneMatch(s -> isClass(s, labels))) {
                continue;
            }
            for (final String structure : structures) {
                int free = 1;
                while (names.containsKey(free) || values.contains(free)) {
                    free++;
                }
                if (free <= MAX && !names.containsValue(structure) && !isClass(structure, labels)) {
                    names.put(free, structure);
                }
            }
        }
        return new LabelSet(names);
    }

    /**
     * The classes of a name without regard to case, and all combinations that it is part of.
     *
     * @param name of a structure or a combination
     * @param labels the classes there are
     * @return their label values; empty if there is none
     */
    public static SortedSet<Integer> named(final String name, final LabelSet labels) {
        final SortedSet<Integer> values = new TreeSet<>();
        final String wanted = name.strip().toLowerCase(Locale.ROOT);
        labels.names().forEach((value, own) -> {
            final String known = own.strip().toLowerCase(Locale.ROOT);
            if (known.equals(wanted) || structures(known).contains(wanted)) {
                values.add(value);
            }
        });
        return values;
    }

    private static boolean isClass(final String structure, final LabelSet labels) {
        return labels.names().containsValue(structure) || unnamed(structure, labels, new TreeSet<>());
    }

    /**
     * Names that no combination can be taken for: " + " in the name of a structure loses its blanks.
     *
     * @param names names of classes by label value
     */
    static LabelSet unambiguous(final SortedMap<Integer, String> names) {
        final SortedMap<Integer, String> safe = new TreeMap<>();
        names.forEach((value, name) -> safe.put(value, name.replace(JOINT, "+")));
        return new LabelSet(safe);
    }
}
