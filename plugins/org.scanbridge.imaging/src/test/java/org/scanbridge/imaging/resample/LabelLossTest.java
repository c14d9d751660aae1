package org.scanbridge.imaging.resample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.components.ConnectedComponents;
import org.scanbridge.imaging.components.Connectivity;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.VolumeInfo;

import net.imglib2.parallel.TaskExecutors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class LabelLossTest {

    private static LabelVolume labels(final byte[] voxels, final Geometry grid) {
        return new LabelVolume(voxels, grid, VolumeInfo.UNKNOWN, LabelSet.of("a", "b"));
    }

    private static LabelVolume to(final LabelVolume labels, final LabelInterpolation interpolation,
        final double... spacing) {
        return new Resampler(Interpolation.LINEAR, interpolation, true, TaskExecutors.singleThreaded())
            .toSpacing(labels, spacing);
    }

    private static void box(final byte[] y, final int label, final int[] size, final int i, final int j, final int k,
        final int edge) {
        for (int n = 0; n < edge * edge * edge; n++) {
            y[((k + n / edge / edge) * size[1] + j + n / edge % edge) * size[0] + i + n % edge] = (byte)label;
        }
    }

    /** 1 to 3 mm: centers of new voxels are those of the old voxels 1, 4, 7, …; the lesions lie between them. */
    private static LabelVolume lesions() {
        final int[] size = {15, 15, 15};
        final byte[] y = new byte[3375];
        box(y, 1, size, 2, 2, 2, 1);
        box(y, 1, size, 8, 8, 8, 2);
        box(y, 2, size, 5, 11, 2, 2);
        box(y, 3, size, 9, 1, 9, 4);
        return labels(y, Geometry.axial(size, 1, 1, 1));
    }

    @Test
    void whatGetsLostIsCountedByLabelAndPart() {
        for (final LabelInterpolation interpolation : new LabelInterpolation[]{LabelInterpolation.NEAREST,
            LabelInterpolation.LINEAR_VOTE}) {
            final LabelVolume after = to(lesions(), interpolation, 3, 3, 3);
            assertEquals(List.of(new LabelLoss(1, 2, 2, 9, true), new LabelLoss(2, 1, 1, 8, true)),
                LabelLoss.between(lesions(), after), interpolation.toString());
        }
    }

    @Test
    void partsAreKeptOnRequest() {
        for (final LabelInterpolation interpolation : new LabelInterpolation[]{LabelInterpolation.NEAREST_KEEP_PARTS,
            LabelInterpolation.LINEAR_VOTE_KEEP_PARTS}) {
            final LabelVolume after = to(lesions(), interpolation, 3, 3, 3);
            assertEquals(List.of(), LabelLoss.between(lesions(), after));
            assertEquals(1, after.get(0, 0, 0), "voxel 2 lies in the first three");
            // 8 and 9 lie in the third and the fourth voxel; both cover as much, so the one nearer to the middle is taken.
            assertEquals(1, after.get(2, 2, 2));
            assertEquals(2, ConnectedComponents.of(after, 1, Connectivity.CORNERS).count());
            assertEquals(1, ConnectedComponents.of(after, 2, Connectivity.CORNERS).size(1));
            final byte[] plain = to(lesions(), interpolation == LabelInterpolation.NEAREST_KEEP_PARTS
                ? LabelInterpolation.NEAREST : LabelInterpolation.LINEAR_VOTE, 3, 3, 3).voxels();
            int changed = 0;
            for (int v = 0; v < plain.length; v++) {
                changed += plain[v] != after.voxels()[v] ? 1 : 0;
            }
            assertEquals(3, changed, "one voxel for each part");
        }
    }

    @Test
    void croppingAwayCountsAndTurningDoesNot() {
        final LabelVolume before = lesions();
        assertEquals(List.of(),
            LabelLoss.between(before, Reorientation.toRas(before.geometry()).apply(before)));
        assertEquals(List.of(), LabelLoss.between(before, GridWindow.padded(before.geometry(), 3, 1, 2).apply(before)));
        final LabelVolume cropped = GridWindow.padded(before.geometry(), 0, 0, -4).apply(before);
        assertEquals(List.of(new LabelLoss(1, 2, 1, 1, false), new LabelLoss(2, 1, 1, 8, true)),
            LabelLoss.between(before, cropped));
    }

    /** Two lesions in one new voxel: one of them has to give way, and that is said. */
    @Test
    void aVoxelIsNotGivenTwice() {
        final byte[] y = new byte[27];
        y[0] = 1;
        y[26] = 2;
        final LabelVolume before = labels(y, Geometry.axial(new int[]{3, 3, 3}, 1, 1, 1));
        final LabelVolume after = to(before, LabelInterpolation.NEAREST_KEEP_PARTS, 3, 3, 3);
        assertArrayEquals(new byte[]{1}, after.voxels());
        assertEquals(List.of(new LabelLoss(2, 1, 1, 1, true)), LabelLoss.between(before, after));
    }

    /** A part that stands by a single voxel is not overwritten to save another one. */
    @Test
    void noPartIsSavedAtTheCostOfAnother() {
        final byte[] y = new byte[27];
        y[13] = 1;
        y[0] = 2;
        y[1] = 2;
        final LabelVolume before = labels(y, Geometry.axial(new int[]{3, 3, 3}, 1, 1, 1));
        assertArrayEquals(new byte[]{1}, to(before, LabelInterpolation.NEAREST_KEEP_PARTS, 3, 3, 3).voxels());
    }

    /** The runs hang together as the voxels do: compared with the components of each label. */
    @Property(tries = 60)
    void partsAreTheComponents(@ForAll final long seed, @ForAll @IntRange(min = 1, max = 9) final int background) {
        final Random random = new Random(seed);
        final Geometry grid = Geometry.axial(new int[]{7, 6, 5}, 1, 1, 1);
        final byte[] y = new byte[210];
        for (int v = 0; v < y.length; v++) {
            y[v] = (byte)Math.max(0, random.nextInt(background + 2) - background + 1);
            y[v] = y[v] == 2 ? (byte)200 : y[v];
        }
        final LabelVolume labels = labels(y, grid);
        final LabelParts parts = new LabelParts(labels);
        final List<Set<Integer>> expected = new ArrayList<>();
        for (final int label : new int[]{1, 200}) {
            final ConnectedComponents components = ConnectedComponents.of(labels, label, Connectivity.CORNERS);
            for (int c = 1; c <= components.count(); c++) {
                final Set<Integer> voxels = new HashSet<>();
                for (int v = 0; v < y.length; v++) {
                    if (components.at(v) == c) {
                        voxels.add(v);
                    }
                }
                expected.add(voxels);
            }
        }
        final List<Set<Integer>> found = new ArrayList<>();
        for (int p = 0; p < parts.count(); p++) {
            final Set<Integer> voxels = new HashSet<>();
            parts.visit(p, voxels::add);
            assertEquals(voxels.size(), parts.size(p));
            for (final int v : voxels) {
                assertEquals(p, parts.at(v));
                assertEquals(y[v], parts.label(p));
            }
            found.add(voxels);
        }
        assertEquals(new HashSet<>(expected), new HashSet<>(found));
        for (int v = 0; v < y.length; v++) {
            assertEquals(y[v] == 0, parts.at(v) < 0);
        }
    }

    /** Whatever the grids, what the rule keeps is a superset of the labels that stood before, and no label appears. */
    @Property(tries = 80)
    void keepingLosesLess(@ForAll final long seed) {
        final Random random = new Random(seed);
        final byte[] y = new byte[12 * 11 * 10];
        for (int n = 0; n < 12; n++) {
            y[random.nextInt(y.length)] = (byte)(1 + random.nextInt(3));
        }
        final LabelVolume before = labels(y, Geometry.axial(new int[]{12, 11, 10}, 1, 1.2, 0.9));
        final double[] spacing = random.doubles(3, 0.5, 4).toArray();
        final LabelVolume plain = to(before, LabelInterpolation.NEAREST, spacing);
        final LabelVolume kept = to(before, LabelInterpolation.NEAREST_KEEP_PARTS, spacing);
        final int lostPlain = LabelLoss.between(before, plain).stream().mapToInt(LabelLoss::lostParts).sum();
        final int lostKept = LabelLoss.between(before, kept).stream().mapToInt(LabelLoss::lostParts).sum();
        assertTrue(lostKept <= lostPlain, lostKept + " " + lostPlain);
        int changed = 0;
        for (int v = 0; v < plain.voxels().length; v++) {
            changed += plain.voxels()[v] != kept.voxels()[v] ? 1 : 0;
        }
        assertTrue(changed <= lostPlain, changed + " " + lostPlain);
        assertTrue(lostPlain == 0 || changed > 0 || lostKept == lostPlain,
            Arrays.toString(spacing));
    }
}
