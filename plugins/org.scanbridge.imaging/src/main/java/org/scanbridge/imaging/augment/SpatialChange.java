package org.scanbridge.imaging.augment;

import java.util.function.UnaryOperator;

/** A change of place; its result is a new image that shares no array with the given one. */
@FunctionalInterface
interface SpatialChange extends UnaryOperator<LabeledVolume> {
}
