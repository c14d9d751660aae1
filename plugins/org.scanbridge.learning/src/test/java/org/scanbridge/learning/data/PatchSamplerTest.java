package org.scanbridge.learning.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;
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
}
