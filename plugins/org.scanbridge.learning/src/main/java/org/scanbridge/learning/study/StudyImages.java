package org.scanbridge.learning.study;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import org.scanbridge.imaging.normalize.Background;
import org.scanbridge.imaging.normalize.FittedNormalizer;
import org.scanbridge.imaging.normalize.Foreground;
import org.scanbridge.imaging.normalize.IntensityNormalization;
import org.scanbridge.imaging.normalize.NyulNormalizer;
import org.scanbridge.imaging.normalize.Sample;
import org.scanbridge.imaging.normalize.Scope;
import org.scanbridge.imaging.normalize.ZScore;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.study.StudyModel.Input;

/** The scalings of one repetition, learned from its training subjects. */
final class StudyImages {

    private final Map<Input, Function<Volume, Volume>> m_scalings = new EnumMap<>(Input.class);

    /** @param training the training subjects of all sites */
    StudyImages(final List<TrainingCase> training) {
        final Iterable<Sample> samples = () -> training.stream().map(c -> Sample.of(c.image().get())).iterator();
        float max = 0;
        for (final Sample sample : samples) {
            for (final float v : sample.image().voxels()) {
                max = Math.max(max, v);
            }
        }
        if (!(max > 0)) {
            throw new LearningException("The training images have no intensity above 0 (the largest is " + max
                + "). The study needs raw images, before any normalization.");
        }
        final float scale = 1 / max;
        m_scalings.put(Input.SCALED, image -> scaled(image, scale));
        final FittedNormalizer all =
            new IntensityNormalization(new ZScore(), Foreground.WHOLE_IMAGE, Scope.DATA_SET, Background.MAPPED)
                .fit(samples);
        m_scalings.put(Input.Z_ALL, image -> all.apply(Sample.of(image)));
        final FittedNormalizer each =
            new IntensityNormalization(new ZScore(), Foreground.AUTOMATIC, Scope.IMAGE, Background.CONSTANT)
                .fit(List.of());
        m_scalings.put(Input.Z_IMAGE, image -> each.apply(Sample.of(image)));
        final NyulNormalizer nyul = NyulNormalizer.fit(samples, Foreground.AUTOMATIC, Background.CONSTANT);
        // a standard scale of 0 to 100 is far from what weights are initialized for
        m_scalings.put(Input.NYUL, image -> scaled(nyul.apply(Sample.of(image)), 0.01f));
    }

    private static Volume scaled(final Volume image, final float factor) {
        final float[] voxels = image.voxels().clone();
        for (int v = 0; v < voxels.length; v++) {
            voxels[v] *= factor;
        }
        return image.withVoxels(voxels);
    }

    /** A raw image on the scale that a model takes. */
    Volume of(final Volume raw, final Input input) {
        return m_scalings.get(input).apply(raw);
    }
}
