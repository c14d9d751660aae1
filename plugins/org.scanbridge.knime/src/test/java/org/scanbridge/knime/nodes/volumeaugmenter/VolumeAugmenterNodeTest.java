package org.scanbridge.knime.nodes.volumeaugmenter;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.scanbridge.knime.testing.TinyStudy.labels;
import static org.scanbridge.knime.testing.TinyStudy.subject;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.knime.core.data.DataCell;
import org.knime.core.data.DataRow;
import org.knime.core.data.DoubleValue;
import org.knime.core.data.IntValue;
import org.knime.core.data.StringValue;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.CanceledExecutionException;
import org.knime.core.node.DefaultNodeProgressMonitor;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeSettings;
import org.knime.core.standin.run.NodeExecutionException;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.data.VolumeCellFactory;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.testing.Bench;
import org.scanbridge.knime.testing.Bench.Change;
import org.scanbridge.knime.testing.Bench.Result;
import org.scanbridge.knime.testing.TinyStudy;

class VolumeAugmenterNodeTest {

    private static final Map<String, List<String>> ALL = Map.of("spatial", List.of("affine", "elastic"), "intensity",
        List.of("brightness", "contrast", "gamma", "histogramShift", "biasField", "linearBias"), "acquisition",
        List.of("blur", "lowResolution", "thickSlices", "motion", "ghosting", "spike", "gaussianNoise", "ricianNoise"));

    private static final Geometry CUBE = Geometry.axial(new int[]{10, 9, 8}, 1, 1, 2);

    private static final float[] X = {1, 2, 3, 4, 5, 6, 7, 8};

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

    /** Switches everything off but one, which then always happens; {@code flip} is one too. */
    private static Change only(final String chosen) {
        return s -> {
            final NodeSettings augmentation = s.getNodeSettings("augmentation");
            for (final Map.Entry<String, List<String>> group : ALL.entrySet()) {
                final NodeSettings settings = augmentation.getNodeSettings(group.getKey());
                group.getValue().forEach(name -> {
                    settings.addBoolean(name, name.equals(chosen));
                    if (name.equals(chosen)) {
                        settings.addDouble(name + "Probability", 1);
                    }
                });
            }
            s.addBoolean("flip", chosen.equals("flip"));
            s.addDouble("flipProbability", 1);
        };
    }

    private static Change and(final Change first, final Change second) {
        return s -> {
            first.apply(s);
            second.apply(s);
        };
    }

    private Result run(final Change change, final BufferedDataTable table) throws Exception {
        return m_bench.run(new VolumeAugmenterNodeFactory(), change, table);
    }

    private static int column(final Result result, final String name) {
        final int index = result.table(0).getDataTableSpec().findColumnIndex(name);
        assertTrue(index >= 0, name + " is not in " + Arrays.toString(result.table(0).getDataTableSpec().getColumnNames()));
        return index;
    }

    private static DataCell cell(final Result result, final int row, final String name) {
        return result.rows(0).get(row).getCell(column(result, name));
    }

    private static float[] voxels(final Result result, final int row) {
        return ((VolumeValue)cell(result, row, "Image")).volume().voxels();
    }

    private static byte[] labelVoxels(final Result result, final int row) {
        return ((LabelVolumeValue)cell(result, row, "Segmentation")).labelVolume().voxels();
    }

    /** A table with one image of random voxels and labels on a grid; row {@code Row0}. */
    private BufferedDataTable random(final Geometry grid) throws Exception {
        final SeededRandom random = new SeededRandom(5);
        final float[] x = new float[grid.voxelCount()];
        final byte[] y = new byte[x.length];
        for (int v = 0; v < x.length; v++) {
            x[v] = 1 + (float)random.nextDouble();
            y[v] = (byte)random.nextInt(3);
        }
        return table(grid, x, y);
    }

    /** A table with one image and its labels; row {@code Row0}. */
    private BufferedDataTable table(final Geometry grid, final float[] x, final byte[] y) throws Exception {
        final BufferedDataTable table = TinyStudy.table(m_bench, List.of("Segmentation"), subject("a", "A", X));
        final DataCell[] cells = new DataCell[]{Bench.rows(table).get(0).getCell(0), Bench.rows(table).get(0).getCell(1),
            VolumeCellFactory.of(m_bench.context()).create("x", new Volume(x, grid, VolumeInfo.UNKNOWN)),
            VolumeCellFactory.of(m_bench.context()).create("y",
                new LabelVolume(y, grid, VolumeInfo.UNKNOWN, TinyStudy.LABELS))};
        return m_bench.table(table.getDataTableSpec(), List.<DataCell[]> of(cells));
    }

    /** By hand: the grid is axial, so left and right are exchanged along i. */
    @Test
    void imageAndSegmentationAreFlippedTogether() throws Exception {
        final Result result = run(only("flip"), TinyStudy.table(m_bench, List.of("Segmentation"),
            subject("a", "A", X, labels(0, 1, 0, 2, 0, 1, 1, 1)), subject("b", "B", X)));
        assertEquals(List.of("Row0", "Row0_copy1", "Row1", "Row1_copy1"),
            result.rows(0).stream().map(r -> r.getKey().getString()).toList());
        assertArrayEquals(X, voxels(result, 0));
        assertArrayEquals(new float[]{2, 1, 4, 3, 6, 5, 8, 7}, voxels(result, 1));
        assertArrayEquals(labels(1, 0, 2, 0, 1, 0, 1, 1), labelVoxels(result, 1));
        assertTrue(cell(result, 3, "Segmentation").isMissing());
        assertEquals("Row0", ((StringValue)cell(result, 1, "Original Row")).getStringValue());
        assertEquals(0, ((IntValue)cell(result, 0, "Copy")).getIntValue());
        assertEquals(1, ((IntValue)cell(result, 1, "Copy")).getIntValue());
        assertEquals(1, ((DoubleValue)cell(result, 1, "flip left-right")).getDoubleValue());
        assertTrue(cell(result, 0, "flip left-right").isMissing());
        assertEquals(7, result.table(0).getDataTableSpec().getNumColumns(), "only what is chosen has columns");
        assertEquals("a", ((StringValue)cell(result, 1, "Subject")).getStringValue());
        assertNull(result.warning());
    }

    @ParameterizedTest
    @CsvSource({"affine,scale (factor)", "elastic,elastic (mm)", "brightness,brightness (factor)",
        "contrast,contrast (factor)", "gamma,gamma (exponent)",
        "histogramShift,'histogram shift (largest, share of range)'", "biasField,bias field (bound of |log|)",
        "linearBias,linear bias field (alpha)", "blur,blur (mm)", "lowResolution,low resolution (zoom)",
        "thickSlices,thick slices (voxels)", "motion,motion (moves)", "ghosting,ghosting (number)",
        "spike,spike (share of sd)", "gaussianNoise,Gaussian noise (share of sd)", "ricianNoise,Rician noise (SNR)"})
    void eachAugmentationChangesImagesAndSaysWhatWasDrawn(final String name, final String parameter) throws Exception {
        for (final Geometry grid : List.of(CUBE, Geometry.axial(new int[]{12, 10, 1}, 1, 1, 1))) {
            final Result result = run(only(name), random(grid));
            assertFalse(cell(result, 1, parameter).isMissing());
            assertTrue(cell(result, 0, parameter).isMissing());
            assertFalse(Arrays.equals(voxels(result, 0), voxels(result, 1)), name + " on " + grid);
            for (final float v : voxels(result, 1)) {
                assertTrue(Float.isFinite(v));
            }
            for (final byte label : labelVoxels(result, 1)) {
                assertTrue(label >= 0 && label < 3, "no new label arises");
            }
            if (!ALL.get("spatial").contains(name)) {
                assertArrayEquals(labelVoxels(result, 0), labelVoxels(result, 1), "intensities do not move labels");
            }
        }
    }

    @Test
    void theSettingsReachTheAugmentation() throws Exception {
        final Result result = run(and(only("brightness"), s -> {
            s.getNodeSettings("augmentation").getNodeSettings("intensity").addDouble("brightnessMin", 1.25);
            s.getNodeSettings("augmentation").getNodeSettings("intensity").addDouble("brightnessMax", 1.25);
        }), TinyStudy.table(m_bench, List.of(), subject("a", "A", X)));
        assertArrayEquals(new float[]{1.25f, 2.5f, 3.75f, 5, 6.25f, 7.5f, 8.75f, 10}, voxels(result, 1));
        assertEquals(1.25, ((DoubleValue)cell(result, 1, "brightness (factor)")).getDoubleValue());
    }

    /** A block of -3 and 4 in surroundings of -0.4, as a z-score leaves a brain that was cut out, at half its size. */
    @ParameterizedTest
    @CsvSource({"'',-0.4", "BACKGROUND,-0.4", "MINIMUM,-3", "ZERO,0"})
    void outsideOfTheImageIsWhatIsChosen(final String outside, final float expected) throws Exception {
        final float[] x = new float[CUBE.voxelCount()];
        Arrays.fill(x, -0.4f);
        for (int k = 3; k < 5; k++) {
            for (int j = 4; j < 6; j++) {
                for (int i = 4; i < 6; i++) {
                    x[(k * CUBE.size(1) + j) * CUBE.size(0) + i] = i == 4 ? -3 : 4;
                }
            }
        }
        final Result result = run(and(only("affine"), s -> {
            if (!outside.isEmpty()) {
                s.addString("outside", outside);
            }
            spatial(s).addDouble("smallestScale", 0.5);
            spatial(s).addDouble("largestScale", 0.5);
        }), table(CUBE, x, new byte[x.length]));
        assertEquals(expected, voxels(result, 1)[0]);
    }

    /** The same seed and row ID give the same copy, whatever other rows and however many copies there are. */
    @Test
    void copiesDependOnSeedRowAndNumberOnly() throws Exception {
        final Change some = s -> s.addInt("copies", 3);
        final BufferedDataTable alone = random(CUBE);
        final DataCell[] row = Bench.cells(Bench.rows(alone).get(0));
        final BufferedDataTable two = m_bench.table(alone.getDataTableSpec(), List.of(row, row));
        final Result first = run(some, alone);
        final Result second = run(some, two);
        final Result one = run(s -> s.addBoolean("keepOriginals", false), alone);
        assertEquals(4, first.table(0).size());
        assertEquals(8, second.table(0).size());
        assertEquals(1, one.table(0).size());
        for (int copy = 1; copy <= 3; copy++) {
            assertArrayEquals(voxels(first, copy), voxels(second, copy));
            assertArrayEquals(labelVoxels(first, copy), labelVoxels(second, copy));
        }
        assertArrayEquals(voxels(first, 1), voxels(one, 0));
        assertFalse(Arrays.equals(voxels(first, 1), voxels(first, 2)), "copies differ");
        assertFalse(Arrays.equals(voxels(second, 1), voxels(second, 5)), "rows differ");
        final Result other = run(s -> s.addLong("seed", 2), alone);
        assertFalse(Arrays.equals(voxels(first, 1), voxels(other, 1)), "seeds differ");
    }

    /** Switching one off leaves the numbers of the others alone. */
    @Test
    void augmentationsDrawIndependently() throws Exception {
        final BufferedDataTable table = random(CUBE);
        final Change more = and(only("gamma"),
            s -> s.getNodeSettings("augmentation").getNodeSettings("acquisition").addBoolean("blur", true));
        assertEquals(((DoubleValue)cell(run(only("gamma"), table), 1, "gamma (exponent)")).getDoubleValue(),
            ((DoubleValue)cell(run(more, table), 1, "gamma (exponent)")).getDoubleValue());
    }

    @Test
    void rowIdsStayUnique() throws Exception {
        final Result once = run(s -> {
        }, TinyStudy.table(m_bench, List.of(), subject("a", "A", X)));
        final Result twice = run(s -> s.addString("imageColumn", "Image"), once.table(0));
        assertEquals(4, twice.rows(0).stream().map(DataRow::getKey).distinct().count());
        assertEquals(2 * once.table(0).getDataTableSpec().getNumColumns() - 3,
            twice.table(0).getDataTableSpec().getNumColumns());
    }

    @Test
    void rowsWithoutAnImageHaveNoCopies() throws Exception {
        final Result result = run(s -> {
        }, TinyStudy.table(m_bench, List.of("Segmentation"), subject("a", "A", null), subject("b", "A", X)));
        assertEquals(3, result.table(0).size());
        assertTrue(result.warning().startsWith("1 of 2 rows have no image"), result.warning());
        final Result empty = run(s -> {
        }, TinyStudy.table(m_bench, List.of()));
        assertTrue(empty.warning().contains("no rows"), empty.warning());
    }

    @Test
    void badImagesAreNamed() throws Exception {
        final float[] broken = X.clone();
        broken[3] = Float.NaN;
        final BufferedDataTable nan = TinyStudy.table(m_bench, List.of(), subject("a", "A", broken));
        final String message =
            assertThrows(NodeExecutionException.class, () -> run(only("gamma"), nan)).getMessage();
        assertTrue(message.contains("Row0") && message.contains("NaN"), message);
        assertTrue(message.contains("Volume Normalizer") && message.contains("\"Replace NaN and infinite voxels\""), message);
        final Result mixed = run(only("gamma"),
            TinyStudy.table(m_bench, List.of(), subject("a", "A", broken), subject("b", "A", X)));
        for (final DataRow row : mixed.rows(0)) {
            final DataCell[] values = Bench.cells(row);
            final int image = mixed.table(0).getDataTableSpec().findColumnIndex("Image");
            final int first = mixed.table(0).getDataTableSpec().findColumnIndex("Copy") + 1;
            assertFalse(values[image].isMissing() && Arrays.stream(values, first, values.length).anyMatch(c -> !c.isMissing()),
                row.getKey() + " has drawn values without an image");
        }
        assertTrue(mixed.rows(0).stream().anyMatch(r -> r.getKey().getString().startsWith("Row0_copy")
            && r.getCell(mixed.table(0).getDataTableSpec().findColumnIndex("Image")).isMissing()));
        final BufferedDataTable table = random(CUBE);
        final DataCell[] cells = Bench.cells(Bench.rows(table).get(0));
        cells[3] = VolumeCellFactory.of(m_bench.context()).create("other", new LabelVolume(new byte[8], TinyStudy.GRID,
            VolumeInfo.UNKNOWN, TinyStudy.LABELS));
        final BufferedDataTable mismatched = m_bench.table(table.getDataTableSpec(), List.<DataCell[]> of(cells));
        final String grid = assertThrows(NodeExecutionException.class, () -> run(s -> {
        }, mismatched)).getMessage();
        assertTrue(grid.contains("Row0") && grid.contains("Resample"), grid);
        final BufferedDataTable dark = TinyStudy.table(m_bench, List.of(), subject("a", "A", new float[8]));
        final Result empty = run(s -> s.addInt("copies", 5), dark);
        for (int row = 0; row < 6; row++) {
            assertArrayEquals(new float[8], voxels(empty, row), "nothing but background");
        }
    }

    @Test
    void boundsHoldWithoutADialog() throws Exception {
        final BufferedDataTable table = random(CUBE);
        final List<Change> wrong = List.of(s -> s.addInt("copies", 0), s -> s.addInt("copies", 1001),
            s -> s.addDouble("flipProbability", 1.5), s -> spatial(s).addDouble("affineProbability", -0.1),
            s -> spatial(s).addDouble("smallestScale", 2), s -> spatial(s).addInt("elasticPoints", 4),
            s -> spatial(s).addDouble("rotation", Double.NaN),
            s -> s.getNodeSettings("augmentation").getNodeSettings("intensity").addDouble("gammaMin", 0),
            s -> s.getNodeSettings("augmentation").getNodeSettings("intensity").addDouble("biasFieldProbability", 2),
            s -> s.getNodeSettings("augmentation").getNodeSettings("acquisition").addInt("motionMoves", 0),
            s -> s.getNodeSettings("augmentation").getNodeSettings("acquisition").addDouble("snrMax", 1),
            s -> s.addString("segmentationColumn", "Image"));
        for (final Change change : wrong) {
            assertThrows(InvalidSettingsException.class, () -> run(change, table));
        }
        final String message = assertThrows(InvalidSettingsException.class,
            () -> run(s -> spatial(s).addDouble("smallestScale", 2), table)).getMessage();
        assertTrue(message.contains("Spatial changes") && message.contains("2.0"), message);
    }

    private static Change scans(final String kind) {
        return and(only("none"), s -> {
            s.getNodeSettings("augmentation").addString("scans", kind);
            s.addInt("copies", 30);
        });
    }

    /** Without single changes, nothing but the kind of scans changes images; segmentations stay. */
    @ParameterizedTest
    @CsvSource({"SAME_KIND,0,0", "OTHER_SCANNERS,0,1", "ANY_CONTRAST,1,1"})
    void scansToBeReadyForChangeImagesBesideTheSingleChanges(final String kind, final int painted, final int curves)
        throws Exception {
        final Result result = run(scans(kind), random(CUBE));
        final List<String> names = List.of(result.table(0).getDataTableSpec().getColumnNames());
        assertEquals(painted == 1, names.contains("synthesis (classes drawn)"), names.toString());
        assertEquals(curves == 1, names.contains("random convolutions (alpha)"), names.toString());
        int changed = 0;
        for (int copy = 1; copy <= 30; copy++) {
            changed += Arrays.equals(voxels(result, 0), voxels(result, copy)) ? 0 : 1;
            assertArrayEquals(labelVoxels(result, 0), labelVoxels(result, copy));
        }
        // Shares of 0.5 and 0.3, with painting 0.4 too: 0.65 and 0.79 of the copies.
        final double share = curves == 0 ? 0 : painted == 0 ? 0.65 : 0.79;
        assertEquals(30 * share, changed, 5 * Math.sqrt(30 * share * (1 - share)) + 1e-9);
    }

    /** A workflow that was saved before there was the choice. */
    @Test
    void settingsWithoutAKindOfScansAreOfTheSameKind() throws Exception {
        final BufferedDataTable table = random(CUBE);
        final Change before = s -> {
            final NodeSettings augmentation = s.getNodeSettings("augmentation");
            final NodeSettings old = new NodeSettings("augmentation");
            for (final String group : ALL.keySet()) {
                old.addNodeSettings(augmentation.getNodeSettings(group));
            }
            s.addNodeSettings(old);
        };
        assertArrayEquals(voxels(run(s -> {
        }, table), 1), voxels(run(before, table), 1));
    }

    @Test
    void paintingNeedsSegmentations() throws Exception {
        final BufferedDataTable without = TinyStudy.table(m_bench, List.of("Segmentation"), subject("a", "A", X));
        final String row =
            assertThrows(NodeExecutionException.class, () -> run(scans("ANY_CONTRAST"), without)).getMessage();
        assertTrue(row.contains("Row0") && row.contains("no segmentation") && row.contains("Scans to be ready for"), row);
        final String off = assertThrows(InvalidSettingsException.class, () -> run(and(scans("ANY_CONTRAST"),
            s -> s.addBoolean("withSegmentation", false)), random(CUBE))).getMessage();
        assertTrue(off.contains("Move segmentations too"), off);
    }

    private static NodeSettings spatial(final NodeSettings s) throws InvalidSettingsException {
        return s.getNodeSettings("augmentation").getNodeSettings("spatial");
    }

    @Test
    void aCancelledRunEndsAsCancelled() throws Exception {
        final DefaultNodeProgressMonitor progress = new DefaultNodeProgressMonitor();
        progress.setExecuteCanceled();
        final BufferedDataTable table = random(CUBE);
        assertThrows(CanceledExecutionException.class,
            () -> m_bench.run(new VolumeAugmenterNodeFactory(), progress, s -> {
            }, table));
    }
}
