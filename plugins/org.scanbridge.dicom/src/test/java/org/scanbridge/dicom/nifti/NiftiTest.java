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
}
