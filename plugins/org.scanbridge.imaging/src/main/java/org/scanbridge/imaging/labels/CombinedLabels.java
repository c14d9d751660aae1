package org.scanbridge.imaging.labels;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.volume.LabelSet;

/**
 * Makes one label map of structures that overlap, and loses nothing: voxels of one structure get its number, and each
 * combination of structures that occurs becomes a class of its own, named by {@link Combination}. Structures keep their
 * numbers. Combinations are ordered by how many structures they have, then by the numbers of these; they get the numbers
 * after the highest one of a structure, and where these run out at 255 the lowest that are free.
 */
public final class CombinedLabels {

    private static final int MAX = 255;

    /** More sets of structures than any drawing has, and what the table of steps between them may cost. */
    private static final int MAX_SETS = 1 << 13;

    /** Combinations that a message names. */
    private static final int SHOWN = 5;

    /** Fewer structures first, then by their numbers. */
    static final Comparator<SortedSet<Integer>> ORDER = Comparator.<SortedSet<Integer>> comparingInt(SortedSet::size)
        .thenComparing(CombinedLabels::compareNumbers);

    /** Which set each voxel has, by its index in the list. */
    private final char[] m_voxels;

    private final List<SortedSet<Integer>> m_sets = new ArrayList<>();

    private final Map<SortedSet<Integer>, Integer> m_indices = new HashMap<>();

    /** By set: the set with one label more; 0 where that was not needed yet, since no set becomes the empty one. */
    private final List<char[]> m_steps = new ArrayList<>();

    /** @param voxels number of voxels; none belongs to a structure yet */
    public CombinedLabels(final int voxels) {
        m_voxels = new char[voxels];
        index(new TreeSet<>());
    }

    /**
     * One label map of all structures.
     *
     * @param voxels label value of each voxel
     * @param labels names of structures and combinations
     * @param combinations number of voxels by the label value of a combination; empty if nothing overlaps
     */
    public record Result(byte[] voxels, LabelSet labels, SortedMap<Integer, Integer> combinations) {

        /** The combinations in words, such as {@code 3 "liver + lesion" (8 voxels)}. */
        public String words() {
            final List<String> words = combinations.entrySet().stream().limit(SHOWN)
                .map(c -> c.getKey() + " \"" + labels.name(c.getKey()) + "\" (" + c.getValue() + " voxels)").toList();
            return String.join(", ", words)
                + (combinations.size() > SHOWN ? " and " + (combinations.size() - SHOWN) + " more" : "");
        }
    }

    private int index(final SortedSet<Integer> set) {
        final Integer known = m_indices.get(set);
        if (known != null) {
            return known;
        }
        if (m_sets.size() >= MAX_SETS) {
            throw tooMany();
        }
        m_indices.put(set, m_sets.size());
        m_sets.add(set);
        m_steps.add(new char[MAX + 1]);
        return m_sets.size() - 1;
    }

    private static ImagingException tooMany() {
        return new ImagingException("The structures and their combinations are more than 255 classes.");
    }

    /**
     * Says that a voxel belongs to a structure; more than once is as once.
     *
     * @param voxel index of the voxel
     * @param label label value of the structure, in [1, 255]
     * @throws ImagingException if there are far more combinations than label values
     */
    public void add(final int voxel, final int label) {
        final char[] steps = m_steps.get(m_voxels[voxel]);
        if (steps[label] == 0) {
            final SortedSet<Integer> more = new TreeSet<>(m_sets.get(m_voxels[voxel]));
            more.add(label);
            steps[label] = (char)index(more);
        }
        m_voxels[voxel] = steps[label];
    }

    /**
     * Numbers the combinations.
     *
     * @param names names of structures by label value, in [1, 255], also of such that have no voxel; one that is missing is
     *            called {@code class <value>}. A name in which " + " stands, which parts the structures of a combination,
     *            gets "+" there, and of several structures of a combination that have the same name each gets its number.
     * @param reserved further label values that no combination gets
     * @throws ImagingException if structures and combinations are more than 255
     */
    public Result finish(final SortedMap<Integer, String> names, final Set<Integer> reserved) {
        final int[] counts = new int[m_sets.size()];
        for (final char set : m_voxels) {
            counts[set]++;
        }
        final SortedSet<SortedSet<Integer>> combinations = new TreeSet<>(ORDER);
        final Set<Integer> taken = new TreeSet<>(names.keySet());
        taken.addAll(reserved);
        for (int s = 1; s < counts.length; s++) {
            if (counts[s] > 0) {
                taken.addAll(m_sets.get(s));
                if (m_sets.get(s).size() > 1) {
                    combinations.add(m_sets.get(s));
                }
            }
        }
        final SortedMap<Integer, String> all = new TreeMap<>(named(names, combinations).names());
        final LabelSet structures = new LabelSet(all);
        final Map<SortedSet<Integer>, Integer> numbers = numbers(combinations, taken);
        final byte[] values = new byte[counts.length];
        final SortedMap<Integer, Integer> sizes = new TreeMap<>();
        for (int s = 1; s < counts.length; s++) {
            final SortedSet<Integer> set = m_sets.get(s);
            if (set.size() == 1) {
                values[s] = (byte)(int)set.first();
            } else if (counts[s] > 0) {
                final int number = numbers.get(set);
                values[s] = (byte)number;
                sizes.put(number, counts[s]);
                all.put(number, Combination.name(set.stream().map(structures::name).toList()));
            }
        }
        final byte[] voxels = new byte[m_voxels.length];
        for (int v = 0; v < voxels.length; v++) {
            voxels[v] = values[m_voxels[v]];
        }
        return new Result(voxels, new LabelSet(all), sizes);
    }

    /** The names of structures, such that the name of a combination tells them apart. */
    private static LabelSet named(final SortedMap<Integer, String> names, final Set<SortedSet<Integer>> combinations) {
        final SortedMap<Integer, String> all = new TreeMap<>(Combination.unambiguous(names).names());
        final Set<Integer> combined = new TreeSet<>();
        combinations.forEach(combined::addAll);
        final Set<String> seen = new HashSet<>();
        final Set<String> twice = new HashSet<>();
        all.values().stream().filter(n -> !seen.add(n)).forEach(twice::add);
        all.replaceAll((value, name) -> twice.contains(name) && combined.contains(value) ? name + " (" + value + ")" : name);
        return new LabelSet(all);
    }

    /**
     * Numbers for combinations: those after the highest that is taken, then the lowest that are free.
     *
     * @throws ImagingException if there are not as many
     */
    static <T> Map<T, Integer> numbers(final Iterable<T> combinations, final Set<Integer> taken) {
        final Map<T, Integer> numbers = new HashMap<>();
        final Set<Integer> used = new HashSet<>(taken);
        int next = taken.stream().mapToInt(n -> n).max().orElse(0) + 1;
        for (final T combination : combinations) {
            if (next > MAX) {
                next = 1;
                while (used.contains(next)) {
                    next++;
                }
                if (next > MAX) {
                    throw tooMany();
                }
                numbers.put(combination, next);
                used.add(next);
                next = MAX + 1;
            } else {
                numbers.put(combination, next);
                used.add(next++);
            }
        }
        return numbers;
    }

    private static int compareNumbers(final SortedSet<Integer> a, final SortedSet<Integer> b) {
        final var other = b.iterator();
        for (final int x : a) {
            final int y = other.next();
            if (x != y) {
                return Integer.compare(x, y);
            }
        }
        return 0;
    }
}
