package org.scanbridge.learning.data;

import java.util.Objects;
import java.util.function.Supplier;

import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;

/**
 * One image, with its segmentation where there is one, as a training sees it. Voxels are read when the training
 * starts, once per case; labels that the method does not use are never read at all.
 *
 * @param image reads the image; already normalized the way images will be normalized at prediction
 * @param labels reads the segmentation on the same grid; {@code null} where unlabeled
 * @param subject pseudonymous subject id; not blank
 * @param site site (scanner, hospital) the image comes from; may be empty when there is only one
 * @param role training or validation
 */
public record TrainingCase(Supplier<Volume> image, Supplier<LabelVolume> labels, String subject, String site,
    Role role) {

    /** @throws IllegalArgumentException if the subject is blank: splits by subject would be impossible to check */
    public TrainingCase {
        Objects.requireNonNull(image, "image");
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(site, "site");
        Objects.requireNonNull(role, "role");
        if (subject.isBlank()) {
            throw new IllegalArgumentException("A case has no subject id. Give every row a subject.");
        }
    }

    /** Whether there is a segmentation. */
    public boolean labeled() {
        return labels != null;
    }
}
