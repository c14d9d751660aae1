package org.scanbridge.knime.util;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

import org.knime.core.node.InvalidSettingsException;

/** A path as users enter it, by hand or by a flow variable. */
public final class PathSetting {

    private PathSetting() {
    }

    /**
     * The text of a path without blanks and a pair of quotes around it: Windows' Explorer copies paths with quotes, and so do
     * command lines.
     *
     * @param setting null counts as blank: that is how KNIME loads an unset text
     */
    public static String text(final String setting) {
        final String text = setting == null ? "" : setting.strip();
        final boolean quoted = text.length() > 1 && (text.charAt(0) == '"' || text.charAt(0) == '\'')
            && text.charAt(text.length() - 1) == text.charAt(0);
        return quoted ? text.substring(1, text.length() - 1).strip() : text;
    }

    /**
     * @param setting not blank
     * @param what it is to be, such as "a folder", for the message
     * @throws InvalidSettingsException if it cannot be a path on this system
     */
    public static Path path(final String setting, final String what) throws InvalidSettingsException {
        try {
            return Path.of(text(setting));
        } catch (final InvalidPathException e) {
            throw new InvalidSettingsException("\"" + setting + "\" cannot be " + what + ": " + e.getReason()
                + ". Choose another one.", e);
        }
    }
}
