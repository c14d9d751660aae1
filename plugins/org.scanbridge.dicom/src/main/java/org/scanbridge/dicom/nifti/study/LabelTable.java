package org.scanbridge.dicom.nifti.study;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the label values of a program mean.
 * <ul>
 * <li>FreeSurfer: the numbers of FreeSurferColorLUT.txt that its volumes hold (aseg, aparc+aseg, aparc.a2009s+aseg,
 * wmparc), https://surfer.nmr.mgh.harvard.edu/fswiki/FsTutorial/AnatomicalROI/FreeSurferColorLUT</li>
 * <li>TotalSegmentator: the classes of its task "total" of version 2, https://github.com/wasserth/TotalSegmentator</li>
 * </ul>
 */
final class LabelTable {

    private final SortedMap<Integer, String> m_names;

    private LabelTable(final String resource) {
        try (InputStream in = LabelTable.class.getResourceAsStream(resource)) {
            m_names = Collections.unmodifiableSortedMap(
                ClassNameFiles.fromTable(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** FreeSurfer's table. */
    static LabelTable freeSurfer() {
        return new LabelTable("freesurfer.tsv");
    }

    /** TotalSegmentator's classes. */
    static LabelTable totalSegmentator() {
        return new LabelTable("totalsegmentator.tsv");
    }

    /** Name by value. */
    SortedMap<Integer, String> names() {
        return m_names;
    }

    /** Value by name. */
    SortedMap<String, Integer> values() {
        final SortedMap<String, Integer> values = new TreeMap<>();
        m_names.forEach((value, name) -> values.put(name, value));
        return values;
    }

    /** Whether the table describes each of some values, apart from the background. */
    boolean describes(final Collection<Integer> values) {
        return values.stream().allMatch(v -> v == 0 || m_names.containsKey(v));
    }
}
