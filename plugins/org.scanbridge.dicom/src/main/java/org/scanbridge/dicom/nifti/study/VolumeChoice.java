package org.scanbridge.dicom.nifti.study;

import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Which volumes of files of four dimensions are read. Files of three dimensions have one volume, which is always read.
 *
 * @param rule which
 * @param volume the one volume of {@link Rule#ONE}, from 1; else without meaning
 */
public record VolumeChoice(Rule rule, int volume) {

    /** Each volume as an image of its own. */
    public static final VolumeChoice EACH = new VolumeChoice(Rule.EACH, 1);

    /** No file of four dimensions. */
    public static final VolumeChoice NONE = new VolumeChoice(Rule.NONE, 1);

    /** Which volumes. */
    public enum Rule {
            /** Each as an image of its own. */
            EACH,
            /** One of them. */
            ONE,
            /** None: the file is a problem. */
            NONE
    }

    /** @throws IllegalArgumentException if the volume is below 1 */
    public VolumeChoice {
        Objects.requireNonNull(rule, "rule");
        if (volume < 1) {
            throw new IllegalArgumentException("Volume " + volume + ": volumes are counted from 1.");
        }
    }

    /** One volume, counted from 1. */
    public static VolumeChoice one(final int volume) {
        return new VolumeChoice(Rule.ONE, volume);
    }

    /** The volumes to read of a file with so many, from 0; none if there is no such one. */
    List<Integer> of(final int count) {
        if (count == 1) {
            return List.of(0);
        }
        return switch (rule) {
            case EACH -> IntStream.range(0, count).boxed().toList();
            case ONE -> volume <= count ? List.of(volume - 1) : List.of();
            case NONE -> List.of();
        };
    }
}
