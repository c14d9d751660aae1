package org.scanbridge.knime.nodes.segmentationscorer;

import java.util.Optional;

import org.scanbridge.imaging.metrics.ConfusionCounts;
import org.scanbridge.imaging.metrics.SegmentVolume;
import org.scanbridge.imaging.metrics.SurfaceDistances;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.learning.report.ScoreRow;

import net.imglib2.parallel.TaskExecutors;

/**
 * How well a model segmented one class of one subject.
 *
 * @param row subject, site, role, domain, model, class and Dice
 * @param counts what all overlap scores follow from
 * @param distances between both surfaces; empty if one has no voxel, or if they were not asked for
 * @param volume volume of the model's segmentation in ml
 * @param referenceVolume volume of the reference in ml
 */
record ClassScore(ScoreRow row, ConfusionCounts counts, Optional<SurfaceDistances> distances, double volume,
    double referenceVolume) {

    /**
     * Computes the scores of one class.
     *
     * @param names gives subject, site, role, domain, model and class; its Dice does not count
     * @param withDistances whether to compute the distances, the slowest of the scores
     */
    static ClassScore of(final ScoreRow names, final LabelVolume prediction, final LabelVolume reference,
        final int label, final boolean withDistances) {
        final ConfusionCounts counts = ConfusionCounts.of(prediction, reference, label);
        final ScoreRow row = new ScoreRow(names.subject(), names.site(), names.role(), names.domain(), names.model(),
            names.className(), counts.dice());
        return new ClassScore(row, counts,
            withDistances ? SurfaceDistances.of(prediction, reference, label, TaskExecutors.singleThreaded())
                : Optional.empty(),
            SegmentVolume.milliliters(prediction, label), SegmentVolume.milliliters(reference, label));
    }
}
