package org.scanbridge.imaging.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;

/**
 * The free-response receiver operating characteristic over images: for each threshold of the score of candidates, the share of
 * all lesions that a candidate finds, and the number of candidates that find none per image. As in the LUNA16 challenge (Setio
 * et al., Medical Image Analysis 42, 2017) further candidates of a lesion that is found count neither as right nor as wrong,
 * sensitivities between two points are interpolated linearly, and the summary (CPM) is their mean at {@link #RATES}.
 */
public final class Froc {

    /** False positives per image at which LUNA16 reads the curve. */
    public static final List<Double> RATES = List.of(0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0);

    private final List<Point> m_points;

    private final boolean m_hasLesions;

    /**
     * What candidates say about one image.
     *
     * @param lesions for each true lesion the largest score of the candidates that find it; 0 if none does
     * @param wrong the scores, above 0, of the candidates that find no lesion
     * @param joined number of the candidates that find several lesions at once; the curve does not depend on it
     */
    public record Image(double[] lesions, double[] wrong, int joined) {

        /** Of candidates that find one lesion each. */
        public Image(final double[] lesions, final double[] wrong) {
            this(lesions, wrong, 0);
        }
    }

    /**
     * A point of the curve.
     *
     * @param threshold candidates of at least this score count
     * @param falsePositives candidates without a lesion per image
     * @param sensitivity share of the lesions that are found, in [0, 1]; 0 of a curve without lesions, where it means nothing
     */
    public record Point(double threshold, double falsePositives, double sensitivity) {
    }

    private Froc(final List<Point> points, final boolean hasLesions) {
        m_points = List.copyOf(points);
        m_hasLesions = hasLesions;
    }

    /**
     * The curve of some images.
     *
     * @param images at least one
     * @throws IllegalArgumentException if there is no image
     */
    public static Froc of(final List<Image> images) {
        if (images.isEmpty()) {
            throw new IllegalArgumentException("no image");
        }
        final double[] right = images.stream().flatMapToDouble(i -> Arrays.stream(i.lesions())).filter(s -> s > 0).sorted().toArray();
        final double[] wrong = images.stream().flatMapToDouble(i -> Arrays.stream(i.wrong())).sorted().toArray();
        final long lesions = images.stream().mapToLong(i -> i.lesions().length).sum();
        final double[] thresholds = DoubleStream.concat(Arrays.stream(right), Arrays.stream(wrong)).distinct().sorted().toArray();
        final List<Point> points = new ArrayList<>();
        int r = right.length;
        int w = wrong.length;
        for (int t = thresholds.length - 1; t >= 0; t--) {
            while (r > 0 && right[r - 1] >= thresholds[t]) {
                r--;
            }
            while (w > 0 && wrong[w - 1] >= thresholds[t]) {
                w--;
            }
            points.add(new Point(thresholds[t], (double)(wrong.length - w) / images.size(),
                lesions == 0 ? 0 : (double)(right.length - r) / lesions));
        }
        return new Froc(points, lesions > 0);
    }

    /** Whether there is a lesion to find; if not, the sensitivity of no point means anything. */
    public boolean hasLesions() {
        return m_hasLesions;
    }

    /** The points by decreasing threshold; empty if there is no candidate. */
    public List<Point> points() {
        return m_points;
    }

    /**
     * Sensitivity at a number of false positives per image: on the line between the points around it, from (0, 0) on; beyond
     * the last point that of the last. Where several points have the same number, the most sensitive counts. Missing if
     * there is no lesion to find.
     */
    public OptionalDouble sensitivity(final double falsePositives) {
        if (!m_hasLesions) {
            return OptionalDouble.empty();
        }
        double x = 0;
        double y = 0;
        for (final Point point : m_points) {
            if (point.falsePositives() > falsePositives) {
                return OptionalDouble.of(
                    y + (point.sensitivity() - y) * (falsePositives - x) / (point.falsePositives() - x));
            }
            x = point.falsePositives();
            y = point.sensitivity();
        }
        return OptionalDouble.of(y);
    }

    /** The competition performance metric: the mean sensitivity at {@link #RATES}; missing if there is no lesion to find. */
    public OptionalDouble cpm() {
        return m_hasLesions ? RATES.stream().mapToDouble(r -> sensitivity(r).orElseThrow()).average() : OptionalDouble.empty();
    }
}
