package org.scanbridge.learning.anomaly;

import java.util.Optional;

import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.AutoEncoderSpec;
import org.scanbridge.learning.architecture.Weights;
import org.scanbridge.learning.predict.Reconstruction;

/** Makes maps of what an auto-encoder of healthy images cannot give back. Not for several threads at once. */
public final class AnomalyDetector implements AutoCloseable {

    private final AutoEncoderSpec m_spec;

    private final double[] m_spacing;

    private final ResidualOptions m_options;

    private final Reconstruction m_reconstruction;

    /** @param model what was learned */
    public AnomalyDetector(final AnomalyModel model) {
        this(model.spec(), model.weights(), model.spacing(), model.residual());
    }

    /** Before it is known what the maps of healthy people look like. */
    AnomalyDetector(final AutoEncoderSpec spec, final Weights weights, final double[] spacing,
        final ResidualOptions options) {
        m_spec = spec;
        m_spacing = spacing;
        m_options = options;
        m_reconstruction = new Reconstruction(spec, weights);
    }

    /**
     * The map of an image.
     *
     * @param image normalized as the images that were learned from
     * @param mask not 0 where to look; empty for all that is not background
     * @param name what to call the image in messages
     * @param progress learns of the blocks, cancels between them
     * @throws LearningException as {@link Inside#of}, {@link AnomalyModel#requireFitting} and
     *             {@link ResidualMap#requireFitting} say, or if the edge that is left out leaves nothing
     */
    public AnomalyMap map(final Volume image, final Optional<LabelVolume> mask, final String name, final Progress progress) {
        AnomalyModel.requireFitting(m_spec, m_spacing, image.geometry(), name);
        new ResidualMap(m_options).requireFitting(image.geometry(), name);
        final Inside inside = Inside.of(image, mask, name);
        final boolean[] looked = inside.without(m_options.edge(), name);
        final float[] expected = m_reconstruction.of(inside.image(), progress);
        return new AnomalyMap(image.withVoxels(
            new ResidualMap(m_options).of(inside.image().voxels(), expected, looked, image.geometry())), looked);
    }

    /** Frees the network. */
    @Override
    public void close() {
        m_reconstruction.close();
    }
}
