package org.scanbridge.imaging.augment;

import java.util.Objects;
import java.util.Optional;

import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.resample.GridWindow;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;

/**
 * An image and, where there is one, its segmentation on the same grid.
 *
 * @param image the image
 * @param labels its segmentation
 */
public record LabeledVolume(Volume image, Optional<LabelVolume> labels) {

    /** @throws ImagingException if image and segmentation lie on different grids */
    public LabeledVolume {
        Objects.requireNonNull(image, "image");
        labels.ifPresent(l -> {
            if (!l.geometry().sameGrid(image.geometry())) {
                throw new ImagingException("The segmentation has " + l.geometry() + ", the image "
                    + image.geometry().beside(l.geometry()) + ". Resample the segmentation to the image's grid first.");
            }
        });
    }

    /** An image without a segmentation. */
    public static LabeledVolume of(final Volume image) {
        return new LabeledVolume(image, Optional.empty());
    }

    /** An image with its segmentation. */
    public static LabeledVolume of(final Volume image, final LabelVolume labels) {
        return new LabeledVolume(image, Optional.of(labels));
    }

    /** A window of image and segmentation that lies within their grid. */
    public LabeledVolume within(final GridWindow window) {
        return new LabeledVolume(window.apply(image, 0), labels.map(window::apply));
    }

    /** The same segmentation with another image. */
    LabeledVolume withImage(final Volume other) {
        return new LabeledVolume(other, labels);
    }
}
