package org.scanbridge.learning.train;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.scanbridge.learning.data.CaseSet;
import org.scanbridge.learning.data.IntensityRanges;
import org.scanbridge.learning.data.IntensityRanges.Channel;
import org.scanbridge.learning.data.LoadedCase;

/** What to tell the user of a training on images of different intensity scales, as images are that nobody normalized. */
final class UnevenIntensities {

    /**
     * By which factor images of one training may be wider than others. Normalized images of quite different parts of the
     * body are within 3.3 (see {@link IntensityRanges}).
     */
    private static final double TOLERATED = 5;

    private UnevenIntensities() {
    }

    /**
     * Looks at all cases, those to validate on included.
     *
     * @param cases of the training
     * @return names the images with the narrowest and the widest intensities of a channel if these are five times as far apart;
     *         images of a single value do not count
     */
    static Optional<String> notice(final CaseSet cases) {
        for (int c = 0; c < cases.channels().size(); c++) {
            final int channel = c;
            final Comparator<LoadedCase> width = Comparator.comparingDouble(l -> range(l, channel).widest());
            final List<LoadedCase> all = Stream.concat(cases.training().stream(), cases.validation().stream())
                .filter(l -> range(l, channel).widest() > 0).sorted(width).toList();
            if (all.isEmpty()) {
                continue;
            }
            final LoadedCase narrow = all.get(0);
            final LoadedCase wide = all.get(all.size() - 1);
            if (range(wide, c).widest() > TOLERATED * range(narrow, c).widest()) {
                return Optional.of("The images" + (cases.channels().size() > 1 ? " \"" + cases.channels().get(c) + "\"" : "")
                    + " are on different intensity scales, and a network takes such a difference for one between tissues: "
                    + words(narrow, c) + ", " + words(wide, c) + " (" + IntensityRanges.MEANING + "). Normalize"
                    + " them with the Volume Normalizer first, and choose its column here.");
            }
        }
        return Optional.empty();
    }

    private static Channel range(final LoadedCase loaded, final int channel) {
        return loaded.intensities().channels().get(channel);
    }

    private static String words(final LoadedCase loaded, final int channel) {
        return "subject " + loaded.source().subject() + " of site " + loaded.source().site() + " has " + range(loaded, channel);
    }
}
