package org.scanbridge.knime.util;

/** Offers the sites of the input tables, in a dialog with a setting bound to {@link SiteColumn}. */
public final class KnownSites extends KnownValues {

    /** For KNIME. */
    public KnownSites() {
        super(SiteColumn.class, StudyTable.SITE);
    }
}
