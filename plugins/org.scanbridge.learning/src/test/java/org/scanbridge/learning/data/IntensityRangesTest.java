package org.scanbridge.learning.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.learning.data.IntensityRanges.Channel;

class IntensityRangesTest {

    /** An image of one slice, of these rows. */
    private static IntensityRanges of(final float[]... rows) {
        final float[] voxels = new float[rows.length * rows[0].length];
        for (int j = 0; j < rows.length; j++) {
            System.arraycopy(rows[j], 0, voxels, j * rows[0].length, rows[0].length);
        }
        return IntensityRanges.of(ChannelImages.of(new Volume(voxels,
            Geometry.axial(new int[]{rows[0].length, rows.length, 1}, 1, 1, 1), VolumeInfo.UNKNOWN)));
    }

    private static float[] ramp(final double factor, final double offset) {
        final float[] row = new float[101];
        for (int i = 0; i < row.length; i++) {
            row[i] = (float)(factor * i + offset);
        }
        return row;
    }

    private static float[] constant(final float value) {
        final float[] row = new float[101];
        Arrays.fill(row, value);
        return row;
    }

    /** numpy.percentile(range(101), [1, 99]) is 1, 99. */
    @Test
    void theyReachFromTheFirstToTheNinetyNinthPercentile() {
        assertEquals(List.of(new Channel(1, 99, 98, 98)), of(ramp(1, 0)).channels());
        assertEquals("1 to 99", of(ramp(1, 0)).channels().get(0).toString());
        assertEquals("-1.48 to 0.48", of(ramp(0.02, -1.5)).channels().get(0).toString());
    }

    @Test
    void aConstantBackgroundDoesNotCount() {
        assertEquals(List.of(new Channel(1, 99, 98, 98)), of(constant(-30), constant(-30), ramp(1, 0), constant(-30)).channels());
        assertEquals(List.of(new Channel(7, 7, 0, 0)), of(constant(7), constant(7)).channels());
    }

    /** 2²² voxels, of which one in 65 is looked at: standard normal ones have percentiles of ±2.326, to within 0.03 (3 SE). */
    @Test
    void ofALargeImageASampleIsTaken() {
        final SeededRandom random = SeededRandom.of(5);
        final float[][] rows = new float[1 << 11][1 << 11];
        for (final float[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                row[i] = (float)random.nextGaussian();
            }
        }
        final Channel c = of(rows).channels().get(0);
        assertEquals(-2.326, c.low(), 0.05);
        assertEquals(2.326, c.high(), 0.05);
    }

    @Test
    void muchFartherApartOrMuchCloserOrElsewhereIsUnlike() {
        final IntensityRanges training = of(ramp(1, 0)).with(of(ramp(2, 10))); // 1 to 208, 98 to 196 apart
        assertEquals(new Channel(1, 208, 98, 196), training.channels().get(0));
        for (final float[] alike : List.of(ramp(4.9, 0), ramp(0.41, 0), ramp(1, 200), ramp(1, -97), ramp(1, 50))) {
            assertEquals(OptionalInt.empty(), training.unlike(of(alike)));
        }
        for (final float[] unlike : List.of(ramp(5.1, 0), ramp(0.39, 0), ramp(1, 208), ramp(1, -99), constant(50))) {
            assertEquals(OptionalInt.of(0), training.unlike(of(unlike)));
        }
    }

    @Test
    void theChannelThatIsUnlikeIsTold() {
        final Channel one = new Channel(-1, 3, 3.5, 4);
        final Channel raw = new Channel(0, 800, 800, 800);
        final IntensityRanges training = new IntensityRanges(List.of(one, one));
        assertEquals(OptionalInt.of(1), training.unlike(new IntensityRanges(List.of(one, raw))));
        assertEquals(OptionalInt.of(0), training.unlike(new IntensityRanges(List.of(raw, one))));
        assertEquals(OptionalInt.empty(), training.unlike(training));
    }

    @Property(tries = 200)
    void theyAreReadAsTheyAreWritten(@ForAll @Size(min = 4, max = 12) final List<Float> numbers) {
        final List<Channel> channels = new ArrayList<>();
        for (int n = 0; n + 4 <= numbers.size(); n += 4) {
            channels.add(new Channel(numbers.get(n), numbers.get(n + 1), Math.abs(numbers.get(n + 2)), Math.abs(numbers.get(n + 3))));
        }
        final IntensityRanges ranges = new IntensityRanges(channels);
        final Map<String, String> options = new TreeMap<>(Map.of("steps", "3"));
        ranges.addTo(options);
        assertEquals(Optional.of(ranges), IntensityRanges.of(options));
        assertEquals(Optional.empty(), IntensityRanges.of(Map.of("steps", "3")));
    }
}
