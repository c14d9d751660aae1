package org.scanbridge.knime.nodes.anomalydetector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DataTableSpecCreator;
import org.knime.core.data.DataType;
import org.knime.core.data.DoubleValue;
import org.knime.core.data.IntValue;
import org.knime.core.data.MissingCell;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.standin.run.NodeExecutionException;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.knime.data.LabelVolumeCell;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.data.VolumeCell;
import org.scanbridge.knime.data.VolumeCellFactory;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.nodes.anomalylearner.AnomalyLearnerNodeFactory;
import org.scanbridge.knime.port.AnomalyPortObject;
import org.scanbridge.knime.testing.Bench;
import org.scanbridge.knime.testing.Bench.Result;
import org.scanbridge.learning.anomaly.AnomalyModel;
import org.scanbridge.learning.anomaly.HealthyResiduals;
import org.scanbridge.learning.anomaly.ResidualOptions;
import org.scanbridge.learning.architecture.AutoEncoderSpec;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.network.Provenance;

/** Anomaly Learner and Anomaly Detector on balls of 16³ voxels, with a bright ball inside where something is unusual. */
class AnomalyNodesTest {

    private static final int SIZE = 16;

    private static final DataTableSpec SPEC = new DataTableSpec(new DataColumnSpecCreator("Subject", StringCell.TYPE).createSpec(),
        new DataColumnSpecCreator("Site", StringCell.TYPE).createSpec(),
        new DataColumnSpecCreator("Image", VolumeCell.TYPE).createSpec(),
        new DataColumnSpecCreator("Segmentation", LabelVolumeCell.TYPE).createSpec());

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

    private static Geometry grid(final double spacing) {
        return Geometry.axial(new int[]{SIZE, SIZE, SIZE}, spacing, spacing, spacing);
    }

    private static boolean within(final int v, final double center, final double radius) {
        return Math.hypot(Math.hypot(v % SIZE - center, v / SIZE % SIZE - center), v / SIZE / SIZE - center) < radius;
    }

    private static Volume image(final int number, final boolean ill, final double spacing) {
        final SeededRandom random = SeededRandom.of(3, number);
        final float[] voxels = new float[SIZE * SIZE * SIZE];
        for (int v = 0; v < voxels.length; v++) {
            voxels[v] = within(v, 7.5, 6.5) ? (float)(1 + 0.1 * random.nextGaussian()) + (ill && within(v, 6, 2.5) ? 3 : 0) : 0;
        }
        return new Volume(voxels, grid(spacing), VolumeInfo.UNKNOWN);
    }

    private static LabelVolume lesion(final boolean ill) {
        final byte[] labels = new byte[SIZE * SIZE * SIZE];
        for (int v = 0; v < labels.length; v++) {
            labels[v] = (byte)(ill && within(v, 6, 2.5) ? 1 : 0);
        }
        return new LabelVolume(labels, grid(1), VolumeInfo.UNKNOWN, LabelSet.of("lesion"));
    }

    private BufferedDataTable healthy(final int count) throws Exception {
        final VolumeCellFactory cells = VolumeCellFactory.of(m_bench.context());
        final List<DataCell[]> rows = new ArrayList<>();
        for (int s = 0; s < count; s++) {
            rows.add(new DataCell[]{new StringCell("S" + s), new StringCell("A"), cells.create("h" + s, image(s, false, 1)),
                DataType.getMissingCell()});
        }
        rows.add(new DataCell[]{new StringCell("none"), new StringCell("A"), DataType.getMissingCell(), DataType.getMissingCell()});
        return m_bench.table(SPEC, rows);
    }

    private Result learned(final BufferedDataTable table) throws Exception {
        return m_bench.run(new AnomalyLearnerNodeFactory(), s -> {
            s.addString("method", "VARIATIONAL");
            s.addInt("patchSize", 8);
            s.addInt("patchSlices", 8);
            s.addInt("latent", 4);
            s.addInt("width", 4);
            s.addInt("levels", 3);
            s.addInt("steps", 40);
            s.addDouble("heldOut", 50);
            s.addString("side", "BRIGHTER");
            s.addDouble("edge", 0);
        }, table);
    }

    /** Ill with reference, healthy with one, ill without, another voxel size, no image. */
    private BufferedDataTable images() throws Exception {
        final VolumeCellFactory cells = VolumeCellFactory.of(m_bench.context());
        return m_bench.table(SPEC, List.of(
            new DataCell[]{new StringCell("I"), new StringCell("A"), cells.create("i", image(10, true, 1)), cells.create("il", lesion(true))},
            new DataCell[]{new StringCell("H"), new StringCell("A"), cells.create("h", image(11, false, 1)), cells.create("hl", lesion(false))},
            new DataCell[]{new StringCell("J"), new StringCell("A"), cells.create("j", image(12, true, 1)), DataType.getMissingCell()},
            new DataCell[]{new StringCell("K"), new StringCell("A"), cells.create("k", image(13, true, 2)), DataType.getMissingCell()},
            new DataCell[]{new StringCell("N"), new StringCell("A"), DataType.getMissingCell(), DataType.getMissingCell()}));
    }

    private static double number(final DataRow row, final int column) {
        return ((DoubleValue)row.getCell(column)).getDoubleValue();
    }

    @Test
    void whatHealthyPeopleDoNotHaveIsMarked() throws Exception {
        final Result learned = learned(healthy(4));
        assertTrue(learned.warning().contains("Rows without an image were left out: Row4."), learned.warning());
        assertEquals(40, learned.rows(1).size());
        final List<String> curve = List.of(learned.table(1).getDataTableSpec().getColumnNames());
        assertTrue(curve.containsAll(List.of("Loss", "Reconstruction Loss", "Divergence")), curve.toString());
        final AnomalyPortObject model = (AnomalyPortObject)learned.outputs()[0];
        assertEquals("variational auto-encoder, width 4, 3 levels, dense code of 4, patch 8×8×8; calibrated on 2 healthy images",
            model.getSummary());
        final Result result = m_bench.run(new AnomalyDetectorNodeFactory(), s -> {
            s.addBoolean("compared", true);
            s.addDouble("regionSize", 4);
            s.addDouble("removedVolume", 2);
        }, model, images());
        assertEquals(List.of("Subject", "Site", "Image", "Segmentation", "anomaly", "anomaly marked", "anomaly mean",
            "anomaly 99th percentile", "anomaly marked (%)", "anomaly marked (ml)", "anomaly healthy images below (%)",
            "anomaly ROC AUC", "anomaly average precision", "anomaly best possible Dice"),
            List.of(result.table(0).getDataTableSpec().getColumnNames()));
        images(result);
        regions(result, model.model().healthy().threshold(1));
        agreement(result);
        assertTrue(result.warning().contains("Rows without an image got no map: Row4."), result.warning());
        assertTrue(result.warning().contains("1 of 5 rows have no reference and were not compared."), result.warning());
        assertTrue(result.warning().contains("1 of 5 rows could not be looked at and have missing cells (Row3)."
            + " The image of Row3 has voxels of 2.00×2.00×2.00 mm"), result.warning());
    }

    private static void images(final Result result) {
        final List<DataRow> rows = result.rows(0);
        final Volume map = ((VolumeValue)rows.get(0).getCell(4)).volume();
        final LabelVolume marked = ((LabelVolumeValue)rows.get(0).getCell(5)).labelVolume();
        assertTrue(map.geometry().sameGrid(grid(1)) && marked.geometry().sameGrid(grid(1)));
        int inBall = 0;
        for (int v = 0; v < map.voxels().length; v++) {
            assertTrue(map.voxels()[v] >= 0 && (within(v, 7.5, 6.5) || map.voxels()[v] == 0));
            inBall += within(v, 6, 1.5) && marked.voxels()[v] == 1 ? 1 : 0;
        }
        assertTrue(inBall >= 15, inBall + " of the 19 voxels in the middle of the lesion are marked");
        assertTrue(number(rows.get(0), 6) > number(rows.get(1), 6), "mean");
        assertTrue(number(rows.get(0), 7) > 1, "the lesion is 3 above its surroundings: " + number(rows.get(0), 7));
        assertEquals(100, number(rows.get(0), 10));
        assertTrue(number(rows.get(0), 11) > 0.95 && number(rows.get(0), 13) > 0.5, rows.get(0).toString());
        assertTrue(rows.get(1).getCell(11).isMissing(), "no positives, no area");
        assertFalse(rows.get(2).getCell(4).isMissing());
        assertTrue(rows.get(2).getCell(11).isMissing(), "no reference");
        assertTrue(((MissingCell)rows.get(3).getCell(4)).getError().contains("Volume Resampler"), rows.get(3).toString());
        assertTrue(rows.get(4).getCell(4).isMissing());
    }

    /** 64 cubes of 4 mm cover the grid; their scores are those of the map. */
    private static void regions(final Result result, final float threshold) {
        final Volume map = ((VolumeValue)result.rows(0).get(0).getCell(4)).volume();
        double sum = 0;
        int count = 0;
        int marked = 0;
        int positive = 0;
        for (int v = 0; v < map.voxels().length; v++) {
            if (v % SIZE / 4 == 1 && v / SIZE % SIZE / 4 == 1 && v / SIZE / SIZE / 4 == 1 && within(v, 7.5, 6.5)) {
                sum += map.voxels()[v];
                count++;
                marked += map.voxels()[v] > threshold ? 1 : 0;
                positive += within(v, 6, 2.5) ? 1 : 0;
            }
        }
        final DataRow row = result.rows(1).stream()
            .filter(r -> r.getCell(0).toString().equals("Row0") && r.getCell(1).toString().equals("1-1-1")).findFirst().orElseThrow();
        assertEquals(count, ((IntValue)row.getCell(2)).getIntValue());
        assertEquals(sum / count, number(row, 3), 1e-6);
        assertEquals(100.0 * marked / count, number(row, 5), 1e-9);
        assertEquals(positive, ((IntValue)row.getCell(6)).getIntValue());
        assertTrue(result.rows(1).stream().filter(r -> r.getCell(0).toString().equals("Row2"))
            .allMatch(r -> r.getCell(6).isMissing()), "no reference");
    }

    private static void agreement(final Result result) {
        final List<DataRow> rows = result.rows(2);
        assertEquals(List.of("Row0", "Row1", "(all)"), rows.stream().map(r -> r.getCell(0).toString()).toList());
        assertEquals(2, ((IntValue)rows.get(2).getCell(1)).getIntValue());
        int positive = 0;
        int inside = 0;
        for (int v = 0; v < SIZE * SIZE * SIZE; v++) {
            positive += within(v, 6, 2.5) ? 1 : 0;
            inside += within(v, 7.5, 6.5) ? 1 : 0;
        }
        assertEquals(81, positive);
        assertEquals(positive / (2.0 * inside), number(rows.get(2), 2), 1e-9);
        assertTrue(number(rows.get(2), 3) > 0.95 && number(rows.get(2), 7) > 0.5, rows.get(2).toString());
    }

    /** Has learned nothing, so what it expects hardly differs from 0. @param threshold whatever the share of healthy voxels */
    private AnomalyPortObject untrained(final float threshold) throws Exception {
        return untrained(threshold, Map.of());
    }

    private AnomalyPortObject untrained(final float threshold, final Map<String, String> options) throws Exception {
        final Provenance p = Provenance.untrained(1);
        final AutoEncoderSpec spec = new AutoEncoderSpec(PatchSize.cube(8), 2, 2, 2, AutoEncoderSpec.Code.DENSE, false);
        final float[] thresholds = new float[(int)(100 * HealthyResiduals.MAX_PERCENT) + 1];
        Arrays.fill(thresholds, threshold);
        return AnomalyPortObject.create(m_bench.context(),
            new AnomalyModel(spec, spec.initial(1), new double[]{1, 1, 1},
                new ResidualOptions(ResidualOptions.Side.BOTH, ResidualOptions.Smoothing.NONE, 0, 0),
                new HealthyResiduals(1, 1000, thresholds, new double[1], new double[1]),
                new Provenance(p.method(), p.seed(), p.steps(), p.keptStep(), p.validationDice(), p.sites(), p.dataHash(),
                    p.parentHash(), p.engine(), p.device(), p.computation(), options, p.trainingCases(), p.parents())));
    }

    /** Learner and detector have to look at the same. */
    @Test
    void thatOnlyOneOfThemUsesAMaskIsSaid() throws Exception {
        final VolumeCellFactory cells = VolumeCellFactory.of(m_bench.context());
        final BufferedDataTable table = m_bench.table(SPEC, List.<DataCell[]> of(new DataCell[]{new StringCell("I"),
            new StringCell("A"), cells.create("i", image(10, true, 1)), cells.create("il", lesion(true))}));
        for (final boolean learned : new boolean[]{false, true}) {
            final AnomalyPortObject model = untrained(100, Map.of("masked", "" + learned));
            for (final boolean detected : new boolean[]{false, true}) {
                final String warning =
                    m_bench.run(new AnomalyDetectorNodeFactory(), s -> s.addBoolean("masked", detected), model, table).warning();
                if (learned == detected) {
                    assertNull(warning);
                } else {
                    assertTrue(warning.contains(learned ? "The model learned from what is inside a mask, but \"Look inside a mask"
                        + " only\" is off" : "The model learned from whole images, but \"Look inside a mask only\" is on"), warning);
                }
            }
        }
    }

    /** Whose only segmentations are lesions. */
    @Test
    void theReferenceIsNeitherMaskNorRegions() throws Exception {
        final AnomalyPortObject model = untrained(2);
        final BufferedDataTable images = images();
        final String message = assertThrows(InvalidSettingsException.class,
            () -> m_bench.configured(new AnomalyDetectorNodeFactory(), s -> {
                s.addBoolean("masked", true);
                s.addBoolean("compared", true);
            }, model, images)).getMessage();
        assertTrue(message.startsWith("\"Mask column\" and \"Reference column\" are both \"Segmentation\": "), message);
        assertTrue(message.contains("switch off \"Look inside a mask only\""), message);
        final String regions = assertThrows(InvalidSettingsException.class,
            () -> m_bench.configured(new AnomalyDetectorNodeFactory(), s -> {
                s.addString("regions", "LABELS");
                s.addBoolean("compared", true);
            }, model, images)).getMessage();
        assertTrue(regions.startsWith("\"Region column\" and \"Reference column\" are both \"Segmentation\": "), regions);
        assertTrue(regions.contains("switch off \"Compare with a reference\""), regions);
    }

    /** An image as the scanner gave it, a thousand times as bright, beside one that is normalized: both hardly expected. */
    @Test
    void thatMostIsMarkedIsSaid() throws Exception {
        final VolumeCellFactory cells = VolumeCellFactory.of(m_bench.context());
        final Volume healthy = image(1, false, 1);
        final float[] raw = healthy.voxels().clone();
        for (int v = 0; v < raw.length; v++) {
            raw[v] *= 1000;
        }
        final BufferedDataTable table = m_bench.table(SPEC, List.of(
            new DataCell[]{new StringCell("A"), new StringCell("A"), cells.create("a", healthy), DataType.getMissingCell()},
            new DataCell[]{new StringCell("B"), new StringCell("A"), cells.create("b", healthy.withVoxels(raw)),
                DataType.getMissingCell()}));
        final Result result = m_bench.run(new AnomalyDetectorNodeFactory(), s -> s.addDouble("healthyPercent", 0.5),
            untrained(100), table);
        assertEquals(0, number(result.rows(0).get(0), 8));
        assertEquals(100, number(result.rows(0).get(1), 8));
        assertEquals("Of what was looked at, more than half is marked (Row1: 100 %), where at most 0.5 % was in healthy images. Are the"
            + " images normalized otherwise than those that were learned from? Check \"Image column\".", result.warning());
        // a threshold that marks half of what is healthy
        assertNull(m_bench.run(new AnomalyDetectorNodeFactory(), s -> s.addDouble("healthyPercent", 50), untrained(100), table)
            .warning());
    }

    /** A copy of the reference as the mask. */
    @Test
    void thatAllIsUnusualIsSaid() throws Exception {
        final VolumeCellFactory cells = VolumeCellFactory.of(m_bench.context());
        final DataTableSpec spec = new DataTableSpecCreator(SPEC)
            .addColumns(new DataColumnSpecCreator("Mask", LabelVolumeCell.TYPE).createSpec()).createSpec();
        final List<DataCell[]> rows = new ArrayList<>();
        for (int n = 0; n < 2; n++) {
            final byte[] head = new byte[SIZE * SIZE * SIZE];
            Arrays.fill(head, (byte)1);
            rows.add(new DataCell[]{new StringCell("S" + n), new StringCell("A"), cells.create("i" + n, image(n, true, 1)),
                cells.create("l" + n, lesion(true)), cells.create("m" + n, n == 0 ? lesion(true)
                    : new LabelVolume(head, grid(1), VolumeInfo.UNKNOWN, LabelSet.of("head")))});
        }
        final Result result = m_bench.run(new AnomalyDetectorNodeFactory(), s -> {
            s.addBoolean("masked", true);
            s.addBoolean("compared", true);
        }, untrained(100), m_bench.table(spec, rows));
        assertTrue(result.warning().contains("Everything that was looked at is unusual by the reference, so that an average"
            + " precision of 1 says nothing: Row0. Check \"Mask column\" and \"Reference column\"."), result.warning());
        assertEquals(1, number(result.rows(2).get(0), 2));
        assertEquals(81 / 4096.0, number(result.rows(2).get(1), 2), 1e-9);
    }

    private String refused(final String part, final BufferedDataTable table) {
        final String message = assertThrows(NodeExecutionException.class, () -> learned(table)).getMessage();
        assertTrue(message.contains(part), message);
        return message;
    }

    @Test
    void whatDoesNotFitIsSaid() throws Exception {
        final BufferedDataTable one = healthy(1);
        refused("There are images of one subject only, S0. Rows without an image were left out: Row1. At least two healthy", one);
        refused("There are images of nobody. Rows without an image were left out: Row0. At least two healthy", healthy(0));
        refused("The table \"Healthy images\" has no rows.", m_bench.table(SPEC, List.of()));
        final DataCell image = VolumeCellFactory.of(m_bench.context()).create("h", image(0, false, 1));
        refused("The images are of one subject only.", m_bench.table(SPEC, List.<DataCell[]> of(
            new DataCell[]{new StringCell("S0"), new StringCell("A"), image, DataType.getMissingCell()})));
        final String nobody = refused(" has no subject. Fill column \"Subject\"", m_bench.table(SPEC, List.<DataCell[]> of(
            new DataCell[]{DataType.getMissingCell(), new StringCell("A"), image, DataType.getMissingCell()})));
        assertTrue(nobody.contains("Row0 has no") && !nobody.contains("The Row0"), nobody);
        final String patch = assertThrows(InvalidSettingsException.class, () -> m_bench
            .configured(new AnomalyLearnerNodeFactory(), s -> s.addInt("patchSize", 12), one)).getMessage();
        assertTrue(patch.contains("Patch size 12×12×32: must be multiples of 8 for 4 levels"), patch);
        final String heldOut = assertThrows(InvalidSettingsException.class, () -> m_bench
            .configured(new AnomalyLearnerNodeFactory(), s -> s.addDouble("heldOut", 95), one)).getMessage();
        assertTrue(heldOut.contains("\"Held out (%)\" is 95.0"), heldOut);
    }
}
