package org.scanbridge.knime.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.imageio.ImageIO;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knime.core.node.DefaultNodeProgressMonitor;
import org.knime.core.node.port.PortObject;
import org.knime.core.standin.run.NodeHost;
import org.knime.node.standin.PageView;
import org.knime.node.standin.StandinNodeFactory;
import org.scanbridge.dicom.study.DicomStudyWriter;
import org.scanbridge.dicom.study.StudySubject;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.phantom.PhantomStudy;
import org.scanbridge.imaging.phantom.SiteProtocols;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.knime.nodes.dicomreader.DicomReaderNodeFactory;
import org.scanbridge.knime.testing.Bench;
import org.scanbridge.knime.testing.Browser;

/** The readers' view: what it begins with, single slices, and the page in a real browser where there is one. */
class SeriesViewTest {

    /** Sagittal slices: i runs to posterior, j to inferior, k to the left. Voxel v has the value 100 + v. */
    private static final Geometry SAGITTAL = new Geometry(new int[]{3, 2, 2}, new double[]{2, 1, 4}, new double[3],
        new double[]{0, 1, 0, 0, 0, -1, 1, 0, 0});

    @TempDir
    Path m_folder;

    private Bench m_bench;

    private NodeHost m_node;

    private PageView m_view;

    @BeforeEach
    void open() throws Exception {
        m_bench = new Bench(Files.createDirectory(m_folder.resolve("run")));
        final PhantomStudy phantoms = new PhantomStudy(SiteProtocols.defaultStudy(), 32, 7);
        final List<StudySubject> subjects = new ArrayList<>();
        for (int n = 0; n < 3; n++) {
            final PhantomStudy.Subject s = phantoms.subject(n % 2, n);
            subjects.add(new StudySubject(n % 2 == 0 ? "A" : "B", "s" + n, s.image(),
                n == 2 ? Optional.empty() : Optional.of(s.labels())));
        }
        final float[] voxels = new float[12];
        for (int v = 0; v < 12; v++) {
            voxels[v] = 100 + v;
        }
        subjects.add(new StudySubject("C", "sagittal", new Volume(voxels, SAGITTAL, new VolumeInfo("CT", "C", "", "", "HU")),
            Optional.empty()));
        final Path study = m_folder.resolve("study");
        new DicomStudyWriter("seed").write(study, subjects, Progress.NONE);
        Files.writeString(study.resolve("A/broken.dcm"), "no image");
        m_node = m_bench.configured(new DicomReaderNodeFactory(), s -> s.addString("folder", study.toString()),
            (PortObject)null);
        m_view = ((StandinNodeFactory)m_node.factory()).createView(m_node.model()).orElseThrow();
    }

    @AfterEach
    void close() {
        m_bench.close();
    }

    private String start() throws Exception {
        m_node.execute(new PortObject[]{null}, new DefaultNodeProgressMonitor());
        return m_view.callInitialData().orElseThrow();
    }

    private String call(final String method, final String params) {
        return m_view.callDataService(
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\",\"params\":" + params + "}").orElseThrow();
    }

    private static String field(final String json, final String name) {
        final Matcher matcher = Pattern.compile("\"" + name + "\":\"?([^\",}]*)").matcher(json);
        assertTrue(matcher.find(), name + " in " + json);
        return matcher.group(1);
    }

    @Test
    void beginsWithTheListOfSeries() throws Exception {
        assertTrue(m_view.callInitialData().orElseThrow().contains("\"executed\":false"));
        final String start = start();
        assertTrue(start.contains("\"executed\":true") && start.contains("\"problems\":1"), start);
        assertEquals(4, start.split("\"site\":", -1).length - 1);
        assertTrue(start.contains("\"size\":[3,2,2],\"spacing\":[2.0,1.0,4.0],\"labeled\":false"), start);
        assertTrue(start.contains("\"name\":\"CSF\""), start);
        assertTrue(start.length() < 4000, "the list is small: " + start.length());
    }

    /** Levels are 65535·(v - low)/(high - low); the picture is seen from the left, anterior left, superior on top. */
    @Test
    void givesASliceUprightAndToSixteenBits() throws Exception {
        start();
        final String answer = call("slice", "[3, 1]");
        // The reader stacks slices along their normal, here to the right: slice 1 is the first that was written.
        assertEquals(100, Double.parseDouble(field(answer, "low")));
        assertEquals(105, Double.parseDouble(field(answer, "high")));
        assertEquals(6, Double.parseDouble(field(answer, "widthMm")), 1e-9);
        assertEquals(2, Double.parseDouble(field(answer, "heightMm")), 1e-9);
        assertEquals("A", field(answer, "left"));
        assertEquals("P", field(answer, "right"));
        final BufferedImage png =
            ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(field(answer, "png"))));
        for (int y = 0; y < 2; y++) {
            for (int x = 0; x < 3; x++) {
                final int rgb = png.getRGB(x, y) & 0xffffff;
                assertEquals(Math.round(65535 * (3 * y + x) / 5.0), rgb >> 8, "level at " + x + ", " + y);
                assertEquals(0, rgb & 0xff, "no label");
            }
        }
        final String window = call("window", "[3]");
        assertTrue(Double.parseDouble(field(window, "black")) >= 100
            && Double.parseDouble(field(window, "white")) <= 111, window);
    }

    @Test
    void saysWhatIsNotThere() throws Exception {
        start();
        assertTrue(call("slice", "[9, 0]").contains("There is no series 9 of 4"));
        assertTrue(call("slice", "[0, 999]").contains("\"error\""));
        m_node.reset();
        assertTrue(call("slice", "[0, 0]").contains("Execute it"));
    }

    @Test
    void thePageShowsSlicesWithTheirSegmentation() throws Exception {
        assumeTrue(Browser.isInstalled(), "no Chromium is installed, so the view is not looked at in a browser");
        final String start = start();
        try (Browser browser = new Browser(Files.createDirectory(m_folder.resolve("browser")))) {
            browser.answer(request -> m_view.callDataService(request).orElseThrow());
            final String shown = browser.run("series.html", start, """
                    const until = async condition => {
                      for (let n = 0; n < 500 && !condition(); n++) { await new Promise(r => setTimeout(r, 5)); }
                    };
                    const colors = () => {
                      const canvas = page.getElementById('canvas');
                      const rgba = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
                      let bright = 0, colored = 0;
                      for (let p = 0; p < rgba.length; p += 4) {
                        bright += rgba[p] > 40;
                        colored += rgba[p] !== rgba[p + 1] || rgba[p] !== rgba[p + 2];
                      }
                      return [bright > 20, colored > 20].join(' ');
                    };
                    const input = (id, value) => { page.getElementById(id).value = value;
                      page.getElementById(id).dispatchEvent(new Event('input')); };
                    const out = [page.querySelectorAll('#series tr').length, page.getElementById('number').textContent,
                      page.getElementById('legend').textContent, colors()];
                    page.getElementById('show').click();
                    out.push(colors());
                    page.getElementById('show').click();
                    input('slice', 3);
                    await until(() => page.getElementById('number').textContent.startsWith('4 '));
                    out.push(page.getElementById('number').textContent);
                    input('filter', 'ct');
                    out.push(page.querySelectorAll('#series tr').length);
                    page.querySelector('#series tr').click();
                    await until(() => page.getElementById('left').textContent === 'A');
                    out.push(page.getElementById('overlay').hidden, page.getElementById('left').textContent,
                      page.getElementById('failure').textContent);
                    input('black', 900);
                    out.push(page.getElementById('shown').textContent.length > 0);
                    return out.join('|');
                    """);
            assertEquals("4|17 of 32|CSFGMWM|true true|true false|4 of 32|1|true|A||true", shown);
        }
    }

    @Test
    void thePageSaysThatTheNodeIsNotExecuted() throws Exception {
        assumeTrue(Browser.isInstalled(), "no Chromium is installed, so the view is not looked at in a browser");
        try (Browser browser = new Browser(Files.createDirectory(m_folder.resolve("browser")))) {
            assertTrue(browser.run("series.html", m_view.callInitialData().orElseThrow(),
                "return page.getElementById('message').textContent;").startsWith("Execute the node"));
        }
    }
}
