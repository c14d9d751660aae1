package org.scanbridge.imaging.normalize;

import java.util.BitSet;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntPredicate;

import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.parallel.Chunks;
import org.scanbridge.imaging.volume.LabelVolume;

/** Which voxels of an image the statistics of a normalization are taken from. */
public enum Foreground {

    /** Every voxel. */
    WHOLE_IMAGE,

    /** Voxels above 0: skull-stripped images whose background is 0. */
    ABOVE_ZERO,

    /** Voxels above the mean of the whole image: heads in noisy air. */
    ABOVE_MEAN,

    /** Voxels above the image's {@link OtsuThreshold}. */
    OTSU,

    /** Voxels with a label other than 0 in the supplied mask. */
    MASK,

    /** Voxels other than 0: images that were z-scored before, whose background is 0. */
    NOT_ZERO,

    /** The rule of {@link ForegroundChoice#of}, which looks at each image. */
    AUTOMATIC;

    /**
     * The foreground voxels of an image, and what becomes of the others.
     *
     * @param voxels by index in {@link org.scanbridge.imaging.volume.Volume#voxels()}; never empty
     * @param background mapped where the image has no background
     */
    record Chosen(BitSet voxels, Background background) {
    }

    /**
     * As {@link #of}, with what becomes of the other voxels.
     *
     * @param background what the user wants
     */
    Chosen choose(final Sample sample, final Background background) {
        if (this != AUTOMATIC) {
            return new Chosen(of(sample), background);
        }
        requireFinite(sample);
        final ForegroundChoice choice = ForegroundChoice.of(sample.image());
        return new Chosen(choice.voxels(sample), choice.hasBackground() ? background : Background.MAPPED);
    }

    /** For people: {@code above zero}. */
    String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /**
     * @param sample the image, and the mask that {@link #MASK} needs
     * @return the foreground voxels, by index in {@link org.scanbridge.imaging.volume.Volume#voxels()}; never empty
     * @throws ImagingException if the image has a NaN or infinite voxel, if its foreground is empty, or if a mask is
     *             needed and missing
     */
    public BitSet of(final Sample sample) {
        return of(sample, 0);
    }

    /**
     * As {@link #of(Sample)}.
     *
     * @param zero what {@link #ABOVE_ZERO} and {@link #NOT_ZERO} take for 0
     */
    BitSet of(final Sample sample, final float zero) {
        final float[] x = sample.image().voxels();
        requireFinite(sample);
        final BitSet foreground = switch (this) {
            case WHOLE_IMAGE -> all(x.length);
            case ABOVE_ZERO -> above(x, zero);
            case ABOVE_MEAN -> above(x, mean(x));
            case OTSU -> above(x, OtsuThreshold.of(x));
            case MASK -> labeled(sample);
            case NOT_ZERO -> voxels(x.length, v -> x[v] != zero);
            case AUTOMATIC -> ForegroundChoice.of(sample.image()).voxels(sample);
        };
        if (foreground.isEmpty()) {
            throw new ImagingException("The foreground (" + text() + ") of " + Sample.name(sample.image().info())
                + " is empty. Choose another foreground rule, or leave this image out.");
        }
        return foreground;
    }

    /** The values of the foreground voxels in voxel order. */
    static float[] values(final Sample sample, final BitSet foreground) {
        final float[] x = sample.image().voxels();
        final int count = foreground.cardinality();
        if (count == x.length) {
            return x;
        }
        final int[] ends = new int[Chunks.count(x.length)];
        Chunks.forEach(x.length, (c, from, to) -> ends[c] = foreground.get(from, to).cardinality());
        for (int c = 1; c < ends.length; c++) {
            ends[c] += ends[c - 1];
        }
        final float[] values = new float[count];
        Chunks.forEach(x.length, (c, from, to) -> {
            int n = c == 0 ? 0 : ends[c - 1];
            for (int v = foreground.nextSetBit(from); v >= 0 && v < to;) {
                final int end = Math.min(to, foreground.nextClearBit(v));
                System.arraycopy(x, v, values, n, end - v);
                n += end - v;
                v = foreground.nextSetBit(end);
            }
        });
        return values;
    }

    private static void requireFinite(final Sample sample) {
        final float[] x = sample.image().voxels();
        final LongAdder bad = new LongAdder();
        Chunks.forEach(x.length, (c, from, to) -> {
            int found = 0;
            for (int v = from; v < to; v++) {
                found += Float.isFinite(x[v]) ? 0 : 1;
            }
            bad.add(found);
        });
        if (bad.sum() > 0) {
            throw new ImagingException(bad + " of " + x.length + " voxels of "
                + Sample.name(sample.image().info())
                + " are NaN or infinite. Switch on \"Replace NaN and infinite voxels\" in the Volume Normalizer, or leave this"
                + " image out.");
        }
    }

    private static BitSet all(final int count) {
        final BitSet set = new BitSet(count);
        set.set(0, count);
        return set;
    }

    private static BitSet above(final float[] x, final double threshold) {
        return voxels(x.length, v -> x[v] > threshold);
    }

    /** The voxels with a property. */
    private static BitSet voxels(final int count, final IntPredicate property) {
        // Word by word: setting bits one at a time takes longer than everything else here.
        final long[] words = new long[(count + Long.SIZE - 1) / Long.SIZE];
        Chunks.forEach(count, (c, from, to) -> {
            for (int start = from; start < to; start += Long.SIZE) {
                final int end = Math.min(to, start + Long.SIZE);
                long word = 0;
                for (int v = start; v < end; v++) {
                    word |= property.test(v) ? 1L << v : 0;
                }
                words[start / Long.SIZE] = word;
            }
        });
        return BitSet.valueOf(words);
    }

    private static double mean(final float[] x) {
        return Chunks.sum(x.length, (from, to) -> {
            double sum = 0;
            for (int v = from; v < to; v++) {
                sum += x[v];
            }
            return sum;
        }) / x.length;
    }

    private static BitSet labeled(final Sample sample) {
        final LabelVolume mask = sample.mask().orElseThrow(() -> new ImagingException(
            "There is no mask for " + Sample.name(sample.image().info())
                + ". Supply one, or choose another foreground rule."));
        final byte[] labels = mask.voxels();
        return voxels(labels.length, v -> labels[v] != 0);
    }
}
