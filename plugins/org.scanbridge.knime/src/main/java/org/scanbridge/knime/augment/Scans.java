package org.scanbridge.knime.augment;

import java.util.List;
import java.util.Optional;

import org.knime.node.parameters.widget.choices.Label;
import org.scanbridge.imaging.augment.Augmentation;
import org.scanbridge.imaging.augment.IntensityCurve;
import org.scanbridge.imaging.augment.LabelSynthesis;
import org.scanbridge.imaging.augment.RandomConvolutions;
import org.scanbridge.imaging.augment.Range;
import org.scanbridge.imaging.augment.Sometimes;
import org.scanbridge.learning.data.PatchAugmentation.Painting;

/** What scans a network is to be ready for: what happens to images beside the single changes. */
public enum Scans {
        /** Nothing beside the single changes. */
        @Label(value = "Same kind of scan", description = "The changes below and nothing else: other patients, positions and"
            + " noise, the same protocol.")
        SAME_KIND(List.of(), Optional.empty()),

        /** Other gray values in the same order, other texture. */
        @Label(value = "Other scanners", description = "Every other image also goes through a random smooth curve that keeps"
            + " bright brighter than dark, three in ten through random convolutions (up to half mixed in). For other makers and"
            + " protocols of the same contrast. Costs some milliseconds for each patch of 32 voxels a side, and somewhat more"
            + " steps until a training has converged.")
        OTHER_SCANNERS(List.of(new Sometimes(0.5, new IntensityCurve(0, 0)),
            new Sometimes(0.3, new RandomConvolutions(4, 2, new Range(0, 0.5)))), Optional.empty()),

        /** Images of any contrast, painted from the labels. */
        @Label(value = "Any MR contrast", description = "Two in five images are painted from their segmentation in random"
            + " colors, with random blur, bias field, slices and noise; every other image goes through a curve that may also"
            + " turn the contrast around, three in ten through random convolutions. Needs segmentations. Costs far more"
            + " training: with 1600 steps of a small network it was worse than training on plain images, even on the kind of scan"
            + " that it was trained on; plan a night and a wider network. Painting takes some milliseconds a patch.")
        ANY_CONTRAST(List.of(new Sometimes(0.5, IntensityCurve.DEFAULT), new Sometimes(0.3, RandomConvolutions.DEFAULT)),
            Optional.of(new Painting(0.4, LabelSynthesis.DEFAULT)));

    private final List<Sometimes> m_recoloring;

    private final Optional<Painting> m_painting;

    Scans(final List<Sometimes> recoloring, final Optional<Painting> painting) {
        m_recoloring = recoloring;
        m_painting = painting;
    }

    /** What happens to intensities before the single changes. */
    List<Augmentation> recoloring() {
        return List.copyOf(m_recoloring);
    }

    /** What is painted from segmentations. */
    Optional<Painting> painting() {
        return m_painting;
    }
}
