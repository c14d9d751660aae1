package org.scanbridge.dicom.privacy;

import java.util.Objects;
import java.util.Set;

import org.scanbridge.dicom.series.SiteFolder;
import org.scanbridge.dicom.series.SiteRule;

/**
 * How files are de-identified.
 *
 * @param key key of the keyed hashes that make pseudonyms and UIDs; the same key gives the same ones in every copy. Keep it
 *            secret: who has it can find out whether a known patient is in the copy.
 * @param siteRule what tells the site, which becomes the first level of folders of the copy
 * @param dates what becomes of dates
 * @param keepSuspects whether images that may have the patient's name burned into their pixels are copied all the same,
 *            with a problem; else they are left out
 * @param retain options that keep more than the Basic Profile does
 * @param siteFolder which folder names the site, if folders do
 */
public record DeidentifyOptions(String key, SiteRule siteRule, DateRule dates, boolean keepSuspects,
    Set<Retain> retain, SiteFolder siteFolder) {

    /** @throws IllegalArgumentException if the key is empty */
    public DeidentifyOptions {
        if (key.isEmpty()) {
            throw new IllegalArgumentException("The key is empty; give any text.");
        }
        Objects.requireNonNull(siteRule, "siteRule");
        Objects.requireNonNull(dates, "dates");
        retain = Set.copyOf(retain);
        Objects.requireNonNull(siteFolder, "siteFolder");
    }

    /** As the record's constructor, with the folders of the first level as sites if folders are. */
    public DeidentifyOptions(final String key, final SiteRule siteRule, final DateRule dates, final boolean keepSuspects,
        final Set<Retain> retain) {
        this(key, siteRule, dates, keepSuspects, retain, SiteFolder.FIRST);
    }

    /** The Basic Profile as it is; sites are first-level sub-folders, suspect images are left out. */
    public static DeidentifyOptions basic(final String key) {
        return new DeidentifyOptions(key, SiteRule.FOLDER, DateRule.REMOVE, false, Set.of());
    }
}
