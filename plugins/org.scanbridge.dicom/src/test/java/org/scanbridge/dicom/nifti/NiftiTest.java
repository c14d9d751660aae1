package org.scanbridge.dicom.nifti;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.scanbridge.dicom.TestVolumes;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

class NiftiTest {

    @TempDir
    private Path m_folder;

    /** A NIfTI-1 header of 2×1×1 voxels, spacing 2, 3, 4 mm, voxels from byte 352. */
    private static ByteBuffer header(final ByteOrder order, final NiftiType type, final int extra) {
        final ByteBuffer h = ByteBuffer.allocate(352 + extra).order(order);
        h.putInt(0, 348).putShort(40, (short)3).putShort(42, (short)2).putShort(44, (short)1).putShort(46, (short)1);
        h.putShort(70, (short)type.code()).putShort(72, (short)(8 * type.bytes()));
        h.putFloat(76, 1).putFloat(80, 2).putFloat(84, 3).putFloat(88, 4).putFloat(108, 352);
        h.put(123, (byte)2).put(344, (byte)'n').put(345, (byte)'+').put(346, (byte)'1');
        return h;
    }

    private Volume read(final ByteBuffer file) throws IOException {
        final Path path = m_folder.resolve("image.nii");
        Files.write(path, file.array());
        return NiftiReader.readVolume(path, VolumeInfo.UNKNOWN);
    }

    @Test
    void sformTellsThePlace() throws IOException {
        final ByteBuffer h = header(ByteOrder.BIG_ENDIAN, NiftiType.INT16, 4);
        h.putShort(254, (short)1).putShort(352, (short)-7).putShort(354, (short)300);
        // i runs to the Left (RAS -x), j to the Superior, k to the Anterior; origin 10, 20, 30 in RAS
        final float[] rows = {-2, 0, 0, 10, 0, 0, 4, 20, 0, 3, 0, 30};
        for (int i = 0; i < 12; i++) {
            h.putFloat(280 + 4 * i, rows[i]);
        }
        h.putFloat(112, 0.5f).putFloat(116, 1);
        final Volume v = read(h);
        assertArrayEquals(new float[]{-2.5f, 151}, v.voxels());
        // LPS: x and y negated
        assertArrayEquals(new double[]{-10, -20, 30}, v.geometry().origin(), 1e-9);
        assertArrayEquals(new double[]{-10 + 2, -20, 30}, v.geometry().position(1, 0, 0), 1e-9);
        assertArrayEquals(new double[]{-10, -20, 33}, v.geometry().position(0, 1, 0), 1e-9);
        assertArrayEquals(new double[]{-10, -24, 30}, v.geometry().position(0, 0, 1), 1e-9);
    }

    @Test
    void qformTellsThePlaceWhereThereIsNoSform() throws IOException {
        final ByteBuffer h = header(ByteOrder.LITTLE_ENDIAN, NiftiType.UINT8, 2);
        h.putShort(252, (short)1).putFloat(76, -1).putFloat(264, (float)Math.sqrt(0.5)).putFloat(268, 5);
        final Volume v = read(h);
        // a quarter turn about z takes i to +y and j to -x of RAS; qfac -1 turns k round
        assertArrayEquals(new double[]{-5, -2, 0}, v.geometry().position(1, 0, 0), 1e-6);
        assertArrayEquals(new double[]{-5 + 3, 0, 0}, v.geometry().position(0, 1, 0), 1e-6);
        assertArrayEquals(new double[]{-5, 0, -4}, v.geometry().position(0, 0, 1), 1e-6);
    }

    @Test
    void withoutBothTheSpacingIsKept() throws IOException {
        final Volume v = read(header(ByteOrder.LITTLE_ENDIAN, NiftiType.FLOAT64, 16).putDouble(352, 1e-3));
        assertArrayEquals(new double[]{2, 3, 4}, v.geometry().spacing());
        assertEquals(1e-3f, v.get(0, 0, 0));
    }

    @Test
    void nifti2() throws IOException {
        final ByteBuffer h = ByteBuffer.allocate(544 + 8).order(ByteOrder.LITTLE_ENDIAN);
        h.putInt(0, 540).put(4, (byte)'n').put(5, (byte)'+').put(6, (byte)'2').putShort(12, (short)16);
        h.putLong(16, 3).putLong(24, 2).putLong(32, 1).putLong(40, 1).putDouble(112, 1).putDouble(120, 1)
            .putDouble(128, 1).putLong(168, 544).putInt(500, 2).putInt(348, 2);
        h.putDouble(400, 1.5).putDouble(400 + 40, 1).putDouble(400 + 80, 1).putDouble(424, 8);
        h.putFloat(544, 1.25f).putFloat(548, -3);
        final Volume v = read(h);
        assertArrayEquals(new float[]{1.25f, -3}, v.voxels());
        assertArrayEquals(new double[]{-9.5, 0, 0}, v.geometry().position(1, 0, 0), 1e-12);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.nii", "a.nii.gz"})
    void imagesAndLabelsComeBack(final String name) throws IOException {
        final Geometry g = TestVolumes.oblique(7, 5, 4);
        final Volume v = TestVolumes.ramp(g);
        NiftiWriter.write(m_folder.resolve(name), v);
        final Volume read = NiftiReader.readVolume(m_folder.resolve(name), VolumeInfo.UNKNOWN);
        assertArrayEquals(v.voxels(), read.voxels());
        final LabelVolume labels = TestVolumes.labels(g, LabelSet.of("a"), 1, 1, 255);
        NiftiWriter.write(m_folder.resolve(name), labels);
        final LabelVolume readLabels =
            NiftiReader.readLabels(m_folder.resolve(name), VolumeInfo.UNKNOWN, LabelSet.of("a"));
        assertArrayEquals(labels.voxels(), readLabels.voxels());
        for (final int[] at : new int[][]{{0, 0, 0}, {6, 4, 3}, {2, 0, 3}}) {
            assertArrayEquals(g.position(at[0], at[1], at[2]), read.geometry().position(at[0], at[1], at[2]), 1e-4);
        }
    }

    @Test
    void writtenQformAndSformAgree() throws IOException {
        final Random random = new Random(11);
        for (int n = 0; n < 50; n++) {
            final Geometry g = random(random);
            final byte[] header = NiftiHeader.bytes(g, NiftiType.UINT8);
            final Geometry bySform = NiftiHeader.of(header).geometry();
            ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).putShort(254, (short)0);
            final Geometry byQform = NiftiHeader.of(header).geometry();
            assertArrayEquals(g.direction(), bySform.direction(), 1e-6);
            // near a half turn the scalar part of the quaternion is the root of a rounding error
            assertArrayEquals(g.direction(), byQform.direction(), 1e-3, g.toString());
            assertArrayEquals(g.origin(), byQform.origin(), 1e-4);
        }
    }

    /** Any orientation, half of them left-handed, some with quaternions whose scalar part is 0. */
    private static Geometry random(final Random random) {
        final double[] a = {random.nextInt(3) - 1, random.nextInt(3) - 1, random.nextInt(3) - 1};
        if (random.nextBoolean()) {
            Arrays.setAll(a, i -> random.nextGaussian());
        }
        if (a[0] == 0 && a[1] == 0 && a[2] == 0) {
            a[0] = 1;
        }
        final double length = Math.sqrt(a[0] * a[0] + a[1] * a[1] + a[2] * a[2]);
        final double t = random.nextBoolean() ? Math.PI : random.nextDouble() * 6;
        final double c = Math.cos(t);
        final double s = Math.sin(t);
        final double x = a[0] / length;
        final double y = a[1] / length;
        final double z = a[2] / length;
        final double hand = random.nextBoolean() ? 1 : -1;
        return new Geometry(new int[]{4, 3, 2}, new double[]{0.5, 1, 2.5}, new double[]{random.nextDouble() * 100, -7, 3},
            new double[]{c + x * x * (1 - c), y * x * (1 - c) + z * s, z * x * (1 - c) - y * s,
                x * y * (1 - c) - z * s, c + y * y * (1 - c), z * y * (1 - c) + x * s,
                hand * (x * z * (1 - c) + y * s), hand * (y * z * (1 - c) - x * s), hand * (c + z * z * (1 - c))});
    }

    @Test
    void pairOfFiles() throws IOException {
        final ByteBuffer h = header(ByteOrder.LITTLE_ENDIAN, NiftiType.UINT16, 0);
        h.put(345, (byte)'i').putFloat(108, 0);
        Files.write(m_folder.resolve("a.hdr"), Arrays.copyOf(h.array(), 348));
        final NiftiException missing = assertThrows(NiftiException.class,
            () -> NiftiReader.readVolume(m_folder.resolve("a.hdr"), VolumeInfo.UNKNOWN));
        assertTrue(missing.getMessage().contains(".img"), missing.getMessage());
        Files.write(m_folder.resolve("a.img"), new byte[]{1, 0, -1, -1});
        assertArrayEquals(new float[]{1, 65535},
            NiftiReader.readVolume(m_folder.resolve("a.hdr"), VolumeInfo.UNKNOWN).voxels());
    }

    @Test
    void defectsAreNamed() throws IOException {
        final ByteBuffer timeSeries = header(ByteOrder.LITTLE_ENDIAN, NiftiType.UINT8, 20);
        timeSeries.putShort(40, (short)4).putShort(48, (short)5);
        assertTrue(assertThrows(NiftiException.class, () -> read(timeSeries)).getMessage().contains("Dimension 4 is 5"));
        final ByteBuffer vector = header(ByteOrder.LITTLE_ENDIAN, NiftiType.UINT8, 20);
        vector.putShort(40, (short)5).putShort(48, (short)1).putShort(50, (short)3).putShort(68, (short)1006);
        final String message = assertThrows(NiftiException.class, () -> read(vector)).getMessage();
        assertTrue(message.contains("Dimension 5 is 3 (intent 1006, displacement vectors)"), message);
        final ByteBuffer complex = header(ByteOrder.LITTLE_ENDIAN, NiftiType.UINT8, 20).putShort(70, (short)32);
        assertTrue(assertThrows(NiftiException.class, () -> read(complex)).getMessage().contains("Data type 32"));
        final ByteBuffer cut = header(ByteOrder.LITTLE_ENDIAN, NiftiType.FLOAT32, 7);
        assertTrue(assertThrows(NiftiException.class, () -> read(cut)).getMessage().contains("before its last voxel"));
        final ByteBuffer sheared = header(ByteOrder.LITTLE_ENDIAN, NiftiType.UINT8, 2);
        sheared.putShort(254, (short)1).putFloat(280, 1).putFloat(284, 1).putFloat(300, 1).putFloat(320, 1);
        assertTrue(assertThrows(NiftiException.class, () -> read(sheared)).getMessage().contains("not perpendicular"));
        final ByteBuffer half = header(ByteOrder.LITTLE_ENDIAN, NiftiType.FLOAT32, 8).putFloat(352, 0.5f);
        read(half);
        assertTrue(assertThrows(NiftiException.class, () -> NiftiReader.readLabels(m_folder.resolve("image.nii"),
            VolumeInfo.UNKNOWN, LabelSet.of("a"))).getMessage().contains("0.5"));
        Files.writeString(m_folder.resolve("text.nii"), "no image");
        assertThrows(NiftiException.class,
            () -> NiftiReader.readVolume(m_folder.resolve("text.nii"), VolumeInfo.UNKNOWN));
    }

    @Test
    void mutantsAreReadOrRefused() throws IOException {
        final Random random = new Random(5);
        final ByteBuffer seed = header(ByteOrder.LITTLE_ENDIAN, NiftiType.INT16, 4);
        seed.putShort(254, (short)1).putFloat(280, 2).putFloat(300, 3).putFloat(320, 4);
        for (int n = 0; n < 2000; n++) {
            final byte[] bytes = seed.array().clone();
            for (int c = 0; c < 3; c++) {
                bytes[random.nextInt(bytes.length)] = (byte)random.nextInt(256);
            }
            try {
                read(ByteBuffer.wrap(bytes));
            } catch (final NiftiException e) {
                assertTrue(e.getMessage().length() > 10);
            }
        }
    }

    /** nifti1.h: DT_RGB24 and DT_RGBA32 are bytes of red, green, blue and alpha; luminance by ITU-R BT.601. */
    @Test
    void colorsBecomeLuminance() throws IOException {
        final ByteBuffer rgb = header(ByteOrder.LITTLE_ENDIAN, NiftiType.RGB24, 6);
        rgb.put(352, (byte)100).put(353, (byte)200).put(354, (byte)50).put(355, (byte)7).put(356, (byte)7).put(357, (byte)7);
        rgb.putFloat(112, 3);
        // 0.299 * 100 + 0.587 * 200 + 0.114 * 50 = 153.0; slopes do not apply to colors
        assertArrayEquals(new float[]{153, 7}, read(rgb).voxels(), 1e-5f);
        assertTrue(NiftiReader.readGrid(m_folder.resolve("image.nii")).isColor());
        assertThrows(NiftiException.class, () -> NiftiReader.readLabels(m_folder.resolve("image.nii"), VolumeInfo.UNKNOWN,
            LabelSet.of()));
        final ByteBuffer rgba = header(ByteOrder.LITTLE_ENDIAN, NiftiType.RGBA32, 8);
        rgba.put(352, (byte)255).put(355, (byte)9).put(358, (byte)255).put(359, (byte)9);
        assertArrayEquals(new float[]{0.299f * 255, 0.114f * 255}, read(rgba).voxels(), 1e-4f);
    }

    /** 7×6×5 voxels, spacing 2, 2, 3 mm by the qform, a quaternion of (0, 1, 0) and qfac -1. */
    private static ByteBuffer withQform(final int sformCode, final float... rows) {
        final ByteBuffer h = header(ByteOrder.LITTLE_ENDIAN, NiftiType.UINT8, 7 * 6 * 5);
        h.putShort(42, (short)7).putShort(44, (short)6).putShort(46, (short)5);
        h.putFloat(76, -1).putFloat(80, 2).putFloat(84, 2).putFloat(88, 3);
        h.putShort(252, (short)1).putShort(254, (short)sformCode).putFloat(260, 1);
        h.putFloat(268, 10).putFloat(272, -20).putFloat(276, 5);
        for (int i = 0; i < rows.length; i++) {
            h.putFloat(280 + 4 * i, rows[i]);
        }
        return h;
    }

    /** SimpleITK 2.5.2 reads both with origin LPS (-10, 20, 5), spacing 2, 2, 3 and direction diag(1, -1, 1). */
    @Test
    void theQformCountsWhereTheSformIsNoUse() throws IOException {
        for (final float[] rows : new float[][]{{-2, 0.6f, 0, 10, 0, 2, 0, -20, 0, 0, 3, 5}, {},
            {Float.NaN, 0, 0, 10, 0, 2, 0, -20, 0, 0, 3, 5}}) {
            final Geometry g = read(withQform(2, rows)).geometry();
            assertArrayEquals(new double[]{-10, 20, 5}, g.origin(), 1e-6);
            assertArrayEquals(new double[]{2, 2, 3}, g.spacing(), 1e-6);
            assertArrayEquals(new double[]{1, 0, 0, 0, -1, 0, 0, 0, 1}, g.direction(), 1e-6);
            final List<NiftiRemark> remarks = NiftiReader.readGrid(m_folder.resolve("image.nii")).remarks();
            assertTrue(remarks.get(0).message().contains("those of the qform"), remarks.toString());
        }
        assertEquals(List.of(), grid(withQform(1, 2, 0, 0, 10, 0, 2, 0, -20, 0, 0, 3, 5)).remarks());
        final ByteBuffer neither = withQform(1).putShort(252, (short)0);
        assertTrue(assertThrows(NiftiException.class, () -> read(neither)).getMessage().contains("no qform"));
        final ByteBuffer broken = withQform(1).putFloat(84, 0);
        assertTrue(assertThrows(NiftiException.class, () -> read(broken)).getMessage().contains("Neither the sform"));
    }

    private NiftiReader.Grid grid(final ByteBuffer file) throws IOException {
        Files.write(m_folder.resolve("grid.nii"), file.array());
        return NiftiReader.readGrid(m_folder.resolve("grid.nii"));
    }

    /** A shear of 0.01 degrees lies within the precision of headers; nibabel 5.4.2 keeps the sform. */
    @Test
    void aShearWithinThePrecisionOfHeadersIsNone() throws IOException {
        final NiftiReader.Grid g = grid(withQform(1, 2, 0.00035f, 0, 7, 0, 2, 0, 0, 0, 0, 3, 0));
        assertEquals(List.of(), g.remarks());
        assertEquals(-7, g.geometry().origin()[0], 1e-6);
    }

    @Test
    void leftAndRightAreSaidToBeUnknownWithoutQformAndSform() throws IOException {
        final String message = grid(header(ByteOrder.LITTLE_ENDIAN, NiftiType.UINT8, 2)).remarks().get(0).message();
        assertTrue(message.contains("left and right"), message);
    }

    /** nifti1.h: 1 is the meter, 2 the millimeter, 3 the micrometer. The header's spacing is 2, 3, 4. */
    @Test
    void theUnitCountsAndIsDoubtedWhereNoBodyHasSuchVoxels() throws IOException {
        for (final int temporal : new int[]{0, 8}) {
            assertEquals(List.of(), grid(withUnit(2 + temporal, 1)).remarks());
        }
        final NiftiReader.Grid meters = grid(withUnit(1, 1));
        assertEquals(2000, meters.geometry().spacing(0), 1e-9);
        final String message = meters.remarks().get(0).message();
        assertTrue(message.contains("2000 × 3000 × 4000 mm") && message.contains("in meters"), message);
        assertTrue(grid(withUnit(3, 0.5)).remarks().get(0).message().contains("0.001000 × 0.001500 × 0.002000 mm"));
        final NiftiReader.Grid right = grid(withUnit(1, 1e-3));
        assertEquals(List.of(), right.remarks());
        assertEquals(4, right.geometry().spacing(2), 1e-6);
    }

    /** With an upright sform of the header's spacing times a factor. */
    private static ByteBuffer withUnit(final int unit, final double factor) {
        final ByteBuffer h = header(ByteOrder.LITTLE_ENDIAN, NiftiType.UINT8, 2).put(123, (byte)unit).putShort(254, (short)1);
        for (int axis = 0; axis < 3; axis++) {
            h.putFloat(280 + 20 * axis, (float)((2 + axis) * factor));
        }
        return h;
    }

    /** nibabel 5.4.2 takes slopes of 0, NaN and infinity as none, and refuses an intercept of NaN beside a good slope. */
    @Test
    void slopesThatAreNoNumbers() throws IOException {
        for (final float slope : new float[]{0, Float.NaN, Float.POSITIVE_INFINITY}) {
            final ByteBuffer h = header(ByteOrder.LITTLE_ENDIAN, NiftiType.UINT8, 2).put(353, (byte)5);
            assertArrayEquals(new float[]{0, 5}, read(h.putFloat(112, slope).putFloat(116, 7)).voxels());
        }
        final ByteBuffer half = header(ByteOrder.LITTLE_ENDIAN, NiftiType.UINT8, 2).putFloat(112, 2).putFloat(116, Float.NaN);
        assertTrue(assertThrows(NiftiException.class, () -> read(half)).getMessage().contains("scl_inter"));
    }

    private LabelVolume labelMap(final NiftiType type, final float slope, final double... values) throws IOException {
        final ByteBuffer h = header(ByteOrder.LITTLE_ENDIAN, type, 8 * values.length);
        h.putShort(42, (short)values.length).putFloat(112, slope);
        for (int v = 0; v < values.length; v++) {
            if (type == NiftiType.INT16) {
                h.putShort(352 + 2 * v, (short)values[v]);
            } else {
                h.putFloat(352 + 4 * v, (float)values[v]);
            }
        }
        Files.write(m_folder.resolve("labels.nii"), h.array());
        return NiftiReader.readLabels(m_folder.resolve("labels.nii"), VolumeInfo.UNKNOWN, LabelSet.of());
    }

    /** nibabel 5.4.2 writes floats 0, 1, 2, 4 as int16 with the slope 6.1036e-05; Colin27 of 2008 has 0.988 and 2.024. */
    @Test
    void labelsThatAreOffByRoundingAreRounded() throws IOException {
        assertArrayEquals(new byte[]{0, 1, 2}, labelMap(NiftiType.INT16, 6.1036088e-05f, 0, 16384, 32767).voxels());
        assertArrayEquals(new byte[]{0, 1, 2, 4}, labelMap(NiftiType.FLOAT32, 1, 0, 1.0000153, 2.0000305, 4).voxels());
        assertArrayEquals(new byte[]{0, 1, 2, 4, 1}, labelMap(NiftiType.FLOAT32, 1, 0, 0.988, 2.024, 4, 0.988).voxels());
        assertEquals(0.024, NiftiReader.readLabelValues(m_folder.resolve("labels.nii")).deviation(), 1e-6);
        for (final double[] image : new double[][]{{0, 0.9}, {0, 0.98, 1.02}, {-1, 0}, {0, Double.NaN}, {0, 256}}) {
            assertThrows(NiftiException.class, () -> labelMap(NiftiType.FLOAT32, 1, image), Arrays.toString(image));
        }
    }
}
