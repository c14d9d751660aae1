package org.scanbridge.imaging.atlas;

import java.util.List;

import org.scanbridge.imaging.register.AffineTransform;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;

/**
 * What an atlas says of an image.
 *
 * @param labels the most probable label of each voxel; 0 outside the atlas
 * @param probabilities of each label in increasing order of value, in [0, 1]; empty if not asked for
 * @param corrected the image without its bias field, in units of the image
 * @param intensities of all classes of the atlas
 * @param toImage from positions in the atlas to those in the image, LPS in mm
 * @param logLikelihoods mean log-likelihood of a voxel after each step
 * @param fit whether the image follows the atlas at all
 */
public record AtlasSegmentation(LabelVolume labels, List<Volume> probabilities, Volume corrected,
    List<ClassIntensity> intensities, AffineTransform toImage, List<Double> logLikelihoods, AtlasFit fit) {
}
