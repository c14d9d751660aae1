package org.scanbridge.learning.plan;

import java.util.OptionalLong;

/**
 * What there is to train with.
 *
 * @param minutes for the training, positive
 * @param freeBytes memory outside the Java heap; empty if unknown
 * @param timer how long steps take
 */
public record Resources(double minutes, OptionalLong freeBytes, StepTimer timer) {

    /** @throws IllegalArgumentException if the minutes are not positive */
    public Resources {
        if (!(minutes > 0) || Double.isInfinite(minutes)) {
            throw new IllegalArgumentException("Minutes for the training " + minutes + ": above 0.");
        }
    }
}
