package org.scanbridge.imaging.metrics;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

import org.scanbridge.imaging.volume.LabelVolume;

import net.imglib2.parallel.TaskExecutor;
import net.imglib2.parallel.TaskExecutors;

/**
 * {@link SurfaceDistances#surfaceDice} at a tolerance, in [0, 1]; missing if prediction or truth is empty.
 *
 * @param tolerance in mm, at least 0
 */
public record SurfaceDice(double tolerance) implements Metric {

    /** @throws IllegalArgumentException if the tolerance is negative */
    public SurfaceDice {
        if (!(tolerance >= 0)) {
            throw new IllegalArgumentException("surface Dice tolerance " + tolerance + " mm must not be negative");
        }
    }

    @Override
    public String title() {
        return String.format(Locale.ROOT, "Surface Dice (%s mm)", tolerance);
    }

    @Override
    public OptionalDouble score(final LabelVolume prediction, final LabelVolume truth, final int label) {
        try (TaskExecutor alone = TaskExecutors.singleThreaded()) {
            final Optional<SurfaceDistances> distances = SurfaceDistances.of(prediction, truth, label, alone);
            return distances.isPresent() ? OptionalDouble.of(distances.get().surfaceDice(tolerance))
                : OptionalDouble.empty();
        }
    }
}
