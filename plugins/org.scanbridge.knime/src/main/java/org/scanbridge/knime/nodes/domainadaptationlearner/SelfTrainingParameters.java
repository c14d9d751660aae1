package org.scanbridge.knime.nodes.domainadaptationlearner;

import java.util.Optional;

import org.knime.core.node.InvalidSettingsException;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.migration.LoadDefaultsForAbsentFields;
import org.knime.node.parameters.updates.Effect;
import org.knime.node.parameters.updates.Effect.EffectType;
import org.knime.node.parameters.updates.EffectPredicate;
import org.knime.node.parameters.updates.EffectPredicateProvider;
import org.knime.node.parameters.updates.ParameterReference;
import org.knime.node.parameters.updates.ValueReference;
import org.knime.node.parameters.widget.choices.ChoicesProvider;
import org.knime.node.parameters.widget.choices.Label;
import org.knime.node.parameters.widget.number.NumberInputWidget;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsNonNegativeValidation;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.learn.TeacherColumn;
import org.scanbridge.knime.learn.TrainingLabelColumns;
import org.scanbridge.knime.util.ColumnGuess;
import org.scanbridge.knime.util.ColumnGuess.Otherwise;
import org.scanbridge.learning.graph.SelfTrainingTerm;

/** Settings of the self-training. */
@LoadDefaultsForAbsentFields
final class SelfTrainingParameters implements NodeParameters {

    private static final SelfTrainingTerm DEFAULTS = SelfTrainingTerm.of(SelfTrainingTerm.Teacher.LABELS);

    /** {@link SelfTrainingTerm.Teacher} with texts. */
    enum Teacher {
            @Label(value = "Labels of a column", description = """
                    Segmentations that something else made of the target images without looking at references: best the Atlas \
                    Segmenter, whose labels do not depend on the contrast. Costs no time. The default, \
                    because it does not need a network that is nearly right.""")
            LABELS, //
            @Label(value = "The network's own average", description = """
                    A mean teacher: the network with the moving average of its weights segments the image as it is, the \
                    network must say the same of a changed view of it (Tarvainen and Valpola, 2017; French et al., 2018). \
                    One and a half times the time per step, about twice without source images. It refines a network that is \
                    nearly right at the target; where it is wrong there, its own average cannot know better.""")
            NETWORK, //
            @Label(value = "Both", description = """
                    The labels of the column at first, and more and more the network's average, up to half; each counts by \
                    its certainty. One and a half times the time per step, about twice without source images.""")
            BOTH;
    }

    /** What of a column is used, with texts. */
    enum Certainty {
            @Label(value = "Labels", description = "Every voxel has the label that the column says.")
            LABELS, //
            @Label(value = "Probabilities", description = """
                    Of the columns beside it that the Atlas Segmenter appends with "Probabilities": <tt>atlas p(CSF)</tt> \
                    and so on, one for each label. Where the teacher is not certain, little is learned.""")
            PROBABILITIES;
    }

    static final class TeacherReference implements ParameterReference<Teacher> {
    }

    static final class UsesLabels implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(TeacherReference.class).isOneOf(Teacher.LABELS, Teacher.BOTH);
        }
    }

    static final class UsesNetwork implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(TeacherReference.class).isOneOf(Teacher.NETWORK, Teacher.BOTH);
        }
    }

    @Widget(title = "Teacher", description = "Who says what unlabeled target images show.")
    @ValueReference(TeacherReference.class)
    Teacher m_teacher = Teacher.LABELS;

    @Widget(title = TeacherColumn.TITLE, description = """
            The column with the teacher's segmentations of the target images, on the grid of the images that the network gets. \
            Where it is missing, the image is not taught by labels. What it says of the source is not used. Blank: "atlas", \
            the name that the Atlas Segmenter gives it.""")
    @ChoicesProvider(TrainingLabelColumns.class)
    @ColumnGuess(port = 1, type = LabelVolumeValue.class, names = TeacherColumn.DEFAULT, otherwise = Otherwise.NONE)
    @Effect(predicate = UsesLabels.class, type = EffectType.SHOW)
    String m_column = "";

    @Widget(title = "Taught", description = "Whether the teacher's labels or its probabilities are learned.")
    @Effect(predicate = UsesLabels.class, type = EffectType.SHOW)
    Certainty m_certainty = Certainty.LABELS;

    @Widget(title = "Weight", description = """
            How much the teacher counts beside the segmentation loss, from 0 to 1000. That of the network's own average rises \
            from 0.""")
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class)
    double m_weight = DEFAULTS.weight();

    @Widget(title = "Least certainty", description = """
            Voxels where the teacher's probability of its label is lower do not count; from 0 to below 1, and lower for labels \
            of which it is never as certain as of others. All others count by that probability.""", advanced = true)
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class)
    double m_threshold = DEFAULTS.threshold();

    @Widget(title = "Decay of the average", description = """
            How much of the average stays at each step, from 0 to below 1: 0.99 averages over about 100 steps.""", advanced = true)
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class)
    @Effect(predicate = UsesNetwork.class, type = EffectType.SHOW)
    double m_decay = DEFAULTS.decay();

    @Widget(title = "Ramp-up", description = """
            Over which share of the training, from 0 to 1, the network's average comes to count.""", advanced = true)
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class)
    @Effect(predicate = UsesNetwork.class, type = EffectType.SHOW)
    double m_rampUp = DEFAULTS.rampUp();

    @Widget(title = "Strength of the views", description = """
            How much contrast, noise and sharpness of what the network sees differ from what its average sees, 0 to 10; together \
            with the consistency, its strength holds.""", advanced = true)
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class)
    @Effect(predicate = UsesNetwork.class, type = EffectType.SHOW)
    double m_strength = DEFAULTS.strength();

    /** @throws IllegalArgumentException if a number is out of range */
    SelfTrainingTerm term() {
        return new SelfTrainingTerm(m_weight, SelfTrainingTerm.Teacher.valueOf(m_teacher.name()), m_threshold, m_decay,
            m_rampUp, m_strength);
    }

    /** The column with the teacher's labels, if they are used. */
    Optional<TeacherColumn> column() {
        return m_teacher == Teacher.NETWORK ? Optional.empty()
            : Optional.of(new TeacherColumn(TeacherColumn.TITLE, m_column, m_certainty == Certainty.PROBABILITIES));
    }

    @Override
    public void validate() throws InvalidSettingsException {
        try {
            term();
        } catch (final IllegalArgumentException e) {
            throw new InvalidSettingsException(e.getMessage(), e);
        }
    }
}
