package org.scanbridge.dicom.series;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Slices of one orientation by the place at which they lie; each place has one or more slices. */
final class Places {

    /** Positions closer than this, in mm, are the same. */
    private static final double SAME_PLACE = 1e-2;

    private final List<List<Slice>> m_places;

    private final double[] m_depths;

    private Places(final List<List<Slice>> places, final double[] depths) {
        m_places = places;
        m_depths = depths;
    }

    /** @param slices with planes, at least one */
    static Places of(final List<Slice> slices) {
        final double[] normal = slices.get(0).plane().orElseThrow().axes().normal();
        final List<Slice> sorted = new ArrayList<>(slices);
        sorted.sort(Comparator.comparingDouble(s -> s.plane().orElseThrow().depth(normal)));
        final List<List<Slice>> places = new ArrayList<>();
        final List<Double> depths = new ArrayList<>();
        int near = 0; // the first place whose depth may be the same
        for (final Slice slice : sorted) {
            final Plane p = slice.plane().orElseThrow();
            final double depth = p.depth(normal);
            while (near < places.size() && depth - depths.get(near) > SAME_PLACE) {
                near++;
            }
            int at = near;
            while (at < places.size() && !isClose(places.get(at).get(0).plane().orElseThrow(), p)) {
                at++;
            }
            if (at == places.size()) {
                places.add(new ArrayList<>());
                depths.add(depth);
            }
            places.get(at).add(slice);
        }
        return new Places(places, depths.stream().mapToDouble(d -> d).toArray());
    }

    private static boolean isClose(final Plane a, final Plane b) {
        return Math.abs(a.x() - b.x()) <= SAME_PLACE && Math.abs(a.y() - b.y()) <= SAME_PLACE
            && Math.abs(a.z() - b.z()) <= SAME_PLACE;
    }

    /** The slices of each place, in the order of depth. */
    List<List<Slice>> all() {
        return m_places;
    }

    /** Number of places. */
    int count() {
        return m_places.size();
    }

    /** The largest number of slices at one place. */
    int most() {
        return m_places.stream().mapToInt(List::size).max().orElse(0);
    }

    /** Whether each place has the same number of slices. */
    boolean isEven() {
        return m_places.stream().allMatch(p -> p.size() == m_places.get(0).size());
    }

    /** Whether the places lie on an even grid without gaps. */
    boolean isStack() {
        for (int p = 1; p < m_depths.length; p++) {
            if (m_depths[p] - m_depths[p - 1] <= SAME_PLACE) {
                return false;
            }
        }
        if (m_depths.length < 2) {
            return true;
        }
        final EvenGrid grid = EvenGrid.of(m_depths);
        return grid.regular() && grid.places()[m_depths.length - 1] == m_depths.length - 1;
    }

    /** Index of the place of each slice, which is known by its identity. */
    Map<Slice, Integer> indices() {
        final Map<Slice, Integer> indices = new IdentityHashMap<>();
        for (int p = 0; p < m_places.size(); p++) {
            for (final Slice slice : m_places.get(p)) {
                indices.put(slice, p);
            }
        }
        return indices;
    }
}
