package org.scanbridge.learning.study;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.ToDoubleFunction;

import org.scanbridge.imaging.stats.ScoreSummary;
import org.scanbridge.learning.method.TransferStudy.Row;
import org.scanbridge.learning.method.TransferStudy.Start;

/**
 * The rows of a transfer study, summarized over its repetitions.
 *
 * @param rows all networks, that of the source among them
 * @param home the source network on test cases of its own site; empty if there are none
 */
public record TransferResults(List<Row> rows, Optional<Row> home) {

    private static final int FEW = 2;

    /** Makes the list unmodifiable. */
    public TransferResults {
        rows = List.copyOf(rows);
        Objects.requireNonNull(home, "home");
    }

    /** The source network on the test cases of the new site. */
    Row source() {
        return rows.stream().filter(r -> r.start() == Start.SOURCE).findFirst()
            .orElseThrow(() -> new IllegalArgumentException("a transfer study begins with its source network"));
    }

    /** The numbers of training cases, ascending. */
    List<Integer> cases() {
        return rows.stream().map(Row::cases).filter(n -> n > 0).distinct().sorted().toList();
    }

    /** The depths of fine-tuning, ascending. */
    List<Integer> depths() {
        return rows.stream().filter(r -> r.start() == Start.FINE_TUNED).map(Row::tuned).distinct().sorted().toList();
    }

    /** The seeds of the repetitions, ascending. */
    List<Long> seeds() {
        return rows.stream().filter(r -> r.start() != Start.SOURCE).map(Row::seed).distinct().sorted().toList();
    }

    /** Whether networks were trained from scratch. */
    boolean hasScratch() {
        return rows.stream().anyMatch(r -> r.start() == Start.SCRATCH);
    }

    /** Number of blocks of the network; empty if nothing was trained from scratch. */
    OptionalInt blocks() {
        return rows.stream().filter(r -> r.start() == Start.SCRATCH).mapToInt(Row::tuned).findFirst();
    }

    /** What counts as few cases: two as in the paper, or the smallest number if two were not tried. */
    int few() {
        return cases().contains(FEW) ? FEW : cases().get(0);
    }

    /** The largest number of cases. */
    int many() {
        return cases().get(cases().size() - 1);
    }

    /** Networks of one start and number of cases; depth 0 stands for all depths. */
    List<Row> of(final Start start, final int cases, final int depth) {
        return rows.stream()
            .filter(r -> r.start() == start && r.cases() == cases && (depth == 0 || r.tuned() == depth)).toList();
    }

    /** Mean and standard deviation over networks; those without a number are left out and counted. */
    static ScoreSummary summary(final List<Row> networks, final ToDoubleFunction<Row> score) {
        return ScoreSummary.of(networks.stream().mapToDouble(score)
            .mapToObj(x -> Double.isNaN(x) ? OptionalDouble.empty() : OptionalDouble.of(x)).toList(), 1);
    }

    /** Mean Dice over networks; NaN without any. */
    static double dice(final List<Row> networks) {
        return summary(networks, Row::dice).mean().orElse(Double.NaN);
    }
}
