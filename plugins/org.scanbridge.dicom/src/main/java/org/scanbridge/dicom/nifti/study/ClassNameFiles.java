package org.scanbridge.dicom.nifti.study;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Looks for files that say what label values mean: {@code dataset.json} of the Medical Segmentation Decathlon
 * ({@code "labels": {"1": "liver"}}) and of nnU-Net ({@code "labels": {"liver": 1}}), and the table of a BIDS segmentation
 * ({@code …_dseg.tsv} beside it, or {@code dseg.tsv} above it, with the columns {@code index} and {@code name}). Values may
 * exceed 255, which a label volume does not hold; see {@link LabelNumbers}.
 */
final class ClassNameFiles {

    private static final int MAX_BYTES = 1 << 20;

    private static final Pattern LABELS = Pattern.compile("\"labels\"\\s*:\\s*\\{([^{}]*)\\}");

    private static final Pattern VALUE_FIRST = Pattern.compile("\"(\\d{1,6})\"\\s*:\\s*\"([^\"\\\\]*)\"");

    private static final Pattern NAME_FIRST = Pattern.compile("\"([^\"\\\\]*)\"\\s*:\\s*(\\d{1,6})\\b");

    private final Path m_root;

    /** Several label maps of a study are looked at side by side. */
    private final Map<Path, SortedMap<Integer, String>> m_known = new ConcurrentHashMap<>();

    ClassNameFiles(final Path root) {
        m_root = root.toAbsolutePath().normalize();
    }

    /** The names for a label map; empty if no file gives them. */
    SortedMap<Integer, String> of(final NiftiFile labels) {
        final Path file = labels.file().toAbsolutePath().normalize();
        SortedMap<Integer, String> names = read(file.resolveSibling(labels.stem() + ".tsv"));
        for (Path folder = file.getParent(); names.isEmpty() && folder != null
            && folder.startsWith(m_root); folder = folder.getParent()) {
            names = read(folder.resolve("dataset.json"));
            names = names.isEmpty() ? read(folder.resolve("dseg.tsv")) : names;
        }
        return names;
    }

    /** Whether the names of a label map come from a table, which may well be that of a program. */
    boolean isTable(final NiftiFile labels) {
        final Path file = labels.file().toAbsolutePath().normalize();
        final SortedMap<Integer, String> names = of(labels);
        return m_known.entrySet().stream().anyMatch(e -> e.getKey().toString().endsWith(".tsv")
            && file.startsWith(e.getKey().getParent()) && !names.isEmpty() && e.getValue() == names);
    }

    private SortedMap<Integer, String> read(final Path file) {
        return m_known.computeIfAbsent(file, f -> {
            try {
                // Names are a convenience: a file that is no use is as good as none.
                if (!Files.isRegularFile(f) || Files.size(f) > MAX_BYTES) {
                    return new TreeMap<>();
                }
                final String text = new String(Files.readAllBytes(f), StandardCharsets.UTF_8);
                return f.toString().endsWith(".tsv") ? fromTable(text) : fromJson(text);
            } catch (final IOException e) {
                return new TreeMap<>();
            }
        });
    }

    static SortedMap<Integer, String> fromJson(final String text) {
        final SortedMap<Integer, String> names = new TreeMap<>();
        final Matcher labels = LABELS.matcher(text);
        if (labels.find()) {
            final Matcher value = VALUE_FIRST.matcher(labels.group(1));
            while (value.find()) {
                put(names, value.group(1), value.group(2));
            }
            final Matcher name = NAME_FIRST.matcher(labels.group(1));
            final boolean byName = names.isEmpty();
            while (byName && name.find()) {
                put(names, name.group(2), name.group(1));
            }
        }
        return names;
    }

    static SortedMap<Integer, String> fromTable(final String text) {
        final SortedMap<Integer, String> names = new TreeMap<>();
        int index = -1;
        int name = -1;
        for (final String line : text.split("\\R")) {
            final String[] cells = line.split("\t", -1);
            if (index < 0) {
                for (int c = 0; c < cells.length; c++) {
                    index = cells[c].strip().equalsIgnoreCase("index") ? c : index;
                    name = cells[c].strip().equalsIgnoreCase("name") ? c : name;
                }
                if (index < 0 || name < 0) {
                    return new TreeMap<>();
                }
            } else if (cells.length > Math.max(index, name) && cells[index].strip().matches("\\d{1,6}")) {
                put(names, cells[index].strip(), cells[name]);
            }
        }
        return names;
    }

    /** The background has no name of its own. */
    private static void put(final SortedMap<Integer, String> names, final String value, final String name) {
        final int v = Integer.parseInt(value);
        if (v >= 1 && !name.isBlank()) {
            names.put(v, name.strip());
        }
    }
}
