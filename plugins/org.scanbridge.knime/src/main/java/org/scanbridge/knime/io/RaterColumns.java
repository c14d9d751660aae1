package org.scanbridge.knime.io;

import org.knime.node.parameters.widget.choices.Label;

/** What becomes of several segmentations of an image. */
public enum RaterColumns {
        /** One segmentation column. */
        @Label(value = "Join them", description = "Segmentations whose classes have different names, such as one file per organ,"
            + " become one. Of several with a class of the same name, which are several opinions on the same thing, the first"
            + " is taken and the others are listed as problems.")
        JOIN,
        /** A column for each rater. */
        @Label(value = "One column per rater", description = "The columns Segmentation, Segmentation 2 and so on hold the"
            + " segmentations of several raters; missing where a rater did not segment the image. What one rater has in"
            + " several files of different classes is joined.")
        COLUMNS
}
