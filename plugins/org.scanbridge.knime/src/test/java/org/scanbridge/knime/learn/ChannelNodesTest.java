package org.scanbridge.knime.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
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
import org.knime.core.data.DataType;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeFactory;
import org.knime.core.node.NodeSettings;
import org.knime.core.node.port.PortObject;
import org.knime.core.standin.run.NodeExecutionException;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.knime.data.LabelVolumeCell;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.data.VolumeCell;
import org.scanbridge.knime.data.VolumeCellFactory;
import org.scanbridge.knime.learn.TestStudy.Row;
import org.scanbridge.knime.nodes.adversarialnormalizationlearner.AdversarialNormalizationLearnerNodeFactory;
import org.scanbridge.knime.nodes.domainadaptationlearner.DomainAdaptationLearnerNodeFactory;
import org.scanbridge.knime.nodes.networkbuilder.NetworkBuilderNodeFactory;
import org.scanbridge.knime.nodes.segmentationlearner.SegmentationLearnerNodeFactory;
import org.scanbridge.knime.nodes.segmentationpredictor.SegmentationPredictorNodeFactory;
import org.scanbridge.knime.nodes.transferstudy.TransferStudyNodeFactory;
import org.scanbridge.knime.port.NetworkPortObject;
import org.scanbridge.knime.testing.Bench;

/** Learners, predictor and study on tables with two image columns. */
class ChannelNodesTest {

    private static final DataTableSpec SPEC = new DataTableSpec(
        new DataColumnSpecCreator("Subject", StringCell.TYPE).createSpec(),
        new DataColumnSpecCreator("Site", StringCell.TYPE).createSpec(),
        new DataColumnSpecCreator("FLAIR", VolumeCell.TYPE).createSpec(),
        new DataColumnSpecCreator("T1", VolumeCell.TYPE).createSpec(),
        new DataColumnSpecCreator("Segmentation", LabelVolumeCell.TYPE).createSpec());

    @TempDir
    Path m_folder;

    private Bench m_bench;

    private TestStudy m_study;

    @BeforeEach
    void open() throws Exception {
        m_bench = new Bench(m_folder);
        m_study = new TestStudy(m_bench);
    }

    @AfterEach
    void close() {
        m_bench.close();
    }

    /** The second image of a row. */
    @FunctionalInterface
    private interface Second {
        Volume of(Row row, int index);
    }

    private static Volume inverted(final Row row, final int index) {
        final float[] voxels = row.image().voxels().clone();
        for (int v = 0; v < voxels.length; v++) {
            voxels[v] = -voxels[v];
        }
        return row.image().withVoxels(voxels);
    }

    private BufferedDataTable table(final int from, final int to, final Second second) throws Exception {
        final VolumeCellFactory cells = VolumeCellFactory.of(m_bench.context());
        final List<Row> rows = new ArrayList<>(m_study.rows(0, from, to));
        rows.addAll(m_study.rows(1, from, to));
        final List<DataCell[]> cellRows = new ArrayList<>();
        for (final Row row : rows) {
            final int n = cellRows.size();
            final Volume other = second.of(row, n);
            cellRows.add(new DataCell[]{new StringCell(row.subject()), new StringCell(row.site()),
                cells.create("a" + n, row.image()), other == null ? DataType.getMissingCell() : cells.create("b" + n, other),
                cells.create("l" + n, row.segmentation())});
        }
        return m_bench.table(SPEC, cellRows);
    }

    private BufferedDataTable table(final int from, final int to) throws Exception {
        return table(from, to, ChannelNodesTest::inverted);
    }

    private NetworkPortObject builder(final int channels) throws Exception {
        return (NetworkPortObject)m_bench.run(new NetworkBuilderNodeFactory(), s -> {
            s.addInt("classes", 3);
            s.addInt("inputChannels", channels);
            s.addInt("baseWidth", 2);
            s.addInt("levels", 1);
            s.addInt("patchSize", 8);
            s.addString("normalization", "BATCH");
        }, (PortObject)null).outputs()[0];
    }

    private static void images(final NodeSettings columns, final String first, final String... further)
        throws InvalidSettingsException {
        columns.addString("imageColumn", first);
        final NodeSettings list = columns.getNodeSettings("furtherImages");
        for (int n = 0; n < further.length; n++) {
            list.addNodeSettings(Integer.toString(n)).addString("column", further[n]);
        }
    }

    private static Bench.Change training(final String first, final String... further) {
        return s -> {
            images(s.getNodeSettings("columns"), first, further);
            final NodeSettings training = s.getNodeSettings("training");
            training.addInt("steps", 2);
            training.addInt("batch", 2);
            training.addInt("validationInterval", 2);
        };
    }

    private static Bench.Change prediction(final String first, final String... further) {
        return s -> images(s, first, further);
    }

    private NetworkPortObject learned(final NetworkPortObject network) throws Exception {
        return (NetworkPortObject)m_bench.run(new SegmentationLearnerNodeFactory(), training("FLAIR", "T1"), network,
            table(0, 1), table(1, 2)).outputs()[0];
    }

    private String refused(final NodeFactory<?> factory, final Bench.Change change, final PortObject... inputs) {
        return assertThrows(InvalidSettingsException.class, () -> m_bench.configured(factory, change, inputs)).getMessage();
    }

    private String failed(final NodeFactory<?> factory, final Bench.Change change, final PortObject... inputs) {
        return assertThrows(NodeExecutionException.class, () -> m_bench.run(factory, change, inputs)).getMessage();
    }

    private static PortObject[] predicted(final PortObject network, final BufferedDataTable table) {
        return new PortObject[]{network, table, null, null, null, null};
    }

    @Test
    void twoImagesFromTheBuilderToThePrediction() throws Exception {
        final NetworkPortObject untrained = builder(2);
        assertEquals(2, untrained.getSpec().architecture().inputChannels());
        assertTrue(untrained.getSummary().contains("2 input channels"), untrained.getSummary());
        final NetworkPortObject network = learned(untrained);
        assertEquals(List.of("FLAIR", "T1"), network.getSpec().channels());
        assertTrue(network.getSummary().contains("channels FLAIR, T1"), network.getSummary());
        final Bench.Result result = m_bench.run(new SegmentationPredictorNodeFactory(), prediction("FLAIR", "T1"),
            predicted(network, table(2, 3, (row, n) -> n == 1 ? null : inverted(row, n))));
        final int column = result.table(0).getDataTableSpec().findColumnIndex("prediction");
        final LabelVolume labels = ((LabelVolumeValue)result.rows(0).get(0).getCell(column)).labelVolume();
        assertTrue(labels.geometry().sameGrid(m_study.rows(0, 2, 3).get(0).image().geometry()));
        assertTrue(result.rows(0).get(1).getCell(column).isMissing());
        assertTrue(result.warning().contains("Row1 (column \"T1\")"), result.warning());
    }

    @Test
    void adaptationAndTransferStudyTakeThemToo() throws Exception {
        final NetworkPortObject network = learned(builder(2));
        final NetworkPortObject adapted = (NetworkPortObject)m_bench.run(new DomainAdaptationLearnerNodeFactory(),
            training("FLAIR", "T1"), network, table(0, 1), table(1, 2)).outputs()[0];
        assertEquals(List.of("FLAIR", "T1"), adapted.getSpec().channels());
        final Bench.Change study = s -> {
            training("FLAIR", "T1").apply(s);
            s.addString("cases", "1");
            s.addString("tuned", "1");
        };
        assertEquals(3, m_bench.run(new TransferStudyNodeFactory(), study, network, table(0, 1), table(1, 2), table(2, 3))
            .rows(0).size());
        final String wrong = refused(new TransferStudyNodeFactory(), s -> {
            study.apply(s);
            s.getNodeSettings("columns").getNodeSettings("furtherImages").removeConfig("0");
        }, network, table(0, 1), table(1, 2), table(2, 3));
        assertTrue(wrong.contains("1 image column is chosen (FLAIR)"), wrong);
    }

    @Test
    void aWrongNumberOrOrderIsFoundBeforeExecution() throws Exception {
        final NetworkPortObject network = learned(builder(2));
        final PortObject[] inputs = predicted(network, table(2, 3));
        final String few = refused(new SegmentationPredictorNodeFactory(), prediction("FLAIR"), inputs);
        assertTrue(few.startsWith("The network was trained with 2 channels (FLAIR, T1); 1 image column is chosen (FLAIR)."),
            few);
        final String swapped = refused(new SegmentationPredictorNodeFactory(), prediction("T1", "FLAIR"), inputs);
        assertTrue(swapped.contains("FLAIR, T1 in this order") && swapped.contains("chosen as T1, FLAIR"), swapped);
        final String twice = refused(new SegmentationPredictorNodeFactory(), prediction("FLAIR", "FLAIR"), inputs);
        assertTrue(twice.contains("\"FLAIR\" is chosen twice"), twice);
        final String unknown = refused(new SegmentationPredictorNodeFactory(), prediction("FLAIR", "T2"), inputs);
        assertTrue(unknown.contains("\"T2\" (setting \"Further images\")") && unknown.contains("FLAIR, T1"), unknown);
        final String none = refused(new SegmentationPredictorNodeFactory(), prediction("FLAIR", ""), inputs);
        assertTrue(none.contains("No column is chosen for \"Further images\""), none);
        final String many = refused(new SegmentationLearnerNodeFactory(), training("FLAIR", "T1"), builder(1), table(0, 1),
            table(1, 2));
        assertTrue(many.startsWith("The network has 1 channel; 2 image columns are chosen (FLAIR, T1)"), many);
        final String normalized = refused(new AdversarialNormalizationLearnerNodeFactory(), s -> {
            training("FLAIR", "T1").apply(s);
            s.getNodeSettings("training").addInt("steps", 200); // more than its first stage
        }, builder(2), table(0, 1), table(1, 2));
        assertTrue(normalized.contains("one input channel"), normalized);
        // other names: the normalized columns of another table, say
        final DataTableSpec renamed = new DataTableSpec(
            new DataColumnSpecCreator("FLAIR z", VolumeCell.TYPE).createSpec(),
            new DataColumnSpecCreator("T1 z", VolumeCell.TYPE).createSpec());
        m_bench.configured(new SegmentationPredictorNodeFactory(), prediction("FLAIR z", "T1 z"),
            predicted(network, m_bench.table(renamed, List.of())));
    }

    @Test
    void aMissingImageIsNamedByRowAndColumn() throws Exception {
        final String message = failed(new SegmentationLearnerNodeFactory(), training("FLAIR", "T1"), builder(2),
            table(0, 1, (row, n) -> n == 1 ? null : inverted(row, n)), table(1, 2));
        assertTrue(message.contains("training table") && message.contains("in column \"T1\": Row1"), message);
    }

    @Test
    void anotherGridIsNamedWithTheWayOut() throws Exception {
        final Second coarse = (row, n) -> new Volume(row.image().voxels(),
            Geometry.axial(row.image().geometry().size(), 1, 1, 2), row.image().info());
        final String learner = failed(new SegmentationLearnerNodeFactory(), training("FLAIR", "T1"), builder(2),
            table(0, 1, coarse), table(1, 2));
        assertTrue(learner.contains("\"T1\" of subject A-001") && learner.contains("Volume Resampler")
            && learner.contains("grid of column \"FLAIR\""), learner);
        final String predictor = failed(new SegmentationPredictorNodeFactory(), prediction("FLAIR", "T1"),
            predicted(builder(2), table(2, 3, coarse)));
        assertTrue(predictor.contains("\"T1\" of Row0"), predictor);
    }

    /** Settings of before there were channels, and patch centers. */
    @Test
    void whatWasStoredBeforeHasOneChannel() throws Exception {
        final NetworkPortObject one = (NetworkPortObject)m_bench.run(new NetworkBuilderNodeFactory(), s -> {
            s.removeConfig("inputChannels");
            s.addInt("baseWidth", 2);
            s.addInt("classes", 3);
            s.addInt("levels", 1);
            s.addInt("patchSize", 8);
        }, (PortObject)null).outputs()[0];
        assertEquals(1, one.getSpec().architecture().inputChannels());
        final Bench.Change old = s -> {
            training("FLAIR").apply(s);
            s.getNodeSettings("columns").removeConfig("furtherImages");
            s.getNodeSettings("training").removeConfig("centers");
            s.getNodeSettings("training").removeConfig("foregroundSubset");
        };
        final PortObject[] inputs = {one, table(0, 1), table(1, 2)};
        final NetworkPortObject trained =
            (NetworkPortObject)m_bench.run(new SegmentationLearnerNodeFactory(), old, inputs).outputs()[0];
        final NetworkPortObject now =
            (NetworkPortObject)m_bench.run(new SegmentationLearnerNodeFactory(), training("FLAIR"), inputs).outputs()[0];
        assertEquals(trained.network().weights().hash(), now.network().weights().hash());
        assertEquals(trained.network().provenance(), now.network().provenance());
        assertEquals("0.33", trained.network().provenance().options().get("foregroundFraction"));
        assertEquals(List.of(), trained.getSpec().channels());
        assertFalse(trained.getSummary().contains("channel"), trained.getSummary());
        m_bench.run(new SegmentationPredictorNodeFactory(), s -> {
            s.addString("imageColumn", "FLAIR");
            s.removeConfig("furtherImages");
        }, predicted(trained, table(2, 3)));
    }

    @Test
    void patchesCanBeCenteredOnAPartOfTheLesions() throws Exception {
        final Bench.Change subset = s -> {
            training("FLAIR", "T1").apply(s);
            s.getNodeSettings("training").addString("centers", "FIXED_SUBSET");
        };
        final PortObject[] inputs = {builder(2), table(0, 1), table(1, 2)};
        final NetworkPortObject network =
            (NetworkPortObject)m_bench.run(new SegmentationLearnerNodeFactory(), subset, inputs).outputs()[0];
        assertEquals("0.25", network.network().provenance().options().get("foregroundSubset"));
        final String zero = refused(new SegmentationLearnerNodeFactory(), s -> {
            subset.apply(s);
            s.getNodeSettings("training").addDouble("foregroundSubset", 0);
        }, inputs);
        assertTrue(zero.contains("Share of labeled voxels 0"), zero);
    }
}
