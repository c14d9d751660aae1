package org.scanbridge.imaging.metrics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.ImagingException;

class HistogramTest {

    /** numpy.histogram([0, .1, .25, .5, .99, 1], 4, (0, 1)) = 2, 1, 1, 2. */
    @Test
    void binsAreHalfOpenAndTheLastOneClosed() {
        final Histogram h = Histogram.of(new float[]{0, .1f, .25f, .5f, .99f, 1}, new HistogramRange(0, 1, 4));
        assertArrayEquals(new long[]{2, 1, 1, 2}, h.counts());
        assertEquals(0, h.below() + h.above());
        assertArrayEquals(new double[]{2 / 6., 1 / 6., 1 / 6., 2 / 6.}, h.shares(), 1e-12);
    }

    @Test
    void valuesOutsideAreCountedInTheEndBinsAndReported() {
        final Histogram h = Histogram.of(new float[]{-5, -1, .1f, 7}, new HistogramRange(0, 1, 4));
        assertArrayEquals(new long[]{3, 0, 0, 1}, h.counts());
        assertEquals(2, h.below());
        assertEquals(1, h.above());
        assertEquals(4, h.total());
        final Histogram twice = h.plus(h);
        assertEquals(8, twice.total());
        assertEquals(4, twice.below());
    }

    @Test
    void pooledRangeIsThatOfThePercentiles() {
        // 0..1000 has percentiles 0.1 and 99.9 at 1 and 999.
        final float[] low = new float[500];
        final float[] high = new float[501];
        for (int v = 0; v < 501; v++) {
            if (v < 500) {
                low[v] = v;
            }
            high[v] = 500 + v;
        }
        final HistogramRange range = HistogramRange.pooled(List.of(low, new float[0], high), 256);
        assertEquals(1, range.min(), 1e-9);
        assertEquals(999, range.max(), 1e-9);
        assertEquals(998 / 256.0, range.width(), 1e-12);
        assertEquals(1 + 998 / 512.0, range.center(0), 1e-12);
    }

    @Test
    void constantValuesGetARangeAroundThem() {
        assertEquals(new HistogramRange(2.5, 3.5, 8), HistogramRange.pooled(List.of(new float[]{3, 3}), 8));
    }

    @Test
    void refusesWhatCannotBeCounted() {
        final HistogramRange unit = HistogramRange.of(0, 1);
        assertThrows(ImagingException.class, () -> Histogram.of(new float[]{Float.NaN}, unit));
        assertThrows(ImagingException.class, () -> HistogramRange.pooled(List.of(new float[0]), 8));
        assertThrows(IllegalArgumentException.class, () -> new HistogramRange(1, 1, 8));
        assertThrows(IllegalArgumentException.class, () -> new HistogramRange(0, 1, 0));
        assertThrows(IllegalArgumentException.class, () -> new Histogram(unit, new long[3], 0, 0));
        assertThrows(IllegalArgumentException.class,
            () -> Histogram.empty(unit).plus(Histogram.empty(HistogramRange.of(0, 2))));
    }
}
