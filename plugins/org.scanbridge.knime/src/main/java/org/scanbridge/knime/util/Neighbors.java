package org.scanbridge.knime.util;

import org.knime.node.parameters.widget.choices.Label;
import org.scanbridge.imaging.components.Connectivity;

/** What voxels of one lesion, or of one part of a class, share. */
public enum Neighbors {
        @Label(value = "A corner", description = "26 neighbors, in a plane 8.")
        CORNERS(Connectivity.CORNERS),

        @Label(value = "A face", description = "6 neighbors, in a plane 4, as in the MS-SEG challenge.")
        FACES(Connectivity.FACES);

    private final Connectivity m_connectivity;

    Neighbors(final Connectivity connectivity) {
        m_connectivity = connectivity;
    }

    /** The same for the algorithms. */
    public Connectivity connectivity() {
        return m_connectivity;
    }
}
