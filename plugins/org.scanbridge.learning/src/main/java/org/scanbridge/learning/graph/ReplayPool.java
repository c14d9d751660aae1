package org.scanbridge.learning.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

import org.scanbridge.imaging.random.SeededRandom;

/**
 * Generated patches of earlier steps, so that a discriminator does not forget what the generator used to make
 * (Shrivastava et al., CVPR 2017, section 2.3; with 50 patches in CycleGAN, Zhu et al., ICCV 2017, and in the program of
 * Delisle et al. of 2020). As long as there is room, every patch is kept and shown. Then, with a probability of one half,
 * a patch is kept in place of one drawn from the pool, and that one is shown; else it is shown itself.
 * <p>
 * What happens depends on the pool and the given random numbers only, so that a training goes on from a saved
 * {@link #state()} with the same bits.
 */
final class ReplayPool {

    private final int m_capacity;

    private final int m_size;

    private final List<float[]> m_patches = new ArrayList<>();

    /**
     * @param capacity how many patches it holds; with 0 every patch is shown itself
     * @param size numbers in a patch
     */
    ReplayPool(final int capacity, final int size) {
        m_capacity = capacity;
        m_size = size;
    }

    /**
     * Exchanges new patches for what the discriminator is to see.
     *
     * @param generated patches, one behind the other
     * @param randomness decides about the patch at each place, from 0 on
     * @return as many patches
     */
    float[] exchange(final float[] generated, final IntFunction<SeededRandom> randomness) {
        final float[] shown = generated.clone();
        for (int slot = 0; slot < generated.length / m_size && m_capacity > 0; slot++) {
            final float[] patch = Arrays.copyOfRange(generated, slot * m_size, (slot + 1) * m_size);
            final SeededRandom random = randomness.apply(slot);
            if (m_patches.size() < m_capacity) {
                m_patches.add(patch);
            } else if (random.happens(0.5)) {
                final float[] old = m_patches.set(random.nextInt(m_capacity), patch);
                System.arraycopy(old, 0, shown, slot * m_size, m_size);
            }
        }
        return shown;
    }

    /** All patches, one behind the other. */
    float[] state() {
        final float[] all = new float[m_patches.size() * m_size];
        for (int n = 0; n < m_patches.size(); n++) {
            System.arraycopy(m_patches.get(n), 0, all, n * m_size, m_size);
        }
        return all;
    }

    /** Takes the patches of a {@link #state()} instead of its own. */
    void restore(final float[] state) {
        m_patches.clear();
        for (int n = 0; n < state.length / m_size; n++) {
            m_patches.add(Arrays.copyOfRange(state, n * m_size, (n + 1) * m_size));
        }
    }
}
