package org.scanbridge.learning.report;

import static org.scanbridge.learning.report.Html.escape;
import static org.scanbridge.learning.report.Html.number;
import static org.scanbridge.learning.report.Html.spread;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Writes a {@link ReportModel} as one HTML page that needs nothing beside it: style, drawings and pictures are inside,
 * and no script runs, so that it opens in a hospital's locked-down browser and from an e-mail.
 */
public final class ReportPage {

    /** Okabe and Ito's colors, told apart by color-blind readers too. */
    private static final List<String> PALETTE =
        List.of("#d55e00", "#0072b2", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#999999");

    /** Most pictures in a row. */
    private static final int COLUMNS = 5;

    private static final List<String> SIDES = List.of("left", "right", "up", "down");

    private final ReportModel m_model;

    private final List<String> m_modelNames;

    /** Titles of the sections by their id, in order. */
    private final Map<String, String> m_sections = new LinkedHashMap<>();

    private final StringBuilder m_html = new StringBuilder(1 << 16);

    private ReportPage(final ReportModel model) {
        m_model = model;
        final Set<String> names = new LinkedHashSet<>();
        final Set<String> scored = model.scores().stream().map(ScoreRow::model).collect(Collectors.toCollection(TreeSet::new));
        for (final String role : List.of(model.roles().sourceOnly(), model.roles().adapted(), model.roles().oracle())) {
            if (scored.contains(role)) {
                names.add(role);
            }
        }
        names.addAll(scored);
        m_modelNames = List.copyOf(names);
    }

    /** @return the page as HTML text, to be saved as UTF-8 */
    public static String write(final ReportModel model) {
        return new ReportPage(model).page();
    }

    private String page() {
        m_html.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
            + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>")
            .append(escape(m_model.title())).append("</title>\n<style>\n").append(resource("report.css"))
            .append("</style>\n</head>\n<body>\n");
        m_html.append("<header class=\"sheet\" id=\"summary\">\n<h1>").append(escape(m_model.title())).append("</h1>\n");
        final int contents = verdicts();
        siteTable();
        m_html.append("</header>\n<main>\n");
        section("dice", "Dice of every subject", this::dotPlots);
        m_html.append(numbered("scores", "Other scores",
            FurtherScoreTable.write(m_model.further(), rowsBySite(), m_modelNames)));
        section("lesions", "Lesions", this::lesions);
        m_html.append(numbered("predicted", "Predicted without labels",
            PredictedScoreTable.write(m_model.predicted(), m_model.checked())));
        section("segmentations", "Segmentations", this::overlays);
        section("intensities", "How far the sites' intensities are apart", this::divergence);
        section("training", "Training", this::training);
        section("subjects", "Every test subject", this::subjectTable);
        section("manifest", "Manifest", this::manifest);
        // Known only now; it stands on the first page.
        m_html.insert(contents, contents());
        return m_html.append("</main>\n</body>\n</html>\n").toString();
    }

    /** Writes a section with its heading, unless there is nothing in it. */
    private void section(final String id, final String title, final Runnable content) {
        final int from = m_html.length();
        content.run();
        final String written = m_html.substring(from);
        m_html.setLength(from);
        m_html.append(numbered(id, title, written));
    }

    private String numbered(final String id, final String title, final String content) {
        if (content.isEmpty()) {
            return "";
        }
        m_sections.put(id, title);
        return "<section id=\"" + id + "\">\n<h2>" + escape(title) + "</h2>\n" + content + "</section>\n";
    }

    private String contents() {
        final StringBuilder html = new StringBuilder("<nav aria-label=\"Contents\"><ol>");
        m_sections.forEach((id, title) -> html.append("<li><a href=\"#").append(id).append("\">").append(escape(title))
            .append("</a></li>"));
        return html.append("</ol></nav>\n").toString();
    }

    /** @return where the table of contents goes */
    private int verdicts() {
        final List<GapClosure> closures = GapClosure.of(m_model.scores(), m_model.roles());
        m_html.append("<p class=\"soft\">Dice is 1 where a model's segmentation and the reference are the same and 0 where they "
            + "share nothing. Every number is from test subjects, which no model saw in training.</p>\n");
        final int contents = m_html.length();
        if (closures.isEmpty()) {
            return contents;
        }
        m_html.append("<div class=\"verdicts\">\n");
        for (final GapClosure c : closures) {
            final boolean known = c.closure().isPresent();
            final double closure = c.closure().orElse(0);
            m_html.append("<div class=\"verdict ").append(!known ? "" : closure > 0.05 ? "good" : closure < -0.05 ? "bad" : "")
                .append("\">").append(escape(c.site())).append("<b class=\"big\">");
            if (!known) {
                m_html.append("no gap to close");
            } else {
                m_html.append(number(100 * closure, 0)).append(" % of the gap closed");
            }
            m_html.append("</b>");
            m_html.append("Dice ").append(number(c.sourceOnly(), 3)).append(" before adapting, <b>").append(number(c.adapted(), 3))
                .append("</b> after, ").append(number(c.oracle(), 3)).append(" with the site's own labels");
            m_html.append(" (").append(c.subjects()).append(" test subjects).");
            if (c.low().isPresent()) {
                m_html.append("<br><span class=\"soft\">95 % of resampled subject groups: ")
                    .append(number(100 * c.low().getAsDouble(), 0)).append(" to ")
                    .append(number(100 * c.high().getAsDouble(), 0)).append(" %. One run with one seed: repeat with other seeds "
                        + "before relying on it.</span>");
            } else if (!known) {
                m_html.append("<br><span class=\"soft\">A model trained with this site's labels is no better than the source-only "
                    + "model, so there is nothing that adapting could win.</span>");
            }
            m_html.append("</div>\n");
        }
        m_html.append("</div>\n");
        return contents;
    }

    private void siteTable() {
        m_html.append("<h2>Dice by site and model</h2>\n<p class=\"soft\">Mean over test subjects of their mean over classes, "
            + "± standard deviation between subjects.</p>\n<div class=\"scroll\"><table><thead><tr><th>Site</th><th>Subjects</th>");
        for (final String name : m_modelNames) {
            m_html.append("<th>").append(escape(name)).append("</th>");
        }
        m_html.append("</tr></thead>\n<tbody>");
        rowsBySite().forEach((site, rows) -> {
            m_html.append("<tr><td>").append(escape(site)).append(" <span class=\"soft\">(").append(escape(rows.get(0).domain()))
                .append(")</span></td><td>").append(rows.stream().map(ScoreRow::subject).distinct().count()).append("</td>");
            for (final String name : m_modelNames) {
                final Collection<Double> means = GapClosure.meanBySubject(rows, name).values();
                m_html.append("<td>").append(spread(means.stream().mapToDouble(Double::doubleValue).toArray(), 3)).append("</td>");
            }
            m_html.append("</tr>\n");
        });
        m_html.append("</tbody></table></div>\n");
    }

    private void dotPlots() {
        if (rowsBySite().isEmpty()) {
            return;
        }
        legend(m_modelNames);
        m_html.append("<div class=\"charts\">\n");
        rowsBySite().forEach((site, rows) -> {
            final Map<String, List<ScoreRow>> byClass = new LinkedHashMap<>();
            rows.forEach(r -> byClass.computeIfAbsent(r.className(), c -> new ArrayList<>()).add(r));
            final List<DotPlot.Group> groups = new ArrayList<>();
            byClass.forEach((className, ofClass) -> {
                final List<DotPlot.Column> columns = new ArrayList<>();
                for (final String name : m_modelNames) {
                    columns.add(new DotPlot.Column(name, color(m_modelNames, name),
                        ofClass.stream().filter(r -> r.model().equals(name) && r.dice().isPresent())
                            .map(r -> new DotPlot.Dot(r.subject(), r.dice().getAsDouble())).toList()));
                }
                groups.add(new DotPlot.Group(className, columns));
            });
            m_html.append("<div>").append(DotPlot.draw("Dice on " + site, groups)).append("</div>\n");
        });
        m_html.append("</div>\n");
    }

    private void lesions() {
        final List<String> sites = List.copyOf(rowsBySite().keySet());
        m_html.append(LesionSection.table(m_model.lesions(), sites, m_modelNames));
        final String curves = LesionSection.curves(m_model.froc(), sites, m_modelNames, name -> color(m_modelNames, name));
        if (!curves.isEmpty()) {
            legend(m_modelNames);
            m_html.append(curves);
        }
    }

    private void overlays() {
        if (m_model.overlays().isEmpty()) {
            return;
        }
        final Map<String, String> classes = new LinkedHashMap<>();
        m_model.overlays().forEach(o -> o.classes().forEach(c -> classes.putIfAbsent(c.name(), String.format("#%06x", c.rgb()))));
        legend(classes);
        for (final Overlay overlay : m_model.overlays()) {
            m_html.append("<div class=\"overlay\"><p>").append(escape(overlay.caption()));
            if (!overlay.slice().isEmpty()) {
                m_html.append(" <span class=\"soft\">").append(escape(overlay.slice())).append("</span>");
            }
            m_html.append("</p>\n<div class=\"panels columns-").append(Math.min(COLUMNS, overlay.panels().size())).append("\">");
            for (final Overlay.Panel panel : overlay.panels()) {
                m_html.append("<figure><div class=\"picture\"><img alt=\"").append(escape(panel.title()))
                    .append("\" src=\"data:image/png;base64,").append(Base64.getEncoder().encodeToString(panel.png())).append("\">");
                for (int side = 0; side < overlay.letters().size(); side++) {
                    m_html.append("<span class=\"").append(SIDES.get(side)).append("\">").append(escape(overlay.letters().get(side)))
                        .append("</span>");
                }
                m_html.append("</div><figcaption>").append(escape(panel.title())).append("</figcaption></figure>");
            }
            m_html.append("</div></div>\n");
        }
    }

    private void divergence() {
        if (m_model.divergence().isEmpty()) {
            return;
        }
        m_html.append("<p class=\"soft\">Jensen–Shannon divergence between the "
            + "sites' histograms, in nats: 0 where they are the same, ln N where N sites share no intensity. A small overall value "
            + "can hide tissues that stay swapped, so look at the classes too.</p>\n");
        final Map<String, Map<String, DivergenceRow>> table = new LinkedHashMap<>();
        final Set<String> normalizations = new LinkedHashSet<>();
        for (final DivergenceRow row : m_model.divergence()) {
            table.computeIfAbsent(row.className(), c -> new LinkedHashMap<>()).put(row.normalization(), row);
            normalizations.add(row.normalization());
        }
        m_html.append("<div class=\"scroll\"><table><thead><tr><th>Class</th>");
        normalizations.forEach(n -> m_html.append("<th>").append(escape(n)).append("</th>"));
        m_html.append("</tr></thead>\n<tbody>");
        table.forEach((className, cells) -> {
            m_html.append("<tr><td>").append(escape(className)).append("</td>");
            for (final String n : normalizations) {
                final DivergenceRow cell = cells.get(n);
                m_html.append("<td>").append(cell == null ? "–" : number(cell.jsd(), 4)).append("</td>");
            }
            m_html.append("</tr>\n");
        });
        m_html.append("</tbody></table></div>\n");
        histograms();
    }

    private void histograms() {
        final Map<String, List<HistogramCurve>> charts = new LinkedHashMap<>();
        final Set<String> sites = new TreeSet<>();
        for (final HistogramCurve h : m_model.histograms()) {
            charts.computeIfAbsent(h.normalization() + ", " + h.className(), k -> new ArrayList<>()).add(h);
            sites.add(h.site());
        }
        if (charts.isEmpty()) {
            return;
        }
        final List<String> names = List.copyOf(sites);
        legend(names);
        m_html.append("<div class=\"charts\">\n");
        charts.forEach((title, curves) -> m_html.append("<div>")
            .append(LineChart.draw(title, "intensity", curves.stream()
                .map(h -> new LineChart.Line(h.site(), color(names, h.site()), h.centers(), h.densities())).toList()))
            .append("</div>\n"));
        m_html.append("</div>\n");
    }

    private void training() {
        if (m_model.models().isEmpty()) {
            return;
        }
        final Map<String, List<LineChart.Line>> charts = new LinkedHashMap<>();
        final List<String> names = m_model.models().stream().map(TrainedModel::name).toList();
        final List<String> colors = orderedLike(names);
        for (final TrainedModel model : m_model.models()) {
            model.curves().forEach((metric, points) -> charts.computeIfAbsent(metric, k -> new ArrayList<>())
                .add(new LineChart.Line(model.name(), color(colors, model.name()),
                    points.stream().mapToDouble(TrainedModel.CurvePoint::step).toArray(),
                    points.stream().mapToDouble(TrainedModel.CurvePoint::value).toArray())));
        }
        // Only those that have a curve, in the colors that they have everywhere.
        final Map<String, String> drawn = new LinkedHashMap<>();
        m_model.models().stream().filter(m -> !m.curves().isEmpty()).forEach(m -> drawn.put(m.name(), color(colors, m.name())));
        legend(drawn);
        m_html.append("<div class=\"charts\">\n");
        charts.forEach((metric, lines) -> m_html.append("<div>").append(LineChart.draw(metric, "step", lines)).append("</div>\n"));
        m_html.append("</div>\n");
        final Set<String> keys = new LinkedHashSet<>();
        m_model.models().forEach(m -> keys.addAll(m.provenance().keySet()));
        m_html.append("<h3>Settings of each training</h3>\n<div class=\"scroll long\"><table><thead><tr><th>Setting</th>");
        names.forEach(n -> m_html.append("<th class=\"text\">").append(escape(n)).append("</th>"));
        m_html.append("</tr></thead>\n<tbody>");
        for (final String key : keys) {
            m_html.append("<tr><td>").append(escape(key)).append("</td>");
            for (final TrainedModel model : m_model.models()) {
                m_html.append("<td class=\"text\">").append(escape(model.provenance().getOrDefault(key, "–"))).append("</td>");
            }
            m_html.append("</tr>\n");
        }
        m_html.append("</tbody></table></div>\n");
    }

    private void subjectTable() {
        if (m_model.scores().stream().noneMatch(r -> r.role().equals("test"))) {
            return;
        }
        m_html.append("<p class=\"soft\">Dice of each subject, worst first.</p>\n"
            + "<div class=\"scroll long\"><table><thead><tr><th>Subject</th><th class=\"text\">Site</th><th class=\"text\">Model</th>");
        final List<ScoreRow> rows = m_model.scores().stream().filter(r -> r.role().equals("test")).toList();
        final List<String> classes = rows.stream().map(ScoreRow::className).distinct().toList();
        classes.forEach(c -> m_html.append("<th>").append(escape(c)).append("</th>"));
        m_html.append("<th>mean</th></tr></thead>\n<tbody>");
        record Line(ScoreRow first, List<ScoreRow> rows, double mean) {
        }
        final Map<String, List<ScoreRow>> byLine = new LinkedHashMap<>();
        rows.forEach(r -> byLine.computeIfAbsent(r.subject() + '\u0000' + r.model(), k -> new ArrayList<>()).add(r));
        byLine.values().stream()
            .map(l -> new Line(l.get(0), l, l.stream().filter(r -> r.dice().isPresent()).mapToDouble(r -> r.dice().getAsDouble()).average().orElse(Double.NaN)))
            .sorted((a, b) -> Double.compare(a.mean, b.mean)).forEach(line -> {
                m_html.append("<tr><td>").append(escape(line.first.subject())).append("</td><td class=\"text\">")
                    .append(escape(line.first.site())).append("</td><td class=\"text\">").append(escape(line.first.model())).append("</td>");
                for (final String c : classes) {
                    m_html.append("<td>").append(line.rows.stream().filter(r -> r.className().equals(c)).findFirst()
                        .map(r -> number(r.dice(), 3)).orElse("–")).append("</td>");
                }
                m_html.append("<td>").append(number(line.mean, 3)).append("</td></tr>\n");
            });
        m_html.append("</tbody></table></div>\n");
    }

    private void manifest() {
        m_html.append("<p class=\"soft\">What is needed to repeat this run. The same file lies beside this page as "
            + "<code>manifest.json</code>.</p>\n<pre class=\"long\">").append(escape(m_model.manifestJson()))
            .append("</pre>\n");
    }

    /** Test rows by site, the source site first. */
    private Map<String, List<ScoreRow>> rowsBySite() {
        final Map<String, List<ScoreRow>> bySite = new TreeMap<>();
        for (final ScoreRow row : m_model.scores()) {
            if (row.role().equals("test")) {
                bySite.computeIfAbsent(row.site(), s -> new ArrayList<>()).add(row);
            }
        }
        final Map<String, List<ScoreRow>> ordered = new LinkedHashMap<>();
        bySite.forEach((site, rows) -> {
            if (rows.get(0).domain().equals("source")) {
                ordered.put(site, rows);
            }
        });
        bySite.forEach(ordered::putIfAbsent);
        return ordered;
    }

    private List<String> orderedLike(final List<String> names) {
        final Set<String> ordered = new LinkedHashSet<>(m_modelNames);
        ordered.retainAll(names);
        ordered.addAll(names);
        // A model keeps its color even where an earlier one was not scored.
        return m_modelNames.containsAll(ordered) ? m_modelNames : List.copyOf(ordered);
    }

    private void legend(final List<String> names) {
        final Map<String, String> colors = new LinkedHashMap<>();
        names.forEach(name -> colors.put(name, color(names, name)));
        legend(colors);
    }

    /** Names with a patch of color; drawn, because printers leave backgrounds out. */
    private void legend(final Map<String, String> colors) {
        if (colors.isEmpty()) {
            return;
        }
        m_html.append("<div class=\"legend\">");
        colors.forEach((name, color) -> m_html.append("<span>").append(Html.patch(color)).append(escape(name)).append("</span>"));
        m_html.append("</div>\n");
    }

    private static String color(final List<String> names, final String name) {
        return PALETTE.get(Math.floorMod(names.indexOf(name), PALETTE.size()));
    }

    private static String resource(final String name) {
        try (InputStream in = ReportPage.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (final IOException ex) {
            throw new UncheckedIOException("the bundle lacks " + name, ex);
        }
    }
}
