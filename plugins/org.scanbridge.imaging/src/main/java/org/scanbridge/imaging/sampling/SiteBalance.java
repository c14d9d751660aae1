package org.scanbridge.imaging.sampling;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

import org.scanbridge.imaging.random.SeededRandom;

/** Lets every site count the same, however many items it has. */
public final class SiteBalance {

    private SiteBalance() {
    }

    /**
     * An order that takes from the sites in turn, sorted by name; each site's items are shuffled and gone through again
     * and again. In every batch whose size is a multiple of the number of sites, all sites have the same share.
     *
     * @param itemsBySite each site with at least one item
     * @param count how many to draw, at least 0
     * @throws IllegalArgumentException if there is no site, or one has no item
     */
    public static <T> List<T> order(final Map<String, List<T>> itemsBySite, final int count,
        final SeededRandom random) {
        if (itemsBySite.isEmpty()) {
            throw new IllegalArgumentException("there is no site to draw from");
        }
        final SortedMap<String, int[]> orders = new TreeMap<>();
        itemsBySite.forEach((site, items) -> {
            if (items.isEmpty()) {
                throw new IllegalArgumentException("site " + site + " has nothing to draw from");
            }
            orders.put(site, new int[items.size()]);
        });
        orders.values().forEach(order -> {
            for (int n = 0; n < order.length; n++) {
                order[n] = n;
            }
        });
        final List<String> sites = List.copyOf(orders.keySet());
        final List<T> drawn = new ArrayList<>(count);
        for (int n = 0; n < count; n++) {
            final String site = sites.get(n % sites.size());
            final int[] order = orders.get(site);
            final int round = n / sites.size();
            if (round % order.length == 0) {
                random.shuffle(order);
            }
            drawn.add(itemsBySite.get(site).get(order[round % order.length]));
        }
        return drawn;
    }
}
