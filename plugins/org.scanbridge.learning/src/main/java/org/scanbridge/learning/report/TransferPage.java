package org.scanbridge.learning.report;

import static org.scanbridge.learning.report.Html.escape;
import static org.scanbridge.learning.report.Html.number;
import static org.scanbridge.learning.report.Html.xy;

import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.TreeSet;
import java.util.function.DoubleConsumer;
import java.util.stream.DoubleStream;

/**
 * A transfer study on one page: the heat map of mean Dice over numbers of cases and trained blocks (Ghafoorian et al., MICCAI
 * 2017, Fig. 2b), and the Dice over the number of cases on a logarithmic axis (Fig. 2a).
 */
public final class TransferPage {

    private static final String[] COLORS = {"#0072b2", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#999999", "#7a5195",
        "#5b8c5a"};

    private static final String SCRATCH_COLOR = "#d55e00";

    private static final int LABEL = 92;

    private static final int WIDTH = 560;

    private static final int HEIGHT = 320;

    private static final int LEFT = 50;

    private static final int RIGHT = 14;

    private static final int TOP = 14;

    private static final int BOTTOM = 44;

    private static final int TICKS = 5;

    private static final String STYLE = """
            :root { --ink: #1b1f24; --soft: #57606a; --line: #d8dee4; --paper: #fff; }
            @media screen and (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9aa4af; --line: #3a424b; --paper: #14181d; } }
            body { margin: 16px; color: var(--ink); background: var(--paper); font: 14px/1.45 system-ui, sans-serif; }
            h2 { font-size: 1.1em; margin: 18px 0 6px; } .wide { overflow-x: auto; }
            svg text { fill: var(--soft); font: 11px system-ui, sans-serif; } svg text.value { font-size: 13px; }
            svg .end { text-anchor: end; } svg .mid { text-anchor: middle; } svg .grid { stroke: var(--line); }
            .legend { color: var(--soft); } .legend span { margin-right: 14px; } svg.patch { display: inline-block; width: 12px;
              height: 12px; margin-right: 6px; vertical-align: -1px; }
            @media print { * { -webkit-print-color-adjust: exact; print-color-adjust: exact; } svg { break-inside: avoid; } }
            """;

    /**
     * A network of the study.
     *
     * @param tuned how many blocks were trained
     * @param scratch whether it started from fresh weights
     * @param cases how many cases it was trained on; 0 for the source network as it is
     * @param dice what it achieves; NaN if nothing could be measured
     */
    public record Point(int tuned, boolean scratch, int cases, double dice) {
    }

    private record Column(String name, boolean scratch, int tuned) {

        double dice(final List<Point> points, final int cases) {
            return all(points, cases).average().orElse(Double.NaN);
        }

        /** The Dice of each repetition. */
        DoubleStream all(final List<Point> points, final int cases) {
            return points.stream()
                .filter(p -> p.cases() == cases && p.scratch() == scratch && (scratch || p.tuned() == tuned))
                .mapToDouble(Point::dice);
        }
    }

    private TransferPage() {
    }

    /** @param points all networks of the study; those that differ in their seed only are averaged */
    public static String of(final List<Point> points) {
        final List<Integer> cases =
            List.copyOf(new TreeSet<>(points.stream().map(Point::cases).filter(n -> n > 0).toList()));
        final List<Column> columns = new ArrayList<>();
        for (final int tuned : new TreeSet<>(
            points.stream().filter(p -> p.cases() > 0 && !p.scratch()).map(Point::tuned).toList())) {
            columns.add(new Column(tuned == 1 ? "last block" : "last " + tuned + " blocks", false, tuned));
        }
        if (points.stream().anyMatch(Point::scratch)) {
            columns.add(new Column("from scratch", true, 0));
        }
        final double source =
            points.stream().filter(p -> p.cases() == 0).mapToDouble(Point::dice).average().orElse(Double.NaN);
        return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Transfer study</title><style>" + STYLE
            + "</style></head>\n<body><p>The source network as it is has a mean Dice of <b>" + number(source, 3)
            + "</b> on the test cases.</p>\n<h2>Mean Dice by trained blocks and number of cases</h2>\n<div class=\"wide\">"
            + heatMap(points, cases, columns) + "</div>\n<h2>Dice over the number of cases</h2>\n<p>Each dot is one network, the lines are means over "
            + "repetitions. Mind where the vertical axis begins.</p>\n<div class=\"wide\">"
            + curves(points, cases, columns, source) + "</div>" + legend(columns) + "</body></html>\n";
    }

    private static String heatMap(final List<Point> points, final List<Integer> cases, final List<Column> columns) {
        final double[][] dice = new double[cases.size()][columns.size()];
        for (int n = 0; n < cases.size(); n++) {
            for (int c = 0; c < columns.size(); c++) {
                dice[n][c] = columns.get(c).dice(points, cases.get(n));
            }
        }
        return new HeatMap(cases.stream().map(n -> n + (n == 1 ? " case" : " cases")).toList(),
            columns.stream().map(Column::name).toList(), dice, LABEL).svg();
    }

    private static String curves(final List<Point> points, final List<Integer> cases, final List<Column> columns,
        final double source) {
        if (cases.isEmpty()) {
            return "";
        }
        final Axis x = Axis.over(Math.log(cases.get(0)), Math.log(cases.get(cases.size() - 1)), LEFT + 10.0,
            WIDTH - RIGHT - 10.0);
        final Axis y = diceAxis(points);
        final StringBuilder svg = new StringBuilder("<svg id=\"curves\" width=\"").append(WIDTH).append("\" height=\"")
            .append(HEIGHT).append("\" role=\"img\" aria-label=\"Curves\">");
        for (final double t : y.ticks(TICKS)) {
            svg.append("<line class=\"grid\" x1=\"").append(LEFT).append("\" x2=\"").append(WIDTH - RIGHT).append("\" y1=\"")
                .append(xy(y.at(t))).append("\" y2=\"").append(xy(y.at(t))).append("\"/><text class=\"end\" x=\"")
                .append(LEFT - 6).append("\" y=\"").append(xy(y.at(t) + 4)).append("\">")
                .append(number(t, y.tickDecimals(TICKS)))
                .append("</text>");
        }
        for (final int n : cases) {
            svg.append("<text class=\"mid\" x=\"").append(xy(x.at(Math.log(n)))).append("\" y=\"")
                .append(HEIGHT - BOTTOM + 16).append("\">").append(n).append("</text>");
        }
        svg.append("<text class=\"mid\" x=\"").append((LEFT + WIDTH - RIGHT) / 2).append("\" y=\"").append(HEIGHT - 8)
            .append("\">training cases (logarithmic)</text>");
        if (Double.isFinite(source)) {
            svg.append("<line stroke=\"#57606a\" stroke-dasharray=\"5 4\" x1=\"").append(LEFT).append("\" x2=\"")
                .append(WIDTH - RIGHT).append("\" y1=\"").append(xy(y.at(source))).append("\" y2=\"")
                .append(xy(y.at(source))).append("\"><title>source network as it is</title></line>");
        }
        for (int c = 0; c < columns.size(); c++) {
            svg.append("<polyline fill=\"none\" stroke=\"").append(color(columns, c)).append("\" stroke-width=\"2\" points=\"");
            for (final int n : cases) {
                final double dice = columns.get(c).dice(points, n);
                if (Double.isFinite(dice)) {
                    svg.append(xy(x.at(Math.log(n)))).append(',').append(xy(y.at(dice))).append(' ');
                }
            }
            svg.append("\"><title>").append(escape(columns.get(c).name())).append("</title></polyline>");
            for (final int n : cases) {
                columns.get(c).all(points, n).filter(Double::isFinite).forEach(new Dot(svg, columns, c, n, x, y));
            }
        }
        return svg.append("</svg>").toString();
    }

    /** From the tenth below the lowest Dice to that above the highest, so that differences can be seen. */
    private static Axis diceAxis(final List<Point> points) {
        final DoubleSummaryStatistics all =
            points.stream().mapToDouble(Point::dice).filter(Double::isFinite).summaryStatistics();
        if (all.getCount() == 0) {
            return new Axis(0, 1, HEIGHT - BOTTOM, TOP);
        }
        final double low = Math.floor(all.getMin() * 10) / 10;
        return new Axis(low, Math.max(low + 0.1, Math.ceil(all.getMax() * 10) / 10), HEIGHT - BOTTOM, TOP);
    }

    /** Draws one network, a little beside its number of cases, so that the dots of a column do not hide another's. */
    private record Dot(StringBuilder svg, List<Column> columns, int column, int cases, Axis x, Axis y)
        implements DoubleConsumer {

        private static final double SHIFT = 2.5;

        @Override
        public void accept(final double dice) {
            final double beside = (column - (columns.size() - 1) / 2.0) * SHIFT;
            svg.append("<circle r=\"3\" fill-opacity=\"0.75\" fill=\"").append(color(columns, column)).append("\" cx=\"")
                .append(xy(x.at(Math.log(cases)) + beside)).append("\" cy=\"").append(xy(y.at(dice))).append("\"><title>")
                .append(escape(columns.get(column).name())).append(", ").append(cases)
                .append(cases == 1 ? " case: " : " cases: ").append(number(dice, 3)).append("</title></circle>");
        }
    }

    private static String color(final List<Column> columns, final int index) {
        return columns.get(index).scratch() ? SCRATCH_COLOR : COLORS[index % COLORS.length];
    }

    private static String legend(final List<Column> columns) {
        final StringBuilder html = new StringBuilder("<div class=\"legend\">");
        for (int c = 0; c < columns.size(); c++) {
            html.append("<span>").append(Html.patch(color(columns, c))).append(escape(columns.get(c).name())).append("</span>");
        }
        return html.append("<span>").append(Html.patch("#57606a")).append("source network as it is</span></div>").toString();
    }
}
