package org.scanbridge.learning.experiment;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.scanbridge.imaging.Progress;

/** Prints each training of a study once, when it begins. */
final class Printed implements Progress {

    private final Pattern m_name;

    private String m_last = "";

    /** @param name the part of a message that names the training */
    Printed(final String name) {
        m_name = Pattern.compile(name);
    }

    @Override
    public void report(final double fraction, final String message) {
        final Matcher matcher = m_name.matcher(message);
        if (matcher.find() && !matcher.group().equals(m_last)) {
            m_last = matcher.group();
            System.out.printf("%.0f %% %s%n", 100 * fraction, m_last);
        }
    }
}
