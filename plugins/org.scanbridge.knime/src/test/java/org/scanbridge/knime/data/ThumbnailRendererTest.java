package org.scanbridge.knime.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Component;
import java.awt.Dimension;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataType;
import org.knime.core.data.renderer.DataValueRenderer;
import org.scanbridge.imaging.render.LabelColors;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.knime.testing.Bench;

class ThumbnailRendererTest {

    private static final int SIZE = 64;

    /** Three slices of 2×2; the middle one (k = 1) is what is painted. */
    private static final Geometry GRID = Geometry.axial(new int[]{2, 2, 3}, 1, 1, 1);

    @TempDir
    Path m_folder;

    private Bench m_bench;

    @BeforeEach
    void open() throws Exception {
        m_bench = new Bench(m_folder);
    }

    @AfterEach
    void close() {
        m_bench.close();
    }

    private static BufferedImage painted(final DataCell cell) {
        final DataValueRenderer renderer = new ThumbnailRenderer.VolumeFactory()
            .createRenderer(new DataColumnSpecCreator("c", VolumeCell.TYPE).createSpec());
        final Component component = renderer.getRendererComponent(cell);
        component.setSize(new Dimension(SIZE, SIZE));
        final BufferedImage picture = new BufferedImage(SIZE, SIZE, BufferedImage.TYPE_INT_RGB);
        component.paint(picture.getGraphics());
        return picture;
    }

    private static int rgb(final BufferedImage picture, final int x, final int y) {
        return picture.getRGB(x, y) & 0xffffff;
    }

    @Test
    void paintsTheMiddleSliceWithThePatientsRightOnTheLeft() throws Exception {
        // LPS, i to the Left: voxel (0,0) is the patient's right anterior corner, top left in the picture.
        final Volume volume = new Volume(new float[]{0, 0, 0, 0, 100, 0, 0, 50, 9, 9, 9, 9}, GRID, VolumeInfo.UNKNOWN);
        final BufferedImage picture = painted(VolumeCellFactory.of(m_bench.context()).create("x", volume));
        assertEquals(0xffffff, rgb(picture, 2, 2));
        assertEquals(0, rgb(picture, SIZE - 3, 2));
        assertEquals(0, rgb(picture, 2, SIZE - 3));
        assertTrue(Math.abs((rgb(picture, SIZE - 3, SIZE - 3) & 0xff) - 127) < 10);
    }

    @Test
    void paintsLabelsInTheirColors() throws Exception {
        final LabelVolume labels = new LabelVolume(new byte[]{0, 0, 0, 0, 1, 0, 0, 2, 3, 3, 3, 3}, GRID,
            VolumeInfo.UNKNOWN, LabelSet.of());
        final BufferedImage picture = painted(VolumeCellFactory.of(m_bench.context()).create("x", labels));
        assertEquals(LabelColors.rgb(1), rgb(picture, 2, 2));
        assertEquals(0, rgb(picture, SIZE - 3, 2));
        assertEquals(LabelColors.rgb(2), rgb(picture, SIZE - 3, SIZE - 3));
    }

    @Test
    void missingCellsAndMissingFilesDoNotBreakATable() throws Exception {
        painted(DataType.getMissingCell());
        final VolumeCell cell = VolumeCellFactory.of(m_bench.context()).create("x",
            new Volume(new float[12], GRID, VolumeInfo.UNKNOWN));
        try (var files = Files.walk(m_folder)) {
            Files.delete(files.filter(f -> f.getFileName().toString().equals("v_x")).findFirst().orElseThrow());
        }
        painted(cell);
    }
}
