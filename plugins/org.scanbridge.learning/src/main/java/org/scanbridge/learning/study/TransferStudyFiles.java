package org.scanbridge.learning.study;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

import org.scanbridge.imaging.stats.ScoreSummary;
import org.scanbridge.learning.method.TransferStudy.Row;
import org.scanbridge.learning.method.TransferStudy.Start;
import org.scanbridge.learning.report.TransferPage;

/**
 * A transfer study as files: every network in {@code networks.csv}, means over repetitions and verdicts in
 * {@code transfer-learning.md}, heat map and curves in {@code transfer-learning.html}. A missing number is an empty field.
 */
public final class TransferStudyFiles {

    private final TransferResults m_results;

    private final StringBuilder m_text = new StringBuilder();

    private TransferStudyFiles(final TransferResults results) {
        m_results = results;
    }

    /**
     * Writes the files.
     *
     * @param folder made if missing; files of an earlier study are replaced
     * @throws IOException if one cannot be written
     */
    public static void write(final TransferResults results, final Path folder) throws IOException {
        Files.createDirectories(folder);
        write(folder.resolve("networks.csv"), csv(results));
        write(folder.resolve("transfer-learning.md"), new TransferStudyFiles(results).markdown());
        write(folder.resolve("transfer-learning.html"), TransferPage.of(results.rows().stream()
            .map(r -> new TransferPage.Point(r.tuned(), r.start() == Start.SCRATCH, r.cases(), r.dice())).toList()));
    }

    private static void write(final Path file, final String text) throws IOException {
        Files.write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    private static String csv(final TransferResults results) {
        final StringBuilder csv = new StringBuilder("start,test_site,trained_blocks,cases,seed,dice,lesion_f1,auc\n");
        results.home().ifPresent(r -> csv.append(line(r, "source")));
        results.rows().forEach(r -> csv.append(line(r, "new")));
        return csv.toString();
    }

    private static String line(final Row r, final String site) {
        return r.start().name().toLowerCase(Locale.ROOT) + ',' + site + ',' + r.tuned() + ',' + r.cases() + ',' + r.seed() + ','
            + number(r.dice(), 6, "") + ',' + number(r.lesionF1(), 6, "") + ',' + number(r.auc(), 6, "") + '\n';
    }

    private String markdown() {
        line("# Transfer learning with few cases: results");
        line("");
        line(m_results.rows().size() - 1 + " networks, seeds "
            + m_results.seeds().stream().map(String::valueOf).collect(Collectors.joining(", "))
            + (m_results.blocks().isPresent() ? "; the network has " + m_results.blocks().getAsInt() + " blocks" : "") + ".");
        line("");
        verdicts();
        line("## The source network as it is");
        line("");
        row("tested at", "Dice", "lesion F1", "AUC");
        row("---", "---", "---", "---");
        m_results.home().ifPresent(r -> source("its own site", r));
        source("the new site", m_results.source());
        line("");
        table("Dice", Row::dice);
        table("Lesion F1", Row::lesionF1);
        table("Area under the ROC curve", Row::auc);
        return m_text.toString();
    }

    private void source(final String site, final Row r) {
        row(site, number(r.dice(), 3, "–"), number(r.lesionF1(), 3, "–"), number(r.auc(), 3, "–"));
    }

    private void verdicts() {
        final List<Verdict> verdicts = TransferVerdicts.of(m_results);
        if (verdicts.isEmpty()) {
            return;
        }
        line("## Verdicts");
        line("");
        line("Fixed before any network was trained.");
        line("");
        row("", "statement", "measured", "verdict");
        row("---", "---", "---", "---");
        verdicts.forEach(v -> row(v.name(), v.statement(), v.measured(), v.met() ? "**met**" : "**not met**"));
        line("");
    }

    private void table(final String title, final ToDoubleFunction<Row> score) {
        line("## " + title);
        line("");
        line("Test cases of the new site; mean ± standard deviation over repetitions (number of repetitions "
            + m_results.seeds().size() + ").");
        line("");
        final List<String> head = new ArrayList<>(List.of("cases"));
        m_results.depths().forEach(d -> head.add(d == 1 ? "last block tuned" : "last " + d + " tuned"));
        if (m_results.hasScratch()) {
            head.add("from scratch");
        }
        row(head.toArray(String[]::new));
        row(head.stream().map(h -> "---").toArray(String[]::new));
        for (final int n : m_results.cases()) {
            final List<String> cells = new ArrayList<>(List.of(Integer.toString(n)));
            m_results.depths()
                .forEach(d -> cells.add(cell(TransferResults.summary(m_results.of(Start.FINE_TUNED, n, d), score))));
            if (m_results.hasScratch()) {
                cells.add(cell(TransferResults.summary(m_results.of(Start.SCRATCH, n, 0), score)));
            }
            row(cells.toArray(String[]::new));
        }
        line("");
    }

    private static String cell(final ScoreSummary summary) {
        final OptionalDouble deviation = summary.standardDeviation();
        return number(summary.mean().orElse(Double.NaN), 3, "–")
            + (deviation.isPresent() ? " ± " + number(deviation.getAsDouble(), 3, "–") : "");
    }

    private void row(final String... cells) {
        line("| " + String.join(" | ", cells) + " |");
    }

    private void line(final String text) {
        m_text.append(text).append('\n');
    }

    private static String number(final double value, final int digits, final String missing) {
        return Double.isNaN(value) ? missing : String.format(Locale.ROOT, "%." + digits + "f", value);
    }
}
