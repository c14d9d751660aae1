package org.scanbridge.dicom.archive;

import java.util.List;
import java.util.regex.Pattern;

import org.scanbridge.dicom.data.VR;
import org.scanbridge.dicom.seg.StructureChoice;

/** Attribute matching of queries (PS3.4 C.2.2.2). */
final class KeyMatching {

    private static final Pattern NO_DIGITS = Pattern.compile("[^0-9]");

    private KeyMatching() {
    }

    /** Whether one of the values matches the key, or there is none. */
    static boolean allows(final List<String> values, final String key, final VR vr) {
        return values.isEmpty() || values.stream().anyMatch(v -> v.isEmpty() || matches(v, key, vr));
    }

    private static boolean matches(final String value, final String key, final VR vr) {
        switch (vr) {
            case DA, TM, DT:
                return inRange(value, key);
            case UI:
                return List.of(key.split("[\\\\,]")).contains(value);
            case PN:
                // Archives match parts of names in many ways (PS3.4 C.2.2.2.1); theirs is taken.
                return true;
            case DS, IS:
                return value.equals(key.strip()) || number(value, key);
            case FD, FL, SL, SS, UL, US, AT, SQ:
                return true; // no text to compare
            default:
                return List.of(key.split("\\\\")).stream().anyMatch(k -> StructureChoice.wildcards(k.strip()).matcher(value).matches());
        }
    }

    private static boolean number(final String value, final String key) {
        try {
            return Double.parseDouble(value) == Double.parseDouble(key.strip());
        } catch (final NumberFormatException e) {
            return false;
        }
    }

    /** Dates and times as digits, compared as far as the end of the range has them. */
    private static boolean inRange(final String value, final String key) {
        final String digits = NO_DIGITS.matcher(value).replaceAll("");
        final int dash = key.indexOf('-');
        if (dash < 0) {
            final String wanted = NO_DIGITS.matcher(key).replaceAll("");
            return digits.startsWith(wanted) || wanted.startsWith(digits);
        }
        final String from = NO_DIGITS.matcher(key.substring(0, dash)).replaceAll("");
        final String to = NO_DIGITS.matcher(key.substring(dash + 1)).replaceAll("");
        return (from.isEmpty() || cut(digits, from).compareTo(from) >= 0)
            && (to.isEmpty() || cut(digits, to).compareTo(to) <= 0);
    }

    private static String cut(final String digits, final String end) {
        return digits.substring(0, Math.min(digits.length(), end.length()));
    }
}
