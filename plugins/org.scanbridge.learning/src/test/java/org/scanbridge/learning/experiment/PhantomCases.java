package org.scanbridge.learning.experiment;

import java.util.ArrayList;
import java.util.List;

import org.scanbridge.imaging.normalize.Background;
import org.scanbridge.imaging.normalize.Foreground;
import org.scanbridge.imaging.normalize.IntensityNormalization;
import org.scanbridge.imaging.normalize.Sample;
import org.scanbridge.imaging.normalize.Scope;
import org.scanbridge.imaging.normalize.ZScore;
import org.scanbridge.imaging.phantom.PhantomStudy;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.learning.data.Role;
import org.scanbridge.learning.data.TrainingCase;

/** Subjects of a phantom study, z-scored inside the head. */
public final class PhantomCases {

    /** A normalized image and its true labels. */
    public record Pair(Volume image, LabelVolume labels) {
    }

    private PhantomCases() {
    }

    /** The subjects [first, first + count) of a site. */
    public static List<Pair> pairs(final PhantomStudy study, final int site, final int first, final int count) {
        final var normalizer =
            new IntensityNormalization(new ZScore(), Foreground.ABOVE_ZERO, Scope.IMAGE, Background.CONSTANT)
                .fit(List.of());
        final List<Pair> pairs = new ArrayList<>();
        for (int n = first; n < first + count; n++) {
            final PhantomStudy.Subject subject = study.subject(site, n);
            pairs.add(new Pair(normalizer.apply(Sample.of(subject.image())), subject.labels()));
        }
        return pairs;
    }

    /** Cases with or without labels. */
    public static List<TrainingCase> cases(final List<Pair> pairs, final boolean labeled, final Role role) {
        return pairs.stream().map(p -> new TrainingCase(p::image, labeled ? p::labels : null, p.image().info().subject(),
            p.image().info().site(), role)).toList();
    }
}
