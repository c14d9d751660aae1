package org.scanbridge.imaging.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;

import org.scanbridge.imaging.components.ConnectedComponents;
import org.scanbridge.imaging.components.Connectivity;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;

/**
 * Counts lesions instead of voxels. Lesions are the connected components of a class above a smallest volume; smaller
 * ones do not count on either side.
 *
 * @param connectivity what hangs together
 * @param ignoredMm3 lesions of at most this volume in mm³ are left out; at least 0
 * @param rule when a lesion counts as detected
 * @param leastIou of {@link Rule#BOXES}: the least intersection over union of two boxes, above 0, at most 1
 */
public record LesionDetection(Connectivity connectivity, double ignoredMm3, Rule rule, double leastIou) {

    /** When a lesion counts as detected by the other segmentation. */
    public enum Rule {

        /** It shares at least one voxel with the other segmentation's lesions. */
        OVERLAP,

        /**
         * That of the MS-SEG challenge (Commowick et al., Scientific Reports 8, 2018): more than 10 % of it are
         * covered, and of the other's lesions, taken by decreasing overlap until they explain 65 % of the overlap, none
         * lies to more than 70 % outside all lesions of its own side.
         */
        MS_SEG,

        /**
         * As in object detection: its bounding box and that of a lesion of the other side overlap by a least intersection over
         * union. Each box counts for one box of the other side; pairs are made by decreasing overlap.
         */
        BOXES
    }

    /** The least intersection over union of PASCAL VOC (Everingham et al., 2010). */
    public static final double HALF = 0.5;

    private static final double MIN_COVERED = 0.10;

    private static final double MAX_OUTSIDE = 0.70;

    private static final double EXPLAINED = 0.65;

    /** 26 neighbors, at most 3 mm³ ignored, one common voxel suffices. */
    public static final LesionDetection DEFAULT = new LesionDetection(Connectivity.CORNERS, 3, Rule.OVERLAP);

    /** With boxes that overlap by half, where the rule asks for that. */
    public LesionDetection(final Connectivity connectivity, final double ignoredMm3, final Rule rule) {
        this(connectivity, ignoredMm3, rule, HALF);
    }

    /** @throws IllegalArgumentException if the smallest volume is negative or the least overlap no share */
    public LesionDetection {
        Objects.requireNonNull(connectivity, "connectivity");
        Objects.requireNonNull(rule, "rule");
        if (!(ignoredMm3 >= 0)) {
            throw new IllegalArgumentException("ignored lesion volume " + ignoredMm3 + " mm³ must not be negative");
        }
        if (!(leastIou > 0 && leastIou <= 1)) {
            throw new IllegalArgumentException("least IoU " + leastIou + " must be above 0 and at most 1");
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
        final boolean[][] found = found(t, p, prediction.geometry());
        return new LesionScores(t.count, p.count, count(found[0]), count(found[1]));
    }

    /**
     * The lesions themselves, and whether each is detected or confirmed.
     *
     * @param prediction what was predicted
     * @param truth the reference, on the same grid
     * @param label the class of lesions, in [1, 255]
     */
    public LesionMatch match(final LabelVolume prediction, final LabelVolume truth, final int label) {
        Grids.requireSame(prediction, truth);
        final Lesions p = lesions(prediction, label);
        final Lesions t = lesions(truth, label);
        final boolean[][] found = found(t, p, prediction.geometry());
        final ObjectBox[] boxesP = p.boxes(prediction.geometry());
        final ObjectBox[] boxesT = t.boxes(prediction.geometry());
        return new LesionMatch(list(t, boxesT, boxesP, found[0]), list(p, boxesP, boxesT, found[1]), joined(p, t, found[0]));
    }

    private static List<LesionMatch.Lesion> list(final Lesions lesions, final ObjectBox[] boxes, final ObjectBox[] others,
        final boolean[] found) {
        final int[] voxels = new int[lesions.count + 1];
        for (int c = 1; c <= lesions.components.count(); c++) {
            voxels[lesions.numbers[c]] += lesions.components.size(c);
        }
        final List<LesionMatch.Lesion> list = new ArrayList<>();
        for (int n = 1; n <= lesions.count; n++) {
            double best = 0;
            for (int m = 1; m < others.length; m++) {
                best = Math.max(best, boxes[n].iou(others[m]));
            }
            list.add(new LesionMatch.Lesion(boxes[n], voxels[n], found[n], best));
        }
        return list;
    }

    /**
     * What candidates say about the true lesions, for {@link Froc}. A candidate is a part of at least a probability and more
     * than the ignored volume; its score is its largest probability. It finds the lesions with which it shares a voxel. With
     * {@link Rule#BOXES} it finds one lesion at most, and a lesion is found by one candidate: by decreasing score each takes
     * the lesion that overlaps most and that no other has taken, and one that gets none is wrong, as in PASCAL VOC (Everingham
     * et al., IJCV 88, 2010); of equal scores the pairs are those of {@link #match}.
     *
     * @param probability of the class, in [0, 1]
     * @param least the least probability of a candidate's voxels, in single precision as the map is; above 0
     * @param truth the reference, on the same grid
     * @param label the class of lesions, in [1, 255]
     */
    public Froc.Image candidates(final Volume probability, final double least, final LabelVolume truth, final int label) {
        final float[] p = probability.voxels();
        // in the precision of the map, in which 0.7 is less than the number 0.7; never 0, which all voxels have
        final float from = Math.max((float)least, Float.MIN_VALUE);
        final byte[] mask = new byte[p.length];
        for (int v = 0; v < p.length; v++) {
            mask[v] = (byte)(p[v] >= from ? 1 : 0);
        }
        final LabelVolume parts = new LabelVolume(mask, probability.geometry(), probability.info(), LabelSet.of());
        Grids.requireSame(parts, truth);
        final Lesions c = lesions(parts, 1);
        final Lesions t = lesions(truth, label);
        final double[] scores = new double[c.count + 1];
        final boolean[] right = new boolean[c.count + 1];
        for (int v = 0; v < p.length; v++) {
            scores[c.at(v)] = Math.max(scores[c.at(v)], p[v]);
        }
        final double[] best = new double[t.count + 1];
        if (rule == Rule.BOXES) {
            for (final Pair pair : pairs(t, c, scores, truth.geometry())) {
                best[pair.a] = scores[pair.b];
                right[pair.b] = true;
            }
        } else {
            for (int v = 0; v < p.length; v++) {
                final int n = c.at(v);
                final int m = t.at(v);
                if (n != 0 && m != 0) {
                    right[n] = true;
                    best[m] = Math.max(best[m], scores[n]);
                }
            }
        }
        final double[] wrong = IntStream.rangeClosed(1, c.count).filter(n -> !right[n])
            .mapToDouble(n -> scores[n]).toArray();
        final boolean[] all = new boolean[t.count + 1];
        Arrays.fill(all, true);
        return new Froc.Image(Arrays.copyOfRange(best, 1, best.length), wrong, joined(c, t, all));
    }

    /**
     * How many of the parts share voxels with more than one of the lesions that are found, so that one part finds several;
     * 0 with {@link Rule#BOXES}, by which it finds one at most.
     */
    private int joined(final Lesions parts, final Lesions lesions, final boolean[] found) {
        if (rule == Rule.BOXES) {
            return 0;
        }
        final int[] first = new int[parts.count + 1];
        final boolean[] several = new boolean[parts.count + 1];
        for (int v = 0; v < parts.components.voxels(); v++) {
            final int part = parts.at(v);
            final int lesion = lesions.at(v);
            if (part != 0 && lesion != 0 && found[lesion]) {
                several[part] |= first[part] != 0 && first[part] != lesion;
                first[part] = lesion;
            }
        }
        return count(several);
    }

    private static int count(final boolean[] found) {
        int count = 0;
        for (final boolean f : found) {
            count += f ? 1 : 0;
        }
        return count;
    }

    /** Which lesions of both sides are detected, by number. */
    private boolean[][] found(final Lesions t, final Lesions p, final Geometry grid) {
        if (rule != Rule.BOXES) {
            return new boolean[][]{detected(t, p), detected(p, t)};
        }
        final boolean[][] found = {new boolean[t.count + 1], new boolean[p.count + 1]};
        for (final Pair pair : pairs(t, p, new double[p.count + 1], grid)) {
            found[0][pair.a] = true;
            found[1][pair.b] = true;
        }
        return found;
    }

    /**
     * Two lesions whose boxes overlap enough.
     *
     * @param a number of the true one
     * @param b number of the other
     * @param iou intersection over union of their boxes
     */
    private record Pair(int a, int b, double iou) {
    }

    /** One box for one box: by decreasing score of the other side's, of equal scores by decreasing overlap. */
    private List<Pair> pairs(final Lesions t, final Lesions p, final double[] scores, final Geometry grid) {
        final ObjectBox[] a = t.boxes(grid);
        final ObjectBox[] b = p.boxes(grid);
        final List<Pair> pairs = new ArrayList<>();
        for (int n = 1; n <= t.count; n++) {
            for (int m = 1; m <= p.count; m++) {
                final double iou = a[n].iou(b[m]);
                if (iou >= leastIou) {
                    pairs.add(new Pair(n, m, iou));
                }
            }
        }
        // The sort is stable: of equal overlaps the lesions of smaller numbers come first.
        pairs.sort(Comparator.comparingDouble((Pair pair) -> scores[pair.b]).thenComparingDouble(Pair::iou).reversed());
        final boolean[] takenA = new boolean[t.count + 1];
        final boolean[] takenB = new boolean[p.count + 1];
        final List<Pair> kept = new ArrayList<>();
        for (final Pair pair : pairs) {
            if (!takenA[pair.a] && !takenB[pair.b]) {
                takenA[pair.a] = true;
                takenB[pair.b] = true;
                kept.add(pair);
            }
        }
        return kept;
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

        /** The boxes around the lesions by number. */
        ObjectBox[] boxes(final Geometry grid) {
            final ObjectBox[] parts = ObjectBox.ofParts(components, grid);
            final ObjectBox[] boxes = new ObjectBox[count + 1];
            for (int c = 1; c < parts.length; c++) {
                boxes[numbers[c]] = parts[c];
            }
            return boxes;
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

    /** Which of the lesions {@code a} are detected by the lesions {@code b}. */
    private boolean[] detected(final Lesions a, final Lesions b) {
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
        final boolean[] detected = new boolean[a.count + 1];
        for (int lesion = 1; lesion <= a.count; lesion++) {
            final Map<Integer, Integer> overlap = overlaps.get(lesion);
            detected[lesion] = rule == Rule.OVERLAP ? !overlap.isEmpty()
                : isDetected(overlap, sizeA[lesion], outside, sizeB);
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
