package org.scanbridge.learning.report;

/**
 * The intensity histogram of one site.
 *
 * @param normalization what had been done to the intensities
 * @param className {@code overall} or a class name
 * @param site the site
 * @param centers bin centers in the units of the (normalized) image
 * @param densities probability densities, one per bin; they integrate to 1
 */
public record HistogramCurve(String normalization, String className, String site, double[] centers,
    double[] densities) {
}
