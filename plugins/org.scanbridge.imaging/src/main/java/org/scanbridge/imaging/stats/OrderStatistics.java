package org.scanbridge.imaging.stats;

import java.util.Arrays;

/**
 * Selects values by rank without sorting or copying: the upper 16 bits of each float in sortable form are counted, then
 * the lower 16 bits of those that share their upper bits with a wanted value. Exact, linear in the number of values;
 * memory 256 KB and as much per wanted upper half, at most {@value #BUCKETS_PER_PASS} of them at a time.
 */
final class OrderStatistics {

    private static final int HALF = 1 << 16;

    private static final int BUCKETS_PER_PASS = 64;

    private OrderStatistics() {
    }

    /**
     * @param values not NaN; not changed
     * @param ranks wanted ranks in [0, values.length - 1], in any order
     * @return the value of each rank in the order of {@link Arrays#sort(float[])}
     */
    static float[] select(final float[] values, final int... ranks) {
        final int[] counts = new int[HALF];
        for (final float v : values) {
            counts[sortable(v) >>> 16]++;
        }
        final int[] cumulative = cumulative(counts);
        final int[] bucketOf = new int[ranks.length];
        for (int r = 0; r < ranks.length; r++) {
            bucketOf[r] = locate(cumulative, ranks[r]);
        }
        final int[] buckets = Arrays.stream(bucketOf).distinct().sorted().toArray();
        final float[] result = new float[ranks.length];
        for (int from = 0; from < buckets.length; from += BUCKETS_PER_PASS) {
            final int[] part = Arrays.copyOfRange(buckets, from, Math.min(from + BUCKETS_PER_PASS, buckets.length));
            final int[][] low = countLowerHalves(values, part);
            for (int r = 0; r < ranks.length; r++) {
                final int p = Arrays.binarySearch(part, bucketOf[r]);
                if (p >= 0) {
                    final int below = bucketOf[r] == 0 ? 0 : cumulative[bucketOf[r] - 1];
                    result[r] = fromSortable(bucketOf[r] << 16 | locate(low[p], ranks[r] - below));
                }
            }
        }
        return result;
    }

    private static int[][] countLowerHalves(final float[] values, final int[] buckets) {
        final int[] slot = new int[HALF];
        Arrays.fill(slot, -1);
        for (int b = 0; b < buckets.length; b++) {
            slot[buckets[b]] = b;
        }
        final int[][] low = new int[buckets.length][HALF];
        for (final float v : values) {
            final int bits = sortable(v);
            final int s = slot[bits >>> 16];
            if (s >= 0) {
                low[s][bits & HALF - 1]++;
            }
        }
        for (final int[] counts : low) {
            cumulative(counts);
        }
        return low;
    }

    /** Replaces counts by running counts. */
    private static int[] cumulative(final int[] counts) {
        for (int b = 1; b < counts.length; b++) {
            counts[b] += counts[b - 1];
        }
        return counts;
    }

    /** The first position whose running count is above a rank. */
    private static int locate(final int[] cumulative, final int rank) {
        int low = 0;
        int high = cumulative.length - 1;
        while (low < high) {
            final int middle = low + high >>> 1;
            if (cumulative[middle] > rank) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /** Bits whose unsigned order is the order of floats. */
    private static int sortable(final float v) {
        final int bits = Float.floatToRawIntBits(v);
        return bits ^ (bits >> 31 | Integer.MIN_VALUE);
    }

    private static float fromSortable(final int sortable) {
        return Float.intBitsToFloat(sortable < 0 ? sortable ^ Integer.MIN_VALUE : ~sortable);
    }
}
