package org.scanbridge.learning.report;

import static org.scanbridge.learning.report.Html.escape;
import static org.scanbridge.learning.report.Html.number;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** The report's section about lesions: a table of what was detected, and a drawing of the FROC for each site and class. */
final class LesionSection {

    /** Where the summary of a FROC ends, and with it the drawing. */
    private static final double MOST_FALSE = 8;

    private LesionSection() {
    }

    /**
     * @param scores all of them; only those of test images count
     * @param sites in the order of the rows; others follow
     * @param models in the order of the rows of a site; others follow
     * @return HTML; empty if there is nothing to show
     */
    static String table(final List<LesionScore> scores, final List<String> sites, final List<String> models) {
        final List<LesionScore> rows = scores.stream().filter(s -> s.role().equals("test"))
            .sorted((a, b) -> compare(sites, a.site(), b.site(), () -> compare(models, a.model(), b.model(),
                () -> a.className().compareTo(b.className())))).toList();
        if (rows.isEmpty()) {
            return "";
        }
        final StringBuilder html = new StringBuilder("<p class=\"soft\">Counted by the Lesion Scorer over all test images of a"
            + " site; its settings say when a lesion is detected. CPM is the mean sensitivity at ⅛ to 8 false positives per image.</p>\n"
            + "<div class=\"scroll\"><table><thead><tr><th>Site</th><th class=\"text\">Model</th><th class=\"text\">Class</th>"
            + "<th>Images</th><th>Lesions</th><th>Detected</th><th>False positives</th><th>Recall</th><th>Precision</th><th>F1</th>"
            + "<th>CPM</th></tr></thead>\n<tbody>");
        rows.forEach(s -> html.append("<tr><td>").append(escape(s.site())).append("</td><td class=\"text\">")
            .append(escape(s.model())).append("</td><td class=\"text\">").append(escape(s.className())).append("</td><td>")
            .append(s.images()).append("</td><td>").append(s.reference()).append("</td><td>").append(s.detected())
            .append("</td><td>").append(s.falsePositives()).append("</td><td>").append(number(s.recall(), 3))
            .append("</td><td>").append(number(s.precision(), 3)).append("</td><td>").append(number(s.f1(), 3))
            .append("</td><td>").append(number(s.cpm(), 3)).append("</td></tr>\n"));
        return html.append("</tbody></table></div>\n").toString();
    }

    /**
     * @param curves all of them; only those of test images count
     * @param sites in the order of the drawings; others follow
     * @param models in the order of the lines; others follow
     * @param color the color of a model
     * @return HTML; empty if there is nothing to show
     */
    static String curves(final List<FrocCurve> curves, final List<String> sites, final List<String> models,
        final UnaryOperator<String> color) {
        final Map<String, List<LineChart.Line>> charts = new LinkedHashMap<>();
        curves.stream().filter(c -> c.role().equals("test"))
            .sorted((a, b) -> compare(sites, a.site(), b.site(), () -> compare(models, a.model(), b.model(), () -> 0)))
            .forEach(c -> charts.computeIfAbsent("FROC of " + c.className() + " on " + c.site(), k -> new ArrayList<>())
                .add(line(c, color.apply(c.model()))));
        if (charts.isEmpty()) {
            return "";
        }
        final StringBuilder html = new StringBuilder("<p class=\"soft\">FROC: share of the lesions that are found over the number"
            + " of false candidates per image, up to 8.</p>\n<div class=\"charts\">\n");
        charts.forEach((title, lines) -> html.append("<div>")
            .append(LineChart.draw(title, "false positives per image", lines)).append("</div>\n"));
        return html.append("</div>\n").toString();
    }

    /** From nothing found on, along the points, and level beyond the last one, which is how the curve is read. */
    private static LineChart.Line line(final FrocCurve curve, final String color) {
        final double[] x = curve.falsePositives();
        final double[] y = curve.sensitivities();
        final int shown = (int)Arrays.stream(x).takeWhile(f -> f <= MOST_FALSE).count();
        final double[] xs = new double[shown + 2];
        final double[] ys = new double[shown + 2];
        System.arraycopy(x, 0, xs, 1, shown);
        System.arraycopy(y, 0, ys, 1, shown);
        xs[shown + 1] = MOST_FALSE;
        ys[shown + 1] = shown == x.length ? ys[shown]
            : ys[shown] + (y[shown] - ys[shown]) * (MOST_FALSE - xs[shown]) / (x[shown] - xs[shown]);
        return new LineChart.Line(curve.model(), color, xs, ys);
    }

    /** What is in a list comes in its order, before what is not. */
    private static int compare(final List<String> order, final String a, final String b,
        final IntSupplier otherwise) {
        final int[] at = Stream.of(a, b).mapToInt(s -> order.contains(s) ? order.indexOf(s) : order.size()).toArray();
        final int byOrder = at[0] != at[1] ? Integer.compare(at[0], at[1]) : a.compareTo(b);
        return byOrder != 0 ? byOrder : otherwise.getAsInt();
    }
}
