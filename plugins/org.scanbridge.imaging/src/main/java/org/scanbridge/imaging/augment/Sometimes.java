package org.scanbridge.imaging.augment;

import java.util.List;
import java.util.Objects;

import org.scanbridge.imaging.random.SeededRandom;

/**
 * An augmentation that happens with some probability and otherwise changes nothing.
 *
 * @param probability in [0, 1]
 * @param augmentation what happens
 */
public record Sometimes(double probability, Augmentation augmentation) implements Augmentation {

    /** @throws IllegalArgumentException if the probability is none */
    public Sometimes {
        Objects.requireNonNull(augmentation, "augmentation");
        if (!(probability >= 0 && probability <= 1)) {
            throw new IllegalArgumentException("probability " + probability + " is outside [0, 1]");
        }
    }

    @Override
    public List<String> parameterNames() {
        return augmentation.parameterNames();
    }

    @Override
    public Transformation draw(final SeededRandom random) {
        return random.happens(probability) ? augmentation.draw(random) : Transformation.NONE;
    }
}
