package org.scanbridge.imaging.labels;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;

/**
 * Gives a combination of structures, see {@link CombinedLabels}, the same number in all segmentations of a study: first all
 * are added, then each is renumbered. Structures keep their numbers; combinations get those after the highest number of a
 * structure of any segmentation, fewer structures first, then by the numbers that the structures have in the first
 * segmentation with the combination. Combinations of the same names are the same, whatever the case.
 */
public final class CombinationNumbers {

    private static final int MAX = 255;

    private final Set<Integer> m_taken = new TreeSet<>();

    /** By the names of the structures: their numbers in the first segmentation. */
    private final Map<SortedSet<String>, SortedSet<Integer>> m_combinations = new HashMap<>();

    private Map<SortedSet<String>, Integer> m_numbers = Map.of();

    private boolean m_numbered;

    /** Adds a segmentation as {@link CombinedLabels} made it. */
    public void add(final LabelVolume labels) {
        add(labels.values(), labels.labels());
    }

    /**
     * Adds a segmentation.
     *
     * @param values the label values that occur
     * @param labels names of structures and combinations
     */
    public void add(final Set<Integer> values, final LabelSet labels) {
        m_numbered = false;
        final Set<Integer> all = new TreeSet<>(values);
        all.addAll(labels.names().keySet());
        for (final int value : all) {
            final SortedSet<Integer> members = Combination.members(value, labels);
            if (members.size() > 1) {
                m_combinations.putIfAbsent(key(members, labels), members);
            } else {
                m_taken.add(value);
            }
        }
    }

    private static SortedSet<String> key(final SortedSet<Integer> members, final LabelSet labels) {
        final SortedSet<String> key = new TreeSet<>();
        members.forEach(m -> key.add(labels.name(m).strip().toLowerCase(Locale.ROOT)));
        return key;
    }

    /** Whether there is any combination. */
    public boolean isEmpty() {
        return m_combinations.isEmpty();
    }

    /** Why the combinations cannot be numbered together: they are too many; empty if they can. */
    public Optional<String> defect() {
        try {
            numbers();
            return Optional.empty();
        } catch (final ImagingException e) {
            return Optional.of("All segmentations of the study together: " + e.getMessage());
        }
    }

    /**
     * Renumbers a segmentation that was added.
     *
     * @throws ImagingException if structures and combinations of all segmentations are more than 255
     */
    public LabelVolume apply(final LabelVolume labels) {
        final byte[] table = new byte[MAX + 1];
        final SortedMap<Integer, String> names = new TreeMap<>();
        boolean same = true;
        final Set<Integer> all = new HashSet<>(labels.labels().names().keySet());
        all.addAll(labels.values());
        for (final int value : all) {
            final SortedSet<Integer> members = Combination.members(value, labels.labels());
            final int number = members.size() > 1 ? numbers().get(key(members, labels.labels())) : value;
            same &= number == value;
            table[value] = (byte)number;
            if (labels.labels().names().containsKey(value)) {
                names.put(number, labels.labels().name(value));
            }
        }
        if (same) {
            return labels;
        }
        final byte[] voxels = new byte[labels.voxels().length];
        for (int v = 0; v < voxels.length; v++) {
            voxels[v] = table[labels.voxels()[v] & 0xff];
        }
        return new LabelVolume(voxels, labels.geometry(), labels.info(), new LabelSet(names));
    }

    private synchronized Map<SortedSet<String>, Integer> numbers() {
        if (!m_numbered) {
            final List<SortedSet<String>> order = new ArrayList<>(m_combinations.keySet());
            order.sort(Comparator.comparing((SortedSet<String> k) -> m_combinations.get(k), CombinedLabels.ORDER)
                .thenComparing(k -> String.join("\0", k)));
            m_numbers = CombinedLabels.numbers(order, m_taken);
            m_numbered = true;
        }
        return m_numbers;
    }
}
