package org.scanbridge.learning.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.tensorflow.Computation;
import org.scanbridge.tensorflow.Reproducibility;

class NetworkTest {

    private static final NetworkSpec SPEC = NetworkSpec.unet3d(3, 4, 2, 8);

    private static final Computation ANOTHER =
        new Computation(Reproducibility.FASTEST, 16, "ALL", true, "Some processor", List.of("avx2", "avx512f"));

    private static Network trained() {
        final Network untrained = Network.untrained(SPEC, 4);
        return new Network(SPEC, untrained.weights(), LabelSet.of("CSF", "GM"),
            new Provenance("supervised", 4, 10, 8, Double.NaN, List.of("A"), "data", "parent", "engine", "CPU", ANOTHER,
                Map.of("steps", "10")));
    }

    @Test
    void survivesSavingAndLoading(@TempDir final Path directory) throws IOException {
        final Network before = trained();
        before.save(directory);
        final Network after = Network.load(directory);
        assertEquals(before.spec(), after.spec());
        assertEquals(before.labels(), after.labels());
        assertEquals(before.provenance(), after.provenance());
        assertArrayEquals(before.weights().toBytes(), after.weights().toBytes());
        assertTrue(Files.isRegularFile(directory.resolve("saved_model/saved_model.pb")));
    }

    @Test
    void sameSeedSavesTheSameBytes(@TempDir final Path directory) throws IOException {
        trained().save(directory.resolve("a"));
        trained().save(directory.resolve("b"));
        for (final String file : List.of("network.json", "weights.bin")) {
            assertArrayEquals(Files.readAllBytes(directory.resolve("a").resolve(file)),
                Files.readAllBytes(directory.resolve("b").resolve(file)));
        }
    }

    @Test
    void refusesDamagedWeights(@TempDir final Path directory) throws IOException {
        trained().save(directory);
        final Path file = directory.resolve("weights.bin");
        final byte[] bytes = Files.readAllBytes(file);
        bytes[17] ^= 1;
        Files.write(file, bytes);
        final String message = assertThrows(IOException.class, () -> Network.load(directory)).getMessage();
        assertTrue(message.contains("weights.bin is damaged"), message);
        Files.write(file, new byte[12]);
        assertThrows(IOException.class, () -> Network.load(directory));
        Files.delete(file);
        assertThrows(IOException.class, () -> Network.load(directory));
    }

    @Test
    void refusesWhatIsNoNetwork(@TempDir final Path directory) throws IOException {
        assertThrows(IOException.class, () -> Network.load(directory));
        for (final String text : List.of("", "{}", "null", "[1]", "{\"format\":\"scanbridge-network\",\"version\":99}",
            "{\"format\":\"scanbridge-network\",\"version\":1}")) {
            Files.writeString(directory.resolve("network.json"), text);
            assertThrows(IOException.class, () -> Network.load(directory), text);
        }
    }
}
