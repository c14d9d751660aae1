package org.scanbridge.knime.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataTableSpec;
import org.knime.core.node.BufferedDataTable;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.knime.data.LabelVolumeCell;
import org.scanbridge.knime.data.VolumeCell;
import org.scanbridge.knime.data.VolumeCellFactory;
import org.scanbridge.knime.testing.Bench;

/**
 * The page in a real browser with a slow node: on every frame, subject line, slice number, picture, value and legend belong
 * together. Row r has a bright quadrant number r, voxels of 1000 (r + 1) + k elsewhere, and a class "class r". Skipped where no
 * Chromium is installed; the same is asserted without a browser in {@link SliceFlowTest}.
 */
class EveryFrameTest {

    private static final int SIDE = 16;

    private static final int SLICES = 160;

    /** Looks at every frame, with the pointer on the quadrant that is never bright. */
    private static final String WATCH = """
            const wrong = [];
            const seen = new Set();
            const one = selector => page.querySelector(selector);
            const text = selector => one(selector) ? one(selector).textContent : '';
            const until = async condition => {
              for (let n = 0; n < 2500 && !condition(); n++) { await new Promise(r => setTimeout(r, 10)); }
            };
            const view = page.defaultView;
            let frames = 0;
            const look = () => {
              frames++;
              const row = Number((/site (\\d)/.exec(text('.subject')) || [])[1]);
              const stage = one('.stage');
              if (stage) {
                const box = stage.getBoundingClientRect();
                const side = Math.min(box.width, box.height);
                stage.dispatchEvent(new view.PointerEvent('pointermove', { clientX: box.left + box.width / 2 + side / 4,
                  clientY: box.top + box.height / 2 + side / 4 }));
                const canvas = one('.stage canvas');
                const scale = canvas.width / box.width;
                const context = canvas.getContext('2d');
                const at = (x, y) => {
                  const p = context.getImageData(Math.round((box.width / 2 + x * side / 4) * scale),
                    Math.round((box.height / 2 + y * side / 4) * scale), 1, 1).data;
                  return p[3] === 0 ? -1 : p[0];
                };
                const grays = [at(-1, -1), at(1, -1), at(-1, 1), at(1, 1)];
                const slice = /(\\d+) of \\d+/.exec(text('.stage .name'));
                const value = Number((/^\\d+/.exec(text('.stage .value')) || [])[0]);
                if (!slice) {
                  if (grays.some(g => g >= 0)) { wrong.push('a picture without a number: ' + grays); }
                  if (text('.stage .value')) { wrong.push('a value without a picture'); }
                } else {
                  seen.add(row + '/' + slice[1]);
                  if (grays.indexOf(Math.max(...grays)) !== row) { wrong.push('picture ' + grays + ' at row ' + row); }
                  if (value !== 1000 * (row + 1) + Number(slice[1]) - 1) {
                    wrong.push('value ' + text('.stage .value') + ' at row ' + row + ', slice ' + slice[1]);
                  }
                  if (text('.number') && !text('.number').startsWith(slice[1] + ' of')) { wrong.push('number ' + text('.number')); }
                }
              }
              const legend = text('.classes');
              if (legend && !legend.includes('class ' + row)) { wrong.push('legend ' + legend + ' at row ' + row); }
            };
            const watch = () => { look(); requestAnimationFrame(watch); };
            watch();
            const rows = page.querySelectorAll.bind(page, '.series tr');
            const notch = delta => one('.stage') && one('.stage').dispatchEvent(new view.WheelEvent('wheel', { deltaY: delta, cancelable: true }));
            const wait = ms => new Promise(r => setTimeout(r, ms));
            """;

    @TempDir
    Path m_folder;

    private ViewerPage m_page;

    @BeforeEach
    void open() throws Exception {
        m_page = new ViewerPage(m_folder, EveryFrameTest::table);
    }

    @AfterEach
    void close() {
        if (m_page != null) {
            m_page.close();
        }
    }

    private static BufferedDataTable table(final Bench bench) throws Exception {
        final VolumeCellFactory cells = VolumeCellFactory.of(bench.context());
        final Geometry grid = Geometry.axial(new int[]{SIDE, SIDE, SLICES}, 1, 1, 1);
        final List<DataCell[]> rows = new ArrayList<>();
        for (int row = 0; row < 3; row++) {
            final float[] voxels = new float[grid.voxelCount()];
            final byte[] labels = new byte[voxels.length];
            for (int v = 0; v < voxels.length; v++) {
                final int quadrant = (v % SIDE < SIDE / 2 ? 0 : 1) + (v / SIDE % SIDE < SIDE / 2 ? 0 : 2);
                voxels[v] = 1000 * (row + 1) + v / (SIDE * SIDE) + (quadrant == row ? 500 : 0);
                labels[v] = (byte)(v % SIDE == 0 ? 1 : 0);
            }
            final VolumeInfo info = new VolumeInfo("MR", "site " + row, "S-" + row, "", "");
            rows.add(new DataCell[]{cells.create("i" + row, new Volume(voxels, grid, info)),
                cells.create("l" + row, new LabelVolume(labels, grid, info, LabelSet.of("class " + row)))});
        }
        return bench.table(new DataTableSpec(new DataColumnSpecCreator("Image", VolumeCell.TYPE).createSpec(),
            new DataColumnSpecCreator("Segmentation", LabelVolumeCell.TYPE).createSpec()), rows);
    }

    @Test
    void nothingOfAnotherRowOrSliceIsShownWhileAnswersTakeThreeSeconds() throws Exception {
        m_page.browser().latency(3000);
        m_page.browser().patience(150);
        final String shown = m_page.watch(WATCH + """
                await until(() => text('.number') === '81 of 160');
                for (let n = 0; n < 5; n++) { notch(100); await wait(200); }
                await until(() => text('.number') === '86 of 160');
                rows()[1].click();
                look();
                await wait(500);
                notch(100);
                rows()[2].click();
                look();
                await wait(4000);
                rows()[1].click();
                look();
                await until(() => [...seen].some(s => s[0] === '1'));
                notch(-100);
                rows()[0].click();
                look();
                await until(() => text('.number').startsWith('81 of 160'));
                return [wrong.slice(0, 3).join('; '), frames > 100, text('.subject'), [...seen].map(s => s[0]).join('')].join('|');
                """);
        final String[] parts = shown.split("\\|");
        assertEquals("", parts[0]);
        assertEquals("true", parts[1], shown);
        assertTrue(parts[2].startsWith("site 0 · S-0"), shown);
        assertTrue(parts[3].contains("0") && parts[3].contains("1"), "rows whose pictures were seen: " + shown);
    }

    @Test
    void sixtyNotchesAreAFilm() throws Exception {
        m_page.browser().latency(150);
        m_page.browser().patience(60);
        final String shown = m_page.watch(WATCH + """
                await until(() => text('.number') === '81 of 160');
                await wait(2000);
                const before = seen.size;
                for (let n = 0; n < 60; n++) { notch(100); await wait(16); }
                await until(() => text('.number') === '141 of 160');
                return [wrong.slice(0, 3).join('; '), seen.size - before, text('.number')].join('|');
                """);
        final String[] parts = shown.split("\\|");
        assertEquals("", parts[0]);
        assertTrue(Integer.parseInt(parts[1]) >= 20, "pictures: " + shown);
        assertEquals("141 of 160", parts[2]);
    }
}
