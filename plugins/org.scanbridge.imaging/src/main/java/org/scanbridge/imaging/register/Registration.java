package org.scanbridge.imaging.register;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.volume.Volume;

import net.imglib2.parallel.TaskExecutor;

/**
 * Rigid or affine registration by normalized mutual information ({@link MutualInformation}), whatever the two contrasts
 * are, from coarse to fine. At the coarsest level centers of the fields of view and centers of mass are laid upon each
 * other, shifts up to 60 mm along the body and 20 mm across, and rotations of 20° about each axis and their combinations
 * are tried; the best few are refined by Powell's BOBYQA, first rigidly, and the best of those goes to the finer levels.
 * So heads that lie turned by up to 15° and are cropped differently are found.
 * <p>
 * Deterministic: sample places are drawn from a fixed seed, and the number of workers does not change a bit. Memory: two
 * copies of the moving image, and 60 bytes a sample, of which there are at most 300 000.
 */
public final class Registration {

    private static final double[] LEVELS = {8, 4, 2, 1};

    private static final int[] SAMPLES = {15_000, 60_000, 150_000, 300_000};

    private static final int BINS = 32;

    /** How many voxels of the coarsest level a radius (a quarter of the field's diagonal) has at least. */
    private static final double VOXELS_PER_RADIUS = 10;

    /** Share of the fixed side that must lie within the moving image; less tells too little. */
    private static final double LEAST_OVERLAP = 0.3;

    /** Share of the moving image that suffices where it shows too little for that, such as a slab or a tight crop. */
    private static final double LEAST_OF_MOVING = 0.5;

    private static final int TRIED_SHIFTS = 3;

    private static final int REFINED = 4;

    private static final long SEED = 20_030_120;

    private final Freedom m_freedom;

    private final double m_finest;

    /**
     * @param freedom what may be done to the moving image
     * @param finest spacing of the finest level in mm, within 1 and 8; images whose voxels are larger are taken as
     *            they are
     */
    public Registration(final Freedom freedom, final double finest) {
        m_freedom = Objects.requireNonNull(freedom, "freedom");
        m_finest = finest;
        if (!(finest >= 1 && finest <= LEVELS[0])) {
            throw new IllegalArgumentException("finest level of " + finest + " mm must be within 1 and " + LEVELS[0] + " mm");
        }
    }

    /**
     * @param fixed what to register onto
     * @param moving the image that is moved; finite and not constant
     * @param workers what the sums are shared out to
     * @param progress of this registration
     * @throws ImagingException if the images cannot be registered: constant, not finite, or without overlap
     */
    public RegistrationResult register(final FixedSide fixed, final Volume moving, final TaskExecutor workers,
        final Progress progress) {
        final double[] range = IntensityRange.of(moving, "moving");
        final Centers centers = fixed.centers();
        final Motion motion = new Motion(centers.field(), Math.max(5, fixed.radius()));
        double[] x = null;
        double initial = 0;
        double similarity = 0;
        final int first = firstLevel(motion.radius());
        final int levels = lastLevel() + 1;
        for (int l = first; l < levels; l++) {
            final FixedSamples samples = fixed.samples(LEVELS[l], SAMPLES[l], SeededRandom.of(SEED, l), workers);
            final MutualInformation measure = new MutualInformation(samples, Pyramid.level(moving, LEVELS[l], workers), range,
                BINS, LEAST_OVERLAP, LEAST_OF_MOVING, workers);
            final Progress part = progress.part((double)(l - first) / (levels - first), (l + 1.0 - first) / (levels - first));
            if (x == null) {
                x = start(measure, motion, fixed, Centers.of(moving), part, moving);
            }
            x = climb(measure, motion, Arrays.copyOf(x, m_freedom.parameters()), LEVELS[l] / 2, part);
            similarity = measure.at(motion.transform(x));
            initial = measure.at(AffineTransform.IDENTITY);
        }
        return new RegistrationResult(motion.transform(x), similarity, initial);
    }

    private int lastLevel() {
        return (int)Arrays.stream(LEVELS).filter(s -> s >= m_finest).count() - 1;
    }

    /**
     * Small things need fine levels from the start: at 8 mm, the layers of a head of 64 mm are gone, and with an inverted
     * contrast the layer within is taken for the layer without.
     */
    private int firstLevel(final double radius) {
        int level = 0;
        while (level < lastLevel() && LEVELS[level] > radius / VOXELS_PER_RADIUS) {
            level++;
        }
        return level;
    }

    private record Guess(double[] parameters, double similarity) {
    }

    private double[] start(final MutualInformation measure, final Motion motion, final FixedSide side, final Centers moving,
        final Progress progress, final Volume image) {
        final Centers fixed = side.centers();
        final List<double[]> shifts = new ArrayList<>();
        shifts.add(new double[6]);
        for (final double[] shift : List.of(difference(moving.mass(), fixed.mass()), difference(moving.field(), fixed.field()))) {
            for (int s = -3; s <= 3; s++) {
                for (int across = 0; across < 9; across++) {
                    shifts.add(new double[]{shift[0] + 20 * (across % 3 - 1), shift[1] + 20 * (across / 3 - 1),
                        shift[2] + 20 * s, 0, 0, 0});
                }
            }
        }
        final double angle = Math.toRadians(20) * motion.radius();
        final List<double[]> turned = new ArrayList<>();
        for (final Guess g : best(measure, motion, shifts, TRIED_SHIFTS, progress)) {
            for (int r = 0; r < 27; r++) {
                final double[] x = g.parameters().clone();
                x[3] = angle * (r % 3 - 1);
                x[4] = angle * (r / 3 % 3 - 1);
                x[5] = angle * (r / 9 - 1);
                turned.add(x);
            }
        }
        final List<double[]> climbed = new ArrayList<>();
        for (final Guess g : best(measure, motion, turned, REFINED, progress)) {
            climbed.add(climb(measure, motion, g.parameters(), LEVELS[firstLevel(motion.radius())] / 2, progress));
        }
        final Guess found = best(measure, motion, climbed, 1, progress).get(0);
        if (found.similarity() < 1) {
            throw new ImagingException("The image of subject \"" + image.info().subject()
                + "\" cannot be laid upon " + side.called() + ": wherever it is put, less than "
                + Math.round(100 * LEAST_OVERLAP) + " % of " + side.called() + " and less than "
                + Math.round(100 * LEAST_OF_MOVING)
                + " % of the image lie upon each other. Choose images that show the same part of the body.");
        }
        return found.parameters();
    }

    private static double[] difference(final double[] a, final double[] b) {
        return new double[]{a[0] - b[0], a[1] - b[1], a[2] - b[2]};
    }

    /** The most similar ones, best first; the earlier of equal ones first. */
    private static List<Guess> best(final MutualInformation measure, final Motion motion, final List<double[]> candidates,
        final int count, final Progress progress) {
        final List<Guess> guesses = new ArrayList<>();
        for (final double[] x : candidates) {
            progress.report(0, "Aligning: trying positions");
            guesses.add(new Guess(x, measure.at(motion.transform(x))));
        }
        guesses.sort(Comparator.comparingDouble(Guess::similarity).reversed());
        return guesses.subList(0, Math.min(count, guesses.size()));
    }

    private static double[] climb(final MutualInformation measure, final Motion motion, final double[] from,
        final double unit, final Progress progress) {
        return Climb.highest(x -> measure.at(motion.transform(x)), from, unit, progress);
    }
}
