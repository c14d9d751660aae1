package org.scanbridge.learning.report;

import static org.scanbridge.learning.report.Html.escape;
import static org.scanbridge.learning.report.Html.number;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A study of one site after the other on one page: the forgetting table as a heat map, a row for each network and a column for
 * each site where it was measured.
 */
public final class CurriculumPage {

    private static final int CELL = 88;

    private static final int ROW = 34;

    private static final int LABEL = 300;

    private static final int[] PALE = {222, 235, 247};

    private static final int[] DARK = {8, 69, 148};

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

    /** @param points all networks at all sites, in the order in which they are shown; repetitions are averaged */
    public static String of(final List<Point> points) {
        final Set<String> networks = new LinkedHashSet<>();
        final Set<String> sites = new LinkedHashSet<>();
        for (final Point point : points) {
            networks.add(point.network());
            sites.add(point.tested());
        }
        return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Site curriculum</title><style>" + STYLE
            + "</style></head>\n<body><p>Read down a column to see what becomes of a site when others follow.</p>\n"
            + "<h2>Mean Dice at each site, by the sites trained on in turn</h2>\n<div class=\"wide\">"
            + heatMap(points, List.copyOf(networks), List.copyOf(sites)) + "</div></body></html>\n";
    }

    private static String heatMap(final List<Point> points, final List<String> networks, final List<String> sites) {
        final List<double[]> rows = new ArrayList<>();
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (final String network : networks) {
            final double[] row = new double[sites.size()];
            for (int s = 0; s < row.length; s++) {
                final String site = sites.get(s);
                row[s] = points.stream().filter(p -> p.network().equals(network) && p.tested().equals(site))
                    .mapToDouble(Point::dice).average().orElse(Double.NaN);
                low = Double.isNaN(row[s]) ? low : Math.min(low, row[s]);
                high = Double.isNaN(row[s]) ? high : Math.max(high, row[s]);
            }
            rows.add(row);
        }
        final StringBuilder svg = new StringBuilder("<svg id=\"heat\" width=\"").append(LABEL + CELL * sites.size())
            .append("\" height=\"").append(ROW * (networks.size() + 1)).append("\" role=\"img\" aria-label=\"Heat map\">");
        for (int s = 0; s < sites.size(); s++) {
            svg.append("<text class=\"mid\" x=\"").append(LABEL + CELL * s + CELL / 2).append("\" y=\"").append(ROW - 12)
                .append("\">").append(escape(sites.get(s))).append("</text>");
        }
        for (int r = 0; r < networks.size(); r++) {
            final int y = ROW * (r + 1);
            svg.append("<text class=\"end\" x=\"").append(LABEL - 8).append("\" y=\"").append(y + ROW / 2 + 4).append("\">")
                .append(escape(networks.get(r))).append("</text>");
            for (int s = 0; s < sites.size(); s++) {
                final double dice = rows.get(r)[s];
                final double share = Double.isNaN(dice) ? 0 : high > low ? (dice - low) / (high - low) : 1;
                svg.append("<rect x=\"").append(LABEL + CELL * s).append("\" y=\"").append(y).append("\" width=\"")
                    .append(CELL - 2).append("\" height=\"").append(ROW - 2).append("\" fill=\"").append(shade(share))
                    .append("\"/><text class=\"mid value\" style=\"fill:").append(share > 0.55 ? "#fff" : "#1b1f24")
                    .append("\" x=\"").append(LABEL + CELL * s + CELL / 2).append("\" y=\"").append(y + ROW / 2 + 4)
                    .append("\">").append(number(dice, 3)).append("</text>");
            }
        }
        return svg.append("</svg>").toString();
    }

    private static String shade(final double share) {
        final StringBuilder color = new StringBuilder("#");
        for (int n = 0; n < PALE.length; n++) {
            color.append(String.format("%02x", Math.round(PALE[n] + share * (DARK[n] - PALE[n]))));
        }
        return color.toString();
    }
}
