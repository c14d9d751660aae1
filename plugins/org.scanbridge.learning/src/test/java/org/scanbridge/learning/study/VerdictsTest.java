package org.scanbridge.learning.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.learning.method.AdversarialNormalizationOptions;
import org.scanbridge.learning.study.NormalizationStudyResult.Divergence;
import org.scanbridge.learning.study.NormalizationStudyResult.Ending;
import org.scanbridge.learning.study.NormalizationStudyResult.Measurements;
import org.scanbridge.learning.study.NormalizationStudyResult.Score;
import org.scanbridge.learning.study.NormalizationStudyResult.Similarity;
import org.scanbridge.learning.study.NormalizationStudyResult.SiteAccuracy;
import org.scanbridge.learning.study.NormalizationStudyResult.Training;
import org.scanbridge.learning.train.StepMetrics;

import com.google.gson.Gson;

/** Verdicts on made-up numbers that are exactly on, above and below the limits. */
class VerdictsTest {

    private static final List<String> SITES = List.of("A", "B", "C");

    private static final NormalizationStudyOptions OPTIONS = new NormalizationStudyOptions(1, 1, 1, 0, 8, 12, 3, 16,
        AdversarialNormalizationOptions.defaults(), List.of("C"));

    /** Numbers of one repetition; everything that a verdict does not look at is 0.5. */
    private static NormalizationStudyResult result(final double own, final double cross, final double five,
        final double six, final double seven, final double in, final double out) {
        final List<StudyModel> models = StudyModel.all(SITES, List.of("C"));
        final List<Score> scores = new ArrayList<>();
        final List<Training> trainings = new ArrayList<>();
        for (final StudyModel model : models) {
            trainings.add(new Training(1, model.name(), 10, 0.5, 3, Ending.FLAT, 1));
            for (final String site : SITES) {
                double dice = model.name().equals("5b") ? five : model.name().equals("6") ? six
                    : model.name().equals("7") ? seven : 0.5;
                if (model.name().startsWith("1–4") && !model.sites().contains("C") && !site.equals("C")) {
                    dice = model.sites().contains(site) ? own : cross;
                }
                scores.add(new Score(1, model.name(), site, site + "-1", 1, dice - 0.1, 2, 1));
                scores.add(new Score(1, model.name(), site, site + "-1", 2, dice + 0.1, 2, 1));
                scores.add(new Score(1, model.name(), site, site + "-1", 3, Double.NaN, Double.NaN, Double.NaN));
            }
        }
        final List<Divergence> divergences = List.of(
            new Divergence(1, NormalizationStudy.INPUT, 0.5, Map.of(1, in - 0.1, 2, in + 0.1, 3, Double.NaN)),
            new Divergence(1, "7", 0.5, Map.of(1, out)));
        final List<Similarity> similarities =
            List.of(new Similarity(1, "6", "A", "A-1", in, 0), new Similarity(1, "7", "A", "A-1", out, 0));
        final List<SiteAccuracy> accuracies =
            List.of(new SiteAccuracy(1, NormalizationStudy.INPUT, in), new SiteAccuracy(1, "7", out));
        return new NormalizationStudyResult(SITES, LabelSet.of("CSF", "GM", "WM"), models,
            List.of(new Measurements(1, scores, divergences, similarities, accuracies, List.of(), trainings)));
    }

    private static List<Boolean> met(final NormalizationStudyResult result) {
        return Verdicts.of(result, OPTIONS).stream().map(Verdict::met).toList();
    }

    @Test
    void allMetOrNot() {
        assertEquals(List.of(true, true, true, false, true), met(result(0.8, 0.59, 0.7, 0.7, 0.695, 0.6, 0.5)));
        assertEquals(List.of(false, false, false, true, false), met(result(0.8, 0.61, 0.7, 0.6, 0.685, 0.5, 0.6)));
        assertEquals(List.of(false, false, false, false, false), met(result(0.8, 0.61, 0.6, 0.7, 0.685, 0.5, 0.5)));
    }

    /** With one site left nothing can fail elsewhere; without experiment 6 there is nothing to compare 7 with. */
    @Test
    void leavesOutWhatWasNotMeasured() {
        final NormalizationStudyResult all = result(0.8, 0.4, 0.7, 0.6, 0.9, 0.6, 0.5);
        assertEquals(List.of("P2", "P3", "P4", "P5"), Verdicts.of(all, new NormalizationStudyOptions(1, 1, 1, 0, 8, 12, 3, 16,
            AdversarialNormalizationOptions.defaults(), List.of("B", "C"))).stream().map(Verdict::name).toList());
        final Measurements m = all.measurements().get(0);
        final NormalizationStudyResult without = new NormalizationStudyResult(SITES, all.labels(), all.models(),
            List.of(new Measurements(1, m.scores().stream().filter(s -> !s.model().equals("6")).toList(), m.divergences(),
                m.similarities().stream().filter(s -> !s.model().equals("6")).toList(), m.siteTests(), m.games(), m.trainings())));
        assertEquals(List.of("P1", "P3", "P5"), Verdicts.of(without, OPTIONS).stream().map(Verdict::name).toList());
    }

    /** The control site C, on which everything scores 0.5, has no part in the first verdict. */
    @Test
    void namesTheNumbers() {
        final List<Verdict> verdicts = Verdicts.of(result(0.8, 0.4, 0.7, 0.6, 0.9, 0.6, 0.5), OPTIONS);
        assertEquals("0.400 against 0.800: 0.50 times", verdicts.get(0).measured());
        assertEquals("7: 0.900; 5b: 0.700; 6: 0.600", verdicts.get(1).measured());
        assertEquals("0.500 out, 0.600 in", verdicts.get(2).measured());
        assertEquals("0.500 out, 0.600 in, chance 0.333", verdicts.get(4).measured());
    }

    @Test
    void thePageSaysTheSame() {
        final String page = new NormalizationStudyPage(result(0.8, 0.4, 0.7, 0.6, 0.9, 0.6, 0.5), OPTIONS).markdown();
        assertTrue(page.contains("| 7: 0.900; 5b: 0.700; 6: 0.600 | **met** |"), page);
        assertTrue(page.contains("| 7b | 10 | 0.500 | 3 | flat | 1 |"), page);
        assertTrue(page.contains("| 7 − 5b | 0.200 | 0.200 to 0.200 |"), page);
        assertTrue(page.contains("| 5b | z-score of each image | A + B + C | 0.700 | 0.700 | 0.700 | 0.700 |"), page);
    }

    @Test
    void saysHowCurvesEnded() {
        assertEquals(Ending.FALLING, Ending.of(curve(400, step -> 1 - step / 500.0)));
        assertEquals(Ending.FLAT, Ending.of(curve(400, step -> 0.5)));
        assertEquals(Ending.UNKNOWN, Ending.of(curve(40, step -> 0.5)));
        assertEquals(Ending.UNKNOWN, new Gson().fromJson("{seed: 1, model: '7', keptStep: 3}", Training.class).ending(),
            "kept by a version that did not look");
    }

    private static List<StepMetrics> curve(final int steps, final IntToDoubleFunction loss) {
        return IntStream.rangeClosed(1, steps).mapToObj(step -> new StepMetrics(step, loss.applyAsDouble(step), 0.5, 1, Double.NaN,
            Double.NaN, Double.NaN, Double.NaN)).toList();
    }
}
