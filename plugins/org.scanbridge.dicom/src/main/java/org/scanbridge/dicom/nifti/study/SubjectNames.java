package org.scanbridge.dicom.nifti.study;

import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Names of subjects that tell them apart within their site: the last part of what tells a subject, such as {@code case_1} of
 * {@code A/case_1}. Where that is the same for several, as in {@code A/case_1/imaging} and {@code A/case_2/imaging}, the
 * folder before it, or else the whole path.
 */
final class SubjectNames {

    /** The paths of subjects by site. */
    private final SortedMap<String, SortedSet<String>> m_paths = new TreeMap<>();

    /** Adds a subject. */
    void add(final String site, final String path) {
        m_paths.computeIfAbsent(site, s -> new TreeSet<>()).add(path);
    }

    /** The name of a subject that was added. */
    String of(final String site, final String path) {
        final Set<String> all = m_paths.get(site);
        final List<String> same = all.stream().filter(p -> part(p, 1).equals(part(path, 1))).toList();
        if (same.size() == 1) {
            return part(path, 1);
        }
        final Set<String> folders = same.stream().map(p -> part(p, 2)).collect(Collectors.toSet());
        return folders.size() == same.size() && !folders.contains("")
            && all.stream().noneMatch(p -> folders.contains(part(p, 1))) ? part(path, 2) : path.replaceFirst("/$", "");
    }

    /** A part of a path, counted from its end; empty if it has less. */
    private static String part(final String path, final int fromEnd) {
        final String[] parts = path.split("/");
        return parts.length < fromEnd ? "" : parts[parts.length - fromEnd];
    }
}
