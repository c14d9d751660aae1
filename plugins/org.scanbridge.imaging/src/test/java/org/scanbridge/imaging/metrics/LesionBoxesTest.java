package org.scanbridge.imaging.metrics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.components.Connectivity;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

class LesionBoxesTest {

    private static final double[] ISO = {1, 1, 1};

    private static LesionDetection boxes(final double iou) {
        return new LesionDetection(Connectivity.CORNERS, 3, LesionDetection.Rule.BOXES, iou);
    }

    /** Blobs of a sum of waves on 20 × 18 × 12 voxels of 1 mm. */
    private static LabelVolume blobs(final double shift) {
        final byte[] voxels = new byte[20 * 18 * 12];
        for (int v = 0; v < voxels.length; v++) {
            final int i = v % 20;
            final int j = v / 20 % 18;
            final int k = v / 360;
            voxels[v] = (byte)(Math.sin(0.9 * i + shift) + Math.sin(0.8 * j + 2 * shift) + Math.sin(1.1 * k - shift) > 1.9 ? 1 : 0);
        }
        return new LabelVolume(voxels, Geometry.axial(new int[]{20, 18, 12}, 1, 1, 1), VolumeInfo.UNKNOWN, LabelSet.of());
    }

    /**
     * SciPy 1.17.1: ndimage.label with 26 neighbors, find_objects, parts of more than 3 voxels, and the largest number of pairs
     * (optimize.linear_sum_assignment): 18 lesions on either side, 18, 13 and 9 pairs of boxes with an IoU of 0.3, 0.5 and 0.6;
     * best IoU of the reference's boxes between 0.31578947 and 1.
     */
    @Test
    void boxesAreThoseOfScipy() {
        final LabelVolume truth = blobs(0);
        final LabelVolume prediction = blobs(0.25);
        assertEquals(new LesionScores(18, 18, 18, 18), boxes(0.3).score(prediction, truth, 1));
        assertEquals(new LesionScores(18, 18, 13, 13), boxes(0.5).score(prediction, truth, 1));
        assertEquals(new LesionScores(18, 18, 9, 9), boxes(0.6).score(prediction, truth, 1));
        final LesionMatch match = boxes(0.5).match(prediction, truth, 1);
        assertEquals(new LesionScores(18, 18, 13, 13), match.scores());
        assertEquals(List.of(new ObjectBox(1, 1, 0, 3, 3, 2), new ObjectBox(7, 1, 0, 10, 3, 2), new ObjectBox(14, 1, 0, 17, 3, 2)),
            match.actual().subList(0, 3).stream().map(LesionMatch.Lesion::box).toList());
        assertEquals(List.of(19, 19, 19), match.actual().subList(0, 3).stream().map(LesionMatch.Lesion::voxels).toList());
        assertEquals(0.31578947, match.actual().stream().mapToDouble(LesionMatch.Lesion::bestIou).min().orElseThrow(), 1e-8);
    }

    /** By hand: 2 × 3 × 4 and the same moved by one voxel along k: 18 of 30. */
    @Test
    void overlapIsIntersectionOverUnion() {
        final ObjectBox a = new ObjectBox(1, 1, 1, 2, 3, 4);
        assertEquals(18 / 30.0, a.iou(new ObjectBox(1, 1, 2, 2, 3, 5)));
        assertEquals(1, a.iou(a));
        assertEquals(0, a.iou(new ObjectBox(3, 1, 1, 4, 3, 4)));
        assertEquals(0, new ObjectBox(0, 0, 0, -1, -1, -1).iou(a));
    }

    /** One box of the reference that two of the prediction overlap well enough counts once. */
    @Test
    void eachBoxCountsOnce() {
        final LabelVolume truth = Masks.box(ISO, 2, 2, 2, 4, 4, 4);
        final LabelVolume ring = Masks.union(Masks.box(ISO, 2, 2, 2, 4, 1, 4), Masks.box(ISO, 2, 2, 2, 1, 4, 4));
        final LabelVolume inside = Masks.box(ISO, 4, 4, 2, 2, 2, 4);
        assertEquals(new LesionScores(1, 2, 1, 1), boxes(0.2).score(Masks.union(ring, inside), truth, 1));
        final LesionMatch match = boxes(0.2).match(Masks.union(ring, inside), truth, 1);
        // the ring's box is that of the reference, the other is a quarter of it
        assertTrue(match.predicted().get(0).found());
        assertFalse(match.predicted().get(1).found());
        assertEquals(0.25, match.predicted().get(1).bestIou());
    }

    /** Axes i to S, j to L and k to P, of 0.5, 1 and 3 mm, the first voxel at (10, 20, 30). */
    @Test
    void boxesInThePatient() {
        final Geometry grid = new Geometry(new int[]{8, 8, 8}, new double[]{0.5, 1, 3}, new double[]{10, 20, 30},
            new double[]{0, 0, 1, 1, 0, 0, 0, 1, 0});
        final double[] box = new ObjectBox(2, 3, 1, 5, 3, 2).patient(grid);
        final double[] first = grid.position(2, 3, 1);
        final double[] last = grid.position(5, 3, 2);
        // voxels reach half their size beyond their centers
        final double[] half = new double[3];
        for (int a = 0; a < 3; a++) {
            half[a] = Math.abs(grid.position(0.5, 0.5, 0.5)[a] - grid.position(0, 0, 0)[a]);
        }
        assertArrayEquals(new double[]{0.25, 0.5, 1.5}, Arrays.stream(half).sorted().toArray(), 1e-12);
        for (int a = 0; a < 3; a++) {
            assertEquals(Math.min(first[a], last[a]) - half[a], box[a], 1e-12);
            assertEquals(Math.max(first[a], last[a]) + half[a], box[3 + a], 1e-12);
        }
    }

    /** Two true lesions; candidates: one on both (0.9), one more on the second (0.95), one elsewhere (0.6), one too small. */
    @Test
    void candidatesAreScoredByTheirLargestProbability() {
        final Geometry grid = Geometry.axial(new int[]{20, 1, 1}, 2, 1, 1);
        final float[] p = {0, .6f, .9f, .6f, .6f, .7f, 0, .95f, .5f, 0, .05f, .6f, .6f, 0, 0, .99f, 0, 0, 0, 0};
        final byte[] truth = {0, 1, 1, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1};
        final LabelVolume labels = new LabelVolume(truth, grid, VolumeInfo.UNKNOWN, LabelSet.of());
        final Froc.Image image = LesionDetection.DEFAULT.candidates(new Volume(p, grid, VolumeInfo.UNKNOWN), 0.1, labels, 1);
        assertArrayEquals(new double[]{0.9f, 0.95f, 0}, image.lesions());
        assertArrayEquals(new double[]{0.6f}, image.wrong());
        // by boxes: 5 voxels of which 2 are the first lesion (0.4); 2 of which 1 is in the second (0.25)
        final Froc.Image boxed = boxes(0.4).candidates(new Volume(p, grid, VolumeInfo.UNKNOWN), 0.1, labels, 1);
        assertArrayEquals(new double[]{0.9f, 0, 0}, boxed.lesions());
        assertArrayEquals(new double[]{0.6f, 0.95f}, Arrays.stream(boxed.wrong()).sorted().toArray());
        assertThrows(IllegalArgumentException.class, () -> boxes(0));
        assertThrows(IllegalArgumentException.class, () -> boxes(1.01));
    }

    private static LabelVolume line(final String voxels) {
        final byte[] labels = new byte[voxels.length()];
        for (int v = 0; v < labels.length; v++) {
            labels[v] = (byte)(voxels.charAt(v) == '.' ? 0 : 1);
        }
        return new LabelVolume(labels, Geometry.axial(new int[]{labels.length, 1, 1}, 2, 1, 1), VolumeInfo.UNKNOWN, LabelSet.of());
    }

    /** A probability for the parts of a segmentation. */
    private static Volume map(final LabelVolume labels, final float p) {
        final float[] voxels = new float[labels.voxels().length];
        for (int v = 0; v < voxels.length; v++) {
            voxels[v] = labels.voxels()[v] * p;
        }
        return new Volume(voxels, labels.geometry(), labels.info());
    }

    /** Of the decimal fractions 0.7 and 0.9 are less in single precision than in double precision. */
    @Test
    void theLeastProbabilityIsEnough() {
        final LabelVolume truth = line("XX......");
        for (int tenths = 1; tenths <= 10; tenths++) {
            final Froc.Image image =
                LesionDetection.DEFAULT.candidates(map(truth, Float.parseFloat("" + tenths / 10.0)), tenths / 10.0, truth, 1);
            assertArrayEquals(new double[]{Float.parseFloat("" + tenths / 10.0)}, image.lesions(), "" + tenths);
            assertEquals(0, image.wrong().length);
            // what is impossible is no candidate, however little is asked for
            assertEquals(0, LesionDetection.DEFAULT.candidates(map(truth, 0), Math.pow(1e-9, tenths), truth, 1).lesions()[0]);
        }
    }

    /** The pairs of SciPy above: of equal scores the candidates find as many lesions as the segmentation does. */
    @Test
    void candidatesFindOneBoxEach() {
        final LabelVolume truth = blobs(0);
        final Volume map = map(blobs(0.25), 0.5f);
        final int[] pairs = {18, 13, 9};
        for (int i = 0; i < 3; i++) {
            final Froc.Image image = boxes(new double[]{0.3, 0.5, 0.6}[i]).candidates(map, 0.5, truth, 1);
            assertEquals(pairs[i], Arrays.stream(image.lesions()).filter(s -> s == 0.5).count());
            assertEquals(18 - pairs[i], image.wrong().length);
        }
        // 4 of 10 voxels twice, by one candidate
        final LabelVolume two = line("XXXX..XXXX");
        assertArrayEquals(new double[]{0.5, 0}, boxes(0.3).candidates(map(line("XXXXXXXXXX"), 0.5f), 0.1, two, 1).lesions());
        // 5 and 2 of 8 voxels, by two candidates: that with the larger score comes first, of equal scores that with the larger box
        final LabelVolume one = line("XXXXXXXX");
        final float[] p = map(line("XXXXX.XX"), 0.5f).voxels();
        final Froc.Image equal = boxes(0.25).candidates(map(one, 1).withVoxels(p.clone()), 0.1, one, 1);
        assertArrayEquals(new double[]{0.5}, equal.lesions());
        assertArrayEquals(new double[]{0.5}, equal.wrong());
        p[7] = 0.75f;
        final Froc.Image unequal = boxes(0.25).candidates(map(one, 1).withVoxels(p), 0.1, one, 1);
        assertArrayEquals(new double[]{0.75}, unequal.lesions());
        assertArrayEquals(new double[]{0.5}, unequal.wrong());
    }

    /** By hand; the MS-SEG challenge does not count what mostly lies outside. */
    @Test
    void whatFindsSeveralIsCounted() {
        final Joining[] cases = {new Joining("XX..XX..XX..........", "XXXXXXXXXX..........", 1, 1),
            new Joining("XX......XX..........", "XXXXXXXXXXXXXXXXXXXX", 1, 0),
            new Joining("XX..XX..XX..........", "XX.XXX...XX.........", 0, 0),
            new Joining("XX..XX..XX..XX..XX..", "XXXXXX..XXXXXX..XX..", 2, 2),
            new Joining("....XX..............", "....................", 0, 0)};
        for (final Joining c : cases) {
            final LabelVolume truth = line(c.truth);
            final LabelVolume prediction = line(c.prediction);
            final LesionDetection strict = new LesionDetection(Connectivity.CORNERS, 3, LesionDetection.Rule.MS_SEG);
            assertEquals(c.joined, LesionDetection.DEFAULT.match(prediction, truth, 1).joined(), c.prediction);
            assertEquals(c.joined, LesionDetection.DEFAULT.candidates(map(prediction, 0.5f), 0.5, truth, 1).joined(), c.prediction);
            assertEquals(c.strict, strict.match(prediction, truth, 1).joined(), c.prediction);
            assertEquals(0, boxes(0.1).match(prediction, truth, 1).joined());
            assertEquals(0, boxes(0.1).candidates(map(prediction, 0.5f), 0.5, truth, 1).joined());
        }
    }

    private record Joining(String truth, String prediction, int joined, int strict) {
    }
}
