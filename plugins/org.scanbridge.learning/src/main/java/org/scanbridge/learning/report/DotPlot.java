package org.scanbridge.learning.report;

import static org.scanbridge.learning.report.Html.escape;
import static org.scanbridge.learning.report.Html.number;
import static org.scanbridge.learning.report.Html.xy;

import java.util.List;

/**
 * Dice of every subject as a dot, with median and quartiles as a box behind, one group per class and one column per
 * model, drawn as SVG. All dots are shown because a box alone hides that there are only a handful of subjects.
 */
final class DotPlot {

    private static final int HEIGHT = 240;

    private static final int LEFT = 44;

    private static final int TOP = 28;

    private static final int BOTTOM = 34;

    private static final int COLUMN = 34;

    private static final int GROUP_GAP = 22;

    /** Pixels of a wide letter of the title, and the height of its lines. */
    private static final double TITLE_LETTER = 8.5;

    private static final int TITLE_LINE = 15;

    /**
     * @param name shown when the pointer rests on a dot
     * @param value in [0, 1]
     */
    record Dot(String name, double value) {
    }

    /**
     * @param model name of the model
     * @param color a CSS color
     * @param dots one per subject
     */
    record Column(String model, String color, List<Dot> dots) {
    }

    /**
     * @param name name of the class
     * @param columns one per model
     */
    record Group(String name, List<Column> columns) {
    }

    private DotPlot() {
    }

    static String draw(final String title, final List<Group> groups) {
        final int columns = groups.stream().mapToInt(g -> g.columns.size()).sum();
        final int width = Math.max(240, LEFT + columns * COLUMN + groups.size() * GROUP_GAP + 8);
        final Axis y = new Axis(0, 1, HEIGHT - BOTTOM, TOP);
        final List<String> heading = SvgText.lines(title, (int)((width - LEFT) / TITLE_LETTER));
        final int above = (heading.size() - 1) * TITLE_LINE;
        final int below = groups.stream().mapToInt(g -> label(g).size() - 1).max().orElse(0) * SvgText.LABEL_LINE;
        final StringBuilder svg = new StringBuilder();
        svg.append("<svg class=\"chart\" style=\"max-width:").append(width).append("px\" viewBox=\"0 ").append(-above).append(' ')
            .append(width).append(' ').append(above + HEIGHT + below).append("\" role=\"img\" aria-label=\"")
            .append(escape(title)).append("\">");
        svg.append(SvgText.draw("title", String.valueOf(LEFT), 15.0 - above, TITLE_LINE, heading));
        for (int t = 0; t <= 5; t++) {
            final String at = xy(y.at(t * 0.2));
            svg.append("<line class=\"grid\" x1=\"").append(LEFT).append("\" x2=\"").append(width - 4).append("\" y1=\"").append(at)
                .append("\" y2=\"").append(at).append("\"/>");
            svg.append("<text class=\"tick end\" x=\"").append(LEFT - 6).append("\" y=\"").append(xy(y.at(t * 0.2) + 4)).append("\">")
                .append(number(t * 0.2, 1)).append("</text>");
        }
        double left = LEFT + GROUP_GAP / 2.0;
        for (final Group group : groups) {
            final double middle = left + group.columns.size() * COLUMN / 2.0;
            svg.append(SvgText.draw("tick mid", xy(middle), HEIGHT - 12.0, SvgText.LABEL_LINE, label(group)));
            for (final Column column : group.columns) {
                column(svg, column, left + COLUMN / 2.0, y);
                left += COLUMN;
            }
            left += GROUP_GAP;
        }
        return svg.append("</svg>").toString();
    }

    /** The name of a group in lines that do not reach into the next group. */
    private static List<String> label(final Group group) {
        return SvgText.lines(group.name, (int)Math.max(4, (group.columns.size() * COLUMN + GROUP_GAP - 4) / SvgText.LABEL_LETTER));
    }

    private static void column(final StringBuilder svg, final Column column, final double x, final Axis y) {
        final double[] sorted = column.dots.stream().mapToDouble(Dot::value).sorted().toArray();
        if (sorted.length == 0) {
            return;
        }
        final double low = y.at(quantile(sorted, 0.75));
        final double high = y.at(quantile(sorted, 0.25));
        svg.append("<rect x=\"").append(xy(x - 11)).append("\" y=\"").append(xy(low)).append("\" width=\"22\" height=\"")
            .append(xy(Math.max(1, high - low))).append("\" fill=\"").append(column.color).append("\" fill-opacity=\"0.18\"/>");
        final String median = xy(y.at(quantile(sorted, 0.5)));
        svg.append("<line x1=\"").append(xy(x - 11)).append("\" x2=\"").append(xy(x + 11)).append("\" y1=\"").append(median)
            .append("\" y2=\"").append(median).append("\" stroke=\"").append(column.color).append("\" stroke-width=\"2\"/>");
        int i = 0;
        for (final Dot dot : column.dots) {
            // A fixed zigzag keeps equal values apart without any randomness.
            final double shift = (i++ % 3 - 1) * 5.0;
            svg.append("<circle cx=\"").append(xy(x + shift)).append("\" cy=\"").append(xy(y.at(dot.value))).append("\" r=\"3\" fill=\"")
                .append(column.color).append("\"><title>").append(escape(column.model + ", " + dot.name)).append(": ")
                .append(number(dot.value, 3)).append("</title></circle>");
        }
    }

    /** Linear interpolation between the order statistics of sorted values. */
    static double quantile(final double[] sorted, final double q) {
        final double at = q * (sorted.length - 1);
        final int below = (int)Math.floor(at);
        final int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] * (1 - (at - below)) + sorted[above] * (at - below);
    }
}
