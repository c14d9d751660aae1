package org.scanbridge.imaging.augment;

import java.util.List;

import org.scanbridge.imaging.random.SeededRandom;

/** A random change of images that a segmentation method should not mind. */
public interface Augmentation {

    /** Names of the parameters it draws, with units; the same for every draw. */
    List<String> parameterNames();

    /**
     * Draws the parameters for one image.
     *
     * @param random where from; equal generators give equal transformations
     */
    Transformation draw(SeededRandom random);
}
