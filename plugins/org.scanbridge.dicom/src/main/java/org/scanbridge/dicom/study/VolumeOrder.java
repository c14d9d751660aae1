package org.scanbridge.dicom.study;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The order of a series' volumes: by what tells them apart, numbers by their size, so that {@code TE=4.6} precedes
 * {@code TE=10}.
 */
final class VolumeOrder implements Comparator<String> {

    private static final Pattern TOKEN = Pattern.compile("\\d+(?:\\.\\d+)?|\\D+");

    @Override
    public int compare(final String a, final String b) {
        final Matcher left = TOKEN.matcher(a);
        final Matcher right = TOKEN.matcher(b);
        while (left.find()) {
            if (!right.find()) {
                return 1;
            }
            final int order = compareTokens(left.group(), right.group());
            if (order != 0) {
                return order;
            }
        }
        return right.find() ? -1 : a.compareTo(b);
    }

    private static int compareTokens(final String a, final String b) {
        return Character.isDigit(a.charAt(0)) && Character.isDigit(b.charAt(0))
            ? Double.compare(Double.parseDouble(a), Double.parseDouble(b)) : a.compareTo(b);
    }
}
