package org.scanbridge.imaging.phantom;

import java.util.Arrays;
import java.util.TreeMap;

import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;

/**
 * White-matter hyperintensities for a {@link BrainPhantom}: {@value #MIN_COUNT} to {@value #MAX_COUNT} ellipsoids, each
 * centered on a random voxel of white matter, with a mean diameter drawn log-uniformly from {@value #MIN_DIAMETER} to
 * {@value #MAX_DIAMETER} mm (small ones are more frequent) and axes that deviate from it by up to 30 %. They replace white
 * matter only and may run into each other. The same seed gives the same bits on every platform.
 */
public final class WhiteMatterLesions {

    /** Label value of a lesion beside the tissues of {@link BrainPhantom}. */
    public static final int LESION = 4;

    /** The only class of a {@link #mask}: 1 WMH (white-matter hyperintensity). */
    public static final LabelSet LABELS = LabelSet.of("WMH");

    static final int MIN_COUNT = 5;

    static final int MAX_COUNT = 40;

    static final double MIN_DIAMETER = 2;

    static final double MAX_DIAMETER = 6;

    private static final double ELONGATION = 0.3;

    private WhiteMatterLesions() {
    }

    /**
     * @param tissues labels of a {@link BrainPhantom}, voxels of 1 mm
     * @param seed which lesions
     * @return the labels with lesions as value {@value #LESION}; unchanged if there is no white matter
     */
    public static LabelVolume add(final LabelVolume tissues, final long seed) {
        final byte[] before = tissues.voxels();
        final int[] white = new int[before.length];
        int count = 0;
        for (int v = 0; v < before.length; v++) {
            if (before[v] == BrainPhantom.WM) {
                white[count++] = v;
            }
        }
        final byte[] after = before.clone();
        final SeededRandom random = SeededRandom.of(seed);
        final int lesions = count == 0 ? 0 : MIN_COUNT + random.nextInt(MAX_COUNT - MIN_COUNT + 1);
        for (int n = 0; n < lesions; n++) {
            final int center = white[random.nextInt(count)];
            final double radius = 0.5 * MIN_DIAMETER
                * StrictMath.exp(random.nextDouble() * StrictMath.log(MAX_DIAMETER / MIN_DIAMETER));
            final double[] axes = new double[3];
            for (int a = 0; a < 3; a++) {
                axes[a] = radius * random.uniform(1 - ELONGATION, 1 + ELONGATION);
            }
            paint(after, tissues.geometry().size(), center, axes);
        }
        final TreeMap<Integer, String> names = new TreeMap<>(BrainPhantom.LABELS.names());
        names.put(LESION, LABELS.name(1));
        return new LabelVolume(after, tissues.geometry(), tissues.info(), new LabelSet(names));
    }

    /** Turns the white matter inside an ellipsoid into lesion; the axes are its half lengths in voxels. */
    private static void paint(final byte[] labels, final int[] size, final int center, final double[] axes) {
        final int[] c = {center % size[0], center / size[0] % size[1], center / (size[0] * size[1])};
        final int reach = (int)Math.ceil(Arrays.stream(axes).max().orElseThrow());
        for (int k = Math.max(0, c[2] - reach); k <= Math.min(size[2] - 1, c[2] + reach); k++) {
            for (int j = Math.max(0, c[1] - reach); j <= Math.min(size[1] - 1, c[1] + reach); j++) {
                for (int i = Math.max(0, c[0] - reach); i <= Math.min(size[0] - 1, c[0] + reach); i++) {
                    final int v = (k * size[1] + j) * size[0] + i;
                    if (labels[v] == BrainPhantom.WM
                        && square((i - c[0]) / axes[0]) + square((j - c[1]) / axes[1]) + square((k - c[2]) / axes[2]) <= 1) {
                        labels[v] = LESION;
                    }
                }
            }
        }
    }

    /**
     * @param labels those of {@link #add}
     * @return 1 where there is a lesion, 0 elsewhere
     */
    public static LabelVolume mask(final LabelVolume labels) {
        final byte[] mask = labels.voxels().clone();
        for (int v = 0; v < mask.length; v++) {
            mask[v] = (byte)(mask[v] == LESION ? 1 : 0);
        }
        return new LabelVolume(mask, labels.geometry(), labels.info(), LABELS);
    }

    private static double square(final double x) {
        return x * x;
    }
}
