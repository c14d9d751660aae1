package org.scanbridge.imaging.resample;

import java.util.function.ToDoubleFunction;

import org.scanbridge.imaging.normalize.ForegroundChoice;
import org.scanbridge.imaging.volume.Volume;

/** What an image is continued with where a result reaches beyond it; as a function, the value for an image. */
public enum Fill implements ToDoubleFunction<Volume> {

    /** {@link ForegroundChoice#background}; the minimum where the image has no such value. */
    BACKGROUND {
        @Override
        public double applyAsDouble(final Volume image) {
            return ForegroundChoice.background(image).map(Float::doubleValue).orElseGet(() -> MINIMUM.applyAsDouble(image));
        }
    },

    /** The image's minimum, whatever voxels are not finite; 0 if none is. */
    MINIMUM {
        @Override
        public double applyAsDouble(final Volume image) {
            float min = Float.POSITIVE_INFINITY;
            for (final float v : image.voxels()) {
                // Comparing with NaN is false, so NaN never becomes the fill value.
                min = v < min && v > Float.NEGATIVE_INFINITY ? v : min;
            }
            return Float.isFinite(min) ? min : 0;
        }
    },

    /** 0. */
    ZERO {
        @Override
        public double applyAsDouble(final Volume image) {
            return 0;
        }
    }
}
