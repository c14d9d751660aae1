package org.scanbridge.knime.util;

import java.util.Collection;
import java.util.TreeSet;

import org.knime.core.node.InvalidSettingsException;

/** Which site is the source; all others are targets. */
public final class SourceSite {

    private SourceSite() {
    }

    /**
     * @param setting the chosen site; blank for the first in alphabetical order
     * @param sites the sites of the table; empty names do not count
     * @return the source site
     * @throws InvalidSettingsException if the chosen site is not in the table, or the table names no site
     */
    public static String of(final String setting, final Collection<String> sites) throws InvalidSettingsException {
        final TreeSet<String> named = new TreeSet<>(sites);
        named.remove("");
        if (named.isEmpty()) {
            throw new InvalidSettingsException("The table names no site. Choose a site column that is filled.");
        }
        final String source = setting == null || setting.isBlank() ? named.first() : setting.strip();
        if (!named.contains(source)) {
            throw new InvalidSettingsException("Source site \"" + source + "\" is not in the table. Choose one of: "
                + String.join(", ", named) + "; or leave it blank for " + named.first() + ".");
        }
        return source;
    }

    /** {@link StudyTable#SOURCE} or {@link StudyTable#TARGET}. */
    public static String domain(final String site, final String source) {
        return site.equals(source) ? StudyTable.SOURCE : StudyTable.TARGET;
    }
}
