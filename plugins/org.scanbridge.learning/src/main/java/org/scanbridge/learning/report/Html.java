package org.scanbridge.learning.report;

import java.util.Arrays;
import java.util.Locale;
import java.util.OptionalDouble;

/** Text for HTML and SVG: escaping, and numbers that do not depend on the machine's language. */
final class Html {

    private Html() {
    }

    /** The text with the five characters replaced that markup gives a meaning. */
    static String escape(final String text) {
        final StringBuilder b = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            final char c = text.charAt(i);
            switch (c) {
                case '&' -> b.append("&amp;");
                case '<' -> b.append("&lt;");
                case '>' -> b.append("&gt;");
                case '"' -> b.append("&quot;");
                case '\'' -> b.append("&#39;");
                default -> b.append(c);
            }
        }
        return b.toString();
    }

    /**
     * A patch of color for a legend. A drawing, not a background: browsers print no backgrounds unless asked to.
     *
     * @param color such as {@code #d55e00}
     */
    static String patch(final String color) {
        return "<svg class=\"patch\" width=\"12\" height=\"12\" viewBox=\"0 0 12 12\" aria-hidden=\"true\"><rect width=\"12\""
            + " height=\"12\" rx=\"3\" fill=\"" + color + "\"/></svg>";
    }

    /** A number with so many decimals; a true minus sign; {@code –} for a missing one. */
    static String number(final OptionalDouble value, final int decimals) {
        return value.isPresent() ? number(value.getAsDouble(), decimals) : "–";
    }

    /** A number with so many decimals and a true minus sign. */
    static String number(final double value, final int decimals) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%." + decimals + "f", value).replace('-', '−') : "–";
    }

    /** Mean ± sample standard deviation; of a single value, which has none, the value alone; {@code –} of none. */
    static String spread(final double[] values, final int decimals) {
        final double mean = Arrays.stream(values).average().orElse(Double.NaN);
        final double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
        return number(mean, decimals)
            + (values.length < 2 ? "" : "&#160;±&#160;" + number(Math.sqrt(squares / (values.length - 1)), decimals));
    }

    /** A coordinate of a drawing. */
    static String xy(final double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
