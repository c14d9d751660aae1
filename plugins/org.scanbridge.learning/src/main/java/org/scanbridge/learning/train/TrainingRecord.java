package org.scanbridge.learning.train;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;

/**
 * What is worth keeping of a training beside its network: the curve and how long it took. Lies as {@code training.json}
 * in the network's directory, apart from the files that make the network, because times differ between two runs that
 * give the same weights.
 *
 * @param device device and number of threads that were used
 * @param setupSeconds wall time of reading the cases and building the graph
 * @param trainingSeconds wall time of the steps
 * @param validationSeconds wall time of the validations
 * @param curve the metrics of all steps
 * @param warnings what the user was told of the training when it ended, such as that it was too short
 */
public record TrainingRecord(String device, double setupSeconds, double trainingSeconds, double validationSeconds,
    List<StepMetrics> curve, List<String> warnings) {

    private static final String FILE = "training.json";

    /** What a training gave, and what there is to tell of it. */
    public static TrainingRecord of(final TrainingResult result, final List<String> warnings) {
        return new TrainingRecord(result.device(), result.setupSeconds(), result.trainingSeconds(),
            result.validationSeconds(), result.curve(), warnings);
    }

    /** Copies the lists; a record of an earlier version has no warnings. */
    public TrainingRecord {
        curve = List.copyOf(curve);
        warnings = warnings == null ? List.of() : List.copyOf(warnings);
    }

    /** Without warnings. */
    public TrainingRecord(final String device, final double setupSeconds, final double trainingSeconds,
        final double validationSeconds, final List<StepMetrics> curve) {
        this(device, setupSeconds, trainingSeconds, validationSeconds, curve, List.of());
    }

    /** @param directory a network's directory */
    public void save(final Path directory) throws IOException {
        Files.write(directory.resolve(FILE), gson().toJson(this).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * @param directory a network's directory
     * @return the record; empty for a network that was not trained here
     * @throws IOException if the file is there and cannot be read
     */
    public static Optional<TrainingRecord> load(final Path directory) throws IOException {
        final Path file = directory.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(gson().fromJson(Files.readString(file), TrainingRecord.class));
        } catch (final JsonParseException e) {
            throw new IOException("The training record of the network is damaged (" + FILE + "): " + e.getMessage(), e);
        }
    }

    /** Metrics that a method does not have are NaN. */
    private static Gson gson() {
        return new GsonBuilder().serializeSpecialFloatingPointValues().create();
    }
}
