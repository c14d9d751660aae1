package org.scanbridge.learning.report;

import static org.scanbridge.learning.report.Html.escape;
import static org.scanbridge.learning.report.Html.number;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The report's section about what was predicted without labels: a line per site, then one per image. */
final class PredictedScoreTable {

    private PredictedScoreTable() {
    }

    /**
     * @param checked whether something was to be predicted
     * @return HTML; empty if there is nothing to show
     */
    static String write(final List<PredictedScore> scores, final boolean checked) {
        if (scores.isEmpty()) {
            return checked ? "<p>Nothing was judged: the output of the Adaptation Check has no rows for all classes.</p>\n" : "";
        }
        final boolean compared = scores.stream().anyMatch(s -> s.before().isPresent());
        final StringBuilder html = new StringBuilder("<p class=\"soft\">What the Adaptation Check expects of the mean Dice of all"
            + " classes, from evidence other than labels. Its intervals hold for shifts like the simulated ones; a network can be"
            + " certain and wrong, most of all, without a second opinion, at a contrast that it has never seen, so look at the"
            + " segmentations.</p>\n"
            + "<div class=\"scroll\"><table><thead><tr><th>Site</th><th>Images</th><th>Predicted Dice</th>"
            + "<th>Labeled images of the source</th>");
        html.append(compared ? "<th>Before the adaptation</th>" : "").append("</tr></thead>\n<tbody>");
        final Map<String, List<PredictedScore>> bySite =
            scores.stream().collect(Collectors.groupingBy(PredictedScore::site, TreeMap::new, Collectors.toList()));
        bySite.forEach((site, own) -> {
            html.append("<tr><td>").append(escape(site)).append("</td><td>").append(own.size()).append("</td><td>")
                .append(number(own.stream().mapToDouble(PredictedScore::dice).average().orElseThrow(), 3)).append("</td><td>")
                .append(number(own.get(0).source(), 3)).append("</td>");
            if (compared) {
                html.append("<td>").append(number(
                    own.stream().mapToDouble(s -> s.before().orElse(Double.NaN)).average().orElseThrow(), 3)).append("</td>");
            }
            html.append("</tr>\n");
        });
        html.append("</tbody></table></div>\n<div class=\"scroll\"><table><thead><tr><th>Site</th><th class=\"text\">Subject</th>"
            + "<th>Predicted Dice</th><th>Interval</th><th class=\"text\">Verdict</th><th class=\"text\">Reason</th></tr></thead>\n"
            + "<tbody>");
        bySite.values().forEach(own -> own.forEach(s -> html.append("<tr><td>").append(escape(s.site()))
            .append("</td><td class=\"text\">").append(escape(s.subject())).append("</td><td>").append(number(s.dice(), 3))
            .append("</td><td>").append(number(s.low(), 2)).append(" to ").append(number(s.high(), 2))
            .append("</td><td class=\"text\">").append(escape(s.verdict())).append("</td><td class=\"text\">")
            .append(escape(s.reason())).append("</td></tr>\n")));
        return html.append("</tbody></table></div>\n").toString();
    }
}
