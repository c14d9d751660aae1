package org.scanbridge.imaging.phantom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.metrics.HistogramRange;
import org.scanbridge.imaging.metrics.JensenShannonDivergence;
import org.scanbridge.imaging.metrics.SiteDivergence;
import org.scanbridge.imaging.metrics.SiteIntensities;
import org.scanbridge.imaging.normalize.Background;
import org.scanbridge.imaging.normalize.Foreground;
import org.scanbridge.imaging.normalize.IntensityNormalization;
import org.scanbridge.imaging.normalize.Normalizer;
import org.scanbridge.imaging.normalize.NyulNormalizer;
import org.scanbridge.imaging.normalize.Sample;
import org.scanbridge.imaging.normalize.Scope;
import org.scanbridge.imaging.normalize.ZScore;

/**
 * Phantom, scanner, normalization and divergence together against an independent NumPy implementation of the same sites
 * and definitions (other random numbers; five subjects a site, mean of five seeds).
 */
class StudyDivergenceTest {

    private static final int SUBJECTS = 5;

    private static final int SEEDS = 3;

    private static final Normalizer RAW = Sample::image;

    private static final Normalizer Z_SCORE = new IntensityNormalization(new ZScore(), Foreground.ABOVE_ZERO,
        Scope.IMAGE, Background.CONSTANT).fit(List.of());

    private record Divergences(double overall, double meanOfClasses) {
    }

    private static List<PhantomStudy.Subject> subjects(final SiteProtocol other, final long seed) {
        final PhantomStudy study = new PhantomStudy(List.of(SiteProtocols.A, other), 48, seed);
        final List<PhantomStudy.Subject> subjects = new ArrayList<>();
        for (int n = 0; n < SUBJECTS; n++) {
            subjects.add(study.subject(0, n));
            subjects.add(study.subject(1, n));
        }
        return subjects;
    }

    private static Divergences divergences(final List<PhantomStudy.Subject> subjects, final Normalizer normalizer) {
        final SiteIntensities intensities = new SiteIntensities();
        for (final PhantomStudy.Subject s : subjects) {
            intensities.add(s.image().info().site(), normalizer.apply(s.image()), s.labels());
        }
        final SiteDivergence d = SiteDivergence.of(intensities,
            intensities.pooledRange(HistogramRange.DEFAULT_BINS), JensenShannonDivergence.NATURAL);
        return new Divergences(d.overall().orElseThrow(),
            d.perClass().values().stream().mapToDouble(OptionalDouble::orElseThrow).average().orElseThrow());
    }

    private static Normalizer nyul(final List<PhantomStudy.Subject> subjects) {
        return NyulNormalizer.fit(subjects.stream().map(s -> Sample.of(s.image())).toList(), Foreground.ABOVE_ZERO,
            Background.CONSTANT);
    }

    @Test
    void anotherScaleIsCuredByAZScore() {
        double raw = 0;
        double rawClasses = 0;
        double z = 0;
        double zClasses = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            final List<PhantomStudy.Subject> subjects = subjects(SiteProtocols.C, seed);
            final Divergences before = divergences(subjects, RAW);
            final Divergences after = divergences(subjects, Z_SCORE);
            raw += before.overall / SEEDS;
            rawClasses += before.meanOfClasses / SEEDS;
            z += after.overall / SEEDS;
            zClasses += after.meanOfClasses / SEEDS;
        }
        assertEquals(0.642, raw, 0.03);
        assertEquals(0.690, rawClasses, 0.01);
        assertEquals(0.021, z, 0.012);
        assertEquals(0.024, zClasses, 0.012);
    }

    @Test
    void matchedHistogramsHideThatTissuesAreSwapped() {
        double raw = 0;
        double rawClasses = 0;
        double zClasses = 0;
        double matched = 0;
        double matchedClasses = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            final List<PhantomStudy.Subject> subjects = subjects(SiteProtocols.INFANT, seed);
            final Divergences before = divergences(subjects, RAW);
            raw += before.overall / SEEDS;
            rawClasses += before.meanOfClasses / SEEDS;
            zClasses += divergences(subjects, Z_SCORE).meanOfClasses / SEEDS;
            final Divergences after = divergences(subjects, nyul(subjects));
            matched += after.overall / SEEDS;
            matchedClasses += after.meanOfClasses / SEEDS;
        }
        assertEquals(0.461, raw, 0.06);
        assertEquals(0.605, rawClasses, 0.04);
        assertEquals(0.271, zClasses, 0.04);
        assertTrue(matched < 0.006, "overall divergence after matching " + matched);
        assertEquals(0.227, matchedClasses, 0.04);
    }
}
