package org.scanbridge.knime.nodes.segmentationscorer;

import org.scanbridge.imaging.metrics.ConfusionCounts;
import org.scanbridge.imaging.metrics.SegmentVolume;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.learning.report.ScoreRow;

/**
 * How well a model segmented one class of one subject.
 *
 * @param row subject, site, role, domain, model, class and Dice
 * @param counts what all overlap scores follow from
 * @param volume volume of the model's segmentation in ml
 * @param referenceVolume volume of the reference in ml
 */
record ClassScore(ScoreRow row, ConfusionCounts counts, double volume, double referenceVolume) {

    /** Computes the scores of one class. */
    ClassScore(final String subject, final String site, final String role, final String domain, final String model,
        final String className, final LabelVolume prediction, final LabelVolume reference, final int label) {
        this(subject, site, role, domain, model, className, ConfusionCounts.of(prediction, reference, label),
            SegmentVolume.milliliters(prediction, label), SegmentVolume.milliliters(reference, label));
    }

    private ClassScore(final String subject, final String site, final String role, final String domain,
        final String model, final String className, final ConfusionCounts counts, final double volume,
        final double referenceVolume) {
        this(new ScoreRow(subject, site, role, domain, model, className, counts.dice()), counts, volume,
            referenceVolume);
    }
}
