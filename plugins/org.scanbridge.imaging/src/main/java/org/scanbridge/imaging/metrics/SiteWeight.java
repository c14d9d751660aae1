package org.scanbridge.imaging.metrics;

/** How much a site counts in a divergence. */
@FunctionalInterface
public interface SiteWeight {

    /** Every site the same. */
    SiteWeight EQUAL = (site, histogram) -> 1;

    /** By the number of voxels. */
    SiteWeight VOXELS = (site, histogram) -> histogram.total();

    /**
     * @param site name of the site
     * @param histogram its intensities
     * @return the weight, positive and finite where the histogram is not empty; only its share of the sum matters
     */
    double of(String site, Histogram histogram);
}
