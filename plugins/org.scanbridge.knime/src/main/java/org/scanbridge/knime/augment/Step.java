package org.scanbridge.knime.augment;

import java.util.function.Supplier;

import org.scanbridge.imaging.augment.Augmentation;
import org.scanbridge.imaging.augment.Sometimes;

/**
 * One kind of augmentation with its settings.
 *
 * @param title what the dialog calls it
 * @param on whether it is chosen
 * @param probability how often it happens
 * @param augmentation makes it; throws an {@link IllegalArgumentException} if a number is out of range
 */
record Step(String title, boolean on, double probability, Supplier<Augmentation> augmentation) {

    static Step of(final String title, final boolean on, final double probability,
        final Supplier<Augmentation> augmentation) {
        return new Step(title, on, probability, augmentation);
    }

    /** What is not chosen never happens, but keeps its place, so that the others draw the same numbers without it. */
    Sometimes sometimes() {
        return new Sometimes(on ? probability : 0, augmentation.get());
    }
}
