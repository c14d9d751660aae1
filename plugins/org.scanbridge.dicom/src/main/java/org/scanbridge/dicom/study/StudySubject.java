package org.scanbridge.dicom.study;

import java.util.Objects;
import java.util.Optional;

import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;

/**
 * One subject to be written: a volume and, where labeled, its segmentation on the same grid.
 *
 * @param site name of the site; becomes the first-level folder and the Institution Name
 * @param subject id of the subject; becomes the second-level folder and the Patient ID
 * @param volume the image
 * @param segmentation the label map on the grid of the volume; empty for an unlabeled subject
 */
public record StudySubject(String site, String subject, Volume volume, Optional<LabelVolume> segmentation) {

    /**
     * @throws IllegalArgumentException if a name is blank or no file name, or the segmentation lies on another grid
     */
    public StudySubject {
        Objects.requireNonNull(volume, "volume");
        requireFileName(site, "site");
        requireFileName(subject, "subject");
        segmentation.ifPresent(s -> {
            if (!s.geometry().sameGrid(volume.geometry())) {
                throw new IllegalArgumentException("Segmentation of " + subject + " has " + s.geometry()
                    + ", the volume has " + volume.geometry() + ".");
            }
        });
    }

    private static void requireFileName(final String name, final String what) {
        if (!name.matches("[A-Za-z0-9](?:[A-Za-z0-9 ._-]{0,62}[A-Za-z0-9_-])?")) {
            throw new IllegalArgumentException("The " + what + " \"" + name + "\" cannot be a folder name; use up to 64"
                + " letters, digits, blanks, '.', '_' and '-'.");
        }
    }
}
