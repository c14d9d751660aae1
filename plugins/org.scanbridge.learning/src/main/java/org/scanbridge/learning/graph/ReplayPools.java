package org.scanbridge.learning.graph;

import java.util.LinkedHashMap;
import java.util.Map;

import org.scanbridge.imaging.random.SeededRandom;

/** The pools of two discriminators, of which one sees images of the source's look and one of the target's. */
final class ReplayPools {

    private final String m_sourceName;

    private final String m_targetName;

    private final ReplayPool m_source;

    private final ReplayPool m_target;

    /**
     * @param prefix of the pools' names among the variables of a saved state
     * @param capacity how many patches each holds
     * @param size numbers in a patch
     */
    ReplayPools(final String prefix, final int capacity, final int size) {
        m_sourceName = prefix + "pool.source";
        m_targetName = prefix + "pool.target";
        m_source = new ReplayPool(capacity, size);
        m_target = new ReplayPool(capacity, size);
    }

    /** What the source's discriminator is to see instead of new patches; see {@link ReplayPool#exchange}. */
    float[] source(final float[] generated, final SeededRandom random) {
        return m_source.exchange(generated, slot -> random);
    }

    /** What the target's discriminator is to see instead of new patches; see {@link ReplayPool#exchange}. */
    float[] target(final float[] generated, final SeededRandom random) {
        return m_target.exchange(generated, slot -> random);
    }

    /** Variables of a training, and the patches of both pools. */
    Map<String, float[]> with(final Map<String, float[]> variables) {
        final Map<String, float[]> state = new LinkedHashMap<>(variables);
        state.put(m_sourceName, m_source.state());
        state.put(m_targetName, m_target.state());
        return state;
    }

    /**
     * Takes the patches of a state, if it has both pools.
     *
     * @return the variables of the state alone
     */
    Map<String, float[]> taken(final Map<String, float[]> state) {
        final Map<String, float[]> variables = new LinkedHashMap<>(state);
        final float[] source = variables.remove(m_sourceName);
        final float[] target = variables.remove(m_targetName);
        if (source != null && target != null) {
            m_source.restore(source);
            m_target.restore(target);
        }
        return variables;
    }
}
