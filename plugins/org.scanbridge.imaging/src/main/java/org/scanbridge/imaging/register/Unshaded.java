package org.scanbridge.imaging.register;

import org.scanbridge.imaging.normalize.Foreground;
import org.scanbridge.imaging.normalize.ForegroundChoice;
import org.scanbridge.imaging.normalize.N4BiasCorrection;
import org.scanbridge.imaging.normalize.NonFiniteVoxels;
import org.scanbridge.imaging.volume.Volume;

/**
 * An image as it is registered: without the slow changes of brightness of MR coils. These make one tissue several
 * intensities, and mutual information then takes a transform that is off by more than half a millimeter for better than the
 * true one, be it this program's or ITK's; without them a tenth of a millimeter remains (docs/evaluation.md).
 */
public final class Unshaded {

    private Unshaded() {
    }

    /**
     * The image divided by its field as {@link N4BiasCorrection} finds it; the image itself where there is no such field or
     * none can be found: CT, values on both sides of 0 (images that were z-scored), nothing above 0, voxels that are no
     * numbers, constant images.
     */
    public static Volume of(final Volume image) {
        if (NonFiniteVoxels.count(image) > 0) {
            return image;
        }
        float low = Float.POSITIVE_INFINITY;
        float high = Float.NEGATIVE_INFINITY;
        for (final float v : image.voxels()) {
            low = Math.min(low, v);
            high = Math.max(high, v);
        }
        final ForegroundChoice choice = ForegroundChoice.of(image);
        final boolean signed = low < 0
            && (choice.zero() != 0 || choice.rule() == Foreground.NOT_ZERO || choice.rule() == Foreground.WHOLE_IMAGE);
        final boolean ct = image.info().modality().equals("CT") || image.info().units().equals("HU");
        return ct || !(high > low) || signed ? image : N4BiasCorrection.DEFAULT.apply(image);
    }
}
