package org.scanbridge.imaging.filter;

/**
 * {@link LineBlur} across rows that are arrays of their own: all places of a row are worked on by one loop whose index is
 * the same in all arrays, which is what a virtual machine needs to do several at once.
 */
final class RowBlur {

    /** Gets a smoothed row. */
    @FunctionalInterface
    interface Sink {

        /**
         * @param at number of the row
         * @param row its values, overwritten by those of the next row later
         */
        void take(int at, double[] row);
    }

    private RowBlur() {
    }

    /**
     * Smooths across the rows, mirrored at both ends.
     *
     * @param rows all of one length; not changed
     * @param kernel from its center outwards
     * @param sink gets the rows in order
     */
    static void apply(final double[][] rows, final double[] kernel, final Sink sink) {
        final int n = rows.length;
        final double[] to = new double[rows[0].length];
        for (int x = 0; x < n; x++) {
            int r = 1;
            if (kernel.length > 2) {
                begin(to, kernel[0], rows[x], kernel[1], rows[mirror(x - 1, n)], rows[mirror(x + 1, n)], kernel[2],
                    rows[mirror(x - 2, n)], rows[mirror(x + 2, n)]);
                r = 3;
            } else {
                scale(to, kernel[0], rows[x]);
            }
            for (; r + 1 < kernel.length; r += 2) {
                add(to, kernel[r], rows[mirror(x - r, n)], rows[mirror(x + r, n)], kernel[r + 1],
                    rows[mirror(x - r - 1, n)], rows[mirror(x + r + 1, n)]);
            }
            if (r < kernel.length) {
                add(to, kernel[r], rows[mirror(x - r, n)], rows[mirror(x + r, n)]);
            }
            sink.take(x, to);
        }
    }

    private static void begin(final double[] to, final double w0, final double[] x, final double w1, final double[] low1,
        final double[] high1, final double w2, final double[] low2, final double[] high2) {
        for (int l = 0; l < to.length; l++) {
            to[l] = w0 * x[l] + w1 * (low1[l] + high1[l]) + w2 * (low2[l] + high2[l]);
        }
    }

    private static void scale(final double[] to, final double w, final double[] x) {
        for (int l = 0; l < to.length; l++) {
            to[l] = w * x[l];
        }
    }

    private static void add(final double[] to, final double w1, final double[] low1, final double[] high1,
        final double w2, final double[] low2, final double[] high2) {
        for (int l = 0; l < to.length; l++) {
            to[l] = to[l] + w1 * (low1[l] + high1[l]) + w2 * (low2[l] + high2[l]);
        }
    }

    private static void add(final double[] to, final double w, final double[] low, final double[] high) {
        for (int l = 0; l < to.length; l++) {
            to[l] = to[l] + w * (low[l] + high[l]);
        }
    }

    private static int mirror(final int x, final int n) {
        return LineBlur.mirror(x, n);
    }
}
