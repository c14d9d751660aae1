package org.scanbridge.knime.io;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import org.scanbridge.dicom.series.Problem;
import org.scanbridge.dicom.series.Problem.Effect;

/** Sums problems up in a line: what was left out, and the worst of them first. */
public final class ProblemSummary {

    private ProblemSummary() {
    }

    /** Problems by what they cost: series, then files, which may be images, then segmentations, then what was left out on purpose, then hints. */
    public static List<Problem> worstFirst(final List<Problem> problems) {
        return problems.stream().sorted(Comparator.comparingInt(ProblemSummary::rank)).toList();
    }

    private static int rank(final Problem problem) {
        if (!Losses.isLoss(problem)) {
            return problem.effect() == Effect.KEPT && problem.kind() != Problem.Kind.COLOR_IMAGE ? 3 : 4;
        }
        return switch (problem.effect()) {
            case SERIES_SKIPPED -> 0;
            case SEGMENTATION_SKIPPED -> 2;
            default -> 1;
        };
    }

    /**
     * The text of a warning.
     *
     * @param problems at least one
     */
    public static String text(final List<Problem> problems) {
        final List<String> left = new ArrayList<>();
        count(left, problems.stream().filter(p -> Losses.isLoss(p) && p.effect() == Effect.SERIES_SKIPPED)
            .map(p -> p.series().isEmpty() ? p.file() : p.series()).distinct().count(), "series", "series");
        count(left, problems.stream().filter(p -> Losses.isLoss(p) && p.effect() == Effect.FILE_SKIPPED).count(),
            "file or group of files", "files or groups of files");
        count(left, problems.stream().filter(p -> Losses.isLoss(p) && p.effect() == Effect.SEGMENTATION_SKIPPED)
            .map(Problem::file).distinct().count(), "segmentation", "segmentations");
        return problems.size() + (problems.size() == 1 ? " problem was" : " problems were") + " found, see the second output. "
            + (left.isEmpty() ? "Nothing was lost." : "Left out: " + String.join(", ", left) + ".") + " "
            + (problems.size() == 1 ? "" : "The worst: ") + ProblemTable.describe(worstFirst(problems).get(0));
    }

    private static void count(final List<String> parts, final long n, final String one, final String many) {
        if (n > 0) {
            parts.add(n + " " + (n == 1 ? one : many));
        }
    }
}
