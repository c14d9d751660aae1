package org.scanbridge.knime.view;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.InflaterInputStream;

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

/** The Image Viewer: what it begins with, single slices, and the page in a real browser where there is one. */
class ImageViewerTest {

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

    /** The bytes of the pixels that are the n-th in an answer. */
    private static byte[] bytes(final String answer, final int n) throws Exception {
        final Matcher data = Pattern.compile("\"data\":\"([^\"]*)\"").matcher(answer);
        for (int d = 0; d <= n; d++) {
            assertTrue(data.find(), "pixels " + d + " in " + answer);
        }
        try (InflaterInputStream in = new InflaterInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(data.group(1))))) {
            return in.readAllBytes();
        }
    }

    private static int[] levels(final byte[] bytes) {
        final int[] levels = new int[bytes.length / 2];
        for (int p = 0; p < levels.length; p++) {
            levels[p] = (bytes[p] & 0xff) << 8 | bytes[levels.length + p] & 0xff;
        }
        return levels;
    }

    @Test
    void beginsWithTheListOfRows() throws Exception {
        assertTrue(m_view.callInitialData().orElseThrow().contains("\"executed\":false"));
        final String start = start();
        assertTrue(start.contains("\"executed\":true") && start.contains("1 problem, see the second output"), start);
        assertEquals(4, start.split("\"site\":", -1).length - 1);
        assertTrue(start.contains("\"size\":[3,2,2],\"spacing\":[2.0,1.0,4.0],\"labels\":[]"), start);
        assertTrue(start.contains("\"labels\":[\"Segmentation\"]"), start);
        assertTrue(start.length() < 4000, "the list is small: " + start.length());
    }

    /**
     * The sagittal image: i to posterior, j to foot, k to the left (the reader stacks slices along their normal, here to the
     * right). Voxels are 100 + i + 3 j + 6 k, at (4 k, 2 i, -j) mm in LPS.
     */
    @Test
    void saysWhereTheSlicesLieInThePatient() throws Exception {
        start();
        final String row = call("open", "[3]");
        assertTrue(row.contains("\"lead\":0,\"acquired\":2"), row);
        assertTrue(row.contains("\"modality\":\"CT\",\"units\":\"HU\""), row);
        // axial: x runs to the left (k), y to posterior (i), slices to the head (against j)
        assertTrue(row.contains("{\"size\":[2,3,2],\"first\":[0.0,0.0,-1.0],\"across\":[4.0,0.0,0.0],\"down\":[0.0,2.0,0.0],"
            + "\"through\":[0.0,0.0,1.0],\"letters\":[\"R\",\"L\",\"A\",\"P\"],\"oblique\":0.0}"), row);
        // coronal: x to the left, y to the foot, slices to posterior
        assertTrue(row.contains("{\"size\":[2,2,3],\"first\":[0.0,0.0,0.0],\"across\":[4.0,0.0,0.0],\"down\":[0.0,0.0,-1.0],"
            + "\"through\":[0.0,2.0,0.0],\"letters\":[\"R\",\"L\",\"H\",\"F\"],\"oblique\":0.0}"), row);
        // sagittal: x to posterior, y to the foot, slices to the left
        assertTrue(row.contains("{\"size\":[3,2,2],\"first\":[0.0,0.0,0.0],\"across\":[0.0,2.0,0.0],\"down\":[0.0,0.0,-1.0],"
            + "\"through\":[4.0,0.0,0.0],\"letters\":[\"A\",\"P\",\"H\",\"F\"],\"oblique\":0.0}"), row);
        final Matcher window = Pattern.compile("\"black\":([\\d.]+),\"white\":([\\d.]+)").matcher(row);
        assertTrue(window.find() && Double.parseDouble(window.group(1)) >= 100 && Double.parseDouble(window.group(2)) <= 111, row);
    }

    /** The same voxels in three planes; whole numbers come exactly. */
    @Test
    void givesSlicesInThreePlanes() throws Exception {
        start();
        final String answer = call("slices", "[3, [[2, 0, -1], [2, 1, -1], [0, 1, -1], [1, 2, -1]]]");
        assertEquals(List.of("100.0", "106.0", "100.0", "102.0"),
            Pattern.compile("\"low\":([\\d.]+),\"step\":1.0").matcher(answer).results().map(r -> r.group(1)).toList());
        assertArrayEquals(new int[]{0, 1, 2, 3, 4, 5}, levels(bytes(answer, 0)), "sagittal, rightmost");
        assertArrayEquals(new int[]{0, 1, 2, 3, 4, 5}, levels(bytes(answer, 1)), "sagittal, next");
        // the uppermost axial slice: j = 0; row by row i = 0, 1, 2 with k = 0, 1
        assertArrayEquals(new int[]{0, 6, 1, 7, 2, 8}, levels(bytes(answer, 2)), "axial");
        // the last coronal slice: i = 2; row by row j = 0, 1 with k = 0, 1
        assertArrayEquals(new int[]{0, 6, 3, 9}, levels(bytes(answer, 3)), "coronal");
    }

    @Test
    void givesLabelsBesideTheImageAndFindsThem() throws Exception {
        start();
        final String found = call("find", "[0, 1, -1]");
        final Matcher counts = Pattern.compile("\"counts\":\\[\\[([\\d,]*)\\]").matcher(found);
        assertTrue(counts.find(), found);
        final int[] axial = Pattern.compile(",").splitAsStream(counts.group(1)).mapToInt(Integer::parseInt).toArray();
        int labeled = 0;
        for (int slice = 0; slice < axial.length; slice++) {
            int here = 0;
            for (final byte label : bytes(call("slices", "[0, [[0, -1, " + slice + "]]]"), 0)) {
                here += label != 0 ? 1 : 0;
            }
            assertEquals(here, axial[slice], "labels in slice " + slice);
            labeled += here;
        }
        assertTrue(labeled > 1000, "labels: " + labeled);
        assertTrue(call("find", "[0, 1, 1]").contains("\"position\":null"), "a segmentation does not differ from itself");
        assertTrue(call("find", "[0, 0, -1]").contains("Layer 0 of row 0 is no segmentation"));
    }

    @Test
    void saysWhatIsNotThere() throws Exception {
        start();
        assertTrue(call("open", "[9]").contains("There is no row 9 of 4"));
        assertTrue(call("slices", "[0, [[0, 999, -1]]]").contains("There is no axial slice 999"));
        assertTrue(call("slices", "[0, [[0, 1]]]").contains("2 slices are needed"));
        m_node.reset();
        assertTrue(call("open", "[0]").contains("Execute it"));
    }

    @Test
    void thePageShowsSlicesWithTheirSegmentation() throws Exception {
        assumeTrue(Browser.isInstalled(), "no Chromium is installed, so the view is not looked at in a browser");
        final String start = start();
        try (Browser browser = new Browser(Files.createDirectory(m_folder.resolve("browser")))) {
            browser.answer(request -> m_view.callDataService(request).orElseThrow());
            final String shown = browser.run("images.html", start, """
                    const until = async condition => {
                      for (let n = 0; n < 500 && !condition(); n++) { await new Promise(r => setTimeout(r, 5)); }
                    };
                    const one = selector => page.querySelector(selector);
                    const text = selector => one(selector) ? one(selector).textContent : 'none';
                    const colors = () => {
                      const canvas = one('.stage canvas');
                      const rgba = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
                      let bright = 0, colored = 0;
                      for (let p = 0; p < rgba.length; p += 4) {
                        bright += rgba[p] > 40;
                        colored += Math.abs(rgba[p] - rgba[p + 1]) > 20 || Math.abs(rgba[p] - rgba[p + 2]) > 20;
                      }
                      return [bright > 20, colored > 20].join(' ');
                    };
                    await until(() => text('.number') === '17 of 32');
                    const out = [page.querySelectorAll('.series tr').length, text('.number'), text('.classes'), colors()];
                    const show = [...page.querySelectorAll('.tools label')].find(l => l.textContent === 'Show classes').firstChild;
                    show.click();
                    out.push(colors());
                    show.click();
                    const slider = one('.scroll input');
                    slider.value = 3;
                    slider.dispatchEvent(new Event('input'));
                    await until(() => text('.number').startsWith('4 of 32') && !text('.number').includes('loading'));
                    out.push(text('.number'), text('.stage .name'));
                    const filter = one('.list input');
                    filter.value = 'ct';
                    filter.dispatchEvent(new Event('input'));
                    out.push(page.querySelectorAll('.series tr').length);
                    one('.series tr').click();
                    out.push(text('.stage .name'), text('.number'), text('.classes'));
                    await until(() => text('.stage .left') === 'A');
                    out.push(text('.stage .left') + text('.stage .right') + text('.stage .up') + text('.stage .down'),
                      text('.subject').startsWith('C · '), text('.stage .window').startsWith('C '), text('.failure'));
                    return out.join('|');
                    """);
            assertEquals("4|17 of 32|CSFGMWM|true true|true false|4 of 32|Axial 4 of 32 · Image|1|none|||APHF|true|true|", shown);
        }
    }

    @Test
    void thePageSaysThatTheNodeIsNotExecuted() throws Exception {
        assumeTrue(Browser.isInstalled(), "no Chromium is installed, so the view is not looked at in a browser");
        try (Browser browser = new Browser(Files.createDirectory(m_folder.resolve("browser")))) {
            assertTrue(browser.run("images.html", m_view.callInitialData().orElseThrow(),
                "return page.getElementById('message').textContent;").startsWith("Execute the node"));
        }
    }
}
