package org.scanbridge.knime.learn;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.knime.util.RowName;
import org.scanbridge.learning.data.ChannelImages;
import org.scanbridge.learning.data.IntensityRanges;
import org.scanbridge.learning.data.VoxelSpacings;
import org.scanbridge.learning.network.Network;

/**
 * Collects images that are unlike those which networks were trained on, by their voxels or by their intensities, such as images
 * that were not resampled or not normalized. Networks that do not tell what they were trained on, as those of earlier
 * versions, have nothing to compare with.
 */
public final class UnlikeTraining {

    private final List<Training> m_trainings;

    private final Found m_voxels = new Found();

    private final Found m_intensities = new Found();

    /**
     * What a network was trained on, as far as it tells.
     *
     * @param flat whether it looks at single slices
     */
    private record Training(Optional<VoxelSpacings> spacings, boolean flat, Optional<IntensityRanges> intensities) {

        static Training of(final Network network) {
            final Map<String, String> options = network.provenance().options();
            return new Training(VoxelSpacings.of(options), network.spec().kind().flat(), IntensityRanges.of(options));
        }
    }

    /** Images of one kind: how many, and what to say of the first one. */
    private static final class Found {

        private long m_count;

        private String m_first = "";

        void add(final String words) {
            m_first = m_count++ == 0 ? words : m_first;
        }
    }

    /** @param networks what is applied to the images; without any, nothing is looked at */
    public UnlikeTraining(final List<Network> networks) {
        m_trainings = networks.stream().map(Training::of).toList();
    }

    /**
     * Looks at the images of a row.
     *
     * @param row its key
     * @param images as many as the networks have channels
     */
    public void add(final String row, final ChannelImages images) {
        voxels(images.first().geometry()).ifPresent(words -> m_voxels.add(RowName.of(row) + words));
        intensities(images).ifPresent(words -> m_intensities.add(RowName.of(row) + words));
    }

    /** What to say of a grid whose voxels are larger or smaller. */
    private Optional<String> voxels(final Geometry grid) {
        return m_trainings.stream().flatMap(t -> t.spacings().filter(s -> !s.include(grid, t.flat())).stream()).findFirst()
            .map(spacings -> " has " + grid + ", the network was trained on voxels of " + spacings + " mm");
    }

    private Optional<String> intensities(final ChannelImages images) {
        final List<IntensityRanges> trained =
            m_trainings.stream().map(Training::intensities).flatMap(Optional::stream).toList();
        if (trained.isEmpty()) {
            return Optional.empty();
        }
        final IntensityRanges image = IntensityRanges.of(images);
        for (final IntensityRanges ranges : trained) {
            final OptionalInt channel = ranges.unlike(image);
            if (channel.isPresent()) {
                final int c = channel.getAsInt();
                return Optional.of(" has " + image.channels().get(c) + " in \"" + images.names().get(c)
                    + "\", the images of the training had " + ranges.channels().get(c));
            }
        }
        return Optional.empty();
    }

    /**
     * For the node's warning.
     *
     * @param rows number of rows of the table
     * @return empty if all images are as those of the trainings, as {@link VoxelSpacings} and {@link IntensityRanges} say
     */
    public List<String> warnings(final long rows) {
        final List<String> warnings = new ArrayList<>();
        if (m_voxels.m_count > 0) {
            warnings.add(m_voxels.m_count + " of " + rows + " images have voxels of another size than those of the training, so"
                + " structures look larger or smaller to the network than those that it knows: " + m_voxels.m_first
                + ". Bring them to that size with the Volume Resampler first, as before the training.");
        }
        if (m_intensities.m_count > 0) {
            warnings.add(m_intensities.m_count + " of " + rows + " images have intensities unlike those of the training, so the"
                + " network may take one tissue for another: " + m_intensities.m_first + " (" + IntensityRanges.MEANING
                + "). Choose the column that was normalized as before the training, or normalize it so with the"
                + " Volume Normalizer first.");
        }
        return warnings;
    }
}
