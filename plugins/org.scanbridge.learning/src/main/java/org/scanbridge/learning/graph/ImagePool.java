package org.scanbridge.learning.graph;

import java.util.ArrayList;
import java.util.List;

import org.scanbridge.imaging.random.SeededRandom;

/**
 * Generated patches of the past (Shrivastava et al., CVPR 2017, section 2.3, as Zhu et al. use it): a discriminator that
 * also sees what the generator made before does not forget it. As long as there is room, a patch is stored and passed on.
 * Then one of two happens with equal probability: it is passed on, or it takes the place of a stored one, which is passed on
 * instead.
 */
final class ImagePool {

    private final int m_capacity;

    private final int m_length;

    private final List<float[]> m_patches = new ArrayList<>();

    /**
     * @param capacity number of stored patches; 0 passes everything on
     * @param length values of one patch
     */
    ImagePool(final int capacity, final int length) {
        m_capacity = capacity;
        m_length = length;
    }

    /**
     * @param generated one or more patches, one after another
     * @param random decides everything
     * @return as many patches, new and old ones
     */
    float[] exchange(final float[] generated, final SeededRandom random) {
        final float[] out = generated.clone();
        for (int from = 0; from < out.length && m_capacity > 0; from += m_length) {
            final float[] patch = new float[m_length];
            System.arraycopy(generated, from, patch, 0, m_length);
            if (m_patches.size() < m_capacity) {
                m_patches.add(patch);
            } else if (random.happens(0.5)) {
                System.arraycopy(m_patches.set(random.nextInt(m_capacity), patch), 0, out, from, m_length);
            }
        }
        return out;
    }

    /** All stored patches, one after another. */
    float[] state() {
        final float[] all = new float[m_patches.size() * m_length];
        for (int p = 0; p < m_patches.size(); p++) {
            System.arraycopy(m_patches.get(p), 0, all, p * m_length, m_length);
        }
        return all;
    }

    /** Stores what {@link #state()} gave instead of what is there. */
    void restore(final float[] state) {
        m_patches.clear();
        for (int from = 0; from < state.length; from += m_length) {
            final float[] patch = new float[m_length];
            System.arraycopy(state, from, patch, 0, m_length);
            m_patches.add(patch);
        }
    }
}
