package org.scanbridge.learning.predict;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;

/** Turns slices of probabilities into a segmentation at once, so that the probabilities of no other slice are kept. */
final class SliceMaps {

    private final int m_slice;

    private final int m_classes;

    private final byte[] m_labels;

    private final float[] m_uncertainty;

    private final float[][] m_probabilities;

    /**
     * @param size of the image
     * @param classes number of classes
     * @param uncertainty whether to make a map of the normalized entropy
     * @param probabilities whether to keep all probabilities
     */
    SliceMaps(final int[] size, final int classes, final boolean uncertainty, final boolean probabilities) {
        m_slice = size[0] * size[1];
        m_classes = classes;
        m_labels = new byte[m_slice * size[2]];
        m_uncertainty = new float[uncertainty ? m_labels.length : 0];
        m_probabilities = new float[probabilities ? classes : 0][m_labels.length];
    }

    /** Bytes of the maps. */
    static long bytes(final int[] size, final int classes, final boolean uncertainty, final boolean probabilities) {
        return (long)size[0] * size[1] * size[2]
            * (1 + (uncertainty ? Float.BYTES : 0) + (probabilities ? (long)Float.BYTES * classes : 0));
    }

    /**
     * Takes a slice.
     *
     * @param k index of the slice
     * @param p probabilities [j, i, classes]
     */
    void slice(final int k, final float[] p) {
        for (int v = 0; v < m_slice; v++) {
            final int from = v * m_classes;
            final int to = k * m_slice + v;
            int best = 0;
            for (int c = 1; c < m_classes; c++) {
                if (p[from + c] > p[from + best]) {
                    best = c;
                }
            }
            m_labels[to] = (byte)best;
            if (m_uncertainty.length > 0) {
                m_uncertainty[to] = (float)Entropy.normalized(p, from, m_classes);
            }
            for (int c = 0; c < m_probabilities.length; c++) {
                m_probabilities[c][to] = p[from + c];
            }
        }
    }

    /** What was made of the slices. */
    Prediction prediction(final Volume volume, final LabelSet names) {
        final List<Volume> probabilities = new ArrayList<>();
        for (final float[] map : m_probabilities) {
            probabilities.add(volume.withVoxels(map));
        }
        return new Prediction(new LabelVolume(m_labels, volume.geometry(), volume.info(), names),
            m_uncertainty.length > 0 ? Optional.of(volume.withVoxels(m_uncertainty)) : Optional.empty(), probabilities);
    }
}
