package org.scanbridge.dicom.archive;

import java.util.regex.Pattern;

/**
 * Where a series is in an archive.
 *
 * @param study Study Instance UID
 * @param series Series Instance UID
 */
public record SeriesKey(String study, String series) {

    /** Digits and dots (PS3.5 9.1); leading zeros of components occur, and archives keep them. */
    private static final Pattern UID = Pattern.compile("[0-9]+(\\.[0-9]+)*");

    private static final int MAX_LENGTH = 64;

    /** @throws IllegalArgumentException if one of both is no UID, so that neither can be part of an address or a path */
    public SeriesKey {
        if (!isUid(study) || !isUid(series)) {
            throw new IllegalArgumentException((isUid(study) ? "The Series" : "The Study")
                + " Instance UID is no UID: it must be digits and dots, 64 at most.");
        }
    }

    /** Whether a text is a UID. */
    public static boolean isUid(final String text) {
        return text.length() <= MAX_LENGTH && UID.matcher(text).matches();
    }
}
