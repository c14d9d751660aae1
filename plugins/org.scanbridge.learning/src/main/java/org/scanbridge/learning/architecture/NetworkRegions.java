package org.scanbridge.learning.architecture;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * The regions of a network and what they say about its classes. The signature of a class is the set of regions that it is
 * part of; that of the background is empty. Given the probability p(r) of each region, as if they were independent, a class
 * has the probability Π p(r) over its signature times Π (1 - p(r)) over the other regions, and the most probable class is
 * the one with the largest Σ log (p(r) / (1 - p(r))) over its signature, the background having 0. Where regions lie inside
 * one another and their probabilities do, too, this is the innermost region with a probability above ½.
 */
public final class NetworkRegions {

    /** Keeps log-odds finite, as if no network were surer than that. */
    private static final double MIN_PROBABILITY = 1e-12;

    private final int m_regions;

    /** By class: the regions it is part of. */
    private final int[][] m_signatures;

    private final boolean[][] m_contains;

    private NetworkRegions(final List<NetworkRegion> regions, final int classes) {
        m_regions = regions.size();
        m_contains = new boolean[m_regions][classes];
        m_signatures = new int[classes][];
        for (int r = 0; r < m_regions; r++) {
            for (final int c : regions.get(r).classes()) {
                m_contains[r][c] = true;
            }
        }
        for (int c = 0; c < classes; c++) {
            final List<Integer> signature = new ArrayList<>();
            for (int r = 0; r < m_regions; r++) {
                if (m_contains[r][c]) {
                    signature.add(r);
                }
            }
            m_signatures[c] = signature.stream().mapToInt(Integer::intValue).toArray();
        }
    }

    /** Those of a network that has some. */
    public static NetworkRegions of(final NetworkSpec spec) {
        return new NetworkRegions(spec.regions(), spec.classes());
    }

    /**
     * Whether regions tell all classes apart.
     *
     * @param regions at least one
     * @param classes number of classes, background included
     * @param names what the user calls a class
     * @throws IllegalArgumentException if a region has a class that there is not, two regions have one name, or the
     *             signatures of two classes are equal; the message is meant for the user
     */
    public static void check(final List<NetworkRegion> regions, final int classes, final IntFunction<String> names) {
        final Set<String> known = new HashSet<>();
        for (final NetworkRegion region : regions) {
            if (!known.add(region.name().strip().toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException(
                    "There are two regions \"" + region.name() + "\". Give each a name of its own.");
            }
            final int last = region.classes().get(region.classes().size() - 1);
            if (last >= classes) {
                throw new IllegalArgumentException("Region \"" + region.name() + "\" has class " + last
                    + ", but the network has " + classes + " classes (0 to " + (classes - 1) + ").");
            }
        }
        final NetworkRegions all = new NetworkRegions(regions, classes);
        final Map<List<Integer>, Integer> signatures = new LinkedHashMap<>();
        for (int c = 0; c < classes; c++) {
            final List<Integer> signature = new ArrayList<>();
            for (final int r : all.m_signatures[c]) {
                signature.add(r);
            }
            final Integer other = signatures.putIfAbsent(signature, c);
            if (other != null && other == 0) {
                throw new IllegalArgumentException("No region contains the class \"" + names.apply(c)
                    + "\", so it could not be told from the background. Add it to a region, or make it one of its own.");
            }
            if (other != null) {
                throw new IllegalArgumentException("The classes \"" + names.apply(other) + "\" and \"" + names.apply(c)
                    + "\" are in the same regions (" + String.join(", ",
                        signature.stream().map(r -> regions.get(r).name()).toList())
                    + "), so they could not be told apart. Add a region with one of them, or make them one class with"
                    + " the Label Editor.");
            }
        }
    }

    /** Whether a class is part of a region. */
    public boolean contains(final int region, final int label) {
        return m_contains[region][label];
    }

    /**
     * The most probable class; of equally probable ones the one with the smallest number.
     *
     * @param p holds the probability of each region in [0, 1]
     * @param from index of the first one
     */
    public int mostProbable(final float[] p, final int from) {
        boolean none = true;
        for (int r = from; none && r < from + m_regions; r++) {
            none = p[r] <= 0.5f;
        }
        if (none) {
            // no log-odds is positive
            return 0;
        }
        final double[] logOdds = new double[m_regions];
        for (int r = 0; r < m_regions; r++) {
            // the strict logarithm: the same class on every machine
            logOdds[r] = StrictMath.log(Math.max(p[from + r], MIN_PROBABILITY))
                - StrictMath.log(Math.max(1.0 - p[from + r], MIN_PROBABILITY));
        }
        int best = 0;
        double most = 0;
        for (int c = 1; c < m_signatures.length; c++) {
            double sum = 0;
            for (final int r : m_signatures[c]) {
                sum += logOdds[r];
            }
            if (sum > most) {
                most = sum;
                best = c;
            }
        }
        return best;
    }
}
