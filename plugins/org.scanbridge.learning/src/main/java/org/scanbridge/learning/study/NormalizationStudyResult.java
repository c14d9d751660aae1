package org.scanbridge.learning.study;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.learning.train.CurveEnd;
import org.scanbridge.learning.train.StepMetrics;

/**
 * What a {@link NormalizationStudy} measured.
 *
 * @param sites all sites, sorted
 * @param labels names of the classes
 * @param models what was trained, in every repetition
 * @param measurements what was measured, training after training, repetition after repetition
 */
public record NormalizationStudyResult(List<String> sites, LabelSet labels, List<StudyModel> models,
    List<Measurements> measurements) {

    /** Copies the lists. */
    public NormalizationStudyResult {
        sites = List.copyOf(sites);
        models = List.copyOf(models);
        measurements = List.copyOf(measurements);
    }

    /**
     * What one training of one repetition gave, or what was measured without any.
     *
     * @param seed of the repetition
     * @param scores of test subjects
     * @param divergences between the sites' test subjects
     * @param similarities of normalized test images to what they were made from
     * @param siteTests whether the sites can still be told apart
     * @param games how discriminators ended
     * @param trainings how the trainings went
     */
    public record Measurements(long seed, List<Score> scores, List<Divergence> divergences, List<Similarity> similarities,
        List<SiteAccuracy> siteTests, List<Game> games, List<Training> trainings) {
    }

    /** The scores of all repetitions. */
    public List<Score> scores() {
        return all(Measurements::scores);
    }

    /** The divergences of all repetitions. */
    public List<Divergence> divergences() {
        return all(Measurements::divergences);
    }

    /** The similarities of all repetitions. */
    public List<Similarity> similarities() {
        return all(Measurements::similarities);
    }

    /** The site accuracies of all repetitions. */
    public List<SiteAccuracy> siteTests() {
        return all(Measurements::siteTests);
    }

    /** The discriminators of all repetitions. */
    public List<Game> games() {
        return all(Measurements::games);
    }

    /** The trainings of all repetitions. */
    public List<Training> trainings() {
        return all(Measurements::trainings);
    }

    private <T> List<T> all(final Function<Measurements, List<T>> part) {
        return measurements.stream().flatMap(m -> part.apply(m).stream()).toList();
    }

    /**
     * One class of one test subject.
     *
     * @param seed of the repetition
     * @param model name of the model
     * @param label the class
     * @param dice NaN if the class is neither predicted nor there
     * @param hd95 95 % Hausdorff distance in mm, larger of both directions; NaN if the class is missing on a side
     * @param assd average symmetric surface distance in mm; as above
     */
    public record Score(long seed, String model, String site, String subject, int label, double dice,
        double hd95, double assd) {
    }

    /**
     * Jensen–Shannon divergence between the sites in nats, at most ln(number of sites).
     *
     * @param images which images: a scaling's title or a model's name
     * @param overall over all segmented tissue
     * @param perClass by label; NaN where a site lacks the class
     */
    public record Divergence(long seed, String images, double overall, Map<Integer, Double> perClass) {

        /** Mean over the classes. */
        public double meanOfClasses() {
            return perClass.values().stream().mapToDouble(Double::doubleValue).filter(v -> !Double.isNaN(v)).average()
                .orElse(Double.NaN);
        }
    }

    /**
     * A normalized image against the scaled one it was made from, inside the segmented tissue.
     *
     * @param ncc normalized cross-correlation
     * @param mse mean squared error
     */
    public record Similarity(long seed, String model, String site, String subject, double ncc, double mse) {
    }

    /**
     * Share of small cubes of test images whose site a random forest tells.
     *
     * @param images as in {@link Divergence}
     */
    public record SiteAccuracy(long seed, String images, double accuracy) {
    }

    /**
     * Means over the last tenth of the steps.
     *
     * @param sitesRecognized share of real patches whose site the discriminator tells
     * @param generatedRecognized share of generated patches that it recognizes
     * @param discriminatorLoss its loss in nats; ln(number of sites + 1) is chance
     */
    public record Game(long seed, String model, double sitesRecognized, double generatedRecognized,
        double discriminatorLoss) {
    }

    /**
     * One training.
     *
     * @param weights number of trainable weights of all networks that the prediction needs
     * @param validationDice of the kept step
     * @param keptStep the kept step
     * @param ending whether the curve was flat at the end
     * @param seconds wall time of steps and validations
     */
    public record Training(long seed, String model, long weights, double validationDice, int keptStep, Ending ending,
        double seconds) {

        /** Results that were kept before endings were noted have none. */
        public Training {
            ending = ending == null ? Ending.UNKNOWN : ending;
        }
    }

    /** How the training curve ended, as {@link CurveEnd} tells. */
    public enum Ending {
        /** The loss no longer fell by as much as is worth more steps. */
        FLAT,
        /** It did. */
        FALLING,
        /** There were too few steps to tell, or nobody looked. */
        UNKNOWN;

        /** @param curve of all steps */
        static Ending of(final List<StepMetrics> curve) {
            return CurveEnd.of(curve).map(e -> e.isFalling() ? FALLING : FLAT).orElse(UNKNOWN);
        }

        /** For tables. */
        public String title() {
            return this == UNKNOWN ? "–" : name().toLowerCase(Locale.ROOT);
        }
    }
}
