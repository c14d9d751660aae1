package org.scanbridge.imaging.labels;

import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;

/**
 * Gives classes of the same name the same number in many segmentations, as sites that number them differently need. A name
 * has the number of the first segmentation that has it, unless another name has that number already; then the lowest free
 * one. Upper and lower case are the same. A class without a name keeps its number while no name has it.
 */
public final class NumbersByName {

    private static final int MAX = 255;

    private final SortedMap<String, Integer> m_numbers = new TreeMap<>();

    private final SortedMap<Integer, String> m_names = new TreeMap<>();

    /** Adds the classes of a segmentation. */
    public void add(final LabelSet labels) {
        labels.names().forEach((value, name) -> {
            if (isPlaceholder(value, name) || m_numbers.containsKey(key(name))) {
                return;
            }
            int number = value;
            for (int free = 1; m_names.containsKey(number); free++) {
                if (free > MAX) {
                    throw new ImagingException("The segmentations have more than 255 classes of different names.");
                }
                number = free;
            }
            m_numbers.put(key(name), number);
            m_names.put(number, name);
        });
    }

    private static String key(final String name) {
        return name.strip().toLowerCase(Locale.ROOT);
    }

    private static boolean isPlaceholder(final int value, final String name) {
        return name.equals(LabelSet.of().name(value));
    }

    /**
     * Renumbers a segmentation whose classes were added.
     *
     * @throws ImagingException if it has a class without a name whose number a name has elsewhere
     */
    public LabelVolume apply(final LabelVolume labels) {
        final int[] numbers = new int[MAX + 1];
        for (int value = 1; value <= MAX; value++) {
            final String name = labels.labels().names().get(value);
            final boolean named = name != null && !isPlaceholder(value, name);
            numbers[value] = named ? m_numbers.get(key(name)) : m_names.containsKey(value) ? -1 : value;
        }
        final byte[] voxels = new byte[labels.voxels().length];
        for (int v = 0; v < voxels.length; v++) {
            final int value = labels.voxels()[v] & 0xff;
            if (numbers[value] < 0) {
                throw new ImagingException("The segmentation of subject " + labels.info().subject() + " has the label value "
                    + value + " without a name, which is \"" + m_names.get(value)
                    + "\" in others. Give it a name by a rule, such as: " + value + " = " + value + " name.");
            }
            voxels[v] = (byte)numbers[value];
        }
        return new LabelVolume(voxels, labels.geometry(), labels.info(), new LabelSet(m_names));
    }
}
