package org.scanbridge.learning.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.scanbridge.imaging.augment.Augmentation;
import org.scanbridge.imaging.augment.ClassColors;
import org.scanbridge.imaging.augment.IntensityCurve;
import org.scanbridge.imaging.augment.LabelSynthesis;
import org.scanbridge.imaging.augment.RandomConvolutions;
import org.scanbridge.imaging.augment.Range;
import org.scanbridge.imaging.augment.Sometimes;
import org.scanbridge.learning.data.PatchAugmentation.Painting;

/**
 * What scans a network is made ready for.
 *
 * @param recoloring what happens to intensities before single changes
 * @param painting what is painted from labels
 */
public record ScanKind(List<Augmentation> recoloring, Optional<Painting> painting) {

    /** Nothing beside single changes. */
    public static final ScanKind SAME = new ScanKind(List.of(), Optional.empty());

    /** Half of the images through rising curves, three in ten through random convolutions with α up to 0.5. */
    public static final ScanKind OTHER_SCANNERS = new ScanKind(List.of(new Sometimes(0.5, new IntensityCurve(0, 0)),
        new Sometimes(0.3, new RandomConvolutions(4, 2, new Range(0, 0.5)))), Optional.empty());

    /** Two in five painted, half through curves of any kind, three in ten through random convolutions. */
    public static final ScanKind ANY_CONTRAST =
        new ScanKind(List.of(new Sometimes(0.5, IntensityCurve.DEFAULT), new Sometimes(0.3, RandomConvolutions.DEFAULT)),
            Optional.of(new Painting(0.4, LabelSynthesis.DEFAULT)));

    /** Copies the list. */
    public ScanKind {
        recoloring = List.copyOf(recoloring);
    }

    /** Half of the images painted in the colors that were estimated from images of a new scanner. */
    public static ScanKind guided(final ClassColors.Guided colors) {
        return new ScanKind(List.of(), Optional.of(new Painting(0.5, new LabelSynthesis(colors))));
    }

    /** A patch augmentation with this kind of scans before its changes of intensities. */
    public PatchAugmentation with(final PatchAugmentation single) {
        final List<Augmentation> all = new ArrayList<>(recoloring);
        all.addAll(single.intensities());
        return new PatchAugmentation(single.spatial(), all, painting);
    }
}
