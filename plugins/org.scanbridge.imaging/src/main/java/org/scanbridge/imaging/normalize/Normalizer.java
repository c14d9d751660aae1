package org.scanbridge.imaging.normalize;

import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.volume.Volume;

/**
 * Maps an image's intensities to a common scale. A normalizer is fitted and immutable: whatever it learned from a
 * collection of images is fixed, so applying it to test images leaks nothing from them. It may still use statistics of
 * the one image it is applied to.
 */
@FunctionalInterface
public interface Normalizer {

    /**
     * @param sample the image, with its mask if the foreground rule needs one
     * @return an image on the same grid with the same info; the sample's own is not changed
     * @throws ImagingException if the image has no defined result
     */
    Volume apply(Sample sample);

    /** As {@link #apply(Sample)} for an image without a mask. */
    default Volume apply(final Volume image) {
        return apply(Sample.of(image));
    }
}
