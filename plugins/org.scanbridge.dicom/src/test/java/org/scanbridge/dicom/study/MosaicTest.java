package org.scanbridge.dicom.study;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.scanbridge.dicom.TestSlices;
import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.DataSetBuilder;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.data.Uid;
import org.scanbridge.dicom.data.VR;
import org.scanbridge.dicom.series.Problem;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.Volume;

/**
 * Mosaics of seven 8×6 tiles of 2.5 mm × 3 mm, 4.4 mm apart, at Image Position (-120.5, 33.25, 17.125). Where the first
 * pixels of the first and the last tile lie is what dcm2niix 1.0.20260724 makes of the same files, in LPS.
 */
class MosaicTest {

    private static final int TILES = 7;

    private static final String AXIAL = "1 0 0 0 1 0";

    @TempDir
    private Path m_root;

    private final ExecutorService m_executor = Executors.newFixedThreadPool(2);

    @AfterEach
    void stop() {
        m_executor.shutdownNow();
    }

    private Study read() throws IOException {
        return new DicomStudyReader(DicomStudyOptions.defaults()).read(m_root, Progress.NONE, m_executor);
    }

    private static double[] numbers(final String text) {
        return java.util.Arrays.stream(text.split(" ")).mapToDouble(Double::parseDouble).toArray();
    }

    /** Tile k holds 1000 t + 100 k + 8 y + x + 1 (y row, x column); nine places, of which two stay 0. */
    private static DataSetBuilder mosaic(final String axes, final int t) {
        final ByteBuffer pixels = ByteBuffer.allocate(2 * 24 * 18).order(ByteOrder.LITTLE_ENDIAN);
        for (int r = 0; r < 18; r++) {
            for (int c = 0; c < 24; c++) {
                final int k = r / 6 * 3 + c / 8;
                pixels.putShort((short)(k < TILES ? 1000 * t + 100 * k + r % 6 * 8 + c % 8 + 1 : 0));
            }
        }
        return TestSlices.axial(0, 0).text(Tag.SOP_INSTANCE_UID, Uid.derived("mosaic" + t)).text(Tag.MODALITY, "MR")
            .numbers(Tag.ROWS, 18).numbers(Tag.COLUMNS, 24).numbers(Tag.PIXEL_SPACING, 3, 2.5)
            .numbers(Tag.IMAGE_ORIENTATION_PATIENT, numbers(axes))
            .numbers(Tag.IMAGE_POSITION_PATIENT, -120.5, 33.25, 17.125).numbers(Tag.SLICE_THICKNESS, 4)
            .numbers(Tag.SPACING_BETWEEN_SLICES, 4.4).numbers(Tag.INSTANCE_NUMBER, t + 1)
            .bytes(Tag.PIXEL_DATA, VR.OW, pixels.array());
    }

    /** A CSA header of one form or the other, as nibabel documents them, items padded to six as scanners do. */
    private static byte[] csa(final boolean newer, final String[]... tags) {
        final ByteBuffer out = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
        if (newer) {
            out.put("SV10".getBytes(StandardCharsets.US_ASCII)).putInt(0x01020304);
        }
        out.putInt(tags.length).putInt(77);
        for (final String[] tag : tags) {
            final int start = out.position();
            out.put(tag[0].getBytes(StandardCharsets.US_ASCII)).position(start + 64);
            final int items = tag.length == 1 ? 0 : 6;
            out.putInt(tag.length - 1).put(new byte[]{'F', 'D', 0, 0}).putInt(0).putInt(items).putInt(77);
            for (int i = 1; i <= items; i++) {
                final byte[] text = i < tag.length ? (tag[i] + "\0").getBytes(StandardCharsets.US_ASCII) : new byte[0];
                // the older form adds the number of items of the first tag
                out.putInt(newer ? text.length : text.length + 6).putInt(text.length).putInt(77).putInt(text.length);
                out.put(text).position((out.position() + 3) / 4 * 4);
            }
        }
        return java.util.Arrays.copyOf(out.array(), out.position() + 4);
    }

    private static String[] vector(final String name, final double[] v) {
        return new String[]{name, text(v[0]), text(v[1]), text(v[2])};
    }

    private static String text(final double v) {
        return String.format(Locale.ROOT, "%.8f", v);
    }

    private static DataSetBuilder siemens(final String axes, final int side, final boolean newer, final int t) {
        final double[] a = numbers(axes);
        final double[] n = {side * (a[1] * a[5] - a[2] * a[4]), side * (a[2] * a[3] - a[0] * a[5]),
            side * (a[0] * a[4] - a[1] * a[3])};
        final byte[] header = csa(newer, new String[]{"EchoLinePosition", "32"},
            new String[]{"NumberOfImagesInMosaic", "" + TILES}, vector("SliceNormalVector", n),
            new String[]{"B_value", "" + 1000 * t},
            t == 0 ? new String[]{"DiffusionGradientDirection"}
                : vector("DiffusionGradientDirection", new double[]{0.6, 0.8, 0}));
        return mosaic(axes, t).text(Tag.IMAGE_TYPE, "ORIGINAL", "PRIMARY", "M", "ND", "MOSAIC")
            .bytes(0x00290010, VR.LO, "SIEMENS CSA HEADER".getBytes(StandardCharsets.US_ASCII))
            .bytes(0x00291010, VR.OB, header);
    }

    private void check(final StudySeries series, final int t, final String first, final String last) throws IOException {
        final Volume v = series.readVolume();
        final Geometry g = v.geometry();
        assertArrayEquals(new int[]{8, 6, TILES}, g.size());
        assertArrayEquals(new double[]{2.5, 3, 4.4}, g.spacing(), 1e-6);
        for (int k = 0; k < TILES; k++) {
            final int tile = (int)(v.get(0, 0, k) - 1000 * t - 1) / 100;
            if (tile == 0 || tile == TILES - 1) {
                assertArrayEquals(numbers(tile == 0 ? first : last), g.position(0, 0, k), 1e-3);
            }
            for (int y = 0; y < 6; y++) {
                for (int x = 0; x < 8; x++) {
                    assertEquals(1000 * t + 100 * tile + 8 * y + x + 1, v.get(x, y, k));
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({ //
        "1 0 0 0 1 0,1,-100.5 51.25 17.125,-100.5 51.25 43.525", //
        "1 0 0 0 1 0,-1,-100.5 51.25 17.125,-100.5 51.25 -9.275", //
        "0.96 0.28 0 -0.224 0.768 0.6,1,-105.332 52.674 27.925,-100.897 37.468 49.045", //
        "0 1 0 0 0 -1,1,-120.5 53.25 -0.875,-146.9 53.25 -0.875", //
        "0 1 0 0 0 -1,-1,-120.5 53.25 -0.875,-94.1 53.25 -0.875", //
        "1 0 0 0 0 -1,1,-100.5 33.25 -0.875,-100.5 59.65 -0.875"})
    void siemensMosaicsLieWhereDcm2niixPutsThem(final String axes, final int side, final String first, final String last)
        throws IOException {
        for (final boolean newer : new boolean[]{true, false}) {
            for (int t = 0; t < 2; t++) {
                TestSlices.write(m_root.resolve("A/" + t), siemens(axes, side, newer, t));
            }
            final Study study = read();
            assertEquals(List.of(), study.problems());
            assertEquals(List.of("b=0", "b=1000"), study.series().stream().map(StudySeries::part).sorted().toList());
            for (final StudySeries series : study.series()) {
                check(series, series.part().equals("b=0") ? 0 : 1, first, last);
                assertEquals(1, series.fileCount());
            }
        }
    }

    /** The positions of United Imaging's tiles stand in a private sequence. */
    @ParameterizedTest
    @CsvSource({ //
        "1 0 0 0 1 0,1,-120.5 33.25 17.125,-120.5 33.25 43.525", //
        "0.96 0.28 0 -0.224 0.768 0.6,1,-120.5 33.25 17.125,-116.065 18.044 38.245", //
        "0 1 0 0 0 -1,-1,-120.5 33.25 17.125,-94.1 33.25 17.125"})
    void unitedImagingMosaicsLieWhereDcm2niixPutsThem(final String axes, final int side, final String first,
        final String last) throws IOException {
        final double[] a = numbers(axes);
        final double[] n = {a[1] * a[5] - a[2] * a[4], a[2] * a[3] - a[0] * a[5], a[0] * a[4] - a[1] * a[3]};
        final DataSet[] items = new DataSet[TILES];
        for (int k = 0; k < TILES; k++) {
            items[k] = DataSet.builder().numbers(Tag.IMAGE_POSITION_PATIENT, -120.5 + side * 4.4 * k * n[0],
                33.25 + side * 4.4 * k * n[1], 17.125 + side * 4.4 * k * n[2]).build();
        }
        for (int t = 0; t < 2; t++) {
            TestSlices.write(m_root.resolve("A/" + t), mosaic(axes, t).text(Tag.IMAGE_TYPE, "ORIGINAL", "PRIMARY", "M", "VFRAME")
                .bytes(0x00650010, VR.LO, "Image Private Header".getBytes(StandardCharsets.US_ASCII))
                .bytes(0x00651050, VR.DS, "7 ".getBytes(StandardCharsets.US_ASCII)).items(0x00651051, items));
        }
        final Study study = read();
        assertEquals(List.of(), study.problems());
        assertEquals(List.of("volume=1", "volume=2"), study.series().stream().map(StudySeries::part).sorted().toList());
        for (final StudySeries series : study.series()) {
            check(series, series.part().equals("volume=1") ? 0 : 1, first, last);
        }
    }

    @Test
    void mosaicWithoutPrivateHeaderIsNamed() throws IOException {
        TestSlices.write(m_root.resolve("A/0"), mosaic(AXIAL, 0).text(Tag.IMAGE_TYPE, "ORIGINAL", "PRIMARY", "MOSAIC"));
        final Problem p = read().problems().get(0);
        assertEquals("A/0", p.file());
        assertTrue(p.message().contains("mosaic") && p.message().contains("CSA header"), p.message());
        assertEquals(List.of(), read().series());
    }

    /** Archives that remove the CSA header may keep the number of slices in another private block. */
    @Test
    void numberOfSlicesMayStandInTheOtherPrivateBlock() throws IOException {
        TestSlices.write(m_root.resolve("A/0"), mosaic(AXIAL, 0).text(Tag.IMAGE_TYPE, "ORIGINAL", "PRIMARY", "MOSAIC")
            .bytes(0x00190010, VR.LO, "SIEMENS MR HEADER ".getBytes(StandardCharsets.US_ASCII))
            .bytes(0x0019100A, VR.US, new byte[]{TILES, 0}));
        check(read().series().get(0), 0, "-100.5 51.25 17.125", "-100.5 51.25 43.525");
    }

    @Test
    void brokenPrivateHeaderIsNoCrash() throws IOException {
        final byte[] whole = csa(true, new String[]{"NumberOfImagesInMosaic", "" + TILES});
        for (int cut = 0; cut < whole.length; cut += 3) {
            TestSlices.write(m_root.resolve("A/0"), mosaic(AXIAL, 0).text(Tag.IMAGE_TYPE, "ORIGINAL", "PRIMARY", "MOSAIC")
                .bytes(0x00290010, VR.LO, "SIEMENS CSA HEADER".getBytes(StandardCharsets.US_ASCII))
                .bytes(0x00291010, VR.OB, java.util.Arrays.copyOf(whole, cut / 2 * 2)));
            final Study study = read();
            assertEquals(1, study.series().size() + study.problems().size(), "cut at " + cut);
        }
    }

    /** Motion correction moves each volume by fractions of a voxel. */
    @Test
    void mosaicsAtDifferentPlacesAreVolumesEach() throws IOException {
        for (int t = 0; t < 3; t++) {
            TestSlices.write(m_root.resolve("A/" + t), siemens(AXIAL, 1, true, t).remove(Tag.ACQUISITION_NUMBER)
                .numbers(Tag.IMAGE_POSITION_PATIENT, -120.5 + 0.25 * t, 33.25, 17.125 + 0.5 * t));
        }
        final Study study = read();
        assertEquals(List.of(), study.problems());
        assertEquals(3, study.series().size());
        for (final StudySeries series : study.series()) {
            final int t = Integer.parseInt(series.part().substring(7)) - 1;
            final String z = " 51.25 " + (17.125 + 0.5 * t);
            check(series, t, -100.5 + 0.25 * t + z, -100.5 + 0.25 * t + " 51.25 " + (43.525 + 0.5 * t));
        }
    }
}
