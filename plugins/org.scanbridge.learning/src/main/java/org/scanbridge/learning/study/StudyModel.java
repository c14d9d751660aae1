package org.scanbridge.learning.study;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What one training of a {@link NormalizationStudy} learns from.
 *
 * @param name short name, unique in the study
 * @param input how images are scaled before they reach the first network
 * @param sites whose subjects it is trained on
 * @param kind which networks are trained
 */
public record StudyModel(String name, Input input, List<String> sites, Kind kind) {

    /** Scaling of the images. */
    public enum Input {
        /** All images divided by one number, the largest intensity of all training images: harmonizes nothing. */
        SCALED("one factor for all images"),
        /** One z-score over all training images, background included, as the paper's experiment 5 was programmed. */
        Z_ALL("one z-score for all images"),
        /** z-score of each image inside the head. */
        Z_IMAGE("z-score of each image"),
        /** Histogram matching by landmarks (Nyúl et al., 2000), inside the head. */
        NYUL("Nyúl landmarks");

        private final String m_title;

        Input(final String title) {
            m_title = title;
        }

        /** For tables. */
        public String title() {
            return m_title;
        }
    }

    /** Networks and objective. */
    public enum Kind {
        /** One segmentation network. */
        SEGMENTER,
        /** Generator and segmenter without discriminator. */
        UNCONSTRAINED,
        /** Generator, segmenter and discriminator with the objective of the options. */
        ADVERSARIAL,
        /** The same with {@link org.scanbridge.learning.graph.GeneratorObjective#CONFUSION}. */
        CONFUSION
    }

    /** Copies the sites. */
    public StudyModel {
        sites = List.copyOf(sites);
    }

    /** Whether a generator is trained. */
    public boolean generates() {
        return kind != Kind.SEGMENTER;
    }

    /**
     * The paper's seven experiments for these sites, and the controls.
     *
     * @param controls sites that get no network of their own on z-scored images
     */
    static List<StudyModel> all(final Collection<String> sites, final Collection<String> controls) {
        final List<String> every = List.copyOf(sites);
        final List<StudyModel> models = new ArrayList<>();
        every.forEach(s -> models.add(new StudyModel("1–4 " + s, Input.SCALED, List.of(s), Kind.SEGMENTER)));
        every.stream().filter(s -> !controls.contains(s))
            .forEach(s -> models.add(new StudyModel("z " + s, Input.Z_IMAGE, List.of(s), Kind.SEGMENTER)));
        models.add(new StudyModel("5a", Input.Z_ALL, every, Kind.SEGMENTER));
        models.add(new StudyModel("5b", Input.Z_IMAGE, every, Kind.SEGMENTER));
        models.add(new StudyModel("5c", Input.NYUL, every, Kind.SEGMENTER));
        models.add(new StudyModel("5d", Input.SCALED, every, Kind.SEGMENTER));
        models.add(new StudyModel("6", Input.SCALED, every, Kind.UNCONSTRAINED));
        models.add(new StudyModel("7", Input.SCALED, every, Kind.ADVERSARIAL));
        models.add(new StudyModel("7b", Input.SCALED, every, Kind.CONFUSION));
        return models;
    }
}
