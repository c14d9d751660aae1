package org.scanbridge.imaging.render;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

import javax.imageio.ImageIO;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

class SliceRendererTest {

    /** How a scanner may order the same anatomy: axial, sagittal, coronal acquisition, and one all reversed. */
    private enum Acquisition {
        AXIAL(1, 0, 0, 0, 1, 0, 0, 0, 1), SAGITTAL(0, 1, 0, 0, 0, -1, 1, 0, 0), CORONAL(1, 0, 0, 0, 0, -1, 0, 1, 0),
        REVERSED(-1, 0, 0, 0, -1, 0, 0, 0, -1);

        private final double[] m_direction;

        Acquisition(final double... direction) {
            m_direction = direction;
        }

        /** A grid of 9 voxels a side centered on the origin. */
        Geometry grid() {
            final double[] origin = new double[3];
            for (int c = 0; c < 3; c++) {
                origin[c] = -4 * (m_direction[c] + m_direction[3 + c] + m_direction[6 + c]);
            }
            return new Geometry(new int[]{9, 9, 9}, new double[]{1, 1, 1}, origin, m_direction);
        }
    }

    /** A volume whose value tells the side of the patient. */
    private static Volume patient(final Acquisition acquisition, final int axis) {
        final Geometry grid = acquisition.grid();
        final float[] x = new float[729];
        for (int v = 0; v < 729; v++) {
            x[v] = (float)grid.position(v % 9, v / 9 % 9, v / 81)[axis];
        }
        return new Volume(x, grid, VolumeInfo.UNKNOWN);
    }

    private static int gray(final BufferedImage picture, final int x, final int y) {
        return picture.getRGB(x, y) & 0xff;
    }

    private static BufferedImage render(final Volume volume, final Plane plane) {
        return new SliceRenderer(plane, 9, 9, 0.5).render(volume, Optional.empty(), 4, new IntensityWindow(-4, 4));
    }

    @ParameterizedTest
    @EnumSource(Acquisition.class)
    void radiologicalOrientationWhateverTheAcquisition(final Acquisition acquisition) {
        // Left (x = +4) is white: on the viewer's right in axial and coronal slices.
        for (final Plane plane : new Plane[]{Plane.AXIAL, Plane.CORONAL}) {
            final BufferedImage sides = render(patient(acquisition, 0), plane);
            assertEquals(0, gray(sides, 0, 4), plane + " right");
            assertEquals(255, gray(sides, 8, 4), plane + " left");
        }
        final BufferedImage depth = render(patient(acquisition, 1), Plane.AXIAL);
        assertEquals(0, gray(depth, 4, 0), "anterior at the top");
        assertEquals(255, gray(depth, 4, 8), "posterior at the bottom");
        for (final Plane plane : new Plane[]{Plane.SAGITTAL, Plane.CORONAL}) {
            final BufferedImage height = render(patient(acquisition, 2), plane);
            assertEquals(255, gray(height, 4, 0), plane + " superior at the top");
            assertEquals(0, gray(height, 4, 8), plane + " inferior at the bottom");
        }
        final BufferedImage profile = render(patient(acquisition, 1), Plane.SAGITTAL);
        assertEquals(0, gray(profile, 0, 4), "anterior on the left");
        assertEquals(255, gray(profile, 8, 4), "posterior on the right");
    }

    /** Half of the image lies around the scan; air, fat and bone are shown as if it did not. */
    @Test
    void windowOfCtLeavesOutWhatIsAroundTheScan() {
        final float[] x = new float[2000];
        for (int v = 0; v < x.length; v++) {
            x[v] = v % 2 == 0 ? -3024 : v;
        }
        final Geometry grid = Geometry.axial(new int[]{20, 10, 10}, 1, 1, 1);
        final IntensityWindow ct =
            IntensityWindow.percentiles(new Volume(x, grid, new VolumeInfo("CT", "", "", "", "")), 0, 100);
        assertEquals(new IntensityWindow(1, 1999), ct);
        final IntensityWindow mr =
            IntensityWindow.percentiles(new Volume(x, grid, new VolumeInfo("MR", "", "", "", "")), 0, 100);
        assertEquals(new IntensityWindow(-3024, 1999), mr);
    }

    @Test
    void pictureHasTheAspectRatioOfThePatient() {
        final Volume thick = new Volume(new float[40 * 40 * 10], Geometry.axial(new int[]{40, 40, 10}, 1, 1, 2),
            VolumeInfo.UNKNOWN);
        final BufferedImage coronal = new SliceRenderer(Plane.CORONAL, 100, 100, 0.5).render(thick);
        assertEquals(100, coronal.getWidth());
        assertEquals(50, coronal.getHeight());
        final BufferedImage flat = new SliceRenderer(Plane.AXIAL, 64, 32, 0.5).render(
            new Volume(new float[6], Geometry.axial(new int[]{3, 2, 1}, 1, 1, 5), VolumeInfo.UNKNOWN));
        assertEquals(48, flat.getWidth());
        assertEquals(32, flat.getHeight());
    }

    @Test
    void labelsCoverTheirVoxelsInTheirColor() {
        final Geometry grid = Geometry.axial(new int[]{2, 1, 1}, 1, 1, 1);
        final Volume image = new Volume(new float[]{1, 1}, grid, VolumeInfo.UNKNOWN);
        final LabelVolume labels = new LabelVolume(new byte[]{0, 2}, grid, VolumeInfo.UNKNOWN, LabelSet.of("a", "b"));
        final BufferedImage half = new SliceRenderer(Plane.AXIAL, 2, 1, 0.5).render(image, Optional.of(labels), 0,
            new IntensityWindow(0, 2));
        // Gray 128 below; over it 0xE69F00 half transparent.
        assertEquals(0x808080, half.getRGB(0, 0) & 0xffffff);
        assertEquals((0x80 + 0xe6) / 2 << 16 | (int)Math.rint((0x80 + 0x9f) / 2.0) << 8 | 0x80 / 2,
            half.getRGB(1, 0) & 0xffffff);
        final BufferedImage alone = new SliceRenderer(Plane.AXIAL, 2, 1, 0.5).render(labels);
        assertEquals(0, alone.getRGB(0, 0) & 0xffffff);
        assertEquals(0xe69f00, alone.getRGB(1, 0) & 0xffffff);
    }

    @Test
    void windowIsThatOfThePercentilesAndNaNIsBlack() {
        final float[] x = new float[101];
        for (int v = 0; v < 101; v++) {
            x[v] = v;
        }
        final Volume ramp = new Volume(x, Geometry.axial(new int[]{101, 1, 1}, 1, 1, 1), VolumeInfo.UNKNOWN);
        assertEquals(new IntensityWindow(10, 90), IntensityWindow.percentiles(ramp, 10, 90));
        assertEquals(0, new IntensityWindow(0, 1).gray(Double.NaN));
        assertEquals(0, new IntensityWindow(0, 1).gray(-3));
        assertEquals(255, new IntensityWindow(0, 1).gray(3));
        final float[] bad = new float[8];
        Arrays.fill(bad, Float.NaN);
        final Volume nan = new Volume(bad, Geometry.axial(new int[]{2, 2, 2}, 1, 1, 1), VolumeInfo.UNKNOWN);
        assertEquals(0, gray(SliceRenderer.thumbnail(4).render(nan), 1, 1));
        final Volume constant = nan.withVoxels(new float[]{5, 5, 5, 5, 5, 5, 5, 5});
        assertEquals(128, gray(SliceRenderer.thumbnail(4).render(constant), 1, 1));
    }

    @Test
    void pngHoldsThePicture() throws IOException {
        final BufferedImage picture = render(patient(Acquisition.AXIAL, 0), Plane.AXIAL);
        final BufferedImage read = ImageIO.read(new ByteArrayInputStream(SliceRenderer.png(picture)));
        assertArrayEquals(picture.getRGB(0, 0, 9, 9, null, 0, 9), read.getRGB(0, 0, 9, 9, null, 0, 9));
    }

    @Test
    void refusesForeignGridsAndSlices() {
        final Volume image = patient(Acquisition.AXIAL, 0);
        final LabelVolume other =
            new LabelVolume(new byte[729], Acquisition.REVERSED.grid(), VolumeInfo.UNKNOWN, LabelSet.of());
        assertThrows(ImagingException.class, () -> SliceRenderer.thumbnail(8).render(image, other));
        final IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> SliceRenderer.thumbnail(8)
            .render(image, Optional.empty(), 9, new IntensityWindow(0, 1)));
        assertTrue(e.getMessage().contains("0..8"), e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> new SliceRenderer(Plane.AXIAL, 0, 1, 0.5));
        assertThrows(IllegalArgumentException.class, () -> new SliceRenderer(Plane.AXIAL, 1, 1, 1.5));
        assertThrows(IllegalArgumentException.class, () -> new IntensityWindow(1, 1));
    }
}
