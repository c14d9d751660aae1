package org.scanbridge.knime.nodes.imageregistration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DataType;
import org.knime.core.data.DoubleValue;
import org.knime.core.data.StringValue;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.InvalidSettingsException;
import org.scanbridge.imaging.phantom.Anatomy;
import org.scanbridge.imaging.phantom.BrainPhantom;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.knime.data.VolumeCell;
import org.scanbridge.knime.data.VolumeCellFactory;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.testing.Bench;
import org.scanbridge.knime.testing.Bench.Result;

class ImageRegistrationNodeTest {

    private static final float[] T1 = {10, 40, 70, 100};

    private static final float[] T2 = {10, 120, 60, 30};

    private static final LabelVolume HEAD = new BrainPhantom(48, Anatomy.ADULT).generate(3);

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

    /** The same head with another contrast, whose positions are 3.5 mm to the left, 2 mm anterior and 4.5 mm superior. */
    private static Volume scan(final float[] means, final double... shift) {
        final float[] x = new float[HEAD.voxels().length];
        final SeededRandom random = new SeededRandom(4);
        for (int v = 0; v < x.length; v++) {
            x[v] = (float)(means[HEAD.voxels()[v]] + 2 * random.nextGaussian());
        }
        final Geometry g = HEAD.geometry();
        final double[] origin = g.origin();
        for (int a = 0; a < 3; a++) {
            origin[a] += shift[a];
        }
        return new Volume(x, new Geometry(g.size(), g.spacing(), origin, g.direction()), HEAD.info());
    }

    private BufferedDataTable table() throws Exception {
        final DataTableSpec spec = new DataTableSpec(new DataColumnSpecCreator("Image", VolumeCell.TYPE).createSpec(),
            new DataColumnSpecCreator("T2", VolumeCell.TYPE).createSpec());
        final VolumeCellFactory cells = VolumeCellFactory.of(m_bench.context());
        return m_bench.table(spec,
            List.of(new DataCell[]{cells.create("f", scan(T1, 0, 0, 0)), cells.create("m", scan(T2, 3.5, -2, 4.5))},
                new DataCell[]{cells.create("g", scan(T1, 0, 0, 0)), DataType.getMissingCell()}));
    }

    /** What lies at a fixed position p is found in the moving image at p + shift. */
    @Test
    void findsAKnownShiftAndShowsTheMovingImageOnTheFixedGrid() throws Exception {
        final Result result = m_bench.run(new ImageRegistrationNodeFactory(), s -> {
        }, table());
        final List<DataRow> transforms = result.rows(1);
        final double[] expected = {1, 0, 0, 0, 1, 0, 0, 0, 1, 3.5, -2, 4.5};
        for (int n = 0; n < 12; n++) {
            assertEquals(expected[n], ((DoubleValue)transforms.get(0).getCell(n)).getDoubleValue(), n < 9 ? 0.01 : 0.2);
        }
        assertTrue(((DoubleValue)transforms.get(0).getCell(12)).getDoubleValue() > ((DoubleValue)transforms.get(0).getCell(13))
            .getDoubleValue());
        final Volume moved = ((VolumeValue)result.rows(0).get(0).getCell(2)).volume();
        assertTrue(moved.geometry().sameGrid(HEAD.geometry()));
        double white = 0;
        int n = 0;
        for (int v = 0; v < HEAD.voxels().length; v++) {
            if (HEAD.voxels()[v] == BrainPhantom.WM) {
                white += moved.voxels()[v];
                n++;
            }
        }
        assertEquals(T2[BrainPhantom.WM], white / n, 3);
        assertTrue(result.rows(0).get(1).getCell(2).isMissing());
        assertEquals("The row lacks the moving image.", ((StringValue)transforms.get(1).getCell(14)).getStringValue());
        assertTrue(result.warning().contains("Rows that were not registered: Row1"), result.warning());
    }

    @Test
    void oneColumnTwiceIsRefused() throws Exception {
        final BufferedDataTable table = table();
        final String message = assertThrows(InvalidSettingsException.class, () -> m_bench
            .configured(new ImageRegistrationNodeFactory(), s -> s.addString("movingColumn", "Image"), table)).getMessage();
        assertTrue(message.contains("are both \"Image\""), message);
    }
}
