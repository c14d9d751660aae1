package org.scanbridge.imaging.sampling;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.volume.LabelVolume;

/** Voxels to center patches on, in chosen proportions of the classes. Indices as in {@link LabelVolume#voxels()}. */
public final class BalancedVoxels {

    /** Share of a scan's lesion voxels that Ghafoorian et al. (MICCAI 2017) train on. */
    private static final double LESION_SHARE = 0.25;

    private BalancedVoxels() {
    }

    /**
     * The same number of voxels of every class, without repetition as long as a class has enough; a class with fewer is
     * gone through again and again.
     *
     * @param labels the segmentation
     * @param classes label values, 0 among them if the background is to be drawn
     * @param perClass number of voxels of each class, at least 0
     * @return by class, in the order given; a class without voxels has none
     */
    public static Map<Integer, int[]> perClass(final LabelVolume labels, final List<Integer> classes,
        final int perClass, final SeededRandom random) {
        final Map<Integer, int[]> drawn = new LinkedHashMap<>();
        for (final int label : classes) {
            drawn.put(label, drawn(where(labels, v -> (labels.voxels()[v] & 0xff) == label), perClass, random));
        }
        return drawn;
    }

    /**
     * A quarter of the lesion voxels, at least one, and as many voxels of the brain without lesion (Ghafoorian et al.,
     * Transfer learning for domain adaptation in MRI, MICCAI 2017), without repetition.
     *
     * @param lesions the segmentation; every label other than 0 is lesion
     * @param brain where negatives may lie: label other than 0
     * @return lesion voxels first, then as many others, or all there are if the brain has fewer
     * @throws ImagingException if the grids differ, or there is no lesion
     */
    public static int[] lesionRule(final LabelVolume lesions, final LabelVolume brain, final SeededRandom random) {
        if (!lesions.geometry().sameGrid(brain.geometry())) {
            throw new ImagingException("Lesions and brain mask lie on different grids: " + lesions.geometry() + " and "
                + brain.geometry().beside(lesions.geometry()) + ". Resample one to the other's grid first.");
        }
        final int[] positive = where(lesions, v -> lesions.voxels()[v] != 0);
        if (positive.length == 0) {
            throw new ImagingException("The segmentation has no lesion voxel to sample. Leave this subject out.");
        }
        final int[] negative = where(lesions, v -> lesions.voxels()[v] == 0 && brain.voxels()[v] != 0);
        random.shuffle(positive);
        random.shuffle(negative);
        final int count = (int)Math.max(1, Math.rint(LESION_SHARE * positive.length));
        return IntStream.concat(Arrays.stream(positive).limit(count), Arrays.stream(negative).limit(count)).toArray();
    }

    /**
     * Half the voxels from the foreground, whatever the class, and half from the rest, as the segments of DeepMedic
     * (Kamnitsas et al., Medical Image Analysis 36, 2017) are centered; without repetition as long as there are enough,
     * else gone through again and again. A side without voxels leaves its half to the other.
     *
     * @param labels the segmentation; every label other than 0 is foreground
     * @param count number of voxels, at least 0; the odd one is foreground
     * @return foreground voxels first
     */
    public static int[] halves(final LabelVolume labels, final int count, final SeededRandom random) {
        final int[] inside = where(labels, v -> labels.voxels()[v] != 0);
        final int[] outside = where(labels, v -> labels.voxels()[v] == 0);
        final int half = inside.length == 0 ? 0 : outside.length == 0 ? count : count - count / 2;
        return IntStream.concat(Arrays.stream(drawn(inside, half, random)),
            Arrays.stream(drawn(outside, count - half, random))).toArray();
    }

    /**
     * How often the items of each class have to be repeated so that all classes come near a number: max(1,
     * round(target/count)), the augmentation factor for rare classes.
     *
     * @param counts number of items by class; a class without items gets no factor
     * @param target wanted number of items per class, at least 1
     */
    public static Map<Integer, Integer> repetitions(final Map<Integer, Integer> counts, final int target) {
        if (target < 1 || counts.values().stream().anyMatch(c -> c < 0)) {
            throw new IllegalArgumentException(
                "repetitions for " + counts + " items per class up to " + target + ": counts must not be negative");
        }
        final Map<Integer, Integer> factors = new LinkedHashMap<>();
        counts.forEach((label, count) -> {
            if (count > 0) {
                factors.put(label, (int)Math.max(1, Math.rint((double)target / count)));
            }
        });
        return factors;
    }

    /** Some of these, in random order; all of them before one comes again. */
    private static int[] drawn(final int[] all, final int count, final SeededRandom random) {
        final int[] chosen = new int[all.length == 0 ? 0 : count];
        for (int n = 0; n < chosen.length; n++) {
            if (n % all.length == 0) {
                random.shuffle(all);
            }
            chosen[n] = all[n % all.length];
        }
        return chosen;
    }

    private static int[] where(final LabelVolume labels, final IntPredicate condition) {
        return IntStream.range(0, labels.voxels().length).filter(condition).toArray();
    }
}
