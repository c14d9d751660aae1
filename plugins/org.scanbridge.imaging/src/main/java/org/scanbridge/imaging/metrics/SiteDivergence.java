package org.scanbridge.imaging.metrics;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * How far the intensity distributions of sites lie apart, overall and per tissue class. The class values matter: sites
 * whose overall histograms agree may still have their tissues swapped.
 *
 * @param range bins that all histograms share
 * @param overall divergence of the sites' histograms over all classes; empty if one site has no voxel
 * @param perClass by label value: divergence of the sites' histograms of that class; empty if one site lacks it
 * @param histograms by site: the histogram over all classes
 * @param classHistograms by label value, then site
 */
public record SiteDivergence(HistogramRange range, OptionalDouble overall, Map<Integer, OptionalDouble> perClass,
    Map<String, Histogram> histograms, Map<Integer, Map<String, Histogram>> classHistograms) {

    /** Copies the maps, keeping their order. */
    public SiteDivergence {
        perClass = Collections.unmodifiableMap(new LinkedHashMap<>(perClass));
        histograms = Collections.unmodifiableMap(new LinkedHashMap<>(histograms));
        classHistograms = Collections.unmodifiableMap(new LinkedHashMap<>(classHistograms));
    }

    /**
     * @param intensities of two or more sites; the sites weigh the same
     * @param range bins for all histograms, such as {@link SiteIntensities#pooledRange(int)}
     * @param divergence with which logarithm
     * @throws IllegalArgumentException if there are fewer than two sites
     */
    public static SiteDivergence of(final SiteIntensities intensities, final HistogramRange range,
        final JensenShannonDivergence divergence) {
        return of(intensities, range, divergence, SiteWeight.EQUAL);
    }

    /**
     * As {@link #of(SiteIntensities, HistogramRange, JensenShannonDivergence)} with weights of the sites.
     *
     * @param weight how much a site counts
     */
    public static SiteDivergence of(final SiteIntensities intensities, final HistogramRange range,
        final JensenShannonDivergence divergence, final SiteWeight weight) {
        final List<String> sites = intensities.sites();
        if (sites.size() < 2) {
            throw new IllegalArgumentException("intensities of " + sites
                + ": a divergence needs images of at least 2 sites. Add images of another site.");
        }
        final Map<String, Histogram> histograms = new LinkedHashMap<>();
        sites.forEach(site -> histograms.put(site, intensities.histogram(site, range)));
        final Map<Integer, OptionalDouble> perClass = new LinkedHashMap<>();
        final Map<Integer, Map<String, Histogram>> classHistograms = new LinkedHashMap<>();
        for (final int label : intensities.classes()) {
            final Map<String, Histogram> ofClass = new LinkedHashMap<>();
            sites.forEach(site -> ofClass.put(site, intensities.histogram(site, label, range)));
            classHistograms.put(label, Collections.unmodifiableMap(ofClass));
            perClass.put(label, divergence.of(List.copyOf(ofClass.values()), weights(ofClass, weight)));
        }
        return new SiteDivergence(range, divergence.of(List.copyOf(histograms.values()), weights(histograms, weight)),
            perClass, histograms, classHistograms);
    }

    /** The weights of sites by their histograms, in the order of the map. */
    public static List<Double> weights(final Map<String, Histogram> histograms, final SiteWeight weight) {
        return histograms.entrySet().stream().map(h -> weight.of(h.getKey(), h.getValue())).toList();
    }
}
