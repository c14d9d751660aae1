package org.scanbridge.knime.util;

import java.util.Locale;

/** How messages name a row: "row 17", but "Row0" where the key says already that it is a row. */
public final class RowName {

    private static final String ROW = "row ";

    private RowName() {
    }

    /** Within a sentence. */
    public static String of(final String key) {
        return key.toLowerCase(Locale.ROOT).matches("row\\W?\\d.*") ? key : ROW + key;
    }

    /** At the beginning of a sentence. */
    public static String first(final String key) {
        final String name = of(key);
        return name.equals(key) ? key : "R" + name.substring(1);
    }
}
