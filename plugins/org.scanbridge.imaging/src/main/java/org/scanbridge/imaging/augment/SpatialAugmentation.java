package org.scanbridge.imaging.augment;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.resample.Fill;
import org.scanbridge.imaging.resample.GridWindow;
import org.scanbridge.imaging.resample.Reorientation;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.Volume;

import net.imglib2.parallel.TaskExecutor;

/**
 * Random flip, rotation, scale, shear, translation and elastic deformation, composed to T·Rᵢ·Rⱼ·Rₖ·Zoom·Shear·Flip and
 * one resampling. Angles and lengths are along the index axes. Volumes of depth 1 are only rotated about k, and neither
 * scaled, shifted nor sheared through the plane.
 */
public final class SpatialAugmentation implements Augmentation {

    private static final String[] AXES = {"i", "j", "k"};

    private static final String FLIP = "flip left-right";

    private static final String ELASTIC = "elastic (mm)";

    /**
     * What is drawn how often.
     *
     * @param rotation in degrees about each axis
     * @param scale factor common to all axes, positive
     * @param translation along each axis, as a share of its length
     * @param shear of each pair of axes, as a tangent
     * @param affineProbability how often these four happen, together
     * @param flipProbability how often left and right are exchanged, along the index axis nearest to left–right
     * @param elasticPoints control points per axis, at least 5
     * @param elasticMax largest displacement along each axis in mm; more than half the distance of control points may
     *            fold the image
     * @param elasticProbability how often an elastic deformation happens
     */
    public record Settings(Range rotation, Range scale, Range translation, Range shear, double affineProbability,
        double flipProbability, int elasticPoints, double elasticMax, double elasticProbability) {

        /**
         * ±15°, 0.85 to 1.2 and ±5 % in half the cases, flips in half, in a fifth elastic of 7 points and 5 mm; no
         * shear.
         */
        public static final Settings DEFAULT = new Settings(Range.symmetric(15), new Range(0.85, 1.2),
            Range.symmetric(0.05), Range.symmetric(0), 0.5, 0.5, 7, 5, 0.2);

        /** @throws IllegalArgumentException if a value is out of range */
        public Settings {
            rotation.within(-180, 180, "rotation in degrees");
            scale.within(0.1, 10, "scale");
            translation.within(-1, 1, "translation as a share of the length");
            shear.within(-1, 1, "shear");
            for (final double p : new double[]{affineProbability, flipProbability, elasticProbability}) {
                if (!(p >= 0 && p <= 1)) {
                    throw new IllegalArgumentException("probability " + p + " is outside [0, 1]");
                }
            }
            if (elasticPoints < 5 || elasticPoints > 50 || !(elasticMax >= 0) || Double.isInfinite(elasticMax)) {
                throw new IllegalArgumentException("an elastic deformation needs 5 to 50 control points per axis and a"
                    + " finite largest displacement, not " + elasticPoints + " and " + elasticMax + " mm");
            }
        }
    }

    private final Settings m_settings;

    private final ToDoubleFunction<Volume> m_fill;

    private final TaskExecutor m_workers;

    /**
     * @param settings what is drawn
     * @param fill the value that comes in from outside of an image, such as a {@link Fill}; asked once for each changed image. Labels are 0
     *            there
     * @param workers what slices are shared out to
     */
    public SpatialAugmentation(final Settings settings, final ToDoubleFunction<Volume> fill, final TaskExecutor workers) {
        m_settings = Objects.requireNonNull(settings, "settings");
        m_fill = Objects.requireNonNull(fill, "fill");
        m_workers = Objects.requireNonNull(workers, "workers");
    }

    @Override
    public List<String> parameterNames() {
        return List.of(FLIP, rotation(0), rotation(1), rotation(2), "scale (factor)", translation(0), translation(1),
            translation(2), "shear ij", "shear ik", "shear jk", ELASTIC);
    }

    private static String rotation(final int axis) {
        return "rotation about " + AXES[axis] + " (degrees)";
    }

    private static String translation(final int axis) {
        return "translation along " + AXES[axis] + " (share)";
    }

    @Override
    public Transformation draw(final SeededRandom random) {
        final Map<String, Double> drawn = new TreeMap<>();
        final boolean flip = random.happens(m_settings.flipProbability);
        final boolean affine = random.happens(m_settings.affineProbability);
        final boolean elastic = random.happens(m_settings.elasticProbability);
        if (flip) {
            drawn.put(FLIP, 1.0);
        }
        if (affine) {
            for (int a = 0; a < 3; a++) {
                drawn.put(rotation(a), m_settings.rotation.draw(random));
                drawn.put(translation(a), m_settings.translation.draw(random));
            }
            drawn.put("scale (factor)", m_settings.scale.draw(random));
            for (final String pair : new String[]{"ij", "ik", "jk"}) {
                drawn.put("shear " + pair, m_settings.shear.draw(random));
            }
        }
        final Optional<ElasticField> field = elastic
            ? Optional.of(ElasticField.draw(random, m_settings.elasticPoints, m_settings.elasticMax))
            : Optional.empty();
        field.ifPresent(f -> drawn.put(ELASTIC, m_settings.elasticMax));
        if (drawn.isEmpty()) {
            return Transformation.NONE;
        }
        return Transformation.of(drawn, new Move(drawn, field));
    }

    /** A drawn change of place. */
    private final class Move implements SpatialChange {

        private final Map<String, Double> m_drawn;

        private final Optional<ElasticField> m_field;

        Move(final Map<String, Double> drawn, final Optional<ElasticField> field) {
            m_drawn = drawn;
            m_field = field;
        }

        @Override
        public LabeledVolume apply(final LabeledVolume sample) {
            return on(sample).apply(sample, fill(sample), m_workers);
        }

        @Override
        public LabeledVolume within(final LabeledVolume sample, final GridWindow window) {
            return on(sample).apply(sample, window, fill(sample), m_workers);
        }

        private SpatialTransform on(final LabeledVolume sample) {
            return transform(m_drawn, m_field, sample.image().geometry());
        }

        private float fill(final LabeledVolume sample) {
            return (float)m_fill.applyAsDouble(sample.image());
        }
    }

    private static SpatialTransform transform(final Map<String, Double> drawn, final Optional<ElasticField> field,
        final Geometry grid) {
        final boolean flat = grid.size(2) == 1;
        final double[] mirror = {1, 1, 1};
        if (drawn.containsKey(FLIP)) {
            mirror[Reorientation.toLps(grid).axis()[0]] = -1;
        }
        final double scale = drawn.getOrDefault("scale (factor)", 1.0);
        final double[] translation = new double[3];
        for (int a = 0; a < 3; a++) {
            translation[a] = flat && a == 2 ? 0
                : drawn.getOrDefault(translation(a), 0.0) * grid.size(a) * grid.spacing(a);
        }
        final double[][] forward = AffineMatrix.product(
            AffineMatrix.rotation(0, flat ? 0 : Math.toRadians(drawn.getOrDefault(rotation(0), 0.0))),
            AffineMatrix.rotation(1, flat ? 0 : Math.toRadians(drawn.getOrDefault(rotation(1), 0.0))),
            AffineMatrix.rotation(2, Math.toRadians(drawn.getOrDefault(rotation(2), 0.0))),
            AffineMatrix.diagonal(scale, scale, flat ? 1 : scale),
            AffineMatrix.shear(drawn.getOrDefault("shear ij", 0.0), flat ? 0 : drawn.getOrDefault("shear ik", 0.0),
                flat ? 0 : drawn.getOrDefault("shear jk", 0.0)),
            AffineMatrix.diagonal(mirror));
        return new SpatialTransform(forward, translation, field);
    }
}
