package org.scanbridge.imaging.augment;

import java.util.Map;
import java.util.function.UnaryOperator;

import org.scanbridge.imaging.volume.Volume;

/**
 * A change of intensities that leaves the segmentation alone. It writes into an array that may be the image's own, so
 * that a pipeline, which owns what its earlier steps made, needs no new array for each step.
 */
final class IntensityChange implements UnaryOperator<LabeledVolume> {

    /** What is done to the voxels. */
    @FunctionalInterface
    interface Body {

        /**
         * @param image the image
         * @param target where all values of the changed image are written; may be {@code image.voxels()} itself
         */
        void write(Volume image, float[] target);
    }

    private final Body m_body;

    private IntensityChange(final Body body) {
        m_body = body;
    }

    /** A transformation with these drawn parameters. */
    static Transformation of(final Map<String, Double> parameters, final Body body) {
        return Transformation.of(parameters, new IntensityChange(body));
    }

    @Override
    public LabeledVolume apply(final LabeledVolume sample) {
        final float[] target = new float[sample.image().voxels().length];
        m_body.write(sample.image(), target);
        return sample.withImage(sample.image().withVoxels(target));
    }

    /** Overwrites the voxels of an image that nobody else holds. */
    LabeledVolume overwrite(final LabeledVolume own) {
        m_body.write(own.image(), own.image().voxels());
        return own;
    }
}
