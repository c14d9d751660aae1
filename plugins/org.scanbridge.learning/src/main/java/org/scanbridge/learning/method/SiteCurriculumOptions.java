package org.scanbridge.learning.method;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;

/**
 * Options of {@link SiteCurriculum}.
 *
 * @param training of every single training; its seed is the first of the study's, its steps those at one site
 * @param order the sites in the order in which they are trained on, at least two, none twice
 * @param replay how many subjects of each earlier site are kept and trained on together with those of the present one; 0 to
 *            leave out this way
 * @param share what the network after a site weighs when it is averaged with the one before, in (0, 1); 0 to leave out this
 *            way
 * @param joint whether a network is trained on all sites at once, with as many steps as the others take in all
 * @param seeds number of repetitions with other patches and other kept subjects; 1 to 1000
 */
public record SiteCurriculumOptions(SegmentationOptions training, List<String> order, int replay, double share, boolean joint,
    int seeds) {

    private static final int MAX_SEEDS = 1000;

    /** @throws IllegalArgumentException if a component is outside the range given above */
    public SiteCurriculumOptions {
        Objects.requireNonNull(training, "training");
        order = List.copyOf(order);
        check(order.size() >= 2, "The order of sites has " + order.size() + " of them: at least two are needed.");
        check(new HashSet<>(order).size() == order.size(), "The order of sites " + order + " has one twice.");
        check(replay >= 0, "Replayed subjects " + replay + ": 0 or more.");
        check(share >= 0 && share < 1, "Share of the later network " + share + ": 0 to below 1.");
        check(seeds >= 1 && seeds <= MAX_SEEDS, "Repetitions " + seeds + ": 1 to " + MAX_SEEDS + ".");
    }

    private static void check(final boolean ok, final String message) {
        if (!ok) {
            throw new IllegalArgumentException(message);
        }
    }
}
