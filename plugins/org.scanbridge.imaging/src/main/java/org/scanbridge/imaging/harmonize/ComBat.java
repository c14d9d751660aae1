package org.scanbridge.imaging.harmonize;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

import org.scanbridge.imaging.ImagingException;

/**
 * ComBat: takes from features what their site did to their mean and spread, and keeps what covariates say of them (Johnson, Li
 * and Rabinovic, Adjusting batch effects in microarray expression data using empirical Bayes methods, Biostatistics 8, 2007; for
 * images Fortin et al., NeuroImage 161, 2017, and 167, 2018).
 * <p>
 * A value of a feature is {@code α + x·β + γ + √δ·ε} with the row's covariates x, and γ and δ of feature and site.
 * Standardized by least squares, {@code z = (value - α - x·β) / σ}, where α is the mean of the sites' coefficients, weighted by
 * their numbers of rows, or the one of a reference site, and σ² the mean squared residual, of all rows or of those of the
 * reference site. Mean and variance (n - 1) of z at a site are first estimates of γ and δ, which empirical Bayes draws towards
 * what the site does to all features:
 * <ul>
 * <li>parametric: γ ~ N(γ̄, τ²) and δ ~ inverse gamma(λ, θ) with the moments of the first estimates, λ = (m² + 2s²)/s² and
 * θ = (m³ + m·s²)/s²; then in turns, until nothing changes, γ* = (n·τ²·γ̂ + δ*·γ̄)/(n·τ² + δ*) and
 * δ* = (θ + ½Σ(z - γ*)²)/(n/2 + λ - 1);</li>
 * <li>non-parametric: the means of the first estimates of the <i>other</i> features, weighted by the likelihood
 * Π N(z; γ̂, δ̂) of the feature's values, summed in logarithms so that many rows do not make all of them 0.</li>
 * </ul>
 * Where a value is missing, the feature is fitted to the other rows, and its own numbers of rows count. The reference site and
 * a single site are left as they are.
 */
public final class ComBat {

    private static final int MOST_ITERATIONS = 100_000;

    private static final double CONVERGED = 1e-12;

    /** A spread below so much of what it is compared with is none, but for rounding; its square of the variance. */
    private static final double NO_SPREAD = 1e-10;

    private final Priors m_priors;

    private final String m_reference;

    /** Standardized values of a feature at one site, and the first estimates. */
    private record First(double[] z, double shift, double variance) {
    }

    /**
     * @param priors what is assumed of the effects
     * @param reference the site to whose scale the others are brought; empty for the mean of all
     */
    public ComBat(final Priors priors, final String reference) {
        m_priors = priors;
        m_reference = reference;
    }

    /**
     * Learns what sites do to features.
     *
     * @throws ImagingException if a site has one row, a feature does not vary, a covariate is confounded with the sites, the
     *             reference is none of the sites, a value is infinite, or there is only one feature for empirical Bayes
     */
    public ComBatModel fit(final FeatureRows rows) {
        final List<String> sites = List.copyOf(new TreeSet<>(rows.sites()));
        requireSites(rows, sites);
        if (m_priors != Priors.NONE && rows.features().size() < 2 && sites.size() > 1) {
            throw new ImagingException("There is one feature, \"" + rows.features().get(0) + "\", and empirical Bayes learns from the"
                + " others what a site does. Choose the priors \"None\", or more features.");
        }
        final List<Term> terms = rows.covariates().stream().map(Term::of).toList();
        final SiteDesign design = new SiteDesign(rows, sites, terms);
        requireSpread(rows, design, sites);
        final List<First[]> first = new ArrayList<>();
        final List<ComBatModel.Feature> standard = new ArrayList<>();
        for (int f = 0; f < rows.features().size(); f++) {
            standard.add(standardize(rows.features().get(f), column(rows, f), design, sites, first));
        }
        final Map<String, ComBatModel.Feature> features = new LinkedHashMap<>();
        final List<Map<String, ComBatModel.Effect>> effects = effects(first, sites);
        for (int f = 0; f < standard.size(); f++) {
            features.put(rows.features().get(f), new ComBatModel.Feature(standard.get(f).mean(),
                standard.get(f).standardDeviation(), standard.get(f).coefficients(), effects.get(f)));
        }
        return new ComBatModel(features, terms);
    }

    private void requireSites(final FeatureRows rows, final List<String> sites) {
        if (sites.isEmpty()) {
            throw new ImagingException("There are no rows to learn from that have a site and all covariates.");
        }
        if (!m_reference.isEmpty() && !sites.contains(m_reference)) {
            throw new ImagingException("The \"Reference site\" is \"" + m_reference + "\", but the sites are "
                + String.join(", ", sites) + ". Choose one of them, or leave it blank.");
        }
        final List<String> single =
            sites.stream().filter(s -> rows.sites().stream().filter(s::equals).count() == 1).toList();
        if (!single.isEmpty()) {
            throw new ImagingException((single.size() == 1 ? "Site " + single.get(0) + " has" : "The sites "
                + String.join(", ", single) + " have") + " one row, which does not tell what the site does to the spread of"
                + " features. Add rows of it, or filter it out.");
        }
    }

    private static double[] column(final FeatureRows rows, final int feature) {
        return Arrays.stream(rows.values()).mapToDouble(row -> row[feature]).toArray();
    }

    /** All features without spread are named at once, lest they be removed one by one. */
    private static void requireSpread(final FeatureRows rows, final SiteDesign design, final List<String> sites) {
        String first = "";
        final List<String> others = new ArrayList<>();
        for (int f = 0; f < rows.features().size(); f++) {
            final String problem = problem(rows.features().get(f), column(rows, f), design, sites);
            if (!problem.isEmpty() && first.isEmpty()) {
                first = problem;
            } else if (!problem.isEmpty()) {
                others.add(rows.features().get(f));
            }
        }
        if (!first.isEmpty()) {
            throw new ImagingException(first + (others.isEmpty() ? "" : " Further features that do not vary, or have too few values, at"
                + " some site: " + String.join(", ", others) + "."));
        }
    }

    /** @return empty if the feature varies at every site */
    private static String problem(final String feature, final double[] values, final SiteDesign design, final List<String> sites) {
        for (final double v : values) {
            if (Double.isInfinite(v)) {
                return "Feature \"" + feature + "\" has an infinite value. Make it a missing one.";
            }
        }
        final double[] present = Arrays.stream(values).filter(v -> !Double.isNaN(v)).toArray();
        if (present.length == 0) {
            return "Feature \"" + feature + "\" is missing in every row. Remove it from the features.";
        }
        if (SiteDesign.isSame(present)) {
            return "Feature \"" + feature + "\" has the same value, " + present[0]
                + ", in all rows. Remove it from the features.";
        }
        for (int s = 0; s < sites.size(); s++) {
            final double[] here = at(s, values, design);
            if (here.length < 2) {
                return "Feature \"" + feature + "\" has " + (here.length == 0 ? "no value" : "one value")
                    + " at site " + sites.get(s) + ", where at least two are needed. Remove it from the features, or filter"
                    + " the site out.";
            }
            if (SiteDesign.isSame(here)) {
                return "Feature \"" + feature + "\" has the same value, " + here[0] + ", in all rows of site "
                    + sites.get(s) + ", so its spread there cannot be brought to that of others. Remove it from the features,"
                    + " or filter the site out.";
            }
        }
        return "";
    }

    private static double[] at(final int site, final double[] values, final SiteDesign design) {
        return IntStream.range(0, values.length)
            .filter(r -> design.site(r) == site && !Double.isNaN(values[r])).mapToDouble(r -> values[r]).toArray();
    }

    /** Adds the first estimates of each site, and returns the feature without effects. */
    private ComBatModel.Feature standardize(final String name, final double[] values, final SiteDesign design,
        final List<String> sites, final List<First[]> first) {
        final SiteDesign.Solution solution = design.solve(name, values);
        final double[] residuals = new double[values.length];
        final int[] counts = new int[sites.size()];
        double mean = 0;
        int count = 0;
        double squares = 0;
        int squared = 0;
        double total = 0;
        for (int r = 0; r < values.length; r++) {
            if (!Double.isNaN(values[r])) {
                residuals[r] = values[r] - solution.explained()[r] - solution.sites()[design.site(r)];
                counts[design.site(r)]++;
                count++;
                total += values[r];
                if (m_reference.isEmpty() || sites.get(design.site(r)).equals(m_reference)) {
                    squares += residuals[r] * residuals[r];
                    squared++;
                }
            }
        }
        for (int s = 0; s < counts.length; s++) {
            mean += m_reference.isEmpty() ? solution.sites()[s] * counts[s] / count
                : sites.get(s).equals(m_reference) ? solution.sites()[s] : 0;
        }
        final double variance = squares / squared;
        double varied = 0;
        for (final double v : values) {
            varied += Double.isNaN(v) ? 0 : (v - total / count) * (v - total / count) / count;
        }
        if (variance <= NO_SPREAD * NO_SPREAD * varied) {
            throw new ImagingException("Feature \"" + name + "\" is explained by sites and covariates without remainder"
                + (m_reference.isEmpty() ? "" : " at the reference site " + m_reference)
                + ", so there is no spread to bring it to. Remove it from the features, or remove a covariate.");
        }
        final First[] estimates = new First[sites.size()];
        for (int s = 0; s < estimates.length; s++) {
            final double[] z = new double[counts[s]];
            int n = 0;
            for (int r = 0; r < values.length; r++) {
                if (design.site(r) == s && !Double.isNaN(values[r])) {
                    z[n++] = (residuals[r] + solution.sites()[s] - mean) / Math.sqrt(variance);
                }
            }
            estimates[s] = first(name, sites.get(s), z);
        }
        first.add(estimates);
        return new ComBatModel.Feature(mean, Math.sqrt(variance), Arrays.stream(solution.covariates()).boxed().toList(), Map.of());
    }

    private static First first(final String feature, final String site, final double[] z) {
        final double mean = mean(z);
        final double variance = variance(z, mean);
        if (variance <= NO_SPREAD * NO_SPREAD) {
            throw new ImagingException("Feature \"" + feature + "\" is explained by the covariates without remainder in the "
                + z.length + " rows of site " + site + ", so its spread there cannot be told. Add rows of the site, or remove a"
                + " covariate.");
        }
        return new First(z, mean, variance);
    }

    /** By feature, then by site. */
    private List<Map<String, ComBatModel.Effect>> effects(final List<First[]> first, final List<String> sites) {
        final List<Map<String, ComBatModel.Effect>> effects = new ArrayList<>();
        first.forEach(f -> effects.add(new TreeMap<>()));
        for (int s = 0; s < sites.size(); s++) {
            final int site = s;
            final First[] ofSite = first.stream().map(f -> f[site]).toArray(First[]::new);
            final boolean left = sites.size() == 1 || sites.get(s).equals(m_reference);
            for (int f = 0; f < ofSite.length; f++) {
                effects.get(f).put(sites.get(s), left ? ComBatModel.Effect.NONE : switch (m_priors) {
                    case PARAMETRIC -> parametric(ofSite, f);
                    case NON_PARAMETRIC -> nonParametric(ofSite, f);
                    case NONE -> new ComBatModel.Effect(ofSite[f].shift, ofSite[f].variance);
                });
            }
        }
        return effects;
    }

    private static ComBatModel.Effect parametric(final First[] site, final int feature) {
        final double[] shifts = Arrays.stream(site).mapToDouble(First::shift).toArray();
        final double[] variances = Arrays.stream(site).mapToDouble(First::variance).toArray();
        final double center = mean(shifts);
        final double tau = variance(shifts, center);
        final double m = mean(variances);
        final double s2 = variance(variances, m);
        final double lambda = (m * m + 2 * s2) / s2;
        final double theta = (m * m * m + m * s2) / s2;
        final double[] z = site[feature].z;
        double shift = site[feature].shift;
        double variance = site[feature].variance;
        for (int i = 0; i < MOST_ITERATIONS; i++) {
            final double nextShift =
                (z.length * tau * site[feature].shift + variance * center) / (z.length * tau + variance);
            double squares = 0;
            for (final double v : z) {
                squares += (v - nextShift) * (v - nextShift);
            }
            // Where all features have one variance, it is certain.
            final double next = Double.isInfinite(lambda) || Double.isNaN(lambda) ? m
                : (theta + squares / 2) / (z.length / 2.0 + lambda - 1);
            final boolean converged = Math.abs(nextShift - shift) <= CONVERGED * (1 + Math.abs(shift))
                && Math.abs(next - variance) <= CONVERGED * variance;
            shift = nextShift;
            variance = next;
            if (converged) {
                return new ComBatModel.Effect(shift, variance);
            }
        }
        throw new ImagingException("The parametric priors did not settle within " + MOST_ITERATIONS
            + " iterations. Choose non-parametric priors, or none.");
    }

    private static ComBatModel.Effect nonParametric(final First[] site, final int feature) {
        final double[] z = site[feature].z;
        final double[] logs = new double[site.length];
        double largest = Double.NEGATIVE_INFINITY;
        for (int g = 0; g < site.length; g++) {
            double squares = 0;
            for (final double v : z) {
                squares += (v - site[g].shift) * (v - site[g].shift);
            }
            logs[g] = -z.length / 2.0 * StrictMath.log(2 * Math.PI * site[g].variance) - squares / (2 * site[g].variance);
            largest = g == feature ? largest : Math.max(largest, logs[g]);
        }
        double weights = 0;
        double shift = 0;
        double variance = 0;
        for (int g = 0; g < site.length; g++) {
            final double weight = g == feature ? 0 : StrictMath.exp(logs[g] - largest);
            weights += weight;
            shift += weight * site[g].shift;
            variance += weight * site[g].variance;
        }
        return new ComBatModel.Effect(shift / weights, variance / weights);
    }

    private static double mean(final double... values) {
        return Arrays.stream(values).sum() / values.length;
    }

    /** With n - 1. */
    private static double variance(final double[] values, final double mean) {
        return Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum() / (values.length - 1);
    }
}
