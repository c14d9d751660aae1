package org.scanbridge.learning.report;

import static org.scanbridge.learning.report.Html.escape;
import static org.scanbridge.learning.report.Html.number;

import java.util.List;

/**
 * A table of scores as an SVG in which darker is larger. The page gives the classes {@code mid}, {@code end} and {@code value} of
 * its texts their looks.
 *
 * @param rows names of the rows
 * @param columns names of the columns
 * @param values [row][column]; NaN where there is none
 * @param label width of the names of the rows, px
 */
record HeatMap(List<String> rows, List<String> columns, double[][] values, int label) {

    private static final int CELL = 88;

    private static final int ROW = 34;

    private static final int[] PALE = {222, 235, 247};

    private static final int[] DARK = {8, 69, 148};

    String svg() {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (final double[] row : values) {
            for (final double value : row) {
                low = Double.isNaN(value) ? low : Math.min(low, value);
                high = Double.isNaN(value) ? high : Math.max(high, value);
            }
        }
        final StringBuilder svg = new StringBuilder("<svg id=\"heat\" width=\"").append(label + CELL * columns.size())
            .append("\" height=\"").append(ROW * (rows.size() + 1)).append("\" role=\"img\" aria-label=\"Heat map\">");
        for (int c = 0; c < columns.size(); c++) {
            svg.append("<text class=\"mid\" x=\"").append(label + CELL * c + CELL / 2).append("\" y=\"").append(ROW - 12)
                .append("\">").append(escape(columns.get(c))).append("</text>");
        }
        for (int r = 0; r < rows.size(); r++) {
            final int y = ROW * (r + 1);
            svg.append("<text class=\"end\" x=\"").append(label - 8).append("\" y=\"").append(y + ROW / 2 + 4).append("\">")
                .append(escape(rows.get(r))).append("</text>");
            for (int c = 0; c < columns.size(); c++) {
                final double value = values[r][c];
                final double share = Double.isNaN(value) ? 0 : high > low ? (value - low) / (high - low) : 1;
                svg.append("<rect x=\"").append(label + CELL * c).append("\" y=\"").append(y).append("\" width=\"")
                    .append(CELL - 2).append("\" height=\"").append(ROW - 2).append("\" fill=\"").append(shade(share))
                    .append("\"/><text class=\"mid value\" style=\"fill:").append(share > 0.55 ? "#fff" : "#1b1f24")
                    .append("\" x=\"").append(label + CELL * c + CELL / 2).append("\" y=\"").append(y + ROW / 2 + 4)
                    .append("\">").append(number(value, 3)).append("</text>");
            }
        }
        return svg.append("</svg>").toString();
    }

    /** From pale to dark blue. */
    private static String shade(final double share) {
        final StringBuilder color = new StringBuilder("#");
        for (int n = 0; n < PALE.length; n++) {
            color.append(String.format("%02x", Math.round(PALE[n] + share * (DARK[n] - PALE[n]))));
        }
        return color.toString();
    }
}
