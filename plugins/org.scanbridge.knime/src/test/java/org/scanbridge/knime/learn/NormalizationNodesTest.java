package org.scanbridge.knime.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knime.core.data.DataRow;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeSettings;
import org.knime.core.node.port.PortObject;
import org.knime.core.standin.run.NodeExecutionException;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.learn.TestStudy.Row;
import org.scanbridge.knime.nodes.adversarialnormalizationlearner.AdversarialNormalizationLearnerNodeFactory;
import org.scanbridge.knime.nodes.learnednormalizer.LearnedNormalizerNodeFactory;
import org.scanbridge.knime.nodes.networkbuilder.NetworkBuilderNodeFactory;
import org.scanbridge.knime.nodes.normalizationstudy.NormalizationStudyNodeFactory;
import org.scanbridge.knime.port.NetworkPortObject;
import org.scanbridge.knime.testing.Bench;
import org.scanbridge.knime.util.StudyTable;

/** Adversarial Normalization Learner, Learned Normalizer, Normalization Study on a tiny study. */
class NormalizationNodesTest {

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

    private BufferedDataTable both(final int from, final int to) throws Exception {
        final List<Row> rows = new ArrayList<>(m_study.rows(0, from, to));
        rows.addAll(m_study.rows(1, from, to));
        return m_study.table(rows);
    }

    private BufferedDataTable thousandfold(final BufferedDataTable table) throws Exception {
        final List<Row> rows = new ArrayList<>();
        for (final DataRow row : Bench.rows(table)) {
            final Volume image = ((VolumeValue)row.getCell(table.getDataTableSpec().findColumnIndex("Image"))).volume();
            final float[] voxels = image.voxels().clone();
            for (int v = 0; v < voxels.length; v++) {
                voxels[v] *= 1000;
            }
            rows.add(new Row("S" + rows.size(), "A", new Volume(voxels, image.geometry(), image.info()), null));
        }
        return m_study.table(rows);
    }

    private NetworkPortObject builder(final BufferedDataTable table) throws Exception {
        return (NetworkPortObject)m_bench.run(new NetworkBuilderNodeFactory(), s -> {
            s.addString("segmentationColumn", "Segmentation");
            s.addInt("baseWidth", 4);
            s.addInt("levels", 1);
            s.addInt("patchSize", 8);
        }, table).outputs()[0];
    }

    private static void learner(final NodeSettings s) throws InvalidSettingsException {
        final NodeSettings columns = s.getNodeSettings("columns");
        columns.addString("imageColumn", "Image");
        columns.addString("segmentationColumn", "Segmentation");
        columns.addString("subjectColumn", "Subject");
        columns.addString("siteColumn", "Site");
        s.addString("output", "RESIDUAL");
        s.addInt("reconstructionSteps", 1);
        final NodeSettings training = s.getNodeSettings("training");
        training.addInt("steps", 3);
        training.addInt("batch", 2);
        training.addInt("validationInterval", 3);
    }

    private PortObject[] train(final BufferedDataTable training, final Bench.Change change) throws Exception {
        return m_bench.run(new AdversarialNormalizationLearnerNodeFactory(), s -> {
            learner(s);
            change.apply(s);
        }, builder(training), training, both(1, 2)).outputs();
    }

    @Test
    void learnsAndAppliesAGenerator() throws Exception {
        final BufferedDataTable training = both(0, 1);
        final PortObject[] outputs = train(training, s -> {
        });
        final NetworkPortObject generator = (NetworkPortObject)outputs[0];
        final NetworkPortObject segmenter = (NetworkPortObject)outputs[1];
        assertTrue(generator.getSpec().architecture().output().image());
        assertFalse(segmenter.getSpec().architecture().output().image());
        assertEquals(List.of("A", "B"), generator.network().provenance().sites());
        assertEquals(List.of("CSF", "GM", "WM"), List.copyOf(segmenter.getSpec().labels().names().values()));
        final BufferedDataTable normalized = (BufferedDataTable)outputs[2];
        assertEquals(4, normalized.size());
        final BufferedDataTable curve = (BufferedDataTable)outputs[3];
        assertEquals(3, curve.size());
        assertTrue(curve.getDataTableSpec().containsName("Generated Recognized"));
        final Bench.Result applied = m_bench.run(new LearnedNormalizerNodeFactory(),
            s -> s.addString("imageColumn", "Image"), generator, training);
        final int column = applied.table(0).getDataTableSpec().findColumnIndex("Learned");
        assertEquals("learned normalization", applied.table(0).getDataTableSpec().getColumnSpec(column).getProperties()
            .getProperty(StudyTable.NORMALIZATION_PROPERTY));
        final List<DataRow> rows = applied.rows(0);
        for (int n = 0; n < rows.size(); n++) {
            final VolumeValue image = (VolumeValue)rows.get(n).getCell(column);
            final VolumeValue ofLearner = (VolumeValue)Bench.rows(normalized).get(n).getCell(column);
            assertTrue(Arrays.equals(ofLearner.volume().voxels(), image.volume().voxels()),
                "the learner's table holds what the Learned Normalizer makes");
        }
        assertNull(applied.warning());
        final String warning = m_bench.run(new LearnedNormalizerNodeFactory(), s -> s.addString("imageColumn", "Image"),
            generator, thousandfold(training)).warning();
        assertTrue(warning.startsWith("2 of 2 images have intensities unlike those of the training"), warning);
    }

    @Test
    void showsItsCurvesBesideTheCheckpoints() throws Exception {
        final Path folder = m_folder.resolve("checkpoints");
        train(both(0, 1), s -> s.getNodeSettings("training").addString("checkpointFolder", folder.toString()));
        try (Stream<Path> files = Files.walk(folder)) {
            final List<Path> pages = files.filter(f -> f.endsWith("training.html")).toList();
            assertEquals(1, pages.size());
            assertTrue(Files.exists(pages.get(0).resolveSibling("checkpoint.bin")));
            final String page = Files.readString(pages.get(0));
            assertTrue(page.contains("Done after 3 steps") && page.contains("Reconstruction Loss"), page);
        }
    }

    /** Both settings reach the training, and workflows that were stored without them have neither. */
    @Test
    void discriminatorDropsChannelsAndRemembersPatches() throws Exception {
        final BufferedDataTable training = both(0, 1);
        final List<String> options = new ArrayList<>();
        for (final Bench.Change change : List.<Bench.Change> of(s -> {
        }, s -> {
            s.addDouble("dropout", 0.25);
            s.addInt("replay", 50);
        })) {
            options.add(((NetworkPortObject)train(training, change)[0]).network().provenance().options().get("adversary"));
        }
        assertTrue(options.get(0).contains("dropout=0.0, replay=0]"), options.get(0));
        assertTrue(options.get(1).contains("dropout=0.25, replay=50]"), options.get(1));
    }

    @Test
    void aRowWithoutImageStaysWithoutAndIsNamed() throws Exception {
        final List<Row> rows = new ArrayList<>(m_study.rows(0, 0, 1));
        rows.add(new Row("empty", "A", null, null));
        final PortObject[] outputs = train(both(0, 1), s -> s.addString("discriminator", "NONE"));
        final Bench.Result applied = m_bench.run(new LearnedNormalizerNodeFactory(),
            s -> s.addString("imageColumn", "Image"), outputs[0], m_study.table(rows));
        assertTrue(applied.rows(0).get(1).getCell(4).isMissing());
        assertTrue(applied.warning().contains("Row1"), applied.warning());
    }

    @Test
    void refusesTheWrongNetwork() throws Exception {
        final BufferedDataTable table = both(0, 1);
        final NetworkPortObject segmenter = builder(table);
        final InvalidSettingsException e = assertThrows(InvalidSettingsException.class,
            () -> m_bench.configured(new LearnedNormalizerNodeFactory(), s -> s.addString("imageColumn", "Image"), segmenter,
                table));
        assertTrue(e.getMessage().contains("segments images"), e.getMessage());
    }

    @Test
    void refusesOneSite() throws Exception {
        final BufferedDataTable one = m_study.table(m_study.rows(0, 0, 1));
        final NodeExecutionException e = assertThrows(NodeExecutionException.class, () -> m_bench
            .run(new AdversarialNormalizationLearnerNodeFactory(), NormalizationNodesTest::learner, builder(one), one,
                m_study.table(m_study.rows(0, 1, 2))));
        assertTrue(e.getMessage().contains("from one site, A"), e.getMessage());
    }

    @Test
    void settingsAreChecked() throws Exception {
        final BufferedDataTable table = both(0, 1);
        final NetworkPortObject network = builder(table);
        for (final Bench.Change change : List.<Bench.Change> of(s -> s.addInt("reconstructionSteps", 3),
            s -> s.addDouble("lambda", -1), s -> s.addString("outputColumn", " "), s -> s.addInt("blocks", 9),
            s -> s.addDouble("dropout", 1), s -> s.addInt("replay", -1),
            s -> {
                s.getNodeSettings("training").addString("checkpointFolder", m_folder.toString());
                s.getNodeSettings("training").addInt("checkpointInterval", 0);
            })) {
            assertThrows(InvalidSettingsException.class,
                () -> m_bench.configured(new AdversarialNormalizationLearnerNodeFactory(), s -> {
                    learner(s);
                    change.apply(s);
                }, network, table, table));
        }
    }

    /** Where the lowest slices have been looked at by nobody. */
    private BufferedDataTable partly() throws Exception {
        final List<Row> rows = new ArrayList<>();
        for (int site = 0; site < 2; site++) {
            for (final Row row : m_study.rows(site, 0, 2)) {
                final LabelVolume labels = row.segmentation();
                final byte[] voxels = labels.voxels().clone();
                Arrays.fill(voxels, 0, voxels.length / 4, (byte)9);
                final SortedMap<Integer, String> names = new TreeMap<>(labels.labels().names());
                names.put(9, "unknown");
                rows.add(new Row(row.subject(), row.site(), row.image(),
                    new LabelVolume(voxels, labels.geometry(), labels.info(), new LabelSet(names))));
            }
        }
        return m_study.table(rows);
    }

    /** The mark of what is not annotated is no class: three are left, and all are scored. */
    @Test
    void studyComparesAllExperiments() throws Exception {
        final Path results = m_folder.resolve("results");
        final Bench.Result result = m_bench.run(new NormalizationStudyNodeFactory(), s -> {
            s.addString("imageColumn", "Image");
            s.addString("segmentationColumn", "Segmentation");
            s.addInt("repetitions", 1);
            s.addInt("training", 1);
            s.addInt("validation", 0);
            s.addInt("reconstructionSteps", 1);
            s.addInt("steps", 2);
            s.addInt("batch", 2);
            s.addInt("patch", 8);
            s.addInt("width", 2);
            s.addInt("wideWidth", 3);
            s.addString("notAnnotated", "unknown");
            s.addString("folder", results.toString());
        }, partly());
        assertEquals(11 * 2 * 4, result.table(0).size(), "models, sites, classes and all of them");
        assertEquals(11 * 2 * 3, result.table(1).size(), "models, test subjects, classes");
        assertEquals(5, result.table(2).size());
        assertTrue(Files.readString(results.resolve("adversarial-normalization.md")).contains("| P5 |"));
        final NodeExecutionException e = assertThrows(NodeExecutionException.class,
            () -> m_bench.run(new NormalizationStudyNodeFactory(), s -> {
                s.addString("imageColumn", "Image");
                s.addString("segmentationColumn", "Segmentation");
            }, both(0, 2)));
        assertTrue(e.getMessage().contains("leave none to test on"), e.getMessage());
    }
}
