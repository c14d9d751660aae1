package org.scanbridge.learning.report;

import static org.scanbridge.learning.report.Html.escape;

import java.util.ArrayList;
import java.util.List;

/** Text in an SVG drawing, which does not break into lines by itself: names of sites and classes are as long as they are. */
final class SvgText {

    /** Width of a letter of a label, px: an average of the pages' 11 px, rounded up. */
    static final double LABEL_LETTER = 6.5;

    /** Height of a line of a label, px. */
    static final int LABEL_LINE = 13;

    private SvgText() {
    }

    /**
     * Breaks a text at blanks, and within words that are longer than a line.
     *
     * @param letters letters of a line, at least 1
     * @return at least one line; put together they have all letters of the text but the blanks at breaks
     */
    static List<String> lines(final String text, final int letters) {
        final List<String> lines = new ArrayList<>();
        String rest = text.strip();
        while (rest.codePointCount(0, rest.length()) > letters) {
            final int full = rest.offsetByCodePoints(0, letters);
            final int blank = rest.lastIndexOf(' ', full);
            final int end = blank > 0 ? blank : full;
            lines.add(rest.substring(0, end).strip());
            rest = rest.substring(end).strip();
        }
        lines.add(rest);
        return lines;
    }

    /**
     * A text element.
     *
     * @param cssClass how it looks
     * @param x where each line begins, or its middle or end, as the class says
     * @param y the first line's base line
     * @param height of a line
     */
    static String draw(final String cssClass, final String x, final double y, final double height, final List<String> lines) {
        final StringBuilder svg = new StringBuilder("<text class=\"").append(cssClass).append("\">");
        for (int n = 0; n < lines.size(); n++) {
            svg.append("<tspan x=\"").append(x).append("\" y=\"").append(Html.xy(y + n * height)).append("\">")
                .append(escape(lines.get(n))).append("</tspan>");
        }
        return svg.append("</text>").toString();
    }
}
