package org.scanbridge.learning.study;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

import org.scanbridge.learning.study.NormalizationStudyResult.Divergence;
import org.scanbridge.learning.study.NormalizationStudyResult.Score;
import org.scanbridge.learning.study.NormalizationStudyResult.Similarity;
import org.scanbridge.learning.study.NormalizationStudyResult.SiteAccuracy;

/** The five verdicts on a {@link NormalizationStudy}, fixed before any network was trained. */
public final class Verdicts {

    private static final double CROSS_OVER_OWN = 0.75;

    private static final double MARGIN = 0.01;

    private final NormalizationStudyResult m_result;

    private final List<String> m_controls;

    private Verdicts(final NormalizationStudyResult result, final List<String> controls) {
        m_result = result;
        m_controls = controls;
    }

    /**
     * The verdicts P1 to P5; without those for which the experiments were not run, as P1 where all sites but one are control sites.
     *
     * @param options name the control sites, which P1 leaves out
     */
    public static List<Verdict> of(final NormalizationStudyResult result, final NormalizationStudyOptions options) {
        final Verdicts verdicts = new Verdicts(result, options.controlSites());
        return Stream.of(verdicts.crossTesting(), verdicts.dice(), verdicts.divergence(), verdicts.realism(),
            verdicts.siteAccuracy()).flatMap(Optional::stream).toList();
    }

    private static Optional<Verdict> of(final Verdict verdict, final double... numbers) {
        return DoubleStream.of(numbers).anyMatch(Double::isNaN) ? Optional.empty() : Optional.of(verdict);
    }

    private Optional<Verdict> crossTesting() {
        final double own = ofSingleSites(true);
        final double cross = ofSingleSites(false);
        return of(new Verdict("P1", "Networks of one site fail on another: mean Dice of experiments 3 and 4 at most 0.75 times "
            + "that of 1 and 2", text("%.3f against %.3f: %.2f times", cross, own, cross / own), cross <= CROSS_OVER_OWN * own),
            own, cross);
    }

    private double ofSingleSites(final boolean own) {
        return mean(s -> m_result.models().stream().anyMatch(m -> m.name().equals(s.model()) && m.sites().size() == 1
            && m.input() == StudyModel.Input.SCALED && !m_controls.contains(m.sites().get(0))
            && !m_controls.contains(s.site()) && m.sites().contains(s.site()) == own));
    }

    private Optional<Verdict> dice() {
        final double seven = mean(s -> s.model().equals("7"));
        final double standardized = mean(s -> s.model().equals("5b"));
        final double unconstrained = mean(s -> s.model().equals("6"));
        return of(new Verdict("P2", "Adversarial normalization segments at least as well: mean Dice of experiment 7 at least the "
            + "larger of 5b and 6, less 0.01", text("7: %.3f; 5b: %.3f; 6: %.3f", seven, standardized, unconstrained),
            seven >= Math.max(standardized, unconstrained) - MARGIN), seven, standardized, unconstrained);
    }

    private Optional<Verdict> divergence() {
        final double in = divergence(NormalizationStudy.INPUT);
        final double out = divergence("7");
        return of(new Verdict("P3", "Tissues become more alike: mean Jensen–Shannon divergence per class of experiment 7's "
            + "images below that of its input", text("%.3f out, %.3f in", out, in), out < in), out, in);
    }

    private double divergence(final String images) {
        return m_result.divergences().stream().filter(d -> d.images().equals(images))
            .mapToDouble(Divergence::meanOfClasses).average().orElse(Double.NaN);
    }

    private Optional<Verdict> realism() {
        final double seven = correlation("7");
        final double six = correlation("6");
        return of(new Verdict("P4", "The discriminator keeps images realistic: normalized cross-correlation of output and input "
            + "higher in experiment 7 than in 6", text("7: %.5f; 6: %.5f", seven, six), seven > six), seven, six);
    }

    private double correlation(final String model) {
        return m_result.similarities().stream().filter(s -> s.model().equals(model)).mapToDouble(Similarity::ncc).average()
            .orElse(Double.NaN);
    }

    private Optional<Verdict> siteAccuracy() {
        final double in = accuracy(NormalizationStudy.INPUT);
        final double out = accuracy("7");
        return of(new Verdict("P5", "The site is harder to tell: accuracy of a random forest lower on experiment 7's images than "
            + "on its input", text("%.3f out, %.3f in, chance %.3f", out, in, 1.0 / m_result.sites().size()), out < in), out, in);
    }

    private double accuracy(final String images) {
        return m_result.siteTests().stream().filter(s -> s.images().equals(images)).mapToDouble(SiteAccuracy::accuracy)
            .average().orElse(Double.NaN);
    }

    /** Mean Dice over subjects of their mean over classes. */
    private double mean(final Predicate<Score> which) {
        return Table1.subjectMeans(m_result.scores().stream().filter(which).toList()).stream()
            .filter(OptionalDouble::isPresent).mapToDouble(OptionalDouble::getAsDouble).average().orElse(Double.NaN);
    }

    private static String text(final String format, final Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
