package org.scanbridge.imaging.augment;

import java.util.function.UnaryOperator;

import org.scanbridge.imaging.resample.GridWindow;

/** A change of place; its result is a new image that shares no array with the given one. */
@FunctionalInterface
interface SpatialChange extends UnaryOperator<LabeledVolume> {

    /** A window of the result. */
    default LabeledVolume within(final LabeledVolume sample, final GridWindow window) {
        return apply(sample).within(window);
    }
}
