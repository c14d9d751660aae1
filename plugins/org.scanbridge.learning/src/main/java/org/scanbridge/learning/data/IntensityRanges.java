package org.scanbridge.learning.data;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.scanbridge.imaging.stats.Percentiles;

/**
 * Between which intensities images lie, by channel. A network knows structures by their intensities, as they were after the
 * normalization before its training; of images that were normalized otherwise, or not at all, it makes something, and says
 * nothing of it.
 * <p>
 * An image lies between the 1st and the 99th percentile of its voxels, those of a constant {@link Background} left out, so
 * that neither a few bright voxels nor the space around the patient decide. They are taken of at most 2¹⁷ voxels, evenly
 * spread.
 *
 * @param channels in the order in which the network gets them
 */
public record IntensityRanges(List<Channel> channels) {

    /**
     * The ranges of several images in one channel.
     *
     * @param low the lowest 1st percentile
     * @param high the highest 99th percentile
     * @param narrowest the smallest distance of both in one image
     * @param widest the largest one
     */
    public record Channel(double low, double high, double narrowest, double widest) {

        private static final String NUMBER = "(-?[0-9.]+(?:E-?[0-9]+)?)";

        private static final Pattern WRITTEN =
            Pattern.compile(NUMBER + " to " + NUMBER + " \\(width " + NUMBER + " to " + NUMBER + "\\)");

        private static Channel of(final float[] voxels, final Background background) {
            // an odd stride does not stay in one column of an image whose width is a power of two
            final int stride = voxels.length / SAMPLES | 1;
            final float[] sample = new float[(voxels.length - 1) / stride + 1];
            int count = 0;
            for (int v = 0; v < voxels.length; v += stride) {
                if (!background.constant() || voxels[v] != background.value()) {
                    sample[count++] = voxels[v];
                }
            }
            if (count == 0) {
                return new Channel(background.value(), background.value(), 0, 0);
            }
            final double[] ends = Percentiles.of(Arrays.copyOf(sample, count), 1, 99);
            return new Channel(ends[0], ends[1], ends[1] - ends[0], ends[1] - ends[0]);
        }

        private Channel with(final Channel other) {
            return new Channel(Math.min(low, other.low), Math.max(high, other.high), Math.min(narrowest, other.narrowest),
                Math.max(widest, other.widest));
        }

        private boolean include(final Channel image) {
            return image.widest <= TOLERATED * widest && TOLERATED * image.narrowest >= narrowest && image.low <= high
                && image.high >= low;
        }

        /** The first three numbers of the ends, such as {@code -1.23 to 3.46}. */
        @Override
        public String toString() {
            return rounded(low) + " to " + rounded(high);
        }

        private static String rounded(final double value) {
            return BigDecimal.valueOf(value).round(new MathContext(3)).stripTrailingZeros().toPlainString();
        }

        private String written() {
            return low + " to " + high + " (width " + narrowest + " to " + widest + ")";
        }

        private static Channel read(final String text) {
            final Matcher m = WRITTEN.matcher(text);
            if (!m.matches()) {
                throw new IllegalArgumentException("no range of intensities: " + text);
            }
            return new Channel(Double.parseDouble(m.group(1)), Double.parseDouble(m.group(2)), Double.parseDouble(m.group(3)),
                Double.parseDouble(m.group(4)));
        }
    }

    /** What the ends of a range are, for messages. */
    public static final String MEANING = "1st to 99th percentile without the background";

    /** Key in the options of a training, before the number of the channel, counted from 1. */
    private static final String OPTION = "intensityRange.";

    /**
     * By which factor an image may be wider or narrower than all of the training. Of a head, a cut-out brain, a breast and a
     * lung, z-scored, neighbors were within a factor of two (2.2, 3.0, 4.1, 7.1 standard deviations wide); scaled to 0 to 1
     * each is less than 1 wide, as it was stored hundreds or thousands.
     */
    private static final double TOLERATED = 2.5;

    private static final int SAMPLES = 1 << 16;

    /** Copies the list. */
    public IntensityRanges {
        channels = List.copyOf(channels);
    }

    /** That of one image. */
    public static IntensityRanges of(final ChannelImages image) {
        final int[] size = image.first().geometry().size();
        return of(image.voxels(), image.voxels().stream().map(v -> Background.of(v, size)).toList());
    }

    /**
     * That of one image.
     *
     * @param channels voxels of each channel
     * @param backgrounds what is not the patient in each
     */
    static IntensityRanges of(final List<float[]> channels, final List<Background> backgrounds) {
        final List<Channel> ranges = new ArrayList<>();
        for (int c = 0; c < channels.size(); c++) {
            ranges.add(Channel.of(channels.get(c), backgrounds.get(c)));
        }
        return new IntensityRanges(ranges);
    }

    /**
     * Reads what {@link #addTo(Map)} wrote.
     *
     * @param options of a training
     * @return empty if they do not tell, as those of earlier versions
     */
    public static Optional<IntensityRanges> of(final Map<String, String> options) {
        final List<Channel> channels = new ArrayList<>();
        for (int c = 1; options.containsKey(OPTION + c); c++) {
            channels.add(Channel.read(options.get(OPTION + c)));
        }
        return channels.isEmpty() ? Optional.empty() : Optional.of(new IntensityRanges(channels));
    }

    /** Writes them into the options of a training. */
    public void addTo(final Map<String, String> options) {
        for (int c = 0; c < channels.size(); c++) {
            options.put(OPTION + (c + 1), channels.get(c).written());
        }
    }

    /** Those of both, which have equally many channels. */
    public IntensityRanges with(final IntensityRanges other) {
        final List<Channel> both = new ArrayList<>();
        for (int c = 0; c < channels.size(); c++) {
            both.add(channels.get(c).with(other.channels.get(c)));
        }
        return new IntensityRanges(both);
    }

    /**
     * Looks for a channel whose intensities are unlike those of the training: more than two and a half times as far apart as in
     * any image there, or less than that part of it, or with nothing in common.
     *
     * @param image with as many channels
     * @return the first such channel, counted from 0
     */
    public OptionalInt unlike(final IntensityRanges image) {
        for (int c = 0; c < channels.size(); c++) {
            if (!channels.get(c).include(image.channels.get(c))) {
                return OptionalInt.of(c);
            }
        }
        return OptionalInt.empty();
    }
}
