package org.scanbridge.learning.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.ForeignTraits;
import org.scanbridge.learning.architecture.Margin;
import org.scanbridge.learning.architecture.NetworkPlan;
import org.scanbridge.learning.architecture.NetworkRegion;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.NetworkSpec.Kind;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.architecture.Parameter;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.architecture.Weights;
import org.scanbridge.learning.network.NetworkAverage.Member;
import org.scanbridge.tensorflow.Computation;

class NetworkAverageTest {

    private static final NetworkSpec SPEC = new NetworkSpec(Kind.UNET_3D, 1, 3, 2, 2, Norm.BATCH, PatchSize.cube(4));

    private static final LabelSet LABELS = LabelSet.of("CSF", "GM");

    /** All values of a network the same. */
    private static Network constant(final NetworkSpec spec, final float value, final String site, final int cases) {
        return constant(spec, value, LABELS, Map.of(), site, cases);
    }

    private static Network constant(final NetworkSpec spec, final float value, final LabelSet labels,
        final Map<String, String> options, final String site, final int cases) {
        final Map<String, float[]> values = new LinkedHashMap<>();
        final List<Parameter> parameters = NetworkPlan.of(spec).parameters();
        for (final Parameter p : parameters) {
            final float[] v = new float[p.size()];
            java.util.Arrays.fill(v, value);
            values.put(p.name(), v);
        }
        return new Network(spec, new Weights(parameters, values), labels, new Provenance("supervised", 7, 10, 9, 0.5,
            List.of(site), "data of " + site, "start", "engine", "CPU", Computation.UNKNOWN, options, cases, List.of()));
    }

    private static final Network A = constant(SPEC, 1, "A", 8);

    private static final Network B = constant(SPEC, 4, "B", 4);

    @Test
    void weighsByTrainingCasesAndRemembersAllParents(@TempDir final Path directory) throws IOException {
        final Network average =
            NetworkAverage.of(List.of(A, B), NetworkAverage.caseWeights(List.of("Network 1", "Network 2"), List.of(A, B)));
        average.weights().values().values().forEach(values -> {
            for (final float v : values) {
                assertEquals(2, v); // (8 · 1 + 4 · 4) / 12
            }
        });
        final Provenance p = average.provenance();
        assertEquals(List.of("A", "B"), p.sites());
        assertEquals(12, p.trainingCases());
        assertEquals("start", p.parentHash());
        assertTrue(p.trained());
        assertEquals(Map.of(A.hash(), 8 / 12.0, B.hash(), 4 / 12.0), Map.of(p.parents().get(0).weightsHash(),
            p.parents().get(0).weight(), p.parents().get(1).weightsHash(), p.parents().get(1).weight()));
        assertEquals(LABELS, average.labels());
        average.save(directory);
        final Network read = Network.load(directory);
        assertEquals(p, read.provenance());
        assertEquals(average.hash(), read.hash());
        // what leaves the site: names of sites and hashes, which docs/federated.md tells
        final String json = Files.readString(directory.resolve("network.json"));
        assertTrue(json.contains(A.hash()) && json.contains("data of B"), json);
    }

    @Test
    void theOrderMakesNoDifferenceToWhatIsWritten(@TempDir final Path directory) throws IOException {
        NetworkAverage.of(List.of(A, B), List.of(0.3, 0.9)).save(directory.resolve("one"));
        NetworkAverage.of(List.of(B, A), List.of(0.9, 0.3)).save(directory.resolve("other"));
        for (final String file : List.of("network.json", "weights.bin")) {
            assertArrayEquals(Files.readAllBytes(directory.resolve("one").resolve(file)),
                Files.readAllBytes(directory.resolve("other").resolve(file)));
        }
    }

    /** As far as all members know. */
    @Test
    void whatTheMembersWereTrainedOnIsRememberedTogether() {
        final Network one = constant(SPEC, 1, LABELS,
            Map.of("voxelSpacing", "1.0×1.0×3.0", "intensityRange.1", "-1.0 to 3.0 (width 3.5 to 4.0)"), "A", 8);
        final Network other = constant(SPEC, 1, LABELS,
            Map.of("voxelSpacing", "1.0×1.0×1.0", "intensityRange.1", "-2.0 to 2.5 (width 3.0 to 3.7)"), "B", 8);
        final Map<String, String> both = NetworkAverage.of(List.of(one, other), List.of(1.0, 1.0)).provenance().options();
        assertEquals("1.0×1.0×1.0 to 1.0×1.0×3.0", both.get("voxelSpacing"));
        assertEquals("-2.0 to 3.0 (width 3.0 to 4.0)", both.get("intensityRange.1"));
        assertEquals(Map.of("norms", "AVERAGED"),
            NetworkAverage.of(List.of(one, A), List.of(1.0, 1.0)).provenance().options());
    }

    @Test
    void casesOfTheSameDataCountOnce() {
        final Network again = constant(SPEC, 2, "A", 8);
        assertEquals(12, NetworkAverage.of(List.of(A, B, again), List.of(1.0, 1.0, 1.0)).provenance().trainingCases());
    }

    @Test
    void interpolationGoesFromTheSourceToTheAdaptedNetwork() {
        for (final double alpha : new double[]{0, 0.25, 0.5, 1}) {
            final Network mixed = NetworkAverage.interpolate(A, B, alpha, NormRule.AVERAGED, false);
            assertEquals((float)(1 + 3 * alpha), mixed.weights().get("enc0.a/kernel")[0]);
            assertEquals(A.hash(), mixed.provenance().parentHash());
            assertEquals("" + alpha, mixed.provenance().options().get("alpha"));
        }
        assertEquals(A.hash(), NetworkAverage.interpolate(A, B, 0, NormRule.AVERAGED, false).hash());
        assertEquals(B.hash(), NetworkAverage.interpolate(A, B, 1, NormRule.AVERAGED, false).hash());
        for (final double alpha : new double[]{-0.1, 1.1, Double.NaN, 1e-12}) {
            final String message = assertThrows(LearningException.class,
                () -> NetworkAverage.interpolate(A, B, alpha, NormRule.AVERAGED, false)).getMessage();
            assertTrue(message.contains("" + alpha) && message.contains("0 to 1"), message);
        }
    }

    @Test
    void normsOfOneNetworkStay() {
        final List<Member> members = List.of(new Member("Network 1", A, 1), new Member("Network 2", B, 1));
        final Weights kept = NetworkAverage.of(members, NormRule.KEPT, 1).weights();
        final Weights statistics = NetworkAverage.of(members, NormRule.STATISTICS_KEPT, 0).weights();
        for (final Parameter p : kept.parameters()) {
            final boolean norm = !p.name().endsWith("/kernel") && !p.name().equals("head/bias");
            final boolean running = p.name().endsWith("/mean") || p.name().endsWith("/variance");
            assertEquals(norm ? 4 : 2.5f, kept.get(p.name())[0], p.name());
            assertEquals(running ? 1 : 2.5f, statistics.get(p.name())[0], p.name());
        }
        assertThrows(LearningException.class, () -> NetworkAverage.of(members, NormRule.KEPT, 2));
        final NetworkSpec group = new NetworkSpec(Kind.UNET_3D, 1, 3, 2, 2, Norm.GROUP, PatchSize.cube(4));
        final List<Member> without = List.of(new Member("Network 1", constant(group, 1, "A", 1), 1),
            new Member("Network 2", constant(group, 3, "B", 1), 1));
        final String message = assertThrows(LearningException.class,
            () -> NetworkAverage.of(without, NormRule.STATISTICS_KEPT, 0)).getMessage();
        assertTrue(message.contains("GROUP normalization has none"), message);
        assertEquals(1, NetworkAverage.of(without, NormRule.KEPT, 0).weights().get("enc0.a/gamma")[0]);
    }

    /** Each differs from {@link #SPEC} in one thing, which the message must name with what both have. */
    @Test
    void refusesOtherArchitectures() {
        final Map<NetworkSpec, List<String>> others = new LinkedHashMap<>();
        others.put(new NetworkSpec(Kind.UNET_2D, 1, 3, 2, 2, Norm.BATCH, new PatchSize(4, 4, 1)), List.of("UNET_3D", "UNET_2D"));
        others.put(SPEC.withInputChannels(2), List.of("Input channels", "1", "2"));
        others.put(new NetworkSpec(Kind.UNET_3D, 1, 4, 2, 2, Norm.BATCH, PatchSize.cube(4)),
            List.of("Number of classes", "2 without", "3 without"));
        others.put(SPEC.withRegions(List.of(new NetworkRegion("all", List.of(1, 2)), new NetworkRegion("core", List.of(2)))),
            List.of("Regions", "none", "core (classes [2])"));
        others.put(new NetworkSpec(Kind.UNET_3D, 1, 3, 4, 2, Norm.BATCH, PatchSize.cube(4)),
            List.of("Channels at full resolution", "2", "4"));
        others.put(new NetworkSpec(Kind.UNET_3D, 1, 3, 2, 3, Norm.BATCH, PatchSize.cube(4)), List.of("Levels", "2", "3"));
        others.put(new NetworkSpec(Kind.UNET_3D, 1, 3, 2, 2, Norm.GROUP, PatchSize.cube(4)),
            List.of("Normalization of features", "BATCH", "GROUP"));
        others.put(SPEC.withDomains(2), List.of("Sets of norm parameters", "1", "2"));
        others.put(SPEC.withPatchSize(PatchSize.cube(8)), List.of("Patch size", "4", "8"));
        others.forEach((spec, words) -> {
            final String message = assertThrows(LearningException.class,
                () -> NetworkAverage.of(List.of(A, constant(spec, 1, "B", 1)), List.of(1.0, 1.0)), "" + spec).getMessage();
            assertTrue(message.startsWith("Network 1 and Network 2 cannot be averaged"), message);
            words.forEach(word -> assertTrue(message.contains(word), message));
        });
        final NetworkSpec deep = new NetworkSpec(Kind.UNET_3D, 1, 3, 2, 3, Norm.BATCH, PatchSize.cube(4));
        final String message = assertThrows(LearningException.class,
            () -> NetworkAverage.of(List.of(constant(deep, 1, "A", 1), constant(deep.withDeepSupervision(true), 1, "B", 1)),
                List.of(1.0, 1.0))).getMessage();
        assertTrue(message.contains("\"Deep supervision\" is off and on"), message);
    }

    @Test
    void refusesOtherClassesAndChannels() {
        final Map<LabelSet, String> others = Map.of(LabelSet.of("CSF", "WM"), "class 2 is \"GM\" and \"WM\"",
            LabelSet.of("GM", "CSF"), "class 1 is \"CSF\" and \"GM\"", LabelSet.of(Map.of(1, "GM")), "class 1 is",
            LabelSet.of(Map.of(2, "CSF")), "\"CSF\" is class 1", LabelSet.of(Map.of(1, "CSF", 4, "GM")), "{1=CSF, 4=GM}");
        others.forEach((labels, words) -> {
            final String message = assertThrows(LearningException.class, () -> NetworkAverage
                .of(List.of(A, constant(SPEC, 1, labels, Map.of(), "B", 1)), List.of(1.0, 1.0))).getMessage();
            assertTrue(message.contains("Network 1 and Network 2") && message.contains(words), message);
        });
        // a site whose segmentations lack a class does not name it
        assertEquals(LABELS, NetworkAverage.of(List.of(constant(SPEC, 1, LabelSet.of("CSF"), Map.of(), "B", 1), A),
            List.of(1.0, 1.0)).labels());
        final NetworkSpec two = SPEC.withInputChannels(2);
        final Network one = constant(two, 1, LABELS, Map.of("channel.1", "FLAIR", "channel.2", "T1"), "A", 1);
        final Network swapped = constant(two, 1, LABELS, Map.of("channel.1", "T1", "channel.2", "FLAIR"), "B", 1);
        final String message = assertThrows(LearningException.class,
            () -> NetworkAverage.of(List.of(one, swapped), List.of(1.0, 1.0))).getMessage();
        assertTrue(message.contains("(FLAIR, T1)") && message.contains("(T1, FLAIR)"), message);
        assertEquals("FLAIR",
            NetworkAverage.of(List.of(one, one), List.of(1.0, 1.0)).provenance().options().get("channel.1"));
    }

    @Test
    void refusesNetworksOfOtherSoftware() {
        final NetworkSpec foreign =
            NetworkSpec.foreign(ForeignTraits.Format.ONNX, 1, 3, List.of(), PatchSize.cube(4), Margin.NONE);
        final String message = assertThrows(LearningException.class,
            () -> AlikeNetworks.require(List.of(AlikeNetworks.Facts.of("Network 1", A),
                new AlikeNetworks.Facts("Network 2", foreign, LABELS, List.of())))).getMessage();
        assertTrue(message.startsWith("Network 2 comes from") && message.contains("Segmentation Predictor"), message);
    }

    @Test
    void refusesWeightsThatMakeNoMean() {
        assertThrows(LearningException.class, () -> NetworkAverage.of(List.of(A, B), List.of(1.0)));
        assertThrows(LearningException.class, () -> NetworkAverage.of(List.of(A, B), List.of(0.0, 0.0)));
        assertThrows(LearningException.class, () -> NetworkAverage.of(List.of(A, B), List.of(1.0, -1.0)));
        final Network old = new Network(SPEC, A.weights(), LABELS, new Provenance("supervised", 7, 10, 9, 0.5, List.of("A"), "x",
            "start", "", "", Computation.UNKNOWN, Map.of()));
        final String message = assertThrows(LearningException.class,
            () -> NetworkAverage.caseWeights(List.of("Network 1", "Network 2"), List.of(A, old))).getMessage();
        assertTrue(message.startsWith("Network 2 (supervised) does not say") && message.contains("earlier version"), message);
    }

    @Test
    void tellsNetworksThatDidNotStartTogether() {
        final List<String> names = List.of("Network 1", "Network 2");
        assertEquals(Optional.empty(), NetworkAverage.strangers(names, List.of(A, B)));
        final Network elsewhere = Network.untrained(SPEC, 3);
        assertEquals(Optional.of(names), NetworkAverage.strangers(names, List.of(A, elsewhere)));
        final Network average = NetworkAverage.of(List.of(A, B), List.of(1.0, 1.0));
        final Network next = new Network(SPEC, B.weights(), LABELS, new Provenance("supervised", 7, 10, 9, 0.5, List.of("B"),
            "x", average.hash(), "", "", Computation.UNKNOWN, Map.of()));
        assertEquals(Optional.empty(), NetworkAverage.strangers(names, List.of(average, next)));
        assertEquals(Optional.empty(), NetworkAverage.strangers(names, List.of(A, average)));
        assertFalse(elsewhere.provenance().trained());
    }

    @Test
    void readsNetworksOfEarlierVersions(@TempDir final Path directory) throws IOException {
        A.save(directory);
        final Path json = directory.resolve("network.json");
        final String text = Files.readString(json);
        final String older = text.replaceAll(",\\s*\"trainingCases\": 8,\\s*\"parents\": \\[\\]", "");
        assertFalse(older.equals(text), text);
        Files.writeString(json, older);
        assertEquals(0, Network.load(directory).provenance().trainingCases());
        assertEquals(List.of(), Network.load(directory).provenance().parents());
    }
}
