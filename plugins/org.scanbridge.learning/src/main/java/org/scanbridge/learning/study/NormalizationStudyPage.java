package org.scanbridge.learning.study;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

import org.scanbridge.imaging.stats.ScoreSummary;
import org.scanbridge.learning.study.NormalizationStudyResult.Divergence;
import org.scanbridge.learning.study.NormalizationStudyResult.Game;
import org.scanbridge.learning.study.NormalizationStudyResult.Score;
import org.scanbridge.learning.study.NormalizationStudyResult.Similarity;
import org.scanbridge.learning.study.NormalizationStudyResult.SiteAccuracy;
import org.scanbridge.learning.study.NormalizationStudyResult.Training;

/** The results of a study as a page of Markdown: verdicts first, then the tables they follow from. */
final class NormalizationStudyPage {

    private static final long BOOTSTRAP_SEED = 1;

    private final NormalizationStudyResult m_result;

    private final NormalizationStudyOptions m_options;

    private final StringBuilder m_text = new StringBuilder();

    NormalizationStudyPage(final NormalizationStudyResult result, final NormalizationStudyOptions options) {
        m_result = result;
        m_options = options;
    }

    /** The page. */
    String markdown() {
        line("# Adversarial normalization: the seven experiments of Delisle et al.");
        line("");
        line("Sites " + String.join(", ", m_result.sites()) + "; " + m_options.seeds() + " repetitions, each with its own "
            + "split (by subject: " + m_options.training() + " training, " + m_options.validation() + " validation, "
            + testSubjects() + " test subjects at each site), weights and patches. Dice of whole test images.");
        line("");
        verdicts();
        dice();
        classes();
        surfaces();
        differences();
        sites();
        realism();
        trainings();
        return m_text.toString();
    }

    private long testSubjects() {
        return m_result.scores().stream().filter(s -> s.site().equals(m_result.sites().get(0))
            && s.seed() == m_options.firstSeed()).map(Score::subject).distinct().count();
    }

    private void verdicts() {
        line("## Verdicts");
        line("");
        line("Fixed before any network was trained.");
        line("");
        row("", "statement", "measured", "verdict");
        row("---", "---", "---", "---");
        for (final Verdict v : Verdicts.of(m_result, m_options)) {
            row(v.name(), v.statement(), v.measured(), v.met() ? "**met**" : "**not met**");
        }
        line("");
    }

    private void dice() {
        line("## Dice");
        line("");
        line("Mean over classes; mean ± standard deviation over test subjects and repetitions.");
        line("");
        final List<String> head = new ArrayList<>(List.of("experiment", "images", "trained on"));
        m_result.sites().forEach(s -> head.add("tested on " + s));
        head.add("all sites");
        header(head);
        final Map<String, Table1.Row> rows = new LinkedHashMap<>();
        Table1.of(m_result).stream().filter(r -> r.className().equals(Table1.ALL_CLASSES))
            .forEach(r -> rows.put(r.experiment() + '\n' + r.testedOn(), r));
        for (final StudyModel model : m_result.models()) {
            final List<String> cells =
                new ArrayList<>(List.of(model.name(), Table1.images(model), String.join(" + ", model.sites())));
            for (final String site : m_result.sites()) {
                cells.add(meanAndDeviation(rows.get(model.name() + '\n' + site).dice()));
            }
            cells.add(number(mean(Table1.subjectMeans(
                m_result.scores().stream().filter(s -> s.model().equals(model.name())).toList())), 3));
            row(cells.toArray(String[]::new));
        }
        line("");
        line("Rows 1–4 hold the paper's experiments 1 and 2 where a network is tested on the site it was trained on, 3 and 4 "
            + "elsewhere; rows z are the same on z-scored images. 5d is a control that the paper does not have: neither "
            + "normalization nor generator.");
        line("");
    }

    private static double mean(final List<OptionalDouble> values) {
        return values.stream().filter(OptionalDouble::isPresent).mapToDouble(OptionalDouble::getAsDouble).average()
            .orElse(Double.NaN);
    }

    /** Table 1 in the paper's own layout: one column per class. */
    private void classes() {
        line("By class:");
        line("");
        final List<String> names = classNames();
        final List<String> head = new ArrayList<>(List.of("experiment", "tested on"));
        head.addAll(names);
        header(head);
        final List<Table1.Row> rows = Table1.of(m_result);
        for (final StudyModel model : m_result.models()) {
            for (final String site : m_result.sites()) {
                final List<String> cells = new ArrayList<>(List.of(model.name(), site));
                for (final String name : names) {
                    rows.stream().filter(r -> r.experiment().equals(model.name()) && r.testedOn().equals(site)
                        && r.className().equals(name)).forEach(r -> cells.add(meanAndDeviation(r.dice())));
                }
                row(cells.toArray(String[]::new));
            }
        }
        line("");
    }

    private List<String> classNames() {
        return new TreeSet<>(m_result.scores().stream().map(Score::label).toList()).stream()
            .map(label -> Table1.className(m_result, label)).toList();
    }

    private void surfaces() {
        line("## Surface distances");
        line("");
        line("Means over test subjects, classes and repetitions in mm, where the class was found: 95 % Hausdorff distance / "
            + "average symmetric surface distance.");
        line("");
        final List<String> head = new ArrayList<>(List.of("experiment"));
        m_result.sites().forEach(s -> head.add("tested on " + s));
        header(head);
        for (final StudyModel model : m_result.models()) {
            final List<String> cells = new ArrayList<>(List.of(model.name()));
            for (final String site : m_result.sites()) {
                final List<Score> scores = m_result.scores().stream()
                    .filter(s -> s.model().equals(model.name()) && s.site().equals(site)).toList();
                cells.add(number(mean(scores, Score::hd95), 1) + " / " + number(mean(scores, Score::assd), 2));
            }
            row(cells.toArray(String[]::new));
        }
        line("");
    }

    private void differences() {
        line("## Differences between experiments");
        line("");
        line("Mean Dice over classes, subject by subject (paired); 95 % bootstrap interval over test subjects and "
            + "repetitions.");
        line("");
        header(List.of("difference", "mean", "interval"));
        for (final String other : List.of("5b", "5c", "5d", "6", "7b")) {
            final ScoreSummary d = difference("7", other);
            row("7 − " + other, number(d.mean().orElse(Double.NaN), 3), number(d.lower().orElse(Double.NaN), 3) + " to "
                + number(d.upper().orElse(Double.NaN), 3));
        }
        line("");
    }

    private ScoreSummary difference(final String model, final String other) {
        final Map<String, Double> a = bySubject(model);
        final Map<String, Double> b = bySubject(other);
        return ScoreSummary.of(a.keySet().stream().filter(b::containsKey)
            .map(k -> OptionalDouble.of(a.get(k) - b.get(k))).toList(), BOOTSTRAP_SEED);
    }

    private Map<String, Double> bySubject(final String model) {
        return m_result.scores().stream().filter(s -> s.model().equals(model) && !Double.isNaN(s.dice()))
            .collect(Collectors.groupingBy(s -> s.seed() + " " + s.subject(), LinkedHashMap::new,
                Collectors.averagingDouble(Score::dice)));
    }

    private void sites() {
        line("## How alike the sites are");
        line("");
        line(String.format(Locale.ROOT, "Jensen–Shannon divergence between the sites' test images in nats, from 0 to ln %d = "
            + "%.3f: over all segmented tissue, and within each class. Site accuracy: how many 8³ cubes of test images a random "
            + "forest, trained on cubes of training images, assigns to the right site; chance is %.3f. Means over the "
            + "repetitions.", m_result.sites().size(), Math.log(m_result.sites().size()), 1.0 / m_result.sites().size()));
        line("");
        final List<String> head = new ArrayList<>(List.of("images", "JSD overall"));
        classNames().forEach(n -> head.add("JSD " + n));
        head.add("mean of classes");
        head.add("site accuracy");
        header(head);
        final List<Integer> labels =
            new ArrayList<>(new TreeSet<>(m_result.scores().stream().map(Score::label).toList()));
        for (final String images : m_result.divergences().stream().map(Divergence::images).distinct().toList()) {
            final List<Divergence> of =
                m_result.divergences().stream().filter(d -> d.images().equals(images)).toList();
            final List<String> cells = new ArrayList<>(List.of(title(images), number(mean(of, Divergence::overall), 3)));
            labels.forEach(
                l -> cells.add(number(mean(of, d -> d.perClass().getOrDefault(l, Double.NaN)), 3)));
            cells.add(number(mean(of, Divergence::meanOfClasses), 3));
            cells.add(number(mean(m_result.siteTests().stream().filter(s -> s.images().equals(images)).toList(),
                SiteAccuracy::accuracy), 3));
            row(cells.toArray(String[]::new));
        }
        line("");
    }

    private String title(final String images) {
        return m_result.models().stream().anyMatch(m -> m.name().equals(images)) ? "output of " + images
            : images.equals(NormalizationStudy.INPUT) ? "input: " + images : images;
    }

    private void realism() {
        line("## What generators and discriminators did");
        line("");
        line("Normalized cross-correlation and mean squared error of generated test images against their input, inside the "
            + "tissue; and of the last tenth of the steps how many real patches the discriminator assigned to their site, how "
            + "many generated ones it recognized, and its loss (ln " + (m_result.sites().size() + 1) + " = "
            + number(Math.log(m_result.sites().size() + 1.0), 3) + " is guessing).");
        line("");
        header(List.of("experiment", "NCC", "MSE", "sites told", "generated recognized", "discriminator's loss"));
        for (final StudyModel model : m_result.models()) {
            if (model.generates()) {
                final List<Similarity> similar =
                    m_result.similarities().stream().filter(s -> s.model().equals(model.name())).toList();
                final List<Game> games =
                    m_result.games().stream().filter(g -> g.model().equals(model.name())).toList();
                row(model.name(), number(mean(similar, Similarity::ncc), 4), number(mean(similar, Similarity::mse), 5),
                    number(mean(games, Game::sitesRecognized), 2), number(mean(games, Game::generatedRecognized), 2),
                    number(mean(games, Game::discriminatorLoss), 2));
            }
        }
        line("");
    }

    private void trainings() {
        line("## Trainings");
        line("");
        header(List.of("experiment", "weights", "validation Dice", "kept step", "curve at the end", "seconds"));
        for (final StudyModel model : m_result.models()) {
            final List<Training> of =
                m_result.trainings().stream().filter(t -> t.model().equals(model.name())).toList();
            row(model.name(), "" + of.get(0).weights(),
                of.stream().map(t -> number(t.validationDice(), 3)).collect(Collectors.joining(", ")),
                of.stream().map(t -> "" + t.keptStep()).collect(Collectors.joining(", ")),
                of.stream().map(t -> t.ending().title()).collect(Collectors.joining(", ")),
                number(mean(of, Training::seconds), 0));
        }
        line("");
        line("Options: " + m_options.asMap().entrySet().stream().map(e -> e.getKey() + " " + e.getValue())
            .collect(Collectors.joining("; ")) + ".");
    }

    private static <T> double mean(final List<T> rows, final ToDoubleFunction<T> value) {
        return rows.stream().mapToDouble(value).filter(v -> !Double.isNaN(v)).average().orElse(Double.NaN);
    }

    private static String meanAndDeviation(final ScoreSummary summary) {
        return number(summary.mean().orElse(Double.NaN), 3)
            + (summary.standardDeviation().isPresent() ? " ± " + number(summary.standardDeviation().getAsDouble(), 3) : "");
    }

    private static String number(final double value, final int digits) {
        return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%." + digits + "f", value).replace("-", "−");
    }

    private void header(final List<String> cells) {
        row(cells.toArray(String[]::new));
        row(cells.stream().map(c -> "---").toArray(String[]::new));
    }

    private void row(final String... cells) {
        line("| " + String.join(" | ", cells) + " |");
    }

    private void line(final String text) {
        m_text.append(text).append('\n');
    }
}
