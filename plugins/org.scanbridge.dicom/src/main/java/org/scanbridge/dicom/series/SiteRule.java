package org.scanbridge.dicom.series;

/** What tells the site (scanner, hospital) of a series. */
public enum SiteRule {
        /** A sub-folder of the study folder that the files lie in, see {@link SiteFolder}. */
        FOLDER,
        /** Institution Name (0008,0080). */
        INSTITUTION,
        /** Manufacturer (0008,0070). */
        MANUFACTURER,
        /** Manufacturer's Model Name (0008,1090). */
        MODEL,
        /** Station Name (0008,1010). */
        STATION,
        /** Magnetic Field Strength (0018,0087), as {@code 1.5 T}. */
        FIELD_STRENGTH
}
