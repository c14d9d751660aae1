package org.scanbridge.learning.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.augment.GaussianNoise;
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
import org.scanbridge.learning.architecture.NetworkSpec.Kind;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.architecture.PatchSize;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Several images per case: one grid, the same voxels at the same place whatever happens to a patch. */
class ChannelsTest {

    private static final int[] SIZE = {11, 7, 5};

    private static final Geometry GRID = Geometry.axial(SIZE, 1, 1, 1);

    private static final List<NetworkSpec> SPECS =
        List.of(new NetworkSpec(Kind.UNET_3D, 2, 3, 1, 1, Norm.GROUP, new PatchSize(4, 3, 2)),
            new NetworkSpec(Kind.PATCH_CNN, 2, 3, 1, 1, Norm.BATCH, new PatchSize(3, 2, 1)),
            new NetworkSpec(Kind.DEEP_MEDIC, 2, 3, 1, 1, Norm.BATCH, new PatchSize(6, 3, 3)),
            new NetworkSpec(Kind.UNET_3D, 2, 3, 1, 1, Norm.GROUP, new PatchSize(12, 8, 6)));

    private static final PatchAugmentation MOVING = new PatchAugmentation(
        new SpatialAugmentation.Settings(Range.symmetric(20), new Range(0.8, 1.2), Range.symmetric(0.1),
            Range.symmetric(0.1), 0.8, 0, 7, 1, 0.5), List.of());

    private static float[] ramp(final double factor) {
        final float[] voxels = new float[SIZE[0] * SIZE[1] * SIZE[2]];
        for (int v = 0; v < voxels.length; v++) {
            voxels[v] = (float)(factor * (v + 1));
        }
        return voxels;
    }

    private static byte[] labels() {
        final byte[] labels = new byte[SIZE[0] * SIZE[1] * SIZE[2]];
        for (int v = 0; v < labels.length; v++) {
            labels[v] = (byte)((v + 1) % 3);
        }
        return labels;
    }

    private static ImageChannel channel(final String name, final float[] voxels) {
        return channel(name, voxels, GRID);
    }

    private static ImageChannel channel(final String name, final float[] voxels, final Geometry grid) {
        return new ImageChannel(name, () -> new Volume(voxels, grid, VolumeInfo.UNKNOWN));
    }

    private static TrainingCase source(final ImageChannel... channels) {
        return new TrainingCase(List.of(channels),
            () -> new LabelVolume(labels(), GRID, VolumeInfo.UNKNOWN, LabelSet.of("a", "b")), "s", "A", Role.TRAIN);
    }

    private static LoadedCase loaded(final NetworkSpec spec, final ImageChannel... channels) {
        return new LoadedCase(source(channels), spec, true);
    }

    /** The second channel is twice the first, and stays so at every voxel of every patch. */
    @Property(tries = 12)
    void channelsStayAligned(@ForAll final long seed) {
        for (final NetworkSpec spec : SPECS) {
            final List<LoadedCase> two = List.of(loaded(spec, channel("FLAIR", ramp(1)), channel("T1", ramp(2))));
            final List<LoadedCase> one = List.of(loaded(spec, channel("FLAIR", ramp(1))));
            for (final PatchAugmentation augmentation : List.of(PatchAugmentation.NONE, MOVING)) {
                final float[] both = new float[2 * spec.inputLength()];
                final float[] first = new float[2 * spec.inputSize().voxels()];
                final byte[][] labels = new byte[2][2 * spec.patchSize().voxels()];
                new PatchSampler(two, spec.patchSize(), 0.5, true, augmentation).drawLabeled(SeededRandom.of(seed), both,
                    labels[0], 1);
                new PatchSampler(one, spec.patchSize(), 0.5, true, augmentation).drawLabeled(SeededRandom.of(seed), first,
                    labels[1], 1);
                for (int v = 0; v < first.length; v++) {
                    assertEquals(first[v], both[2 * v], "the first channel is what a single one would be");
                    assertEquals(2 * both[2 * v], both[2 * v + 1], 1e-3, "voxel " + v + " of " + spec);
                }
                assertArrayEquals(labels[1], labels[0]);
            }
        }
    }

    /** One network may see what two sequences of one scanner never have: noise is drawn for each. */
    @Test
    void intensitiesChangeIndependently() {
        final NetworkSpec spec = SPECS.get(0);
        final PatchSampler sampler = new PatchSampler(List.of(loaded(spec, channel("a", ramp(1)), channel("b", ramp(1)))),
            spec.patchSize(), 0, false, PatchAugmentation.ofIntensities(List.of(GaussianNoise.DEFAULT)));
        final float[] patch = new float[spec.inputLength()];
        sampler.draw(SeededRandom.of(4), patch, 0);
        int same = 0;
        for (int v = 0; v < patch.length; v += 2) {
            same += patch[v] == patch[v + 1] ? 1 : 0;
        }
        assertTrue(same < 3, same + " of " + patch.length / 2 + " voxels have the same noise in both channels");
    }

    @Test
    void viewsMirrorAllChannelsAndColorEach() {
        final PatchSize size = new PatchSize(3, 1, 1);
        final float[] view = new float[7];
        PatchView.write(new float[]{9, 1, 10, 2, 20, 3, 30}, 1, size, 2, SeededRandom.of(1), 0, view, 1);
        assertArrayEquals(new float[]{0, 3, 30, 2, 20, 1, 10}, view);
        final PatchSize cube = PatchSize.cube(4);
        final float[] single = new float[64];
        final float[] both = new float[128];
        for (int v = 0; v < 64; v++) {
            single[v] = v % 7 - 3;
            both[2 * v] = single[v];
            both[2 * v + 1] = v < 32 ? -1 : single[v];
        }
        final float[] one = new float[64];
        final float[] two = new float[128];
        PatchView.write(single, 0, cube, SeededRandom.of(5), 1, one, 0);
        PatchView.write(both, 0, cube, 2, SeededRandom.of(5), 1, two, 0);
        int same = 0;
        for (int v = 0; v < 64; v++) {
            assertEquals(one[v], two[2 * v], "the first channel is what a single one would be");
            if (v < 32) {
                assertEquals(-1, two[2 * v + 1], "the background of each channel stays");
            } else {
                same += two[2 * v] == two[2 * v + 1] ? 1 : 0;
            }
        }
        assertEquals(0, same);
    }

    @Test
    void patchesAreCenteredWhereNoChannelIsBackground() {
        final NetworkSpec spec = SPECS.get(0);
        final float[] left = ramp(1);
        final float[] right = ramp(1);
        for (int v = 0; v < left.length; v++) {
            left[v] = v % SIZE[0] < 4 ? 0 : left[v];
            right[v] = v % SIZE[0] > 6 ? 0 : right[v];
        }
        final int[] content = loaded(spec, channel("a", left), channel("b", right)).content();
        assertEquals(3 * SIZE[1] * SIZE[2], content.length);
        for (final int v : content) {
            assertTrue(v % SIZE[0] >= 4 && v % SIZE[0] <= 6);
        }
        // nothing in common: anywhere
        final float[] rest = ramp(1);
        for (int v = 0; v < rest.length; v++) {
            rest[v] = v % SIZE[0] >= 4 ? 0 : rest[v];
        }
        assertEquals(rest.length, loaded(spec, channel("a", left), channel("b", rest)).content().length);
    }

    @Test
    void refusesAnotherGridAndWhatIsNoNumber() {
        final NetworkSpec spec = SPECS.get(0);
        final Geometry shifted = new Geometry(SIZE, new double[]{1, 1, 1}, new double[]{0, 0, 2.5},
            new double[]{1, 0, 0, 0, 1, 0, 0, 0, 1});
        final List<Geometry> others = List.of(shifted, Geometry.axial(SIZE, 1, 1, 1.2),
            new Geometry(SIZE, new double[]{1, 1, 1}, new double[3], new double[]{0, 1, 0, -1, 0, 0, 0, 0, 1}));
        for (final Geometry other : others) {
            final String message = messageOf(() -> loaded(spec, channel("FLAIR", ramp(1)), channel("T1", ramp(1), other)));
            assertTrue(message.contains("\"T1\" of subject s") && message.contains("onto the grid of column \"FLAIR\""),
                message);
        }
        assertTrue(messageOf(() -> loaded(spec, channel("FLAIR", ramp(1)), channel("T1", ramp(1), shifted)))
            .contains("(its center lies 2.50 mm away)"));
        final float[] holes = ramp(1);
        holes[3] = Float.NaN;
        final String nan = messageOf(() -> loaded(spec, channel("FLAIR", ramp(1)), channel("T1", holes)));
        assertTrue(nan.contains("\"T1\" of subject s") && nan.contains("NaN")
            && nan.contains("Volume Normalizer with \"Replace NaN and infinite voxels\""), nan);
    }

    private static String messageOf(final Runnable action) {
        return assertThrows(LearningException.class, action::run).getMessage();
    }

    @Test
    void countsTheChannelsOfTheCases() {
        final NetworkSpec spec = SPECS.get(0);
        final String message = messageOf(
            () -> CaseSet.load(List.of(source(channel("FLAIR", ramp(1)))), spec, c -> true, Progress.NONE));
        assertTrue(message.contains("has 2 channels") && message.contains("1 image column is chosen (FLAIR)"), message);
        final CaseSet both = CaseSet.load(List.of(source(channel("FLAIR", ramp(1)), channel("T1", ramp(2)))), spec,
            c -> true, Progress.NONE);
        final Map<String, String> options = both.addChannels(Map.of("steps", "3"));
        assertEquals(Map.of("steps", "3", "channel.1", "FLAIR", "channel.2", "T1"), options);
        assertEquals(List.of("FLAIR", "T1"), ChannelNames.of(options));
    }

    /** Computed here byte by byte: subject, site, role, voxels of the channels in order, labels; then over the cases. */
    @Test
    void theHashCoversAllChannels() throws Exception {
        final NetworkSpec two = SPECS.get(0);
        final NetworkSpec one = two.withInputChannels(1);
        final String single = CaseSet.load(List.of(source(channel("x", ramp(1)))), one, c -> true, Progress.NONE).hash();
        assertEquals(hash(ramp(1)), single);
        final String both = CaseSet.load(List.of(source(channel("x", ramp(1)), channel("y", ramp(2)))), two, c -> true,
            Progress.NONE).hash();
        assertEquals(hash(ramp(1), ramp(2)), both);
        assertNotEquals(hash(ramp(2), ramp(1)), both);
    }

    private static String hash(final float[]... channels) throws Exception {
        final MessageDigest each = MessageDigest.getInstance("SHA-256");
        each.update("s\nA\nTRAIN\n".getBytes(StandardCharsets.UTF_8));
        for (final float[] voxels : channels) {
            final ByteBuffer bytes = ByteBuffer.allocate(4 * voxels.length).order(ByteOrder.LITTLE_ENDIAN);
            for (final float v : voxels) {
                bytes.putFloat(v);
            }
            each.update(bytes.array());
        }
        each.update(labels());
        final String hex = HexFormat.of().formatHex(each.digest());
        return HexFormat.of()
            .formatHex(MessageDigest.getInstance("SHA-256").digest(hex.getBytes(StandardCharsets.US_ASCII)));
    }

    /** Of 100 lesion voxels 25 are centers, half of the time; the others are of the brain, and never labeled. */
    @Test
    void aQuarterOfTheLesionVoxelsIsFixed() {
        final Geometry grid = Geometry.axial(new int[]{20, 20, 4}, 1, 1, 1);
        final float[] voxels = new float[1600];
        final byte[] lesions = new byte[1600];
        for (int v = 0; v < voxels.length; v++) {
            voxels[v] = v % 20 < 5 ? -1 : v; // a quarter is background
            lesions[v] = (byte)(v % 20 == 10 && v / 20 % 5 != 0 ? 1 + v % 2 : v % 20 == 11 && v / 20 < 36 ? 2 : 0);
        }
        int count = 0;
        for (final byte l : lesions) {
            count += l != 0 ? 1 : 0;
        }
        assertEquals(100, count);
        final NetworkSpec spec = new NetworkSpec(Kind.UNET_3D, 1, 3, 1, 1, Norm.GROUP, PatchSize.cube(1));
        final LoadedCase loaded = new LoadedCase(new TrainingCase(() -> new Volume(voxels, grid, VolumeInfo.UNKNOWN),
            () -> new LabelVolume(lesions, grid, VolumeInfo.UNKNOWN, LabelSet.of("a", "b")), "s", "A", Role.TRAIN), spec,
            true);
        final List<Integer> first = lesionCenters(loaded, lesions, 1);
        assertEquals(25, first.size());
        assertEquals(first, lesionCenters(loaded, lesions, 1));
        assertNotEquals(first, lesionCenters(loaded, lesions, 2), "another seed, another quarter");
    }

    /** The distinct labeled centers of 2000 patches of one voxel, whose value is its index. */
    private static List<Integer> lesionCenters(final LoadedCase loaded, final byte[] lesions, final long seed) {
        final PatchSampler sampler = new PatchSampler(List.of(loaded), PatchSize.cube(1),
            PatchCenters.onSubset(PatchCenters.LESION_SHARE), seed, false, PatchAugmentation.NONE);
        final float[] images = new float[2000];
        final byte[] labels = new byte[2000];
        final List<Integer> centers = new ArrayList<>();
        int labeled = 0;
        for (int slot = 0; slot < images.length; slot++) {
            sampler.drawLabeled(SeededRandom.of(seed, slot), images, labels, slot);
            final int voxel = (int)images[slot];
            assertTrue(voxel >= 0, "never background");
            assertEquals(lesions[voxel], labels[slot]);
            if (labels[slot] != 0) {
                labeled++;
                centers.add(voxel);
            }
        }
        // binomial: 4 standard deviations
        assertEquals(1000, labeled, 4 * Math.sqrt(2000 * 0.25));
        return centers.stream().distinct().sorted().toList();
    }

    @Test
    void subsetsHaveAtLeastOneVoxelAndNeedNone() {
        final NetworkSpec spec = new NetworkSpec(Kind.UNET_3D, 1, 3, 1, 1, Norm.GROUP, PatchSize.cube(1));
        for (final byte label : new byte[]{0, 1}) {
            final byte[] all = new byte[8];
            Arrays.fill(all, label);
            final Geometry grid = Geometry.axial(new int[]{2, 2, 2}, 1, 1, 1);
            final LoadedCase loaded =
                new LoadedCase(new TrainingCase(() -> new Volume(new float[]{1, 2, 3, 4, 5, 6, 7, 8}, grid,
                    VolumeInfo.UNKNOWN), () -> new LabelVolume(all, grid, VolumeInfo.UNKNOWN, LabelSet.of("a")), "s", "A",
                    Role.TRAIN), spec, true);
            final PatchSampler sampler = new PatchSampler(List.of(loaded), PatchSize.cube(1), PatchCenters.onSubset(0.01), 1,
                false, PatchAugmentation.NONE);
            final float[] images = new float[50];
            final byte[] labels = new byte[50];
            for (int slot = 0; slot < images.length; slot++) {
                sampler.drawLabeled(SeededRandom.of(slot), images, labels, slot);
                assertEquals(label, labels[slot]);
                assertFalse(label == 1 && images[slot] != images[0], "one voxel is at least one percent of eight");
            }
        }
        assertThrows(IllegalArgumentException.class, () -> PatchCenters.onSubset(0));
        assertThrows(IllegalArgumentException.class, () -> PatchCenters.onForeground(1.5));
    }
}
