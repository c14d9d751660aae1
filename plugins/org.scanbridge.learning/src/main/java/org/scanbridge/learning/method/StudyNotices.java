package org.scanbridge.learning.method;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.scanbridge.learning.train.StepMetrics;
import org.scanbridge.learning.train.TrainingListener;

/**
 * What the trainings of a study have to say of their cases and validations: each thing once, with the trainings it holds for.
 * Trainings whose results are kept from an interrupted run do not run again and say nothing.
 */
public final class StudyNotices {

    /** So many trainings are named. */
    private static final int NAMED = 3;

    private final Map<String, List<String>> m_trainings = new LinkedHashMap<>();

    /**
     * Listens to a training.
     *
     * @param training which one it is, after "Training ", such as {@code on site B}
     */
    public TrainingListener of(final String training) {
        return new TrainingListener() {
            @Override
            public void notice(final String notice) {
                m_trainings.computeIfAbsent(notice, n -> new ArrayList<>()).add(training);
            }

            @Override
            public void step(final StepMetrics metrics) {
                // what comes of it is measured
            }
        };
    }

    /** One text for each thing that was said, in the order in which they came. */
    public List<String> texts() {
        final List<String> texts = new ArrayList<>();
        m_trainings.forEach((notice, all) -> {
            final List<String> trainings = all.stream().distinct().toList();
            final int more = trainings.size() - NAMED;
            texts.add("Training " + String.join("; ", trainings.subList(0, Math.min(NAMED, trainings.size())))
                + (more > 0 ? "; and " + more + " more" : "") + ": " + notice);
        });
        return texts;
    }
}
