package org.scanbridge.knime.nodes.volumeaugmenter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataTableSpec;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.DefaultNodeProgressMonitor;
import org.knime.core.node.port.PortObject;
import org.knime.core.standin.run.NodeHost;
import org.knime.node.standin.StandinNodeFactory;
import org.scanbridge.imaging.phantom.Anatomy;
import org.scanbridge.imaging.phantom.BrainPhantom;
import org.scanbridge.imaging.phantom.ScannerSimulator;
import org.scanbridge.imaging.phantom.SiteProtocols;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.knime.data.LabelVolumeCell;
import org.scanbridge.knime.data.VolumeCell;
import org.scanbridge.knime.data.VolumeCellFactory;
import org.scanbridge.knime.testing.Bench;
import org.scanbridge.knime.testing.Browser;

/** The Volume Augmenter's view in a real browser. Skipped where no Chromium is installed. */
class AugmenterViewTest {

    @TempDir
    Path m_folder;

    private Bench m_bench;

    private Browser m_browser;

    @BeforeEach
    void open() throws Exception {
        assumeTrue(Browser.isInstalled(), "no Chromium is installed, so the view is not looked at in a browser");
        m_bench = new Bench(Files.createDirectory(m_folder.resolve("run")));
        m_browser = new Browser(Files.createDirectory(m_folder.resolve("browser")));
    }

    @AfterEach
    void close() {
        if (m_browser != null) {
            m_browser.close();
            m_bench.close();
        }
    }

    private DataCell[] phantom() throws Exception {
        final LabelVolume labels = new BrainPhantom(48, Anatomy.ADULT).generate(3);
        final Volume image = new ScannerSimulator().scan(labels, SiteProtocols.A, 4);
        final VolumeCellFactory cells = VolumeCellFactory.of(m_bench.context());
        return new DataCell[]{cells.create("image", image), cells.create("labels", labels)};
    }

    private String envelope(final boolean execute, final DataCell[]... rows) throws Exception {
        final BufferedDataTable table = m_bench.table(
            new DataTableSpec(new DataColumnSpecCreator("Image", VolumeCell.TYPE).createSpec(),
                new DataColumnSpecCreator("Segmentation", LabelVolumeCell.TYPE).createSpec()), List.of(rows));
        final PortObject[] inputs = {table};
        final NodeHost node = m_bench.configured(new VolumeAugmenterNodeFactory(), s -> s.addInt("copies", 2), inputs);
        if (execute) {
            node.execute(inputs, new DefaultNodeProgressMonitor());
        }
        return ((StandinNodeFactory)node.factory()).createView(node.model()).orElseThrow().callInitialData().orElseThrow();
    }

    /** The original, its two copies, and nine more that only the view shows. */
    @Test
    void showsOriginalAndCopiesWithWhatWasDrawn() throws Exception {
        final String shown = m_browser.run("augmentations.html", envelope(true, phantom()), """
                const figures = [...page.querySelectorAll('figure')];
                const before = figures[0].querySelector('img').src;
                const box = page.getElementById('labels');
                box.checked = true;
                box.dispatchEvent(new Event('change'));
                const after = [...page.querySelectorAll('figure img')];
                return [figures.length, page.querySelectorAll('figure.original').length,
                  figures.filter(f => f.textContent.includes('only shown here')).length,
                  figures.every(f => f.querySelectorAll('li').length > 0), after[0].src !== before,
                  after.every(i => i.src.startsWith('data:image/png;base64,iVBOR')), figures[1].querySelector('strong').textContent].join(' ');
                """);
        assertEquals("12 1 9 true true true Row0, copy 1", shown);
    }

    @Test
    void saysWhatIsMissing() throws Exception {
        final String message = "return page.getElementById('message').textContent;";
        assertTrue(m_browser.run("augmentations.html", envelope(false, phantom()), message).startsWith("Execute the node"));
        assertTrue(m_browser.run("augmentations.html", envelope(true), message).contains("no images"));
        assertEquals("no data", m_browser.run("augmentations.html",
            "{\"userError\":{\"message\":\"no data\",\"details\":\"\"}}", message));
    }
}
