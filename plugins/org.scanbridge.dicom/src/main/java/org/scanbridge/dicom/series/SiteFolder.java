package org.scanbridge.dicom.series;

import java.util.Optional;

import org.scanbridge.dicom.series.Problem.Effect;
import org.scanbridge.dicom.series.Problem.Kind;

/**
 * Which folder on the way to a file names its site. Folders of the same name are the same site wherever they lie, so that
 * {@code train/A} and {@code test/A} are both site A at level 2.
 *
 * @param level 1 for the folders directly in the study folder, 2 for those in them, and so on
 */
public record SiteFolder(int level) {

    /** Deepest level. */
    public static final int MAX_LEVEL = 20;

    /** The folders directly in the study folder. */
    public static final SiteFolder FIRST = new SiteFolder(1);

    /** @throws IllegalArgumentException if the level is not within 1..20 */
    public SiteFolder {
        if (level < 1 || level > MAX_LEVEL) {
            throw new IllegalArgumentException("The folder level is " + level + "; choose 1 to " + MAX_LEVEL + ".");
        }
    }

    /**
     * The site of a file.
     *
     * @param path relative to the study folder, with {@code /}; of a folder with a closing one
     * @return the folder's name; the empty text for a file directly in the study folder at level 1, which has no site;
     *         nothing if the file lies above a deeper level, because then its site should be told but is not
     */
    public Optional<String> of(final String path) {
        final String[] parts = path.split("/", -1); // the last one is the file
        if (parts.length > level) {
            // A zip archive is read like a folder, and named like one.
            return Optional.of(parts[level - 1].replaceFirst("(?i)\\.zip$", ""));
        }
        return level == 1 ? Optional.of("") : Optional.empty();
    }

    /** Whether the first folder on the way to a file names its site at this level, and could be that of a patient instead. */
    public boolean isFirst() {
        return level == 1;
    }

    /** The row of the problems table for an image that lies above this level. */
    public Problem above(final String path, final String series) {
        return new Problem(Kind.NO_SITE, Effect.SERIES_SKIPPED, path, series,
            "The image lies above the folders of level " + level + ", which name the sites.",
            "Move it into the folder of its site, or choose another \"Folder level\".");
    }
}
