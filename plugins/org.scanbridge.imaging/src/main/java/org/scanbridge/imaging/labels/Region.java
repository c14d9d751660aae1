package org.scanbridge.imaging.labels;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;

/**
 * A union of classes that is of interest as a whole: the whole tumor is its edema, its necrosis and its enhancing part.
 * Regions may contain one another or overlap, unlike the classes of a label map.
 *
 * @param name what it is called
 * @param values the label values it consists of, each in [1, 255]; not empty
 */
public record Region(String name, SortedSet<Integer> values) {

    /** @throws IllegalArgumentException if the name is blank, there is no value or one is out of range */
    public Region {
        if (name == null || name.isBlank()) {
            throw new IllegalArgumentException("a region needs a name");
        }
        if (values.isEmpty() || values.first() < 1 || values.last() > 255) {
            throw new IllegalArgumentException(
                "the label values of region \"" + name + "\" are " + values + "; at least one, each within 1..255");
        }
        values = Collections.unmodifiableSortedSet(new TreeSet<>(values));
    }

    /**
     * A region as a user writes it.
     *
     * @param name what it is called
     * @param members classes by name or label value, separated by commas: {@code 1, 2, 4} or {@code edema, core}. A name
     *            without regard to case, and likewise the label value of a class, also stands for all combinations of
     *            overlapping structures that the class is part of, see {@link Combination}
     * @param labels the classes there are
     * @throws ImagingException if a member is none of them
     */
    public static Region of(final String name, final String members, final LabelSet labels) {
        final SortedSet<Integer> values = new TreeSet<>();
        for (final String part : members.split(",")) {
            final String member = part.strip();
            if (member.isEmpty()) {
                continue;
            }
            final SortedSet<Integer> named = named(member, labels);
            if (named.isEmpty()) {
                throw new ImagingException("Region \"" + name + "\" names the class \"" + member
                    + "\", which there is not. The classes are " + labels.names()
                    + ". Name classes by these names or numbers, separated by commas.");
            }
            values.addAll(named);
        }
        if (values.isEmpty()) {
            throw new ImagingException("Region \"" + name + "\" has no classes. Name them, separated by commas.");
        }
        return new Region(name.strip(), values);
    }

    private static SortedSet<Integer> named(final String member, final LabelSet labels) {
        final SortedSet<Integer> values = Combination.named(member, labels);
        if (values.isEmpty() && member.matches("\\d{1,3}")) {
            final int value = Integer.parseInt(member);
            if (value >= 1 && value <= 255) {
                values.add(value);
                values.addAll(Combination.named(labels.name(value), labels));
            }
        }
        return values;
    }

    /** The label map of the union alone: 1 where a voxel is part of it, under its name. */
    public LabelVolume of(final LabelVolume labels) {
        final byte[] voxels = new byte[labels.voxels().length];
        for (int v = 0; v < voxels.length; v++) {
            voxels[v] = (byte)(contains(labels.voxels()[v] & 0xff) ? 1 : 0);
        }
        return new LabelVolume(voxels, labels.geometry(), labels.info(), LabelSet.of(name));
    }

    /** Whether voxels of this label value are part of it. */
    public boolean contains(final int value) {
        return values.contains(value);
    }
}
