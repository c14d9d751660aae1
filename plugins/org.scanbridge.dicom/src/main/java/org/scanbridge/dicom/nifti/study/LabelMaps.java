package org.scanbridge.dicom.nifti.study;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

import org.scanbridge.dicom.nifti.LabelValues;
import org.scanbridge.dicom.nifti.NiftiReader;
import org.scanbridge.dicom.series.Problem;
import org.scanbridge.dicom.series.Problem.Effect;
import org.scanbridge.dicom.series.Problem.Kind;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.labels.Combination;
import org.scanbridge.imaging.volume.LabelSet;

/**
 * The values of all label maps of a study: their numbers, which must not exceed 255, and their names, by what the user says,
 * else by files of the data set, else by the table of the program that wrote them. Each file is read once to look at its
 * values.
 */
public final class LabelMaps {

    /** The first number of FreeSurfer's cortex. */
    private static final int CORTEX = 1000;

    private final SortedMap<Integer, String> m_given;

    private final ClassNameFiles m_files;

    private final Map<NiftiFile, LabelValues> m_values = new LinkedHashMap<>();

    private final LabelNumbers m_numbers;

    private final LabelTable m_freeSurfer = LabelTable.freeSurfer();

    /**
     * @param root the folder of the study
     * @param given names by value that the user gives; empty for none
     * @param maps the label maps
     * @param doubtful whether some may be no label maps
     * @param remedy how other studies get the same numbers
     * @param problems takes what was changed
     */
    LabelMaps(final Path root, final SortedMap<Integer, String> given, final List<NiftiFile> maps, final boolean doubtful,
        final String remedy, final Consumer<Problem> problems, final Progress progress) {
        m_given = Collections.unmodifiableSortedMap(new TreeMap<>(given));
        m_files = new ClassNameFiles(root);
        for (int m = 0; m < maps.size(); m++) {
            progress.report((double)m / maps.size(), "Looked at the values of " + m + " of " + maps.size() + " label maps");
            look(maps.get(m), problems);
        }
        if (doubtful) {
            // What has more values than can be numbered is rather a copy of an image, and says nothing about the others.
            m_values.values().removeIf(v -> v.counts().size() > LabelValues.MAX_LABEL + 1);
        }
        m_numbers = LabelNumbers.of(m_values.values(), given.keySet());
        if (m_numbers.changes()) {
            final NiftiFile first = m_values.entrySet().stream()
                .max(Comparator.comparingInt(e -> e.getValue().max())).orElseThrow().getKey();
            problems.accept(new Problem(Kind.LABEL_OUT_OF_RANGE, Effect.KEPT, first.path(), "", "Label values exceed 255, so"
                + " the values of all label maps of the study were numbered in ascending order: " + m_numbers.words()
                + ". The names of the classes tell the values.", remedy));
        }
    }

    /**
     * The values of label maps that lie among the files of a study of another format.
     *
     * @param root the folder of the study
     * @param files the label maps by their paths relative to it
     * @param problems takes what was changed
     */
    public static LabelMaps of(final Path root, final SortedMap<String, Path> files, final Consumer<Problem> problems) {
        final List<NiftiFile> maps = new ArrayList<>();
        files.forEach((path, file) -> maps.add(new NiftiFile(file, path)));
        return new LabelMaps(root, new TreeMap<>(), maps, true,
            "Read them with the NIfTI Reader, and name all values in \"Classes\" there, if other studies are to get the same"
                + " numbers.", problems, Progress.NONE);
    }

    private void look(final NiftiFile map, final Consumer<Problem> problems) {
        try {
            final LabelValues values = NiftiReader.readLabelValues(map.file());
            m_values.put(map, values);
            if (values.rounded()) {
                problems.accept(new Problem(Kind.LABEL_OUT_OF_RANGE, Effect.KEPT, map.path(), "", String.format(Locale.ROOT,
                    "The label values are off whole numbers by up to %.3f and were rounded.", values.deviation()),
                    "Nothing is to be done if the label map was stored with a slope, as some programs do."));
            }
        } catch (final IOException e) {
            // What is wrong with its values is told when they are read.
            return;
        }
    }

    /** The numbers of values. */
    LabelNumbers numbers() {
        return m_numbers;
    }

    /** The number of a value of any label map of the study; the value itself where values stay. */
    public int number(final int value) {
        return m_numbers.of(value);
    }

    /** The names of the numbers of a label map. */
    public LabelSet names(final Path file, final String path) {
        return names(new NiftiFile(file, path));
    }

    /** Whether each value that occurs in a label map has a name. */
    public boolean namesAll(final Path file, final String path) {
        final NiftiFile map = new NiftiFile(file, path);
        final Set<Integer> named = names(map).names().keySet();
        return m_values.containsKey(map)
            && m_values.get(map).counts().keySet().stream().allMatch(v -> v == 0 || named.contains(number(v)));
    }

    LabelSet names(final NiftiFile map) {
        return m_numbers.names(byValue(map));
    }

    /** What the user says, else files of the data set, else the table of the program that wrote the label map. */
    private SortedMap<Integer, String> byValue(final NiftiFile map) {
        if (!m_given.isEmpty()) {
            return m_given;
        }
        final SortedMap<Integer, String> names = new TreeMap<>(m_files.of(map));
        final LabelValues values = m_values.get(map);
        // Beyond 1000 FreeSurfer numbers the cortex; nobody else numbers so.
        if (names.isEmpty() && values != null && m_freeSurfer.describes(values.counts().keySet())
            && (FreeSurferPairing.isLabelMap(map) || values.max() >= CORTEX)) {
            names.putAll(m_freeSurfer.names());
            names.keySet().retainAll(occurring());
        } else if (m_files.isTable(map)) {
            // A table of a program names more than a data set holds; each name would become a class.
            final Set<Integer> occurring = occurring();
            final Set<String> kept = new HashSet<>();
            // a structure inside others may have no voxels of its own
            names.forEach((value, name) -> kept.addAll(occurring.contains(value) ? Combination.structures(name) : List.of()));
            names.entrySet().removeIf(e -> !occurring.contains(e.getKey()) && !kept.contains(e.getValue()));
        }
        return names;
    }

    private Set<Integer> occurring() {
        final Set<Integer> all = new HashSet<>();
        m_values.values().forEach(v -> all.addAll(v.counts().keySet()));
        return all;
    }
}
