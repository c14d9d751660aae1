package org.scanbridge.learning.anomaly;

import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.AutoEncoderSpec;
import org.scanbridge.learning.architecture.Weights;
import org.scanbridge.learning.network.Provenance;

/**
 * What {@code AnomalyTraining} learned: an auto-encoder of healthy images, how its residuals are looked at, and what they are
 * in healthy people.
 *
 * @param spec the auto-encoder
 * @param weights its weights
 * @param spacing of the images that it was trained on, in mm along i, j, k
 * @param residual what becomes of a difference
 * @param healthy residuals of held-out healthy images, under these options
 * @param provenance where the weights come from
 */
public record AnomalyModel(AutoEncoderSpec spec, Weights weights, double[] spacing, ResidualOptions residual,
    HealthyResiduals healthy, Provenance provenance) {

    /** Name of the option in the provenance. */
    static final String MASKED = "masked";

    /** How much of its length a voxel's edge may differ: distances would change by as much. */
    private static final double TOLERANCE = 0.05;

    /** In the words of the dialog. */
    private static final String SLICES = "\"Patch size along k\"";

    /** @throws IllegalArgumentException if the weights are not those of the architecture */
    public AnomalyModel {
        Objects.requireNonNull(residual, "residual");
        Objects.requireNonNull(healthy, "healthy");
        Objects.requireNonNull(provenance, "provenance");
        if (spacing.length != 3 || !weights.parameters().equals(spec.parameters())) {
            throw new IllegalArgumentException("The weights are not those of the " + spec + ".");
        }
    }

    /** Whether it learned from what is inside masks only; empty if nobody wrote it down. */
    public Optional<Boolean> masked() {
        return Optional.ofNullable(provenance.options().get(MASKED)).map(Boolean::valueOf);
    }

    /**
     * Refuses images that the network cannot look at.
     *
     * @param grid of the image
     * @param name what to call the image in messages
     * @throws LearningException if its voxels have another size, or it is smaller than a block
     */
    public void requireFitting(final Geometry grid, final String name) {
        requireFitting(spec, spacing, grid, name);
    }

    /** As {@link #requireFitting(Geometry, String)} of a model that is yet to be. */
    static void requireFitting(final AutoEncoderSpec spec, final double[] spacing, final Geometry grid, final String name) {
        final int[] block = {spec.patchSize().i(), spec.patchSize().j(), spec.patchSize().k()};
        for (int a = 0; a < 3; a++) {
            if (Math.abs(grid.spacing(a) - spacing[a]) > TOLERANCE * spacing[a]) {
                throw new LearningException("The image of " + name + " has voxels of " + mm(grid.spacing())
                    + ", the images to learn from have " + mm(spacing)
                    + ". Resample all images to one voxel size with the Volume Resampler.");
            }
            if (grid.size(a) < block[a]) {
                throw new LearningException("The image of " + name + " has " + grid.size(0) + "×" + grid.size(1) + "×"
                    + grid.size(2) + " voxels, along " + "ijk".charAt(a) + " fewer than a patch of " + spec.patchSize()
                    + ". Learn with " + (a == 2 && grid.size(2) == 1 ? SLICES + " 1, which looks at single slices"
                        : "a smaller " + (a == 2 ? SLICES : "\"Patch size along i and j\"")) + ", or leave the image out.");
            }
        }
    }

    private static String mm(final double[] spacing) {
        return String.format(Locale.ROOT, "%.3g×%.3g×%.3g mm", spacing[0], spacing[1], spacing[2]);
    }

    @Override
    public boolean equals(final Object o) {
        return o instanceof AnomalyModel m && spec.equals(m.spec) && weights.hash().equals(m.weights.hash())
            && Arrays.equals(spacing, m.spacing) && residual.equals(m.residual) && healthy.equals(m.healthy)
            && provenance.equals(m.provenance);
    }

    @Override
    public int hashCode() {
        return weights.hash().hashCode();
    }

    @Override
    public String toString() {
        return spec + ", calibrated on " + healthy;
    }
}
