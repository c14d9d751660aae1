package org.scanbridge.imaging.stats;

import java.util.Arrays;
import java.util.stream.IntStream;

import org.scanbridge.imaging.parallel.Chunks;

/**
 * Selects values by rank without sorting or copying them, unless they are few. The bits of each float in sortable form are counted in three
 * passes, 11 + 11 + 10 bits, each pass looking only at values whose bits so far may hold a wanted rank. Exact, linear
 * in the number of values, and with counters that stay in the processor's cache: 8 KB for each distinct prefix that
 * leads to a wanted rank.
 */
final class OrderStatistics {

    private static final int[] BITS = {11, 11, 10};

    /** Up to so many values, sorting a copy is faster than clearing counters. */
    private static final int FEW = 4096;

    private OrderStatistics() {
    }

    /**
     * @param values not NaN; not changed
     * @param ranks wanted ranks in [0, values.length - 1], in any order
     * @return the value of each rank in the order of {@link Arrays#sort(float[])}
     */
    static float[] select(final float[] values, final int... ranks) {
        return values.length <= FEW ? sorted(values, ranks) : counted(values, ranks);
    }

    private static float[] sorted(final float[] values, final int... ranks) {
        final float[] sorted = values.clone();
        Arrays.sort(sorted);
        final float[] result = new float[ranks.length];
        for (int r = 0; r < ranks.length; r++) {
            result[r] = sorted[ranks[r]];
        }
        return result;
    }

    private static float[] counted(final float[] values, final int... ranks) {
        // What is known of each wanted value: its leading bits, and its rank among the values that share them.
        final int[] prefix = new int[ranks.length];
        final int[] rank = ranks.clone();
        int shift = Integer.SIZE;
        int[] prefixes = {0};
        for (final int bits : BITS) {
            final int[][] counts = count(values, prefixes, shift, bits);
            for (int r = 0; r < ranks.length; r++) {
                final int[] cumulative = counts[Arrays.binarySearch(prefixes, prefix[r])];
                final int next = locate(cumulative, rank[r]);
                rank[r] -= next == 0 ? 0 : cumulative[next - 1];
                prefix[r] = prefix[r] << bits | next;
            }
            shift -= bits;
            prefixes = Arrays.stream(prefix).sorted().distinct().toArray();
        }
        final float[] result = new float[ranks.length];
        for (int r = 0; r < ranks.length; r++) {
            result[r] = fromSortable(prefix[r]);
        }
        return result;
    }

    /**
     * For each prefix the running counts of the next bits.
     *
     * @param prefixes leading bits, sorted as signed numbers
     * @param shift number of bits after the prefix
     * @param bits number of bits to count
     */
    private static int[][] count(final float[] values, final int[] prefixes, final int shift, final int bits) {
        // Counters of its own for each worker, which together take at most a quarter of the values' memory.
        final int workers = !Chunks.isLarge(values.length) ? 1 : (int)Math.max(1,
            Math.min(Runtime.getRuntime().availableProcessors(), values.length / ((long)prefixes.length << bits + 2)));
        final int[][][] parts = new int[workers][][];
        final PrefixIndex index = shift == Integer.SIZE ? null : new PrefixIndex(prefixes, Integer.SIZE - shift);
        Chunks.withWorkers(values.length, threads -> threads.forEach(IntStream.range(0, workers).boxed().toList(), p -> {
            final int[][] counts = new int[prefixes.length][1 << bits];
            count(values, (int)((long)values.length * p / workers), (int)((long)values.length * (p + 1) / workers), index,
                shift, bits, counts);
            parts[p] = counts;
        }));
        final int[][] counts = parts[0];
        for (int p = 1; p < workers; p++) {
            for (int c = 0; c < counts.length; c++) {
                for (int b = 0; b < counts[c].length; b++) {
                    counts[c][b] += parts[p][c][b];
                }
            }
        }
        for (final int[] c : counts) {
            for (int b = 1; b < c.length; b++) {
                c[b] += c[b - 1];
            }
        }
        return counts;
    }

    /** @param index of the prefixes; {@code null} if there is only the empty one */
    private static void count(final float[] values, final int from, final int to, final PrefixIndex index, final int shift,
        final int bits, final int[][] counts) {
        final int mask = (1 << bits) - 1;
        if (index == null) {
            final int[] all = counts[0];
            for (int v = from; v < to; v++) {
                all[sortable(values[v]) >>> shift - bits & mask]++;
            }
            return;
        }
        for (int v = from; v < to; v++) {
            final int s = sortable(values[v]);
            final int slot = index.of(s >>> shift);
            if (slot >= 0) {
                counts[slot][s >>> shift - bits & mask]++;
            }
        }
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

    /** Finds prefixes of 11 or 22 bits: by the first 11 bits a page, within the page by the other bits. */
    private static final class PrefixIndex {

        private final int m_lowBits;

        private final int[][] m_pages;

        PrefixIndex(final int[] prefixes, final int length) {
            m_lowBits = length - BITS[0];
            m_pages = new int[1 << BITS[0]][];
            for (int p = 0; p < prefixes.length; p++) {
                final int page = prefixes[p] >>> m_lowBits;
                if (m_pages[page] == null) {
                    m_pages[page] = new int[1 << m_lowBits];
                    Arrays.fill(m_pages[page], -1);
                }
                m_pages[page][prefixes[p] & (1 << m_lowBits) - 1] = p;
            }
        }

        /** Position of a prefix in the list; -1 if it is not there. */
        int of(final int prefix) {
            final int[] page = m_pages[prefix >>> m_lowBits];
            return page == null ? -1 : page[prefix & (1 << m_lowBits) - 1];
        }
    }
}
