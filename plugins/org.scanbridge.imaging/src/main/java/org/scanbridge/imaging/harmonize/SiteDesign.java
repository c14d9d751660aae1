package org.scanbridge.imaging.harmonize;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.QRDecomposition;
import org.hipparchus.linear.SingularValueDecomposition;
import org.scanbridge.imaging.ImagingException;

/**
 * The linear model that ComBat standardizes by: a column of 0 and 1 for each site, then the covariates' columns. These are
 * brought to mean 0 and standard deviation 1 for the computation, so that years and volumes are as well conditioned as ages.
 */
final class SiteDesign {

    /** A singular value below so much of the largest says that columns depend on each other. */
    private static final double DEPENDENT = 1e-9;

    /** A number whose spread is below so much of its size is the same everywhere, but for rounding. */
    static final double SAME = 1e-12;

    private final List<String> m_sites;

    private final List<Term> m_terms;

    /** Site of each row. */
    private final int[] m_site;

    /** By row: sites, then scaled covariates. */
    private final double[][] m_columns;

    private final double[] m_mean;

    private final double[] m_scale;

    /** By the rows that were used. */
    private final Map<BitSet, QRDecomposition> m_decompositions = new HashMap<>();

    /**
     * Coefficients of a feature.
     *
     * @param sites α of each site
     * @param covariates β of each covariate's column, in its own unit
     * @param explained by row, without the site: Σ x·β
     */
    record Solution(double[] sites, double[] covariates, double[] explained) {
    }

    /**
     * @throws ImagingException if there are too few rows, a covariate is the same in all rows, or cannot be told from the sites
     *             and the other covariates
     */
    SiteDesign(final FeatureRows rows, final List<String> sites, final List<Term> terms) {
        m_sites = sites;
        m_terms = terms;
        m_site = rows.sites().stream().mapToInt(sites::indexOf).toArray();
        final int width = terms.stream().mapToInt(Term::columns).sum();
        final double[][] covariates = new double[m_site.length][width];
        int from = 0;
        for (int t = 0; t < terms.size(); t++) {
            terms.get(t).fill(rows.covariates().get(t), covariates, from);
            from += terms.get(t).columns();
        }
        m_mean = new double[width];
        m_scale = new double[width];
        m_columns = new double[m_site.length][sites.size() + width];
        for (int c = 0; c < width; c++) {
            scale(covariates, c);
        }
        for (int r = 0; r < m_site.length; r++) {
            m_columns[r][m_site[r]] = 1;
            for (int c = 0; c < width; c++) {
                m_columns[r][sites.size() + c] = (covariates[r][c] - m_mean[c]) / m_scale[c];
            }
        }
        requireIndependent(rows);
    }

    private void scale(final double[][] covariates, final int column) {
        for (final double[] row : covariates) {
            m_mean[column] += row[column] / covariates.length;
        }
        double squares = 0;
        for (final double[] row : covariates) {
            squares += (row[column] - m_mean[column]) * (row[column] - m_mean[column]);
        }
        m_scale[column] = Math.sqrt(squares / covariates.length);
        if (m_scale[column] <= SAME * Math.abs(m_mean[column])) {
            m_scale[column] = 1; // refused below, by name
        }
    }

    private void requireIndependent(final FeatureRows rows) {
        final int[] all = new int[m_site.length];
        Arrays.setAll(all, r -> r);
        int columns = m_sites.size();
        for (int t = 0; t < m_terms.size(); t++) {
            final Term term = m_terms.get(t);
            if (isConstant(rows.covariates().get(t))) {
                throw new ImagingException("Covariate \"" + term.name() + "\" has the same value in all rows, so it has no effect"
                    + " that could be kept. Remove it from the covariates.");
            }
            columns += term.columns();
            if (rank(all, columns) < columns) {
                final boolean bySite = confoundedBySite(all, t);
                throw new ImagingException("Covariate \"" + term.name() + "\" is confounded with "
                    + (bySite ? "the sites" : "the sites and the covariates before it, "
                        + String.join(", ", m_terms.subList(0, t).stream().map(Term::name).toList()))
                    + ": these tell its value, so its effect cannot be told from theirs."
                    + " Remove it from the covariates" + (bySite ? ", or add rows in which it varies within a site." : "."));
            }
        }
        if (all.length <= columns) {
            throw new ImagingException("There are " + all.length + " rows for the " + columns + " coefficients of "
                + m_sites.size() + " sites and the covariates, and none is left to tell the spread from."
                + " Add rows, or remove covariates.");
        }
    }

    private static boolean isConstant(final Covariate covariate) {
        if (covariate instanceof Covariate.Nominal nominal) {
            return new HashSet<>(nominal.values()).size() == 1;
        }
        final double[] values = ((Covariate.Numeric)covariate).values();
        return isSame(values);
    }

    /** Whether values are one value, but for rounding. */
    static boolean isSame(final double... values) {
        final double min = Arrays.stream(values).min().orElseThrow();
        final double max = Arrays.stream(values).max().orElseThrow();
        return max - min <= SAME * Math.max(Math.abs(min), Math.abs(max));
    }

    /** Whether the sites alone tell a covariate. */
    private boolean confoundedBySite(final int[] rows, final int term) {
        final int from = m_sites.size() + m_terms.subList(0, term).stream().mapToInt(Term::columns).sum();
        final List<Integer> columns = new ArrayList<>();
        for (int c = 0; c < m_sites.size(); c++) {
            columns.add(c);
        }
        for (int c = 0; c < m_terms.get(term).columns(); c++) {
            columns.add(from + c);
        }
        return rank(rows, columns) < columns.size();
    }

    private int rank(final int[] rows, final int width) {
        final List<Integer> columns = new ArrayList<>();
        for (int c = 0; c < width; c++) {
            columns.add(c);
        }
        return rank(rows, columns);
    }

    /** Of some rows and columns, each column having length 1. */
    private int rank(final int[] rows, final List<Integer> columns) {
        final double[][] matrix = new double[Math.max(rows.length, columns.size())][columns.size()];
        for (int c = 0; c < columns.size(); c++) {
            double squares = 0;
            for (final int row : rows) {
                squares += m_columns[row][columns.get(c)] * m_columns[row][columns.get(c)];
            }
            for (int r = 0; r < rows.length; r++) {
                matrix[r][c] = squares == 0 ? 0 : m_columns[rows[r]][columns.get(c)] / Math.sqrt(squares);
            }
        }
        final double[] singular =
            new SingularValueDecomposition(new Array2DRowRealMatrix(matrix, false)).getSingularValues();
        return (int)Arrays.stream(singular).filter(s -> s > DEPENDENT * singular[0]).count();
    }

    /**
     * Least squares over the rows that have a value.
     *
     * @param feature its name, for messages
     * @param values by row; NaN where there is none
     * @throws ImagingException if the rows with a value are too few or do not tell the covariates' effects
     */
    Solution solve(final String feature, final double[] values) {
        final BitSet present = new BitSet(values.length);
        for (int r = 0; r < values.length; r++) {
            present.set(r, !Double.isNaN(values[r]));
        }
        final int[] rows = present.stream().toArray();
        QRDecomposition decomposition = m_decompositions.get(present);
        if (decomposition == null) {
            if (rows.length <= m_columns[0].length || rank(rows, m_columns[0].length) < m_columns[0].length) {
                throw new ImagingException("Feature \"" + feature + "\" is missing in " + (values.length - rows.length) + " of "
                    + values.length + " rows, and the others do not tell the effects of sites and covariates apart."
                    + " Remove the feature or a covariate, or add rows.");
            }
            final double[][] matrix = new double[rows.length][];
            for (int r = 0; r < rows.length; r++) {
                matrix[r] = m_columns[rows[r]];
            }
            decomposition = new QRDecomposition(new Array2DRowRealMatrix(matrix, true));
            m_decompositions.put(present, decomposition);
        }
        final double[] y = present.stream().mapToDouble(r -> values[r]).toArray();
        // What is far from 0 and varies little loses no digits that way; the sites' columns add up to 1.
        final double center = Arrays.stream(y).average().orElseThrow();
        for (int r = 0; r < y.length; r++) {
            y[r] -= center;
        }
        return solution(decomposition.getSolver().solve(new ArrayRealVector(y, false)).toArray(), center);
    }

    private Solution solution(final double[] scaled, final double center) {
        final int s = m_sites.size();
        final double[] covariates = new double[m_mean.length];
        double shift = center;
        for (int c = 0; c < covariates.length; c++) {
            covariates[c] = scaled[s + c] / m_scale[c];
            shift -= covariates[c] * m_mean[c];
        }
        final double[] sites = new double[s];
        for (int i = 0; i < s; i++) {
            sites[i] = scaled[i] + shift;
        }
        final double[] explained = new double[m_site.length];
        for (int r = 0; r < explained.length; r++) {
            for (int c = 0; c < covariates.length; c++) {
                explained[r] += covariates[c] * (m_columns[r][s + c] * m_scale[c] + m_mean[c]);
            }
        }
        return new Solution(sites, covariates, explained);
    }

    /** Site of a row. */
    int site(final int row) {
        return m_site[row];
    }
}
