package org.scanbridge.learning.graph;

import java.util.List;

/**
 * Which set of norm parameters the patches of a batch go through, where every site has its own.
 *
 * @param sites names of the sites; the set of a site has its number in this list
 * @param slots number of the site of each patch of a batch, in the order of the batch
 */
public record SiteNorms(List<String> sites, List<Integer> slots) {

    /** @throws IllegalArgumentException if a patch is of a site that is not there */
    public SiteNorms {
        sites = List.copyOf(sites);
        slots = List.copyOf(slots);
        for (final int site : slots) {
            if (site < 0 || site >= sites.size()) {
                throw new IllegalArgumentException("A patch of site " + site + " of " + sites);
            }
        }
    }
}
