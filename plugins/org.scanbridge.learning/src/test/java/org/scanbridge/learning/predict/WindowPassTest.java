package org.scanbridge.learning.predict;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.learning.architecture.Margin;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.data.VoxelBlock;
import org.scanbridge.learning.graph.BlockNetwork;

import com.sun.management.ThreadMXBean;

/** Reflections, means over networks and the bound on memory, with networks that are plain functions. */
class WindowPassTest {

    private static final PatchSize BLOCK = new PatchSize(8, 6, 4);

    private static final Set<FlipAxis> ALL = EnumSet.allOf(FlipAxis.class);

    /** Looks at each voxel alone, so a reflected block gives the reflected result. */
    private static final BlockNetwork EQUIVARIANT = (images, count) -> {
        final float[] p = new float[2 * images.length];
        for (int v = 0; v < images.length; v++) {
            p[2 * v] = 1 - images[v];
            p[2 * v + 1] = images[v];
        }
        return p;
    };

    /** Says what it is told of every voxel, whatever the image. */
    private static BlockNetwork constant(final PatchSize block, final float... probabilities) {
        return (images, count) -> {
            final float[] p = new float[count * block.voxels() * probabilities.length];
            for (int n = 0; n < p.length; n++) {
                p[n] = probabilities[n % probabilities.length];
            }
            return p;
        };
    }

    private static float[] noise(final int... size) {
        final Random random = new Random(5);
        final float[] voxels = new float[size[0] * size[1] * size[2]];
        for (int v = 0; v < voxels.length; v++) {
            voxels[v] = random.nextFloat();
        }
        return voxels;
    }

    private static SlidingWindow window(final PatchSize block, final int classes) {
        return new SlidingWindow(block, classes, 0.5);
    }

    /** All slices of the mean over networks, one after the other. */
    private static float[] mean(final float[] image, final int[] size, final Set<FlipAxis> flips, final PatchSize[] blocks,
        final BlockNetwork... networks) {
        final List<ProbabilityMean.Member> members = new ArrayList<>();
        for (int n = 0; n < networks.length; n++) {
            final VoxelBlock padded = VoxelBlock.padded(image, size, blocks[n]);
            members.add(new ProbabilityMean.Member(
                window(blocks[n], 2).pass(padded, networks[n], Flip.combinations(flips), Progress.NONE), padded));
        }
        final ProbabilityMean mean = new ProbabilityMean(members, size, 2);
        final int slice = 2 * size[0] * size[1];
        final float[] all = new float[slice * size[2]];
        for (int k = 0; k < size[2]; k++) {
            System.arraycopy(mean.next(), 0, all, k * slice, slice);
        }
        return all;
    }

    private static float[] mean(final float[] image, final int[] size, final Set<FlipAxis> flips,
        final BlockNetwork... networks) {
        final PatchSize[] blocks = new PatchSize[networks.length];
        Arrays.fill(blocks, BLOCK);
        return mean(image, size, flips, blocks, networks);
    }

    @Test
    void aReflectionUndoesItself() {
        final float[] blocks = noise(2 * BLOCK.voxels(), 3, 1);
        for (final Flip flip : Flip.combinations(ALL)) {
            final float[] x = blocks.clone();
            flip.apply(x, 2, BLOCK, 3);
            assertEquals(flip.equals(Flip.NONE), Arrays.equals(blocks, x), flip.toString());
            flip.apply(x, 2, BLOCK, 3);
            assertArrayEquals(blocks, x);
        }
        assertEquals(8, Set.copyOf(Flip.combinations(ALL)).size());
        assertEquals(List.of(Flip.NONE, new Flip(false, true, false)), Flip.combinations(Set.of(FlipAxis.J)));
        // A block of one slice is its own reflection along the slices.
        assertEquals(Flip.combinations(Set.of(FlipAxis.I, FlipAxis.J)), Flip.combinations(ALL, new PatchSize(8, 6, 1)));
    }

    @Test
    void aReflectionMovesVoxelsAlongItsAxes() {
        final PatchSize size = new PatchSize(3, 2, 1);
        final float[] x = {1, 2, 3, 4, 5, 6};
        new Flip(true, false, false).apply(x, 1, size, 1);
        assertArrayEquals(new float[]{3, 2, 1, 6, 5, 4}, x);
        new Flip(false, true, false).apply(x, 1, size, 1);
        assertArrayEquals(new float[]{6, 5, 4, 3, 2, 1}, x);
    }

    @Test
    void reflectionsChangeNothingForANetworkThatReflectsToo() {
        for (final int[] size : new int[][]{{8, 6, 4}, {19, 7, 9}, {5, 5, 1}}) {
            final float[] image = noise(size);
            final float[] plain = mean(image, size, Set.of(), EQUIVARIANT);
            // Sums of up to 64 floats.
            assertArrayEquals(plain, mean(image, size, ALL, EQUIVARIANT), 1e-5f);
        }
    }

    /** A network that prefers one side of its block is not equivariant; the mean over reflections prefers none. */
    @Test
    void reflectionsAverageOutThePreferenceForASide() {
        final BlockNetwork lopsided = (images, count) -> {
            final float[] p = new float[2 * images.length];
            for (int v = 0; v < images.length; v++) {
                p[2 * v + 1] = v % BLOCK.i() / (BLOCK.i() - 1f);
                p[2 * v] = 1 - p[2 * v + 1];
            }
            return p;
        };
        final int[] size = {8, 6, 4};
        assertEquals(1, mean(noise(size), size, Set.of(), lopsided)[2 * 7 + 1], 1e-6);
        assertEquals(1, mean(noise(size), size, Set.of(FlipAxis.J, FlipAxis.K), lopsided)[2 * 7 + 1], 1e-6);
        for (final float p : mean(noise(size), size, Set.of(FlipAxis.I), lopsided)) {
            assertEquals(0.5, p, 1e-6);
        }
    }

    /**
     * A network that looks at a neighborhood which is not the same on both sides, but treats both sides alike: reflections
     * change nothing where the margin is cut the other way round for reflected blocks.
     */
    @Test
    void reflectedBlocksSeeTheMarginOfTheOtherSide() {
        final Margin margin = new Margin(2, 1, 3, 1, 0, 0);
        final PatchSize input = margin.around(BLOCK);
        final BlockNetwork neighbors = (images, count) -> {
            final float[] p = new float[2 * count * BLOCK.voxels()];
            for (int v = 0; v < p.length / 2; v++) {
                final int i = v % BLOCK.i() + margin.lowI();
                final int j = v / BLOCK.i() % BLOCK.j() + margin.lowJ();
                final int at = (v / BLOCK.i() / BLOCK.j() * input.j() + j) * input.i() + i;
                p[2 * v + 1] = (images[at - 1] + images[at + 1] + images[at - input.i()] + images[at + input.i()]) / 4;
                p[2 * v] = 1 - p[2 * v + 1];
            }
            return p;
        };
        final int[] size = {19, 7, 9};
        final VoxelBlock image = VoxelBlock.padded(noise(size), size, BLOCK).within(margin);
        final WindowPass plain = window(BLOCK, 2).pass(image, neighbors, List.of(Flip.NONE), Progress.NONE);
        final WindowPass all = window(BLOCK, 2).pass(image, neighbors, Flip.combinations(ALL), Progress.NONE);
        for (int k = 0; k < size[2]; k++) {
            assertArrayEquals(plain.next(), all.next(), 1e-5f);
        }
    }

    @Test
    void theMeanOfOneNetworkIsThatNetwork() {
        final int[] size = {19, 7, 9};
        final float[] image = noise(size);
        final float[][] single = window(BLOCK, 2).probabilities(image, size, EQUIVARIANT, Progress.NONE);
        final float[] one = mean(image, size, Set.of(), EQUIVARIANT);
        for (int v = 0; v < image.length; v++) {
            assertEquals(single[0][v], one[2 * v]);
            assertEquals(single[1][v], one[2 * v + 1]);
        }
        assertArrayEquals(one, mean(image, size, Set.of(), EQUIVARIANT, EQUIVARIANT), "twice the same network");
    }

    @Test
    void networksWithBlocksOfDifferentSizesAreAveragedVoxelByVoxel() {
        final PatchSize flat = new PatchSize(16, 4, 1);
        for (final int[] size : new int[][]{{19, 7, 9}, {5, 3, 2}, {9, 9, 1}}) {
            final float[] image = noise(size);
            final float[] mean = mean(image, size, Set.of(FlipAxis.I), new PatchSize[]{BLOCK, flat}, EQUIVARIANT,
                constant(flat, 0.75f, 0.25f));
            for (int v = 0; v < image.length; v++) {
                assertEquals((image[v] + 0.25) / 2, mean[2 * v + 1], 1e-6);
            }
        }
    }

    @Test
    void theEntropyIsLargestWhereAllClassesAreEquallyProbable() {
        for (int classes = 2; classes <= 7; classes++) {
            final float[] uniform = new float[classes];
            Arrays.fill(uniform, 1f / classes);
            assertEquals(Math.log(classes), Entropy.nats(uniform, 0, classes), 1e-6);
            assertEquals(1, Entropy.normalized(uniform, 0, classes), 1e-6);
        }
        assertEquals(0, Entropy.nats(new float[]{9, 0, 1, 0, 9}, 1, 3));
        // -(0.5 ln 0.5 + 2 · 0.25 ln 0.25) = 1.5 ln 2
        assertEquals(1.5 * Math.log(2), Entropy.nats(new float[]{0.5f, 0.25f, 0.25f}, 0, 3), 1e-12);
    }

    @Test
    void mapsAreMadeOfTheSameProbabilities() {
        final int[] size = {3, 2, 2};
        final SliceMaps maps = new SliceMaps(size, NetworkSpec.unet3d(2, 1, 1, 4), true, true);
        final float[] slice = new float[12];
        for (int v = 0; v < 6; v++) {
            slice[2 * v] = v / 10f;
            slice[2 * v + 1] = 1 - v / 10f;
        }
        maps.slice(0, slice);
        Arrays.fill(slice, 0.5f);
        maps.slice(1, slice);
        final Prediction p = maps.prediction(new Volume(new float[12],
            Geometry.axial(size, 1, 1, 1), VolumeInfo.UNKNOWN),
            LabelSet.of("a"));
        // Of two equally probable classes the one with the smaller number.
        assertArrayEquals(new byte[]{1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0}, p.labels().voxels());
        assertEquals(0, p.uncertainty().orElseThrow().voxels()[0]);
        assertEquals(1, p.uncertainty().orElseThrow().voxels()[5], 1e-6);
        assertEquals(1, p.uncertainty().orElseThrow().voxels()[11], 1e-6);
        assertEquals(0.3f, p.probabilities().get(0).voxels()[3]);
        assertEquals(0.7f, p.probabilities().get(1).voxels()[3]);
    }

    /** Everything that a prediction allocates, not only what it holds at a time, is one layer of blocks and the result. */
    @Test
    void memoryIsThatOfOneLayerOfBlocksWhateverTheDepth() {
        final PatchSize block = PatchSize.cube(16);
        for (final int classes : new int[]{2, 40}) {
            final long layer = WindowPass.bytes(new int[]{48, 32, 1}, block, classes);
            allocated(block, classes, 32); // loads the classes
            final long shallow = allocated(block, classes, 64);
            final long deep = allocated(block, classes, 256);
            final long voxels = 48 * 32;
            final long blocks = 4L * 3 * block.voxels();
            assertTrue(shallow <= layer + blocks + voxels * 64 + 4 * voxels * classes + 200_000,
                classes + " classes: " + shallow + " bytes for a layer of " + layer);
            // Four times the depth: four times the labels (a byte each) and nothing else.
            assertTrue(deep - shallow <= voxels * (256 - 64) + 200_000,
                classes + " classes: " + shallow + " and " + deep + " bytes");
            assertTrue(classes == 2 || deep < voxels * 256 * classes * 4 / 5,
                "all probabilities would be " + voxels * 256 * classes * 4 + " bytes");
        }
    }

    /** Bytes that segmenting an image of 48×32×depth voxels allocates, without the network's. */
    private static long allocated(final PatchSize block, final int classes, final int depth) {
        final int[] size = {48, 32, depth};
        final float[] image = noise(size);
        final float[] result = new float[4 * block.voxels() * classes];
        Arrays.fill(result, 1f / classes);
        final BlockNetwork network = (images, count) -> result;
        final SlidingWindow window = window(block, classes);
        final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
        final long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
        window.classes(image, size, network, Progress.NONE);
        return threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
    }
}
