package org.scanbridge.learning.architecture;

import java.util.List;
import java.util.Objects;
import java.util.TreeSet;

/**
 * A union of classes that a network learns as a whole, such as the whole tumor of edema, necrosis and enhancing part.
 *
 * @param name what it is called; not blank
 * @param classes numbers of its classes, increasing; at least one, none of them the background
 */
public record NetworkRegion(String name, List<Integer> classes) {

    /** @throws IllegalArgumentException if it has no name or no class, or a class below 1 */
    public NetworkRegion {
        Objects.requireNonNull(name, "name");
        classes = List.copyOf(new TreeSet<>(classes));
        if (name.isBlank()) {
            throw new IllegalArgumentException("A region has no name. Give every region one.");
        }
        if (classes.isEmpty() || classes.get(0) < 1) {
            throw new IllegalArgumentException(
                "Region \"" + name + "\" has the classes " + classes + ": at least one, each from 1 on.");
        }
    }
}
