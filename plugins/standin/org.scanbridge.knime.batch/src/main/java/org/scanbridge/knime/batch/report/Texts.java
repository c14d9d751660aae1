package org.scanbridge.knime.batch.report;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Locale;

/** How times and texts are written in logs. */
final class Texts {

    private Texts() {
    }

    /** @return for instance {@code 0.4 s}, {@code 59.9 s}, {@code 2:05 min}, {@code 1:00:00 h} */
    static String time(final Duration elapsed) {
        final long tenths = Math.round(elapsed.toMillis() / 100.0);
        if (tenths < 600) {
            return String.format(Locale.ROOT, "%.1f s", tenths / 10.0);
        }
        final long seconds = Math.round(elapsed.toMillis() / 1000.0);
        if (seconds < 3600) {
            return String.format(Locale.ROOT, "%d:%02d min", seconds / 60, seconds % 60);
        }
        return String.format(Locale.ROOT, "%d:%02d:%02d h", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }

    /** @return the exception with its causes and where they come from, for developers */
    static String stackTrace(final Throwable cause) {
        final StringWriter text = new StringWriter();
        cause.printStackTrace(new PrintWriter(text, true));
        return text.toString();
    }

    /** @return the text on one line, cut to the length with an ellipsis */
    static String oneLine(final String text, final int length) {
        final String line = text.strip().replaceAll("\\s*\\R\\s*", " ");
        return line.length() <= length ? line : line.substring(0, length - 1) + "…";
    }
}
