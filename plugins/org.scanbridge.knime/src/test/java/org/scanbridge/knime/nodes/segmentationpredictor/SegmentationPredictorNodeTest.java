package org.scanbridge.knime.nodes.segmentationpredictor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
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
import java.util.Random;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knime.core.data.DataRow;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.CanceledExecutionException;
import org.knime.core.node.DefaultNodeProgressMonitor;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.port.PortObject;
import org.knime.core.standin.run.NodeExecutionException;
import org.scanbridge.imaging.components.Connectivity;
import org.scanbridge.imaging.components.LargestComponent;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.learn.TestStudy;
import org.scanbridge.knime.learn.TestStudy.Row;
import org.scanbridge.knime.port.NetworkPortObject;
import org.scanbridge.knime.testing.Bench;
import org.scanbridge.knime.testing.Bench.Result;
import org.scanbridge.learning.architecture.NetworkOutput;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.network.Provenance;

/** The Segmentation Predictor with tiny networks of random weights on images of noise. */
class SegmentationPredictorNodeTest {

    private static final NetworkSpec SPEC = NetworkSpec.unet3d(3, 4, 2, 8);

    private static final LabelSet NAMES = LabelSet.of("CSF", "GM");

    @TempDir
    Path m_folder;

    private Bench m_bench;

    private TestStudy m_study;

    private int m_networks;

    @BeforeEach
    void open() throws Exception {
        m_bench = new Bench(m_folder);
        m_study = new TestStudy(m_bench);
    }

    @AfterEach
    void close() {
        m_bench.close();
    }

    private NetworkPortObject network(final NetworkSpec spec, final long seed, final LabelSet names) throws Exception {
        final Network random = Network.untrained(spec, seed);
        return NetworkPortObject.create(m_bench.context(), "network" + m_networks++,
            new Network(spec, random.weights(), names, random.provenance()));
    }

    private static Volume noise(final int... size) {
        final Random random = new Random(11);
        final float[] voxels = new float[size[0] * size[1] * size[2]];
        for (int v = 0; v < voxels.length; v++) {
            voxels[v] = (float)random.nextGaussian();
        }
        return new Volume(voxels, Geometry.axial(size, 1, 1, 2), new VolumeInfo("MR", "A", "s", "r", ""));
    }

    private BufferedDataTable table(final Volume... images) throws Exception {
        final List<Row> rows = new ArrayList<>();
        for (final Volume image : images) {
            rows.add(new Row("s" + rows.size(), "A", image, null));
        }
        return m_study.table(rows);
    }

    private Result run(final Bench.Change change, final BufferedDataTable table, final NetworkPortObject... networks)
        throws Exception {
        return m_bench.run(new SegmentationPredictorNodeFactory(), change, inputs(table, networks));
    }

    private static PortObject[] inputs(final BufferedDataTable table, final NetworkPortObject... networks) {
        final PortObject[] inputs = new PortObject[6];
        inputs[0] = networks[0];
        inputs[1] = table;
        System.arraycopy(networks, 1, inputs, 2, networks.length - 1);
        return inputs;
    }

    private static float[] map(final Result result, final String column) {
        final DataRow row = result.rows(0).get(0);
        return ((VolumeValue)row.getCell(result.table(0).getDataTableSpec().findColumnIndex(column))).volume().voxels();
    }

    private static LabelVolume labels(final Result result) {
        final DataRow row = result.rows(0).get(0);
        return ((LabelVolumeValue)row.getCell(result.table(0).getDataTableSpec().findColumnIndex("prediction")))
            .labelVolume();
    }

    @Test
    void mapsAreAppendedBehindTheSegmentation() throws Exception {
        final Result result = run(s -> {
            s.addBoolean("uncertainty", true);
            s.addBoolean("probabilities", true);
        }, table(noise(13, 9, 6)), network(SPEC, 3, NAMES));
        assertArrayEquals(new String[]{"Subject", "Site", "Image", "Segmentation", "prediction", "prediction uncertainty",
            "prediction p(background)", "prediction p(CSF)", "prediction p(GM)"},
            result.table(0).getDataTableSpec().getColumnNames());
        final LabelVolume labels = labels(result);
        assertEquals(NAMES, labels.labels());
        for (int v = 0; v < labels.voxels().length; v++) {
            final double[] p = {map(result, "prediction p(background)")[v], map(result, "prediction p(CSF)")[v],
                map(result, "prediction p(GM)")[v]};
            assertEquals(1, Arrays.stream(p).sum(), 1e-5);
            assertEquals(Arrays.stream(p).max().orElseThrow(), p[labels.voxels()[v]]);
            assertEquals(-Arrays.stream(p).map(x -> x * Math.log(x)).sum() / Math.log(3),
                map(result, "prediction uncertainty")[v], 1e-5);
        }
    }

    @Test
    void anEnsembleIsTheMeanOfItsNetworks() throws Exception {
        final BufferedDataTable table = table(noise(13, 9, 6));
        final NetworkPortObject first = network(SPEC, 3, NAMES);
        // Other blocks and another width; its classes have no names.
        final NetworkPortObject second = network(NetworkSpec.unet3d(3, 2, 1, 6), 4, LabelSet.of());
        final Bench.Change probabilities = s -> s.addBoolean("probabilities", true);
        final float[] one = map(run(probabilities, table, first), "prediction p(GM)");
        final float[] two = map(run(probabilities, table, second), "prediction p(class 2)");
        final Result both = run(probabilities, table, first, second, second);
        for (int v = 0; v < one.length; v++) {
            assertEquals((one[v] + 2 * two[v]) / 3, map(both, "prediction p(GM)")[v], 1e-6);
        }
    }

    @Test
    void flipsAndOverlapChangeTheResultRepeatably() throws Exception {
        final BufferedDataTable table = table(noise(13, 9, 6));
        final NetworkPortObject network = network(SPEC, 3, NAMES);
        final List<float[]> maps = new ArrayList<>();
        for (final String flip : List.of("", "flipColumns", "flipSlices", "")) {
            maps.add(map(run(s -> {
                s.addBoolean("probabilities", true);
                if (!flip.isEmpty()) {
                    s.addBoolean(flip, true);
                }
            }, table, network), "prediction p(CSF)"));
        }
        for (int a = 0; a < 3; a++) {
            for (int b = a + 1; b < 3; b++) {
                assertFalse(Arrays.equals(maps.get(a), maps.get(b)), a + " and " + b);
            }
        }
        assertArrayEquals(maps.get(0), maps.get(3), "the same inputs give the same bits");
        assertFalse(Arrays.equals(maps.get(0), map(run(s -> {
            s.addBoolean("probabilities", true);
            s.addDouble("overlap", 0);
        }, table, network), "prediction p(CSF)")));
    }

    @Test
    void smallPartsAreRemoved() throws Exception {
        final BufferedDataTable table = table(noise(13, 9, 6));
        final NetworkPortObject network = network(SPEC, 3, NAMES);
        final LabelVolume all = labels(run(s -> {
        }, table, network));
        assertArrayEquals(LargestComponent.ofEachClass(all, List.of(1, 2), Connectivity.CORNERS).voxels(),
            labels(run(s -> s.addString("parts", "LARGEST_OF_EACH_CLASS"), table, network)).voxels());
        assertArrayEquals(LargestComponent.ofForeground(all, Connectivity.CORNERS).voxels(),
            labels(run(s -> s.addString("parts", "LARGEST_OF_FOREGROUND"), table, network)).voxels());
        final LabelVolume onlyGm = labels(run(s -> {
            s.addString("parts", "LARGEST_OF_EACH_CLASS");
            s.addString("classesInOnePiece", " GM ");
        }, table, network));
        assertArrayEquals(LargestComponent.ofEachClass(all, List.of(2), Connectivity.CORNERS).voxels(), onlyGm.voxels());
        final String message = assertThrows(InvalidSettingsException.class, () -> run(s -> {
            s.addString("parts", "LARGEST_OF_EACH_CLASS");
            s.addString("classesInOnePiece", "GM, liver");
        }, table, network)).getMessage();
        assertTrue(message.contains("\"liver\"") && message.contains("CSF, GM"), message);
    }

    @Test
    void imagesOfAnySizeAndMissingOnesAreServed() throws Exception {
        final Result result = run(s -> s.addBoolean("uncertainty", true),
            table(noise(20, 11, 1), null, noise(1, 1, 1)), network(SPEC, 3, NAMES));
        final int column = result.table(0).getDataTableSpec().findColumnIndex("prediction");
        final LabelVolume plane = ((LabelVolumeValue)result.rows(0).get(0).getCell(column)).labelVolume();
        assertTrue(plane.geometry().sameGrid(noise(20, 11, 1).geometry()));
        assertTrue(result.rows(0).get(1).getCell(column).isMissing());
        assertTrue(result.rows(0).get(1).getCell(column + 1).isMissing());
        assertFalse(result.rows(0).get(2).getCell(column).isMissing());
        assertTrue(result.warning().contains("Row1"), result.warning());
        assertEquals(0, run(s -> {
        }, table(), network(SPEC, 3, NAMES)).rows(0).size());
    }

    /** Noise has voxels of 1×1×2 mm. */
    @Test
    void imagesWithOtherVoxelsThanTheTrainingsAreTold() throws Exception {
        final BufferedDataTable table = table(noise(8, 8, 8), noise(8, 8, 8));
        final String warning = run(s -> {
        }, table, network(SPEC, 3, NAMES), trainedOn("voxelSpacing", "1.0×1.0×1.0 to 1.0×1.0×1.5")).warning();
        assertTrue(warning.contains("2 of 2 images have voxels of another size") && warning.contains("Row0 has 8×8×8 voxels of"
            + " 1.0×1.0×2.0 mm, the network was trained on voxels of 1.0×1.0×1.0 to 1.0×1.0×1.5 mm"), warning);
        assertNull(run(s -> {
        }, table, network(SPEC, 3, NAMES), trainedOn("voxelSpacing", "1.1×0.9×1.0 to 1.1×0.9×2.1")).warning());
    }

    /** Standard normal noise, and the same in units of a scanner. */
    @Test
    void imagesWithOtherIntensitiesThanTheTrainingsAreTold() throws Exception {
        final Volume raw = noise(8, 8, 8);
        for (int v = 0; v < raw.voxels().length; v++) {
            raw.voxels()[v] = 100 * raw.voxels()[v] + 500;
        }
        final BufferedDataTable table = table(noise(8, 8, 8), raw);
        final NetworkPortObject normalized = trainedOn("intensityRange.1", "-2.2 to 3.1 (width 4.1 to 5.0)");
        final String warning = run(s -> {
        }, table, network(SPEC, 3, NAMES), normalized).warning();
        assertTrue(warning.startsWith("1 of 2 images have intensities unlike those of the training") && warning.matches(
            ".*: Row1 has [23]\\d\\d to [67]\\d\\d in \"Image\", the images of the training had -2\\.2 to 3\\.1 .*"), warning);
        assertNull(run(s -> {
        }, table(noise(8, 8, 8)), normalized).warning());
    }

    private NetworkPortObject trainedOn(final String option, final String value) throws Exception {
        final Network random = Network.untrained(SPEC, 3);
        final Provenance p = random.provenance();
        return NetworkPortObject.create(m_bench.context(), "network" + m_networks++, new Network(SPEC, random.weights(), NAMES,
            new Provenance("supervised", 1, 3, 3, Double.NaN, List.of("A"), "0123", p.parentHash(), p.engine(), p.device(),
                p.computation(), Map.of(option, value))));
    }

    @Test
    void voxelsThatAreNoNumbersAreRefused() throws Exception {
        final Volume image = noise(8, 8, 8);
        image.voxels()[5] = Float.POSITIVE_INFINITY;
        final BufferedDataTable table = table(image);
        final NetworkPortObject network = network(SPEC, 3, NAMES);
        final String message = assertThrows(NodeExecutionException.class, () -> run(s -> {
        }, table, network)).getMessage();
        assertTrue(message.contains("Infinity"), message);
    }

    @Test
    void networksThatDoNotFitAreRefusedBeforeExecution() throws Exception {
        final BufferedDataTable table = table(noise(8, 8, 8));
        final NetworkPortObject three = network(SPEC, 3, NAMES);
        final NetworkPortObject four = network(NetworkSpec.unet3d(4, 4, 2, 8), 3, LabelSet.of());
        final NetworkPortObject belly = network(SPEC, 3, LabelSet.of("liver", "spleen"));
        final NetworkPortObject generator = network(SPEC.asGenerator(NetworkOutput.SIGMOID), 3, LabelSet.of());
        for (final NetworkPortObject other : List.of(four, belly, generator)) {
            final String message = assertThrows(InvalidSettingsException.class, () -> run(s -> {
            }, table, three, other)).getMessage();
            assertTrue(message.contains("classes") || message.contains("makes images"), message);
        }
    }

    @Test
    void namesThatAreTakenAndBoundsAreCheckedWithoutADialog() throws Exception {
        final BufferedDataTable table = table(noise(8, 8, 8));
        final NetworkPortObject network = network(SPEC, 3, NAMES);
        final BufferedDataTable once = run(s -> s.addBoolean("uncertainty", true), table, network).table(0);
        final String taken = assertThrows(InvalidSettingsException.class, () -> run(s -> {
            s.addString("outputColumn", "prediction");
        }, once, network)).getMessage();
        assertTrue(taken.contains("already has a column \"prediction\""), taken);
        for (final double wrong : new double[]{-0.1, 0.91, Double.NaN}) {
            assertThrows(InvalidSettingsException.class, () -> run(s -> s.addDouble("overlap", wrong), table, network));
        }
        assertThrows(InvalidSettingsException.class, () -> run(s -> s.addString("outputColumn", " "), table, network));
    }

    @Test
    void aCancelledRunEndsAsCancelled() throws Exception {
        final DefaultNodeProgressMonitor progress = new DefaultNodeProgressMonitor();
        progress.setExecuteCanceled();
        final PortObject[] inputs = inputs(table(noise(8, 8, 8)), network(SPEC, 3, NAMES));
        assertThrows(CanceledExecutionException.class,
            () -> m_bench.run(new SegmentationPredictorNodeFactory(), progress, s -> {
            }, inputs));
    }
}
