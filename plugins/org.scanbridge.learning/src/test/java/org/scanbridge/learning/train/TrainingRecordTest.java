package org.scanbridge.learning.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingRecordTest {

    @Test
    void comesBackWithItsMissingMetrics(@TempDir final Path directory) throws IOException {
        final TrainingRecord record = new TrainingRecord("CPU, 2 threads", 0.5, 60, 3,
            List.of(new StepMetrics(1, 1.25, 0.1, 1e-3, Double.NaN, Double.NaN, Double.NaN, Double.NaN)));
        record.save(directory);
        assertEquals(record, TrainingRecord.load(directory).orElseThrow());
    }

    @Test
    void isAbsentForANetworkThatWasNotTrainedHere(@TempDir final Path directory) throws IOException {
        assertTrue(TrainingRecord.load(directory).isEmpty());
    }

    @Test
    void saysThatItIsDamaged(@TempDir final Path directory) throws IOException {
        Files.writeString(directory.resolve("training.json"), "{\"curve\": [");
        assertTrue(assertThrows(IOException.class, () -> TrainingRecord.load(directory)).getMessage().contains("damaged"));
    }
}
