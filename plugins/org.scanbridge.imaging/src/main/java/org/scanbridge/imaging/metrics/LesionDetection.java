package org.scanbridge.imaging.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import org.scanbridge.imaging.components.ConnectedComponents;
import org.scanbridge.imaging.components.Connectivity;
import org.scanbridge.imaging.volume.LabelVolume;

/**
 * Counts lesions instead of voxels. Lesions are the connected components of a class above a smallest volume; smaller
 * ones do not count on either side.
 *
 * @param connectivity what hangs together
 * @param ignoredMm3 lesions of at most this volume in mm³ are left out; at least 0
 * @param rule when a lesion counts as detected
 */
public record LesionDetection(Connectivity connectivity, double ignoredMm3, Rule rule) {

    /** When a lesion counts as detected by the other segmentation. */
    public enum Rule {

        /** It shares at least one voxel with the other segmentation's lesions. */
        OVERLAP,

        /**
         * That of the MS-SEG challenge (Commowick et al., Scientific Reports 8, 2018): more than 10 % of it are
         * covered, and of the other's lesions, taken by decreasing overlap until they explain 65 % of the overlap, none
         * lies to more than 70 % outside all lesions of its own side.
         */
        MS_SEG
    }

    private static final double MIN_COVERED = 0.10;

    private static final double MAX_OUTSIDE = 0.70;

    private static final double EXPLAINED = 0.65;

    /** 26 neighbors, at most 3 mm³ ignored, one common voxel suffices. */
    public static final LesionDetection DEFAULT = new LesionDetection(Connectivity.CORNERS, 3, Rule.OVERLAP);

    /** @throws IllegalArgumentException if the smallest volume is negative */
    public LesionDetection {
        Objects.requireNonNull(connectivity, "connectivity");
        Objects.requireNonNull(rule, "rule");
        if (!(ignoredMm3 >= 0)) {
            throw new IllegalArgumentException("ignored lesion volume " + ignoredMm3 + " mm³ must not be negative");
        }
    }

    /**
     * @param prediction what was predicted
     * @param truth the reference, on the same grid
     * @param label the class of lesions, in [1, 255]
     */
    public LesionScores score(final LabelVolume prediction, final LabelVolume truth, final int label) {
        Grids.requireSame(prediction, truth);
        final Lesions p = lesions(prediction, label);
        final Lesions t = lesions(truth, label);
        return new LesionScores(t.count, p.count, detected(t, p), detected(p, t));
    }

    /**
     * The lesions of one side, numbered from 1 without the ignored ones.
     *
     * @param components all parts
     * @param numbers of the lesions by component, 0 for those that are ignored
     * @param count number of lesions
     */
    private record Lesions(ConnectedComponents components, int[] numbers, int count) {

        /** The lesion of a voxel, 0 for none. */
        int at(final int voxel) {
            return numbers[components.at(voxel)];
        }
    }

    private Lesions lesions(final LabelVolume labels, final int label) {
        final ConnectedComponents components = ConnectedComponents.of(labels, label, connectivity);
        final int[] numbers = new int[components.count() + 1];
        int kept = 0;
        for (int c = 1; c <= components.count(); c++) {
            if (components.size(c) * labels.geometry().voxelVolume() > ignoredMm3) {
                numbers[c] = ++kept;
            }
        }
        return new Lesions(components, numbers, kept);
    }

    /** How many of the lesions {@code a} are detected by the lesions {@code b}. */
    private int detected(final Lesions a, final Lesions b) {
        // Voxels that a lesion of a shares with lesions of b; few of the possible pairs occur.
        final List<Map<Integer, Integer>> overlaps = new ArrayList<>();
        for (int lesion = 0; lesion <= a.count; lesion++) {
            overlaps.add(new TreeMap<>());
        }
        final int[] sizeA = new int[a.count + 1];
        final int[] sizeB = new int[b.count + 1];
        final int[] outside = new int[b.count + 1];
        for (int v = 0; v < a.components.voxels(); v++) {
            final int inA = a.at(v);
            final int inB = b.at(v);
            sizeA[inA]++;
            sizeB[inB]++;
            if (inA == 0) {
                outside[inB]++;
            } else if (inB != 0) {
                overlaps.get(inA).merge(inB, 1, Integer::sum);
            }
        }
        int detected = 0;
        for (int lesion = 1; lesion <= a.count; lesion++) {
            final Map<Integer, Integer> overlap = overlaps.get(lesion);
            final boolean found = rule == Rule.OVERLAP ? !overlap.isEmpty()
                : isDetected(overlap, sizeA[lesion], outside, sizeB);
            detected += found ? 1 : 0;
        }
        return detected;
    }

    private static boolean isDetected(final Map<Integer, Integer> overlap, final int size, final int[] outside,
        final int[] sizeB) {
        final int covered = overlap.values().stream().mapToInt(Integer::intValue).sum();
        if (!(covered > MIN_COVERED * size)) {
            return false;
        }
        // The sort is stable: of equal overlaps the lesion of smaller number comes first.
        final List<Map.Entry<Integer, Integer>> largestFirst = new ArrayList<>(overlap.entrySet());
        largestFirst.sort(Map.Entry.comparingByValue(Comparator.reverseOrder()));
        int explained = 0;
        for (final Map.Entry<Integer, Integer> other : largestFirst) {
            if (explained >= EXPLAINED * covered) {
                break;
            }
            if (outside[other.getKey()] > MAX_OUTSIDE * sizeB[other.getKey()]) {
                return false;
            }
            explained += other.getValue();
        }
        return true;
    }
}
