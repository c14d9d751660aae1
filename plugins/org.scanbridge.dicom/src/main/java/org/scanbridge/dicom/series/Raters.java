package org.scanbridge.dicom.series;

import java.util.Objects;

/**
 * How several segmentations of one image are handed on: joined into one label map, or one for each rater.
 *
 * @param rule what tells raters apart
 * @param columns how many raters there are at most; 1 where segmentations are joined
 */
public record Raters(Rule rule, int columns) {

    /** Segmentations of an image are joined if their classes differ; else one is taken. */
    public static final Raters ONE = new Raters(Rule.ONE, 1);

    /** As many as a table takes. */
    public static final int MAX = 20;

    /** What tells raters apart. */
    public enum Rule {
            /** Nothing: there is one segmentation per image. */
            ONE,
            /**
             * The order of the files: what has a class of the same name as those before belongs to the next rater, what
             * differs in all classes to the same one.
             */
            ORDER,
            /** The name of the folder that a file lies in. */
            FOLDER,
            /** The name of the file, as far as it is not that of the image. */
            NAME,
            /** Series Description (0008,103E) of the segmentation. */
            DESCRIPTION,
            /** Content Creator's Name (0070,0084), else Operators' Name (0008,1070), of the segmentation. */
            CREATOR
    }

    /** @throws IllegalArgumentException if the number does not fit the rule */
    public Raters {
        Objects.requireNonNull(rule, "rule");
        if (rule == Rule.ONE ? columns != 1 : columns < 2 || columns > MAX) {
            throw new IllegalArgumentException(
                columns + " columns of segmentations: 1 where they are joined, else 2 to " + MAX + ".");
        }
    }
}
