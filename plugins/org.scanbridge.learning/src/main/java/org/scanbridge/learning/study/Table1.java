package org.scanbridge.learning.study;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

import org.scanbridge.imaging.stats.ScoreSummary;
import org.scanbridge.learning.study.NormalizationStudyResult.Score;

/** A study's scores by experiment, site and class, over all test subjects of all repetitions. */
public final class Table1 {

    /** The class of the rows that are about all classes. */
    public static final String ALL_CLASSES = "all";

    private static final long BOOTSTRAP_SEED = 1;

    private Table1() {
    }

    /**
     * One row.
     *
     * @param experiment name of the model
     * @param images how they were scaled or normalized
     * @param trainedOn site, or all sites
     * @param testedOn site
     * @param className name of the class, or {@link #ALL_CLASSES}
     * @param dice over test subjects (of each repetition); for all classes of their means over the classes
     * @param hd95 95 % Hausdorff distance in mm
     * @param assd average symmetric surface distance in mm
     */
    public record Row(String experiment, String images, String trainedOn, String testedOn, String className,
        ScoreSummary dice, ScoreSummary hd95, ScoreSummary assd) {
    }

    /** All rows, in the order of the experiments. */
    public static List<Row> of(final NormalizationStudyResult result) {
        final List<Row> rows = new ArrayList<>();
        final TreeSet<Integer> labels = new TreeSet<>();
        result.scores().forEach(s -> labels.add(s.label()));
        for (final StudyModel model : result.models()) {
            for (final String site : result.sites()) {
                for (final int label : labels) {
                    final List<Score> scores = select(result, model.name(), site, s -> s.label() == label);
                    rows.add(row(model, site, className(result, label), summary(scores, Score::dice), scores));
                }
                final List<Score> scores = select(result, model.name(), site, s -> true);
                rows.add(row(model, site, ALL_CLASSES, ScoreSummary.of(subjectMeans(scores), BOOTSTRAP_SEED), scores));
            }
        }
        return rows;
    }

    private static Row row(final StudyModel model, final String site, final String className, final ScoreSummary dice,
        final List<Score> scores) {
        return new Row(model.name(), images(model), String.join(" + ", model.sites()), site, className, dice,
            summary(scores, Score::hd95), summary(scores, Score::assd));
    }

    /** What the model's segmenter gets to see. */
    static String images(final StudyModel model) {
        return switch (model.kind()) {
            case SEGMENTER -> model.input().title();
            case UNCONSTRAINED -> "generator without constraint";
            case ADVERSARIAL -> "generator against discriminator";
            case CONFUSION -> "generator against discriminator, confusion";
        };
    }

    /** The name of a class; its number if it has none. */
    public static String className(final NormalizationStudyResult result, final int label) {
        return result.labels().names().getOrDefault(label, "" + label);
    }

    private static List<Score> select(final NormalizationStudyResult result, final String model, final String site,
        final Predicate<Score> which) {
        return result.scores().stream().filter(s -> s.model().equals(model) && s.site().equals(site) && which.test(s))
            .toList();
    }

    private static ScoreSummary summary(final List<Score> scores, final ToDoubleFunction<Score> value) {
        return ScoreSummary.of(scores.stream().mapToDouble(value).mapToObj(Table1::present).toList(), BOOTSTRAP_SEED);
    }

    private static OptionalDouble present(final double value) {
        return Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    /** The mean Dice over the classes of each model, repetition and subject, in the order in which they come. */
    static List<OptionalDouble> subjectMeans(final List<Score> scores) {
        final Map<String, List<Double>> bySubject = new LinkedHashMap<>();
        for (final Score s : scores) {
            if (!Double.isNaN(s.dice())) {
                bySubject.computeIfAbsent(s.model() + '\n' + s.seed() + '\n' + s.subject(), k -> new ArrayList<>())
                    .add(s.dice());
            }
        }
        return bySubject.values().stream()
            .map(values -> values.stream().mapToDouble(Double::doubleValue).average()).toList();
    }
}
