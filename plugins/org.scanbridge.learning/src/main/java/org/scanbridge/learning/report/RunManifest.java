package org.scanbridge.learning.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

import org.scanbridge.learning.network.Provenance;
import org.scanbridge.learning.train.TrainingRecord;
import org.scanbridge.tensorflow.Computation;

import com.google.gson.GsonBuilder;

/**
 * What is needed to repeat a run and to know whether another run was the same: seed, settings, versions, hashes of the
 * inputs, device and timings. Everything but the timings and the names of the processors is the same in two runs that give
 * the same numbers.
 *
 * @param version version of ScanBridge
 * @param settings settings of the report
 * @param normalizations how each image column was normalized
 * @param inputs SHA-256 over the files of each study that was read, in hexadecimal
 * @param testSubjects the subjects that the scores are from
 * @param models the models that were compared
 */
public record RunManifest(String version, Map<String, String> settings, Map<String, String> normalizations,
    Set<String> inputs, List<Subject> testSubjects, List<Model> models) {

    /**
     * A subject.
     *
     * @param subject pseudonymous subject id
     * @param site its site
     */
    public record Subject(String subject, String site) {
    }

    /**
     * A model.
     *
     * @param name its name in the scores
     * @param weightsSha256 SHA-256 of its weights
     * @param provenance where the weights come from
     * @param record how the training went; empty for a network that was not trained here
     */
    public record Model(String name, String weightsSha256, Provenance provenance, Optional<TrainingRecord> record) {
    }

    /** Copies the collections. */
    public RunManifest {
        Objects.requireNonNull(version, "version");
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
        normalizations = Collections.unmodifiableMap(new LinkedHashMap<>(normalizations));
        inputs = Collections.unmodifiableSet(new TreeSet<>(inputs));
        testSubjects = List.copyOf(testSubjects);
        models = List.copyOf(models);
    }

    /** The manifest as indented JSON, keys in reading order. */
    public String toJson() {
        final Map<String, Object> json = new LinkedHashMap<>();
        json.put("software", "ScanBridge " + version);
        final TreeSet<Long> seeds = new TreeSet<>();
        models.forEach(m -> seeds.add(m.provenance.seed()));
        json.put("seed", seeds.size() == 1 ? (Object)seeds.first() : seeds);
        json.put("settings", settings);
        json.put("normalizations", normalizations);
        final Map<String, String> versions = new LinkedHashMap<>();
        versions.put("scanbridge", version);
        versions.put("engine", first(Provenance::engine));
        versions.put("java", System.getProperty("java.version"));
        versions.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        json.put("versions", versions);
        json.put("device", first(Provenance::device));
        json.put("computation",
            models.stream().map(m -> m.provenance.computation()).filter(Computation::isKnown).distinct()
                .map(RunManifest::computation).toList());
        json.put("inputs", inputs.stream().map(h -> Map.of("studySha256", h)).toList());
        json.put("testSubjects", testSubjects);
        final Map<String, Object> byName = new LinkedHashMap<>();
        final Map<String, Object> timings = new LinkedHashMap<>();
        for (final Model model : models) {
            byName.put(model.name, model(model));
            model.record.ifPresent(r -> timings.put(model.name, timings(r)));
        }
        json.put("models", byName);
        json.put("timings", timings);
        return new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(json) + "\n";
    }

    private String first(final Function<Provenance, String> fact) {
        return models.stream().map(m -> fact.apply(m.provenance)).filter(f -> !f.isEmpty()).findFirst().orElse("");
    }

    private static Map<String, Object> model(final Model model) {
        final Provenance p = model.provenance;
        final Map<String, Object> json = new LinkedHashMap<>();
        json.put("method", p.method());
        json.put("weightsSha256", model.weightsSha256);
        json.put("startedFromWeightsSha256", p.parentHash());
        json.put("seed", p.seed());
        json.put("steps", p.steps());
        json.put("keptStep", p.keptStep());
        if (!Double.isNaN(p.validationDice())) {
            json.put("validationDice", p.validationDice());
        }
        json.put("sites", p.sites());
        json.put("trainingDataSha256", p.dataHash());
        json.put("engine", p.engine());
        json.put("device", p.device());
        json.put("options", p.options());
        if (!p.parents().isEmpty()) {
            json.put("averageOf", p.parents());
        }
        model.record.map(TrainingRecord::warnings).filter(w -> !w.isEmpty()).ifPresent(w -> json.put("warnings", w));
        return json;
    }

    private static Map<String, Object> computation(final Computation c) {
        final Map<String, Object> json = new LinkedHashMap<>();
        json.put("reproducibility", c.reproducibility().toString());
        json.put("oneDnn", c.oneDnn());
        json.put("instructionSetsUpTo", c.instructionCap());
        json.put("threads", c.threads());
        json.put("processor", c.processor());
        json.put("processorInstructionSets", c.instructionSets());
        return json;
    }

    private static Map<String, Double> timings(final TrainingRecord record) {
        final Map<String, Double> timings = new LinkedHashMap<>();
        timings.put("setupSeconds", seconds(record.setupSeconds()));
        timings.put("trainingSeconds", seconds(record.trainingSeconds()));
        timings.put("validationSeconds", seconds(record.validationSeconds()));
        return timings;
    }

    private static double seconds(final double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
