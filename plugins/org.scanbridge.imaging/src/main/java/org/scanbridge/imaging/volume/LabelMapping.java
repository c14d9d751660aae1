package org.scanbridge.imaging.volume;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

import org.scanbridge.imaging.ImagingException;

/**
 * Gives label values other numbers, such as iSEG's 10, 150, 250 the numbers 1, 2, 3. The background stays 0. Several
 * values may become one; a value may become 0.
 *
 * @param target new value in [0, 255] by present value in [1, 255]
 */
public record LabelMapping(SortedMap<Integer, Integer> target) {

    private static final int MAX = 255;

    /** @throws IllegalArgumentException if a value is out of range */
    public LabelMapping {
        target.forEach((from, to) -> {
            if (from < 1 || from > MAX || to < 0 || to > MAX) {
                throw new IllegalArgumentException(
                    "label " + from + " cannot become " + to + ": from 1..255 to 0..255; the background stays 0");
            }
        });
        target = Collections.unmodifiableSortedMap(new TreeMap<>(target));
    }

    /**
     * @param labels a segmentation
     * @param names names of the new values
     * @return the segmentation with new values
     * @throws ImagingException if a value occurs that the mapping does not name, rather than losing it silently
     */
    public LabelVolume apply(final LabelVolume labels, final LabelSet names) {
        final byte[] x = labels.voxels();
        final byte[] y = new byte[x.length];
        final int[] table = new int[MAX + 1];
        for (int value = 1; value <= MAX; value++) {
            table[value] = target.getOrDefault(value, -1);
        }
        for (int v = 0; v < x.length; v++) {
            final int to = table[x[v] & 0xff];
            if (to < 0) {
                throw new ImagingException("The segmentation of subject " + labels.info().subject() + " has the label "
                    + (x[v] & 0xff) + ", which the mapping of " + target.keySet()
                    + " does not name. Add it to the mapping, with 0 if it is background.");
            }
            y[v] = (byte)to;
        }
        return new LabelVolume(y, labels.geometry(), labels.info(), names);
    }
}
