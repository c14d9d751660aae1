package org.scanbridge.knime.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knime.core.data.DataCell;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeSettings;
import org.knime.core.node.port.PortObject;
import org.knime.core.standin.run.NodeExecutionException;
import org.scanbridge.imaging.phantom.RadiographProtocol;
import org.scanbridge.imaging.phantom.RadiographStudy;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.nodes.dicomreader.DicomReaderNodeFactory;
import org.scanbridge.knime.nodes.domainadaptationlearner.DomainAdaptationLearnerNodeFactory;
import org.scanbridge.knime.nodes.lesionscorer.LesionScorerNodeFactory;
import org.scanbridge.knime.nodes.networkbuilder.NetworkBuilderNodeFactory;
import org.scanbridge.knime.nodes.segmentationlearner.SegmentationLearnerNodeFactory;
import org.scanbridge.knime.nodes.segmentationpredictor.SegmentationPredictorNodeFactory;
import org.scanbridge.knime.nodes.segmentationwriter.SegmentationWriterNodeFactory;
import org.scanbridge.knime.nodes.syntheticsites.SyntheticSitesNodeFactory;
import org.scanbridge.knime.nodes.volumeaugmenter.VolumeAugmenterNodeFactory;
import org.scanbridge.knime.nodes.volumenormalizer.VolumeNormalizerNodeFactory;
import org.scanbridge.knime.nodes.volumeresampler.VolumeResamplerNodeFactory;
import org.scanbridge.knime.testing.Bench;
import org.scanbridge.knime.testing.Bench.Result;
import org.scanbridge.knime.view.ExecutedNode;
import org.scanbridge.knime.view.SliceService;

/** Radiographs, images of one slice, through the nodes, with what they do by themselves. */
class RadiographNodesTest {

    private static final int SIZE = 32;

    private static final List<RadiographProtocol> SITES =
        List.of(RadiographProtocol.PANEL, RadiographProtocol.PLATES, RadiographProtocol.LINEAR);

    @TempDir
    Path m_folder;

    private Bench m_bench;

    private Path m_study;

    private BufferedDataTable m_images;

    @BeforeEach
    void open() throws Exception {
        m_bench = new Bench(Files.createDirectory(m_folder.resolve("run")));
        m_study = m_folder.resolve("study");
        m_bench.run(new SyntheticSitesNodeFactory(), s -> {
            s.addString("sites", "RADIOGRAPHS_3");
            s.addInt("subjectsPerSite", 2);
            s.addInt("size", SIZE);
            s.addLong("seed", 4);
            s.addString("folder", m_study.toString());
        });
        final Result read = m_bench.run(new DicomReaderNodeFactory(), s -> s.addString("folder", m_study.toString()),
            (PortObject)null);
        assertNull(read.warning());
        assertEquals(0, read.table(1).size(), "problems");
        m_images = read.table(0);
    }

    @AfterEach
    void close() {
        m_bench.close();
    }

    private static Volume image(final DataRow row, final BufferedDataTable table, final String column) {
        return ((VolumeValue)row.getCell(table.getDataTableSpec().findColumnIndex(column))).volume();
    }

    private static LabelVolumeValue labels(final DataRow row, final BufferedDataTable table, final String column) {
        return (LabelVolumeValue)row.getCell(table.getDataTableSpec().findColumnIndex(column));
    }

    private static String site(final DataRow row, final BufferedDataTable table) {
        return row.getCell(table.getDataTableSpec().findColumnIndex("Site")).toString();
    }

    /** Bones are bright at all three centers, MONOCHROME1 or not, and pixels have their size in the plane of the bones. */
    @Test
    void theReaderShowsAllVendorsTheSameWay() {
        final RadiographStudy study = new RadiographStudy(SITES, SIZE, 4);
        int n = 0;
        for (final DataRow row : Bench.rows(m_images)) {
            final int site = SITES.stream().map(RadiographProtocol::site).toList().indexOf(site(row, m_images));
            final Volume image = image(row, m_images, "Image");
            final List<RadiographStudy.Subject> subjects = List.of(study.subject(site, 0), study.subject(site, 1));
            final RadiographStudy.Subject own = subjects.stream()
                .filter(s -> Arrays.equals(s.image().voxels(), image.voxels())).findFirst().orElseThrow();
            assertTrue(image.geometry().sameGrid(Geometry.axial(new int[]{SIZE, SIZE, 1}, 3.2, 3.2, 1)));
            assertArrayEquals(own.fractures().voxels(), labels(row, m_images, "Segmentation").labelVolume().voxels());
            n++;
        }
        assertEquals(6, n);
    }

    /** Nobody knows which side of the body is where: no letters. */
    @Test
    void theViewerShowsNoSidesOfTheBody() {
        final SliceService.Row row = new SliceService(new ExecutedNode(m_images), 0).open(0);
        int layers = 0;
        for (final SliceService.Layer layer : row.layers()) {
            for (final SliceService.Stack stack : layer.stacks()) {
                assertArrayEquals(new String[]{"", "", "", ""}, stack.letters());
            }
            layers++;
        }
        assertEquals(2, layers, "image and segmentation");
    }

    /** A slice stays a slice, whatever is resampled to voxels of the same size in all directions or changed at random. */
    @Test
    void preparingKeepsOneSlice() throws Exception {
        final BufferedDataTable resampled = m_bench.run(new VolumeResamplerNodeFactory(), s -> s.addDouble("edge", 1.6),
            m_images, null).table(0);
        final BufferedDataTable normalized = m_bench.run(new VolumeNormalizerNodeFactory(), s -> {
            s.addString("imageColumn", "Resampled");
        }, resampled, null, null).table(0);
        final BufferedDataTable augmented = m_bench.run(new VolumeAugmenterNodeFactory(), s -> {
            s.addString("imageColumn", "Normalized");
            s.addString("segmentationColumn", "Resampled Segmentation");
        }, normalized).table(0);
        assertTrue(augmented.size() >= 6);
        for (final DataRow row : Bench.rows(augmented)) {
            for (int c = 0; c < row.getNumCells(); c++) {
                if (row.getCell(c) instanceof VolumeValue v) {
                    assertEquals(1, v.geometry().size(2));
                } else if (row.getCell(c) instanceof LabelVolumeValue v) {
                    assertEquals(1, v.geometry().size(2));
                }
            }
        }
        for (final DataRow row : Bench.rows(normalized)) {
            assertTrue(image(row, normalized, "Resampled").geometry().sameGrid(
                new Geometry(new int[]{64, 64, 1}, new double[]{1.6, 1.6, 1}, new double[]{-0.8, -0.8, 0},
                    new double[]{1, 0, 0, 0, 1, 0, 0, 0, 1})));
            double sum = 0;
            final float[] voxels = image(row, normalized, "Normalized").voxels();
            for (final float v : voxels) {
                sum += v;
            }
            assertEquals(0, sum / voxels.length, 1e-3, "the whole image is the foreground of a radiograph");
        }
    }

    private PortObject network(final String normalization) throws Exception {
        final Result built = m_bench.run(new NetworkBuilderNodeFactory(), s -> {
            s.addString("architecture", "UNET_2D");
            s.addInt("baseWidth", 2);
            s.addInt("levels", 1);
            s.addInt("patchSize", 16);
            s.addString("normalization", normalization);
        }, m_images);
        assertNull(built.warning());
        return built.outputs()[0];
    }

    private static void train(final NodeSettings s) throws InvalidSettingsException {
        s.getNodeSettings("columns").addString("imageColumn", "Image");
        final NodeSettings training = s.getNodeSettings("training");
        training.addInt("steps", 2);
        training.addInt("batch", 4); // half of them target patches, one of each site
        training.addBoolean("augment", true);
    }

    private PortObject learn(final PortObject network) throws Exception {
        return m_bench.run(new SegmentationLearnerNodeFactory(), RadiographNodesTest::train, network, images(0), images(1))
            .outputs()[0];
    }

    private PortObject adapt(final PortObject network, final String method, final String norms) throws Exception {
        return m_bench.run(new DomainAdaptationLearnerNodeFactory(), s -> {
            train(s);
            s.addString("method", method);
            s.addString("companion", method.equals("DOMAIN_ADVERSARIAL") ? "CONSISTENCY" : "NOTHING");
            s.addString("norms", norms);
            s.addString("resultSite", norms.equals("SHARED") ? "" : "W");
        }, network, images(0), images(1)).outputs()[0];
    }

    /** The first (0) or second (1) image of each center. */
    private BufferedDataTable images(final int number) {
        final List<DataRow> rows = Bench.rows(m_images);
        final List<DataCell[]> chosen = new ArrayList<>();
        for (int r = number; r < rows.size(); r += 2) {
            chosen.add(Bench.cells(rows.get(r)));
        }
        return m_bench.table(m_images.getDataTableSpec(), chosen);
    }

    /** Trained, adapted with norms of each site, by the target's statistics, and used: probabilities, boxes, DICOM SEG. */
    @Test
    void networksLearnAdaptAndFind() throws Exception {
        final PortObject source = learn(network("BATCH"));
        final PortObject adapted = adapt(source, "DOMAIN_ADVERSARIAL", "PER_SITE");
        final PortObject adaBn = adapt(adapted, "ADABN", "SHARED");
        final BufferedDataTable predicted = m_bench.run(new SegmentationPredictorNodeFactory(), s -> {
            s.addString("imageColumn", "Image");
            s.addString("outputColumn", "found");
            s.addBoolean("probabilities", true);
        }, adaBn, m_images, null, null, null, null).table(0);
        final DataTableSpec spec = predicted.getDataTableSpec();
        assertTrue(spec.containsName("found p(fracture)"));
        for (final DataRow row : Bench.rows(predicted)) {
            assertTrue(labels(row, predicted, "found").geometry().sameGrid(image(row, predicted, "Image").geometry()));
        }
        final Result scored = m_bench.run(new LesionScorerNodeFactory(), s -> s.addString("lesionRule", "BOXES"), predicted);
        assertEquals(3, scored.rows(0).size(), "one row per center");
        final Result written = m_bench.run(new SegmentationWriterNodeFactory(), s -> {
            s.addString("segmentationColumn", "Segmentation");
            s.addString("studyFolder", m_study.toString());
            s.addString("outputFolder", m_folder.resolve("out").toString());
        }, m_images, null);
        assertNull(written.warning());
        assertEquals(6, written.table(0).size());
    }

    @Test
    void contoursOfRadiographsAreRefusedWithAWayOut() throws Exception {
        final String message = assertThrows(NodeExecutionException.class,
            () -> m_bench.run(new SegmentationWriterNodeFactory(), s -> {
                s.addString("segmentationColumn", "Segmentation");
                s.addString("form", "RTSTRUCT");
                s.addString("studyFolder", m_study.toString());
                s.addString("outputFolder", m_folder.resolve("out").toString());
            }, m_images, null)).getMessage();
        assertTrue(message.contains("radiograph") && message.contains("Write it as DICOM SEG or NIfTI"), message);
    }

    @Test
    void theBuilderWarnsOfBlocksForSlices() throws Exception {
        final Result built = m_bench.run(new NetworkBuilderNodeFactory(), s -> {
            s.addInt("baseWidth", 2);
            s.addInt("levels", 2);
            s.addInt("patchSize", 16);
        }, m_images);
        assertTrue(built.warning().contains("have one slice") && built.warning().contains("\"2-D U-Net\""), built.warning());
    }
}
