package org.scanbridge.knime.nodes.adaptationreport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpec;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.def.DoubleCell;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.DefaultNodeProgressMonitor;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeSettings;
import org.knime.core.node.port.PortObject;
import org.knime.core.standin.run.NodeExecutionException;
import org.knime.core.standin.run.NodeHost;
import org.knime.node.standin.PageView;
import org.knime.node.standin.StandinNodeFactory;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.knime.learn.TestStudy;
import org.scanbridge.knime.nodes.intensitydivergencescorer.IntensityDivergenceScorerNodeFactory;
import org.scanbridge.knime.nodes.labeleditor.LabelEditorNodeFactory;
import org.scanbridge.knime.nodes.lesionscorer.LesionScorerNodeFactory;
import org.scanbridge.knime.nodes.segmentationscorer.SegmentationScorerNodeFactory;
import org.scanbridge.knime.testing.Bench;
import org.scanbridge.knime.testing.Bench.Result;
import org.scanbridge.knime.testing.Browser;
import org.scanbridge.knime.testing.TinyStudy;
import org.scanbridge.knime.util.OutputFolder;

class AdaptationReportNodeFactoryTest {

    @TempDir
    Path m_folder;

    private Bench m_bench;

    private TestStudy m_study;

    @BeforeEach
    void open() throws Exception {
        m_bench = new Bench(Files.createDirectory(m_folder.resolve("run")));
        m_study = new TestStudy(m_bench);
    }

    @AfterEach
    void close() {
        m_bench.close();
    }

    private BufferedDataTable scores(final double... dice) {
        final DataTableSpec texts = new DataTableSpec(List.of("Subject", "Site", "Role", "Domain", "Model", "Class").stream()
            .map(n -> new DataColumnSpecCreator(n, StringCell.TYPE).createSpec())
            .toArray(DataColumnSpec[]::new));
        final DataTableSpec spec =
            new DataTableSpec(texts, new DataTableSpec(new DataColumnSpecCreator("Dice", DoubleCell.TYPE).createSpec()));
        final List<DataCell[]> rows = new ArrayList<>();
        final String[] models = {"source-only", "adapted", "oracle"};
        for (int m = 0; m < dice.length; m++) {
            rows.add(new DataCell[]{new StringCell("B-001"), new StringCell("B"), new StringCell("test"),
                new StringCell("target"), new StringCell(models[m]), new StringCell("CSF"), new DoubleCell(dice[m])});
        }
        return m_bench.table(spec, rows);
    }

    private static PortObject[] inputs(final BufferedDataTable scores, final BufferedDataTable segmented) {
        return new PortObject[]{scores, null, null, segmented, null, null, null, null, null, null};
    }

    private NodeHost node(final String folder, final PortObject... inputs) throws Exception {
        return m_bench.configured(new AdaptationReportNodeFactory(), s -> s.addString("folder", folder), inputs);
    }

    @Test
    void writesItsFilesAndShowsThePage() throws Exception {
        final PortObject[] inputs = inputs(scores(0.4, 0.6, 0.8), m_study.table(m_study.rows(1, 0, 1)));
        final NodeHost node = node(m_folder.resolve("results").toString(), inputs);
        final BufferedDataTable files = (BufferedDataTable)node.execute(inputs, new DefaultNodeProgressMonitor())[0];
        assertEquals(4, files.size());
        final String page = Files.readString(m_folder.resolve("results/report.html"));
        assertTrue(page.contains("50 % of the gap closed"), page);
        assertTrue(page.contains("data:image/png;base64,"), "no picture");
        assertEquals("subject,site,role,domain,model,class,dice",
            Files.readAllLines(m_folder.resolve("results/scores.csv")).get(0));
        assertTrue(Files.readString(m_folder.resolve("results/manifest.json")).contains("\"B-001\""));
        final PageView view = ((StandinNodeFactory)node.factory()).createView(node.model()).orElseThrow();
        assertTrue(view.callInitialData().orElseThrow().contains("50 % of the gap closed"));
    }

    /** The images behind the scores, in the same view: the row's picture is painted once "Images" is clicked, and not before. */
    @Test
    void theViewShowsTheSegmentedImages() throws Exception {
        assumeTrue(Browser.isInstalled(), "no Chromium is installed, so the view is not looked at in a browser");
        final PortObject[] inputs = inputs(scores(0.4, 0.6, 0.8), m_study.table(m_study.rows(1, 0, 1)));
        final NodeHost node = node("", inputs);
        node.execute(inputs, new DefaultNodeProgressMonitor());
        final PageView view = ((StandinNodeFactory)node.factory()).createView(node.model()).orElseThrow();
        try (Browser browser = new Browser(Files.createDirectory(m_folder.resolve("chromium")))) {
            browser.answer(request -> view.callDataService(request).orElseThrow());
            assertEquals("false 0 true 1", browser.run("adaptation.html", view.callInitialData().orElseThrow(), """
                    const shown = () => `${page.getElementById('report').hidden} ${page.querySelectorAll('#images .stage').length > 0 ? 1 : 0}`;
                    const before = shown();
                    page.getElementById('show-images').click();
                    for (let n = 0; n < 100 && !page.querySelector('#images .stage canvas'); n++) { await new Promise(r => setTimeout(r, 20)); }
                    return before + ' ' + shown();
                    """));
        }
    }

    /** The rows of all classes, those that need a look with their reason. */
    @Test
    void showsWhatWasPredictedWithoutLabels() throws Exception {
        final DataTableSpec texts = new DataTableSpec(List.of("Subject", "Site", "Class", "Verdict", "Reason").stream()
            .map(n -> new DataColumnSpecCreator(n, StringCell.TYPE).createSpec()).toArray(DataColumnSpec[]::new));
        final DataTableSpec numbers = new DataTableSpec(List.of("Predicted Dice", "Low", "High", "Dice on Labeled Images").stream()
            .map(n -> new DataColumnSpecCreator(n, DoubleCell.TYPE).createSpec()).toArray(DataColumnSpec[]::new));
        final List<DataCell[]> rows = new ArrayList<>();
        for (final String name : List.of("CSF", "all classes")) {
            rows.add(new DataCell[]{new StringCell("C-007"), new StringCell("C"), new StringCell(name),
                new StringCell("probably worse: look"), new StringCell("its volume of " + name + " is unusual"),
                new DoubleCell(0.4321), new DoubleCell(0.2), new DoubleCell(0.6), new DoubleCell(0.9)});
        }
        final PortObject[] inputs = inputs(scores(0.4, 0.6, 0.8), null);
        inputs[7] = m_bench.table(new DataTableSpec(texts, numbers), rows);
        node(m_folder.resolve("results").toString(), inputs).execute(inputs, new DefaultNodeProgressMonitor());
        final String page = Files.readString(m_folder.resolve("results/report.html"));
        assertTrue(page.contains("Predicted without labels"), page);
        assertTrue(page.contains("<td>C</td><td class=\"text\">C-007</td><td>0.432</td><td>0.20 to 0.60</td>"
            + "<td class=\"text\">probably worse: look</td><td class=\"text\">its volume of all classes is unusual</td>"), page);
        assertFalse(page.contains("its volume of CSF"), "classes one by one");
        inputs[7] = m_bench.table(new DataTableSpec(texts, numbers), List.of());
        final Result empty =
            m_bench.run(new AdaptationReportNodeFactory(), s -> s.addString("folder", m_folder.resolve("empty").toString()),
                inputs);
        assertTrue(empty.warning().contains("so the report says that nothing was judged"), empty.warning());
        assertTrue(Files.readString(m_folder.resolve("empty/report.html")).contains("<p>Nothing was judged: "), "on the page");
        inputs[7] = inputs[0];
        assertTrue(assertThrows(InvalidSettingsException.class, () -> node("", inputs)).getMessage()
            .contains("Adaptation Check"));
    }

    /** The files of lesions are written where lesions were counted, and only there. */
    @Test
    void takesLesionsOfTheLesionScorerOnly() throws Exception {
        final PortObject[] inputs = inputs(scores(0.4, 0.6, 0.8), null);
        for (final int port : new int[]{8, 9}) {
            inputs[port] = inputs[0];
            assertTrue(assertThrows(InvalidSettingsException.class, () -> node("", inputs)).getMessage()
                .contains("Lesion Scorer"));
            inputs[port] = null;
        }
        final BufferedDataTable images = m_study.table(m_study.rows(1, 0, 1));
        final Result counted = m_bench.run(new LesionScorerNodeFactory(), s -> {
        }, m_bench.run(new LabelEditorNodeFactory(), s -> {
            s.addString("segmentationColumn", "Segmentation");
            s.addBoolean("replace", false);
            s.addString("outputColumn", "adapted");
        }, images).table(0));
        inputs[8] = counted.table(0);
        inputs[9] = counted.table(2);
        final BufferedDataTable files = (BufferedDataTable)node(m_folder.resolve("results").toString(), inputs)
            .execute(inputs, new DefaultNodeProgressMonitor())[0];
        assertEquals(5, files.size(), "without probabilities there is no curve");
        assertTrue(Files.readString(m_folder.resolve("results/lesions.csv")).contains("B,test,adapted,CSF,1,"));
    }

    /** What a hospital files: the page as a PDF, with everything that the page on the screen has. */
    @Test
    void thePrintedPageIsWhole() throws Exception {
        assumeTrue(Browser.isInstalled(), "no Chromium is installed, so the report is not printed");
        final PortObject[] inputs = inputs(scores(0.4, 0.6, 0.8), m_study.table(m_study.rows(1, 0, 1)));
        node(m_folder.resolve("results").toString(), inputs).execute(inputs, new DefaultNodeProgressMonitor());
        final String page = Files.readString(m_folder.resolve("results/report.html"));
        try (Browser browser = new Browser(Files.createDirectory(m_folder.resolve("browser")));
                PDDocument pdf = Loader.loadPDF(browser.print(page).toFile())) {
            final String text = new PDFTextStripper().getText(pdf);
            final List<String> titles =
                Pattern.compile("<h2>([^<]*)</h2>").matcher(page).results().map(r -> r.group(1)).toList();
            assertTrue(titles.size() >= 5, "sections: " + titles);
            for (final String title : titles) {
                assertTrue(text.contains(title.replace("&#39;", "'")), title + " in " + text);
            }
            // the first page is the summary; manifest, slices and subjects are on paper
            final PDFTextStripper first = new PDFTextStripper();
            first.setEndPage(1);
            assertTrue(first.getText(pdf).contains("50 % of the gap closed"), first.getText(pdf));
            assertTrue(first.getText(pdf).contains("Manifest"), "contents on the first page");
            final String last = Files.readString(m_folder.resolve("results/manifest.json")).strip().lines()
                .filter(l -> l.contains(":")).reduce((a, b) -> b).orElseThrow().strip();
            assertTrue(text.replaceAll("\\s+", " ").contains(last.replaceAll("\\s+", " ")), last + " in " + text);
            assertTrue(text.contains("axial slice "), text);
            assertTrue(text.contains("B-001"), "every subject: " + text);
        }
    }

    @Test
    void showsWhatElseTheScorerAndTheDivergenceFound() throws Exception {
        final byte[] truth = TinyStudy.labels(1, 1, 1, 1, 2, 0, 0, 0);
        final BufferedDataTable images = TinyStudy.table(m_bench, List.of("Segmentation", "source-only", "adapted", "oracle"),
            TinyStudy.subject("a", "A", TinyStudy.image(1, 1, 1, 1, 1, 1, 1, 1), truth, truth, truth, truth),
            TinyStudy.subject("b", "B", TinyStudy.image(9, 9, 9, 9, 9, 9, 9, 9), truth,
                TinyStudy.labels(1, 0, 0, 0, 2, 0, 0, 0), truth, truth));
        final BufferedDataTable scores = m_bench.run(new SegmentationScorerNodeFactory(), s -> {
            s.addBoolean("lesions", true);
            // has its own rows, and no part in the report's means of classes
            final NodeSettings region = s.getNodeSettings("regions").addNodeSettings("0");
            region.addString("name", "both");
            region.addString("classes", "1, 2");
        }, images).table(0);
        assertTrue(scores.getDataTableSpec().containsName("Kind"));
        final BufferedDataTable bits = m_bench.run(new IntensityDivergenceScorerNodeFactory(),
            s -> s.addString("logarithm", "TWO"), images).table(0);
        final PortObject[] inputs = {scores, bits, null, null, null, null, null, null, null, null};
        node(m_folder.resolve("results").toString(), inputs).execute(inputs, new DefaultNodeProgressMonitor());
        final String page = Files.readString(m_folder.resolve("results/report.html"));
        assertTrue(page.contains("<h2>Other scores</h2>") && !page.contains("both"), page);
        // Source-only finds one of four voxels of class 1 and all of class 2; the farthest missed one is √2 away.
        assertTrue(page.contains("<td>B</td><td class=\"text\">HD (mm)</td><td>0.707</td><td>0.000</td><td>0.000</td>"), page);
        assertTrue(page.contains("<td>B</td><td class=\"text\">Sensitivity</td><td>0.625</td>"), page);
        // One bit is ln 2 nats.
        assertTrue(page.contains("<td>overall</td><td>0.6931</td>"), page);
        assertTrue(Files.readString(m_folder.resolve("results/divergence.csv")).contains("Image,overall,0.693147"));
    }

    @Test
    void viewBeforeExecutionIsEmptyAndDoesNotFail() throws Exception {
        final NodeHost node = node("", inputs(scores(0.4), null));
        assertEquals("{\"result\":{\"page\":\"\",\"images\":null}}",
            ((StandinNodeFactory)node.factory()).createView(node.model()).orElseThrow().callInitialData().orElseThrow());
    }

    @Test
    void writesNothingWithoutFolder() throws Exception {
        final PortObject[] inputs = inputs(scores(0.4, 0.6, 0.8), null);
        final NodeHost node = node(" ", inputs);
        assertEquals(0, ((BufferedDataTable)node.execute(inputs, new DefaultNodeProgressMonitor())[0]).size());
    }

    @Test
    void saysBeforeAnyTrainingThatTheFolderCannotBeWritten() throws Exception {
        final Path file = Files.writeString(m_folder.resolve("file"), "no folder");
        final InvalidSettingsException e = assertThrows(InvalidSettingsException.class,
            () -> node(file.resolve("results").toString(), inputs(scores(0.4), null)));
        assertTrue(e.getMessage().contains(file.toString()) && e.getMessage().contains("Choose another folder"), e.getMessage());
    }

    @Test
    void namesTheScorerWhenAColumnIsMissing() throws Exception {
        final InvalidSettingsException e = assertThrows(InvalidSettingsException.class,
            () -> node("", inputs(m_study.table(List.of()), null)));
        assertTrue(e.getMessage().contains("Connect the output of the Segmentation Scorer"), e.getMessage());
    }

    @Test
    void refusesEmptyScores() throws Exception {
        final PortObject[] inputs = inputs(scores(), null);
        final NodeHost node = node("", inputs);
        assertTrue(assertThrows(NodeExecutionException.class, () -> node.execute(inputs, new DefaultNodeProgressMonitor()))
            .getMessage().contains("no rows"));
    }

    @Test
    void relativeFolderLiesInTheHomeFolder() throws Exception {
        assertEquals(Path.of(System.getProperty("user.home"), "ScanBridge", "a b"), OutputFolder.of(" a b ").orElseThrow());
        assertTrue(OutputFolder.of(null).isEmpty());
        assertFalse(OutputFolder.of("x").orElseThrow().toString().isEmpty());
    }

    @Test
    void pictureShowsTheSliceWithMostLabels() {
        final Geometry grid = Geometry.axial(new int[]{2, 2, 5}, 1, 1, 1);
        final byte[] voxels = new byte[20];
        voxels[3 * 4] = 1;
        final LabelVolume up = new LabelVolume(voxels, grid, VolumeInfo.UNKNOWN, LabelSet.of("a"));
        assertEquals(3, OverlayPictures.fullestSlice(up));
        final Geometry flipped = new Geometry(new int[]{2, 2, 5}, new double[]{1, 1, 1}, new double[3],
            new double[]{1, 0, 0, 0, -1, 0, 0, 0, -1});
        assertEquals(1, OverlayPictures.fullestSlice(new LabelVolume(voxels, flipped, VolumeInfo.UNKNOWN, LabelSet.of("a"))));
    }

    @Test
    void showsWorstMedianBestThenTheOthers() {
        assertEquals(List.of(0, 2, 4, 1, 3), OverlayPictures.order(5));
        assertEquals(List.of(0, 1), OverlayPictures.order(2));
        assertEquals(List.of(), OverlayPictures.order(0));
    }
}
