package org.scanbridge.knime.nodes.segmentationscorer;

import java.util.List;
import java.util.OptionalDouble;

import org.scanbridge.learning.report.ScoreRow;

/**
 * The scores of one class or region of one image.
 *
 * @param row subject, site, role, domain, model, class and Dice
 * @param region whether it is a region: a union of classes, which counts in no mean of classes
 * @param values one per {@link Score}
 */
record ScoredClass(ScoreRow row, boolean region, List<OptionalDouble> values) {

    /** What is summed up together. */
    ScoreGroup group() {
        return new ScoreGroup(row.site(), row.domain(), row.role(), row.model());
    }
}
