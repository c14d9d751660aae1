package org.scanbridge.learning.predict;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.graph.SavedModelWriter;
import org.scanbridge.learning.network.Network;

/** SavedModels for others take images of any size, and compute of each what a SavedModel made for its size does. */
class SharedSavedModelTest {

    @TempDir
    private Path m_directory;

    @ParameterizedTest
    @ValueSource(strings = {"unet3d-group", "unet3d-batch", "unet2d-group", "patchcnn", "deepmedic"})
    void takeAnySize(final String name) throws IOException {
        final NetworkSpec spec = RandomNetworks.specs().get(name);
        final Network network = RandomNetworks.of(spec, 4);
        final Path anySize = m_directory.resolve("any");
        final Path frozen = m_directory.resolve("frozen");
        SavedModelWriter.writeForAnySize(spec, network.weights(), anySize);
        SavedModelWriter.writeFrozen(spec, network.weights(), frozen);
        assertFalse(Files.exists(frozen.resolve("variables")));
        final PatchSize p = spec.patchSize();
        final PatchSize m = spec.sizeMultiple();
        final NetworkSpec larger = spec.withPatchSize(
            new PatchSize(p.i() + 2 * m.i(), p.j() + m.j(), spec.kind().flat() ? 1 : p.k() + m.k()));
        final float[] blocks = RandomNetworks.blocks(larger, 2, 3);
        final Path fixed = m_directory.resolve("fixed");
        SavedModelWriter.write(larger, network.weights(), fixed);
        final float[] expected = run(larger, fixed, blocks);
        assertArrayEquals(expected, run(larger, anySize, blocks), 1e-5f);
        assertArrayEquals(expected, run(larger, frozen, blocks), 1e-5f);
    }

    private static float[] run(final NetworkSpec spec, final Path directory, final float[] blocks) throws IOException {
        try (SavedModelNetwork model = new SavedModelNetwork(spec, directory)) {
            return model.probabilities(blocks, 2);
        }
    }
}
