package org.scanbridge.imaging.augment;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

import org.scanbridge.imaging.resample.GridWindow;

/**
 * An {@link Augmentation} with its parameters drawn: no randomness is left, applying it twice gives the same.
 *
 * @param parameters what was drawn, by name; empty if nothing is changed
 * @param change what it does
 */
public record Transformation(SortedMap<String, Double> parameters, UnaryOperator<LabeledVolume> change) {

    /** Changes nothing. */
    public static final Transformation NONE =
        new Transformation(Collections.emptySortedMap(), UnaryOperator.identity());

    /** Copies the map; names in alphabetical order. */
    public Transformation {
        parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
    }

    /** With parameters given in any order. */
    static Transformation of(final Map<String, Double> parameters, final UnaryOperator<LabeledVolume> change) {
        return new Transformation(new TreeMap<>(parameters), change);
    }

    /** The changed image and segmentation; the given ones are not changed. */
    public LabeledVolume apply(final LabeledVolume sample) {
        return change.apply(sample);
    }

    /**
     * A window of what {@link #apply} gives; where only a place changes, nothing else is computed.
     *
     * @param window of the sample's grid, and within it
     */
    public LabeledVolume applyWithin(final LabeledVolume sample, final GridWindow window) {
        return change instanceof SpatialChange moved ? moved.within(sample, window) : apply(sample).within(window);
    }
}
