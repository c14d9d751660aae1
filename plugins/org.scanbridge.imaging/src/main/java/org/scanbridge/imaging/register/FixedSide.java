package org.scanbridge.imaging.register;

import org.scanbridge.imaging.random.SeededRandom;

import net.imglib2.parallel.TaskExecutor;

/** What a moving image is registered onto: another image, or an atlas whose classes stand in for intensities. */
public interface FixedSide {

    /**
     * Places to compare at, for one level of resolution.
     *
     * @param spacing of the level in mm; finer detail is smoothed away
     * @param most how many samples at most
     * @param random where the places are drawn from
     * @param workers what the smoothing is shared out to
     */
    FixedSamples samples(double spacing, int most, SeededRandom random, TaskExecutor workers);

    /** Center of the field of view and center of mass, LPS in mm; rotations and scales are about the first. */
    Centers centers();

    /** What it is called in a sentence to the user. */
    default String called() {
        return "the fixed image";
    }

    /** A quarter of the field's diagonal in mm: how far things are from the center. */
    double radius();
}
