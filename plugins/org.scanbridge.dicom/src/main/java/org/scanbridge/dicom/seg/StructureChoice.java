package org.scanbridge.dicom.seg;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

import org.scanbridge.imaging.labels.OverlapRule;

/**
 * Which structures of RT Structure Sets become labels. ROI numbers mean nothing across patients, so the same labels for
 * the same organs in all of them need names.
 *
 * @param names names in the order of labels 1, 2, …, with the wildcards * and ?, whatever the case; empty for all
 *            structures, labeled by their ROI numbers where these are within 1..255, else counted from 1
 * @param interpolate whether slices between contours get the shape between them
 * @param overlap which structure, or segment of a DICOM Segmentation, has a voxel that several claim
 */
public record StructureChoice(List<String> names, boolean interpolate, OverlapRule overlap) {

    /** All structures. */
    public static final StructureChoice ALL = new StructureChoice(List.of());

    private static final int MAX_LABEL = 255;

    /** @throws IllegalArgumentException if there are more than 255 names */
    public StructureChoice {
        names = List.copyOf(names);
        Objects.requireNonNull(overlap, "overlap");
        if (names.size() > MAX_LABEL) {
            throw new IllegalArgumentException(names.size() + " names of structures; there are 255 labels.");
        }
    }

    /** No interpolation; of those that overlap the smaller one. */
    public StructureChoice(final List<String> names) {
        this(names, false, OverlapRule.SMALLER);
    }

    /**
     * The labels of structures.
     *
     * @param structures names by ROI number
     * @return label by ROI number; structures that were not chosen are missing
     */
    SortedMap<Integer, Integer> labels(final SortedMap<Integer, String> structures) {
        final SortedMap<Integer, Integer> labels = new TreeMap<>();
        final boolean numbers =
            structures.isEmpty() || structures.firstKey() >= 1 && structures.lastKey() <= MAX_LABEL;
        final List<Pattern> patterns = new ArrayList<>();
        names.forEach(n -> patterns.add(wildcards(n)));
        for (final Map.Entry<Integer, String> structure : structures.entrySet()) {
            if (names.isEmpty()) {
                labels.put(structure.getKey(), numbers ? structure.getKey() : labels.size() + 1);
            }
            for (int p = 0; p < patterns.size(); p++) {
                if (patterns.get(p).matcher(structure.getValue()).matches()) {
                    labels.put(structure.getKey(), p + 1);
                    break;
                }
            }
        }
        return labels;
    }

    /** The name of a label: what was asked for, unless wildcards leave it open. */
    String name(final int label, final String structure) {
        if (names.isEmpty()) {
            return structure;
        }
        final String asked = names.get(label - 1);
        return asked.indexOf('*') < 0 && asked.indexOf('?') < 0 ? asked : structure;
    }

    /** A pattern in which * stands for any characters and ? for one; whatever the case. */
    public static Pattern wildcards(final String pattern) {
        final StringBuilder regex = new StringBuilder();
        for (final char c : pattern.toCharArray()) {
            regex.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
        }
        return Pattern.compile(regex.toString(), Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.DOTALL);
    }
}
