package org.scanbridge.knime.nodes.imagetranslationlearner;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knime.core.data.DataRow;
import org.knime.core.data.DoubleValue;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeSettings;
import org.knime.core.standin.run.NodeExecutionException;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.learn.TestStudy;
import org.scanbridge.knime.learn.TestStudy.Row;
import org.scanbridge.knime.nodes.learnednormalizer.LearnedNormalizerNodeFactory;
import org.scanbridge.knime.port.NetworkPortObject;
import org.scanbridge.knime.testing.Bench;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.train.TrainingRecord;

/** Image Translation Learner, and the Learned Normalizer behind it, on a tiny study. */
class ImageTranslationLearnerNodeTest {

    private static final int TRANSLATED = 4;

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

    /** Scaled to [0, 1] by one rule; no segmentations. */
    private List<Row> rows(final int site, final int from, final int to) {
        return m_study.rows(site, from, to).stream()
            .map(r -> new Row(r.subject(), r.site(), scaled(r.image()), null)).toList();
    }

    private static Volume scaled(final Volume image) {
        final float[] voxels = image.voxels().clone();
        for (int v = 0; v < voxels.length; v++) {
            voxels[v] = Math.min(1, voxels[v] / 2000);
        }
        return image.withVoxels(voxels);
    }

    private BufferedDataTable both(final int from, final int to) throws Exception {
        return m_study.table(Stream.concat(rows(0, from, to).stream(), rows(1, from, to).stream()).toList());
    }

    private static void small(final NodeSettings s) throws InvalidSettingsException {
        s.addString("imageColumn", "Image");
        s.addString("subjectColumn", "Subject");
        s.addString("siteColumn", "Site");
        s.addInt("patchSize", 8);
        s.addInt("baseWidth", 2);
        s.addInt("discriminatorWidth", 2);
        s.addInt("strided", 1);
        s.addInt("steps", 3);
        s.addInt("batch", 1);
    }

    private Bench.Result run(final BufferedDataTable training, final BufferedDataTable validation,
        final Bench.Change change) throws Exception {
        return m_bench.run(new ImageTranslationLearnerNodeFactory(), s -> {
            small(s);
            change.apply(s);
        }, training, validation);
    }

    @Test
    void trainsBothGeneratorsAndTranslatesBothTables() throws Exception {
        final BufferedDataTable training = both(0, 2);
        final BufferedDataTable validation = both(2, 3);
        final Bench.Result result = run(training, validation, s -> {
        });
        final NetworkPortObject forward = (NetworkPortObject)result.outputs()[0];
        final NetworkPortObject backward = (NetworkPortObject)result.outputs()[1];
        for (final NetworkPortObject port : List.of(forward, backward)) {
            assertTrue(port.getSpec().architecture().output().image());
            assertEquals("image-translation", port.network().provenance().method());
            assertEquals(List.of("A", "B"), port.network().provenance().sites());
            assertEquals(3, TrainingRecord.load(port.directory()).orElseThrow().curve().size());
        }
        assertFalse(forward.network().weights().hash().equals(backward.network().weights().hash()));
        assertEquals(6, result.table(2).size(), "the rows of both tables");
        assertEquals(List.of("Translated", "Similarity", "Cycle Similarity"),
            List.of(result.table(2).getDataTableSpec().getColumnNames()).subList(TRANSLATED, TRANSLATED + 3));
        assertEquals(3, result.table(3).size());
        for (final DataRow row : result.rows(3)) {
            for (final String name : List.of("Loss", "Adversarial Loss", "Cycle Loss", "Identity Loss",
                "Source Discriminator Loss", "Target Discriminator Loss")) {
                assertTrue(((DoubleValue)row.getCell(result.table(3).getDataTableSpec().findColumnIndex(name)))
                    .getDoubleValue() >= 0, name);
            }
        }
        // rows of B come back in the look of A: what the Learned Normalizer makes with the second output
        final BufferedDataTable ofB = m_study.table(rows(1, 2, 3));
        final Bench.Result applied = m_bench.run(new LearnedNormalizerNodeFactory(),
            s -> s.addString("imageColumn", "Image"), backward, ofB);
        assertArrayEquals(((VolumeValue)applied.rows(0).get(0).getCell(TRANSLATED)).volume().voxels(),
            ((VolumeValue)result.rows(2).get(5).getCell(TRANSLATED)).volume().voxels());
        final double similarity = ((DoubleValue)result.rows(2).get(5).getCell(TRANSLATED + 1)).getDoubleValue();
        assertTrue(similarity > 0.9 && similarity <= 1, "three steps from a copy are still nearly one: " + similarity);
    }

    @Test
    void worksWithCubesWithoutValidationAndWithoutTranslating() throws Exception {
        final Bench.Result result = run(both(0, 1), null, s -> {
            s.addString("region", "CUBES");
            s.addBoolean("translate", false);
            s.addDouble("identityWeight", 0);
        });
        assertEquals(0, result.table(2).size());
        assertEquals(PatchSize.cube(8), ((NetworkPortObject)result.outputs()[0]).getSpec().architecture().patchSize());
        final DataRow first = result.rows(3).get(0);
        assertTrue(first.getCell(result.table(3).getDataTableSpec().findColumnIndex("Identity Loss")).isMissing());
    }

    @Test
    void sidesCanBeNamed() throws Exception {
        final List<Row> rows = new ArrayList<>(rows(0, 0, 1));
        rows.addAll(rows(1, 0, 1));
        rows.add(new Row("other", "C", rows.get(0).image(), null));
        final Bench.Result result = run(m_study.table(rows), null, s -> {
            s.addString("sourceSites", " B");
            s.addString("targetSites", "A");
        });
        final Map<String, String> options = network(result, 0).provenance().options();
        assertEquals("B", options.get("sources"));
        assertEquals("A", options.get("targets"));
        assertEquals(List.of("A", "B"), network(result, 0).provenance().sites());
        assertTrue(result.rows(2).get(2).getCell(TRANSLATED).isMissing(), "C is on neither side");
    }

    private static Network network(final Bench.Result result, final int port) throws Exception {
        return ((NetworkPortObject)result.outputs()[port]).network();
    }

    @Test
    void goesOnFromItsCheckpoints() throws Exception {
        final Path folder = m_folder.resolve("states");
        final Bench.Change saving = s -> {
            s.addString("checkpointFolder", folder.toString());
            s.addInt("checkpointInterval", 1);
            s.addBoolean("translate", false);
        };
        final BufferedDataTable table = both(0, 1);
        final String hash = network(run(table, null, saving), 0).weights().hash();
        assertEquals(hash, network(run(table, null, saving), 0).weights().hash());
        assertEquals(hash, network(run(table, null, s -> s.addBoolean("translate", false)), 0).weights().hash());
        try (Stream<Path> files = Files.walk(folder)) {
            assertTrue(files.anyMatch(f -> f.endsWith("training.html")));
        }
    }

    private String refusal(final BufferedDataTable table, final Bench.Change change) {
        return assertThrows(NodeExecutionException.class, () -> run(table, null, change)).getMessage();
    }

    @Test
    void badImagesAreNamed() throws Exception {
        final BufferedDataTable one = m_study.table(rows(0, 0, 2));
        assertTrue(refusal(one, s -> {
        }).contains("one site only, [A]"));
        final String unknown = refusal(both(0, 1), s -> s.addString("targetSites", "X"));
        assertTrue(unknown.contains("[X] have no training images") && unknown.contains("[A, B]"), unknown);
        final List<Row> raw = new ArrayList<>(m_study.rows(0, 0, 1));
        raw.addAll(m_study.rows(1, 0, 1));
        final String range = refusal(m_study.table(raw), s -> {
        });
        assertTrue(range.contains("outside the range from 0 to 1") && range.contains("Volume Normalizer"), range);
    }

    @Test
    void settingsAreChecked() throws Exception {
        final BufferedDataTable table = both(0, 1);
        for (final Bench.Change change : List.<Bench.Change> of(s -> s.addInt("patchSize", 3), s -> s.addInt("strided", 3),
            s -> s.addDouble("cycleWeight", -1), s -> s.addString("outputColumn", " "), s -> s.addInt("steps", 0),
            s -> s.addString("outputColumn", "Image"), s -> s.addInt("checkpointInterval", 0))) {
            assertThrows(InvalidSettingsException.class,
                () -> m_bench.configured(new ImageTranslationLearnerNodeFactory(), s -> {
                    small(s);
                    change.apply(s);
                }, table, null));
        }
    }
}
