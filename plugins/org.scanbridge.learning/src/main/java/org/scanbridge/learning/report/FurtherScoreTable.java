package org.scanbridge.learning.report;

import static org.scanbridge.learning.report.Html.escape;
import static org.scanbridge.learning.report.Html.spread;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The table of the scores beside the Dice: a row per site and score, a column per model. */
final class FurtherScoreTable {

    private FurtherScoreTable() {
    }

    /**
     * @param scores all of them; only those of test subjects count
     * @param rows test rows by site, also of subjects of whom no other score is defined
     * @param models in the order of the columns
     * @return HTML; empty if there is nothing to show
     */
    static String write(final List<FurtherScore> scores, final Map<String, List<ScoreRow>> rows,
        final List<String> models) {
        // By site, score, model and subject: the values of the classes.
        final Map<List<String>, Map<String, List<Double>>> cells = new LinkedHashMap<>();
        final Set<String> titles = new LinkedHashSet<>();
        final Map<String, Set<String>> subjects = new LinkedHashMap<>();
        rows.forEach((site, ofSite) -> subjects.put(site, ofSite.stream().map(ScoreRow::subject).collect(Collectors.toSet())));
        for (final FurtherScore s : scores) {
            if (s.role().equals("test")) {
                titles.add(s.score());
                subjects.computeIfAbsent(s.site(), k -> new HashSet<>()).add(s.subject());
                cells.computeIfAbsent(List.of(s.site(), s.score(), s.model()), k -> new LinkedHashMap<>())
                    .computeIfAbsent(s.subject(), k -> new ArrayList<>()).add(s.value());
            }
        }
        if (titles.isEmpty()) {
            return "";
        }
        final StringBuilder html = new StringBuilder("<p class=\"soft\">Mean over test subjects of their "
            + "mean over classes, ± standard deviation between subjects. A score that is not defined for a subject, such as a "
            + "distance to a class that is not there, is left out; where that leaves out some, their number follows.</p>\n"
            + "<div class=\"scroll\"><table><thead><tr><th>Site</th><th class=\"text\">Score</th>");
        models.forEach(m -> html.append("<th>").append(escape(m)).append("</th>"));
        html.append("</tr></thead>\n<tbody>");
        for (final String site : rows.keySet()) {
            for (final String title : titles) {
                html.append("<tr><td>").append(escape(site)).append("</td><td class=\"text\">").append(escape(title)).append("</td>");
                final int most = subjects.get(site).size();
                models.forEach(m -> html.append("<td>").append(cell(cells.getOrDefault(List.of(site, title, m), Map.of()), most))
                    .append("</td>"));
                html.append("</tr>\n");
            }
        }
        return html.append("</tbody></table></div>\n").toString();
    }

    private static String cell(final Map<String, List<Double>> bySubject, final int most) {
        if (bySubject.isEmpty()) {
            return "–";
        }
        final double[] means =
            bySubject.values().stream().mapToDouble(v -> v.stream().mapToDouble(Double::doubleValue).average().orElseThrow()).toArray();
        final double mean = Arrays.stream(means).average().orElseThrow();
        return spread(means, Math.abs(mean) < 10 ? 3 : 1)
            + (means.length < most ? " <span class=\"soft\">(" + means.length + ")</span>" : "");
    }
}
