package org.scanbridge.imaging.harmonize;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import org.scanbridge.imaging.ImagingException;

/**
 * What {@link ComBat} has learned, and its application to rows of the same sites: with mean α, standard deviation σ and
 * coefficients β of a feature, shift γ and variance ratio δ of a feature at a site, and the row's covariates x,
 * {@code harmonized = σ · ((value - α - x·β) / σ - γ) / √δ + α + x·β}.
 *
 * @param features what is known of each feature, by its name, in their order
 * @param terms the covariates
 */
public record ComBatModel(Map<String, Feature> features, List<Term> terms) {

    /**
     * What a site does to a feature, in units of the feature's standard deviation.
     *
     * @param shift γ, added to the standardized feature
     * @param varianceRatio δ, greater than 0: the variance at the site over the variance of all
     */
    public record Effect(double shift, double varianceRatio) {

        /** Of a site to whose scale others are brought. */
        public static final Effect NONE = new Effect(0, 1);

        /** @throws IllegalArgumentException if a number is not finite, or the ratio is not greater than 0 */
        public Effect {
            if (!Double.isFinite(shift) || !(varianceRatio > 0) || varianceRatio == Double.POSITIVE_INFINITY) {
                throw new IllegalArgumentException("shift " + shift + " and variance ratio " + varianceRatio
                    + " must be finite, the ratio above 0");
            }
        }
    }

    /**
     * A feature.
     *
     * @param mean α, in the feature's unit: of all sites, or of the reference site, where the covariates' columns are 0
     * @param standardDeviation σ, in the feature's unit, greater than 0: of what sites and covariates do not explain
     * @param coefficients β of the columns of the terms, in their order
     * @param effects by site
     */
    public record Feature(double mean, double standardDeviation, List<Double> coefficients, Map<String, Effect> effects) {

        /** @throws IllegalArgumentException if the standard deviation is not greater than 0 */
        public Feature {
            coefficients = List.copyOf(coefficients);
            effects = Collections.unmodifiableMap(new TreeMap<>(effects));
            if (!Double.isFinite(mean) || !(standardDeviation > 0) || standardDeviation == Double.POSITIVE_INFINITY) {
                throw new IllegalArgumentException("mean " + mean + " and standard deviation " + standardDeviation
                    + " must be finite, the deviation above 0");
            }
        }

        private double harmonized(final double value, final double explained, final Effect effect) {
            // A value that is left alone keeps its last bit, too.
            return effect.equals(Effect.NONE) ? value : standardDeviation
                * (((value - mean - explained) / standardDeviation - effect.shift) / Math.sqrt(effect.varianceRatio)) + mean
                + explained;
        }
    }

    /** @throws IllegalArgumentException if there is no feature, or features differ in their sites or numbers of coefficients */
    public ComBatModel {
        features = Collections.unmodifiableMap(new LinkedHashMap<>(features));
        terms = List.copyOf(terms);
        final int columns = terms.stream().mapToInt(Term::columns).sum();
        final Set<String> sites = features.isEmpty() ? Set.of()
            : features.values().iterator().next().effects.keySet();
        if (sites.isEmpty()) {
            throw new IllegalArgumentException("the model has no features or no sites");
        }
        features.forEach((name, feature) -> {
            if (feature.coefficients.size() != columns || !feature.effects.keySet().equals(sites)) {
                throw new IllegalArgumentException("feature \"" + name + "\" has " + feature.coefficients.size()
                    + " coefficients for " + columns + " columns and the sites " + feature.effects.keySet() + " of " + sites);
            }
        });
    }

    /** The sites that are known, in alphabetical order. */
    public List<String> sites() {
        return List.copyOf(features.values().iterator().next().effects.keySet());
    }

    /**
     * Harmonizes rows.
     *
     * @param rows with the features of this model, in any order, and its covariates by name; further ones are not looked at
     * @return by row, then by feature in the order of the rows' features; NaN where the value is missing
     * @throws ImagingException if a site, a feature, a covariate or a value of one is not known
     */
    public double[][] apply(final FeatureRows rows) {
        requireKnown(rows);
        final double[][] design = design(rows);
        final double[][] harmonized = new double[design.length][rows.features().size()];
        for (int f = 0; f < rows.features().size(); f++) {
            final Feature feature = features.get(rows.features().get(f));
            for (int r = 0; r < design.length; r++) {
                double explained = 0;
                for (int c = 0; c < design[r].length; c++) {
                    explained += design[r][c] * feature.coefficients.get(c);
                }
                harmonized[r][f] =
                    feature.harmonized(rows.values()[r][f], explained, feature.effects.get(rows.sites().get(r)));
            }
        }
        return harmonized;
    }

    private void requireKnown(final FeatureRows rows) {
        final List<String> unknown = new ArrayList<>(new TreeSet<>(rows.sites()));
        unknown.removeAll(sites());
        if (!unknown.isEmpty()) {
            throw new ImagingException("The model was not fitted to " + (unknown.size() == 1 ? "site " : "the sites ")
                + String.join(", ", unknown) + "; it knows " + String.join(", ", sites())
                + ". Filter such rows out, or fit a new model with rows of every site.");
        }
        for (final String feature : rows.features()) {
            if (!features.containsKey(feature)) {
                throw new ImagingException("The model was not fitted to the feature \"" + feature + "\"; it knows "
                    + String.join(", ", features.keySet()) + ".");
            }
        }
    }

    /** The covariates' columns, by row. */
    private double[][] design(final FeatureRows rows) {
        final double[][] design = new double[rows.values().length][terms.stream().mapToInt(Term::columns).sum()];
        int from = 0;
        for (final Term term : terms) {
            final Covariate covariate = rows.covariates().stream().filter(c -> c.name().equals(term.name())).findFirst()
                .orElseThrow(() -> new ImagingException("The model keeps the effect of the covariate \"" + term.name()
                    + "\", which the rows do not have. Connect a table with that column."));
            term.fill(covariate, design, from);
            from += term.columns();
        }
        return design;
    }
}
