package org.scanbridge.learning.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.augment.Range;
import org.scanbridge.imaging.augment.SpatialAugmentation;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.NetworkSpec;

/** What a teacher says moves with the image, and stands for what was given. */
class TeacherMapsTest {

    private static final NetworkSpec SPEC = NetworkSpec.unet3d(3, 4, 2, 8);

    private static final Geometry GRID = Geometry.axial(new int[]{13, 9, 6}, 1, 1, 1);

    private static final byte[] CLASSES = new byte[GRID.voxelCount()];

    private static final float[] IMAGE = new float[CLASSES.length];

    static {
        for (int v = 0; v < CLASSES.length; v++) {
            IMAGE[v] = v + 1;
            CLASSES[v] = (byte)((v + 1) % 3);
        }
    }

    private static LabelVolume labels(final byte[] voxels) {
        return new LabelVolume(voxels, GRID, VolumeInfo.UNKNOWN, LabelSet.of("a", "b"));
    }

    private static LoadedCase loaded(final TeacherLabels teacher, final boolean withLabels) {
        return new LoadedCase(new TrainingCase(() -> new Volume(IMAGE, GRID, VolumeInfo.UNKNOWN), () -> labels(CLASSES), "s",
            "", Role.TRAIN).withTeacher(teacher), SPEC, withLabels, true);
    }

    private static PatchAugmentation moving() {
        return new PatchAugmentation(new SpatialAugmentation.Settings(Range.symmetric(20), new Range(0.8, 1.2),
            Range.symmetric(0.1), Range.symmetric(0.1), 0.7, 0, 7, 2, 0.5), List.of());
    }

    /** A teacher that says what the segmentation says is one-hot what the segmentation is, however the patch is moved. */
    @Test
    void labelsMoveAsSegmentationsDo() {
        for (final PatchAugmentation augmentation : List.of(PatchAugmentation.NONE, moving())) {
            final LoadedCase both = loaded(TeacherLabels.of(() -> labels(CLASSES)), true);
            final PatchSampler sampler = new PatchSampler(List.of(both), SPEC.patchSize(), 0, true, augmentation);
            for (int draw = 0; draw < 20; draw++) {
                final float[] images = new float[512];
                final float[] same = new float[512];
                final byte[] labels = new byte[512];
                final byte[] taught = new byte[7 + 512 * 3];
                sampler.drawLabeled(SeededRandom.of(1, draw), images, labels, 0);
                sampler.drawTaught(SeededRandom.of(1, draw), same, 0, taught, 7);
                assertArrayEquals(images, same);
                for (int v = 0; v < 512; v++) {
                    for (int c = 0; c < 3; c++) {
                        assertEquals(labels[v] == c ? 255 : 0, taught[7 + 3 * v + c] & 0xff);
                    }
                }
            }
        }
    }

    /** Probabilities a = .2, .4 or .6 by the class of the voxel, b = .3: the background has the rest. */
    @Test
    void probabilitiesAreQuantized() {
        final float[] a = new float[CLASSES.length];
        final float[] b = new float[CLASSES.length];
        for (int v = 0; v < a.length; v++) {
            a[v] = 0.2f + 0.2f * CLASSES[v];
            b[v] = 0.3f;
        }
        final List<Supplier<Volume>> maps = List.of(() -> new Volume(a, GRID, VolumeInfo.UNKNOWN),
            () -> new Volume(b, GRID, VolumeInfo.UNKNOWN));
        final LoadedCase loaded = loaded(TeacherLabels.of(maps), true);
        final PatchSampler sampler =
            new PatchSampler(List.of(loaded), SPEC.patchSize(), 0, true, PatchAugmentation.NONE);
        final byte[] labels = new byte[512];
        final byte[] taught = new byte[512 * 3];
        sampler.drawLabeled(SeededRandom.of(1, 2), new float[512], labels, 0);
        sampler.drawTaught(SeededRandom.of(1, 2), new float[512], 0, taught, 0);
        int inside = 0;
        for (int v = 0; v < 512; v++) {
            final double p = (taught[3 * v + 1] & 0xff) / 255.0;
            // the grid is padded along k: what was added is background
            if (p > 0) {
                assertEquals(0.2 + 0.2 * labels[v], p, 0.002);
                assertEquals(0.3, (taught[3 * v + 2] & 0xff) / 255.0, 0.002);
                inside++;
            }
            assertEquals(255, (taught[3 * v] & 0xff) + (taught[3 * v + 1] & 0xff) + (taught[3 * v + 2] & 0xff));
        }
        assertEquals(512 * 6 / 8, inside);
    }

    @Test
    void whatIsLeftOpenIsZeroForAllClasses() {
        final byte[] open = CLASSES.clone();
        Arrays.fill(open, (byte)NetworkSpec.UNANNOTATED);
        final PatchSampler sampler = new PatchSampler(List.of(loaded(TeacherLabels.of(() -> labels(open)), false)),
            SPEC.patchSize(), 0, false, PatchAugmentation.NONE);
        final byte[] taught = new byte[512 * 3];
        sampler.drawTaught(SeededRandom.of(1, 2), new float[512], 0, taught, 0);
        int known = 0;
        for (int v = 0; v < 512; v++) {
            known += (taught[3 * v] | taught[3 * v + 1] | taught[3 * v + 2]) == 0 ? 0 : 1;
        }
        assertEquals(512 * 2 / 8, known, "but for the two slices that were added");
    }

    /** Only the first voxel has a label, by its probability or as such: all patches or few of them show it. */
    @Test
    void patchesCanBeCenteredOnWhatTheTeacherSays() {
        final byte[] corner = new byte[CLASSES.length];
        corner[0] = 1;
        final float[] likely = new float[CLASSES.length];
        likely[0] = 0.6f;
        final Supplier<Volume> none = () -> new Volume(new float[CLASSES.length], GRID, VolumeInfo.UNKNOWN);
        for (final TeacherLabels teacher : List.of(TeacherLabels.of(() -> labels(corner)),
            TeacherLabels.of(List.of(() -> new Volume(likely, GRID, VolumeInfo.UNKNOWN), none)))) {
            assertEquals(30, shown(teacher, 1));
            assertTrue(shown(teacher, 0) < 25);
        }
    }

    private static int shown(final TeacherLabels teacher, final double share) {
        final PatchSampler sampler =
            new PatchSampler(List.of(loaded(teacher, false)), SPEC.patchSize(), share, false, PatchAugmentation.NONE);
        int shown = 0;
        for (int draw = 0; draw < 30; draw++) {
            final byte[] taught = new byte[512 * 3];
            sampler.drawTaught(SeededRandom.of(4, draw), new float[512], 0, taught, 0);
            for (int v = 0; v < 512; v++) {
                shown += taught[3 * v + 1] == 0 ? 0 : 1;
            }
        }
        return shown;
    }

    @Test
    void refusesOtherGridsOtherLabelsAndWhatAreNoProbabilities() {
        final byte[] beyond = CLASSES.clone();
        beyond[5] = 7;
        refused(TeacherLabels.of(() -> labels(beyond)), "label value 7");
        final Geometry other = Geometry.axial(new int[]{13, 9, 6}, 1, 1, 2);
        refused(TeacherLabels.of(() -> new LabelVolume(CLASSES, other, VolumeInfo.UNKNOWN, LabelSet.of("a", "b"))),
            "different grids");
        refused(TeacherLabels.of(List.of(() -> new Volume(IMAGE, GRID, VolumeInfo.UNKNOWN))), "1 labels by a teacher");
        final Supplier<Volume> image = () -> new Volume(IMAGE, GRID, VolumeInfo.UNKNOWN);
        refused(TeacherLabels.of(List.of(image, image)), "add up to 1");
        assertThrows(IllegalArgumentException.class, () -> TeacherLabels.of(List.of()));
    }

    private static void refused(final TeacherLabels teacher, final String why) {
        final String message = assertThrows(LearningException.class, () -> loaded(teacher, false)).getMessage();
        assertTrue(message.contains(why) && message.contains("subject s"), message);
    }
}
