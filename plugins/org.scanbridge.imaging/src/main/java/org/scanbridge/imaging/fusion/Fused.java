package org.scanbridge.imaging.fusion;

import java.util.List;
import java.util.function.IntFunction;

import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;

/**
 * One segmentation of several.
 *
 * @param labels of the most probable class; where nobody annotated, the first rater's mark of that
 * @param values the label values that have a probability, the background first
 * @param probability makes the map of the value at an index, in [0, 1]; 0 where nobody annotated
 * @param raters how good each rater is, by this result
 * @param ties voxels on which several classes had the same say; the class that the earliest of the raters voted for won
 */
public record Fused(LabelVolume labels, List<Integer> values, IntFunction<Volume> probability, List<Rater> raters,
    long ties) {

    /**
     * A rater.
     *
     * @param name of the rater
     * @param sensitivity by value: how probable it is that the rater finds what is there, in [0, 1]; NaN if it is nowhere
     * @param specificity by value: how probable it is that the rater leaves alone what is something else, in [0, 1]; NaN if
     *            nothing else is anywhere
     */
    public record Rater(String name, double[] sensitivity, double[] specificity) {
    }
}
