package org.scanbridge.knime.nodes.networkaverage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.port.PortObject;
import org.knime.core.standin.run.NodeExecutionException;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.knime.nodes.networkreader.NetworkReaderNodeFactory;
import org.scanbridge.knime.nodes.networkwriter.NetworkWriterNodeFactory;
import org.scanbridge.knime.port.NetworkPortObject;
import org.scanbridge.knime.testing.Bench;
import org.scanbridge.knime.testing.Bench.Result;
import org.scanbridge.learning.architecture.NetworkPlan;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.NetworkSpec.Kind;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.architecture.Weights;
import org.scanbridge.learning.network.Ensemble;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.network.Provenance;
import org.scanbridge.tensorflow.Computation;

class NetworkAverageNodeTest {

    private static final NetworkSpec SPEC = new NetworkSpec(Kind.UNET_3D, 1, 3, 2, 2, Norm.BATCH, PatchSize.cube(4));

    private static final LabelSet NAMES = LabelSet.of("CSF", "GM");

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

    /** All weights the same number. */
    private static Network network(final NetworkSpec spec, final float value, final String site, final int cases) {
        final Map<String, float[]> values = new TreeMap<>();
        NetworkPlan.of(spec).parameters().forEach(p -> {
            values.put(p.name(), new float[p.size()]);
            Arrays.fill(values.get(p.name()), value);
        });
        return new Network(spec, new Weights(NetworkPlan.of(spec).parameters(), values), NAMES,
            new Provenance("supervised", 1, 10, 10, Double.NaN, List.of(site), "data " + site, "start", "", "",
                Computation.UNKNOWN, Map.of(), cases, List.of()));
    }

    private NetworkPortObject port(final Network network) throws Exception {
        return NetworkPortObject.create(m_bench.context(), network);
    }

    /** The node at up to eight networks; null for a port that is not connected. */
    private Result run(final Bench.Change change, final PortObject... networks) throws Exception {
        return m_bench.run(new NetworkAverageNodeFactory(), change, Arrays.copyOf(networks, 8));
    }

    private static Network average(final Result result) {
        return ((NetworkPortObject)result.outputs()[0]).network();
    }

    private static float value(final Result result, final String name) {
        return average(result).weights().get(name)[0];
    }

    /** (3 · 1 + 1 · 5) / 4; a third network at the last port: (3 · 1 + 1 · 5 + 4 · 2) / 8. */
    @Test
    void sitesCountByTheirCasesUnasked() throws Exception {
        final PortObject a = port(network(SPEC, 1, "A", 3));
        final PortObject b = port(network(SPEC, 5, "B", 1));
        final Result two = run(s -> {
        }, a, b);
        assertNull(two.warning());
        assertEquals(2, value(two, "enc0.a/kernel"));
        assertEquals(2, value(two, "enc0.a/variance"));
        assertEquals(List.of("A", "B"), average(two).provenance().sites());
        assertEquals(2, average(two).provenance().parents().size());
        final NetworkPortObject out = (NetworkPortObject)two.outputs()[0];
        assertTrue(out.getSpec().trained());
        assertEquals(NAMES, out.getSpec().labels());
        final Result three = run(s -> {
        }, a, b, null, null, null, null, null, port(network(SPEC, 2, "C", 4)));
        assertEquals(2, value(three, "head/bias"));
        assertEquals(8, average(three).provenance().trainingCases());
        // one node behind the other is the same as all at once
        assertEquals(average(three).hash(), average(run(s -> {
        }, out, port(network(SPEC, 2, "C", 4)))).hash());
    }

    @Test
    void weightsAreGivenOrEqual() throws Exception {
        final PortObject[] ports = {port(network(SPEC, 1, "A", 3)), port(network(SPEC, 5, "B", 1))};
        assertEquals(3, value(run(s -> s.addString("weighting", "EQUAL"), ports), "head/bias"));
        final Bench.Change given = s -> {
            s.addString("weighting", "GIVEN");
            s.addString("weights", "1, 3");
        };
        assertEquals(4, value(run(given, ports), "head/bias"));
        for (final String weights : List.of("", "1", "1, 2, 3", "1, -1", "0, 0", "1, x", "1, NaN", "1, 1e99")) {
            final String message = assertThrows(InvalidSettingsException.class, () -> run(s -> {
                s.addString("weighting", "GIVEN");
                s.addString("weights", weights);
            }, ports), weights).getMessage();
            assertTrue(message.contains("\"Weights\""), message);
        }
    }

    @Test
    void normsOfOneSiteStay() throws Exception {
        final PortObject[] ports = {port(network(SPEC, 1, "A", 1)), port(network(SPEC, 5, "B", 1))};
        final Result kept = run(s -> {
            s.addString("norms", "KEPT");
            s.addInt("keeper", 2);
        }, ports);
        assertEquals(5, value(kept, "enc0.a/gamma"));
        assertEquals(5, value(kept, "enc0.a/mean"));
        assertEquals(3, value(kept, "enc0.a/kernel"));
        final Result statistics = run(s -> s.addString("norms", "STATISTICS_KEPT"), ports);
        assertEquals(3, value(statistics, "enc0.a/gamma"));
        assertEquals(1, value(statistics, "enc0.a/mean"));
        final String three = assertThrows(InvalidSettingsException.class, () -> run(s -> {
            s.addString("norms", "KEPT");
            s.addInt("keeper", 3);
        }, ports)).getMessage();
        assertTrue(three.contains("\"Network that keeps its norms\" is 3") && three.contains("1 to 2"), three);
        final NetworkSpec group = new NetworkSpec(Kind.UNET_3D, 1, 3, 2, 2, Norm.GROUP, PatchSize.cube(4));
        final PortObject[] without = {port(network(group, 1, "A", 1)), port(network(group, 5, "B", 1))};
        final String message = assertThrows(InvalidSettingsException.class,
            () -> run(s -> s.addString("norms", "STATISTICS_KEPT"), without)).getMessage();
        assertTrue(message.contains("group normalization"), message);
    }

    @Test
    void interpolatesFromTheSource() throws Exception {
        final Network source = network(SPEC, 1, "A", 3);
        final Network adapted = new Network(SPEC, network(SPEC, 5, "B", 1).weights(), NAMES, new Provenance("supervised", 1, 10,
            10, Double.NaN, List.of("B"), "data B", source.hash(), "", "", Computation.UNKNOWN, Map.of(), 1, List.of()));
        final Result result = run(s -> {
            s.addString("weighting", "INTERPOLATION");
            s.addDouble("alpha", 0.25);
        }, port(source), port(adapted));
        assertEquals(2, value(result, "enc0.a/kernel"));
        assertNull(result.warning());
        assertEquals("weight interpolation", average(result).provenance().method());
        assertEquals(source.hash(), average(result).provenance().parentHash());
        assertThrows(InvalidSettingsException.class, () -> run(s -> {
            s.addString("weighting", "INTERPOLATION");
            s.addDouble("alpha", 1.5);
        }, port(source), port(adapted)));
        final String message = assertThrows(InvalidSettingsException.class,
            () -> run(s -> s.addString("weighting", "INTERPOLATION"), port(source), port(adapted), port(source))).getMessage();
        assertTrue(message.contains("3 are connected"), message);
    }

    @Test
    void refusesOtherNetworksBeforeExecution() throws Exception {
        final NetworkSpec wide = new NetworkSpec(Kind.UNET_3D, 1, 3, 4, 2, Norm.BATCH, PatchSize.cube(4));
        final String message = assertThrows(InvalidSettingsException.class, () -> run(s -> {
        }, port(network(SPEC, 1, "A", 1)), port(network(SPEC, 1, "B", 1)), null, port(network(wide, 1, "C", 1)))).getMessage();
        assertTrue(message.startsWith("Network 1 and Network 4 cannot be averaged")
            && message.contains("\"Channels at full resolution\" is 2 and 4"), message);
    }

    @Test
    void tellsWhatIsNotKnownOrDoubtful() throws Exception {
        final PortObject a = port(network(SPEC, 1, "A", 3));
        final String old = assertThrows(NodeExecutionException.class, () -> run(s -> {
        }, a, port(network(SPEC, 5, "B", 0)))).getMessage();
        assertTrue(old.contains("Network 2 (supervised) does not say how many cases") && old.contains("\"Equally\""), old);
        final Result untrained = run(s -> s.addString("weighting", "EQUAL"), a, port(Network.untrained(SPEC, 1)));
        assertTrue(untrained.warning().startsWith("Network 2 is not trained"), untrained.warning());
        final Network elsewhere = new Network(SPEC, network(SPEC, 5, "B", 1).weights(), NAMES, new Provenance("supervised", 1,
            10, 10, Double.NaN, List.of("B"), "data B", "another start", "", "", Computation.UNKNOWN, Map.of(), 1, List.of()));
        final Result strangers = run(s -> {
        }, a, port(elsewhere));
        assertTrue(strangers.warning().startsWith("Network 1 and Network 2 are not known to have started"),
            strangers.warning());
        // sites with norms of their own go on from different averages
        assertNull(run(s -> s.addString("norms", "KEPT"), a, port(elsewhere)).warning());
    }

    /** One site trained on standard deviations, the other one on what the scanner stored. */
    @Test
    void tellsOfSitesThatNormalizedOtherwise() throws Exception {
        final PortObject a = port(trainedOn("A", "-1.1 to 3.2 (width 4.0 to 4.3)"));
        final Result result = run(s -> {
        }, a, port(trainedOn("B", "-0.9 to 3.0 (width 3.5 to 3.9)")), port(trainedOn("C", "0.0 to 812.0 (width 600.0 to 812.0)")));
        assertTrue(result.warning().startsWith("The images of Network 1 (-1.1 to 3.2) and of Network 3 (0 to 812) had intensities"
            + " unlike each other"), result.warning());
        assertNull(run(s -> {
        }, a, port(trainedOn("B", "-0.9 to 3.0 (width 3.5 to 3.9)"))).warning());
        assertNull(run(s -> {
        }, a, port(network(SPEC, 5, "B", 1))).warning());
    }

    private static Network trainedOn(final String site, final String intensities) {
        return new Network(SPEC, network(SPEC, 5, site, 1).weights(), NAMES, new Provenance("supervised", 1, 10, 10, Double.NaN,
            List.of(site), "data " + site, "start", "", "", Computation.UNKNOWN, Map.of("intensityRange.1", intensities), 1,
            List.of()));
    }

    /** What another site gets is the file alone; the networks of an ensemble count one by one. */
    @Test
    void filesAndEnsemblesAreNetworks() throws Exception {
        final Network a = network(SPEC, 1, "A", 3);
        final String path = m_bench.run(new NetworkWriterNodeFactory(), s -> s.addString("folder", m_folder.toString()), port(a))
            .rows(0).get(0).getCell(0).toString();
        final PortObject read =
            m_bench.run(new NetworkReaderNodeFactory(), s -> s.addString("path", path)).outputs()[0];
        final PortObject ensemble = NetworkPortObject.create(m_bench.context(),
            new Ensemble(List.of(Ensemble.Member.of(network(SPEC, 2, "B", 1), "1", List.of("x")),
                Ensemble.Member.of(network(SPEC, 6, "C", 2), "2", List.of("y")))));
        final Result result = run(s -> {
        }, read, ensemble);
        assertEquals((3 * 1 + 1 * 2 + 2 * 6) / 6f, value(result, "head/bias"));
        assertFalse(average(result).provenance().parents().isEmpty());
        assertEquals(3, value(run(s -> {
            s.addString("weighting", "GIVEN");
            s.addString("weights", "1, 1, 1");
        }, read, ensemble), "head/bias"));
    }
}
