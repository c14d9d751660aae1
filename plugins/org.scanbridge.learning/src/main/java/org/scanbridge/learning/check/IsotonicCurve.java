package org.scanbridge.learning.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A curve that never falls: through the blocks of isotonic least squares, which pools adjacent violators (Barlow et al.:
 * Statistical Inference under Order Restrictions, 1972), each at the mean of its abscissas. Between them it is linear instead
 * of a step, so that more evidence counts within a block, too; outside it is constant.
 *
 * @param x abscissas of its knots, rising
 * @param y heights of its knots, not falling
 */
record IsotonicCurve(double[] x, double[] y) {

    /** A pooled block. */
    private record Block(double sumX, double sumY, int count) {

        double height() {
            return sumY / count;
        }

        Block and(final Block o) {
            return new Block(sumX + o.sumX, sumY + o.sumY, count + o.count);
        }
    }

    /** Copies the arrays. */
    IsotonicCurve {
        x = x.clone();
        y = y.clone();
    }

    /**
     * Fits a curve.
     *
     * @param x abscissas, at least one, in any order, finite
     * @param y heights, as many
     */
    static IsotonicCurve fit(final double[] x, final double[] y) {
        final int[] order = IntStream.range(0, x.length).boxed().sorted(Comparator.comparingDouble(n -> x[n]))
            .mapToInt(Integer::intValue).toArray();
        final List<Block> blocks = new ArrayList<>();
        for (int n = 0; n < order.length;) {
            // points of one abscissa have one height
            Block block = new Block(x[order[n]], y[order[n]], 1);
            int next = n + 1;
            for (; next < order.length && x[order[next]] == x[order[n]]; next++) {
                block = block.and(new Block(x[order[next]], y[order[next]], 1));
            }
            n = next;
            while (!blocks.isEmpty() && blocks.get(blocks.size() - 1).height() >= block.height()) {
                block = blocks.remove(blocks.size() - 1).and(block);
            }
            blocks.add(block);
        }
        return new IsotonicCurve(blocks.stream().mapToDouble(b -> b.sumX() / b.count()).toArray(),
            blocks.stream().mapToDouble(Block::height).toArray());
    }

    /** The same curve going straight on to (0, 0) below its first knot, if that lies above and to the right of it. */
    IsotonicCurve fromOrigin() {
        if (!(x[0] > 0 && y[0] > 0)) {
            return this;
        }
        final double[] xs = new double[x.length + 1];
        final double[] ys = new double[y.length + 1];
        System.arraycopy(x, 0, xs, 1, x.length);
        System.arraycopy(y, 0, ys, 1, y.length);
        return new IsotonicCurve(xs, ys);
    }

    /** The height at an abscissa. */
    double at(final double abscissa) {
        final int place = Arrays.binarySearch(x, abscissa);
        if (place >= 0) {
            return y[place];
        }
        final int above = -place - 1;
        if (above == 0 || above == x.length) {
            return y[above == 0 ? 0 : x.length - 1];
        }
        final double t = (abscissa - x[above - 1]) / (x[above] - x[above - 1]);
        return y[above - 1] + t * (y[above] - y[above - 1]);
    }
}
