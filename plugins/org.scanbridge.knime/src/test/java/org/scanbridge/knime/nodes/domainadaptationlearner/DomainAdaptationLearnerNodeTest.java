package org.scanbridge.knime.nodes.domainadaptationlearner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeSettings;
import org.knime.core.node.port.PortObject;
import org.scanbridge.imaging.Progress;
import org.scanbridge.knime.learn.TestStudy;
import org.scanbridge.knime.learn.TestStudy.Row;
import org.scanbridge.knime.port.NetworkPortObject;
import org.scanbridge.knime.testing.Bench;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.NetworkSpec.Kind;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.data.Role;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.method.DomainAdversarialOptions;
import org.scanbridge.learning.method.DomainAdversarialTraining;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.train.TrainingListener;

class DomainAdaptationLearnerNodeTest {

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

    private static Network untrained(final Norm norm) {
        return Network.untrained(new NetworkSpec(Kind.UNET_3D, 1, 4, 4, 2, norm, PatchSize.cube(16)), 1);
    }

    private BufferedDataTable table(final boolean targetLabels) throws Exception {
        final List<Row> rows = new ArrayList<>(m_study.rows(0, 0, 1));
        m_study.rows(1, 0, 2).forEach(
            r -> rows.add(new Row(r.subject(), r.site(), r.image(), targetLabels ? r.segmentation() : null)));
        return m_study.table(rows);
    }

    private Bench.Result run(final Norm norm, final BufferedDataTable training, final Bench.Change change)
        throws Exception {
        final NetworkPortObject network = NetworkPortObject.create(m_bench.context(), untrained(norm));
        return m_bench.run(new DomainAdaptationLearnerNodeFactory(), s -> {
            final NodeSettings steps = s.getNodeSettings("training");
            steps.addInt("steps", 2);
            steps.addInt("batch", 4);
            s.getNodeSettings("tent").addInt("steps", 2);
            s.addInt("statisticsPatches", 8);
            s.getNodeSettings("wasserstein").addInt("criticSteps", 1);
            change.apply(s);
        }, network, training, m_study.table(List.of()));
    }

    private static Network network(final Bench.Result result) {
        return ((NetworkPortObject)result.outputs()[0]).network();
    }

    @Test
    void everyMethodGivesANetworkOfItsOwn() throws Exception {
        final Set<String> hashes = new HashSet<>();
        final BufferedDataTable training = table(true);
        for (final AdaptationMethod method : AdaptationMethod.values()) {
            final Bench.Result result = run(Norm.BATCH, training, s -> s.addString("method", method.name()));
            assertTrue(hashes.add(network(result).weights().hash()), method + " is like another method");
            assertEquals(method == AdaptationMethod.ADABN ? 0 : 2, result.table(1).size(), method.name());
            assertEquals(network(result).provenance().method(),
                ((NetworkPortObject)result.outputs()[0]).getSpec().method(), method.name());
        }
    }

    @Test
    void combinationsTrainAndSaySo() throws Exception {
        final Network network = network(run(Norm.BATCH, table(false), s -> {
            s.addString("companion", "CONSISTENCY");
            s.addString("afterwards", "TENT");
        }));
        assertEquals("domain + consistency, then tent", network.provenance().method());
        final Bench.Result result = run(Norm.BATCH, table(true), s -> {
            s.addString("method", "LEAST_SQUARES");
            s.addString("companion", "ENTROPY");
            s.addString("afterwards", "ADABN");
            s.addBoolean("targetLabels", true);
        });
        final List<String> columns = List.of(result.table(1).getDataTableSpec().getColumnNames());
        assertEquals(List.of("Least squares Loss", "Critic Loss", "Entropy Loss"),
            columns.subList(columns.size() - 3, columns.size()));
        for (int c = columns.size() - 3; c < columns.size(); c++) {
            assertFalse(result.rows(1).get(1).getCell(c).isMissing(), columns.get(c));
        }
        assertEquals("least squares + entropy + target labels, then adabn",
            network(result).provenance().method());
    }

    /** A companion that the dialog hides has no effect. */
    @Test
    void hiddenSettingsHaveNoEffect() throws Exception {
        final BufferedDataTable training = table(false);
        final String plain = network(run(Norm.GROUP, training, s -> s.addString("method", "CONSISTENCY"))).weights().hash();
        assertEquals(plain, network(run(Norm.GROUP, training, s -> {
            s.addString("method", "CONSISTENCY");
            s.addString("companion", "ENTROPY");
            s.getNodeSettings("entropy").addDouble("weight", 5);
        })).weights().hash());
        assertNotEquals(plain, network(run(Norm.GROUP, training, s -> {
            s.addString("method", "CONSISTENCY");
            s.getNodeSettings("consistency").addDouble("strength", 0);
        })).weights().hash());
    }

    /** What the node gave before it had other methods. */
    @Test
    void theDefaultIsDomainAdversarialTraining() throws Exception {
        final List<TrainingCase> cases = new ArrayList<>();
        for (final Row r : m_study.rows(0, 0, 1)) {
            cases.add(new TrainingCase(r::image, r::segmentation, r.subject(), r.site(), Role.TRAIN));
        }
        for (final Row r : m_study.rows(1, 0, 2)) {
            cases.add(new TrainingCase(r::image, null, r.subject(), r.site(), Role.TRAIN));
        }
        final DomainAdversarialOptions options = DomainAdversarialOptions.defaults().withSourceSites(List.of("A"));
        final Network expected = DomainAdversarialTraining.run(untrained(Norm.GROUP), cases,
            options.withSegmentation(options.segmentation().withSteps(2)), Progress.NONE, TrainingListener.NONE).network();
        final Network actual = network(run(Norm.GROUP, table(false), s -> {
            // the settings of a workflow that was stored before there were other methods
            for (final String key : List.of("method", "companion", "afterwards", "targetLabels", "wasserstein",
                "leastSquares", "consistency", "classAlignment", "contrastive", "triplet", "entropy", "tent",
                "statisticsPatches", "patchSeed", "norms", "resultSite")) {
                s.removeConfig(key);
            }
        }));
        assertEquals(expected.weights().hash(), actual.weights().hash());
        assertEquals(expected.provenance().method(), actual.provenance().method());
    }

    @Test
    void adaBnAsksForBatchNormalizationBeforeAnythingRuns() throws Exception {
        final NetworkPortObject network = NetworkPortObject.create(m_bench.context(), untrained(Norm.GROUP));
        final PortObject[] inputs = {network, table(false), m_study.table(List.of())};
        for (final String key : List.of("method", "afterwards")) {
            final String message = assertThrows(InvalidSettingsException.class, () -> m_bench
                .configured(new DomainAdaptationLearnerNodeFactory(), s -> s.addString(key, "ADABN"), inputs)).getMessage();
            assertTrue(message.contains("group normalization"), message);
        }
    }

    @Test
    void refusesNumbersThatMakeNoSense() throws Exception {
        final BufferedDataTable training = table(false);
        for (final Bench.Change change : List.<Bench.Change> of(s -> s.addInt("statisticsPatches", 0),
            s -> s.getNodeSettings("tent").addInt("steps", 0),
            s -> s.getNodeSettings("consistency").addDouble("strength", Double.NaN),
            s -> s.getNodeSettings("wasserstein").addDouble("clip", -1),
            s -> s.getNodeSettings("triplet").addDouble("margin", 0))) {
            assertThrows(InvalidSettingsException.class, () -> run(Norm.BATCH, training, change));
        }
    }

    @Test
    void normsPerSiteGiveOneNetworkPerSite() throws Exception {
        final BufferedDataTable training = table(false);
        final Set<String> hashes = new HashSet<>();
        for (final String site : List.of("", "A")) {
            final Bench.Result result = run(Norm.BATCH, training, s -> {
                s.addString("norms", "PER_SITE");
                s.addString("resultSite", site);
            });
            assertTrue(hashes.add(network(result).weights().hash()));
            assertEquals(untrained(Norm.BATCH).spec(), network(result).spec());
            assertEquals("domain + norms per site", network(result).provenance().method());
            assertEquals("domain + norms per site", ((NetworkPortObject)result.outputs()[0]).getSpec().method());
        }
        final Network shared = network(run(Norm.BATCH, training, s -> s.addString("resultSite", "nowhere")));
        assertTrue(hashes.add(shared.weights().hash()));
        assertEquals("domain-adversarial", shared.provenance().method());
    }

    @Test
    void normsPerSiteAskForBatchNormalizationBeforeAnythingRuns() throws Exception {
        final NetworkPortObject network = NetworkPortObject.create(m_bench.context(), untrained(Norm.GROUP));
        final PortObject[] inputs = {network, table(false), m_study.table(List.of())};
        final String message = assertThrows(InvalidSettingsException.class,
            () -> m_bench.configured(new DomainAdaptationLearnerNodeFactory(), s -> s.addString("norms", "PER_SITE"),
                inputs)).getMessage();
        assertTrue(message.contains("U-Net with batch normalization") && message.contains("GROUP"), message);
    }
}
