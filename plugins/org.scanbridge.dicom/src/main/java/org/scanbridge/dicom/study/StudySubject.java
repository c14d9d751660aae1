package org.scanbridge.dicom.study;

import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

import org.scanbridge.dicom.series.RadiographFormat;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;

/**
 * One subject to be written: a volume and, where labeled, its segmentation on the same grid; and other images of
 * the subject.
 *
 * @param site name of the site; becomes the first-level folder and the Institution Name
 * @param subject id of the subject; becomes the second-level folder and the Patient ID
 * @param volume the image
 * @param segmentation the label map on the grid of the volume; empty for an unlabeled subject
 * @param further other images of the same subject in the same frame of reference, by name; each becomes a series with that
 *            Series Description in a third-level folder of that name
 * @param radiograph how the image is stored if it is a radiograph, of one slice; else it is a stack of slices in the patient
 */
public record StudySubject(String site, String subject, Volume volume, Optional<LabelVolume> segmentation,
    SortedMap<String, Volume> further, Optional<RadiographFormat> radiograph) {

    /** A subject of whom a radiograph was taken. */
    public StudySubject(final String site, final String subject, final Volume image,
        final Optional<LabelVolume> segmentation, final RadiographFormat radiograph) {
        this(site, subject, image, segmentation, new TreeMap<>(), Optional.of(radiograph));
    }

    /** A subject with images in the patient. */
    public StudySubject(final String site, final String subject, final Volume volume,
        final Optional<LabelVolume> segmentation, final SortedMap<String, Volume> further) {
        this(site, subject, volume, segmentation, further, Optional.empty());
    }

    /** A subject with one image in the patient. */
    public StudySubject(final String site, final String subject, final Volume volume,
        final Optional<LabelVolume> segmentation) {
        this(site, subject, volume, segmentation, new TreeMap<>());
    }

    /**
     * @throws IllegalArgumentException if a name is blank or no file name, or the segmentation lies on another grid
     */
    public StudySubject {
        Objects.requireNonNull(volume, "volume");
        Objects.requireNonNull(radiograph, "radiograph");
        requireFileName(site, "site");
        requireFileName(subject, "subject");
        further = Collections.unmodifiableSortedMap(new TreeMap<>(further));
        further.keySet().forEach(name -> requireFileName(name, "name of an image"));
        segmentation.ifPresent(s -> {
            if (!s.geometry().sameGrid(volume.geometry())) {
                throw new IllegalArgumentException("Segmentation of " + subject + " has " + s.geometry()
                    + ", the volume has " + volume.geometry().beside(s.geometry()) + ".");
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
