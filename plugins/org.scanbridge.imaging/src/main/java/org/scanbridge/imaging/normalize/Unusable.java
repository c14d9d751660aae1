package org.scanbridge.imaging.normalize;

import org.scanbridge.imaging.ImagingException;

/** Told of images that nothing can be learned from, such as one that is constant or has voxels that are not numbers. */
@FunctionalInterface
public interface Unusable {

    /** None is left out: the first one ends the learning with its error. */
    Unusable REFUSED = (sample, why) -> {
        throw why;
    };

    /**
     * Hears of an image that is left out.
     *
     * @param sample the image
     * @param why what is wrong with it
     */
    void leaveOut(Sample sample, ImagingException why);
}
