package org.scanbridge.imaging.metrics;

import java.util.OptionalDouble;
import java.util.function.Function;

import org.scanbridge.imaging.volume.LabelVolume;

/** The scores that follow from {@link ConfusionCounts}, each in [0, 1]. */
public enum OverlapMetric implements Metric {

    /** {@link ConfusionCounts#dice()}. */
    DICE("Dice", ConfusionCounts::dice),

    /** {@link ConfusionCounts#jaccard()}. */
    JACCARD("Jaccard", ConfusionCounts::jaccard),

    /** {@link ConfusionCounts#precision()}. */
    PRECISION("Precision", ConfusionCounts::precision),

    /** {@link ConfusionCounts#sensitivity()}. */
    SENSITIVITY("Sensitivity", ConfusionCounts::sensitivity),

    /** {@link ConfusionCounts#specificity()}. */
    SPECIFICITY("Specificity", ConfusionCounts::specificity);

    private final String m_title;

    private final Function<ConfusionCounts, OptionalDouble> m_score;

    OverlapMetric(final String title, final Function<ConfusionCounts, OptionalDouble> score) {
        m_title = title;
        m_score = score;
    }

    @Override
    public String title() {
        return m_title;
    }

    /** The score that follows from these counts. */
    public OptionalDouble of(final ConfusionCounts counts) {
        return m_score.apply(counts);
    }

    @Override
    public OptionalDouble score(final LabelVolume prediction, final LabelVolume truth, final int label) {
        return of(ConfusionCounts.of(prediction, truth, label));
    }
}
