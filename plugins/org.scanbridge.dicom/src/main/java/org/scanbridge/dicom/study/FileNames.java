package org.scanbridge.dicom.study;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names of files and folders that every operating system takes. */
public final class FileNames {

    /** What Windows, POSIX or macOS do not allow in a name. */
    private static final Pattern UNFIT = Pattern.compile("[<>:\"/\\\\|?*\\p{Cntrl}]");

    /** Names of devices on Windows, in any case and with any extension; superscript digits count as digits. */
    private static final Pattern DEVICE =
        Pattern.compile("(?i)(CON|PRN|AUX|NUL|CONIN\\$|CONOUT\\$|(?:COM|LPT)[0-9\u00b9\u00b2\u00b3])( *(?:\\..*)?)");

    private FileNames() {
    }

    /**
     * A name that is valid everywhere: characters that some system forbids, and dots and spaces at the end, which Windows drops,
     * become {@code _}; after the name of a device comes one, as in {@code NUL_.txt}.
     *
     * @param name any text
     * @return the name itself if it is valid; empty if it is
     */
    public static String valid(final String name) {
        final String fit = UNFIT.matcher(name.strip()).replaceAll("_");
        int end = fit.length();
        while (end > 0 && (fit.charAt(end - 1) == '.' || fit.charAt(end - 1) == ' ')) {
            end--;
        }
        final Matcher device = DEVICE.matcher(fit.substring(0, end) + "_".repeat(fit.length() - end));
        return device.matches() ? device.replaceFirst("$1_$2") : fit.substring(0, end) + "_".repeat(fit.length() - end);
    }
}
