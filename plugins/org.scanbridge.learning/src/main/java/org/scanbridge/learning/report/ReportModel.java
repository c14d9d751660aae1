package org.scanbridge.learning.report;

import java.util.List;
import java.util.Objects;

/**
 * Everything the report shows.
 *
 * @param title title of the page
 * @param roles which model is the starting point, which is adapted, which is the upper bound
 * @param scores Dice per subject, model and class
 * @param divergence Jensen–Shannon divergences; may be empty
 * @param histograms the histograms behind them; may be empty
 * @param models how the models were trained; may be empty
 * @param overlays pictures; may be empty
 * @param manifestJson the run's manifest
 * @param further scores beside the Dice; may be empty
 * @param predicted what was predicted without labels; may be empty
 * @param checked whether something was to be predicted, so that the page says if nothing was
 * @param lesions what was detected, by site and model; may be empty
 * @param froc the curves behind it; may be empty
 */
public record ReportModel(String title, ModelRoles roles, List<ScoreRow> scores, List<DivergenceRow> divergence,
    List<HistogramCurve> histograms, List<TrainedModel> models, List<Overlay> overlays, String manifestJson,
    List<FurtherScore> further, List<PredictedScore> predicted, boolean checked, List<LesionScore> lesions,
    List<FrocCurve> froc) {

    /** Copies the lists. */
    public ReportModel {
        Objects.requireNonNull(title, "title");
        Objects.requireNonNull(roles, "roles");
        Objects.requireNonNull(manifestJson, "manifestJson");
        scores = List.copyOf(scores);
        divergence = List.copyOf(divergence);
        histograms = List.copyOf(histograms);
        models = List.copyOf(models);
        overlays = List.copyOf(overlays);
        further = List.copyOf(further);
        predicted = List.copyOf(predicted);
        lesions = List.copyOf(lesions);
        froc = List.copyOf(froc);
    }

    /** With predictions, or without, and without lesions. */
    public ReportModel(final String title, final ModelRoles roles, final List<ScoreRow> scores,
        final List<DivergenceRow> divergence, final List<HistogramCurve> histograms, final List<TrainedModel> models,
        final List<Overlay> overlays, final String manifestJson, final List<FurtherScore> further,
        final List<PredictedScore> predicted, final boolean checked) {
        this(title, roles, scores, divergence, histograms, models, overlays, manifestJson, further, predicted, checked,
            List.of(), List.of());
    }

    /** The same with lesions. */
    public ReportModel withLesions(final List<LesionScore> scores, final List<FrocCurve> curves) {
        return new ReportModel(title, roles, this.scores, divergence, histograms, models, overlays, manifestJson, further,
            predicted, checked, scores, curves);
    }

    /** With predictions, or without. */
    public ReportModel(final String title, final ModelRoles roles, final List<ScoreRow> scores,
        final List<DivergenceRow> divergence, final List<HistogramCurve> histograms, final List<TrainedModel> models,
        final List<Overlay> overlays, final String manifestJson, final List<FurtherScore> further,
        final List<PredictedScore> predicted) {
        this(title, roles, scores, divergence, histograms, models, overlays, manifestJson, further, predicted,
            !predicted.isEmpty());
    }

    /** Without predictions. */
    public ReportModel(final String title, final ModelRoles roles, final List<ScoreRow> scores,
        final List<DivergenceRow> divergence, final List<HistogramCurve> histograms, final List<TrainedModel> models,
        final List<Overlay> overlays, final String manifestJson, final List<FurtherScore> further) {
        this(title, roles, scores, divergence, histograms, models, overlays, manifestJson, further, List.of());
    }

    /** Without scores beside the Dice. */
    public ReportModel(final String title, final ModelRoles roles, final List<ScoreRow> scores,
        final List<DivergenceRow> divergence, final List<HistogramCurve> histograms, final List<TrainedModel> models,
        final List<Overlay> overlays, final String manifestJson) {
        this(title, roles, scores, divergence, histograms, models, overlays, manifestJson, List.of());
    }

    /**
     * Names of the models that the gap closure compares.
     *
     * @param sourceOnly trained on the source site alone
     * @param adapted adapted without labels of the target site
     * @param oracle trained with the target site's labels
     */
    public record ModelRoles(String sourceOnly, String adapted, String oracle) {
    }
}
