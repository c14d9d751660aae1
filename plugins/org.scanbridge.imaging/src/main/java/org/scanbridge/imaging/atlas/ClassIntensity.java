package org.scanbridge.imaging.atlas;

/**
 * What the intensities of a class are in one image, after the bias field is taken out.
 *
 * @param atlasClass the class
 * @param share of the segmented region's voxels, in [0, 1]
 * @param mean in units of the image; NaN if the class does not occur
 * @param spread standard deviation in units of the image; NaN if the class does not occur
 */
public record ClassIntensity(AtlasClass atlasClass, double share, double mean, double spread) {
}
