package org.scanbridge.learning.report;

import java.util.OptionalDouble;

/**
 * Jensen–Shannon divergence between the intensity histograms of the sites.
 *
 * @param normalization what had been done to the intensities
 * @param className {@code overall}, or the name of the class whose voxels alone were counted
 * @param jsd divergence in nats, within [0, ln N] for N sites; missing where a site has no such voxels
 */
public record DivergenceRow(String normalization, String className, OptionalDouble jsd) {
}
