package org.scanbridge.dicom.nifti.study;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A pattern of file names: {@code *} stands for any characters within a name, {@code **} for any characters, {@code ?} for
 * one. Without a slash it describes the name of the file, in whatever folder; with one the path from the top. Upper and
 * lower case are the same; extensions do not count.
 */
final class NamePattern {

    private final Pattern m_pattern;

    private final boolean m_path;

    NamePattern(final String text) {
        m_path = text.contains("/");
        final StringBuilder regex = new StringBuilder();
        for (int n = 0; n < text.length(); n++) {
            final char c = text.charAt(n);
            if (c == '*' && n + 1 < text.length() && text.charAt(n + 1) == '*') {
                regex.append("(.*)");
                n++;
            } else if (c == '*') {
                regex.append("([^/]*)");
            } else if (c == '?') {
                regex.append("([^/])");
            } else {
                regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        m_pattern = Pattern.compile(regex.toString(), Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    }

    boolean matches(final NiftiFile file) {
        return matcher(file).matches();
    }

    private Matcher matcher(final NiftiFile file) {
        return m_pattern.matcher(m_path ? file.key() : file.stem());
    }

    /** What the wildcards stand for in a file, with its folder if the pattern has none; empty if it does not match. */
    Optional<String> wildcards(final NiftiFile file) {
        final Matcher matcher = matcher(file);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        final StringBuilder all = new StringBuilder(m_path ? "" : file.folder());
        for (int g = 1; g <= matcher.groupCount(); g++) {
            all.append(g > 1 ? "/" : "").append(matcher.group(g));
        }
        return Optional.of(all.toString());
    }
}
