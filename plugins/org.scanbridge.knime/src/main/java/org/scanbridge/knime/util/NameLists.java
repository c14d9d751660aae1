package org.scanbridge.knime.util;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;

/** Settings that hold several names in one text, separated by commas: what they name, and suggestions for them. */
public final class NameLists {

    /** Of so many names at most all unions are offered: 15 of 4. */
    private static final int MOST_UNITED = 4;

    private NameLists() {
    }

    /**
     * What a text names.
     *
     * @param text names separated by commas; null or blank for none
     * @return without blanks around them, and without empty ones
     */
    public static List<String> names(final String text) {
        return names(text, ',');
    }

    /**
     * The name with a comma that was perhaps meant where a text names something that there is not.
     *
     * @param name what the text names, such as {@code Sex}
     * @param names what there is
     * @return the first of which a piece between commas is the name, such as {@code Sex, at birth}, else the first with a comma;
     *         empty if there is none
     */
    public static Optional<String> meant(final String name, final Collection<String> names) {
        final List<String> commas = names.stream().filter(n -> n.indexOf(',') >= 0).toList();
        return commas.stream().filter(n -> names(n).stream().anyMatch(name::equalsIgnoreCase)).findFirst()
            .or(() -> commas.stream().findFirst());
    }

    private static List<String> names(final String text, final char separator) {
        return Arrays.stream((text == null ? "" : text).split(String.valueOf(separator))).map(String::strip)
            .filter(name -> !name.isEmpty()).toList();
    }

    /**
     * What a list can be made into by one choice: what it has, with one name more.
     *
     * @param text the list so far; null or blank if it is empty
     * @param names what there is
     * @param separator a comma or semicolon
     * @return one text for each name that the list lacks (upper and lower case are the same), in their order; names with the
     *         separator in them cannot stand in a list and are left out
     */
    static List<String> next(final String text, final Collection<String> names, final char separator) {
        final List<String> listed = names(text, separator);
        final TreeSet<String> known = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        known.addAll(listed);
        final List<String> next = new ArrayList<>();
        for (final String name : possible(names, separator)) {
            if (known.add(name)) {
                final List<String> longer = new ArrayList<>(listed);
                longer.add(name);
                next.add(String.join(separator + " ", longer));
            }
        }
        return next;
    }

    /**
     * The unions of names, where a dialog does not tell what a list holds so far (in the elements of an array): of up to four
     * names all, of more each by itself and all of them.
     *
     * @return the smaller unions first
     */
    static List<String> unions(final Collection<String> names) {
        final List<String> all = possible(names, ',');
        final LinkedHashSet<String> unions = new LinkedHashSet<>(all);
        for (int size = 2; size < all.size() && all.size() <= MOST_UNITED; size++) {
            for (int members = 0; members < 1 << all.size(); members++) {
                if (Integer.bitCount(members) == size) {
                    unions.add(union(all, members));
                }
            }
        }
        if (all.size() > 1) {
            unions.add(String.join(", ", all));
        }
        return List.copyOf(unions);
    }

    /** @param members one bit for each name */
    private static String union(final List<String> names, final int members) {
        final List<String> union = new ArrayList<>();
        for (int n = 0; n < names.size(); n++) {
            if ((members >> n & 1) == 1) {
                union.add(names.get(n));
            }
        }
        return String.join(", ", union);
    }

    private static List<String> possible(final Collection<String> names, final char separator) {
        final LinkedHashSet<String> seen = new LinkedHashSet<>();
        final List<String> possible = new ArrayList<>();
        for (final String name : names) {
            final String stripped = name.strip();
            if (!stripped.isEmpty() && stripped.indexOf(separator) < 0 && seen.add(stripped.toLowerCase(Locale.ROOT))) {
                possible.add(stripped);
            }
        }
        return possible;
    }
}
