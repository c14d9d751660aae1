package org.scanbridge.learning.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointFileTest {

    private static LoopState state(final int step) {
        return new LoopState(step, Map.of("w", new float[]{step, -0f, Float.MIN_VALUE}),
            List.of(new StepMetrics(step, 1, 2, 3, 4, 5, 6, Double.NaN)), 2, Map.of("w", new double[]{1e-300, 2}),
            new TreeMap<>(Map.of(1, Map.of("w", new float[]{7}), 3, Map.of("w", new float[]{8}))));
    }

    @Test
    void givesBackWhatWasSaved(@TempDir final Path directory) throws IOException {
        final CheckpointFile file = new CheckpointFile(directory.resolve("new"), "key");
        file.save(state(3));
        final LoopState read = file.load().orElseThrow();
        assertEquals(3, read.step());
        assertArrayEquals(state(3).variables().get("w"), read.variables().get("w"));
        assertEquals(state(3).curve(), read.curve());
        assertEquals(2, read.averaged());
        assertArrayEquals(new double[]{1e-300, 2}, read.sums().get("w"));
        assertEquals(List.of(1, 3), List.copyOf(read.kept().keySet()));
        assertArrayEquals(new float[]{7}, read.kept().get(1).get("w"));
        assertArrayEquals(new float[]{8}, read.kept().get(3).get("w"));
    }

    @Test
    void fallsBackToThePreviousStateWhenTheNewestIsDamaged(@TempDir final Path directory) throws IOException {
        final CheckpointFile file = new CheckpointFile(directory, "key");
        file.save(state(1));
        file.save(state(2));
        final Path newest = directory.resolve("checkpoint.bin");
        final byte[] bytes = Files.readAllBytes(newest);
        for (final int length : new int[]{0, 10, bytes.length - 1}) {
            Files.write(newest, Arrays.copyOf(bytes, length));
            assertEquals(1, file.load().orElseThrow().step());
        }
        bytes[bytes.length / 2] ^= 4;
        Files.write(newest, bytes);
        assertEquals(1, file.load().orElseThrow().step());
    }

    @Test
    void ignoresTheStateOfAnotherTraining(@TempDir final Path directory) throws IOException {
        new CheckpointFile(directory, "one").save(state(1));
        assertTrue(new CheckpointFile(directory, "two").load().isEmpty());
        assertTrue(new CheckpointFile(directory.resolve("missing"), "one").load().isEmpty());
    }
}
