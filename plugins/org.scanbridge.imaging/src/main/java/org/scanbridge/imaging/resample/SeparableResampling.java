package org.scanbridge.imaging.resample;

import java.util.Arrays;
import java.util.stream.IntStream;

import org.scanbridge.imaging.filter.Lines;

import net.imglib2.parallel.TaskExecutor;
import net.imglib2.parallel.TaskExecutors;

/**
 * Resampling to a grid with the same axes, one axis after the other. Beside source and result it needs at most one more
 * array, no larger than the larger of both, and only where slices become fewer.
 */
final class SeparableResampling {

    private final AxisResampling[] m_axes;

    private final TaskExecutor m_workers;

    SeparableResampling(final AxisResampling[] axes, final TaskExecutor workers) {
        m_axes = axes.clone();
        m_workers = workers;
    }

    /**
     * @param source values, i fastest; not changed
     * @return the new values
     */
    float[] apply(final float[] source) {
        final AxisResampling k = m_axes[2];
        final int plane = m_axes[0].size() * m_axes[1].size();
        final int newPlane = m_axes[0].newSize() * m_axes[1].newSize();
        if (k.newSize() < k.size() && newPlane > plane * (double)k.newSize() / k.size()) {
            // Fewer slices first: the array between the steps is the smaller for it.
            final float[] fewer = new float[plane * k.newSize()];
            alongK(source, fewer, m_axes[0].size(), m_axes[1].size());
            final float[] result = new float[newPlane * k.newSize()];
            inPlanes(fewer, result, k.newSize());
            return result;
        }
        // Slices first; then lines across them, in the array that holds the more of them.
        final float[] result = new float[newPlane * Math.max(k.size(), k.newSize())];
        inPlanes(source, result, k.size());
        alongK(result, result, m_axes[0].newSize(), m_axes[1].newSize());
        return k.newSize() < k.size() ? Arrays.copyOf(result, newPlane * k.newSize()) : result;
    }

    private void alongK(final float[] from, final float[] to, final int sizeI, final int sizeJ) {
        if (m_axes[2].isIdentity()) {
            if (from != to) {
                System.arraycopy(from, 0, to, 0, to.length);
            }
            return;
        }
        Lines.map(from, to, new int[]{sizeI, sizeJ, m_axes[2].size()}, 2, m_axes[2].newSize(), m_workers,
            m_axes[2]::operation);
    }

    private void inPlanes(final float[] from, final float[] to, final int slices) {
        final int ni = m_axes[0].size();
        final int nj = m_axes[1].size();
        final int plane = ni * nj;
        final int newPlane = m_axes[0].newSize() * m_axes[1].newSize();
        if (m_axes[0].isIdentity() && m_axes[1].isIdentity()) {
            System.arraycopy(from, 0, to, 0, slices * plane);
            return;
        }
        final TaskExecutor alone = TaskExecutors.singleThreaded();
        m_workers.forEach(IntStream.range(0, slices).boxed().toList(), k -> {
            final float[] slice = Arrays.copyOfRange(from, k * plane, (k + 1) * plane);
            final float[] rows = new float[m_axes[0].newSize() * nj];
            final float[] result = new float[newPlane];
            Lines.map(slice, rows, new int[]{ni, nj, 1}, 0, m_axes[0].newSize(), alone, m_axes[0]::operation);
            Lines.map(rows, result, new int[]{m_axes[0].newSize(), nj, 1}, 1, m_axes[1].newSize(), alone,
                m_axes[1]::operation);
            System.arraycopy(result, 0, to, k * newPlane, newPlane);
        });
    }
}
