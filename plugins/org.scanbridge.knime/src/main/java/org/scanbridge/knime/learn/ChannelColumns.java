package org.scanbridge.knime.learn;

import java.util.ArrayList;
import java.util.List;

import org.knime.core.data.DataTableSpec;
import org.knime.core.node.InvalidSettingsException;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.port.NetworkPortObjectSpec;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.learning.data.ChannelNames;

/**
 * The image columns that are the channels of a network's input.
 *
 * @param names of the columns, in the order in which the network gets them; the first is the one of "Image column"
 */
public record ChannelColumns(List<String> names) {

    private static final String FIRST = "Image column";

    private static final String FURTHER = "Further images";

    /** Copies the names. */
    public ChannelColumns {
        names = List.copyOf(names);
    }

    /**
     * The chosen columns.
     *
     * @param first of "Image column"; null counts as not chosen
     * @param further of "Further images"; null counts as none
     */
    public static ChannelColumns of(final String first, final FurtherImage[] further) {
        final List<String> names = new ArrayList<>();
        names.add(first == null ? "" : first);
        for (final FurtherImage image : further == null ? new FurtherImage[0] : further) {
            names.add(image.m_column == null ? "" : image.m_column);
        }
        return new ChannelColumns(names);
    }

    /**
     * Where a table keeps the images.
     *
     * @return one index per channel
     * @throws InvalidSettingsException if the table lacks a column, or one is chosen twice
     */
    public int[] indices(final DataTableSpec spec) throws InvalidSettingsException {
        final int[] indices = new int[names.size()];
        for (int c = 0; c < indices.length; c++) {
            indices[c] = Columns.index(spec, names.get(c), VolumeValue.class, c == 0 ? FIRST : FURTHER);
            if (names.indexOf(names.get(c)) < c) {
                throw new InvalidSettingsException("Column \"" + names.get(c) + "\" is chosen twice (settings \"" + FIRST
                    + "\" and \"" + FURTHER + "\"). Choose another image for one of them, or remove one.");
            }
        }
        return indices;
    }

    /**
     * Whether a network takes these images.
     *
     * @throws InvalidSettingsException if it has another number of channels, or was trained with the same columns in another
     *             order
     */
    public void check(final NetworkPortObjectSpec network) throws InvalidSettingsException {
        final int count = network.architecture().inputChannels();
        final List<String> known = network.channels();
        if (names.size() != count) {
            throw new InvalidSettingsException(ChannelNames.mismatch("The network", count, known, names));
        }
        if (!known.equals(names) && known.stream().sorted().toList().equals(names.stream().sorted().toList())) {
            throw new InvalidSettingsException("The network was trained with the images " + String.join(", ", known)
                + " in this order, but they are chosen as " + String.join(", ", names)
                + ". Choose the columns in the order of the training.");
        }
    }
}
