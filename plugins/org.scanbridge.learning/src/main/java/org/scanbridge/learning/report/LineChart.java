package org.scanbridge.learning.report;

import static org.scanbridge.learning.report.Html.escape;
import static org.scanbridge.learning.report.Html.number;
import static org.scanbridge.learning.report.Html.xy;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** A chart of one or more lines over a common horizontal axis, drawn as SVG. */
final class LineChart {

    private static final int WIDTH = 440;

    private static final int HEIGHT = 220;

    private static final int LEFT = 52;

    private static final int RIGHT = 12;

    private static final int TOP = 28;

    private static final int BOTTOM = 38;

    private static final int TICKS = 5;

    /** Pixels of a wide letter of the title, and the height of its lines. */
    private static final double TITLE_LETTER = 8.5;

    private static final int TITLE_LINE = 15;

    /**
     * @param name shown in the legend
     * @param color a CSS color
     * @param x horizontal positions
     * @param y values, one per position; not finite ones are left out
     */
    record Line(String name, String color, double[] x, double[] y) {

        /** Whether there is anything to draw. */
        boolean isDrawn() {
            return Arrays.stream(y).anyMatch(Double::isFinite);
        }
    }

    private LineChart() {
    }

    static String draw(final String title, final String xTitle, final List<Line> lines) {
        double minX = Double.POSITIVE_INFINITY;
        double maxX = Double.NEGATIVE_INFINITY;
        double minY = 0;
        double maxY = Double.NEGATIVE_INFINITY;
        for (final Line line : lines) {
            for (int i = 0; i < line.x.length; i++) {
                if (Double.isFinite(line.y[i])) {
                    minX = Math.min(minX, line.x[i]);
                    maxX = Math.max(maxX, line.x[i]);
                    minY = Math.min(minY, line.y[i]);
                    maxY = Math.max(maxY, line.y[i]);
                }
            }
        }
        if (!(maxX >= minX)) {
            return "";
        }
        final Axis x = Axis.over(minX, maxX, LEFT, WIDTH - RIGHT);
        final Axis y = Axis.over(minY, maxY, HEIGHT - BOTTOM, TOP);
        final StringBuilder svg = new StringBuilder();
        final List<String> heading = SvgText.lines(title, (int)((WIDTH - LEFT) / TITLE_LETTER));
        final int above = (heading.size() - 1) * TITLE_LINE;
        svg.append("<svg class=\"chart\" viewBox=\"0 ").append(-above).append(' ').append(WIDTH).append(' ').append(above + HEIGHT)
            .append("\" role=\"img\" aria-label=\"").append(escape(title)).append("\">");
        svg.append(SvgText.draw("title", String.valueOf(LEFT), 15.0 - above, TITLE_LINE, heading));
        for (final double t : y.ticks(TICKS)) {
            svg.append("<line class=\"grid\" x1=\"").append(LEFT).append("\" x2=\"").append(WIDTH - RIGHT).append("\" y1=\"")
                .append(xy(y.at(t))).append("\" y2=\"").append(xy(y.at(t))).append("\"/>");
            svg.append("<text class=\"tick end\" x=\"").append(LEFT - 6).append("\" y=\"").append(xy(y.at(t) + 4)).append("\">")
                .append(number(t, y.tickDecimals(TICKS))).append("</text>");
        }
        for (final double t : x.ticks(TICKS)) {
            svg.append("<text class=\"tick mid\" x=\"").append(xy(x.at(t))).append("\" y=\"").append(HEIGHT - BOTTOM + 16)
                .append("\">").append(number(t, x.tickDecimals(TICKS))).append("</text>");
        }
        svg.append("<text class=\"tick mid\" x=\"").append((LEFT + WIDTH - RIGHT) / 2).append("\" y=\"").append(HEIGHT - 5)
            .append("\">").append(escape(xTitle)).append("</text>");
        for (final Line line : lines) {
            svg.append("<polyline fill=\"none\" stroke=\"").append(line.color).append("\" stroke-width=\"1.8\" points=\"");
            for (int i = 0; i < line.x.length; i++) {
                if (Double.isFinite(line.y[i])) {
                    svg.append(xy(x.at(line.x[i]))).append(',').append(xy(y.at(line.y[i]))).append(' ');
                }
            }
            svg.append("\"><title>").append(escape(line.name)).append("</title></polyline>");
            point(svg, line, x, y);
        }
        return svg.append("</svg>").toString();
    }

    /** A line of a single value, such as the only validation of a short training, has no length: it gets a dot. */
    private static void point(final StringBuilder svg, final Line line, final Axis x, final Axis y) {
        final int[] drawn = IntStream.range(0, line.y.length).filter(i -> Double.isFinite(line.y[i])).toArray();
        if (drawn.length == 1) {
            svg.append("<circle cx=\"").append(xy(x.at(line.x[drawn[0]]))).append("\" cy=\"").append(xy(y.at(line.y[drawn[0]])))
                .append("\" r=\"3\" fill=\"").append(line.color).append("\"><title>").append(escape(line.name))
                .append("</title></circle>");
        }
    }
}
