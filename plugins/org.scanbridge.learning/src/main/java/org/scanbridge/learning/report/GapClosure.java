package org.scanbridge.learning.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.TreeMap;

import org.scanbridge.learning.report.ReportModel.ModelRoles;

/**
 * How much of the loss on the target site the adaptation won back:
 * {@code (adapted − source-only) / (oracle − source-only)}, each the mean over subjects of the mean foreground Dice. 0
 * means that adapting changed nothing, 1 that it is as good as training with the target's labels; it is negative where
 * adapting did harm.
 * <p>
 * Example: source-only 0.50, adapted 0.70, oracle 0.90 give 0.5.
 *
 * @param site the target site
 * @param subjects number of subjects that all three models segmented
 * @param sourceOnly mean Dice of the source-only model, in [0, 1]
 * @param adapted mean Dice of the adapted model, in [0, 1]
 * @param oracle mean Dice of the oracle, in [0, 1]
 * @param closure the gap closure; missing where the oracle is not better than source-only, as there is no gap then
 * @param low lower end of the bootstrap interval of the closure (2.5 % of the resampled subjects); missing likewise, and
 *            with fewer than four subjects, whose resamples say nothing about others
 * @param high upper end (97.5 %)
 */
public record GapClosure(String site, int subjects, double sourceOnly, double adapted, double oracle,
    OptionalDouble closure, OptionalDouble low, OptionalDouble high) {

    /** Under this the oracle is no better than source-only for any practical purpose. */
    private static final double SMALLEST_GAP = 0.01;

    private static final int SMALLEST_SAMPLE = 4;

    private static final int RESAMPLES = 2000;

    private static final long BOOTSTRAP_SEED = 20260711L;

    /**
     * @param scores all scores; only those with role {@code test} of target sites count
     * @param roles the three models
     * @return one entry per target site on which all three models were scored, in alphabetical order
     */
    public static List<GapClosure> of(final List<ScoreRow> scores, final ModelRoles roles) {
        final Map<String, List<ScoreRow>> bySite = new TreeMap<>();
        for (final ScoreRow row : scores) {
            if (row.domain().equals("target") && row.role().equals("test")) {
                bySite.computeIfAbsent(row.site(), s -> new ArrayList<>()).add(row);
            }
        }
        final List<GapClosure> closures = new ArrayList<>();
        bySite.forEach((site, rows) -> ofSite(site, rows, roles).ifPresent(closures::add));
        return closures;
    }

    private static Optional<GapClosure> ofSite(final String site, final List<ScoreRow> rows, final ModelRoles roles) {
        final Map<String, Double> source = meanBySubject(rows, roles.sourceOnly());
        final Map<String, Double> adapted = meanBySubject(rows, roles.adapted());
        final Map<String, Double> oracle = meanBySubject(rows, roles.oracle());
        final List<double[]> triples = new ArrayList<>();
        for (final String subject : source.keySet()) {
            if (adapted.containsKey(subject) && oracle.containsKey(subject)) {
                triples.add(new double[]{source.get(subject), adapted.get(subject), oracle.get(subject)});
            }
        }
        if (triples.isEmpty()) {
            return Optional.empty();
        }
        final double[] mean = mean(triples);
        final OptionalDouble closure = closure(mean);
        OptionalDouble low = OptionalDouble.empty();
        OptionalDouble high = OptionalDouble.empty();
        if (closure.isPresent() && triples.size() >= SMALLEST_SAMPLE) {
            final double[] resampled = bootstrap(triples);
            if (resampled.length > 0) {
                low = OptionalDouble.of(resampled[(int)Math.floor(0.025 * (resampled.length - 1))]);
                high = OptionalDouble.of(resampled[(int)Math.ceil(0.975 * (resampled.length - 1))]);
            }
        }
        return Optional.of(new GapClosure(site, triples.size(), mean[0], mean[1], mean[2], closure, low, high));
    }

    private static OptionalDouble closure(final double[] mean) {
        final double gap = mean[2] - mean[0];
        return gap < SMALLEST_GAP ? OptionalDouble.empty() : OptionalDouble.of((mean[1] - mean[0]) / gap);
    }

    private static double[] bootstrap(final List<double[]> triples) {
        final SplittableRandom random = new SplittableRandom(BOOTSTRAP_SEED);
        final List<double[]> sample = new ArrayList<>(triples);
        final double[] closures = new double[RESAMPLES];
        int n = 0;
        for (int r = 0; r < RESAMPLES; r++) {
            for (int i = 0; i < triples.size(); i++) {
                sample.set(i, triples.get(random.nextInt(triples.size())));
            }
            final OptionalDouble c = closure(mean(sample));
            if (c.isPresent()) {
                closures[n++] = c.getAsDouble();
            }
        }
        final double[] found = Arrays.copyOf(closures, n);
        Arrays.sort(found);
        return found;
    }

    private static double[] mean(final List<double[]> triples) {
        final double[] mean = new double[3];
        for (final double[] t : triples) {
            for (int m = 0; m < 3; m++) {
                mean[m] += t[m] / triples.size();
            }
        }
        return mean;
    }

    /** Mean Dice over the classes that are not missing, by subject. */
    static Map<String, Double> meanBySubject(final List<ScoreRow> rows, final String model) {
        final Map<String, double[]> sums = new TreeMap<>();
        for (final ScoreRow row : rows) {
            if (row.model().equals(model) && row.dice().isPresent()) {
                final double[] sum = sums.computeIfAbsent(row.subject(), s -> new double[2]);
                sum[0] += row.dice().getAsDouble();
                sum[1]++;
            }
        }
        final Map<String, Double> means = new TreeMap<>();
        sums.forEach((subject, sum) -> means.put(subject, sum[0] / sum[1]));
        return means;
    }
}
