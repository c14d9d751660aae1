package org.scanbridge.knime.nodes.atlassegmenter;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DataType;
import org.knime.core.data.DoubleValue;
import org.knime.core.data.MissingCell;
import org.knime.core.data.StringValue;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.port.PortObject;
import org.knime.core.standin.run.NodeExecutionException;
import org.scanbridge.imaging.atlas.Atlas;
import org.scanbridge.imaging.phantom.Anatomy;
import org.scanbridge.imaging.phantom.BrainPhantom;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.knime.data.LabelVolumeCell;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.data.VolumeCell;
import org.scanbridge.knime.data.VolumeCellFactory;
import org.scanbridge.knime.nodes.atlasbuilder.AtlasBuilderNodeFactory;
import org.scanbridge.knime.port.AtlasPortObject;
import org.scanbridge.knime.port.AtlasPortObjectSpec;
import org.scanbridge.knime.testing.Bench;
import org.scanbridge.knime.testing.Bench.Result;

/** Atlas Builder and Atlas Segmenter on phantoms of 32³ voxels. */
class AtlasNodesTest {

    private static final float[] T1 = {10, 40, 70, 100};

    private static final float[] T2 = {10, 120, 60, 30};

    private static final DataTableSpec SPEC =
        new DataTableSpec(new DataColumnSpecCreator("Image", VolumeCell.TYPE).createSpec(),
            new DataColumnSpecCreator("Segmentation", LabelVolumeCell.TYPE).createSpec());

    @TempDir
    static Path s_builderFolder;

    /** What the builder made of {@link #study}. */
    private static Atlas s_atlas;

    @TempDir
    Path m_folder;

    private Bench m_bench;

    @BeforeAll
    static void build() throws Exception {
        try (Bench bench = new Bench(s_builderFolder)) {
            final Result built = bench.run(new AtlasBuilderNodeFactory(), s -> {
                s.addDouble("voxelSize", 1);
                s.addDouble("margin", 4);
                s.addInt("clusters", 1);
                s.addDouble("smoothing", 2);
            }, study(bench));
            assertTrue(built.warning().contains("1 of 4 rows have no image or no segmentation"), built.warning());
            final AtlasPortObject atlas = (AtlasPortObject)built.outputs()[0];
            assertEquals(new AtlasPortObjectSpec(LabelSet.of("CSF", "GM", "WM"), 3), atlas.getSpec());
            s_atlas = atlas.atlas();
        }
    }

    @BeforeEach
    void open() throws Exception {
        m_bench = new Bench(m_folder);
    }

    @AfterEach
    void close() {
        m_bench.close();
    }

    private static LabelVolume labels(final long seed) {
        return new BrainPhantom(32, Anatomy.ADULT).generate(seed);
    }

    private static Volume scan(final LabelVolume labels, final float[] means, final long seed) {
        final float[] x = new float[labels.voxels().length];
        final SeededRandom random = new SeededRandom(seed);
        for (int v = 0; v < x.length; v++) {
            x[v] = (float)(means[labels.voxels()[v]] + 2 * random.nextGaussian());
        }
        return new Volume(x, labels.geometry(), labels.info());
    }

    /** Rows of T1-like phantoms; one more row without a segmentation. */
    private static BufferedDataTable study(final Bench bench) throws Exception {
        final VolumeCellFactory cells = VolumeCellFactory.of(bench.context());
        final List<DataCell[]> rows = new ArrayList<>();
        for (int s = 0; s < 4; s++) {
            rows.add(new DataCell[]{cells.create("i" + s, scan(labels(s), T1, s)),
                s == 3 ? DataType.getMissingCell() : cells.create("l" + s, labels(s))});
        }
        return bench.table(SPEC, rows);
    }

    private AtlasPortObject atlas() throws Exception {
        return AtlasPortObject.create(m_bench.context(), s_atlas);
    }

    private BufferedDataTable targets() throws Exception {
        final VolumeCellFactory cells = VolumeCellFactory.of(m_bench.context());
        final LabelVolume truth = labels(9);
        final Volume constant = new Volume(new float[truth.voxels().length], truth.geometry(), truth.info());
        return m_bench.table(SPEC, List.of(
            new DataCell[]{cells.create("t", scan(truth, T2, 9)), cells.create("tl", truth)},
            new DataCell[]{DataType.getMissingCell(), DataType.getMissingCell()},
            new DataCell[]{cells.create("c", constant), DataType.getMissingCell()}));
    }

    private BufferedDataTable constantOnly() throws Exception {
        final VolumeCellFactory cells = VolumeCellFactory.of(m_bench.context());
        final LabelVolume truth = labels(9);
        final Volume constant = new Volume(new float[truth.voxels().length], truth.geometry(), truth.info());
        return m_bench.table(SPEC, List.of(new DataCell[]{DataType.getMissingCell(), DataType.getMissingCell()},
            new DataCell[]{cells.create("c", constant), DataType.getMissingCell()}));
    }

    private static double dice(final LabelVolume a, final LabelVolume b, final int label) {
        int both = 0;
        int sum = 0;
        for (int v = 0; v < a.voxels().length; v++) {
            both += a.voxels()[v] == label && b.voxels()[v] == label ? 1 : 0;
            sum += (a.voxels()[v] == label ? 1 : 0) + (b.voxels()[v] == label ? 1 : 0);
        }
        return 2.0 * both / sum;
    }

    @Test
    void anAtlasOfOneContrastSegmentsTheInverse() throws Exception {
        final AtlasPortObject atlas = atlas();
        final Result result = m_bench.run(new AtlasSegmenterNodeFactory(), s -> {
            s.addBoolean("probabilities", true);
            s.addBoolean("corrected", true);
            s.addInt("fieldOrder", 0);
        }, atlas, targets());
        assertEquals(List.of("Image", "Segmentation", "atlas", "atlas p(CSF)", "atlas p(GM)", "atlas p(WM)", "atlas corrected"),
            List.of(result.table(0).getDataTableSpec().getColumnNames()));
        final List<DataRow> rows = result.rows(0);
        final LabelVolume found = ((LabelVolumeValue)rows.get(0).getCell(2)).labelVolume();
        for (int label = 1; label <= 3; label++) {
            assertTrue(dice(found, labels(9), label) > 0.8, "label " + label + ": " + dice(found, labels(9), label));
        }
        for (int c = 2; c < 7; c++) {
            assertTrue(!rows.get(0).getCell(c).isMissing() && rows.get(1).getCell(c).isMissing()
                && rows.get(2).getCell(c).isMissing(), "column " + c);
        }
        assertTrue(result.warning().contains("Rows without an image got no segmentation: Row1."), result.warning());
        assertTrue(result.warning().contains("1 of 3 rows could not be segmented and have missing cells (Row2). The image of"
            + " subject"), result.warning());
        assertTrue(result.warning().contains("has the value 0.0 everywhere"), result.warning());
        assertTrue(((MissingCell)rows.get(2).getCell(2)).getError().startsWith("Row2: The image"), rows.get(2).toString());
        intensities(result.rows(1));
    }

    @Test
    void noiseIsSegmentedWithAWarning() throws Exception {
        final AtlasPortObject atlas = atlas();
        final VolumeCellFactory cells = VolumeCellFactory.of(m_bench.context());
        final Volume noise = scan(labels(9), new float[]{60, 60, 60, 60}, 3);
        final Result result = m_bench.run(new AtlasSegmenterNodeFactory(), s -> {
        }, atlas, m_bench.table(SPEC, List.of(
            new DataCell[]{cells.create("t", scan(labels(9), T1, 9)), DataType.getMissingCell()},
            new DataCell[]{cells.create("n", noise), DataType.getMissingCell()})));
        assertTrue(result.warning().startsWith("1 of 2 segmentations are doubtful, look at them. Row1: The intensities hardly"
            + " follow the atlas: its fit is "), result.warning());
        assertTrue(!result.rows(0).get(1).getCell(2).isMissing());
        final List<DataRow> rows = result.rows(1);
        assertTrue(rows.get(0).getCell(6).isMissing());
        assertTrue(((StringValue)rows.get(4).getCell(6)).getStringValue().startsWith("The intensities hardly"));
    }

    @Test
    void whereNoImageCanBeSegmentedTheNodeFails() throws Exception {
        final AtlasPortObject atlas = atlas();
        final BufferedDataTable targets = constantOnly();
        final String message = assertThrows(NodeExecutionException.class,
            () -> m_bench.run(new AtlasSegmenterNodeFactory(), s -> {
            }, atlas, targets)).getMessage();
        assertTrue(message.contains("could not be segmented, and there is no other. The image of subject"), message);
    }

    /** Four classes of the image, and one row that tells the trouble with the other. */
    private static void intensities(final List<DataRow> rows) {
        assertEquals(5, rows.size());
        double share = 0;
        for (int c = 0; c < 4; c++) {
            share += ((DoubleValue)rows.get(c).getCell(3)).getDoubleValue();
            if (c < 3) {
                assertEquals(T2[c + 1], ((DoubleValue)rows.get(c).getCell(4)).getDoubleValue(), 12);
            }
        }
        assertEquals(1, share, 1e-6);
        assertTrue(rows.get(0).getCell(6).isMissing(), rows.get(0).toString());
        assertTrue(((DoubleValue)rows.get(0).getCell(7)).getDoubleValue() > 0.5, rows.get(0).toString());
        assertEquals(1, ((DoubleValue)rows.get(0).getCell(8)).getDoubleValue(), 0.1);
        assertTrue(rows.get(4).getCell(7).isMissing() && rows.get(4).getCell(8).isMissing());
        assertTrue(((StringValue)rows.get(4).getCell(6)).getStringValue().contains("everywhere"));
    }

    @Test
    void settingsThatDoNotFitAreRefused() throws Exception {
        final AtlasPortObject atlas = atlas();
        final BufferedDataTable targets = targets();
        final String name = assertThrows(InvalidSettingsException.class, () -> m_bench
            .configured(new AtlasSegmenterNodeFactory(), s -> s.addString("outputColumn", "Image"), atlas, targets)).getMessage();
        assertTrue(name.contains("already has a column \"Image\""), name);
        final String gaussians = assertThrows(InvalidSettingsException.class, () -> m_bench
            .configured(new AtlasSegmenterNodeFactory(), s -> s.addInt("gaussians", 5), atlas, targets)).getMessage();
        assertTrue(gaussians.contains("\"Gaussians per label\""), gaussians);
        final String size = assertThrows(InvalidSettingsException.class, () -> m_bench
            .configured(new AtlasBuilderNodeFactory(), s -> s.addDouble("voxelSize", 0.1), targets)).getMessage();
        assertTrue(size.contains("\"Voxel size (mm)\" is 0.1"), size);
    }

    /** Rows of site A as in the study, one of them unlabeled, and labeled and unlabeled rows of other sites. */
    private BufferedDataTable sites() throws Exception {
        final VolumeCellFactory cells = VolumeCellFactory.of(m_bench.context());
        final List<DataCell[]> rows = new ArrayList<>();
        for (int s = 0; s < 4; s++) {
            rows.add(new DataCell[]{cells.create("i" + s, scan(labels(s), T1, s)),
                s == 3 ? DataType.getMissingCell() : cells.create("l" + s, labels(s)), new StringCell("A")});
        }
        // labels that are nobody's anatomy: an atlas that had seen them would be another one
        rows.add(new DataCell[]{cells.create("ib", scan(labels(7), T2, 7)), cells.create("lb", everywhereWhite()),
            new StringCell("B")});
        rows.add(new DataCell[]{cells.create("ic", scan(labels(8), T2, 8)), DataType.getMissingCell(), new StringCell("C")});
        rows.add(new DataCell[]{cells.create("id", scan(labels(6), T2, 6)), cells.create("ld", everywhereWhite()),
            DataType.getMissingCell()});
        return m_bench.table(new DataTableSpec(SPEC,
            new DataTableSpec(new DataColumnSpecCreator("Site", StringCell.TYPE).createSpec())), rows);
    }

    private static LabelVolume everywhereWhite() {
        final LabelVolume head = labels(7);
        final byte[] x = new byte[head.voxels().length];
        Arrays.fill(x, (byte)3);
        return new LabelVolume(x, head.geometry(), head.info(), head.labels());
    }

    private Result builtOf(final String source, final PortObject table) throws Exception {
        return m_bench.run(new AtlasBuilderNodeFactory(), s -> {
            s.addDouble("voxelSize", 2);
            s.addDouble("margin", 4);
            s.addInt("clusters", 1);
            s.addString("sourceSite", source);
        }, table);
    }

    @Test
    void onlyTheSourceSiteTeachesTheAtlas() throws Exception {
        final Result ofStudy = builtOf("", study(m_bench));
        final Result ofSource = builtOf(" A ", sites());
        assertTrue(ofSource.warning().contains("1 of 4 rows of site \"A\" have no image or no segmentation"), ofSource.warning());
        assertEquals(new AtlasPortObjectSpec(LabelSet.of("CSF", "GM", "WM"), 3), ofSource.outputs()[0].getSpec());
        final Atlas expected = ((AtlasPortObject)ofStudy.outputs()[0]).atlas();
        final Atlas atlas = ((AtlasPortObject)ofSource.outputs()[0]).atlas();
        for (int c = 0; c < expected.classes().size(); c++) {
            assertArrayEquals(expected.prior(c), atlas.prior(c));
        }
    }

    @Test
    void withoutASourceSiteAllSitesTeachTheAtlas() throws Exception {
        assertEquals(new AtlasPortObjectSpec(LabelSet.of("CSF", "GM", "WM"), 5), builtOf("", sites()).outputs()[0].getSpec());
    }

    @Test
    void aSourceSiteWithoutLabelsIsRefused() throws Exception {
        final BufferedDataTable sites = sites();
        final String unlabeled = assertThrows(NodeExecutionException.class, () -> builtOf("C", sites)).getMessage();
        assertTrue(unlabeled.contains("\"Source site\" is \"C\", but none of its rows has both an image and a segmentation. "
            + "Choose one of the sites with labeled images: A, B."), unlabeled);
        final String unknown = assertThrows(NodeExecutionException.class, () -> builtOf("a", sites)).getMessage();
        assertTrue(unknown.contains("\"Source site\" is \"a\", but the table has no row of this site. "
            + "Choose one of the sites with labeled images: A, B. Left blank, the rows of all sites make the atlas."), unknown);
        final BufferedDataTable study = study(m_bench);
        final String column = assertThrows(InvalidSettingsException.class,
            () -> m_bench.configured(new AtlasBuilderNodeFactory(), s -> s.addString("sourceSite", "A"), study)).getMessage();
        assertTrue(column.contains("No column is chosen for \"Site column\""), column);
    }

    @Test
    void aTableWithoutLabelsMakesNoAtlas() throws Exception {
        final VolumeCellFactory cells = VolumeCellFactory.of(m_bench.context());
        final PortObject table = m_bench.table(SPEC,
            List.<DataCell[]>of(new DataCell[]{cells.create("i", scan(labels(1), T1, 1)), DataType.getMissingCell()}));
        final String message = assertThrows(NodeExecutionException.class,
            () -> m_bench.run(new AtlasBuilderNodeFactory(), s -> {
            }, table)).getMessage();
        assertTrue(message.contains("No labeled image is left to make an atlas of"), message);
    }
}
