package org.scanbridge.imaging.metrics;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

import org.scanbridge.imaging.volume.LabelVolume;

import net.imglib2.parallel.TaskExecutor;
import net.imglib2.parallel.TaskExecutors;

/** The scores that follow from {@link SurfaceDistances}, in mm; missing if prediction or truth is empty. */
public enum SurfaceMetric implements Metric {

    /** {@link SurfaceDistances#hausdorff()}. */
    HD("HD", SurfaceDistances::hausdorff),

    /** {@link SurfaceDistances#hausdorff95()}. */
    HD95("HD95", SurfaceDistances::hausdorff95),

    /** {@link SurfaceDistances#hausdorff95Pooled()}. */
    HD95_POOLED("HD95 (pooled)", SurfaceDistances::hausdorff95Pooled),

    /** {@link SurfaceDistances#averageSymmetric()}. */
    ASSD("ASSD", SurfaceDistances::averageSymmetric);

    private final String m_title;

    private final ToDoubleFunction<SurfaceDistances> m_score;

    SurfaceMetric(final String title, final ToDoubleFunction<SurfaceDistances> score) {
        m_title = title;
        m_score = score;
    }

    @Override
    public String title() {
        return m_title;
    }

    /** The score that follows from these distances. */
    public double of(final SurfaceDistances distances) {
        return m_score.applyAsDouble(distances);
    }

    @Override
    public OptionalDouble score(final LabelVolume prediction, final LabelVolume truth, final int label) {
        try (TaskExecutor alone = TaskExecutors.singleThreaded()) {
            final Optional<SurfaceDistances> distances = SurfaceDistances.of(prediction, truth, label, alone);
            return distances.isPresent() ? OptionalDouble.of(of(distances.get())) : OptionalDouble.empty();
        }
    }
}
