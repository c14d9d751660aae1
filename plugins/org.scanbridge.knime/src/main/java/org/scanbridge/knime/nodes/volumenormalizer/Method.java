package org.scanbridge.knime.nodes.volumenormalizer;

import org.knime.node.parameters.widget.choices.Label;

/** What is done to intensities. */
enum Method {
        @Label(value = "None", description = "Copies the images, so that workflows can compare with and without.")
        NONE(Kind.NOTHING),

        @Label(value = "Z-score", description = "(x - mean) / standard deviation over the foreground; the"
            + " background becomes 0.")
        Z_SCORE(Kind.LINE),

        @Label(value = "Min-max", description = "Maps the foreground's extremes to 0 and 1. One bright artifact"
            + " changes everything.")
        MIN_MAX(Kind.LINE),

        @Label(value = "Percentiles", description = "Clips at two percentiles of the foreground and maps them to 0"
            + " and 1: min-max without its weakness.")
        PERCENTILE(Kind.LINE),

        @Label(value = "Clipped z-score", description = "Clips at two percentiles of the foreground, then takes the z-score"
            + " of what is left. Over all images it is nnU-Net's normalization of CT.")
        CLIPPED_Z_SCORE(Kind.LINE),

        @Label(value = "Median and quartiles", description = "(x - median) / (upper - lower quartile) over the foreground:"
            + " the z-score's relative that outliers cannot bend.")
        ROBUST(Kind.LINE),

        @Label(value = "Histogram landmarks (Nyúl)", description = "Maps 13 percentiles of each image onto the mean"
            + " ones of the images that are fitted to, linearly in between, to a scale of 0 to 100. Brings sites nearer"
            + " than a line does, as long as the order of tissues is the same.")
        NYUL(Kind.CURVE),

        @Label(value = "Histogram of a reference image", description = "Gives each image the intensity distribution of"
            + " one reference image (quantile or CDF matching). Fits only where all images show the same tissues in the"
            + " same proportions.")
        QUANTILE_MATCHING(Kind.CURVE),

        @Label(value = "Local contrast of slices (CLAHE)", description = "Contrast-limited adaptive histogram"
            + " equalization of each slice by itself. Shows detail to people; intensities of one tissue then differ from"
            + " place to place.")
        CLAHE_SLICES(Kind.LOCAL),

        @Label(value = "Local contrast of the volume (CLAHE)", description = "The same in three dimensions.")
        CLAHE_VOLUME(Kind.LOCAL),

        @Label(value = "Bias field", description = "Divides out a smooth brightness field of MR coils, a polynomial"
            + " fitted to the logarithms within intensity classes. Fast; leaves the scale as it is: add another Volume"
            + " Normalizer after it.")
        BIAS_FIELD(Kind.LOCAL),

        @Label(value = "Bias field (N4)", description = "Divides out a smooth brightness field as N4 does (Tustison et al.,"
            + " 2010): B-splines of several levels, fitted to what sharpens the histogram. Agrees with ITK's. Follows fields"
            + " of several coils that a polynomial cannot; add another Volume Normalizer after it.")
        N4(Kind.LOCAL);

    /** What kind of map it is. */
    enum Kind {
        /** None. */
        NOTHING,
        /** A clipped line whose statistics may be shared by several images. */
        LINE,
        /** A curve that is always learned from other images. */
        CURVE,
        /** Something that is learned from the image itself. */
        LOCAL
    }

    private final Kind m_kind;

    Method(final Kind kind) {
        m_kind = kind;
    }

    Kind kind() {
        return m_kind;
    }

    boolean isClahe() {
        return this == CLAHE_SLICES || this == CLAHE_VOLUME;
    }
}
