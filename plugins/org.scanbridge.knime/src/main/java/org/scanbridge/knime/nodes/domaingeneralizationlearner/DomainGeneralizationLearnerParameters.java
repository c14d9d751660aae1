package org.scanbridge.knime.nodes.domaingeneralizationlearner;

import java.util.List;

import org.knime.core.node.InvalidSettingsException;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.NodeParametersInput;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.layout.After;
import org.knime.node.parameters.layout.Layout;
import org.knime.node.parameters.layout.Section;
import org.knime.node.parameters.migration.LoadDefaultsForAbsentFields;
import org.knime.node.parameters.updates.Effect;
import org.knime.node.parameters.updates.Effect.EffectType;
import org.knime.node.parameters.updates.EffectPredicate;
import org.knime.node.parameters.updates.EffectPredicateProvider;
import org.knime.node.parameters.updates.ParameterReference;
import org.knime.node.parameters.updates.ValueReference;
import org.knime.node.parameters.widget.choices.Label;
import org.knime.node.parameters.widget.choices.SuggestionsProvider;
import org.knime.node.parameters.widget.number.NumberInputWidget;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsNonNegativeValidation;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsPositiveDoubleValidation;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsPositiveIntegerValidation;
import org.scanbridge.knime.learn.CaseColumns;
import org.scanbridge.knime.learn.KeptWeights;
import org.scanbridge.knime.learn.TrainingParameters;
import org.scanbridge.knime.util.GuessedColumns;
import org.scanbridge.knime.util.KnownSites;
import org.scanbridge.knime.util.RefusedSetting;
import org.scanbridge.learning.graph.ClassAlignmentTerm;
import org.scanbridge.learning.graph.KnowledgeTransfer;
import org.scanbridge.learning.graph.MetaLearningGraphSpec.InnerStep;
import org.scanbridge.learning.graph.TripletTerm;
import org.scanbridge.learning.method.DomainGeneralizationOptions;
import org.scanbridge.learning.method.SegmentationOptions;

/** Settings of the Domain Generalization Learner. */
@LoadDefaultsForAbsentFields
public final class DomainGeneralizationLearnerParameters implements NodeParameters, GuessedColumns {

    private static final DomainGeneralizationOptions DEFAULTS = DomainGeneralizationOptions.defaults();

    @Section(title = "Images")
    interface Images {
    }

    @Section(title = "Method")
    @After(Images.class)
    interface Method {
    }

    @Section(title = "Training")
    @After(Method.class)
    interface Training {
    }

    /** {@link DomainGeneralizationOptions.Method} with texts. */
    enum HowToLearn {
            @Label(value = "MASF", description = """
                    Each step rehearses the arrival of a new site: it looks how the network would treat one of the sites after \
                    learning from the others, and keeps the classes alike there (Dou et al., 2019).""")
            MASF, //
            @Label(value = "Pooled training", description = """
                    Plain training on the same patches of all sites: what the others must beat to be worth their time.""")
            POOLED, //
            @Label(value = "Multi-site network (MS-Net)", description = """
                    For the known sites themselves: the network learns from the segmentations and from auxiliary decoders, of which \
                    each knows one site; they are dropped at the end (Liu et al., 2020). With batch normalization each \
                    site has norms of its own, as in the paper.""")
            MULTI_SITE, //
            @Label(value = "Unpaired knowledge distillation", description = """
                    For the known sites themselves, also of different modalities: what the network takes for a class must be the \
                    same at all sites, while with batch normalization each site has norms of its own (Dou et al., 2020).""")
            DISTILLATION;
    }

    static final class HowToLearnReference implements ParameterReference<HowToLearn> {
    }

    static final class IsMasf implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(HowToLearnReference.class).isOneOf(HowToLearn.MASF);
        }
    }

    static final class IsNotMasf implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(HowToLearnReference.class).isOneOf(HowToLearn.MASF).negate();
        }
    }

    static final class IsMultiSite implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(HowToLearnReference.class).isOneOf(HowToLearn.MULTI_SITE);
        }
    }

    static final class IsDistillation implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(HowToLearnReference.class).isOneOf(HowToLearn.DISTILLATION);
        }
    }

    /** Whether classes are compared at a temperature. */
    static final class HasTemperature implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(HowToLearnReference.class).isOneOf(HowToLearn.MASF, HowToLearn.DISTILLATION);
        }
    }

    /** Whether the inner gradient is differentiated. */
    enum Order {
            @Label(value = "First", description = """
                    Leaves out how the rehearsed step itself depends on the weights, as the authors' code does: the default, \
                    because it costs much less time and memory.""")
            FIRST, //
            @Label(value = "Second", description = "The full gradient, as in the paper's equations.")
            SECOND;
    }

    @Layout(Images.class)
    CaseColumns m_columns = new CaseColumns();

    @Layout(Method.class)
    @Widget(title = "Method", description = "How the network learns from several sites.")
    @ValueReference(HowToLearnReference.class)
    HowToLearn m_method = HowToLearn.MASF;

    @Layout(Method.class)
    @Widget(title = "Order of the gradient", description = """
            Whether the outer gradient also follows how the rehearsed step depends on the weights.""", advanced = true)
    @Effect(predicate = IsMasf.class, type = EffectType.SHOW)
    Order m_order = Order.FIRST;

    @Layout(Method.class)
    @Widget(title = "Rehearsed learning rate", description = """
            How far the rehearsed step goes, from 0 to 10; the step itself is never taken. The default was chosen among 0.01 and \
            0.1 on generated images.""")
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class, stepSize = 0.005)
    @Effect(predicate = IsMasf.class, type = EffectType.SHOW)
    double m_innerLearningRate = DEFAULTS.innerStep().learningRate();

    @Layout(Method.class)
    @Widget(title = "Bound of the rehearsed gradient", description = """
            A longer gradient is shortened to this Euclidean norm, above 0, at most 1000. The default is the authors'.""",
        advanced = true)
    @NumberInputWidget(minValidation = IsPositiveDoubleValidation.class)
    @Effect(predicate = IsMasf.class, type = EffectType.SHOW)
    double m_innerClipNorm = DEFAULTS.innerStep().clipNorm();

    @Layout(Method.class)
    @Widget(title = "Weight of the class alignment", description = """
            How much it counts, beside the segmentation loss, that the network takes the same things for a class at the \
            rehearsed site as at the others; 0 to 1000. The default is the authors'.""")
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class)
    @Effect(predicate = IsMasf.class, type = EffectType.SHOW)
    double m_alignmentWeight = DEFAULTS.alignment().weight();

    @Layout(Method.class)
    @Widget(title = "Temperature", description = """
            The higher, the more the unlikely classes count where classes are compared; above 0, at most 1000. The default is the \
            authors'.""", advanced = true)
    @NumberInputWidget(minValidation = IsPositiveDoubleValidation.class)
    @Effect(predicate = HasTemperature.class, type = EffectType.SHOW)
    double m_temperature = DEFAULTS.alignment().temperature();

    @Layout(Method.class)
    @Widget(title = "Weight of the triplet loss", description = """
            How much it counts that the features of a class lie nearer to those of the same class in other patches than to \
            those of other classes; 0 to 1000. The default is the authors'.""")
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class, stepSize = 0.002)
    @Effect(predicate = IsMasf.class, type = EffectType.SHOW)
    double m_tripletWeight = DEFAULTS.triplet().weight();

    @Layout(Method.class)
    @Widget(title = "Margin", description = """
            How far different classes must lie apart in the triplet loss; above 0, at most 1000. The default is the authors'.""",
        advanced = true)
    @NumberInputWidget(minValidation = IsPositiveDoubleValidation.class)
    @Effect(predicate = IsMasf.class, type = EffectType.SHOW)
    double m_margin = DEFAULTS.triplet().margin();

    @Layout(Method.class)
    @Widget(title = "Dimensions", description = """
            Numbers per class and patch that the distances of the triplet loss are taken of; 1 to 1024.""", advanced = true)
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    @Effect(predicate = IsMasf.class, type = EffectType.SHOW)
    int m_dimensions = DEFAULTS.triplet().dimensions();

    @Layout(Method.class)
    @Widget(title = "Network for site", description = """
            The site that the trained network is for, where each site has norms of its own: with a network that has batch \
            normalization. The networks of the other sites come from the same training: execute the node again, with the \
            same seed and another site here. Without batch normalization the network is for all sites, and this may stay blank.""")
    @Effect(predicate = IsNotMasf.class, type = EffectType.SHOW)
    @SuggestionsProvider(KnownSites.class)
    String m_resultSite = "";

    @Layout(Method.class)
    @Widget(title = "Weight of the knowledge transfer", description = """
            How much of what the network learns comes from the auxiliary decoders, from 0 to 1; the rest comes from the \
            segmentations. The default is that of the authors' code.""")
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class, stepSize = 0.1)
    @Effect(predicate = IsMultiSite.class, type = EffectType.SHOW)
    double m_transferWeight = DEFAULTS.transfer().weight();

    @Layout(Method.class)
    @Widget(title = "Lead of the auxiliary decoders", description = """
            The part of the training, from 0 to 1, in which the network learns from the segmentations alone, so that the \
            auxiliary decoders know something before they teach. A quarter, because trainings here are short; the authors give \
            them 500 steps.""", advanced = true)
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class, stepSize = 0.05)
    @Effect(predicate = IsMultiSite.class, type = EffectType.SHOW)
    double m_transferLead = DEFAULTS.transfer().lead();

    @Layout(Method.class)
    @Widget(title = "Weight of the distillation", description = """
            How much it counts, beside the segmentation loss, that the network takes the same things for a class at all sites; \
            0 to 1000. The default is the authors'.""")
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class, stepSize = 0.1)
    @Effect(predicate = IsDistillation.class, type = EffectType.SHOW)
    double m_distillationWeight = DEFAULTS.distillation().weight();

    @Layout(Training.class)
    TrainingParameters m_training = new TrainingParameters(DEFAULTS.segmentation());

    @Layout(Training.class)
    @Widget(title = "Weights to keep", description = "Which step's weights the trained network has.", advanced = true)
    KeptWeights m_keep = KeptWeights.BEST;

    /** For KNIME. */
    public DomainGeneralizationLearnerParameters() {
        // the defaults need a table
    }

    DomainGeneralizationLearnerParameters(final NodeParametersInput input) {
        m_columns = new CaseColumns(input);
    }

    /** @throws InvalidSettingsException if a number is out of range */
    DomainGeneralizationOptions options() throws InvalidSettingsException {
        final SegmentationOptions segmentation = m_keep.in(m_training.options(0));
        try {
            return new DomainGeneralizationOptions(segmentation,
                DomainGeneralizationOptions.Method.valueOf(m_method.name()),
                new InnerStep(m_innerLearningRate, m_innerClipNorm, m_order == Order.SECOND),
                new ClassAlignmentTerm(m_alignmentWeight, m_temperature),
                new TripletTerm(m_tripletWeight, m_margin, m_dimensions),
                new KnowledgeTransfer(m_transferWeight, m_transferLead),
                new ClassAlignmentTerm(m_distillationWeight, m_temperature), m_resultSite);
        } catch (final IllegalArgumentException e) {
            throw new InvalidSettingsException(e.getMessage(), e);
        }
    }

    /** What the method measures of its own in each step, by name; settings that are out of range do not matter. */
    List<String> measured() {
        return DEFAULTS.withMethod(DomainGeneralizationOptions.Method.valueOf(m_method.name())).measured();
    }

    @Override
    public boolean reads(final String setting) {
        return m_training.reads(setting);
    }

    @Override
    public void validate() throws InvalidSettingsException {
        RefusedSetting.named(this, DomainGeneralizationLearnerParameters::check);
    }

    private void check() throws InvalidSettingsException {
        options();
        m_training.refuseThisScanner();
        m_training.checkpoints();
    }
}
