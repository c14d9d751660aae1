package org.scanbridge.dicom.series;

import java.util.Objects;

/**
 * How the images of a stack become a volume.
 *
 * @param gaps what to do where slices are missing
 * @param tilt what to do where slices are sheared
 * @param values which mapping of the header gives the voxel values
 * @param padding what becomes of pixel padding
 * @param paddingValue the value for padding under {@link PaddingRule#VALUE}; also of other voxels without a value, such as
 *            the corners of a resampled tilted stack
 */
public record ImageRules(GapRule gaps, TiltRule tilt, ValueRule values, PaddingRule padding, double paddingValue) {

    /** @throws IllegalArgumentException if the padding value is not finite */
    public ImageRules {
        Objects.requireNonNull(gaps, "gaps");
        Objects.requireNonNull(tilt, "tilt");
        Objects.requireNonNull(values, "values");
        Objects.requireNonNull(padding, "padding");
        if (!Double.isFinite(paddingValue)) {
            throw new IllegalArgumentException("The padding value is " + paddingValue + "; it must be finite.");
        }
    }

    /** Series with gaps or tilt are left out, values are the modality's, padding becomes the lowest other value. */
    public static ImageRules defaults() {
        return new ImageRules(GapRule.SKIP, TiltRule.SKIP, ValueRule.MODALITY, PaddingRule.LOWEST, 0);
    }

    /** These rules with another one for gaps. */
    public ImageRules withGaps(final GapRule rule) {
        return new ImageRules(rule, tilt, values, padding, paddingValue);
    }

    /** These rules with another one for tilt. */
    public ImageRules withTilt(final TiltRule rule) {
        return new ImageRules(gaps, rule, values, padding, paddingValue);
    }

    /** These rules with another one for values. */
    public ImageRules withValues(final ValueRule rule) {
        return new ImageRules(gaps, tilt, rule, padding, paddingValue);
    }

    /** These rules with another one for padding. */
    public ImageRules withPadding(final PaddingRule rule, final double value) {
        return new ImageRules(gaps, tilt, values, rule, value);
    }
}
