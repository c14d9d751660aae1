package org.scanbridge.learning.report;

import static org.scanbridge.learning.report.Html.escape;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** A page of curves in one HTML file that needs nothing else; for the learners' views and for looking at a running training. */
public final class CurvePage {

    private static final String[] COLORS = {"#0072b2", "#d55e00", "#009e73", "#cc79a7"};

    private static final String STYLE = """
            :root { --ink: #1b1f24; --soft: #57606a; --line: #d8dee4; --paper: #fff; }
            @media screen and (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9aa4af; --line: #3a424b; --paper: #14181d; } }
            body { margin: 16px; color: var(--ink); background: var(--paper); font: 14px/1.45 system-ui, sans-serif; }
            .charts { display: flex; flex-wrap: wrap; gap: 10px 24px; }
            .charts > div { flex: 1 1 360px; max-width: 560px; }
            svg { display: block; width: 100%; height: auto; }
            svg text { fill: var(--soft); font: 11px system-ui, sans-serif; }
            svg text.title { fill: var(--ink); font-weight: 600; font-size: 12.5px; }
            svg .end { text-anchor: end; } svg .mid { text-anchor: middle; } svg .grid { stroke: var(--line); }
            .legend { color: var(--soft); } .legend span { margin-right: 14px; } svg.patch { display: inline-block; width: 12px;
              height: 12px; margin-right: 6px; vertical-align: -1px; }
            @media print { * { -webkit-print-color-adjust: exact; print-color-adjust: exact; } svg { break-inside: avoid; } }
            """;

    /**
     * A curve.
     *
     * @param name shown in the legend
     * @param x horizontal positions
     * @param y values, one per position; those that are no numbers are left out
     */
    public record Curve(String name, double[] x, double[] y) {
    }

    /**
     * A chart of one or more curves; left out if no curve has a number.
     *
     * @param title above the chart
     * @param curves in the order of the legend
     */
    public record Chart(String title, List<Curve> curves) {
    }

    private CurvePage() {
    }

    /**
     * @param title of the page
     * @param status a sentence above the charts
     * @param xTitle what all horizontal axes count
     * @param charts in this order
     * @param refreshSeconds when a browser loads the page again; empty for a page that is finished
     */
    public static String of(final String title, final String status, final String xTitle, final List<Chart> charts,
        final OptionalInt refreshSeconds) {
        final StringBuilder html = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">");
        refreshSeconds.ifPresent(s -> html.append("<meta http-equiv=\"refresh\" content=\"").append(s).append("\">"));
        html.append("<title>").append(escape(title)).append("</title><style>").append(STYLE)
            .append("</style></head>\n<body><p id=\"status\">").append(escape(status)).append("</p><div class=\"charts\">\n");
        for (final Chart chart : charts) {
            final List<LineChart.Line> lines = new ArrayList<>();
            for (int c = 0; c < chart.curves().size(); c++) {
                final Curve curve = chart.curves().get(c);
                lines.add(new LineChart.Line(curve.name(), COLORS[c % COLORS.length], curve.x(), curve.y()));
            }
            final String drawn = LineChart.draw(chart.title(), xTitle, lines);
            if (!drawn.isEmpty()) {
                html.append("<div>").append(drawn)
                    .append(lines.size() > 1 ? legend(lines.stream().filter(LineChart.Line::isDrawn).toList()) : "").append("</div>\n");
            }
        }
        return html.append("</div></body></html>\n").toString();
    }

    private static String legend(final List<LineChart.Line> lines) {
        final StringBuilder html = new StringBuilder("<div class=\"legend\">");
        lines.forEach(line -> html.append("<span>").append(Html.patch(line.color())).append(escape(line.name()))
            .append("</span>"));
        return html.append("</div>").toString();
    }
}
