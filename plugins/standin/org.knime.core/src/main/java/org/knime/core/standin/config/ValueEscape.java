package org.knime.core.standin.config;

/**
 * KNIME's own escape inside XML attribute values: a character below 32 or above 0xD7FF, and a percent sign that is
 * followed by another one, become {@code %%} and the character's code in five decimal digits.
 */
final class ValueEscape {

    private static final int DIGITS = 5;

    private ValueEscape() {
    }

    static String escape(final String s) {
        final StringBuilder b = new StringBuilder(s.length());
        for (int i = 0; i < s.length(); i++) {
            final char c = s.charAt(i);
            if (c < 32 || c > 0xD7FF || c == '%' && i + 1 < s.length() && s.charAt(i + 1) == '%') {
                b.append(String.format("%%%%%05d", (int)c));
            } else {
                b.append(c);
            }
        }
        return b.toString();
    }

    static String unescape(final String s) {
        final StringBuilder b = new StringBuilder(s.length());
        for (int i = 0; i < s.length(); i++) {
            if (isEscape(s, i)) {
                b.append((char)Integer.parseInt(s.substring(i + 2, i + 2 + DIGITS)));
                i += 1 + DIGITS;
            } else {
                b.append(s.charAt(i));
            }
        }
        return b.toString();
    }

    private static boolean isEscape(final String s, final int start) {
        if (!s.startsWith("%%", start) || start + 2 + DIGITS > s.length()) {
            return false;
        }
        for (int i = start + 2; i < start + 2 + DIGITS; i++) {
            if (s.charAt(i) < '0' || s.charAt(i) > '9') {
                return false;
            }
        }
        return Integer.parseInt(s.substring(start + 2, start + 2 + DIGITS)) <= Character.MAX_VALUE;
    }
}
