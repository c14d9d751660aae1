package org.scanbridge.imaging.fusion;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;

/**
 * What several raters say of one image. Raters agree on most voxels, so voxels with the same votes are one pattern with a count:
 * everything that looks at votes alone takes time by patterns, of which there are few, and 4 bytes a voxel.
 */
public final class Opinions {

    /** A rater's vote on a voxel that it did not annotate. */
    static final int ABSTAINS = -1;

    private final List<String> m_raters;

    private final LabelVolume m_first;

    private final LabelSet m_labels;

    private final int[] m_values;

    private final SortedMap<Integer, List<String>> m_lacking = new TreeMap<>();

    private final List<int[]> m_patterns = new ArrayList<>();

    private final long[] m_counts;

    private final int[] m_patternOfVoxel;

    private final boolean[] m_isOpen;

    private final int m_open;

    private final String m_openName;

    /**
     * @param raters their names, for messages
     * @param segmentations one per rater, on one grid; at least one
     * @param notAnnotated which label values of each segmentation only say that nobody looked there
     * @throws ImagingException if the grids differ, a label value has different names, or a name has different label values
     */
    public Opinions(final List<String> raters, final List<LabelVolume> segmentations,
        final List<? extends Set<Integer>> notAnnotated) {
        m_raters = List.copyOf(raters);
        m_first = segmentations.get(0);
        for (int r = 1; r < segmentations.size(); r++) {
            if (!segmentations.get(r).geometry().sameGrid(m_first.geometry())) {
                throw new ImagingException("The segmentations \"" + raters.get(0) + "\" and \"" + raters.get(r)
                    + "\" lie on different grids: " + m_first.geometry() + " and "
                    + segmentations.get(r).geometry().beside(m_first.geometry()) + ". Resample them to one grid with the"
                    + " Volume Resampler.");
            }
        }
        int marking = 0;
        while (marking < segmentations.size() - 1 && notAnnotated.get(marking).isEmpty()) {
            marking++;
        }
        m_open = notAnnotated.get(marking).isEmpty() ? 0 : notAnnotated.get(marking).iterator().next();
        m_openName = segmentations.get(marking).labels().name(m_open);
        m_labels = names(segmentations, notAnnotated);
        final TreeSet<Integer> values = new TreeSet<>(m_labels.names().keySet());
        values.add(0);
        for (int r = 0; r < segmentations.size(); r++) {
            values.addAll(segmentations.get(r).values());
        }
        notAnnotated.forEach(values::removeAll);
        m_values = values.stream().mapToInt(v -> v).toArray();
        for (int r = 0; r < segmentations.size(); r++) {
            final SortedSet<Integer> unknown = new TreeSet<>(values.tailSet(1));
            unknown.removeAll(segmentations.get(r).labels().names().keySet());
            unknown.removeAll(unknown.isEmpty() ? Set.of() : segmentations.get(r).values());
            for (final int value : unknown) {
                m_lacking.computeIfAbsent(value, v -> new ArrayList<>()).add(raters.get(r));
            }
        }
        m_patternOfVoxel = new int[m_first.voxels().length];
        m_counts = collect(segmentations, notAnnotated);
        m_isOpen = new boolean[m_patterns.size()];
        for (int p = 0; p < m_isOpen.length; p++) {
            m_isOpen[p] = Arrays.stream(m_patterns.get(p)).allMatch(vote -> vote == ABSTAINS);
        }
    }

    /** A rater that marks open voxels by the number of another's class would make votes ambiguous. */
    private LabelSet names(final List<LabelVolume> segmentations, final List<? extends Set<Integer>> notAnnotated) {
        final SortedMap<Integer, String> names = new TreeMap<>();
        for (int r = 0; r < segmentations.size(); r++) {
            final String rater = m_raters.get(r);
            final Set<Integer> open = notAnnotated.get(r);
            segmentations.get(r).labels().names().forEach((value, name) -> {
                final String other = open.contains(value) ? name : names.putIfAbsent(value, name);
                if (other != null && !other.equalsIgnoreCase(name)) {
                    throw new ImagingException("The label value " + value + " is \"" + other + "\" in an earlier segmentation, but \""
                        + name + "\" in \"" + rater + "\". Give the same class the same number with the Label Editor.");
                }
            });
        }
        requireOneNumberEach(segmentations, notAnnotated);
        for (int r = 0; r < segmentations.size(); r++) {
            for (final int value : notAnnotated.get(r)) {
                for (int other = 0; other < segmentations.size(); other++) {
                    if (!notAnnotated.get(other).contains(value) && segmentations.get(other).values().contains(value)) {
                        throw new ImagingException("The label value " + value + " says \"not annotated\" in \"" + m_raters.get(r)
                            + "\", but is a class in \"" + m_raters.get(other)
                            + "\". Give it another number with the Label Editor.");
                    }
                }
            }
        }
        return new LabelSet(names);
    }

    /**
     * The same structure under two numbers would be two classes, of which each rater votes against the other. Raters may have
     * several numbers of one name, if all have the same.
     */
    private void requireOneNumberEach(final List<LabelVolume> segmentations, final List<? extends Set<Integer>> notAnnotated) {
        final Map<String, SortedSet<Integer>> known = new HashMap<>();
        final Map<String, String> first = new HashMap<>();
        for (int r = 0; r < segmentations.size(); r++) {
            final String rater = m_raters.get(r);
            final LabelSet labels = segmentations.get(r).labels();
            final Map<String, SortedSet<Integer>> own = new LinkedHashMap<>();
            own.computeIfAbsent(labels.name(0), n -> new TreeSet<>()).add(0);
            for (final int value : labels.names().keySet()) {
                if (!notAnnotated.get(r).contains(value)) {
                    own.computeIfAbsent(labels.name(value).strip().toLowerCase(Locale.ROOT), n -> new TreeSet<>()).add(value);
                }
            }
            own.forEach((name, values) -> {
                final SortedSet<Integer> others = known.putIfAbsent(name, values);
                first.putIfAbsent(name, rater);
                if (others != null && !others.equals(values)) {
                    throw new ImagingException("The class \"" + labels.name(values.last()) + "\" has the label value "
                        + listed(others) + " in \"" + first.get(name) + "\", but " + listed(values) + " in \"" + rater
                        + "\". Give the same class the same number with the Label Editor, or different classes different names.");
                }
            });
        }
    }

    private static String listed(final SortedSet<Integer> values) {
        return String.join(" and ", values.stream().map(String::valueOf).toList());
    }

    private long[] collect(final List<LabelVolume> segmentations, final List<? extends Set<Integer>> notAnnotated) {
        final int[][] indices = new int[segmentations.size()][256];
        for (int r = 0; r < indices.length; r++) {
            for (int value = 0; value < indices[r].length; value++) {
                indices[r][value] = notAnnotated.get(r).contains(value) ? ABSTAINS : Arrays.binarySearch(m_values, value);
            }
        }
        final Map<ByteBuffer, Integer> known = new HashMap<>();
        long[] counts = new long[16];
        byte[] key = new byte[segmentations.size()];
        for (int v = 0; v < m_patternOfVoxel.length; v++) {
            for (int r = 0; r < key.length; r++) {
                key[r] = segmentations.get(r).voxels()[v];
            }
            Integer pattern = known.get(ByteBuffer.wrap(key));
            if (pattern == null) {
                pattern = m_patterns.size();
                known.put(ByteBuffer.wrap(key), pattern);
                final int[] votes = new int[key.length];
                for (int r = 0; r < key.length; r++) {
                    votes[r] = indices[r][key[r] & 0xff];
                }
                m_patterns.add(votes);
                key = new byte[key.length];
            }
            counts = pattern < counts.length ? counts : Arrays.copyOf(counts, 2 * counts.length);
            counts[pattern]++;
            m_patternOfVoxel[v] = pattern;
        }
        return Arrays.copyOf(counts, m_patterns.size());
    }

    /** Names of the raters. */
    public List<String> raters() {
        return m_raters;
    }

    /** The label values that there are, the background first. */
    public int[] values() {
        return m_values.clone();
    }

    /**
     * The raters that do not know a class which others have: it is neither among the names of their classes nor anywhere in
     * their segmentation. They vote for something else there.
     *
     * @return by label value; without the classes that all know
     */
    public SortedMap<Integer, List<String>> lacking() {
        return Collections.unmodifiableSortedMap(m_lacking);
    }

    /** Names of the classes. */
    public LabelSet labels() {
        return m_labels;
    }

    /** Votes by rater as indices into {@link #values()}, or {@link #ABSTAINS}. */
    List<int[]> patterns() {
        return m_patterns;
    }

    /** How many voxels have a pattern. */
    long count(final int pattern) {
        return m_counts[pattern];
    }

    /** Whether nobody says anything. */
    boolean isOpen(final int pattern) {
        return m_isOpen[pattern];
    }

    /**
     * The voxels with a class for each pattern; those that nobody annotated keep the first rater's mark of that.
     *
     * @param winners index into {@link #values()} by pattern
     */
    LabelVolume labels(final int[] winners) {
        return labels((voxel, pattern) -> winners[pattern]);
    }

    /** As {@link #labels(int[])}, voxel by voxel. */
    LabelVolume labels(final Choice choice) {
        final byte[] voxels = new byte[m_patternOfVoxel.length];
        boolean any = false;
        for (int v = 0; v < voxels.length; v++) {
            final int pattern = m_patternOfVoxel[v];
            voxels[v] = (byte)(m_isOpen[pattern] ? m_open : m_values[choice.of(v, pattern)]);
            any |= m_isOpen[pattern];
        }
        final SortedMap<Integer, String> names = new TreeMap<>(m_labels.names());
        if (any) {
            names.put(m_open, m_openName);
        }
        return new LabelVolume(voxels, m_first.geometry(), m_first.info(), new LabelSet(names));
    }

    /** A number by pattern as a map; 0 where nobody annotated. */
    float[] map(final double[] byPattern) {
        final float[] map = new float[m_patternOfVoxel.length];
        for (int v = 0; v < map.length; v++) {
            map[v] = isOpen(m_patternOfVoxel[v]) ? 0 : (float)byPattern[m_patternOfVoxel[v]];
        }
        return map;
    }

    /** The pattern of a voxel. */
    int pattern(final int voxel) {
        return m_patternOfVoxel[voxel];
    }

    /** Number of voxels. */
    int voxels() {
        return m_patternOfVoxel.length;
    }

    /** The grid and its image. */
    LabelVolume first() {
        return m_first;
    }

    /** Decides on a voxel. */
    @FunctionalInterface
    interface Choice {

        /** @return index into {@link #values()} */
        int of(int voxel, int pattern);
    }
}
