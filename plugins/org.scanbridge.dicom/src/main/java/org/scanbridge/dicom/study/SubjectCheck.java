package org.scanbridge.dicom.study;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

import org.scanbridge.dicom.series.Problem;
import org.scanbridge.dicom.series.Problem.Effect;
import org.scanbridge.dicom.series.Problem.Kind;
import org.scanbridge.dicom.series.SubjectRule;
import org.scanbridge.dicom.study.SeriesAssembler.Assembled;

/**
 * Looks whether Patient IDs tell people apart: anonymized exports often give everybody the same one, and two hospitals may
 * give the same one to two people. A hint only, for patients are examined again, and some travel.
 */
final class SubjectCheck {

    private static final String REMEDY = "If they are different people, choose \"Study\" or \"Sub-folder\" for \"Subject\"."
        + " If they are the same people, nothing needs to be done.";

    private final Consumer<Problem> m_problems;

    /** @param problems takes what is suspect */
    SubjectCheck(final Consumer<Problem> problems) {
        m_problems = Objects.requireNonNull(problems, "problems");
    }

    void check(final List<Assembled> images, final SubjectRule rule) {
        if (rule != SubjectRule.PATIENT) {
            return;
        }
        final Map<String, Set<String>> sites = new TreeMap<>();
        final Map<String, Set<String>> studies = new TreeMap<>();
        for (final Assembled image : images) {
            if (!image.header().patient().isEmpty()) {
                sites.computeIfAbsent(image.info().subject(), s -> new TreeSet<>()).add(image.info().site());
                studies.computeIfAbsent(image.info().subject(), s -> new TreeSet<>()).add(image.header().studyUid());
            }
        }
        final List<String> several = sites.keySet().stream().filter(s -> sites.get(s).size() > 1).toList();
        if (sites.size() == 1 && studies.values().iterator().next().size() > 1) {
            report("All " + studies.values().iterator().next().size() + " examinations have the same Patient ID (0010,0020)"
                + (several.isEmpty() ? "" : ", at the sites " + names(sites.values().iterator().next()))
                + ": they count as one subject, " + sites.keySet().iterator().next() + ".");
        } else if (!several.isEmpty()) {
            final String first = several.get(0);
            report(several.size() + " of " + sites.size() + " subjects have images at several sites under the same Patient ID"
                + " (0010,0020), such as " + first + " at " + names(sites.get(first)) + ".");
        }
    }

    private static String names(final Set<String> sites) {
        return String.join(" and ", sites.stream().map(s -> "\"" + s + "\"").toList());
    }

    private void report(final String message) {
        m_problems.accept(new Problem(Kind.SUBJECT, Effect.KEPT, "", "", message, REMEDY));
    }
}
