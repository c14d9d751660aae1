package org.scanbridge.learning.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import javax.xml.parsers.DocumentBuilderFactory;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scanbridge.learning.report.ReportModel.ModelRoles;

class ReportPageTest {

    /** A picture of one black pixel, put together by Python's zlib. */
    private static final byte[] PNG = Base64.getDecoder()
        .decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGNgYGAAAAAEAAH2FzhVAAAAAElFTkSuQmCC");

    static ReportModel model(final String subject) {
        final List<ScoreRow> scores = Stream.of("source-only", "adapted", "oracle")
            .flatMap(m -> Stream.of("CSF", "GM").map(c -> new ScoreRow(subject, "site-B", "test", "target", m, c,
                OptionalDouble.of(m.equals("oracle") ? 0.9 : m.equals("adapted") ? 0.75 : 0.6))))
            .toList();
        return new ReportModel("Adaptation report", new ModelRoles("source-only", "adapted", "oracle"), scores,
            List.of(new DivergenceRow("raw", "overall", OptionalDouble.of(0.5)),
                new DivergenceRow("z-score", "overall", OptionalDouble.empty())),
            List.of(new HistogramCurve("raw", "overall", "site-B", new double[]{0, 1, 2}, new double[]{0.2, 0.5, 0.3})),
            List.of(new TrainedModel("adapted", Map.of("seed", "1"),
                Map.of("loss", List.of(new TrainedModel.CurvePoint(1, 1.5), new TrainedModel.CurvePoint(2, 0.7))))),
            List.of(new Overlay("site-B, subject " + subject, List.of(new Overlay.Panel("image", PNG), new Overlay.Panel("reference", PNG)),
                "axial slice 13 of 24", List.of("R", "L", "A", "P"), List.of(new Overlay.ClassColor("CSF", 0x56b4e9)))), "{\"seed\": 1}");
    }

    @Test
    void showsTheGapClosureAndNeedsNothingBesideIt() {
        final String html = ReportPage.write(model("S-1"));
        assertTrue(html.contains("50 % of the gap closed"), html);
        assertFalse(html.matches("(?s).*(src|href)=\"(?!data:|#).*"), "loads something from elsewhere");
        assertFalse(html.contains("<script"), "runs a script");
    }

    /**
     * By hand: adapted 2 and (3 + 5)/2 give 3 ± √2, source-only has one subject of two. What no model has of a subject is
     * left out of all of them, which the number tells too.
     */
    @Test
    void showsTheScoresBesideTheDice() throws Exception {
        final ReportModel plain = model("S-1");
        assertFalse(ReportPage.write(plain).contains("Other scores"));
        final List<FurtherScore> further = List.of(further("S-1", "test", "adapted", "HD95 (mm)", 2),
            further("S-2", "test", "adapted", "HD95 (mm)", 3), further("S-2", "test", "adapted", "HD95 (mm)", 5),
            further("S-3", "training", "adapted", "HD95 (mm)", 99), further("S-1", "test", "source-only", "HD95 (mm)", 12.34),
            further("S-1", "test", "source-only", "<Lesion> F1", 0.5));
        final String html = ReportPage.write(new ReportModel(plain.title(), plain.roles(), plain.scores(), plain.divergence(),
            plain.histograms(), plain.models(), plain.overlays(), plain.manifestJson(), further));
        assertTrue(html.contains("<tr><td>site-B</td><td class=\"text\">HD95 (mm)</td><td>12.3 <span class=\"soft\">(1)</span></td>"
            + "<td>3.000&#160;±&#160;1.414</td><td>–</td></tr>"), html);
        assertTrue(html.contains("<td class=\"text\">&lt;Lesion&gt; F1</td><td>0.500 <span class=\"soft\">(1)</span></td><td>–</td><td>–</td>"), html);
    }

    /** Of 2, 4 and 9 by hand: mean 5, squares 9 + 1 + 16 over 2, so √13. */
    @Test
    void aSingleValueHasNoStandardDeviation() {
        assertEquals("5.000&#160;±&#160;3.606", Html.spread(new double[]{2, 4, 9}, 3));
        assertEquals("5.0", Html.spread(new double[]{5}, 1));
        assertEquals("–", Html.spread(new double[0], 3));
    }

    /** The distance to a lesion of a subject without one is defined for no model: 4 and 6 of three subjects. */
    @Test
    void countsSubjectsOfWhomNoModelHasAScore() {
        final ReportModel plain = model("lesion-free");
        final List<FurtherScore> further = Stream.of("source-only", "adapted", "oracle")
            .flatMap(m -> Stream.of(further("S-1", "test", m, "HD95 (mm)", 4), further("S-2", "test", m, "HD95 (mm)", 6))).toList();
        final String html = ReportPage.write(new ReportModel(plain.title(), plain.roles(), plain.scores(), plain.divergence(),
            plain.histograms(), plain.models(), plain.overlays(), plain.manifestJson(), further));
        final String cell = "<td>5.000&#160;±&#160;1.414 <span class=\"soft\">(2)</span></td>";
        assertTrue(html.contains("<td class=\"text\">HD95 (mm)</td>" + cell + cell + cell), html);
    }

    private static LesionScore lesions(final String site, final String role, final String model, final double recall) {
        return new LesionScore(site, role, model, "<fracture>", 12, 10, (int)Math.round(10 * recall), 3,
            OptionalDouble.of(recall), OptionalDouble.empty(), OptionalDouble.of(0.25), OptionalDouble.of(0.625));
    }

    /** Models in the order of their roles, sites in that of the Dice; what is no test image is left out. */
    @Test
    void showsLesionsAndFroc() {
        final ReportModel plain = model("S-1");
        assertFalse(ReportPage.write(plain).contains("<section id=\"lesions\">"));
        final ReportModel model = plain.withLesions(
            List.of(lesions("site-C", "test", "adapted", 0.1), lesions("site-B", "test", "adapted", 0.8),
                lesions("site-B", "training", "adapted", 0.9), lesions("site-B", "test", "source-only", 0.3)),
            List.of(new FrocCurve("site-B", "test", "adapted", "<fracture>", new double[]{0.9, 0.5, 0.2},
                new double[]{0, 4, 12}, new double[]{0.4, 0.6, 1})));
        final String html = ReportPage.write(model);
        final String section = html.substring(html.indexOf("<section id=\"lesions\">"));
        final List<String> rows = Pattern.compile("<tr><td>(.*?)</td></tr>").matcher(section.substring(0,
            section.indexOf("</section>"))).results().map(r -> r.group(1).replaceAll("</?td[^>]*>", "|").replace("||", "|")).toList();
        assertEquals(List.of("site-B|source-only|&lt;fracture&gt;|12|10|3|3|0.300|–|0.250|0.625",
            "site-B|adapted|&lt;fracture&gt;|12|10|8|3|0.800|–|0.250|0.625",
            "site-C|adapted|&lt;fracture&gt;|12|10|1|3|0.100|–|0.250|0.625"), rows);
        assertTrue(section.contains("FROC of &lt;fracture&gt; on site-B"), section);
        assertEquals("site,role,model,class,threshold,falsePositives,sensitivity\n"
            + "site-B,test,adapted,<fracture>,0.9,0.0,0.4\nsite-B,test,adapted,<fracture>,0.5,4.0,0.6\n"
            + "site-B,test,adapted,<fracture>,0.2,12.0,1.0\n", CsvTables.froc(model.froc()));
        assertTrue(CsvTables.lesions(model.lesions()).contains("\nsite-B,test,source-only,<fracture>,12,10,3,3,0.3,,0.25,0.625\n"));
        assertThrows(IllegalArgumentException.class,
            () -> new FrocCurve("", "", "", "", new double[1], new double[1], new double[2]));
    }

    /** By hand: from (4, 0.6) to (12, 1), half way at 8 false positives: 0.8. The axis ends there. */
    @Test
    void drawsTheFrocUpToEight() {
        final String curves = LesionSection.curves(List.of(new FrocCurve("s", "test", "m", "c", new double[]{0.9, 0.5, 0.2},
            new double[]{0, 4, 12}, new double[]{0.4, 0.6, 1})), List.of(), List.of(), m -> "#000");
        final Matcher line = Pattern.compile("points=\"([^\"]*)\"").matcher(curves);
        assertTrue(line.find(), curves);
        final double[][] points = Stream.of(line.group(1).trim().split(" "))
            .map(p -> Stream.of(p.split(",")).mapToDouble(Double::parseDouble).toArray()).toArray(double[][]::new);
        assertEquals(4, points.length);
        final double perSensitivity = (points[0][1] - points[1][1]) / 0.4;
        assertEquals(0.6, (points[0][1] - points[2][1]) / perSensitivity, 0.01);
        assertEquals(0.8, (points[0][1] - points[3][1]) / perSensitivity, 0.01);
        assertEquals(2, (points[3][0] - points[0][0]) / (points[2][0] - points[0][0]), 0.01);
    }

    private static FurtherScore further(final String subject, final String role, final String model, final String score,
        final double value) {
        return new FurtherScore(subject, "site-B", role, model, score, value);
    }

    @Test
    void bodyIsWellFormedWhateverTheNames() throws Exception {
        final String html = ReportPage.write(model("<b>&\"x'"));
        final String body = html.substring(html.indexOf("<body>"), html.indexOf("</body>") + 7).replaceAll("<(img[^>]*|br)>", "<$1/>");
        DocumentBuilderFactory.newInstance().newDocumentBuilder()
            .parse(new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
        assertFalse(html.contains("<b>&\"x'"));
    }

    /** Nothing is folded away: a closed element is missing on paper, and no script could open it. */
    @Test
    void everythingIsThereForAPrinter() {
        final String html = ReportPage.write(model("S-1"));
        assertFalse(html.contains("<details"), "folded content");
        final String print = html.substring(html.indexOf("@media print"), html.indexOf("</style>"));
        assertTrue(print.contains(".scroll, pre { overflow: visible; }"), print);
        assertTrue(print.contains("break-inside: avoid"), print);
        assertTrue(html.contains("@media screen and (prefers-color-scheme: dark)"), "dark on screen only");
        // Legends are drawings, because printers leave backgrounds out.
        final Matcher legend = Pattern.compile("<div class=\"legend\">(.*?)</div>").matcher(html);
        int legends = 0;
        while (legend.find()) {
            legends++;
            assertEquals(legend.group(1).split("<span>", -1).length, legend.group(1).split("<rect ", -1).length, legend.group());
        }
        assertEquals(4, legends, "models, classes, sites, models");
        // Only one model has a curve; it keeps the color that it has in the other drawings.
        final String training = html.substring(html.indexOf("<section id=\"training\">"));
        assertTrue(training.contains("<div class=\"legend\"><span><svg class=\"patch\"") && training.contains("fill=\"#0072b2\"/></svg>adapted</span></div>"),
            training);
        assertFalse(html.contains("style=\"background"), "colors as backgrounds");
    }

    /** The first page: verdict, contents, the table; then the sections that the contents name, each once. */
    @Test
    void theContentsNameEverySection() {
        final String html = ReportPage.write(model("S-1"));
        final String sheet = html.substring(html.indexOf("<header"), html.indexOf("</header>"));
        assertTrue(sheet.contains("50 % of the gap closed") && sheet.contains("Dice by site and model"), sheet);
        final List<String> named = Pattern.compile("href=\"#([a-z]+)\"").matcher(sheet).results().map(r -> r.group(1)).toList();
        assertEquals(List.of("dice", "segmentations", "intensities", "training", "subjects", "manifest"), named);
        assertEquals(named, Pattern.compile("<section id=\"([a-z]+)\">").matcher(html).results().map(r -> r.group(1)).toList());
        final ReportModel m = model("S-1");
        final String bare = ReportPage.write(new ReportModel(m.title(), m.roles(), List.of(), List.of(), List.of(), List.of(),
            List.of(), "{}"));
        assertEquals(List.of("manifest"),
            Pattern.compile("href=\"#([a-z]+)\"").matcher(bare).results().map(r -> r.group(1)).toList(), "what is empty is left out");
    }

    @Test
    void picturesSayWhichSliceAndWhichSides() {
        final String html = ReportPage.write(model("S-1"));
        assertTrue(html.contains("axial slice 13 of 24"), html);
        assertTrue(html.contains("<span class=\"left\">R</span><span class=\"right\">L</span><span class=\"up\">A</span>"
            + "<span class=\"down\">P</span>"), html);
        assertTrue(html.contains("fill=\"#56b4e9\"/></svg>CSF</span>"), html);
        assertTrue(html.contains("<div class=\"panels columns-2\">"), html);
        assertThrows(IllegalArgumentException.class, () -> new Overlay("", List.of(), "", List.of("R"), List.of()));
    }

    @Test
    void csvQuotesWhatNeedsItAndKeepsEveryDigit() {
        final String csv = CsvTables.scores(List.of(
            new ScoreRow("S,1", "a\"b", "test", "target", "m", "c", OptionalDouble.of(0.1 + 0.2)),
            new ScoreRow("S2", "a", "test", "target", "m", "c", OptionalDouble.empty())));
        assertEquals("subject,site,role,domain,model,class,dice\n\"S,1\",\"a\"\"b\",test,target,m,c,0.30000000000000004\n"
            + "S2,a,test,target,m,c,\n", csv);
    }

    private static List<Path> write(final String subject, final Path folder) throws IOException {
        return ReportFolder.write(model(subject), ReportPage.write(model(subject)), folder);
    }

    @Test
    void replacesAnEarlierReportAndLeavesNoTemporaryFile(@TempDir final Path folder) throws IOException {
        write("S-1", folder.resolve("new/results"));
        Files.writeString(folder.resolve("new/results/other.txt"), "kept");
        final List<Path> files = write("S-2", folder.resolve("new/results"));
        assertTrue(Files.readString(files.get(1)).contains("S-2"));
        try (Stream<Path> all = Files.list(folder.resolve("new/results"))) {
            assertEquals(List.of("divergence.csv", "manifest.json", "other.txt", "report.html", "scores.csv"),
                all.map(p -> p.getFileName().toString()).sorted().toList());
        }
    }

    @Test
    void namesTheFileThatCannotBeWritten(@TempDir final Path folder) throws IOException {
        final Path file = Files.writeString(folder.resolve("results"), "a file where the folder should be");
        final IOException ex = assertThrows(IOException.class, () -> write("S-1", file));
        assertTrue(ex.getMessage().contains("results"), ex.getMessage());
    }

    @Test
    void ticksAreRoundAndInside() {
        assertEquals(List.of(0.0, 0.2, 0.4, 0.6, 0.8, 1.0),
            new Axis(0, 1, 0, 100).ticks(5).stream().map(t -> Math.round(t * 10) / 10.0).toList());
        assertEquals(2, new Axis(0, 0.1, 0, 100).tickDecimals(5));
    }
}
