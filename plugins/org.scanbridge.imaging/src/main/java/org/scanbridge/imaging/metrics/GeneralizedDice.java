package org.scanbridge.imaging.metrics;

import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;

import org.scanbridge.imaging.volume.LabelVolume;

/**
 * One Dice score of all classes together: 2·Σ wₗ·TPₗ / Σ wₗ·(Pₗ + Tₗ) with P and T the predicted and true numbers of
 * voxels (Crum, Camara, Hill, IEEE TMI 25, 2006). A class that the truth lacks has no volume to weigh it by and gets
 * the largest weight of the others, so that predicting it is not forgiven.
 *
 * @param weight how classes are weighted
 */
public record GeneralizedDice(Weight weight) {

    /** How much a class counts. */
    public enum Weight {

        /** Every voxel the same, so large classes prevail. */
        VOXEL(0),

        /** 1/T: every class the same. */
        INVERSE_VOLUME(1),

        /** 1/T², as in the generalized Dice loss (Sudre et al., DLMIA 2017): small classes prevail. */
        INVERSE_SQUARED_VOLUME(2);

        private final int m_power;

        Weight(final int power) {
            m_power = power;
        }

        double of(final long volume) {
            return Math.pow(volume, -m_power);
        }
    }

    /** @throws NullPointerException if there is no weight */
    public GeneralizedDice {
        Objects.requireNonNull(weight, "weight");
    }

    /**
     * @param prediction what was predicted
     * @param truth the reference, on the same grid
     * @param labels the classes, usually without 0
     * @return the score in [0, 1]; missing if prediction and truth have none of the classes, 0 if exactly one has none
     */
    public OptionalDouble score(final LabelVolume prediction, final LabelVolume truth, final List<Integer> labels) {
        return score(labels.stream().map(label -> ConfusionCounts.of(prediction, truth, label)).toList());
    }

    /** As {@link #score(LabelVolume, LabelVolume, List)} from the counts of each class. */
    public OptionalDouble score(final List<ConfusionCounts> classes) {
        double largest = 0;
        for (final ConfusionCounts c : classes) {
            if (c.actual() > 0) {
                largest = Math.max(largest, weight.of(c.actual()));
            }
        }
        if (largest == 0) {
            // The truth is empty; any weight gives 0 if something was predicted.
            return classes.stream().anyMatch(c -> c.predicted() > 0) ? OptionalDouble.of(0) : OptionalDouble.empty();
        }
        double common = 0;
        double both = 0;
        for (final ConfusionCounts c : classes) {
            final double w = c.actual() > 0 ? weight.of(c.actual()) : largest;
            common += w * c.truePositives();
            both += w * (c.predicted() + c.actual());
        }
        return OptionalDouble.of(2 * common / both);
    }
}
