package org.scanbridge.learning.study;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.study.NormalizationStudyResult.Measurements;
import org.scanbridge.learning.study.StudyModel.Input;
import org.scanbridge.tensorflow.TensorFlowRuntime;

/**
 * The experiments of table 1 of Delisle et al. (ISBI 2020) on raw images of several sites, with whole test subjects
 * instead of patches, and repeated: networks trained on one site and tested on all (experiments 1 to 4), on all sites
 * with the images standardized in three ways (5a, 5b, 5c) or not at all (5d), and on all sites with a generator before the segmenter, without
 * (6) and with a discriminator (7, 7b). In addition networks of one site on z-scored images, as a control.
 * <p>
 * All networks of a repetition see the same subjects, take the same number of steps and, where they are trained on all
 * sites, the same patches. Networks without generator are wider, to have as many weights.
 */
public final class NormalizationStudy {

    /** Named in messages and tables; the scaling that generators start from. */
    static final String INPUT = Input.SCALED.title();

    private final List<TrainingCase> m_cases;

    private final NormalizationStudyOptions m_options;

    private final List<String> m_sites;

    private final List<StudyModel> m_models;

    /**
     * @param cases raw images with segmentations, all subjects of all sites; the roles do not matter. Voxels that are not
     *            annotated count in no training, no score and no comparison of sites
     * @param options how to run the study
     * @throws LearningException if there are fewer than two sites, or a case has no segmentation
     */
    public NormalizationStudy(final List<TrainingCase> cases, final NormalizationStudyOptions options) {
        this(cases, options, model -> true);
    }

    /**
     * Some of the experiments only.
     *
     * @param cases as above
     * @param options how to run the study
     * @param which experiments to run; verdicts on others have no numbers
     * @throws LearningException as above, or if no experiment is left
     */
    public NormalizationStudy(final List<TrainingCase> cases, final NormalizationStudyOptions options,
        final Predicate<StudyModel> which) {
        m_cases = List.copyOf(cases);
        m_options = options;
        m_sites = cases.stream().map(TrainingCase::site).distinct().sorted().toList();
        if (m_sites.size() < 2) {
            throw new LearningException("All images are from " + m_sites + ". The study compares at least two sites.");
        }
        cases.stream().filter(c -> !c.labeled()).findFirst().ifPresent(c -> {
            throw new LearningException("Subject " + c.subject()
                + " has no segmentation. Every image of the study needs one: filter the others out.");
        });
        m_models = StudyModel.all(m_sites, options.controlSites()).stream().filter(which).toList();
        if (m_models.isEmpty()) {
            throw new LearningException("None of the study's experiments is to be run. Choose at least one of "
                + StudyModel.all(m_sites, options.controlSites()).stream().map(StudyModel::name).toList() + ".");
        }
    }

    /**
     * Runs the study on the calling thread.
     *
     * @param store where what finished trainings gave is kept, and taken from if images and options are the same; empty
     *            to keep nothing
     * @param progress learns of the trainings, cancels between their steps
     * @throws LearningException if a site has too few subjects, or as the trainings say
     * @throws UncheckedIOException if results cannot be kept
     */
    public NormalizationStudyResult run(final Optional<Path> store, final Progress progress) {
        final Classes classes = Classes.of(m_cases);
        final Optional<MeasurementStore> kept = store.map(folder -> new MeasurementStore(folder, key()));
        final List<Measurements> measurements = new ArrayList<>();
        for (int r = 0; r < m_options.seeds(); r++) {
            final String name = "Repetition " + (r + 1) + " of " + m_options.seeds() + ": ";
            final Progress part = progress.part((double)r / m_options.seeds(), (r + 1.0) / m_options.seeds());
            measurements.addAll(new StudyRepetition(m_cases, m_sites, m_models, m_options, classes.count(),
                m_options.firstSeed() + r).run(kept, (fraction, message) -> part.report(fraction, name + message)));
        }
        return new NormalizationStudyResult(m_sites, classes.names(), m_models, measurements);
    }

    /** What a repetition depends on beside its seed. */
    private String key() {
        final Map<String, String> options = new TreeMap<>(m_options.asMap());
        options.remove("seeds");
        options.remove("seed");
        options.remove("controlSites");
        return options + " " + StudyHash.of(m_cases) + " " + TensorFlowRuntime.info();
    }

    /**
     * The classes of all segmentations.
     *
     * @param count number, background included
     * @param names of those that have one
     */
    private record Classes(int count, LabelSet names) {

        static Classes of(final List<TrainingCase> cases) {
            int max = 1;
            final Map<Integer, String> names = new TreeMap<>();
            for (final TrainingCase c : cases) {
                final LabelVolume labels = StudyRepetition.annotated(c);
                max = Math.max(max, labels.maxValue());
                names.putAll(labels.labels().names());
            }
            return new Classes(max + 1, LabelSet.of(names));
        }
    }
}
