package org.scanbridge.learning.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.augment.ClassColors.Guided;
import org.scanbridge.imaging.augment.ClassColors.Guided.Estimate;
import org.scanbridge.imaging.augment.Gamma;
import org.scanbridge.imaging.augment.GaussianNoise;
import org.scanbridge.imaging.augment.LabelSynthesis;
import org.scanbridge.imaging.augment.Range;
import org.scanbridge.imaging.augment.Sometimes;
import org.scanbridge.imaging.augment.SpatialAugmentation;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.Margin;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.NetworkSpec.Kind;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.architecture.PatchSize;

class PatchSamplerTest {

    private static final int WIDTH = 11;

    private static final int HEIGHT = 7;

    /** Every voxel's value is its index plus 1 and its label that value modulo 3; around the image is 1, the smallest value. */
    private static LoadedCase loaded(final NetworkSpec spec, final int depth) {
        final Geometry geometry = Geometry.axial(new int[]{WIDTH, HEIGHT, depth}, 1, 1, 1);
        final float[] voxels = new float[WIDTH * HEIGHT * depth];
        final byte[] labels = new byte[voxels.length];
        for (int v = 0; v < voxels.length; v++) {
            voxels[v] = v + 1;
            labels[v] = (byte)((v + 1) % 3);
        }
        return new LoadedCase(new TrainingCase(() -> new Volume(voxels, geometry, VolumeInfo.UNKNOWN),
            () -> new LabelVolume(labels, geometry, VolumeInfo.UNKNOWN, LabelSet.of("a", "b")), "s", "", Role.TRAIN), spec,
            true);
    }

    /** The labels of a patch belong to the voxels in the middle of its block, mirrored or not, at the border or not. */
    private static void check(final NetworkSpec spec, final int depth) {
        final PatchSampler sampler = new PatchSampler(List.of(loaded(spec, depth)), spec.patchSize(), 0.5, true);
        final PatchSize patch = spec.patchSize();
        final PatchSize input = spec.inputSize();
        final Margin margin = spec.margin();
        boolean mirrored = false;
        boolean straight = false;
        for (int draw = 0; draw < 60; draw++) {
            final float[] images = new float[2 * input.voxels()];
            final byte[] labels = new byte[2 * patch.voxels()];
            sampler.drawLabeled(SeededRandom.of(1, draw, 0), images, labels, 1);
            for (int k = 0; k < patch.k(); k++) {
                for (int j = 0; j < patch.j(); j++) {
                    for (int i = 0; i < patch.i(); i++) {
                        final float value = images[input.voxels() + ((k + margin.lowK()) * input.j() + j + margin.lowJ())
                            * input.i() + i + margin.lowI()];
                        assertEquals((int)value % 3, labels[patch.voxels() + (k * patch.j() + j) * patch.i() + i]);
                    }
                }
            }
            final int row = input.voxels() + (margin.lowK() * input.j() + margin.lowJ()) * input.i();
            // neighbors in the margin are the image's neighbors too, and background outside
            for (int i = 1; i < input.i(); i++) {
                final int step = (int)images[row + i] - (int)images[row + i - 1];
                if (images[row + i] > 1 && images[row + i - 1] > 1) {
                    assertEquals(1, Math.abs(step));
                    mirrored |= step == -1;
                    straight |= step == 1;
                }
            }
        }
        assertTrue(mirrored && straight);
    }

    @Test
    void labelsBelongToTheirVoxels() {
        check(new NetworkSpec(Kind.UNET_3D, 1, 3, 1, 1, Norm.GROUP, new PatchSize(4, 3, 2)), 5);
        check(new NetworkSpec(Kind.PATCH_CNN, 1, 3, 1, 1, Norm.BATCH, new PatchSize(3, 2, 1)), 5);
        check(new NetworkSpec(Kind.PATCH_CNN, 1, 3, 1, 1, Norm.BATCH, new PatchSize(WIDTH, HEIGHT, 1)), 1);
        check(new NetworkSpec(Kind.DEEP_MEDIC, 1, 3, 1, 1, Norm.BATCH, new PatchSize(6, 3, 3)), 5);
    }

    private static final List<NetworkSpec> SPECS =
        List.of(new NetworkSpec(Kind.UNET_3D, 1, 3, 1, 1, Norm.GROUP, new PatchSize(4, 3, 2)),
            new NetworkSpec(Kind.PATCH_CNN, 1, 3, 1, 1, Norm.BATCH, new PatchSize(3, 2, 1)),
            new NetworkSpec(Kind.DEEP_MEDIC, 1, 3, 1, 1, Norm.BATCH, new PatchSize(6, 3, 3)));

    private static PatchAugmentation turning(final double degrees, final double scale) {
        return new PatchAugmentation(new SpatialAugmentation.Settings(new Range(degrees, degrees), new Range(scale, scale),
            Range.symmetric(0), Range.symmetric(0), 1, 0, 5, 0, 0), List.of());
    }

    /** Moving nothing with certainty is the same as no augmentation, for blocks at the border and with a margin too. */
    @Test
    void aMoveByNothingChangesNothing() {
        for (final NetworkSpec spec : SPECS) {
            final List<LoadedCase> cases = List.of(loaded(spec, 5));
            final PatchSampler plain = new PatchSampler(cases, spec.patchSize(), 0.5, true);
            final PatchSampler still = new PatchSampler(cases, spec.patchSize(), 0.5, true, turning(0, 1));
            for (int draw = 0; draw < 60; draw++) {
                final float[][] images = new float[2][2 * spec.inputSize().voxels()];
                final byte[][] labels = new byte[2][2 * spec.patchSize().voxels()];
                plain.drawLabeled(SeededRandom.of(1, draw, 0), images[0], labels[0], 1);
                still.drawLabeled(SeededRandom.of(1, draw, 0), images[1], labels[1], 1);
                assertArrayEquals(images[0], images[1]);
                assertArrayEquals(labels[0], labels[1]);
            }
        }
    }

    /** A quarter turn about each axis permutes whole voxels, so every label can still be told from its image voxel. */
    @Test
    void imageAndLabelsMoveTogether() {
        final NetworkSpec spec = new NetworkSpec(Kind.UNET_3D, 1, 3, 1, 1, Norm.GROUP, new PatchSize(4, 4, 4));
        final PatchSampler sampler =
            new PatchSampler(List.of(loaded(spec, 5)), spec.patchSize(), 0.5, true, turning(90, 1));
        int moved = 0;
        for (int draw = 0; draw < 40; draw++) {
            final float[] images = new float[64];
            final byte[] labels = new byte[64];
            sampler.drawLabeled(SeededRandom.of(2, draw, 0), images, labels, 0);
            for (int v = 0; v < 64; v++) {
                // 1 is the background's value.
                if (images[v] > 1) {
                    assertEquals((int)images[v] % 3, labels[v]);
                    moved += v % 4 > 0 && images[v - 1] > 1 && Math.abs(images[v] - images[v - 1]) != 1 ? 1 : 0;
                }
            }
        }
        assertTrue(moved > 100, "rows run along another axis than i");
    }

    /**
     * A plate from -3 to 4 in surroundings of -0.4, as a z-score over the brain and its rim leaves them: turned patches, whose corners
     * reach beyond the region that is turned, show no other value than the plate's and the surroundings'.
     */
    @Test
    void theBackgroundOfTheImageComesIntoTurnedPatches() {
        final float surroundings = -0.4f;
        final Geometry geometry = Geometry.axial(new int[]{24, 24, 1}, 1, 1, 1);
        final float[] voxels = new float[24 * 24];
        for (int v = 0; v < voxels.length; v++) {
            final boolean inside = Math.abs(v % 24 - 11.5) < 8 && Math.abs(v / 24 - 11.5) < 8;
            voxels[v] = !inside ? surroundings : v % 2 == 0 ? 4 : -3;
        }
        final NetworkSpec spec = new NetworkSpec(Kind.PATCH_CNN, 1, 2, 1, 1, Norm.BATCH, new PatchSize(24, 24, 1));
        final LoadedCase loaded = new LoadedCase(new TrainingCase(() -> new Volume(voxels, geometry, VolumeInfo.UNKNOWN),
            () -> null, "s", "", Role.TRAIN), spec, false);
        final PatchSampler sampler = new PatchSampler(List.of(loaded), spec.patchSize(), 0, false, turning(45, 1));
        final float[] images = new float[spec.inputSize().voxels()];
        sampler.draw(SeededRandom.of(4), images, 0);
        final int width = spec.inputSize().i();
        for (int v = 0; v < images.length; v++) {
            final double radius = Math.hypot(v % width - (width - 1) / 2.0, v / width - (spec.inputSize().j() - 1) / 2.0);
            // the plate's corners are 8·√2 = 11.3 from its center
            if (radius > 13) {
                assertEquals(surroundings, images[v], 1e-5, "at " + v);
            }
        }
    }

    @Test
    void changesDependOnTheGeneratorOnly() {
        final NetworkSpec spec = SPECS.get(0);
        final PatchAugmentation all = new PatchAugmentation(
            new SpatialAugmentation.Settings(Range.symmetric(20), new Range(0.8, 1.2), Range.symmetric(0.1),
                Range.symmetric(0.1), 0.7, 0, 7, 1, 0.7),
            List.of(new Sometimes(0.5, Gamma.DEFAULT), GaussianNoise.DEFAULT));
        final float[][] images = new float[3][spec.inputSize().voxels()];
        final byte[] labels = new byte[spec.patchSize().voxels()];
        final int[][] draws = {{1, 0}, {1, 0}, {1, 1}};
        for (int d = 0; d < 3; d++) {
            // Another sampler, another order: as after a resumed training.
            final PatchSampler sampler =
                new PatchSampler(List.of(loaded(spec, 5)), spec.patchSize(), 0.5, false, all);
            sampler.draw(SeededRandom.of(9, d, 0), new float[spec.inputSize().voxels()], 0);
            sampler.drawLabeled(SeededRandom.of(3, draws[d][0], draws[d][1]), images[d], labels, 0);
            for (final byte label : labels) {
                assertTrue(label >= 0 && label < 3, "no new label arises");
            }
        }
        assertArrayEquals(images[0], images[1]);
        assertFalse(Arrays.equals(images[0], images[2]));
    }

    /** Labels and place of a patch are the same with and without painting; about the stated share of patches is painted. */
    @Test
    void aShareOfTheLabeledPatchesIsPainted() {
        for (final NetworkSpec spec : SPECS.subList(0, 2)) {
            final List<LoadedCase> cases = List.of(loaded(spec, 5));
            final PatchSampler plain = new PatchSampler(cases, spec.patchSize(), 0.5, true, turning(0, 1));
            final PatchSampler painting = new PatchSampler(cases, spec.patchSize(), 0.5, true,
                turning(0, 1).withPainting(new PatchAugmentation.Painting(0.4, LabelSynthesis.DEFAULT)));
            int painted = 0;
            for (int draw = 0; draw < 200; draw++) {
                final float[][] images = new float[3][2 * spec.inputSize().voxels()];
                final byte[][] labels = new byte[2][2 * spec.patchSize().voxels()];
                plain.drawLabeled(SeededRandom.of(1, draw, 0), images[0], labels[0], 1);
                painting.drawLabeled(SeededRandom.of(1, draw, 0), images[1], labels[1], 1);
                painting.draw(SeededRandom.of(1, draw, 0), images[2], 1);
                assertArrayEquals(labels[0], labels[1]);
                assertArrayEquals(images[0], images[2], "without labels, patches show the image");
                painted += Arrays.equals(images[0], images[1]) ? 0 : 1;
            }
            assertEquals(80, painted, 5 * Math.sqrt(200 * 0.4 * 0.6));
        }
        assertThrows(IllegalArgumentException.class, () -> new PatchAugmentation.Painting(1.1, LabelSynthesis.DEFAULT));
        assertFalse(PatchAugmentation.NONE.withPainting(new PatchAugmentation.Painting(0.4, LabelSynthesis.DEFAULT)).isNone());
    }

    /** Neighbors are of different classes here, so blur mixes them, but the order is that of the colors that were given. */
    @Test
    void paintedClassesFollowTheLabelsOfTheirVoxels() {
        final NetworkSpec spec = new NetworkSpec(Kind.UNET_3D, 1, 3, 1, 1, Norm.GROUP, new PatchSize(8, 6, 4));
        final Estimate dark = new Estimate(10, 0, 0);
        final LabelSynthesis guided = new LabelSynthesis(new Guided(
            new TreeMap<>(Map.of(1, new Estimate(500, 0, 0), 2, new Estimate(2000, 0, 0))), List.of(dark)));
        final PatchSampler sampler = new PatchSampler(List.of(loaded(spec, 5)), spec.patchSize(), 0.5, true,
            PatchAugmentation.NONE.withPainting(new PatchAugmentation.Painting(1, guided)));
        final double[] sums = new double[3];
        final int[] counts = new int[3];
        for (int draw = 0; draw < 50; draw++) {
            final float[] images = new float[spec.inputSize().voxels()];
            final byte[] labels = new byte[spec.patchSize().voxels()];
            sampler.drawLabeled(SeededRandom.of(4, draw, 0), images, labels, 0);
            for (int v = 0; v < labels.length; v++) {
                sums[labels[v]] += images[v];
                counts[labels[v]]++;
            }
        }
        assertTrue(sums[0] / counts[0] < sums[1] / counts[1] && sums[1] / counts[1] < sums[2] / counts[2],
            Arrays.toString(sums));
    }

    @Test
    void flipsAreLeftToTheMirror() {
        assertThrows(IllegalArgumentException.class,
            () -> new PatchAugmentation(SpatialAugmentation.Settings.DEFAULT, List.of()));
        assertThrows(IllegalArgumentException.class,
            () -> PatchAugmentation.ofIntensities(List.of(Gamma.DEFAULT, Gamma.DEFAULT)));
        assertTrue(PatchAugmentation.NONE.isNone() && PatchAugmentation.ofIntensities(List.of()).isNone());
        assertFalse(PatchAugmentation.ofIntensities(List.of(Gamma.DEFAULT)).isNone());
    }

    /** A case of 12³ voxels, of which those with i below 6 are not annotated; all others with even k are labeled. */
    private static TrainingCase halfAnnotated(final boolean all) {
        final Geometry geometry = Geometry.axial(new int[]{12, 12, 12}, 1, 1, 1);
        final float[] voxels = new float[12 * 12 * 12];
        final byte[] labels = new byte[voxels.length];
        for (int v = 0; v < voxels.length; v++) {
            voxels[v] = v;
            labels[v] = (byte)(all || v % 12 < 6 ? NetworkSpec.UNANNOTATED : v / 144 % 2 == 0 ? 1 : 0);
        }
        return new TrainingCase(
            List.of(new ImageChannel("image", () -> new Volume(voxels, geometry, VolumeInfo.UNKNOWN))),
            () -> new LabelVolume(labels, geometry, VolumeInfo.UNKNOWN, LabelSet.of("a")), "s", "", Role.TRAIN, true);
    }

    /** The center of a patch of 3 voxels is the voxel in its middle, unless the patch would leave the image. */
    @Test
    void centersAreAnnotated() {
        final NetworkSpec spec = NetworkSpec.unet3d(2, 1, 1, 3);
        final LoadedCase half = new LoadedCase(halfAnnotated(false), spec, true);
        assertEquals(864, half.unannotated());
        for (final PatchCenters centers : List.of(PatchCenters.onForeground(0.5), PatchCenters.onSubset(0.5))) {
            final PatchSampler sampler =
                new PatchSampler(List.of(half), spec.patchSize(), centers, 1, false, PatchAugmentation.NONE);
            boolean nearBorder = false;
            for (int draw = 0; draw < 300; draw++) {
                final float[] images = new float[27];
                sampler.drawLabeled(SeededRandom.of(2, draw), images, new byte[27], 0);
                assertTrue(images[13] % 12 >= 6, "center at i = " + images[13] % 12);
                nearBorder |= images[13] % 12 == 6;
            }
            assertTrue(nearBorder);
        }
    }

    @Test
    void aCaseWithoutAnyAnnotationIsRefused() {
        final String message = assertThrows(LearningException.class,
            () -> new LoadedCase(halfAnnotated(true), NetworkSpec.unet3d(2, 1, 1, 3), true)).getMessage();
        assertTrue(message.contains("subject s") && message.contains("annotated"), message);
    }

    /** Rotated and stretched patches have the labels of before, and none between the mark and a class. */
    @Test
    void augmentationKeepsTheMark() {
        final NetworkSpec spec = NetworkSpec.unet3d(2, 1, 1, 8);
        final PatchAugmentation turning = new PatchAugmentation(new SpatialAugmentation.Settings(Range.symmetric(30),
            new Range(0.8, 1.2), Range.symmetric(0), Range.symmetric(0), 1, 0, 5, 0, 0), List.of());
        final PatchSampler sampler = new PatchSampler(List.of(new LoadedCase(halfAnnotated(false), spec, true)),
            spec.patchSize(), PatchCenters.onForeground(0), 1, false, turning);
        int marked = 0;
        for (int draw = 0; draw < 40; draw++) {
            final byte[] labels = new byte[512];
            sampler.drawLabeled(SeededRandom.of(3, draw), new float[512], labels, 0);
            for (final byte label : labels) {
                final int value = label & 0xff;
                assertTrue(value <= 1 || value == NetworkSpec.UNANNOTATED, "label " + value);
                marked += value == NetworkSpec.UNANNOTATED ? 1 : 0;
            }
        }
        assertTrue(marked > 1000, marked + " voxels are not annotated");
    }
}
