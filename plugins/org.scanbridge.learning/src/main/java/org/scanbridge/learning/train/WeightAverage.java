package org.scanbridge.learning.train;

import java.util.LinkedHashMap;
import java.util.Map;

import org.scanbridge.learning.architecture.Weights;

/** Arithmetic mean of the weights of several steps (Izmailov et al., UAI 2018), summed in double precision. */
final class WeightAverage {

    private final Map<String, double[]> m_sums = new LinkedHashMap<>();

    private int m_count;

    void add(final Weights weights) {
        weights.values().forEach((name, values) -> {
            final double[] sums = m_sums.computeIfAbsent(name, n -> new double[values.length]);
            for (int v = 0; v < values.length; v++) {
                sums[v] += values[v];
            }
        });
        m_count++;
    }

    /** Goes on from saved sums. */
    void restore(final int count, final Map<String, double[]> sums) {
        m_count = count;
        sums.forEach((name, values) -> m_sums.put(name, values.clone()));
    }

    /** Number of weights that were added. */
    int count() {
        return m_count;
    }

    /** The present sums; shared, read only. */
    Map<String, double[]> sums() {
        return m_sums;
    }

    /** The mean; at least one must have been added. */
    Map<String, float[]> mean() {
        final Map<String, float[]> means = new LinkedHashMap<>();
        m_sums.forEach((name, sums) -> {
            final float[] mean = new float[sums.length];
            for (int v = 0; v < mean.length; v++) {
                mean[v] = (float)(sums[v] / m_count);
            }
            means.put(name, mean);
        });
        return means;
    }
}
