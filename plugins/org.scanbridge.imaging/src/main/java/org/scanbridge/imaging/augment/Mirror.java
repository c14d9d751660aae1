package org.scanbridge.imaging.augment;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.resample.Reorientation;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelVolume;

/**
 * Turns images and their segmentations around along patient axes, each by itself, as nnU-Net does along all axes. Every
 * voxel keeps its value; the grid stays. Along the index axis nearest to the patient axis. For organs whose sides look
 * alike {@link SpatialAugmentation} with its left–right flip is enough.
 *
 * @param leftRight how often left and right are exchanged, in [0, 1]
 * @param frontBack how often anterior and posterior are
 * @param upDown how often superior and inferior are
 */
public record Mirror(double leftRight, double frontBack, double upDown) implements Augmentation {

    /** Each axis in half the cases. */
    public static final Mirror DEFAULT = new Mirror(0.5, 0.5, 0.5);

    private static final List<String> NAMES =
        List.of("mirror left-right", "mirror front-back", "mirror up-down");

    /** @throws IllegalArgumentException if a probability is none */
    public Mirror {
        for (final double p : new double[]{leftRight, frontBack, upDown}) {
            if (!(p >= 0 && p <= 1)) {
                throw new IllegalArgumentException("probability " + p + " is outside [0, 1]");
            }
        }
    }

    @Override
    public List<String> parameterNames() {
        return NAMES;
    }

    @Override
    public Transformation draw(final SeededRandom random) {
        final boolean[] turned =
            {random.happens(leftRight), random.happens(frontBack), random.happens(upDown)};
        final Map<String, Double> drawn = new TreeMap<>();
        for (int a = 0; a < turned.length; a++) {
            if (turned[a]) {
                drawn.put(NAMES.get(a), 1.0);
            }
        }
        return drawn.isEmpty() ? Transformation.NONE
            : Transformation.of(drawn, (SpatialChange)sample -> mirrored(sample, turned));
    }

    private static LabeledVolume mirrored(final LabeledVolume sample, final boolean[] turned) {
        final Geometry grid = sample.image().geometry();
        final int[] alongPatient = Reorientation.toLps(grid).axis();
        final boolean[] flip = new boolean[turned.length];
        for (int a = 0; a < turned.length; a++) {
            flip[alongPatient[a]] = turned[a];
        }
        final Reorientation turn = new Reorientation(grid, new int[]{0, 1, 2}, flip);
        final Optional<LabelVolume> labels = sample.labels().map(l -> new LabelVolume(
            new Reorientation(l.geometry(), new int[]{0, 1, 2}, flip).apply(l).voxels(), l.geometry(), l.info(),
            l.labels()));
        return new LabeledVolume(sample.image().withVoxels(turn.apply(sample.image()).voxels()), labels);
    }
}
