package org.scanbridge.learning.report;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A study of one site after the other on one page: the forgetting table as a heat map, a row for each network and a column for
 * each site where it was measured.
 */
public final class CurriculumPage {

    private static final int LABEL = 300;

    private static final String STYLE = """
            :root { --ink: #1b1f24; --soft: #57606a; --paper: #fff; }
            @media screen and (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9aa4af; --paper: #14181d; } }
            body { margin: 16px; color: var(--ink); background: var(--paper); font: 14px/1.45 system-ui, sans-serif; }
            h2 { font-size: 1.1em; margin: 18px 0 6px; } .wide { overflow-x: auto; }
            svg text { fill: var(--soft); font: 11px system-ui, sans-serif; } svg text.value { font-size: 13px; }
            svg .end { text-anchor: end; } svg .mid { text-anchor: middle; }
            @media print { * { -webkit-print-color-adjust: exact; print-color-adjust: exact; } svg { break-inside: avoid; } }
            """;

    /**
     * What a network achieves at a site.
     *
     * @param network what it is called, such as {@code A, B, replay}
     * @param tested where it was measured
     * @param dice NaN if nothing could be measured
     */
    public record Point(String network, String tested, double dice) {
    }

    private CurriculumPage() {
    }

    /** @param points all networks at all sites, at least one, in the order in which they are shown; repetitions are averaged */
    public static String of(final List<Point> points) {
        final Set<String> networks = new LinkedHashSet<>();
        final Set<String> sites = new LinkedHashSet<>();
        for (final Point point : points) {
            networks.add(point.network());
            sites.add(point.tested());
        }
        final long repetitions = points.stream().filter(
            p -> p.network().equals(points.get(0).network()) && p.tested().equals(points.get(0).tested())).count();
        return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Site curriculum</title><style>" + STYLE
            + "</style></head>\n<body><p>Read down a column to see what becomes of a site when others follow. "
            + (repetitions == 1 ? "Of one repetition, which does not tell how much is chance."
                : "Means of " + repetitions + " repetitions.")
            + "</p>\n"
            + "<h2>Mean Dice at each site, by the sites trained on in turn</h2>\n<div class=\"wide\">"
            + heatMap(points, List.copyOf(networks), List.copyOf(sites)) + "</div></body></html>\n";
    }

    private static String heatMap(final List<Point> points, final List<String> networks, final List<String> sites) {
        final double[][] dice = new double[networks.size()][sites.size()];
        for (int n = 0; n < networks.size(); n++) {
            for (int s = 0; s < sites.size(); s++) {
                final String network = networks.get(n);
                final String site = sites.get(s);
                dice[n][s] = points.stream().filter(p -> p.network().equals(network) && p.tested().equals(site))
                    .mapToDouble(Point::dice).average().orElse(Double.NaN);
            }
        }
        return new HeatMap(networks, sites, dice, LABEL).svg();
    }
}
