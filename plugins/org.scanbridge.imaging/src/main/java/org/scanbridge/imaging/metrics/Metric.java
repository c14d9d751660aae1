package org.scanbridge.imaging.metrics;

import java.util.OptionalDouble;

import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.volume.LabelVolume;

/** A score of one class of a predicted segmentation against the truth. */
public interface Metric {

    /** The score's usual name, such as {@code Dice}. */
    String title();

    /**
     * @param prediction what was predicted
     * @param truth the reference, on the same grid
     * @param label the class, in [1, 255]
     * @return the score; empty where it has no defined value
     * @throws ImagingException if the grids differ
     */
    OptionalDouble score(LabelVolume prediction, LabelVolume truth, int label);
}
