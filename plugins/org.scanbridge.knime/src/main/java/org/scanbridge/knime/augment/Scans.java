package org.scanbridge.knime.augment;

import org.knime.node.parameters.widget.choices.Label;
import org.scanbridge.learning.data.ScanKind;

/** What scans a network is to be ready for: what happens to images beside the single changes. */
public enum Scans {
        /** Nothing beside the single changes. */
        @Label(value = "Same kind of scan", description = "The changes below and nothing else: other patients, positions and"
            + " noise, the same protocol.")
        SAME_KIND(ScanKind.SAME),

        /** Other gray values in the same order, other texture. */
        @Label(value = "Other scanners", description = "Every other image also goes through a random smooth curve that keeps"
            + " bright brighter than dark, three in ten through random convolutions (up to half mixed in). For other makers and"
            + " protocols of the same contrast. Costs some milliseconds for each patch of 32 voxels a side, and somewhat more"
            + " steps until a training has converged.")
        OTHER_SCANNERS(ScanKind.OTHER_SCANNERS),

        /** Images of any contrast, painted from the labels. */
        @Label(value = "Any MR contrast", description = "Two in five images are painted from their segmentation in random"
            + " colors, with random blur, bias field, slices and noise; every other image goes through a curve that may also"
            + " turn the contrast around, three in ten through random convolutions. Needs segmentations. Costs far more"
            + " training: with 1600 steps of a small network it was worse than training on plain images, even on the kind of scan"
            + " that it was trained on; plan a night and a wider network. Painting takes some milliseconds a patch.")
        ANY_CONTRAST(ScanKind.ANY_CONTRAST),

        /** Images as the new scanner would take them, painted from the source's labels. */
        @Label(value = "This new scanner (from its images)", description = "Every other labeled patch is painted from its"
            + " segmentation in the colors of the new scanner: what a teacher, best the Atlas Segmenter, says of images of it"
            + " without segmentations tells what intensities each label has there, how they vary between images and within"
            + " the label. Only for the Segmentation Learner and the Domain Adaptation Learner, with images of one channel. No"
            + " time beside some milliseconds a patch and reading the new scanner's images once, but as half of the patches"
            + " only show the new scanner, plan for half as many steps more.")
        THIS_SCANNER(ScanKind.SAME);

    private final ScanKind m_kind;

    Scans(final ScanKind kind) {
        m_kind = kind;
    }

    ScanKind kind() {
        return m_kind;
    }
}
