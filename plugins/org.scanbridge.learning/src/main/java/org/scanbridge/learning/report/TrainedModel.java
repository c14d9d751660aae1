package org.scanbridge.learning.report;

import java.util.List;
import java.util.Map;

/**
 * How a model came about.
 *
 * @param name name of the model as in the scores
 * @param provenance settings and facts of its training in display order
 * @param curves training curves by metric name, such as {@code loss}
 */
public record TrainedModel(String name, Map<String, String> provenance, Map<String, List<CurvePoint>> curves) {

    /**
     * @param step optimizer step, from 1
     * @param value value of the metric at that step
     */
    public record CurvePoint(int step, double value) {
    }
}
