package org.scanbridge.imaging.augment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.atlas.ClassIntensity;
import org.scanbridge.imaging.random.SeededRandom;

/**
 * What the classes of {@link LabelSynthesis} look like: a mean and a standard deviation of each, drawn for each image.
 */
public sealed interface ClassColors {

    /**
     * Mean and standard deviation of a class.
     *
     * @param mean in the image's units, or, if these are unknown, about in [0, 1]
     * @param sd in the same units
     */
    record Color(double mean, double sd) {
    }

    /** Whether the means are in the units of the image, so that none of its own statistics is needed. */
    boolean inUnits();

    /** Number of parts that what has no label is divided into; at least 1. */
    int rest();

    /**
     * Draws a class.
     *
     * @param label its label value, or 0
     * @param part of what has no label, from the darkest in the source image; 0 for a label
     */
    Color draw(int label, int part, SeededRandom random);

    /**
     * Any contrast: mean uniform in [0, 1], standard deviation in [0, spread], independent of each other and of anatomy
     * (SynthSeg, Billot et al., Medical Image Analysis 86, 2023: 0 to 255 and 0 to 35).
     *
     * @param spread largest standard deviation, in [0, 1]
     * @param rest number of parts of what has no label, within [1, 20]
     */
    record Any(double spread, int rest) implements ClassColors {

        /** As SynthSeg; eight parts. */
        public static final Any DEFAULT = new Any(0.14, 8);

        /** @throws IllegalArgumentException if a number is out of range */
        public Any {
            if (!(spread >= 0 && spread <= 1) || rest < 1 || rest > 20) {
                throw new IllegalArgumentException("spread " + spread + " must be in [0, 1], parts of the rest " + rest
                    + " in [1, 20]");
            }
        }

        @Override
        public boolean inUnits() {
            return false;
        }

        @Override
        public Color draw(final int label, final int part, final SeededRandom random) {
            return new Color(random.nextDouble(), spread * random.nextDouble());
        }
    }

    /**
     * The contrast of given images: normal about the median of a class's means over the images, with half of their spread
     * between images plus 0.3 of the spread within the class as standard deviation; within the class 0.2 to 0.8 of its
     * spread, as part of what is estimated there is partial volume that blurring adds again.
     *
     * @param labels by label value
     * @param parts of what has no label, from the darkest in the source images; if they are mixed, in the given ones
     * @param mixed whether it is not known which part of the given images is which of the source's: then each but the darkest,
     *            which is air in any contrast, is drawn like any of them
     */
    record Guided(SortedMap<Integer, Estimate> labels, List<Estimate> parts, boolean mixed) implements ClassColors {

        /**
         * What was estimated of a class.
         *
         * @param mean median over the images, in their units
         * @param between standard deviation of the means between images
         * @param within median standard deviation within the class
         */
        public record Estimate(double mean, double between, double within) {
        }

        /** With parts that are those of the source. */
        public Guided(final SortedMap<Integer, Estimate> labels, final List<Estimate> parts) {
            this(labels, parts, false);
        }

        /** The same with parts of which it is not known which of the source's they are. */
        public Guided withMixedParts() {
            return new Guided(labels, parts, true);
        }

        /** @throws IllegalArgumentException if there is no class without a label */
        public Guided {
            labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
            parts = List.copyOf(parts);
            if (parts.isEmpty()) {
                throw new IllegalArgumentException("guided synthesis needs the intensities of at least one class without"
                    + " a label; build the atlas with clusters");
            }
        }

        /**
         * From what an atlas says of some images, such as those of a new scanner.
         *
         * @param images the intensities of all classes of one atlas, for each image; at least one, all normalized as the
         *            network's images are
         * @throws IllegalArgumentException if there is no image, or a class occurs in none
         */
        public static Guided of(final List<List<ClassIntensity>> images) {
            if (images.isEmpty()) {
                throw new IllegalArgumentException("guided synthesis needs at least one image of the new scanner");
            }
            final SortedMap<Integer, Estimate> labels = new TreeMap<>();
            final List<Estimate> parts = new ArrayList<>();
            for (int c = 0; c < images.get(0).size(); c++) {
                final int n = c;
                final double[] means = images.stream().mapToDouble(i -> i.get(n).mean()).filter(Double::isFinite).toArray();
                final double[] spreads =
                    images.stream().mapToDouble(i -> i.get(n).spread()).filter(Double::isFinite).toArray();
                final ClassIntensity first = images.get(0).get(c);
                if (means.length == 0 || spreads.length == 0) {
                    throw new IllegalArgumentException("class \"" + first.atlasClass().name()
                        + "\" occurs in none of the images of the new scanner");
                }
                final double average = Arrays.stream(means).average().orElseThrow();
                final double between =
                    Math.sqrt(Arrays.stream(means).map(m -> (m - average) * (m - average)).sum() / means.length);
                final Estimate estimate = new Estimate(median(means), between, median(spreads));
                if (first.atlasClass().isRest()) {
                    parts.add(estimate);
                } else {
                    labels.put(first.atlasClass().label(), estimate);
                }
            }
            return new Guided(labels, parts);
        }

        private static double median(final double[] x) {
            Arrays.sort(x);
            return (x[(x.length - 1) / 2] + x[x.length / 2]) / 2;
        }

        @Override
        public boolean inUnits() {
            return true;
        }

        @Override
        public int rest() {
            return parts.size();
        }

        private Estimate part(final int part, final SeededRandom random) {
            return mixed && part > 0 ? parts.get(parts.size() == 1 ? 0 : 1 + random.nextInt(parts.size() - 1))
                : parts.get(Math.min(part, parts.size() - 1));
        }

        @Override
        public Color draw(final int label, final int part, final SeededRandom random) {
            final Estimate e = label == 0 ? part(part, random) : labels.get(label);
            if (e == null) {
                throw new ImagingException("The segmentation has the label value " + label
                    + ", but the intensities of the new scanner are known for " + labels.keySet()
                    + " only. Build the atlas from segmentations with the same labels.");
            }
            return new Color(e.mean + (0.5 * e.between + 0.3 * e.within) * random.nextGaussian(),
                e.within * random.uniform(0.2, 0.8));
        }
    }
}
