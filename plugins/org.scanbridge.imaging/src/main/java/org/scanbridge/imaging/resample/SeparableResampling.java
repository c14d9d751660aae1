package org.scanbridge.imaging.resample;

import java.util.Arrays;
import java.util.stream.IntStream;

import org.scanbridge.imaging.filter.Lines;

import net.imglib2.parallel.TaskExecutor;
import net.imglib2.parallel.TaskExecutors;

/**
 * Resampling to a grid with the same axes, one axis after the other. Beside source and result it needs some slices; only
 * where both slices and their number shrink, another array, smaller than the source.
 */
final class SeparableResampling {

    /** Slices that are made before they are put where others may have been. */
    private static final int BATCH = 8;

    private final AxisResampling m_i;

    private final AxisResampling m_j;

    private final AxisResampling m_k;

    /** Voxels of a slice. */
    private final int m_plane;

    private final int m_newPlane;

    private final TaskExecutor m_workers;

    SeparableResampling(final AxisResampling[] axes, final TaskExecutor workers) {
        m_i = axes[0];
        m_j = axes[1];
        m_k = axes[2];
        m_plane = m_i.size() * m_j.size();
        m_newPlane = m_i.newSize() * m_j.newSize();
        m_workers = workers;
    }

    /**
     * @param source values, i fastest; not changed
     * @return the new values
     */
    float[] apply(final float[] source) {
        final int slices = m_k.size();
        final int newSlices = m_k.newSize();
        if (newSlices < slices && m_newPlane >= m_plane) {
            // Fewer slices first, put at the end of the result; from there each becomes larger before it is in the way.
            final float[] result = new float[m_newPlane * newSlices];
            final int start = result.length - m_plane * newSlices;
            alongK(source, result, start, m_plane, m_i.size(), m_j.size());
            if (!planesStay()) {
                for (int k = 0; k < newSlices; k += BATCH) {
                    inPlanes(result, start + k * m_plane, result, k * m_newPlane, Math.min(BATCH, newSlices - k));
                }
            }
            return result;
        }
        // Slices first; then lines across them, in the array that holds the more of them.
        final float[] result = new float[m_newPlane * Math.max(slices, newSlices)];
        if (planesStay()) {
            alongK(source, result, 0, m_newPlane, m_i.newSize(), m_j.newSize());
        } else {
            for (int k = 0; k < slices; k += BATCH) {
                inPlanes(source, k * m_plane, result, k * m_newPlane, Math.min(BATCH, slices - k));
            }
            alongK(result, result, 0, m_newPlane, m_i.newSize(), m_j.newSize());
        }
        return newSlices < slices ? Arrays.copyOf(result, m_newPlane * newSlices) : result;
    }

    private boolean planesStay() {
        return m_i.isIdentity() && m_j.isIdentity();
    }

    private void alongK(final float[] from, final float[] to, final int toStart, final int plane, final int sizeI,
        final int sizeJ) {
        if (m_k.isIdentity()) {
            if (from != to) {
                System.arraycopy(from, 0, to, toStart, plane * m_k.size());
            }
            return;
        }
        Lines.map(from, 0, to, toStart, new int[]{sizeI, sizeJ, m_k.size()}, 2, m_k.newSize(), m_workers,
            m_k::operation);
    }

    /** Slices of one array to slices of another, or of the same if none is overwritten before the batch has read it. */
    private void inPlanes(final float[] from, final int start, final float[] to, final int toStart, final int slices) {
        final TaskExecutor alone = TaskExecutors.singleThreaded();
        final float[][] made = new float[slices][];
        m_workers.forEach(IntStream.range(0, slices).boxed().toList(), k -> {
            final float[] rows = new float[m_i.newSize() * m_j.size()];
            made[k] = new float[m_newPlane];
            Lines.map(from, start + k * m_plane, rows, 0, new int[]{m_i.size(), m_j.size(), 1}, 0, m_i.newSize(), alone,
                m_i::operation);
            Lines.map(rows, 0, made[k], 0, new int[]{m_i.newSize(), m_j.size(), 1}, 1, m_j.newSize(), alone,
                m_j::operation);
        });
        for (int k = 0; k < slices; k++) {
            System.arraycopy(made[k], 0, to, toStart + k * m_newPlane, m_newPlane);
        }
    }
}
