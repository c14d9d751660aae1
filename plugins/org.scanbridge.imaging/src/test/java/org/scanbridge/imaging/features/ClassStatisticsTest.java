package org.scanbridge.imaging.features;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Optional;
import java.util.SortedMap;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.Size;

class ClassStatisticsTest {

    /** IBSI's digital phantom, 0 where it has no intensity mask; 5 × 4 × 4 voxels of 2 × 2 × 2 mm (reference manual, section 5.1). */
    private static final int[] PHANTOM = {1, 4, 4, 1, 1, 1, 4, 6, 1, 1, 4, 1, 6, 4, 1, 4, 4, 6, 4, 1, //
        1, 4, 4, 1, 1, 1, 1, 6, 1, 1, 0, 1, 3, 1, 1, 4, 4, 6, 1, 1, //
        1, 4, 4, 0, 0, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 6, 1, 1, //
        1, 4, 4, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 6, 1, 1};

    private static SortedMap<Integer, ClassStatistics> of(final float[] values, final byte[] labels, final Geometry grid,
        final int bins) {
        return ClassStatistics.of(new Volume(values, grid, VolumeInfo.UNKNOWN),
            new LabelVolume(labels, grid, VolumeInfo.UNKNOWN, LabelSet.of("a", "b")), bins);
    }

    private static ClassStatistics of(final int bins, final float... values) {
        final byte[] labels = new byte[values.length];
        Arrays.fill(labels, (byte)1);
        return of(values, labels, Geometry.axial(new int[]{values.length, 1, 1}, 1, 2, 3.5), bins).get(1);
    }

    /**
     * The consensus values of the manual, to the digits that it gives. The phantom's intensities 1 to 6 are its bins; the six
     * equal bins from 1 to 6 hold the same voxels.
     */
    @Test
    void agreesWithTheConsensusOfIbsi() {
        final float[] values = new float[PHANTOM.length];
        final byte[] labels = new byte[PHANTOM.length];
        for (int v = 0; v < values.length; v++) {
            values[v] = PHANTOM[v];
            labels[v] = (byte)(PHANTOM[v] > 0 ? 2 : 0);
        }
        final ClassStatistics b = of(values, labels, Geometry.axial(new int[]{5, 4, 4}, 2, 2, 2), 6).get(2);
        assertEquals(74, b.voxels());
        assertEquals(0.592, b.milliliters(), 1e-12);
        final ClassStatistics.Intensities i = b.intensities().orElseThrow();
        assertEquals(2.15, i.mean(), 0.005);
        assertEquals(3.05, i.standardDeviation() * i.standardDeviation(), 0.005);
        assertEquals(1.08, i.skewness(), 0.005);
        assertEquals(-0.355, i.excessKurtosis(), 0.0005);
        assertEquals(1, i.median());
        assertEquals(1, i.minimum());
        assertEquals(1, i.percentile10());
        assertEquals(4, i.percentile90());
        assertEquals(6, i.maximum());
        assertEquals(3, i.percentile75() - i.percentile25());
        assertEquals(1.27, i.entropy(), 0.005);
    }

    /** NumPy 1.26.4 and SciPy 1.17.1: mean, std, skew, kurtosis, percentile, histogram; SimpleITK 2.5.7 has the mean and 98 mm³, too. */
    @Test
    void agreesWithScipy() {
        final ClassStatistics a = of(32, 3.5f, -1.25f, 8, 2, 2, 7.75f, 100.5f, 4, -20, 6, 1.5f, 9, 12, 0.25f);
        assertEquals(0.098, a.milliliters(), 1e-12);
        final ClassStatistics.Intensities i = a.intensities().orElseThrow();
        assertEquals(9.660714285714286, i.mean(), 1e-12);
        assertEquals(26.21181016921454, i.standardDeviation(), 1e-12);
        assertEquals(2.8535357005517397, i.skewness(), 1e-12);
        assertEquals(7.425924276377781, i.excessKurtosis(), 1e-11);
        assertEquals(-20, i.minimum());
        assertEquals(-0.8, i.percentile10(), 1e-12);
        assertEquals(1.625, i.percentile25(), 1e-12);
        assertEquals(3.75, i.median(), 1e-12);
        assertEquals(7.9375, i.percentile75(), 1e-12);
        assertEquals(11.1, i.percentile90(), 1e-12);
        assertEquals(100.5, i.maximum());
        assertEquals(2.556656707462823, i.entropy(), 1e-12);
    }

    /** Another scale of the image changes location and spread accordingly, and shape and entropy not at all. */
    @Property(tries = 200)
    void shapeDoesNotDependOnScale(@ForAll @Size(min = 3, max = 40) final float[] values,
        @ForAll @FloatRange(min = 0, max = 5) final float offset) {
        final float[] small = new float[values.length];
        final float[] large = new float[values.length];
        for (int v = 0; v < values.length; v++) {
            small[v] = Math.floorMod(Float.floatToIntBits(values[v]), 97);
            large[v] = 4 * small[v] + (int)offset;
        }
        final ClassStatistics.Intensities a = of(8, small).intensities().orElseThrow();
        final ClassStatistics.Intensities b = of(8, large).intensities().orElseThrow();
        assertEquals(4 * a.mean() + (int)offset, b.mean(), 1e-9);
        assertEquals(4 * a.standardDeviation(), b.standardDeviation(), 1e-9);
        assertEquals(4 * a.median() + (int)offset, b.median(), 1e-9);
        assertEquals(a.skewness(), b.skewness(), 1e-9);
        assertEquals(a.excessKurtosis(), b.excessKurtosis(), 1e-9);
        assertTrue(b.entropy() >= 0 && b.entropy() <= 3);
        assertEquals(a.entropy(), b.entropy(), 1e-9);
    }

    /** A value that all voxels have has no shape; rounding must not give it one. */
    @Test
    void oneValueHasNoSpread() {
        final ClassStatistics.Intensities i = of(32, 0.1f, 0.1f, 0.1f).intensities().orElseThrow();
        assertEquals(0.1f, i.mean());
        assertEquals(0, i.standardDeviation());
        assertEquals(0, i.skewness());
        assertEquals(0, i.excessKurtosis());
        assertEquals(0, i.entropy());
    }

    @Test
    void aClassWithoutVoxelsHasAVolumeOnly() {
        final SortedMap<Integer, ClassStatistics> all =
            of(new float[]{1, 2, Float.NaN}, new byte[]{1, 3, 0}, Geometry.axial(new int[]{3, 1, 1}, 1, 1, 1), 32);
        assertEquals(Arrays.asList(1, 2, 3), all.keySet().stream().toList());
        assertEquals(new ClassStatistics(0, 0, Optional.empty()), all.get(2));
        assertEquals(2, all.get(3).intensities().orElseThrow().median());
    }

    @Test
    void refusesWhatHasNoAnswer() {
        final String message = assertThrows(ImagingException.class, () -> of(32, 1, Float.NaN, Float.POSITIVE_INFINITY)).getMessage();
        assertTrue(message.contains("2 NaN or infinite voxels within the class a"), message);
        assertThrows(IllegalArgumentException.class, () -> of(1, 1, 2));
        final Geometry grid = Geometry.axial(new int[]{2, 1, 1}, 1, 1, 1);
        assertThrows(ImagingException.class,
            () -> ClassStatistics.of(new Volume(new float[2], grid, VolumeInfo.UNKNOWN), new LabelVolume(new byte[2],
                Geometry.axial(new int[]{2, 1, 1}, 2, 1, 1), VolumeInfo.UNKNOWN, LabelSet.of("a")), 32));
    }
}
