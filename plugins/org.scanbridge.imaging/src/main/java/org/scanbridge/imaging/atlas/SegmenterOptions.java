package org.scanbridge.imaging.atlas;

/**
 * How an image is segmented by an atlas.
 *
 * @param gaussians how many Gaussians make up the intensities of a labeled class, within [1, 4]
 * @param fieldOrder order of the polynomial bias field, within [0, 6]; 0 for none
 * @param neighbors how strongly neighbors are drawn to the same class, within [0, 3]; 0 not at all
 * @param steps of expectation and maximization at most, within [1, 200]
 * @param sampling mean distance in mm of the voxels that intensities and field are estimated from, within [1, 8]; less in
 *            small images; all voxels are segmented in any case
 */
public record SegmenterOptions(int gaussians, int fieldOrder, double neighbors, int steps, double sampling) {

    /** For MR images of the head. */
    public static final SegmenterOptions DEFAULT = new SegmenterOptions(1, 5, 0.15, 40, 4);

    /** @throws IllegalArgumentException if a number is out of range */
    public SegmenterOptions {
        require(gaussians, 1, 4, "number of Gaussians per class");
        require(fieldOrder, 0, 6, "order of the bias field");
        require(neighbors, 0, 3, "weight of neighbors");
        require(steps, 1, 200, "number of steps");
        require(sampling, 1, 8, "sampling distance in mm");
    }

    private static void require(final double x, final double from, final double to, final String name) {
        if (!(x >= from && x <= to)) {
            throw new IllegalArgumentException(name + " " + x + " must be within " + from + " and " + to);
        }
    }
}
