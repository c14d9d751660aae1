package org.scanbridge.knime.nodes.volumeresampler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnProperties;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DataType;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.CanceledExecutionException;
import org.knime.core.node.DefaultNodeProgressMonitor;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.standin.run.NodeExecutionException;
import org.scanbridge.imaging.normalize.Foreground;
import org.scanbridge.imaging.normalize.Sample;
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
import org.scanbridge.knime.testing.Bench;
import org.scanbridge.knime.testing.Bench.Change;
import org.scanbridge.knime.testing.Bench.Result;

class VolumeResamplerNodeTest {

    private static final VolumeInfo INFO = new VolumeInfo("MR", "A", "a", "a-T1", "");

    private static final LabelSet LABELS = LabelSet.of(Map.of(1, "CSF", 2, "GM"));

    /** Oblique, with direction cosines of six decimals as DICOM headers have them; i runs to Anterior. */
    private static final Geometry OBLIQUE = new Geometry(new int[]{11, 9, 7}, new double[]{0.9, 1.1, 2.5},
        new double[]{-31.25, 14.5, 77.125},
        new double[]{0.034899, -0.999391, 0, 0.999391, 0.034899, 0, 0, 0, -1});

    @TempDir
    Path m_folder;

    private Bench m_bench;

    private VolumeCellFactory m_cells;

    private int m_made;

    @BeforeEach
    void open() throws Exception {
        m_bench = new Bench(m_folder);
        m_cells = VolumeCellFactory.of(m_bench.context());
    }

    @AfterEach
    void close() {
        m_bench.close();
    }

    private DataCell image(final Geometry grid, final float... voxels) throws Exception {
        return m_cells.create("i" + m_made++, new Volume(voxels, grid, INFO));
    }

    private DataCell labels(final Geometry grid, final int... values) throws Exception {
        final byte[] bytes = new byte[values.length];
        for (int v = 0; v < values.length; v++) {
            bytes[v] = (byte)values[v];
        }
        return m_cells.create("l" + m_made++, new LabelVolume(bytes, grid, INFO, LABELS));
    }

    /** A blob of random voxels above 0 in a background of 0, and its labels. */
    private DataCell[] blob(final Geometry grid) throws Exception {
        final SeededRandom random = new SeededRandom(7);
        final float[] x = new float[grid.voxelCount()];
        final int[] y = new int[x.length];
        for (int k = 1; k < grid.size(2) - 1; k++) {
            for (int j = 2; j < grid.size(1) - 1; j++) {
                for (int i = 3; i < grid.size(0) - 1; i++) {
                    final int v = (k * grid.size(1) + j) * grid.size(0) + i;
                    x[v] = 1 + (float)random.nextDouble();
                    y[v] = 1 + random.nextInt(2);
                }
            }
        }
        return new DataCell[]{image(grid, x), labels(grid, y)};
    }

    private BufferedDataTable table(final DataCell[]... rows) {
        final DataColumnSpecCreator image = new DataColumnSpecCreator("Image", VolumeCell.TYPE);
        image.setProperties(new DataColumnProperties(Map.of("scanbridge.normalization", "none")));
        return m_bench.table(new DataTableSpec(image.createSpec(),
            new DataColumnSpecCreator("Segmentation", LabelVolumeCell.TYPE).createSpec()), List.of(rows));
    }

    private Result run(final Change change, final BufferedDataTable... tables) throws Exception {
        return m_bench.run(new VolumeResamplerNodeFactory(), change, tables[0], tables.length > 1 ? tables[1] : null);
    }

    private static DataCell cell(final Result result, final int row, final String column) {
        return result.rows(0).get(row).getCell(result.table(0).getDataTableSpec().findColumnIndex(column));
    }

    private static Volume volume(final Result result, final String column) {
        return ((VolumeValue)cell(result, 0, column)).volume();
    }

    private static LabelVolume labelVolume(final Result result, final String column) {
        return ((LabelVolumeValue)cell(result, 0, column)).labelVolume();
    }

    /** By hand: halving the spacing of 1, 3, 7 along i gives the means in between, and the edge value at the end. */
    @Test
    void linearInterpolationToASpacing() throws Exception {
        final Geometry grid = Geometry.axial(new int[]{3, 1, 2}, 2, 1, 1);
        final BufferedDataTable table =
            table(new DataCell[]{image(grid, 1, 3, 7, 10, 30, 70), labels(grid, 0, 1, 2, 0, 1, 2)});
        final Result result = run(s -> {
            s.addString("grid", "SPACING");
            s.addString("kept", "FIRST_VOXEL");
            s.addDouble("spacingI", 1);
        }, table);
        assertArrayEquals(new float[]{1, 2, 3, 5, 7, 7, 10, 20, 30, 50, 70, 70}, volume(result, "Resampled").voxels());
        // Halfway between two labels the smaller one.
        assertArrayEquals(new byte[]{0, 0, 1, 1, 2, 2, 0, 0, 1, 1, 2, 2},
            labelVolume(result, "Resampled Segmentation").voxels());
        assertEquals(Geometry.axial(new int[]{6, 1, 2}, 1, 1, 1), volume(result, "Resampled").geometry());
        assertEquals("a", volume(result, "Resampled").info().subject());
        assertEquals("none", result.table(0).getDataTableSpec().getColumnSpec("Resampled").getProperties()
            .getProperty("scanbridge.normalization"), "resampled images stay normalized");
        assertNull(result.warning());
        assertTrue(cell(result, 0, "Lost Labels").isMissing());
        // The default keeps the field of view: centers lie a quarter of an old voxel to both sides of the old ones.
        final Result whole = run(s -> {
            s.addString("grid", "SPACING");
            s.addDouble("spacingI", 1);
        }, table);
        assertArrayEquals(new float[]{1, 1.5f, 2.5f, 4, 6, 7, 10, 15, 25, 40, 60, 70},
            volume(whole, "Resampled").voxels());
        assertArrayEquals(new byte[]{0, 0, 1, 1, 2, 2, 0, 0, 1, 1, 2, 2},
            labelVolume(whole, "Resampled Segmentation").voxels());
        assertArrayEquals(new double[]{-0.5, 0, 0}, volume(whole, "Resampled").geometry().origin());
    }

    /** 100 voxels of 5 mm³ in the first, a middle or the last slice are 500 voxels of 1 mm³. */
    @Test
    void thickSlicesKeepTheirVolumeAtBothEnds() throws Exception {
        final Geometry grid = Geometry.axial(new int[]{10, 10, 10}, 1, 1, 5);
        for (final int slice : new int[]{0, 4, 9}) {
            final int[] y = new int[1000];
            Arrays.fill(y, slice * 100, slice * 100 + 100, 1);
            final Result result = run(s -> {
            }, table(new DataCell[]{image(grid, new float[1000]), labels(grid, y)}));
            int count = 0;
            for (final byte v : labelVolume(result, "Resampled Segmentation").voxels()) {
                count += v;
            }
            assertEquals(500, count);
        }
    }

    /** Lesions of 1 and 8 voxels between the centers of voxels of 3 mm. */
    @Test
    void labelsThatVanishAreNamedAndKeptOnRequest() throws Exception {
        final Geometry grid = Geometry.axial(new int[]{12, 12, 12}, 1, 1, 1);
        final int[] y = new int[1728];
        y[2 + 12 * (2 + 12 * 2)] = 1;
        for (int n = 0; n < 8; n++) {
            y[8 + n % 2 + 12 * (8 + n / 2 % 2 + 12 * (8 + n / 4))] = 2;
        }
        final BufferedDataTable table = table(new DataCell[]{image(grid, new float[1728]), labels(grid, new int[1728])},
            new DataCell[]{image(grid, new float[1728]), labels(grid, y)});
        for (final String vote : new String[]{"NEAREST", "LINEAR_VOTE"}) {
            final Result lost = run(s -> {
                s.addDouble("edge", 3);
                s.addString("labelInterpolation", vote);
            }, table);
            assertTrue(cell(lost, 0, "Lost Labels").isMissing());
            assertEquals("\"CSF\" (label 1) vanished (1 voxel in 1 part); \"GM\" (label 2) vanished (8 voxels in 1 part)",
                cell(lost, 1, "Lost Labels").toString());
            assertTrue(lost.warning().startsWith("In 1 of 2 rows labels got lost. Row1: \"CSF\" (label 1) vanished")
                && lost.warning().contains("Keep parts that would vanish"), lost.warning());
            final Result kept = run(s -> {
                s.addDouble("edge", 3);
                s.addString("labelInterpolation", vote);
                s.addBoolean("keepParts", true);
            }, table);
            assertNull(kept.warning());
            final int[] counts = new int[3];
            for (final byte v : ((LabelVolumeValue)cell(kept, 1, "Resampled Segmentation")).labelVolume().voxels()) {
                counts[v]++;
            }
            assertArrayEquals(new int[]{62, 1, 1}, counts);
        }
    }

    @Test
    void classesThatACropCutsOffAreNamed() throws Exception {
        final Geometry grid = Geometry.axial(new int[]{8, 1, 1}, 1, 1, 1);
        final Result result = run(s -> {
            s.addString("grid", "KEEP");
            s.addString("size", "FIXED");
            s.addInt("sizeI", 4);
            s.addInt("sizeJ", 1);
        }, table(new DataCell[]{image(grid, new float[8]), labels(grid, 1, 0, 0, 2, 2, 0, 0, 0)}));
        assertEquals("\"CSF\" (label 1) vanished (1 voxel in 1 part)", cell(result, 0, "Lost Labels").toString());
        assertTrue(result.warning().contains("larger crop or size"), result.warning());
    }

    /** σ = √(2² - 1)/2.355 = 0.7355 voxels; a constant stays, a step does not overshoot. */
    @Test
    void downSamplingSmoothsUnlessSwitchedOff() throws Exception {
        final Geometry grid = Geometry.axial(new int[]{8, 1, 1}, 1, 1, 1);
        final BufferedDataTable table =
            table(new DataCell[]{image(grid, 0, 0, 0, 0, 8, 8, 8, 8), DataType.getMissingCell()});
        final Change spacing = s -> {
            s.addString("grid", "SPACING");
            s.addDouble("spacingI", 2);
        };
        final float[] smooth = volume(run(spacing, table), "Resampled").voxels();
        assertEquals(4, smooth.length);
        assertEquals(8, smooth[2] + smooth[1] + 8 - smooth[3], 2, "a step is spread around its place");
        assertTrue(smooth[2] < 8 && smooth[2] > 4, Arrays.toString(smooth));
        final float[] plain = volume(run(s -> {
            spacing.apply(s);
            s.addBoolean("antiAlias", false);
        }, table), "Resampled").voxels();
        assertArrayEquals(new float[]{0, 0, 8, 8}, plain);
    }

    @ParameterizedTest
    @CsvSource({"LINEAR,NEAREST,LPS", "LINEAR,LINEAR_VOTE,RAS", "CUBIC,NEAREST,KEEP", "NEAREST,NEAREST,RAS"})
    void whatWasTurnedCroppedAndPaddedComesBackVoxelForVoxel(final String interpolation, final String vote,
        final String axes) throws Exception {
        final BufferedDataTable original = table(blob(OBLIQUE));
        final Result there = run(s -> {
            s.addString("grid", "KEEP");
            s.addString("axes", axes);
            s.addString("crop", "IMAGE");
            s.addInt("margin", 0);
            s.addString("size", "MULTIPLE");
            s.addInt("multiple", 4);
            s.addString("fill", "ZERO");
        }, original);
        final Geometry grid = volume(there, "Resampled").geometry();
        assertTrue(!grid.sameGrid(OBLIQUE) && grid.size(2) == 8, grid.toString());
        final Result back = run(s -> {
            s.addString("imageColumn", "Resampled");
            s.addString("segmentationColumn", "Resampled Segmentation");
            s.addString("grid", "REFERENCE_COLUMN");
            s.addString("referenceColumn", "Image");
            s.addString("interpolation", interpolation);
            s.addString("labelInterpolation", vote);
            s.addString("fill", "ZERO");
            s.addString("outputImage", "Back");
            s.addString("outputSegmentation", "Segmentation Back");
        }, there.table(0));
        assertArrayEquals(volume(back, "Image").voxels(), volume(back, "Back").voxels());
        assertArrayEquals(labelVolume(back, "Segmentation").voxels(), labelVolume(back, "Segmentation Back").voxels());
        assertEquals(OBLIQUE, volume(back, "Back").geometry());
    }

    @Test
    void aPredictionOnCubicVoxelsReturnsToTheOriginalGrid() throws Exception {
        final Result there = run(s -> s.addDouble("edge", 0.5), table(blob(OBLIQUE)));
        assertArrayEquals(new double[]{0.5, 0.5, 0.5}, volume(there, "Resampled").geometry().spacing());
        final Result back = run(s -> {
            s.addString("content", "SEGMENTATION");
            s.addString("segmentationColumn", "Resampled Segmentation");
            s.addString("grid", "REFERENCE_COLUMN");
            s.addString("referenceColumn", "Segmentation");
        }, there.table(0));
        final byte[] truth = labelVolume(back, "Segmentation").voxels();
        final byte[] found = labelVolume(back, "Resampled Segmentation (#1)").voxels();
        assertEquals(OBLIQUE, labelVolume(back, "Resampled Segmentation (#1)").geometry());
        int same = 0;
        for (int v = 0; v < truth.length; v++) {
            same += truth[v] == found[v] ? 1 : 0;
        }
        assertTrue(same > 0.97 * truth.length, same + " of " + truth.length);
    }

    /** Finer than half a voxel, nearest labels survive the way there and back in every voxel. */
    @Test
    void wholeFractionsOfTheSpacingLoseNothing() throws Exception {
        final Geometry grid = Geometry.axial(new int[]{6, 5, 4}, 1, 1, 2);
        final BufferedDataTable original = table(blob(grid));
        final Result labelsOnly = run(s -> {
            s.addString("content", "SEGMENTATION");
            s.addString("segmentationColumn", "Resampled Segmentation");
            s.addString("grid", "REFERENCE_COLUMN");
            s.addBoolean("replace", true);
        }, run(s -> s.addDouble("edge", 0.5), original).table(0));
        assertArrayEquals(labelVolume(labelsOnly, "Segmentation").voxels(),
            labelVolume(labelsOnly, "Resampled Segmentation").voxels());
        // Images, too, where old voxel centers are new ones: with the first voxel kept, or a third of the spacing.
        imagesLoseNothing(original, 0.5);
        imagesLoseNothing(table(blob(Geometry.axial(new int[]{6, 5, 4}, 1, 1, 1))), 1 / 3.0);
    }

    private void imagesLoseNothing(final BufferedDataTable original, final double edge) throws Exception {
        final Result there = run(s -> {
            s.addDouble("edge", edge);
            s.addString("kept", edge == 0.5 ? "FIRST_VOXEL" : "FIELD_OF_VIEW");
        }, original);
        final Result back = run(s -> {
            s.addString("imageColumn", "Resampled");
            s.addString("segmentationColumn", "Resampled Segmentation");
            s.addString("grid", "REFERENCE_COLUMN");
            s.addBoolean("antiAlias", false);
            s.addBoolean("replace", true);
        }, there.table(0));
        assertArrayEquals(labelVolume(back, "Segmentation").voxels(),
            labelVolume(back, "Resampled Segmentation").voxels());
        assertArrayEquals(volume(back, "Image").voxels(), volume(back, "Resampled").voxels());
        assertEquals(List.of("Image", "Segmentation", "Resampled", "Resampled Segmentation", "Lost Labels",
            "Lost Labels (#1)"), List.of(back.table(0).getDataTableSpec().getColumnNames()));
    }

    @Test
    void theSecondInputGivesTheGrid() throws Exception {
        final Geometry target = Geometry.axial(new int[]{2, 2, 2}, 3, 3, 3);
        final BufferedDataTable reference = table(new DataCell[]{DataType.getMissingCell(), DataType.getMissingCell()},
            new DataCell[]{image(target, new float[8]), DataType.getMissingCell()});
        final BufferedDataTable table = table(blob(Geometry.axial(new int[]{6, 6, 6}, 1, 1, 1)));
        final Result result = run(s -> s.addString("grid", "REFERENCE_TABLE"), table, reference);
        assertEquals(target, volume(result, "Resampled").geometry());
        assertEquals(target, labelVolume(result, "Resampled Segmentation").geometry());
        final String open = assertThrows(InvalidSettingsException.class,
            () -> run(s -> s.addString("grid", "REFERENCE_TABLE"), table)).getMessage();
        assertTrue(open.contains("nothing is connected"), open);
        final BufferedDataTable empty = table();
        final String nothing = assertThrows(NodeExecutionException.class,
            () -> run(s -> s.addString("grid", "REFERENCE_TABLE"), table, empty)).getMessage();
        assertTrue(nothing.contains("no grid to take"), nothing);
        final BufferedDataTable texts = m_bench.table(
            new DataTableSpec(new DataColumnSpecCreator("Site", StringCell.TYPE).createSpec()), List.of());
        assertThrows(InvalidSettingsException.class, () -> run(s -> s.addString("grid", "REFERENCE_TABLE"), table, texts));
    }

    @Test
    void imageAndSegmentationOfDifferentGridsComeOutOnOne() throws Exception {
        final DataCell image = blob(OBLIQUE)[0];
        final Geometry other = Geometry.axial(new int[]{40, 40, 40}, 2, 2, 2);
        final DataCell labels = labels(other, new int[other.voxelCount()]);
        final Result result = run(s -> {
            s.addString("grid", "KEEP");
            s.addString("axes", "LPS");
        }, table(new DataCell[]{image, labels}));
        assertEquals(volume(result, "Resampled").geometry(), labelVolume(result, "Resampled Segmentation").geometry());
    }

    @Test
    void croppingFollowsTheLabelsIfAsked() throws Exception {
        final Geometry grid = Geometry.axial(new int[]{5, 5, 5}, 1, 1, 1);
        final int[] values = new int[125];
        values[62] = 2;
        final Result result = run(s -> {
            s.addString("grid", "KEEP");
            s.addString("crop", "LABELS");
            s.addInt("margin", 1);
        }, table(new DataCell[]{image(grid, new float[125]), labels(grid, values)}));
        assertArrayEquals(new int[]{3, 3, 3}, volume(result, "Resampled").geometry().size());
        assertEquals(2, labelVolume(result, "Resampled Segmentation").get(1, 1, 1));
        assertArrayEquals(new double[]{1, 1, 1}, volume(result, "Resampled").geometry().origin());
        final BufferedDataTable unlabeled =
            table(new DataCell[]{image(grid, new float[125]), DataType.getMissingCell()});
        final String none = assertThrows(NodeExecutionException.class,
            () -> run(s -> s.addString("crop", "LABELS"), unlabeled)).getMessage();
        assertTrue(none.contains("Row0") && none.contains("no segmentation to crop to"), none);
        final String dark = assertThrows(NodeExecutionException.class,
            () -> run(s -> s.addString("crop", "IMAGE"), unlabeled)).getMessage();
        assertTrue(dark.contains("Row0") && dark.contains("nothing to crop to"), dark);
    }

    /** A brain that was cut out and z-scored: some of it is below 0, and what is around it is not 0. */
    @Test
    void croppingFindsTheForegroundInSurroundingsOfAnyValue() throws Exception {
        final Geometry grid = Geometry.axial(new int[]{8, 9, 10}, 1, 1, 1);
        for (final float around : new float[]{-0.75f, 0, 3.5f}) {
            final float[] x = new float[grid.voxelCount()];
            Arrays.fill(x, around);
            for (int k = 3; k < 7; k++) {
                for (int j = 2; j < 8; j++) {
                    for (int i = 1; i < 6; i++) {
                        x[(k * 9 + j) * 8 + i] = 0.1f * i - 0.35f;
                    }
                }
            }
            final Result result = run(s -> {
                s.addString("grid", "KEEP");
                s.addString("crop", "FOREGROUND");
                s.addInt("margin", 0);
            }, table(new DataCell[]{image(grid, x), DataType.getMissingCell()}));
            assertArrayEquals(new int[]{5, 6, 4}, volume(result, "Resampled").geometry().size());
            assertArrayEquals(new double[]{1, 2, 3}, volume(result, "Resampled").geometry().origin());
        }
    }

    /** A spacing of 10^9 mm filled the memory, and the message spoke of that. */
    @Test
    void refusesSpacingsOfNoScan() throws Exception {
        final BufferedDataTable table = table(blob(OBLIQUE));
        for (final String key : List.of("edge", "spacingI", "spacingJ", "spacingK")) {
            for (final double mm : new double[]{-1, 0, 1e-9, 1001, 1e9, Double.NaN, Double.POSITIVE_INFINITY}) {
                final String message =
                    assertThrows(InvalidSettingsException.class, () -> run(s -> s.addDouble(key, mm), table)).getMessage();
                assertTrue(message.contains(mm + " mm") && message.contains("0.001 to 1000.0 mm")
                    && message.contains(key.equals("edge") ? "\"Edge of a voxel in mm\"" : "(mm)\""),
                    message);
            }
        }
    }

    /** A brain that was cut out: its surroundings go on, and "Chosen by the image" finds it again, by any interpolation. */
    @Test
    void paddingContinuesTheSurroundings() throws Exception {
        final Geometry grid = Geometry.axial(new int[]{12, 13, 14}, 1, 1, 1);
        for (final float around : new float[]{-0.75f, 0, 3.5f}) {
            final float[] x = new float[grid.voxelCount()];
            Arrays.fill(x, around);
            for (int v = 0; v < x.length; v++) {
                final boolean inside = v % 12 > 2 && v % 12 < 9 && v / 12 % 13 > 3 && v / 12 % 13 < 9 && v / 156 > 2 && v / 156 < 10;
                x[v] = inside ? 0.1f * (v % 12) - 0.65f : around;
            }
            final List<Integer> found = new ArrayList<>();
            for (final String interpolation : List.of("LINEAR", "CUBIC")) {
                final Volume padded = volume(run(s -> {
                    s.addString("grid", "ISOTROPIC");
                    s.addDouble("edge", 0.75);
                    s.addString("interpolation", interpolation);
                    s.addString("size", "FIXED");
                    s.addInt("sizeI", 40);
                    s.addInt("sizeJ", 30);
                    s.addInt("sizeK", 24);
                }, table(new DataCell[]{image(grid, x), DataType.getMissingCell()})), "Resampled");
                assertEquals(around, padded.get(0, 0, 0), interpolation);
                assertEquals(around, padded.get(39, 29, 23), interpolation);
                found.add(Foreground.AUTOMATIC.of(Sample.of(padded)).cardinality());
            }
            assertEquals(found.get(0), found.get(1), "around " + around);
        }
    }

    @Test
    void paddingShowsTheMinimumOrZero() throws Exception {
        final Geometry grid = Geometry.axial(new int[]{2, 1, 1}, 1, 1, 1);
        final BufferedDataTable table = table(new DataCell[]{image(grid, -3, 5), labels(grid, 1, 2)});
        final Change pad = s -> {
            s.addString("grid", "KEEP");
            s.addString("size", "FIXED");
            s.addInt("sizeI", 4);
            s.addInt("sizeJ", 1);
        };
        final Result minimum = run(pad, table);
        assertArrayEquals(new float[]{-3, -3, 5, -3}, volume(minimum, "Resampled").voxels());
        assertArrayEquals(new byte[]{0, 1, 2, 0}, labelVolume(minimum, "Resampled Segmentation").voxels());
        final Result zero = run(s -> {
            pad.apply(s);
            s.addString("fill", "ZERO");
        }, table);
        assertArrayEquals(new float[]{0, -3, 5, 0}, volume(zero, "Resampled").voxels());
    }

    @Test
    void radiographsStayInTheirPlane() throws Exception {
        // A frontal radiograph: i to the left, j to inferior, so k runs from front to back.
        final Geometry flat = new Geometry(new int[]{4, 6, 1}, new double[]{1, 1, 1}, new double[3],
            new double[]{1, 0, 0, 0, 0, -1, 0, 1, 0});
        final Result result = run(s -> {
            s.addDouble("edge", 0.5);
            s.addString("axes", "LPS");
            s.addString("size", "MULTIPLE");
        }, table(new DataCell[]{image(flat, new float[24]), labels(flat, new int[24])}));
        assertArrayEquals(new int[]{16, 16, 1}, volume(result, "Resampled").geometry().size());
        assertArrayEquals(new double[]{0.5, 0.5, 1}, volume(result, "Resampled").geometry().spacing());
    }

    @Test
    void missingCellsStayMissing() throws Exception {
        final DataCell[] both = blob(OBLIQUE);
        final DataCell missing = DataType.getMissingCell();
        final BufferedDataTable table =
            table(both, new DataCell[]{both[0], missing}, new DataCell[]{missing, both[1]});
        final Result result = run(s -> {
        }, table);
        assertTrue(cell(result, 1, "Resampled Segmentation").isMissing() && !cell(result, 1, "Resampled").isMissing());
        assertTrue(cell(result, 2, "Resampled Segmentation").isMissing() && cell(result, 2, "Resampled").isMissing());
        assertTrue(result.warning().startsWith("1 of 3 rows have nothing to resample and 0"), result.warning());
        final Result reference = run(s -> {
            s.addString("grid", "REFERENCE_COLUMN");
            s.addString("referenceColumn", "Segmentation");
        }, table);
        assertTrue(cell(reference, 1, "Resampled").isMissing());
        assertTrue(reference.warning().contains("and 1 no reference grid"), reference.warning());
        assertTrue(run(s -> {
        }, table()).warning().contains("no rows"));
    }

    @Test
    void voxelsThatAreNotANumberAreNeverSpread() throws Exception {
        final Geometry grid = Geometry.axial(new int[]{2, 2, 1}, 1, 1, 1);
        final BufferedDataTable table = table(
            new DataCell[]{image(grid, Float.NaN, 1, 2, 3), DataType.getMissingCell()});
        final String message =
            assertThrows(NodeExecutionException.class, () -> run(s -> s.addDouble("edge", 0.7), table)).getMessage();
        assertTrue(message.contains("Row0") && message.contains("NaN") && message.contains("nearest"), message);
        final Result nearest = run(s -> {
            s.addDouble("edge", 0.5);
            s.addString("interpolation", "NEAREST");
        }, table);
        assertTrue(Float.isNaN(volume(nearest, "Resampled").get(0, 0, 0)));
        assertEquals(3, volume(nearest, "Resampled").get(3, 3, 0));
        final Result padded = run(s -> {
            s.addString("grid", "KEEP");
            s.addString("size", "MULTIPLE");
            s.addInt("multiple", 3);
        }, table);
        assertEquals(1, volume(padded, "Resampled").get(2, 2, 0), "the minimum, not NaN");
    }

    @Test
    void aGridThatIsTooLargeIsAClearError() throws Exception {
        final BufferedDataTable table = table(blob(OBLIQUE));
        final String message =
            assertThrows(NodeExecutionException.class, () -> run(s -> s.addDouble("edge", 1e-3), table)).getMessage();
        assertTrue(message.contains("Row0") && message.contains("2^31"), message);
    }

    @Test
    void boundsHoldWithoutADialog() throws Exception {
        final BufferedDataTable table = table(blob(OBLIQUE));
        final List<Change> wrong = new ArrayList<>(List.of(s -> s.addDouble("edge", 0),
            s -> s.addDouble("spacingJ", Double.NaN), s -> s.addInt("sizeK", 0), s -> s.addInt("multiple", 0),
            s -> s.addInt("margin", -1), s -> s.addDouble("threshold", Double.NaN), s -> s.addString("outputImage", " "),
            s -> s.addString("outputSegmentation", ""), s -> {
                s.addString("content", "SEGMENTATION");
                s.addString("crop", "IMAGE");
            }, s -> {
                s.addString("content", "SEGMENTATION");
                s.addString("crop", "FOREGROUND");
            }, s -> {
                s.addString("content", "IMAGE");
                s.addString("crop", "LABELS");
            }, s -> {
                s.addString("grid", "REFERENCE_COLUMN");
                s.addString("referenceColumn", "nowhere");
            }, s -> s.addString("imageColumn", "Segmentation")));
        for (final Change change : wrong) {
            assertThrows(InvalidSettingsException.class, () -> run(change, table));
        }
    }

    @Test
    void aCancelledRunEndsAsCancelled() throws Exception {
        final DefaultNodeProgressMonitor progress = new DefaultNodeProgressMonitor();
        progress.setExecuteCanceled();
        final BufferedDataTable table = table(blob(OBLIQUE));
        assertThrows(CanceledExecutionException.class,
            () -> m_bench.run(new VolumeResamplerNodeFactory(), progress, s -> {
            }, table, null));
    }
}
