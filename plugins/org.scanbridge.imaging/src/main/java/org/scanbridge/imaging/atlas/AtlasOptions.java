package org.scanbridge.imaging.atlas;

/**
 * How an atlas is made.
 *
 * @param spacing of the atlas' cubic voxels in mm, within [0.5, 8]
 * @param margin how far around the labels it reaches in mm, within [0, 100]: what surrounds them must be told from them
 * @param clusters into how many classes of like intensity what has no label is split, within [1, 32]
 * @param blur full width at half maximum of the smoothing of probabilities in mm, within [0, 20]; makes up for a few
 *            subjects that do not show all that may be
 */
public record AtlasOptions(double spacing, double margin, int clusters, double blur) {

    /** For whole heads. */
    public static final AtlasOptions DEFAULT = new AtlasOptions(2, 16, 8, 4);

    /** @throws IllegalArgumentException if a number is out of range */
    public AtlasOptions {
        require(spacing, 0.5, 8, "voxel size of the atlas", " mm");
        require(margin, 0, 100, "margin", " mm");
        require(clusters, 1, 32, "number of classes of unlabeled tissue", "");
        require(blur, 0, 20, "smoothing", " mm");
    }

    private static void require(final double x, final double from, final double to, final String name, final String unit) {
        if (!(x >= from && x <= to)) {
            throw new IllegalArgumentException(name + " " + x + unit + " must be within " + from + " and " + to + unit);
        }
    }
}
