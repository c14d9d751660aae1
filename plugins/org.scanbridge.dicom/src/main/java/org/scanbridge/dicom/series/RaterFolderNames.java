package org.scanbridge.dicom.series;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What folders of raters are called: like {@code rater1} or {@code reader-B}, as given by patterns, or in any way. The deepest
 * folder on the way to a file that is called so is its rater's.
 */
public final class RaterFolderNames {

    /** The pattern by which each folder that label maps lie in is a rater's. */
    public static final String EACH = "*";

    private static final String WORDS = "(?:rater|reader|observer|annotator|reviewer|expert|radiologist|obs|rad)"
        + "(?:[_.-]\\w+|\\d{1,3}|[a-z])?|r\\d{1,2}";

    private final String m_names;

    private final Pattern m_path;

    /**
     * A path without its rater.
     *
     * @param before folders before that of the rater, with a closing slash; empty if there are none
     * @param rater name of the rater's folder
     * @param after the rest of the path
     */
    public record Split(String before, String rater, String after) {
    }

    /**
     * @param names patterns with * and ?, whatever the case, separated by commas; {@value #EACH} for the folder that a file lies
     *            in, whatever its name; blank for the words that are usual
     */
    public RaterFolderNames(final String names) {
        final List<String> patterns = new ArrayList<>();
        for (final String name : names.split(",")) {
            if (!name.isBlank()) {
                patterns.add(pattern(name.strip()));
            }
        }
        m_names = names.strip();
        m_path = Pattern.compile("(?iu)((?:.*/)?)(" + (patterns.isEmpty() ? WORDS : String.join("|", patterns)) + ")/(.+)");
    }

    private static String pattern(final String name) {
        final StringBuilder regex = new StringBuilder();
        for (final char c : name.toCharArray()) {
            regex.append(c == '*' ? "[^/]*" : c == '?' ? "[^/]" : Pattern.quote(String.valueOf(c)));
        }
        return name.equals(EACH) ? "[^/]+" : regex.toString();
    }

    /** Whether any name will do. */
    public boolean isEach() {
        return m_names.equals(EACH);
    }

    /** Whether the names are those that are usual. */
    public boolean isUsual() {
        return m_names.isEmpty();
    }

    /** @param path with {@code /}; empty if no folder on it is a rater's */
    public Optional<Split> split(final String path) {
        final Matcher matcher = m_path.matcher(path);
        return matcher.matches() ? Optional.of(new Split(matcher.group(1), matcher.group(2), matcher.group(3)))
            : Optional.empty();
    }
}
