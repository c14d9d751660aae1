package org.scanbridge.imaging.atlas;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.atlas.AtlasBuilder.Subject;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.resample.GridWindow;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

import net.imglib2.parallel.TaskExecutor;
import net.imglib2.parallel.TaskExecutors;

/**
 * Atlases of images that show less than the margin around the labels, and images that show less than the atlas: tight crops,
 * cut-out brains, padding, parts. All with the default settings, whose margin of 16 mm is half the width of these heads.
 */
class AtlasCropsTest {

    private static final TaskExecutor WORKERS = TaskExecutors.fixedThreadPool(2);

    private static Atlas tight;

    @BeforeAll
    static void build() {
        tight = atlas(LongStream.range(100, 103).mapToObj(a -> around(head(a, Heads.T1), 2)).toList());
    }

    private static Atlas atlas(final List<Subject> subjects) {
        return new AtlasBuilder(AtlasOptions.DEFAULT).build(subjects, WORKERS, Progress.NONE);
    }

    private static Subject head(final long anatomy, final double[] means) {
        final LabelVolume labels = Heads.labels(anatomy);
        return new Subject(Heads.scan(labels, means, 0.1, anatomy), labels);
    }

    private static Subject window(final Subject s, final GridWindow w) {
        return new Subject(w.apply(s.image(), 0), w.apply(s.labels()));
    }

    private static Subject around(final Subject s, final int margin) {
        return window(s, GridWindow.around(s.labels(), margin));
    }

    private static Subject padded(final Subject s) {
        return window(s, GridWindow.padded(s.image().geometry(), 20, 23, 18));
    }

    private static Subject cutOut(final Subject s) {
        final float[] x = s.image().voxels().clone();
        for (int v = 0; v < x.length; v++) {
            x[v] = s.labels().voxels()[v] == 0 ? 0 : x[v];
        }
        return new Subject(s.image().withVoxels(x), s.labels());
    }

    private static Subject part(final Subject s, final int[] from, final int[] size) {
        return window(s, new GridWindow(s.image().geometry(), from, size));
    }

    private static double meanDice(final Atlas atlas, final Subject target) {
        final LabelVolume labels = new AtlasSegmenter(atlas, SegmenterOptions.DEFAULT)
            .segment(target.image(), false, WORKERS, Progress.NONE).labels();
        return (Heads.dice(labels, target.labels(), 1) + Heads.dice(labels, target.labels(), 2)
            + Heads.dice(labels, target.labels(), 3)) / 3;
    }

    private static void segments(final Atlas atlas, final Subject target) {
        final double dice = meanDice(atlas, target);
        assertTrue(dice > 0.85, "mean Dice " + dice);
    }

    @Test
    void anAtlasOfTightlyCroppedImagesSegmentsSuchImages() {
        segments(tight, around(head(7, Heads.T2), 0));
    }

    @Test
    void itSegmentsACutOutAndPaddedImage() {
        segments(tight, padded(cutOut(around(head(7, Heads.T1), 1))));
    }

    @Test
    void itSegmentsASlab() {
        segments(tight, part(head(7, Heads.T2), new int[]{0, 0, 25}, new int[]{64, 64, 20}));
    }

    /** One whole head, one half, one slab without padding and one with: each place is averaged over those that show it. */
    @Test
    void subjectsMayShowDifferentParts() {
        final Atlas atlas = atlas(List.of(head(100, Heads.T1), part(head(101, Heads.T1), new int[]{0, 0, 25}, new int[]{64, 64, 39}),
            around(head(102, Heads.T1), 0), padded(cutOut(head(103, Heads.T1)))));
        segments(atlas, head(7, Heads.T2));
    }

    /** Wherever a window lies, the atlas of one image says something of what lies in it, and nothing else. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void anAtlasSaysNothingOfWhatNoImageShows(final int seed) {
        final SeededRandom random = new SeededRandom(seed);
        final int[] from = new int[3];
        final int[] size = new int[3];
        for (int a = 0; a < 3; a++) {
            from[a] = (int)random.uniform(0, 24);
            size[a] = (int)random.uniform(16, 64 - from[a]);
        }
        final Subject subject = part(head(100, Heads.T1), from, size);
        final Atlas atlas = atlas(List.of(subject));
        final Geometry g = atlas.geometry();
        final Geometry image = subject.image().geometry();
        final int[] low = GridWindow.around(subject.labels(), 0).from();
        final int[] labeled = GridWindow.around(subject.labels(), 0).geometry().size();
        long inside = 0;
        for (int v = 0; v < g.voxelCount(); v++) {
            final double[] index = image.index(g.position(v % g.size(0), v / g.size(0) % g.size(1), v / g.size(0) / g.size(1)));
            int sum = 0;
            for (int c = 0; c < atlas.classes().size(); c++) {
                sum += atlas.prior(c)[v] & 0xff;
            }
            boolean isIn = true;
            boolean isOut = false;
            for (int a = 0; a < 3; a++) {
                isIn &= index[a] >= 0.5 && index[a] <= image.size(a) - 1.5;
                // the extent of an atlas voxel is 1 mm to both sides of its center, that of the image half a millimeter
                isOut |= index[a] < -1.01 || index[a] > image.size(a) + 0.01;
            }
            assertTrue(!isIn || sum > 240, "sum " + sum + " at " + Arrays.toString(index));
            assertFalse(isOut && sum > 0, "sum " + sum + " at " + Arrays.toString(index));
            inside += sum > 0 ? 8 : 0;
        }
        // all of the image that is no farther than the margin from a label, by its volume
        double shown = 1;
        double most = 1;
        for (int a = 0; a < 3; a++) {
            shown *= Math.min(size[a], low[a] + labeled[a] + 14) - Math.max(0, low[a] - 14);
            most *= Math.min(size[a] + 2, low[a] + labeled[a] + 19) - Math.max(-2, low[a] - 19);
        }
        assertTrue(inside >= 0.8 * shown && inside <= most, inside + " mm³ of " + shown + " to " + most);
    }

    /** Also where padding is not the lowest value. */
    @Test
    void paddingChangesNothing() {
        final Subject subject = around(head(100, Heads.T1), 3);
        final GridWindow window = GridWindow.padded(subject.image().geometry(), 9, 4, 6);
        final Atlas plain = atlas(List.of(subject));
        for (final float fill : new float[]{0, -1000, 55}) {
            final Atlas padded =
                atlas(List.of(new Subject(window.apply(subject.image(), fill), window.apply(subject.labels()))));
            assertTrue(padded.geometry().sameGrid(plain.geometry()), padded.geometry() + " and " + plain.geometry());
            assertEquals(plain.classes(), padded.classes());
            for (int c = 0; c < plain.classes().size(); c++) {
                assertArrayEquals(plain.prior(c), padded.prior(c));
            }
        }
    }

    /** A stick of 4 × 4 × 300 mm shows less than half of itself in an atlas of 60 mm, wherever it lies. */
    @Test
    void namesAnImageThatShowsSomethingElse() {
        final byte[][] priors = new byte[2][27_000];
        for (int v = 0; v < 27_000; v++) {
            priors[v / 7 % 2][v] = (byte)255;
        }
        final Atlas cube = new Atlas(Geometry.axial(new int[]{30, 30, 30}, 2, 2, 2),
            List.of(new AtlasClass(1, "tissue"), new AtlasClass(0, "unlabeled 1")), priors, 1);
        final Geometry g = Geometry.axial(new int[]{4, 4, 300}, 1, 1, 1);
        final float[] x = new float[g.voxelCount()];
        final SeededRandom random = new SeededRandom(3);
        for (int v = 0; v < x.length; v++) {
            x[v] = (float)random.uniform(0, 100);
        }
        final Volume stick = new Volume(x, g, new VolumeInfo("MR", "B", "stick", "", ""));
        final String message = assertThrows(ImagingException.class, () -> new AtlasSegmenter(cube, SegmenterOptions.DEFAULT)
            .segment(stick, false, WORKERS, Progress.NONE)).getMessage();
        assertTrue(message.contains("subject \"stick\" cannot be laid upon the atlas"), message);
        assertTrue(message.contains("less than 30 % of the atlas and less than 50 % of the image"), message);
    }

    @Test
    void oneLabelEverywhereIsRefused() {
        final Geometry g = Geometry.axial(new int[]{8, 8, 8}, 1, 1, 1);
        final byte[] all = new byte[512];
        Arrays.fill(all, (byte)1);
        final float[] x = new float[512];
        for (int v = 0; v < x.length; v++) {
            x[v] = v % 7;
        }
        final VolumeInfo info = new VolumeInfo("MR", "A", "s", "", "");
        final Subject subject = new Subject(new Volume(x, g, info), new LabelVolume(all, g, info, LabelSet.of("brain")));
        final String message = assertThrows(ImagingException.class, () -> atlas(List.of(subject))).getMessage();
        assertTrue(message.contains("All that the images show is labeled \"brain\""), message);
        // two labels and nothing else tell something
        all[0] = 2;
        assertEquals(2, atlas(List.of(new Subject(subject.image(),
            new LabelVolume(all, g, info, LabelSet.of("brain", "stem"))))).classes().size());
    }
}
