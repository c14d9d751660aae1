package org.scanbridge.learning.method;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.check.EvidenceValidator;
import org.scanbridge.learning.check.JudgedImages;
import org.scanbridge.learning.data.CaseSet;
import org.scanbridge.learning.data.LoadedCase;
import org.scanbridge.learning.train.Stopping;
import org.scanbridge.learning.train.TrainingLoop;
import org.scanbridge.learning.train.Validation;

/**
 * How an adaptation chooses the step that is kept.
 *
 * @param kept by what
 * @param averagedFraction where nothing is chosen, the last part of the steps whose weights are averaged
 */
record StepSelection(KeptStep kept, double averagedFraction) {

    /** Of the curve that the training loop makes. */
    TrainingLoop.Selection selection(final Stopping stopping) {
        return kept == KeptStep.AVERAGE ? new TrainingLoop.Selection(false, averagedFraction)
            : new TrainingLoop.Selection(true, 0, new Stopping(kept.measure(), stopping.patience(), true));
    }

    /**
     * What is measured now and then.
     *
     * @param read the cases, with labels where they may be read
     * @param sources the source sites
     * @throws LearningException if there is nothing to choose by
     */
    Validation validation(final CaseSet read, final NetworkSpec spec, final Set<String> sources) {
        final Validation validation = new Validation(read.validation(), spec);
        if ((kept == KeptStep.SOURCE || kept == KeptStep.BOTH) && read.validation().isEmpty()) {
            throw new LearningException("The kept step is to be chosen by the Dice on the source, but there are no validation"
                + " images of the source with segmentations. Connect some, or choose \"Evidence without labels at the new site\""
                + " under \"Kept step chosen by\".");
        }
        if (!kept.measure().isLabelFree()) {
            return validation;
        }
        final List<LabelVolume> trusted = read.training().stream()
            .filter(c -> sources.contains(c.source().site()) && c.labeled()).map(LoadedCase::labelVolume).toList();
        return validation.judgedBy(new EvidenceValidator(spec,
            JudgedImages.of(read.training().stream().map(LoadedCase::source).toList(), sources), trusted));
    }

    /** Adds what the step is chosen by to the options of a training; those of trainings that choose none stay as they are. */
    Map<String, String> addTo(final Map<String, String> options) {
        if (kept == KeptStep.AVERAGE) {
            return options;
        }
        final Map<String, String> all = new TreeMap<>(options);
        all.put("keptStepChosenBy", kept.words());
        all.remove("averagedFraction");
        return all;
    }
}
