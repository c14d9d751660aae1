package org.scanbridge.knime.learn;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

import org.scanbridge.knime.util.RowName;
import org.scanbridge.learning.data.ChannelImages;
import org.scanbridge.learning.data.IntensityRanges;
import org.scanbridge.learning.network.Network;

/** Collects images whose intensities are unlike those that a network was trained on, such as images that were not normalized. */
public final class OtherIntensities {

    private final List<IntensityRanges> m_trained;

    private long m_count;

    private String m_first = "";

    /** @param networks what is applied to the images; some may not tell what they were trained on */
    public OtherIntensities(final List<Network> networks) {
        m_trained = networks.stream().map(n -> IntensityRanges.of(n.provenance().options())).flatMap(Optional::stream).toList();
    }

    /**
     * Looks at the images of a row.
     *
     * @param row its key
     * @param images as many as the networks have channels
     */
    public void add(final String row, final ChannelImages images) {
        if (m_trained.isEmpty()) {
            return;
        }
        final IntensityRanges image = IntensityRanges.of(images);
        for (final IntensityRanges trained : m_trained) {
            final OptionalInt channel = trained.unlike(image);
            if (channel.isPresent()) {
                final int c = channel.getAsInt();
                m_first = m_count++ > 0 ? m_first : RowName.of(row) + " has " + image.channels().get(c) + " in \""
                    + images.names().get(c) + "\", the images of the training had " + trained.channels().get(c);
                return;
            }
        }
    }

    /**
     * For the node's warning.
     *
     * @param rows number of rows of the table
     * @return empty if all images have intensities as those of the trainings, as {@link IntensityRanges} says
     */
    public Optional<String> warning(final long rows) {
        return m_count == 0 ? Optional.empty() : Optional.of(m_count + " of " + rows + " images have intensities unlike those"
            + " of the training, so the network may take one tissue for another: " + m_first + " (1st to 99th percentile"
            + " without the background). Choose the column that was normalized as before the training, or normalize it so with"
            + " the Volume Normalizer first.");
    }
}
