package org.scanbridge.learning.report;

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

    /** Kept free between the name of a row and its cells, px. */
    private static final int GAP = 8;

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
        final List<List<String>> headings = columns.stream().map(n -> lines(n, CELL)).toList();
        final int top = ROW + SvgText.LABEL_LINE * (headings.stream().mapToInt(List::size).max().orElse(1) - 1);
        final StringBuilder svg = new StringBuilder();
        for (int c = 0; c < columns.size(); c++) {
            svg.append(SvgText.draw("mid", String.valueOf(label + CELL * c + CELL / 2),
                top - 12.0 - SvgText.LABEL_LINE * (headings.get(c).size() - 1), SvgText.LABEL_LINE, headings.get(c)));
        }
        int y = top;
        for (int r = 0; r < rows.size(); r++) {
            final List<String> name = lines(rows.get(r), label - GAP);
            final int height = ROW + SvgText.LABEL_LINE * (name.size() - 1);
            final double middle = y + height / 2 + 4.0;
            svg.append(SvgText.draw("end", String.valueOf(label - GAP), middle - SvgText.LABEL_LINE * (name.size() - 1) / 2.0,
                SvgText.LABEL_LINE, name));
            for (int c = 0; c < columns.size(); c++) {
                final double value = values[r][c];
                final double share = Double.isNaN(value) ? 0 : high > low ? (value - low) / (high - low) : 1;
                svg.append("<rect x=\"").append(label + CELL * c).append("\" y=\"").append(y).append("\" width=\"")
                    .append(CELL - 2).append("\" height=\"").append(height - 2).append("\" fill=\"").append(shade(share))
                    .append("\"/><text class=\"mid value\" style=\"fill:").append(share > 0.55 ? "#fff" : "#1b1f24")
                    .append("\" x=\"").append(label + CELL * c + CELL / 2).append("\" y=\"").append(y + height / 2 + 4)
                    .append("\">").append(number(value, 3)).append("</text>");
            }
            y += height;
        }
        return "<svg id=\"heat\" width=\"" + (label + CELL * columns.size()) + "\" height=\"" + y
            + "\" role=\"img\" aria-label=\"Heat map\">" + svg + "</svg>";
    }

    /** Names of sites are as long as hospitals make them. */
    private static List<String> lines(final String name, final int width) {
        return SvgText.lines(name, (int)Math.max(4, width / SvgText.LABEL_LETTER));
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
