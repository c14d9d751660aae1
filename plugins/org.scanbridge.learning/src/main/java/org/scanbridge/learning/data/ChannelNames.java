package org.scanbridge.learning.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What is said of input channels, in one wording for trainings and predictions. */
public final class ChannelNames {

    /** Key of a channel's name in the options of a training, before its number, counted from 1. */
    public static final String OPTION = "channel.";

    private ChannelNames() {
    }

    /**
     * The names of the channels that a training had.
     *
     * @param options of the training
     * @return in the order in which the network gets them; empty if the options do not tell, as those of trainings on single
     *         images
     */
    public static List<String> of(final Map<String, String> options) {
        final List<String> names = new ArrayList<>();
        for (int c = 1; options.containsKey(OPTION + c); c++) {
            names.add(options.get(OPTION + c));
        }
        return names;
    }

    /** {@code 2 channels (FLAIR, T1)}; without the names where they are not known. */
    public static String of(final int count, final List<String> names) {
        return count + (count == 1 ? " channel" : " channels")
            + (names.isEmpty() ? "" : " (" + String.join(", ", names) + ")");
    }

    /**
     * Says that images and channels do not match.
     *
     * @param network what has the channels, such as {@code The network}
     * @param count its number of channels
     * @param known their names; empty if the network was never trained
     * @param chosen the names of the images
     */
    public static String mismatch(final String network, final int count, final List<String> known,
        final List<String> chosen) {
        return network + (known.isEmpty() ? " has " : " was trained with ") + of(count, known) + "; " + chosen.size()
            + (chosen.size() == 1 ? " image column is" : " image columns are") + " chosen (" + String.join(", ", chosen)
            + "). Choose as many columns, in the same order, or build a network with " + of(chosen.size(), List.of()) + ".";
    }
}
