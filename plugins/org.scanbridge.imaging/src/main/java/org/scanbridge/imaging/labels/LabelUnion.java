package org.scanbridge.imaging.labels;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;

/**
 * Joins segmentations of one image into one label map. Classes of the same name are one class. A class keeps its number
 * unless a class of an earlier segmentation has it; then it gets the lowest number that is free.
 */
public final class LabelUnion {

    private static final int MAX = 255;

    /** Which class has a voxel that several segmentations claim. */
    public enum Priority {
            /** That with fewer voxels. */
            SMALLER,
            /** That of the first segmentation. */
            FIRST,
            /** That of the last segmentation. */
            LAST
    }

    /** @param part which segmentation, from 0 */
    private record Source(int part, int value, int number, long size) {
    }

    private LabelUnion() {
    }

    /**
     * Joins segmentations.
     *
     * @param parts segmentations on one grid
     * @param titles what a class without a name is called if it is the only one of its part, such as the name of a column
     * @param priority which class has a voxel that several claim
     * @return a segmentation with the info of the first part
     * @throws ImagingException if the grids differ, or there are more than 255 classes
     */
    public static LabelVolume join(final List<LabelVolume> parts, final List<String> titles, final Priority priority) {
        final LabelVolume first = parts.get(0);
        final SortedMap<String, Integer> numbers = new TreeMap<>();
        final SortedMap<Integer, String> names = new TreeMap<>();
        final boolean[] used = new boolean[MAX + 1];
        final List<Source> sources = new ArrayList<>();
        for (int p = 0; p < parts.size(); p++) {
            final LabelVolume part = parts.get(p);
            if (!part.geometry().sameGrid(first.geometry())) {
                throw new ImagingException("The segmentations \"" + titles.get(0) + "\" and \"" + titles.get(p)
                    + "\" of subject " + first.info().subject() + " lie on different grids: " + first.geometry() + " and "
                    + part.geometry().beside(first.geometry()) + ". Resample them to one grid.");
            }
            final long[] counts = new long[MAX + 1];
            for (final byte v : part.voxels()) {
                counts[v & 0xff]++;
            }
            final List<Integer> values = new ArrayList<>();
            for (int value = 1; value <= MAX; value++) {
                if (counts[value] > 0 || part.labels().names().containsKey(value)) {
                    values.add(value);
                }
            }
            for (final int value : values) {
                final String own = part.labels().names().get(value);
                final String name = own != null ? own : values.size() == 1 ? titles.get(p) : "";
                final String key = name.isEmpty() ? "\0" + p + " " + value : name.strip().toLowerCase(Locale.ROOT);
                if (!numbers.containsKey(key)) {
                    int number = value;
                    for (int free = 1; used[number]; free++) {
                        if (free > MAX) {
                            throw new ImagingException("The segmentations of subject " + first.info().subject()
                                + " have more than 255 classes together. Join fewer of them.");
                        }
                        number = free;
                    }
                    used[number] = true;
                    numbers.put(key, number);
                    if (!name.isEmpty()) {
                        names.put(number, name);
                    }
                }
                sources.add(new Source(p, value, numbers.get(key), counts[value]));
            }
        }
        return new LabelVolume(paint(parts, sources, priority), first.geometry(), first.info(), new LabelSet(names));
    }

    private static byte[] paint(final List<LabelVolume> parts, final List<Source> sources, final Priority priority) {
        final Comparator<Source> order = switch (priority) {
            case SMALLER -> Comparator.<Source> comparingLong(s -> -s.size);
            case FIRST -> Comparator.<Source> comparingInt(s -> -s.part);
            case LAST -> Comparator.comparingInt(Source::part);
        };
        final byte[] voxels = new byte[parts.get(0).voxels().length];
        for (final Source source : sources.stream().sorted(order).toList()) {
            final byte[] from = parts.get(source.part).voxels();
            for (int v = 0; v < voxels.length; v++) {
                if ((from[v] & 0xff) == source.value) {
                    voxels[v] = (byte)source.number;
                }
            }
        }
        return voxels;
    }
}
