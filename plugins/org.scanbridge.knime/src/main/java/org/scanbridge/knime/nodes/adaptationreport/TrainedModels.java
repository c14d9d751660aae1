package org.scanbridge.knime.nodes.adaptationreport;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

import org.scanbridge.learning.network.Provenance;
import org.scanbridge.learning.report.RunManifest;
import org.scanbridge.learning.report.TrainedModel;
import org.scanbridge.learning.report.TrainedModel.CurvePoint;
import org.scanbridge.learning.train.StepMetrics;
import org.scanbridge.learning.train.TrainingRecord;

/** Training curves and settings of a model for the report. */
final class TrainedModels {

    /** More points than pixels show nothing more. */
    private static final int MAX_POINTS = 400;

    private TrainedModels() {
    }

    static TrainedModel of(final RunManifest.Model model) {
        final Map<String, List<CurvePoint>> curves = new LinkedHashMap<>();
        model.record().map(TrainingRecord::curve).ifPresent(curve -> {
            put(curves, "Training loss", curve, StepMetrics::loss);
            put(curves, "Validation Dice", curve, StepMetrics::validationDice);
            put(curves, "Domain accuracy", curve, StepMetrics::domainAccuracy);
            put(curves, "Domain loss", curve, StepMetrics::domainLoss);
        });
        return new TrainedModel(model.name(), provenance(model), curves);
    }

    private static Map<String, String> provenance(final RunManifest.Model model) {
        final Provenance p = model.provenance();
        final Map<String, String> facts = new LinkedHashMap<>();
        facts.put("method", p.method());
        facts.put("sites", String.join(", ", p.sites()));
        if (p.parents().isEmpty()) {
            facts.put("weights of step", p.keptStep() + " of " + p.steps());
        } else {
            facts.put("average of", String.join(", ", p.parents().stream().map(TrainedModels::share).toList()));
        }
        facts.put("weights SHA-256", model.weightsSha256().substring(0, 16) + "…");
        facts.put("started from", p.parentHash().isEmpty() ? "–" : p.parentHash().substring(0, 16) + "…");
        facts.put("engine", p.engine());
        facts.put("device", p.device());
        model.record().map(TrainingRecord::warnings).filter(w -> !w.isEmpty())
            .ifPresent(w -> facts.put("warnings", String.join(" ", w)));
        model.record().ifPresent(r -> facts.put("training time", Math.round(r.trainingSeconds()) + " s"));
        facts.putAll(p.options());
        return facts;
    }

    /** {@code 67 % of A (supervised, 8 cases)}. */
    private static String share(final Provenance.Parent parent) {
        return String.format(Locale.ROOT, "%.0f %% of %s (%s%s)", 100 * parent.weight(),
            parent.sites().isEmpty() ? "no site" : String.join(", ", parent.sites()), parent.method(),
            parent.trainingCases() == 0 ? "" : ", " + parent.trainingCases() + " cases");
    }

    private static void put(final Map<String, List<CurvePoint>> curves, final String name, final List<StepMetrics> curve,
        final ToDoubleFunction<StepMetrics> metric) {
        final List<StepMetrics> measured = curve.stream().filter(m -> !Double.isNaN(metric.applyAsDouble(m))).toList();
        final int every = Math.max(1, measured.size() / MAX_POINTS);
        final List<CurvePoint> points = new ArrayList<>();
        for (int n = 0; n < measured.size(); n += every) {
            points.add(new CurvePoint(measured.get(n).step(), metric.applyAsDouble(measured.get(n))));
        }
        if (!points.isEmpty()) {
            curves.put(name, points);
        }
    }
}
