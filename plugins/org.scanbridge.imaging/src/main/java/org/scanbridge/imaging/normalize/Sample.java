package org.scanbridge.imaging.normalize;

import java.util.Objects;
import java.util.Optional;

import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

/**
 * An image and, where there is one, the label mask that says what its foreground is.
 *
 * @param image the image
 * @param mask labels on the image's grid; foreground is where the label is not 0
 */
public record Sample(Volume image, Optional<LabelVolume> mask) {

    /** @throws ImagingException if the mask lies on another grid than the image */
    public Sample {
        Objects.requireNonNull(image, "image");
        mask.ifPresent(m -> {
            if (!m.geometry().sameGrid(image.geometry())) {
                throw new ImagingException("The mask of " + name(image.info()) + " has " + m.geometry()
                    + ", the image " + image.geometry().beside(m.geometry()) + ". Resample the mask to the image's grid first.");
            }
        });
    }

    /** An image without a mask. */
    public static Sample of(final Volume image) {
        return new Sample(image, Optional.empty());
    }

    /** An image with a mask on its grid. */
    public static Sample of(final Volume image, final LabelVolume mask) {
        return new Sample(image, Optional.of(mask));
    }

    /** For messages: {@code the image of subject A-001 (site A)}; pseudonyms only. */
    static String name(final VolumeInfo info) {
        return "the image of subject " + (info.subject().isEmpty() ? "(unknown)" : info.subject())
            + (info.site().isEmpty() ? "" : " (site " + info.site() + ")");
    }
}
