package org.scanbridge.imaging.split;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

import org.scanbridge.imaging.random.SeededRandom;

/**
 * Divides items such as patches so that each class is divided in the same proportions. It looks at items only: patches
 * of one subject end up on several sides, which makes test scores too good. It is here to show that; for everything
 * else use {@link SubjectSplit}.
 */
public final class StratifiedSplit {

    private StratifiedSplit() {
    }

    /**
     * @param classes the class of each item
     * @param proportions of every class
     * @param seed which of the possible splits
     * @return the part of each item
     * @throws IllegalArgumentException if a class has too few items
     */
    public static List<Part> of(final List<Integer> classes, final Proportions proportions, final long seed) {
        final SortedMap<Integer, List<Integer>> items = new TreeMap<>();
        for (int n = 0; n < classes.size(); n++) {
            items.computeIfAbsent(classes.get(n), c -> new ArrayList<>()).add(n);
        }
        final Part[] parts = new Part[classes.size()];
        items.forEach((label, members) -> {
            final int[] order = members.stream().mapToInt(Integer::intValue).toArray();
            SeededRandom.of(seed, label).shuffle(order);
            final int[] numbers = proportions.numbers("Class " + label, "item", order.length);
            int next = 0;
            for (final Part part : Part.values()) {
                for (int n = 0; n < numbers[part.ordinal()]; n++) {
                    parts[order[next++]] = part;
                }
            }
        });
        return List.of(parts);
    }
}
