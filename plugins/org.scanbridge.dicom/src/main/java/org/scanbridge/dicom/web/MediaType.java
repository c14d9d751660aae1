package org.scanbridge.dicom.web;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A media type with its parameters, as in a Content-Type header (RFC 9110 8.3.1, RFC 2045 5.1).
 *
 * @param type type and subtype in lower case, such as {@code multipart/related}; empty if there is none
 * @param parameters by name in lower case; values without quotes
 */
record MediaType(String type, Map<String, String> parameters) {

    MediaType {
        parameters = Map.copyOf(parameters);
    }

    /** Reads a header; never fails, since what is wrong in it shows in what is missing. */
    static MediaType parse(final String header) {
        final int end = header.indexOf(';');
        final String type = (end < 0 ? header : header.substring(0, end)).strip().toLowerCase(Locale.ROOT);
        final Map<String, String> parameters = new TreeMap<>();
        int at = end;
        while (at >= 0 && at < header.length()) {
            final int equals = header.indexOf('=', at);
            if (equals < 0) {
                break;
            }
            final String name = header.substring(at + 1, equals).strip().toLowerCase(Locale.ROOT);
            final StringBuilder value = new StringBuilder();
            at = value(header, equals + 1, value);
            parameters.putIfAbsent(name, value.toString());
        }
        return new MediaType(type, parameters);
    }

    /** Reads a token or a quoted string; returns the index of the semicolon behind it, or the length. */
    private static int value(final String header, final int from, final StringBuilder value) {
        int at = from;
        while (at < header.length() && (header.charAt(at) == ' ' || header.charAt(at) == '\t')) {
            at++;
        }
        if (at < header.length() && header.charAt(at) == '"') {
            for (at++; at < header.length() && header.charAt(at) != '"'; at++) {
                if (header.charAt(at) == '\\' && at + 1 < header.length()) {
                    at++;
                }
                value.append(header.charAt(at));
            }
            final int next = header.indexOf(';', Math.min(at, header.length()));
            return next < 0 ? header.length() : next;
        }
        final int next = header.indexOf(';', at);
        final int stop = next < 0 ? header.length() : next;
        value.append(header.substring(Math.min(at, stop), stop).strip());
        return stop;
    }

    /** A parameter; empty if absent or blank. */
    Optional<String> parameter(final String name) {
        return Optional.ofNullable(parameters.get(name)).filter(v -> !v.isBlank());
    }
}
