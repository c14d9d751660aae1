package org.scanbridge.learning.plan;

/**
 * One class in one segmentation.
 *
 * @param voxels how many voxels have it; at least 1
 * @param volume in mm³
 * @param thickness of a plate with as much volume for its surface, 2 V/S (the plate model of bone histomorphometry, Parfitt et
 *            al., J Bone Miner Res 1987), in mm: a ribbon's such as the cortex; a ball of diameter d counts as d/3, a long
 *            cylinder as d/2
 */
public record ClassFacts(long voxels, double volume, double thickness) {
}
