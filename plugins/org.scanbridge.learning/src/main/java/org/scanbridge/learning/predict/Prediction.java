package org.scanbridge.learning.predict;

import java.util.List;
import java.util.Optional;

import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;

/**
 * What networks say of a volume, on its grid.
 *
 * @param labels the most probable class of each voxel; of two equally probable ones the one with the smaller number
 * @param uncertainty the entropy of the class probabilities as a share of its largest value, in [0, 1], of regions the mean
 *            over them; empty if not asked for
 * @param probabilities one volume per class, background first, in [0, 1] and adding up to 1 per voxel, or one per region in
 *            [0, 1]; empty if not asked for
 */
public record Prediction(LabelVolume labels, Optional<Volume> uncertainty, List<Volume> probabilities) {
}
