package org.scanbridge.learning.study;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

import org.scanbridge.learning.files.Placement;
import org.scanbridge.learning.study.NormalizationStudyResult.Measurements;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;

/** Keeps what finished trainings gave in a folder, so that a study that was stopped need not begin anew. */
final class MeasurementStore {

    /** Missing numbers are NaN. */
    private static final Gson GSON = new GsonBuilder().serializeSpecialFloatingPointValues().create();

    /** Measurements, and what they depend on. */
    private record Kept(String key, Measurements measurements) {
    }

    private final Path m_folder;

    private final String m_key;

    /** @param key names images and options; measurements with another key are not taken */
    MeasurementStore(final Path folder, final String key) {
        m_folder = folder;
        m_key = key;
    }

    private Path file(final long seed, final StudyModel model) {
        return m_folder.resolve("training-" + seed + "-" + model.name().replaceAll("[^A-Za-z0-9]+", "-") + ".json");
    }

    private String key(final StudyModel model) {
        return m_key + ' ' + model;
    }

    /** What a training gave; empty if it was not run, or with other images or options. */
    Optional<Measurements> load(final long seed, final StudyModel model) {
        final Path file = file(seed, model);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            final Kept kept = GSON.fromJson(Files.readString(file), Kept.class);
            return kept != null && key(model).equals(kept.key()) ? Optional.ofNullable(kept.measurements())
                : Optional.empty();
        } catch (final JsonParseException e) {
            return Optional.empty(); // damaged: it is run again
        } catch (final IOException e) {
            throw new UncheckedIOException("What is kept in " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Keeps what a training gave, replacing what is there. */
    void save(final long seed, final StudyModel model, final Measurements measurements) {
        final Path file = file(seed, model);
        try {
            Files.createDirectories(m_folder);
            final Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
            Files.write(temporary, GSON.toJson(new Kept(key(model), measurements)).getBytes(StandardCharsets.UTF_8));
            Placement.replace(temporary, file);
        } catch (final IOException e) {
            throw new UncheckedIOException("Results cannot be kept in " + file + ": " + e.getMessage(), e);
        }
    }
}
