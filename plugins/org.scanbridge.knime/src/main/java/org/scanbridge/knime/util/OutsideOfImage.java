package org.scanbridge.knime.util;

import org.knime.node.parameters.widget.choices.Label;
import org.scanbridge.imaging.resample.Fill;

/** What images show outside of what was there. */
public enum OutsideOfImage {
        @Label(value = "The image's background", description = "The one value that is around what the image shows, such as 0,"
            + " or what a z-score made of it, around a brain that was cut out: no edge arises, and the foreground stays. The"
            + " darkest value where there is no such value, as in measured air.")
        BACKGROUND(Fill.BACKGROUND),

        @Label(value = "The image's minimum", description = "The darkest value of the image.")
        MINIMUM(Fill.MINIMUM),

        @Label(value = "0", description = "Zero, the background after skull stripping and z-scoring.")
        ZERO(Fill.ZERO);

    private final Fill m_fill;

    OutsideOfImage(final Fill fill) {
        m_fill = fill;
    }

    /** The value for an image. */
    public Fill fill() {
        return m_fill;
    }
}
