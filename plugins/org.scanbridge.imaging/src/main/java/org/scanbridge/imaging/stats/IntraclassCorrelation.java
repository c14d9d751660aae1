package org.scanbridge.imaging.stats;

import java.util.OptionalDouble;

/**
 * Intraclass correlations of n targets, each measured once by each of k judges or methods (Shrout and Fleiss,
 * Intraclass correlations, Psychological Bulletin 86, 1979), from the two-way analysis of variance. Missing where the
 * denominator is 0 because nothing varies; negative values are kept.
 * <p>
 * Shrout and Fleiss's own table of 6 targets and 4 judges gives ICC(1,1) = 0.165742, ICC(2,1) = 0.289764, ICC(3,1) =
 * 0.714841.
 */
public final class IntraclassCorrelation {

    private final int m_targets;

    private final int m_judges;

    /** Mean square between targets (rows). */
    private final double m_rows;

    /** Mean square between judges (columns). */
    private final double m_columns;

    /** Residual mean square. */
    private final double m_error;

    /** Mean square within targets. */
    private final double m_within;

    /**
     * @param ratings one row per target, one column per judge; at least 2 of each, all finite
     * @throws IllegalArgumentException if this does not hold
     */
    public IntraclassCorrelation(final double[][] ratings) {
        m_targets = ratings.length;
        m_judges = m_targets == 0 ? 0 : ratings[0].length;
        if (m_targets < 2 || m_judges < 2) {
            throw new IllegalArgumentException("an intraclass correlation needs at least 2 targets and 2 judges, not "
                + m_targets + " and " + m_judges);
        }
        final double[] row = new double[m_targets];
        final double[] column = new double[m_judges];
        double mean = 0;
        for (int t = 0; t < m_targets; t++) {
            if (ratings[t].length != m_judges) {
                throw new IllegalArgumentException(
                    "target " + t + " has " + ratings[t].length + " ratings, the first one " + m_judges);
            }
            for (int j = 0; j < m_judges; j++) {
                if (!Double.isFinite(ratings[t][j])) {
                    throw new IllegalArgumentException("rating " + ratings[t][j] + " of target " + t
                        + " is no number. Leave targets with missing values out.");
                }
                row[t] += ratings[t][j] / m_judges;
                column[j] += ratings[t][j] / m_targets;
                mean += ratings[t][j] / m_targets / m_judges;
            }
        }
        double rows = 0;
        double columns = 0;
        double error = 0;
        double within = 0;
        for (int t = 0; t < m_targets; t++) {
            rows += m_judges * (row[t] - mean) * (row[t] - mean);
            for (int j = 0; j < m_judges; j++) {
                final double residual = ratings[t][j] - row[t] - column[j] + mean;
                error += residual * residual;
                within += (ratings[t][j] - row[t]) * (ratings[t][j] - row[t]);
            }
        }
        for (int j = 0; j < m_judges; j++) {
            columns += m_targets * (column[j] - mean) * (column[j] - mean);
        }
        m_rows = rows / (m_targets - 1);
        m_columns = columns / (m_judges - 1);
        m_error = error / ((m_targets - 1) * (m_judges - 1));
        m_within = within / (m_targets * (m_judges - 1));
    }

    /** ICC(1,1): each target has judges of its own. (MSR - MSW)/(MSR + (k-1)·MSW). */
    public OptionalDouble oneWay() {
        return ratio(m_rows - m_within, m_rows + (m_judges - 1) * m_within);
    }

    /** ICC(2,1): random judges, absolute agreement. (MSR - MSE)/(MSR + (k-1)·MSE + k·(MSC - MSE)/n). */
    public OptionalDouble agreement() {
        return ratio(m_rows - m_error,
            m_rows + (m_judges - 1) * m_error + m_judges * (m_columns - m_error) / m_targets);
    }

    /** ICC(3,1): these judges only, consistency. (MSR - MSE)/(MSR + (k-1)·MSE). */
    public OptionalDouble consistency() {
        return ratio(m_rows - m_error, m_rows + (m_judges - 1) * m_error);
    }

    private static OptionalDouble ratio(final double numerator, final double denominator) {
        return denominator == 0 ? OptionalDouble.empty() : OptionalDouble.of(numerator / denominator);
    }
}
