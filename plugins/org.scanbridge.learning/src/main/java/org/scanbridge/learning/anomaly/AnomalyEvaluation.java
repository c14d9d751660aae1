package org.scanbridge.learning.anomaly;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

import org.scanbridge.imaging.metrics.RocCurve;
import org.scanbridge.imaging.metrics.ScoreCounts;
import org.scanbridge.imaging.metrics.ScoreCounts.BestDice;

/**
 * How well maps agree with references, of one image or of several pooled: over the voxels inside, and over regions, which are
 * positive if the reference has any of their voxels.
 */
public final class AnomalyEvaluation {

    private final ScoreCounts m_voxels = new ScoreCounts();

    private final List<AnomalyRegions.Scored> m_regions = new ArrayList<>();

    /**
     * Adds an image.
     *
     * @param map of it
     * @param reference which of its voxels are positive
     * @param regions of it, with positives
     */
    public void add(final AnomalyMap map, final boolean[] reference, final List<AnomalyRegions.Scored> regions) {
        for (int v = 0; v < reference.length; v++) {
            if (map.inside()[v]) {
                m_voxels.add(map.map().voxels()[v], reference[v]);
            }
        }
        m_regions.addAll(regions);
    }

    /** Adds the images of another. */
    public void addAll(final AnomalyEvaluation other) {
        m_voxels.addAll(other.m_voxels);
        m_regions.addAll(other.m_regions);
    }

    /** Area under the ROC curve over the voxels; missing if all are of one kind. */
    public OptionalDouble voxelArea() {
        return m_voxels.rocArea();
    }

    /** Average precision over the voxels; missing without positives. */
    public OptionalDouble averagePrecision() {
        return m_voxels.averagePrecision();
    }

    /** The largest Dice of all thresholds, chosen by looking at the reference; missing without positives. */
    public Optional<BestDice> bestDice() {
        return m_voxels.bestDice();
    }

    /** Area under the ROC curve over the regions, by the mean of the map; missing if all are of one kind. */
    public OptionalDouble regionAreaOfMean() {
        return regions(AnomalyScores::mean);
    }

    /** Area under the ROC curve over the regions, by the 99th percentile of the map; missing if all are of one kind. */
    public OptionalDouble regionAreaOfTail() {
        return regions(AnomalyScores::tail);
    }

    private OptionalDouble regions(final ToDoubleFunction<AnomalyScores> score) {
        final boolean[] positive = new boolean[m_regions.size()];
        for (int r = 0; r < positive.length; r++) {
            positive[r] = m_regions.get(r).positive();
        }
        return RocCurve.area(m_regions.stream().map(AnomalyRegions.Scored::scores).mapToDouble(score).toArray(), positive);
    }

    /** Share of the voxels that are positive: the average precision of a map that says nothing. */
    public OptionalDouble prevalence() {
        final long all = m_voxels.positives() + m_voxels.negatives();
        return all == 0 ? OptionalDouble.empty() : OptionalDouble.of((double)m_voxels.positives() / all);
    }
}
