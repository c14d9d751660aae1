package org.scanbridge.learning.predict;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.learning.architecture.NetworkSpec;

/** Turns slices of probabilities into a segmentation at once, so that the probabilities of no other slice are kept. */
final class SliceMaps {

    private final int m_slice;

    /** Numbers per voxel: one per class or region. */
    private final int m_outputs;

    private final ClassRule m_rule;

    private final boolean m_regions;

    private final byte[] m_labels;

    private final float[] m_uncertainty;

    private final float[][] m_probabilities;

    /**
     * @param size of the image
     * @param spec tells classes or regions
     * @param uncertainty whether to make a map of the normalized entropy
     * @param probabilities whether to keep all probabilities
     */
    SliceMaps(final int[] size, final NetworkSpec spec, final boolean uncertainty, final boolean probabilities) {
        m_slice = size[0] * size[1];
        m_outputs = spec.outputs();
        m_rule = ClassRule.of(spec);
        m_regions = !spec.regions().isEmpty();
        m_labels = new byte[m_slice * size[2]];
        m_uncertainty = new float[uncertainty ? m_labels.length : 0];
        m_probabilities = new float[probabilities ? m_outputs : 0][m_labels.length];
    }

    /** Bytes of the maps. */
    static long bytes(final int[] size, final int outputs, final boolean uncertainty, final boolean probabilities) {
        return (long)size[0] * size[1] * size[2]
            * (1 + (uncertainty ? Float.BYTES : 0) + (probabilities ? (long)Float.BYTES * outputs : 0));
    }

    /**
     * Takes a slice.
     *
     * @param k index of the slice
     * @param p probabilities [j, i, outputs]
     */
    void slice(final int k, final float[] p) {
        for (int v = 0; v < m_slice; v++) {
            final int from = v * m_outputs;
            final int to = k * m_slice + v;
            m_labels[to] = (byte)m_rule.classOf(p, from);
            if (m_uncertainty.length > 0) {
                m_uncertainty[to] = (float)(m_regions ? Entropy.ofRegions(p, from, m_outputs)
                    : Entropy.normalized(p, from, m_outputs));
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
