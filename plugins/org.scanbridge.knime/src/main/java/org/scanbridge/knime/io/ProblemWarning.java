package org.scanbridge.knime.io;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import org.scanbridge.dicom.series.Problem;
import org.scanbridge.dicom.series.Problem.Effect;
import org.scanbridge.dicom.series.Problem.Kind;

/** The warning of a reader: how much was left out, and the worst that is wrong. */
public final class ProblemWarning {

    private ProblemWarning() {
    }

    /**
     * @param problems at least one
     * @return such as {@code 3 problems were found, see the second output: 1 segmentation was left out. First: …}
     */
    public static String of(final List<Problem> problems) {
        final List<String> lost = new ArrayList<>();
        count(lost, problems, Effect.SERIES_SKIPPED, "series");
        count(lost, problems, Effect.FILE_SKIPPED, "file");
        count(lost, problems, Effect.SEGMENTATION_SKIPPED, "segmentation");
        final Problem worst = problems.stream().min(Comparator.comparingInt(ProblemWarning::badness)).orElseThrow();
        return problems.size() + (problems.size() == 1 ? " problem was" : " problems were") + " found, see the second output"
            + (lost.isEmpty() ? "" : ": left out " + String.join(", ", lost)) + ". First: " + ProblemTable.describe(worst);
    }

    private static void count(final List<String> lost, final List<Problem> problems, final Effect effect,
        final String noun) {
        final long n = problems.stream().filter(p -> p.effect() == effect && Losses.isLoss(p)).count();
        if (n > 0) {
            lost.add(n + " " + noun + (n == 1 || noun.endsWith("s") ? "" : "s"));
        }
    }

    /** Lost images before lost segmentations before what was changed; what the user or a rule leaves out comes last. */
    private static int badness(final Problem problem) {
        if (problem.kind() == Kind.FILTERED || problem.kind() == Kind.UNSUPPORTED_OBJECT) {
            return 9;
        }
        return switch (problem.effect()) {
            case SERIES_SKIPPED -> 0;
            case FILE_SKIPPED -> Losses.isLoss(problem) ? 1 : 8;
            case SEGMENTATION_SKIPPED -> 2;
            case KEPT -> problem.kind() == Kind.COLOR_IMAGE ? 5 : 4;
        };
    }
}
