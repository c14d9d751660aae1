package org.scanbridge.imaging.atlas;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

import net.imglib2.parallel.TaskExecutor;
import net.imglib2.parallel.TaskExecutors;

class AtlasBuilderTest {

    private static final TaskExecutor WORKERS = TaskExecutors.fixedThreadPool(2);

    /** One subject on its own grid, without smoothing, is certain of everything. */
    @Test
    void oneSubjectGivesItsOwnLabels() {
        final AtlasBuilder.Subject subject = Heads.subjects(1).get(0);
        final Atlas atlas =
            new AtlasBuilder(new AtlasOptions(1, 0, 2, 0)).build(List.of(subject), WORKERS, Progress.NONE);
        final Geometry g = atlas.geometry();
        assertEquals(5, atlas.classes().size());
        assertEquals(LabelSet.of("CSF", "GM", "WM"), atlas.labels());
        int labeled = 0;
        for (int v = 0; v < g.voxelCount(); v++) {
            final double[] index = subject.labels().geometry()
                .index(g.position(v % g.size(0), v / g.size(0) % g.size(1), v / g.size(0) / g.size(1)));
            final int label = subject.labels().get((int)Math.round(index[0]), (int)Math.round(index[1]),
                (int)Math.round(index[2]));
            for (int c = 0; c < 3; c++) {
                assertEquals(label == c + 1 ? 255 : 0, atlas.prior(c)[v] & 0xff);
            }
            labeled += label > 0 ? 1 : 0;
        }
        int all = 0;
        for (final byte label : subject.labels().voxels()) {
            all += label != 0 ? 1 : 0;
        }
        assertEquals(all, labeled);
    }

    @Test
    void probabilitiesAddUpToOne() {
        final Atlas atlas = new AtlasBuilder(new AtlasOptions(2, 6, 3, 3)).build(Heads.subjects(3), WORKERS, Progress.NONE);
        assertEquals(3, atlas.subjects());
        for (int v = 0; v < atlas.geometry().voxelCount(); v++) {
            int sum = 0;
            for (int c = 0; c < atlas.classes().size(); c++) {
                sum += atlas.prior(c)[v] & 0xff;
            }
            assertTrue(sum == 0 || Math.abs(sum - 255) <= atlas.classes().size() / 2 + 1, "sum " + sum);
        }
    }

    /** Lloyd's clusters of 0, 0, 1, 10, 11, 30 are {0, 0, 1}, {10, 11}, {30}: bounds between 1/3, 10.5 and 30. */
    @Test
    void clustersOfKnownNumbers() {
        assertArrayEquals(new double[]{(1.0 / 3 + 10.5) / 2, (10.5 + 30) / 2},
            IntensityClusters.bounds(new double[]{30, 0, 10, 1, 11, 0}, 3), 1e-12);
        assertEquals(0, IntensityClusters.bounds(new double[]{5, 5, 5}, 8).length);
    }

    @Test
    void refusesWhatDoesNotGoTogether() {
        final AtlasBuilder builder = new AtlasBuilder(AtlasOptions.DEFAULT);
        assertThrows(ImagingException.class, () -> builder.build(List.of(), WORKERS, Progress.NONE));
        final Geometry g = Geometry.axial(new int[]{4, 4, 4}, 1, 1, 1);
        final Volume image = new Volume(new float[64], g, VolumeInfo.UNKNOWN);
        assertThrows(ImagingException.class, () -> new AtlasBuilder.Subject(image,
            new LabelVolume(new byte[64], g, VolumeInfo.UNKNOWN, LabelSet.of("A"))));
        final AtlasBuilder.Subject a = Heads.subjects(1).get(0);
        final AtlasBuilder.Subject b = new AtlasBuilder.Subject(a.image(), new LabelVolume(a.labels().voxels(),
            a.labels().geometry(), a.labels().info(), LabelSet.of("GM", "CSF", "WM")));
        final String message =
            assertThrows(ImagingException.class, () -> builder.build(List.of(a, b), WORKERS, Progress.NONE)).getMessage();
        assertTrue(message.contains("Label value 1 is called \"CSF\" in one segmentation and \"GM\""), message);
        assertThrows(IllegalArgumentException.class, () -> new AtlasOptions(0.1, 16, 8, 3));
        assertThrows(IllegalArgumentException.class, () -> new AtlasOptions(2, 16, 33, 3));
    }

    private static Atlas small() {
        return new Atlas(new Geometry(new int[]{2, 1, 2}, new double[]{2, 2, 2}, new double[]{-1.5, 2, 0.1},
            new double[]{1, 0, 0, 0, 0, -1, 0, 1, 0}), List.of(new AtlasClass(3, " a=b\\\tÄ"), new AtlasClass(0, "unlabeled 1")),
            new byte[][]{{0, (byte)255, 100, 1}, {(byte)255, 0, (byte)155, (byte)254}}, 7);
    }

    private static byte[] written(final Atlas atlas) throws IOException {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        AtlasArchive.write(atlas, out);
        return out.toByteArray();
    }

    @Test
    void anArchiveGivesTheAtlasBack() throws IOException {
        final Atlas atlas = small();
        final Atlas read = AtlasArchive.read(new ByteArrayInputStream(written(atlas)));
        assertEquals(atlas.geometry(), read.geometry());
        assertEquals(atlas.classes(), read.classes());
        assertEquals(7, read.subjects());
        assertArrayEquals(atlas.prior(0), read.prior(0));
        assertArrayEquals(atlas.prior(1), read.prior(1));
        assertArrayEquals(written(atlas), written(read));
    }

    /** As the class comment has it, so that other programs can read it. */
    @Test
    void theFormatIsTheDocumentedOne() throws IOException {
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(written(small())))) {
            final ZipEntry header = zip.getNextEntry();
            assertEquals("atlas.properties", header.getName());
            final String text = new String(zip.readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(text.startsWith("format=1\nsubjects=7\nsize=2 1 2\nspacing=2.0 2.0 2.0\norigin=-1.5 2.0 0.1\n"
                + "direction=1.0 0.0 0.0 0.0 0.0 -1.0 0.0 1.0 0.0\nclasses=2\nclass.0.label=3\n"), text);
            assertEquals("priors.bin", zip.getNextEntry().getName());
            assertArrayEquals(new byte[]{0, -1, 100, 1, -1, 0, -101, -2}, zip.readAllBytes());
        }
    }

    @Test
    void damagedArchivesAreRefused() throws IOException {
        final byte[] none = new byte[10];
        assertTrue(assertThrows(IOException.class, () -> AtlasArchive.read(new ByteArrayInputStream(none))).getMessage()
            .contains("atlas.properties is missing"));
        final byte[] bytes = written(small());
        for (int n = 0; n < bytes.length; n += 7) {
            final byte[] cut = Arrays.copyOf(bytes, n);
            // the directory at the end is not needed for reading
            if (n < 250) {
                assertThrows(IOException.class, () -> AtlasArchive.read(new ByteArrayInputStream(cut)), "cut at " + cut.length);
            }
        }
    }
}
