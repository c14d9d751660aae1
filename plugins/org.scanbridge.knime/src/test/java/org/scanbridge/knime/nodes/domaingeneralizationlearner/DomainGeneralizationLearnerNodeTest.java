package org.scanbridge.knime.nodes.domaingeneralizationlearner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.port.PortObject;
import org.knime.core.standin.run.NodeExecutionException;
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
import org.scanbridge.learning.method.DomainGeneralization;
import org.scanbridge.learning.method.DomainGeneralizationOptions;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.train.TrainingListener;

class DomainGeneralizationLearnerNodeTest {

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
        return Network.untrained(new NetworkSpec(Kind.UNET_3D, 1, 4, 4, 1, norm, PatchSize.cube(16)), 1);
    }

    private List<Row> rows() {
        final List<Row> rows = new ArrayList<>(m_study.rows(0, 0, 2));
        rows.addAll(m_study.rows(1, 0, 2));
        return rows;
    }

    private Bench.Result run(final BufferedDataTable training, final Bench.Change change) throws Exception {
        final NetworkPortObject network = NetworkPortObject.create(m_bench.context(), untrained(Norm.GROUP));
        return m_bench.run(new DomainGeneralizationLearnerNodeFactory(), s -> {
            s.getNodeSettings("training").addInt("steps", 2);
            s.getNodeSettings("training").addInt("batch", 2);
            change.apply(s);
        }, network, training, m_study.table(m_study.rows(0, 2, 3)));
    }

    private static Network network(final Bench.Result result) {
        return ((NetworkPortObject)result.outputs()[0]).network();
    }

    @Test
    void everyMethodTrainsAndSaysSo() throws Exception {
        final BufferedDataTable training = m_study.table(rows());
        final Set<String> hashes = new HashSet<>();
        for (final String method : List.of("MASF", "POOLED", "SECOND")) {
            final Bench.Result result = run(training, s -> {
                if (method.equals("SECOND")) {
                    s.addString("order", method);
                } else {
                    s.addString("method", method);
                }
            });
            assertTrue(hashes.add(network(result).weights().hash()), method + " is like another method");
            assertEquals(List.of("A", "B"), network(result).provenance().sites());
            assertEquals(method.equals("POOLED") ? "pooled" : "masf", network(result).provenance().method());
            assertEquals(network(result).provenance().method(), ((NetworkPortObject)result.outputs()[0]).getSpec().method());
            final List<String> columns = List.of(result.table(1).getDataTableSpec().getColumnNames());
            assertEquals(2, result.table(1).size());
            assertEquals(!method.equals("POOLED"), columns.contains("Inner Gradient Norm"), method);
            if (columns.contains("Triplet Loss")) {
                assertFalse(result.rows(1).get(1).getCell(columns.indexOf("Triplet Loss")).isMissing());
            }
        }
    }

    @Test
    void theDefaultsAreThoseOfTheLibrary() throws Exception {
        final List<TrainingCase> cases = new ArrayList<>();
        rows().forEach(r -> cases.add(new TrainingCase(r::image, r::segmentation, r.subject(), r.site(), Role.TRAIN)));
        m_study.rows(0, 2, 3).forEach(
            r -> cases.add(new TrainingCase(r::image, r::segmentation, r.subject(), r.site(), Role.VALIDATION)));
        final DomainGeneralizationOptions options = DomainGeneralizationOptions.defaults();
        final Network expected = DomainGeneralization.run(untrained(Norm.GROUP), cases,
            options.withSegmentation(options.segmentation().withSteps(2).withBatch(2)), Optional.empty(), Progress.NONE,
            TrainingListener.NONE).network();
        final Network actual = network(run(m_study.table(rows()), s -> {
            // nothing
        }));
        assertEquals(expected.weights().hash(), actual.weights().hash());
        assertEquals(expected.provenance().validationDice(), actual.provenance().validationDice());
    }

    @Test
    void namesANetworkThatDoesNotFitBeforeAnythingRuns() throws Exception {
        final NetworkPortObject network = NetworkPortObject.create(m_bench.context(), untrained(Norm.BATCH));
        final PortObject[] inputs = {network, m_study.table(rows()), m_study.table(List.of())};
        final String message = assertThrows(InvalidSettingsException.class,
            () -> m_bench.configured(new DomainGeneralizationLearnerNodeFactory(), s -> {
                // the defaults
            }, inputs)).getMessage();
        assertTrue(message.contains("group or instance normalization") && message.contains("BATCH"), message);
    }

    /** MS-Net and distillation: with batch normalization a network per site, else one for all. */
    @Test
    void networksForKnownSitesTrainAndSaySo() throws Exception {
        final BufferedDataTable training = m_study.table(rows());
        final Set<String> hashes = new HashSet<>();
        for (final Norm norm : List.of(Norm.GROUP, Norm.BATCH)) {
            for (final String method : List.of("MULTI_SITE", "DISTILLATION", "POOLED")) {
                final NetworkPortObject network = NetworkPortObject.create(m_bench.context(), untrained(norm));
                final Bench.Result result = m_bench.run(new DomainGeneralizationLearnerNodeFactory(), s -> {
                    s.getNodeSettings("training").addInt("steps", 2);
                    s.getNodeSettings("training").addInt("batch", 2);
                    s.addString("method", method);
                    s.addString("resultSite", norm == Norm.BATCH ? "B" : "");
                }, network, training, m_study.table(m_study.rows(0, 2, 3)));
                assertTrue(hashes.add(network(result).weights().hash()), method + " is like another method");
                assertEquals(norm == Norm.BATCH, network(result).provenance().method().endsWith(" + norms per site"));
                assertEquals(network(result).provenance().method(),
                    ((NetworkPortObject)result.outputs()[0]).getSpec().method());
                final List<String> columns = List.of(result.table(1).getDataTableSpec().getColumnNames());
                assertEquals(method.equals("MULTI_SITE"), columns.contains("Knowledge Transfer Loss"), columns.toString());
                assertEquals(method.equals("DISTILLATION"), columns.contains("Class alignment Loss"), columns.toString());
            }
        }
        final PortObject[] inputs = {NetworkPortObject.create(m_bench.context(), untrained(Norm.BATCH)), training,
            m_study.table(List.of())};
        final String message = assertThrows(InvalidSettingsException.class, () -> m_bench
            .configured(new DomainGeneralizationLearnerNodeFactory(), s -> s.addString("method", "MULTI_SITE"), inputs))
                .getMessage();
        assertTrue(message.contains("\"Network for site\""), message);
    }

    @Test
    void refusesOneSiteAndNumbersThatMakeNoSense() throws Exception {
        final BufferedDataTable one = m_study.table(m_study.rows(0, 0, 2));
        final String message = assertThrows(NodeExecutionException.class, () -> run(one, s -> {
            // the defaults
        })).getMessage();
        assertTrue(message.contains("one site only, [A]"), message);
        for (final Bench.Change change : List.<Bench.Change> of(s -> s.addDouble("innerLearningRate", -1),
            s -> s.addDouble("innerClipNorm", 0), s -> s.addDouble("temperature", 0),
            s -> s.addDouble("tripletWeight", Double.NaN), s -> s.addInt("dimensions", 0))) {
            assertThrows(InvalidSettingsException.class, () -> run(one, change));
        }
    }
}
