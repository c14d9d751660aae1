package org.scanbridge.imaging.harmonize;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;

/**
 * Features of images, with the site and the covariates of each.
 *
 * @param features names, each once, at least one
 * @param values by row, then by feature; NaN where there is none; not copied, must not be changed afterwards
 * @param sites of the rows, none empty
 * @param covariates with one value per row; none if empty
 */
public record FeatureRows(List<String> features, double[][] values, List<String> sites, List<Covariate> covariates) {

    /** @throws IllegalArgumentException if numbers of rows or features differ, a name is given twice or a site is empty */
    public FeatureRows {
        features = List.copyOf(features);
        sites = List.copyOf(sites);
        covariates = List.copyOf(covariates);
        if (features.isEmpty() || new HashSet<>(features).size() < features.size()) {
            throw new IllegalArgumentException("features " + features + " must be at least one, each named once");
        }
        if (sites.size() != values.length || sites.contains("")) {
            throw new IllegalArgumentException(values.length + " rows have " + sites.size() + " sites, or one of them is empty");
        }
        for (final double[] row : values) {
            if (row.length != features.size()) {
                throw new IllegalArgumentException("a row has " + row.length + " values for " + features.size() + " features");
            }
        }
        for (final Covariate covariate : covariates) {
            if (covariate.rows() != values.length) {
                throw new IllegalArgumentException("covariate \"" + covariate.name() + "\" has " + covariate.rows()
                    + " values for " + values.length + " rows");
            }
        }
    }

    /** Some of the rows, in the given order. */
    public FeatureRows rows(final int... chosen) {
        final double[][] to = new double[chosen.length][];
        for (int r = 0; r < chosen.length; r++) {
            to[r] = values[chosen[r]];
        }
        return new FeatureRows(features, to, choose(sites, chosen), covariates.stream().map(c -> choose(c, chosen)).toList());
    }

    private static Covariate choose(final Covariate covariate, final int... chosen) {
        if (covariate instanceof Covariate.Numeric numeric) {
            final double[] to = new double[chosen.length];
            for (int r = 0; r < chosen.length; r++) {
                to[r] = numeric.values()[chosen[r]];
            }
            return new Covariate.Numeric(numeric.name(), to);
        }
        return new Covariate.Nominal(covariate.name(), choose(((Covariate.Nominal)covariate).values(), chosen));
    }

    private static List<String> choose(final List<String> from, final int... chosen) {
        return Arrays.stream(chosen).mapToObj(from::get).toList();
    }
}
