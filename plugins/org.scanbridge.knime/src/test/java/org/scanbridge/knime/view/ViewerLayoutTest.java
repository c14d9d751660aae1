package org.scanbridge.knime.view;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DataType;
import org.knime.core.node.BufferedDataTable;
import org.scanbridge.imaging.phantom.PhantomStudy;
import org.scanbridge.imaging.phantom.SiteProtocols;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.knime.data.LabelVolumeCell;
import org.scanbridge.knime.data.VolumeCell;
import org.scanbridge.knime.data.VolumeCellFactory;
import org.scanbridge.knime.testing.Bench;

/**
 * The viewer as a person sees it in KNIME's bottom panel, in a window of its own and in a narrow one: every picture is painted,
 * no control is cut, and the list, the pictures and the controls all have room. With the system property
 * {@code scanbridge.screenshots} it takes the pictures of the documentation. Skipped where no Chromium is installed.
 */
class ViewerLayoutTest {

    @TempDir
    Path m_folder;

    private ViewerPage m_page;

    @BeforeEach
    void open() throws Exception {
        m_page = new ViewerPage(m_folder, ViewerLayoutTest::table);
    }

    @AfterEach
    void close() {
        if (m_page != null) {
            m_page.close();
        }
    }

    private static BufferedDataTable table(final Bench bench) throws Exception {
        final VolumeCellFactory cells = VolumeCellFactory.of(bench.context());
        final PhantomStudy phantoms = new PhantomStudy(SiteProtocols.defaultStudy(), 48, 7);
        final List<DataCell[]> rows = new ArrayList<>();
        for (int n = 0; n < 12; n++) {
            final PhantomStudy.Subject s = phantoms.subject(n % 2, n);
            // a model that moves everything by a voxel and loses a class now and then
            final byte[] truth = s.labels().voxels();
            final byte[] found = new byte[truth.length];
            for (int v = 1; v < truth.length; v++) {
                found[v] = truth[v - 1] == 3 && v % 17 < 3 ? 2 : truth[v - 1];
            }
            rows.add(new DataCell[]{cells.create("i" + n, s.image()), n == 5 ? DataType.getMissingCell() : cells.create("l" + n, s.labels()),
                cells.create("p" + n, new LabelVolume(found, s.labels().geometry(), s.labels().info(), s.labels().labels()))});
        }
        return bench.table(new DataTableSpec(new DataColumnSpecCreator("Image", VolumeCell.TYPE).createSpec(),
            new DataColumnSpecCreator("Segmentation", LabelVolumeCell.TYPE).createSpec(),
            new DataColumnSpecCreator("adapted to the new site", LabelVolumeCell.TYPE).createSpec()), rows);
    }

    @ParameterizedTest(name = "{0} × {1}, {2}")
    @CsvSource({"1200, 300, one, 3", "1600, 1000, three, 9", "1600, 1000, one, 3", "500, 700, one, 3", "500, 400, three, 9", "960, 540, three, 9"})
    void everythingHasRoom(final int width, final int height, final String layout, final int pictures) throws Exception {
        m_page.browser().size(width, height);
        final String shown = m_page.run("""
                const until = async condition => {
                  for (let n = 0; n < 400 && !condition(); n++) { await new Promise(r => setTimeout(r, 5)); }
                };
                const all = selector => [...page.querySelectorAll(selector)];
                const button = name => all('.tools button').find(b => b.textContent === name);
                await until(() => all('.stage').length > 0);
                if ('LAYOUT' === 'three') { button('All three').click(); }
                await until(() => all('.stage').length === PICTURES && all('.stage .wait').every(w => w.textContent === ''));
                button('Largest difference').click();
                await until(() => !page.querySelector('.failure').textContent && all('.stage .wait').every(w => w.textContent === ''));
                const dark = all('.stage canvas').filter(c => {
                  const rgba = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
                  let bright = 0;
                  for (let p = 0; p < rgba.length; p += 4) { bright += rgba[p + 3] > 0 && rgba[p] > 60 && rgba[p] !== 140; }
                  return bright < 20;
                }).length;
                const inside = (e, box) => {
                  const r = e.getBoundingClientRect();
                  return r.width === 0 || r.left >= box.left - 1 && r.right <= box.right + 1;
                };
                const window = { left: 0, right: page.documentElement.clientWidth };
                const tools = page.querySelector('.tools');
                const cut = all('.tools button, .tools label, .tools input, .tools select, .tools output')
                  .filter(e => !inside(e, tools.getBoundingClientRect())).map(e => e.textContent || e.getAttribute('aria-label'));
                const over = all('.viewer > *').filter(e => !inside(e, window)).map(e => e.className);
                const stages = page.querySelector('.stages').getBoundingClientRect();
                const list = page.querySelector('.rows').getBoundingClientRect();
                const [wide, high] = [page.documentElement.clientWidth, page.documentElement.clientHeight];
                const low = tools.getBoundingClientRect().bottom > page.documentElement.clientHeight + 1;
                return [all('.stage').length, dark, cut.join(), over.join(), low, stages.width * stages.height > 0.2 * wide * high,
                  list.height > 0.5 * high, page.documentElement.scrollHeight <= page.documentElement.clientHeight].join('|');
                """.replace("LAYOUT", layout).replace("PICTURES", String.valueOf(pictures)));
        assertEquals(pictures + "|0|||false|true|true|true", shown);
    }
}
