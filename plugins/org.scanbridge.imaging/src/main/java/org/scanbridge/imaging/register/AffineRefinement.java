package org.scanbridge.imaging.register;

import java.util.Objects;
import java.util.function.ToDoubleFunction;

import org.scanbridge.imaging.Progress;

/**
 * Makes an affine map better by a measure of the caller's, from one that is nearly right: in all twelve directions by
 * {@link Climb}, about a center. Deterministic if the measure is.
 */
final class AffineRefinement {

    private final Motion m_motion;

    private final double m_step;

    /**
     * @param center of what is moved, before the map; LPS in mm
     * @param radius in mm, at which rotations, scales and shears move things as far as shifts do; positive
     * @param step the first step in mm; it ends at a hundredth of that
     */
    AffineRefinement(final double[] center, final double radius, final double step) {
        m_motion = new Motion(Objects.requireNonNull(center, "center"), radius);
        m_step = step;
    }

    /**
     * @param measure of a map, the more the better; finite
     * @param from where it starts
     * @return the best map that was seen, {@code from} if there was no better one
     */
    AffineTransform refined(final ToDoubleFunction<AffineTransform> measure, final AffineTransform from,
        final Progress progress) {
        final double[] x = Climb.highest(p -> measure.applyAsDouble(from.after(m_motion.transform(p))),
            new double[Freedom.AFFINE.parameters()], m_step, progress);
        return from.after(m_motion.transform(x));
    }
}
