package org.scanbridge.imaging.phantom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

class RadiographSimulatorTest {

    private static final int SIZE = 100;

    private static RadiographProtocol protocol(final double quanta, final boolean logarithmic, final double collimation) {
        return new RadiographProtocol("S", false, 0, 0, quanta, collimation, logarithmic, 0, 1, 0, 16, 1, false, 1, true);
    }

    /** Columns with paths of their own; the outermost on either side are what the window is put between. */
    private static LimbPhantom.Limb steps(final double[] bone, final double[] other) {
        final float[] b = new float[SIZE * SIZE];
        final float[] o = new float[SIZE * SIZE];
        for (int v = 0; v < b.length; v++) {
            final int step = v % SIZE * bone.length / SIZE;
            b[v] = (float)bone[step];
            o[v] = (float)other[step];
        }
        return new LimbPhantom.Limb(b, o, new LabelVolume(new byte[SIZE * SIZE],
            Geometry.axial(new int[]{SIZE, SIZE, 1}, 1, 1, 1), VolumeInfo.UNKNOWN, LimbPhantom.LABELS));
    }

    private static double at(final Volume image, final int step) {
        return image.get(step * SIZE / 5 + SIZE / 10, SIZE / 2, 0);
    }

    /** NIST: 0.3148 cm²/g · 1.92 g/cm³ = 0.6044/cm for compact bone, 0.2048 · 1.06 = 0.2171/cm for soft tissue, at 60 keV. */
    @Test
    void logarithmsAreProportionalToThePaths() {
        final LimbPhantom.Limb limb = steps(new double[]{0, 0, 4, 8, 20}, new double[]{0, 30, 30, 30, 30});
        final Volume image =
            new RadiographSimulator().take(limb, protocol(Double.POSITIVE_INFINITY, true, 0), 1);
        // 30 mm of soft tissue: 0.6513; then 4 mm of bone more each: 0.2418
        assertEquals(1, (at(image, 3) - at(image, 2)) / (at(image, 2) - at(image, 1)), 1e-3);
        final LimbPhantom.Limb mixed = steps(new double[]{0, 0, 0, 4, 20}, new double[]{0, 10, 40, 40, 40});
        final Volume second = new RadiographSimulator().take(mixed, protocol(Double.POSITIVE_INFINITY, true, 0), 1);
        assertEquals(0.24177 / 0.65126, (at(second, 3) - at(second, 2)) / (at(second, 2) - at(second, 1)), 1e-3);
    }

    @Test
    void linearValuesAreProportionalToTheExposure() {
        final LimbPhantom.Limb limb = steps(new double[]{0, 0, 0, 4, 30}, new double[]{0, 10, 40, 40, 60});
        final Volume image =
            new RadiographSimulator().take(limb, protocol(Double.POSITIVE_INFINITY, false, 0), 1);
        // exp(−0.21709) = 0.80486, exp(−0.86835) = 0.41964, exp(−1.11012) = 0.32952
        assertEquals((0.41964 - 0.32952) / (0.80486 - 0.41964),
            (at(image, 3) - at(image, 2)) / (at(image, 2) - at(image, 1)), 1e-3);
        assertTrue(at(image, 1) < at(image, 2), "more stops more and is brighter");
    }

    /** The logarithm of N quanta varies by 1/√N, so a path that lets a quarter through doubles the noise. */
    @Test
    void noiseIsThatOfQuanta() {
        final double quarter = Math.log(4) / 0.021709;
        final LimbPhantom.Limb limb = steps(new double[]{0, 0, 0, 0, 0}, new double[]{0, 20, 20, 20 + quarter, 200});
        final Volume image = new RadiographSimulator().take(limb, protocol(1e6, true, 0), 3);
        // 2000 pixels each: the ratio of two standard deviations is known to 2.2 %; five times that
        assertEquals(2, deviation(image, 3) / deviation(image, 1), 0.22);
    }

    private static double deviation(final Volume image, final int step) {
        double sum = 0;
        double squares = 0;
        int n = 0;
        for (int j = 0; j < SIZE; j++) {
            for (int i = step * SIZE / 5; i < (step + 1) * SIZE / 5; i++, n++) {
                sum += image.get(i, j, 0);
                squares += (double)image.get(i, j, 0) * image.get(i, j, 0);
            }
        }
        return Math.sqrt(squares / n - sum / n * (sum / n));
    }

    /** Lead lets 2 % through: what it covers is brighter than everything in the field but the thickest. */
    @Test
    void leadCoversTheBorder() {
        final LimbPhantom.Limb limb = steps(new double[]{0, 0, 0, 0, 0}, new double[]{0, 10, 20, 30, 40});
        final RadiographProtocol framed = protocol(Double.POSITIVE_INFINITY, true, 0.2);
        final RadiographSimulator.Field field = new RadiographSimulator().field(SIZE, framed, 5);
        assertTrue(field.left() >= 10 && field.left() <= 20 && field.right() <= 89 && field.right() >= 79, field.toString());
        final Volume image = new RadiographSimulator().take(limb, framed, 5);
        assertEquals(65535, image.get(0, 0, 0));
        assertEquals(65535, image.get(field.left() - 3, SIZE / 2, 0));
        // within the field the first steps stop at most a quarter of what the last one stops
        assertTrue(image.get(field.left() + 3, SIZE / 2, 0) < 0.32 * 65535);
    }

    @Test
    void nonsenseIsRefused() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> protocol(0, true, 0)).getMessage().contains("quanta"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> protocol(1, true, 0.3)).getMessage()
            .contains("collimation"));
        assertThrows(IllegalArgumentException.class,
            () -> new RadiographProtocol("S", false, 0, 0, 1, 0, true, 0, 1, 0, 17, 1, false, 1, true));
    }
}
