package org.scanbridge.learning.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.IntStream;

import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.metrics.ConfusionCounts;
import org.scanbridge.imaging.metrics.RocCurve;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.learning.architecture.NetworkRegions;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.data.LoadedCase;
import org.scanbridge.learning.graph.BlockNetwork;
import org.scanbridge.learning.predict.ClassRule;
import org.scanbridge.learning.predict.SlidingWindow;
import org.scanbridge.learning.predict.SlidingWindowPredictor;

/** Measures a network on whole validation cases, with the sliding window that predictions use. */
public final class Validation {

    /** Keeps a voxel whose true class got probability 0 from making the loss infinite. */
    private static final double MIN_PROBABILITY = 1e-7;

    /**
     * What a validation gave.
     *
     * @param dice mean foreground Dice in [0, 1]; NaN if there is nothing to measure
     * @param others what else was measured, by name
     */
    public record Result(double dice, Map<String, Double> others) {
    }

    private final List<LoadedCase> m_cases;

    private final NetworkSpec m_spec;

    private final SlidingWindow m_window;

    private final Optional<Validator> m_validator;

    /**
     * @param cases labeled cases; may be none
     * @param spec the network's
     */
    public Validation(final List<LoadedCase> cases, final NetworkSpec spec) {
        this(cases, spec, Optional.empty());
    }

    private Validation(final List<LoadedCase> cases, final NetworkSpec spec, final Optional<Validator> validator) {
        m_validator = validator;
        m_cases = List.copyOf(cases);
        m_spec = spec;
        m_window = new SlidingWindow(spec, SlidingWindowPredictor.DEFAULT_OVERLAP);
    }

    /** The same, which also measures what a validator says; that needs no cases. */
    public Validation judgedBy(final Validator validator) {
        return new Validation(m_cases, m_spec, Optional.of(validator));
    }

    /** Whether there is nothing to measure on. */
    public boolean isEmpty() {
        return m_cases.isEmpty() && m_validator.isEmpty();
    }

    /**
     * Measures the Dice (mean over cases and foreground classes, or regions if the network has some; one that occurs neither
     * in the prediction nor in the labels is left out), and what else the measure needs. Voxels that are not annotated do not
     * count.
     *
     * @param measure what the validations are judged by
     */
    public Result measure(final BlockNetwork network, final Stopping.Measure measure, final Progress progress) {
        if (measure.isLabelFree() && m_validator.isEmpty()) {
            throw new IllegalStateException("a validation without a validator cannot judge without labels");
        }
        final Mean dice = new Mean();
        final Mean loss = new Mean();
        final Mean area = new Mean();
        for (final LoadedCase each : m_cases) {
            final LabelVolume truth = each.labelVolume();
            final BlockNetwork itsNetwork = network.forSite(each.source().site());
            final Progress validating = (fraction, message) -> progress.report(0, "Validating");
            final byte[] classes;
            if (measure == Stopping.Measure.DICE || measure.isLabelFree()) {
                classes = m_window.classes(each.image(), truth.geometry().size(), itsNetwork, validating);
            } else {
                final float[][] maps = m_window.probabilities(each.image(), truth.geometry().size(), itsNetwork, validating);
                classes = mostProbable(maps);
                loss.add(crossEntropy(maps, truth.voxels(), each));
                area(maps, truth.voxels(), each).ifPresent(area::add);
            }
            for (final Set<Integer> structure : structures()) {
                counts(classes, truth.voxels(), each, structure).dice().ifPresent(dice::add);
            }
        }
        final Map<String, Double> others = new LinkedHashMap<>();
        if (measure == Stopping.Measure.LOSS || measure == Stopping.Measure.AUC) {
            others.put(StepMetrics.VALIDATION_LOSS, loss.value());
            others.put(StepMetrics.VALIDATION_AUC, area.value());
        }
        m_validator.ifPresent(v -> others.put(StepMetrics.LABEL_FREE_SCORE,
            v.score(network, (fraction, message) -> progress.report(0, "Validating without labels"))));
        return new Result(dice.value(), others);
    }

    /** As {@link #measure}, the Dice alone. */
    public double dice(final BlockNetwork network, final Progress progress) {
        return measure(network, Stopping.Measure.DICE, progress).dice();
    }

    /** What has a Dice of its own: the regions, else the classes. */
    private List<Set<Integer>> structures() {
        return m_spec.regions().isEmpty()
            ? IntStream.range(1, m_spec.classes()).mapToObj(c -> Set.of(c)).toList()
            : m_spec.regions().stream().map(r -> Set.copyOf(r.classes())).toList();
    }

    private static boolean counts(final byte[] truth, final int voxel, final LoadedCase source) {
        return source.unannotated() == 0 || (truth[voxel] & 0xff) != NetworkSpec.UNANNOTATED;
    }

    private static ConfusionCounts counts(final byte[] prediction, final byte[] truth, final LoadedCase source,
        final Set<Integer> structure) {
        final boolean[] inside = new boolean[256];
        structure.forEach(c -> inside[c] = true);
        final long[] counts = new long[4];
        for (int v = 0; v < truth.length; v++) {
            if (counts(truth, v, source)) {
                counts[(inside[prediction[v] & 0xff] ? 2 : 0) + (inside[truth[v] & 0xff] ? 1 : 0)]++;
            }
        }
        return new ConfusionCounts(counts[3], counts[2], counts[1], counts[0]);
    }

    private byte[] mostProbable(final float[][] maps) {
        final ClassRule rule = ClassRule.of(m_spec);
        final float[] p = new float[maps.length];
        final byte[] classes = new byte[maps[0].length];
        for (int v = 0; v < classes.length; v++) {
            for (int c = 0; c < maps.length; c++) {
                p[c] = maps[c][v];
            }
            classes[v] = (byte)rule.classOf(p, 0);
        }
        return classes;
    }

    /** In nats, mean over annotated voxels; for regions the mean of the binary ones. NaN without annotated voxels. */
    private double crossEntropy(final float[][] maps, final byte[] truth, final LoadedCase source) {
        final Optional<NetworkRegions> regions =
            m_spec.regions().isEmpty() ? Optional.empty() : Optional.of(NetworkRegions.of(m_spec));
        double sum = 0;
        long count = 0;
        for (int v = 0; v < truth.length; v++) {
            if (counts(truth, v, source)) {
                final int label = truth[v] & 0xff;
                if (regions.isEmpty()) {
                    sum -= logarithm(maps[label][v]);
                } else {
                    for (int r = 0; r < maps.length; r++) {
                        sum -= logarithm(regions.get().contains(r, label) ? maps[r][v] : 1 - maps[r][v]) / maps.length;
                    }
                }
                count++;
            }
        }
        return sum / count;
    }

    private static double logarithm(final float probability) {
        return Math.log(Math.max(probability, MIN_PROBABILITY));
    }

    /** Over all annotated voxels; NaN if the network gives NaN, so that no mean hides it. */
    private OptionalDouble area(final float[][] maps, final byte[] truth, final LoadedCase source) {
        final float[] scores = foreground(maps);
        for (final float score : scores) {
            if (Float.isNaN(score)) {
                return OptionalDouble.of(Double.NaN);
            }
        }
        return RocCurve.of(scores, v -> truth[v] != 0, v -> counts(truth, v, source)).area();
    }

    /** In the order of how probable it is that a voxel is no background: for regions that of the most probable one. */
    private float[] foreground(final float[][] maps) {
        final float[] scores = new float[maps[0].length];
        for (int v = 0; v < scores.length; v++) {
            if (m_spec.regions().isEmpty()) {
                // not 1 - p, which would make equal what is close to 1
                scores[v] = -maps[0][v];
            } else {
                for (final float[] region : maps) {
                    scores[v] = Math.max(scores[v], region[v]);
                }
            }
        }
        return scores;
    }

    /** A mean that is NaN of nothing. */
    private static final class Mean {

        private double m_sum;

        private int m_count;

        void add(final double value) {
            m_sum += value;
            m_count++;
        }

        double value() {
            return m_count == 0 ? Double.NaN : m_sum / m_count;
        }
    }
}
