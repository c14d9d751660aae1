package org.scanbridge.knime.nodes.volumenormalizer;

import java.util.Locale;

import org.knime.node.parameters.widget.choices.Label;
import org.scanbridge.imaging.normalize.Foreground;

/** Where statistics come from within an image. */
enum ForegroundRule {
        @Label(value = "Chosen by the image", description = "Above 0 where at least 5 % of the voxels are 0; the voxels"
            + " other than 0 where values are negative too, as after an earlier normalization. Where another value than 0"
            + " surrounds what is shown, as in a brain that was cut out and then z-scored or inverted, that value takes the"
            + " place of 0. Above Otsu's threshold where noise surrounds the tissue; else, and for CT, the whole image; a"
            + " single value below -1024 around the circle of a CT is left out. Only a background of one value becomes a constant; other voxels are mapped too, so that air stays darker than"
            + " tissue. The column \"Foreground\" says what was taken, and why. CT in files without a modality, cut off at"
            + " a window and scaled, cannot be told from a brain that was cut out: take the whole image there.")
        AUTOMATIC(Foreground.AUTOMATIC),

        @Label(value = "Above 0", description = "For images whose background is 0, such as skull-stripped ones.")
        ABOVE_ZERO(Foreground.ABOVE_ZERO),

        @Label(value = "Not 0", description = "For images with negative values whose background is 0, such as"
            + " z-scored ones.")
        NOT_ZERO(Foreground.NOT_ZERO),

        @Label(value = "Above the mean", description = "For heads in noisy air.")
        ABOVE_MEAN(Foreground.ABOVE_MEAN),

        @Label(value = "Above Otsu's threshold", description = "The threshold that separates two intensity classes"
            + " best.")
        OTSU(Foreground.OTSU),

        @Label(value = "Whole image", description = "Every voxel; the size of the background then counts.")
        WHOLE_IMAGE(Foreground.WHOLE_IMAGE),

        @Label(value = "Mask column", description = "The voxels that a segmentation on the image's grid labels, such"
            + " as a brain mask. Do not take the segmentation that a network is to find: it is not there for new images.")
        MASK(Foreground.MASK);

    private final Foreground m_foreground;

    ForegroundRule(final Foreground foreground) {
        m_foreground = foreground;
    }

    Foreground foreground() {
        return m_foreground;
    }

    String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
