package org.scanbridge.knime.learn;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knime.core.node.NodeFactory;
import org.scanbridge.knime.learn.TestStudy.Row;
import org.scanbridge.knime.nodes.domainadaptationlearner.DomainAdaptationLearnerNodeFactory;
import org.scanbridge.knime.nodes.domaingeneralizationlearner.DomainGeneralizationLearnerNodeFactory;
import org.scanbridge.knime.nodes.segmentationlearner.SegmentationLearnerNodeFactory;
import org.scanbridge.knime.port.NetworkPortObject;
import org.scanbridge.knime.testing.Bench;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.NetworkSpec.Kind;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.network.Network;

/** Validation rows on which nothing can be validated are told of; no rows at all are a wish. */
class ValidationRowsTest {

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

    private String warning(final NodeFactory<?> learner, final List<Row> validation) throws Exception {
        final List<Row> training = new ArrayList<>(m_study.rows(0, 0, 1));
        training.addAll(m_study.rows(1, 0, 1));
        final Network network =
            Network.untrained(new NetworkSpec(Kind.UNET_3D, 1, 4, 4, 2, Norm.GROUP, PatchSize.cube(16)), 1);
        final String warning = m_bench.run(learner, s -> {
            s.getNodeSettings("training").addInt("steps", 1);
            if (s.containsKey("compare")) {
                s.addBoolean("compare", false);
            }
        }, NetworkPortObject.create(m_bench.context(), network), m_study.table(training), m_study.table(validation)).warning();
        return warning == null ? "" : warning;
    }

    private static List<Row> unlabeled(final List<Row> rows) {
        return rows.stream().map(r -> new Row(r.subject(), r.site(), r.image(), null)).toList();
    }

    @Test
    void rowsWithoutSegmentationsAreToldOf() throws Exception {
        for (final NodeFactory<?> learner : List.of(new SegmentationLearnerNodeFactory(),
            new DomainGeneralizationLearnerNodeFactory(), new DomainAdaptationLearnerNodeFactory())) {
            final String warning = warning(learner, unlabeled(m_study.rows(0, 1, 3)));
            assertTrue(warning.contains("None of the 2 validation rows has a segmentation"), learner + ": " + warning);
        }
    }

    @Test
    void rowsOfOtherSitesThanTheSourceAreToldOf() throws Exception {
        final String warning = warning(new DomainAdaptationLearnerNodeFactory(), m_study.rows(1, 1, 2));
        final String source = m_study.rows(0, 0, 1).get(0).site();
        assertTrue(warning.contains("None of the 1 validation rows has a segmentation and is of \"" + source + '"'), warning);
    }

    @Test
    void oneRowIsEnoughAndNoneIsAWish() throws Exception {
        final List<Row> one =
            Stream.concat(m_study.rows(0, 1, 2).stream(), unlabeled(m_study.rows(0, 2, 4)).stream()).toList();
        for (final List<Row> validation : List.of(one, List.<Row> of())) {
            final String warning = warning(new SegmentationLearnerNodeFactory(), validation);
            assertFalse(warning.contains("validation row"), warning);
        }
    }
}
