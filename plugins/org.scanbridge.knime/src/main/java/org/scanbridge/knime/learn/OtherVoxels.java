package org.scanbridge.knime.learn;

import java.util.List;
import java.util.Optional;

import org.knime.core.data.DataRow;
import org.knime.core.node.BufferedDataTable;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.learning.data.VoxelSpacings;
import org.scanbridge.learning.network.Network;

/** Finds images whose voxels are larger or smaller than those that a network was trained on. */
public final class OtherVoxels {

    private OtherVoxels() {
    }

    /**
     * Looks at the headers of all images of a table.
     *
     * @param networks what is applied to them; some may not tell what they were trained on
     * @param table with the images; missing cells are passed over
     * @param column index of the column with the images
     * @return what to warn of; empty if all images have voxels as those of the trainings, as {@link VoxelSpacings} says
     */
    public static Optional<String> warning(final List<Network> networks, final BufferedDataTable table, final int column) {
        long count = 0;
        String first = "";
        for (final DataRow row : table) {
            if (row.getCell(column).isMissing()) {
                continue;
            }
            final Geometry grid = ((VolumeValue)row.getCell(column)).geometry();
            final Optional<VoxelSpacings> other = networks.stream().map(n -> unlike(n, grid)).flatMap(Optional::stream)
                .findFirst();
            if (other.isPresent() && count++ == 0) {
                first = row.getKey().getString() + " has " + grid + ", the network was trained on voxels of " + other.get()
                    + " mm";
            }
        }
        return count == 0 ? Optional.empty() : Optional.of(count + " of " + table.size() + " images have voxels of another size"
            + " than those of the training, so structures look larger or smaller to the network than those that it knows: "
            + first + ". Bring them to that size with the Volume Resampler first, as before the training.");
    }

    /** What a network was trained on, if an image is unlike that. */
    private static Optional<VoxelSpacings> unlike(final Network network, final Geometry grid) {
        return VoxelSpacings.of(network.provenance().options()).filter(s -> !s.include(grid, network.spec().kind().flat()));
    }
}
