package org.scanbridge.knime.nodes.segmentationpredictor;

import java.util.List;
import java.util.Optional;

import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.learning.data.VoxelSpacings;
import org.scanbridge.learning.network.Network;

/** Counts images whose voxels are larger or smaller than those that a network was trained on. */
final class OtherVoxels {

    private final List<Network> m_networks;

    private long m_count;

    private String m_first = "";

    /** @param networks those that segment; some may not tell what they were trained on */
    OtherVoxels(final List<Network> networks) {
        m_networks = List.copyOf(networks);
    }

    /**
     * Looks at an image.
     *
     * @param row its row, for the warning
     * @param grid its grid
     */
    void look(final String row, final Geometry grid) {
        for (final Network network : m_networks) {
            final Optional<VoxelSpacings> trained = VoxelSpacings.of(network.provenance().options());
            if (trained.isPresent() && !trained.get().include(grid, network.spec().kind().flat())) {
                if (m_count++ == 0) {
                    m_first = row + " has " + grid + ", the network was trained on voxels of " + trained.get() + " mm";
                }
                return;
            }
        }
    }

    /**
     * What there is to warn of.
     *
     * @param rows how many images there were
     */
    Optional<String> warning(final long rows) {
        return m_count == 0 ? Optional.empty() : Optional.of(m_count + " of " + rows + " images have voxels of another size than"
            + " those of the training, so structures look larger or smaller to the network than those that it knows: " + m_first
            + ". Bring them to that size with the Volume Resampler first, as before the training.");
    }
}
