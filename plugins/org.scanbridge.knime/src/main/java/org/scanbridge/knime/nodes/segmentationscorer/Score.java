package org.scanbridge.knime.nodes.segmentationscorer;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;

import org.scanbridge.imaging.metrics.LesionScores;
import org.scanbridge.imaging.metrics.OverlapMetric;
import org.scanbridge.imaging.metrics.SegmentVolume;
import org.scanbridge.imaging.metrics.RocCurve;
import org.scanbridge.imaging.metrics.SurfaceDistances;

/**
 * One score: a column of the score table.
 *
 * @param title name of the column
 * @param level which rows of the statistics it has
 * @param value reads it; missing where it is not defined
 */
record Score(String title, Level level, Function<ClassScore, OptionalDouble> value) {

    /** What a score is a score of. */
    enum Level {

        /** Of a class; a mean over classes says something too. */
        CLASS_AND_MEAN,

        /** Of a class only: volumes and counts of different tissues have no meaningful mean. */
        CLASS,

        /** Of all classes of an image together. */
        IMAGE
    }

    /** The score of all classes together. */
    static final String GENERALIZED_DICE = "Generalized Dice";

    /** The scores that these options ask for; released columns first, which never change their order. */
    static List<Score> of(final ScoreOptions options) {
        final List<Score> scores = new ArrayList<>();
        for (final OverlapMetric metric : OverlapMetric.values()) {
            scores.add(new Score(metric.title(), Level.CLASS_AND_MEAN, s -> s.overlap(metric)));
        }
        scores.add(distance("HD95 (mm)",
            options.pooledHausdorff95() ? SurfaceDistances::hausdorff95Pooled : SurfaceDistances::hausdorff95));
        scores.add(distance("ASSD (mm)", SurfaceDistances::averageSymmetric));
        scores.add(new Score("Volume (ml)", Level.CLASS, s -> OptionalDouble.of(s.volume())));
        scores.add(new Score("Reference Volume (ml)", Level.CLASS, s -> OptionalDouble.of(s.referenceVolume())));
        scores.add(new Score("Volume Difference", Level.CLASS,
            s -> SegmentVolume.relativeDifference(s.volume(), s.referenceVolume())));
        scores.add(new Score(GENERALIZED_DICE, Level.IMAGE, ClassScore::generalizedDice));
        if (options.surfaceDistances()) {
            scores.add(distance("HD (mm)", SurfaceDistances::hausdorff));
            scores.add(new Score("Surface Dice", Level.CLASS_AND_MEAN, s -> s.surfaceDice(options.tolerance())));
        }
        if (options.lesions().isPresent()) {
            scores.add(count("Lesions", LesionScores::predicted));
            scores.add(count("Reference Lesions", LesionScores::actual));
            scores.add(count("Detected Lesions", LesionScores::detectedActual));
            scores.add(count("Confirmed Lesions", LesionScores::confirmedPredicted));
            scores.add(lesion("Lesion Sensitivity", LesionScores::sensitivity));
            scores.add(lesion("Lesion PPV", LesionScores::precision));
            scores.add(lesion("Lesion F1", LesionScores::f1));
        }
        if (options.surfaceElements()) {
            scores.add(new Score("Surface Dice by Area", Level.CLASS_AND_MEAN,
                s -> s.surfaceDiceByArea(options.tolerance())));
        }
        if (options.areas()) {
            scores.add(curve("AUC", RocCurve::area));
            scores.add(curve("Average Precision", RocCurve::averagePrecision));
        }
        return List.copyOf(scores);
    }

    private static Score distance(final String title, final ToDoubleFunction<SurfaceDistances> metric) {
        return new Score(title, Level.CLASS_AND_MEAN, s -> s.distance(metric));
    }

    private static Score curve(final String title, final Function<RocCurve, OptionalDouble> area) {
        return new Score(title, Level.CLASS_AND_MEAN, s -> s.curve().map(area).orElse(OptionalDouble.empty()));
    }

    private static Score count(final String title, final ToIntFunction<LesionScores> count) {
        return new Score(title, Level.CLASS, s -> OptionalDouble.of(count.applyAsInt(s.lesions().orElseThrow())));
    }

    private static Score lesion(final String title, final Function<LesionScores, OptionalDouble> score) {
        return new Score(title, Level.CLASS_AND_MEAN, s -> score.apply(s.lesions().orElseThrow()));
    }
}
