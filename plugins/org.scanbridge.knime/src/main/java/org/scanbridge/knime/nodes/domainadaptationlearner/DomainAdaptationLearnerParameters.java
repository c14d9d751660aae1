package org.scanbridge.knime.nodes.domainadaptationlearner;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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
import org.knime.node.parameters.widget.message.TextMessage;
import org.knime.node.parameters.widget.number.NumberInputWidget;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsNonNegativeValidation;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsPositiveDoubleValidation;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsPositiveIntegerValidation;
import org.scanbridge.knime.learn.CaseColumns;
import org.scanbridge.knime.learn.TeacherColumn;
import org.scanbridge.knime.learn.TrainingParameters;
import org.scanbridge.knime.util.GuessedColumns;
import org.scanbridge.knime.util.KnownSites;
import org.scanbridge.knime.util.KnownSitesNote;
import org.scanbridge.knime.util.RefusedSetting;
import org.scanbridge.learning.graph.AdaptationTerm;
import org.scanbridge.learning.graph.AnchorTerm;
import org.scanbridge.learning.graph.DomainHeadSpec;
import org.scanbridge.learning.graph.EntropyTerm;
import org.scanbridge.learning.graph.GradientReversalTerm;
import org.scanbridge.learning.method.AdaptiveBatchNorm;
import org.scanbridge.learning.method.DomainAdaptationOptions;
import org.scanbridge.learning.method.DomainAdversarialOptions;
import org.scanbridge.learning.method.KeptStep;
import org.scanbridge.learning.method.SegmentationOptions;
import org.scanbridge.learning.method.TentOptions;

/** Settings of the Domain Adaptation Learner. */
@LoadDefaultsForAbsentFields
public final class DomainAdaptationLearnerParameters implements NodeParameters, GuessedColumns {

    private static final DomainAdversarialOptions DEFAULTS = DomainAdversarialOptions.defaults();

    private static final Set<AdaptationMethod> ADVERSARIAL = EnumSet.of(AdaptationMethod.DOMAIN_ADVERSARIAL,
        AdaptationMethod.WASSERSTEIN, AdaptationMethod.LEAST_SQUARES);

    @Section(title = "Images")
    interface Images {
    }

    @Section(title = "Method")
    @After(Images.class)
    interface Method {
    }

    @Section(title = "Adversary")
    @After(Method.class)
    @Effect(predicate = AdaptationMethod.IsDomainAdversarial.class, type = EffectType.SHOW)
    interface Adversary {
    }

    @Section(title = "Wasserstein critic")
    @After(Adversary.class)
    @Effect(predicate = AdaptationMethod.IsWasserstein.class, type = EffectType.SHOW)
    interface Wasserstein {
    }

    @Section(title = "Least squares critic")
    @After(Wasserstein.class)
    @Effect(predicate = AdaptationMethod.IsLeastSquares.class, type = EffectType.SHOW)
    interface LeastSquares {
    }

    @Section(title = "Consistency")
    @After(LeastSquares.class)
    @Effect(predicate = AdaptationMethod.UsesConsistency.class, type = EffectType.SHOW)
    interface Consistency {
    }

    @Section(title = "Class alignment")
    @After(Consistency.class)
    @Effect(predicate = AdaptationMethod.UsesClassAlignment.class, type = EffectType.SHOW)
    interface ClassAlignment {
    }

    @Section(title = "Contrastive loss")
    @After(ClassAlignment.class)
    @Effect(predicate = AdaptationMethod.IsContrastive.class, type = EffectType.SHOW)
    interface Contrastive {
    }

    @Section(title = "Triplet loss")
    @After(Contrastive.class)
    @Effect(predicate = AdaptationMethod.IsTriplet.class, type = EffectType.SHOW)
    interface Triplet {
    }

    @Section(title = "Entropy minimization")
    @After(Triplet.class)
    @Effect(predicate = AdaptationMethod.UsesEntropy.class, type = EffectType.SHOW)
    interface Entropy {
    }

    @Section(title = "Self-training")
    @After(Entropy.class)
    @Effect(predicate = AdaptationMethod.UsesSelfTraining.class, type = EffectType.SHOW)
    interface SelfTraining {
    }

    @Section(title = "Images and features together (SIFA)")
    @After(SelfTraining.class)
    @Effect(predicate = AdaptationMethod.IsSynergistic.class, type = EffectType.SHOW)
    interface Synergistic {
    }

    @Section(title = "Tent")
    @After(Synergistic.class)
    @Effect(predicate = AdaptationMethod.UsesTent.class, type = EffectType.SHOW)
    interface Tent {
    }

    @Section(title = "Statistics of the target")
    @After(Tent.class)
    @Effect(predicate = AdaptationMethod.UsesStatistics.class, type = EffectType.SHOW)
    interface Statistics {
    }

    @Section(title = "Training")
    @After(Statistics.class)
    @Effect(predicate = AdaptationMethod.IsTraining.class, type = EffectType.SHOW)
    interface Training {
    }

    /** {@link DomainAdversarialOptions.Attachment} with texts. */
    enum Attachment {
            @Label(value = "Bottleneck", description = "The deepest features, as in the paper.")
            BOTTLENECK, //
            @Label(value = "All levels", description = """
                    The features of every level, each seen by the domain head (Kamnitsas et al., 2017).""")
            MULTI_LEVEL, //
            @Label(value = "Last decoder features", description = """
                    The features right before the segmentation, voxel by voxel: best where the sites differ in noise, \
                    sharpness or contrast rather than in anatomy.""")
            LAST_DECODER, //
            @Label(value = "Segmentation", description = "The predicted class probabilities (Tsai et al., 2018).")
            OUTPUT;
    }

    /** Whether each site has norms of its own, with texts. */
    enum Norms {
            @Label(value = "One set for all sites", description = """
                    Statistics, scales and shifts are shared, as everywhere else. The default: it works with every \
                    network, and the result segments images of all sites.""")
            SHARED, //
            @Label(value = "A set per site", description = """
                    The sites share the convolutions, but each has its own statistics, scales and shifts \
                    (domain-specific batch normalization; Chang et al., 2019). Needs a U-Net with \
                    batch normalization.""")
            PER_SITE;
    }

    /** Whether the target has early layers of its own, with texts. */
    enum EarlyLayers {
            @Label(value = "One network for all sites", description = """
                    All sites go through the same layers, and the adapted network segments images of all of them.""")
            SHARED, //
            @Label(value = "Separate for the target (PnP-AdaNet)", description = """
                    The target gets a copy of the first blocks of the network, which alone is trained; the blocks behind it, and \
                    the network for the source, stay as they are (Dou et al., 2019). The adapted network is for the target \
                    sites, the given one remains for the source, where nothing can be lost. With the Wasserstein critic it is \
                    the method of the paper. Choose it where the source's network must not change, and check the result: on \
                    generated images it brought the target no more than one network did, and it can do harm.""")
            SEPARATE;
    }

    static final class EarlyLayersReference implements ParameterReference<EarlyLayers> {
    }

    static final class HasSeparateLayers implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getPredicate(AdaptationMethod.MayHaveParts.class)
                .and(i.getEnum(EarlyLayersReference.class).isOneOf(EarlyLayers.SEPARATE));
        }
    }

    /** Whether source images are used, with texts. */
    enum SourceImages {
            @Label(value = "Used", description = "Half of every step's patches come from the source, with its segmentations.")
            USED, //
            @Label(value = "None (source-free)", description = """
                    Only images of the target sites and what the teacher says of them are read, for hospitals that may hand on \
                    a network but no images. The table needs no row of the source; if there are some, name the source site, and \
                    they are left out. Left blank, it is the site that the network was trained on, else the only one with \
                    segmentations; where that does not tell, the node asks. An anchor keeps the weights near those of the given network. Nothing is \
                    validated, and the network may forget the source.""")
            NONE;
    }

    static final class SourceImagesReference implements ParameterReference<SourceImages> {
    }

    /** What is trained without source images, with texts. */
    enum Trained {
            @Label(value = "All weights", description = "What another contrast needs.")
            ALL, //
            @Label(value = "Scales and shifts of the norms", description = """
                    Changes little and cannot go far wrong; enough for small differences between scanners.""")
            NORMS;
    }

    /** {@link KeptStep} with texts. */
    enum Kept {
            @Label(value = "None: mean of the last steps", description = """
                    Calms the to and fro of two players, and needs no validation images. How many steps, the advanced settings \
                    say.""")
            AVERAGE, //
            @Label(value = "Dice on the source", description = """
                    The validated step with the best Dice on the validation images of the source site. Keeps what works there; \
                    it says little about the new site.""")
            SOURCE, //
            @Label(value = "Evidence without labels at the new site", description = """
                    The validated step of which most speaks for its segmentations of up to three training images of the target \
                    sites: they change little when the image is changed a little, the network is certain of them, and volumes, \
                    forms, neighbors and places of the classes are as in the source's segmentations. A validation takes five \
                    segmentations of each of these images.""")
            EVIDENCE, //
            @Label(value = "Both", description = """
                    Each validated step has a rank by either; the one whose worse rank is the best is kept, so that neither site \
                    pays for the other.""")
            BOTH;
    }

    static final class KeptReference implements ParameterReference<Kept> {
    }

    static final class IsAveraged implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(KeptReference.class).isOneOf(Kept.AVERAGE);
        }
    }

    static final class IsSourceFree implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getPredicate(AdaptationMethod.IsSelfTraining.class)
                .and(i.getEnum(SourceImagesReference.class).isOneOf(SourceImages.NONE));
        }
    }

    static final class NormsReference implements ParameterReference<Norms> {
    }

    static final class HasNormsPerSite implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getPredicate(AdaptationMethod.MayHaveParts.class)
                .and(i.getEnum(NormsReference.class).isOneOf(Norms.PER_SITE));
        }
    }

    @Layout(Images.class)
    CaseColumns m_columns = new CaseColumns();

    @Layout(Images.class)
    @Widget(title = "Source site", description = """
            Name of the site whose segmentations are used. Left blank, it is the one that comes first in alphabetical \
            order (without source images see there). All others are target sites: their images are used, their segmentations only if the setting below \
            says so, and never to choose between weights.""")
    @SuggestionsProvider(KnownSites.class)
    String m_sourceSite = "";

    @Layout(Images.class)
    @TextMessage(KnownSitesNote.class)
    Void m_knownSites;

    @Layout(Images.class)
    @Widget(title = "Use segmentations of target sites", description = """
            Trains on the segmentations of target images too, where there are some: half of a step's target patches come \
            from them, or all if every target image has one. Off by default, so that no target segmentation is ever read.""")
    @Effect(predicate = AdaptationMethod.MayUseTargetLabels.class, type = EffectType.SHOW)
    boolean m_targetLabels;

    @Layout(Method.class)
    @Widget(title = "Method", description = "How the network is adapted.")
    @ValueReference(AdaptationMethod.Reference.class)
    AdaptationMethod m_method = AdaptationMethod.DOMAIN_ADVERSARIAL;

    @Layout(Method.class)
    @Widget(title = "Together with", description = """
            What is minimized together with the method. On generated sites, domain-adversarial training with consistency did \
            best of all that was measured. It is not the default because a step takes twice as long (one and a half times \
            with "Consistency of" the target only), and because its changes \
            of noise, sharpness and contrast should be like the differences between your sites.""")
    @ValueReference(AdaptationMethod.CompanionReference.class)
    @Effect(predicate = AdaptationMethod.IsAdversarial.class, type = EffectType.SHOW)
    AdaptationMethod.Companion m_companion = AdaptationMethod.Companion.NOTHING;

    @Layout(Method.class)
    @Widget(title = "Also learn from a teacher", description = """
            Adds self-training to the method: what a teacher says of the target images is learned too.""")
    @ValueReference(AdaptationMethod.TeacherReference.class)
    @Effect(predicate = AdaptationMethod.MayUseTeacher.class, type = EffectType.SHOW)
    boolean m_teacherToo;

    @Layout(Method.class)
    @Widget(title = "Source images", description = "Whether images of the source site are used.")
    @ValueReference(SourceImagesReference.class)
    @Effect(predicate = AdaptationMethod.IsSelfTraining.class, type = EffectType.SHOW)
    SourceImages m_sourceImages = SourceImages.USED;

    @Layout(Method.class)
    @Widget(title = "Trained weights", description = "What of the network changes.")
    @Effect(predicate = IsSourceFree.class, type = EffectType.SHOW)
    Trained m_trained = Trained.ALL;

    @Layout(Method.class)
    @Widget(title = "Weight of the anchor", description = """
            How strongly the weights are held at those of the given network, from 0 to 1000: half the sum of the squared \
            distances times this is minimized too (L2-SP, Li et al., 2018, whose value is the default). With a teacher that \
            is the network's own average, do not set it to 0.""", advanced = true)
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class, stepSize = 0.05)
    @Effect(predicate = IsSourceFree.class, type = EffectType.SHOW)
    double m_anchor = AnchorTerm.defaults().weight();

    @Layout(Method.class)
    @Widget(title = "Afterwards", description = "What follows the training. AdaBN needs a network with batch normalization.")
    @ValueReference(AdaptationMethod.AfterwardsReference.class)
    @Effect(predicate = AdaptationMethod.IsTraining.class, type = EffectType.SHOW)
    AdaptationMethod.Afterwards m_afterwards = AdaptationMethod.Afterwards.NOTHING;

    @Layout(Method.class)
    @Widget(title = "Norm statistics per site", description = """
            Whether all images go through the same batch normalization, or those of each site through its own. Sets of \
            their own take away what scales and shifts the features of a whole site, so that the rest of the \
            training need not; all begin as the set of the given network. The result is an ordinary network \
            with the set of one site, for images of that site. The patches of a step are shared equally by \
            the source sites, and by the target sites.""")
    @ValueReference(NormsReference.class)
    @Effect(predicate = AdaptationMethod.MayHaveParts.class, type = EffectType.SHOW)
    Norms m_norms = Norms.SHARED;

    @Layout(Method.class)
    @Widget(title = "Network for site", description = """
            The site whose set the adapted network has. Left blank, it is the target site; with several target sites it \
            must be named. The network of the source site comes from the same training: execute the node \
            again, with the same seed and the source site here.""")
    @Effect(predicate = HasNormsPerSite.class, type = EffectType.SHOW)
    @SuggestionsProvider(KnownSites.class)
    String m_resultSite = "";

    @Layout(Method.class)
    @Widget(title = "Early layers", description = """
            Whether one network serves all sites, or the target gets early layers of its own. Scanners differ in noise, \
            sharpness and contrast, which early layers see; what is behind them knows the anatomy, which is the same.""")
    @ValueReference(EarlyLayersReference.class)
    @Effect(predicate = AdaptationMethod.MayHaveParts.class, type = EffectType.SHOW)
    EarlyLayers m_earlyLayers = EarlyLayers.SHARED;

    @Layout(Method.class)
    @Widget(title = "Blocks of the target's own", description = """
            How many blocks, counted from the image, the target has of its own; a block is a convolution with its norm, and a U-Net \
            has two per level. The default is the first level, which was best of 2, 4 and 6 on generated images, and by far: \
            the more is free, the more the sites can be made alike without the segmentation being right. In the paper, \
            with more steps and images, it is six of ten groups of layers.""")
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    @Effect(predicate = HasSeparateLayers.class, type = EffectType.SHOW)
    int m_separateBlocks = 2;

    @Layout(Adversary.class)
    @Widget(title = "Features that must not tell the site", description = """
            Where in the network the domain head looks. It tries to tell the sites apart; the network is trained to make \
            that impossible.""")
    Attachment m_attachment = Attachment.valueOf(DEFAULTS.attachment().name());

    @Layout(Adversary.class)
    @Widget(title = "Largest lambda", description = """
            How strongly the network works against the domain head once the training is under way: it grows from 0 to \
            this by λ(p) = λ (2 / (1 + exp(−γ p)) − 1) with the progress p. 1 is the paper's value; 0 switches the \
            adaptation off.""")
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class)
    double m_lambdaMax = DEFAULTS.lambdaMax();

    @Layout(Adversary.class)
    @Widget(title = "Steepness of lambda", description = "γ in the schedule above; 10 in the paper.", advanced = true)
    @NumberInputWidget(minValidation = IsPositiveDoubleValidation.class)
    double m_lambdaGamma = DEFAULTS.lambdaGamma();

    @Layout(Adversary.class)
    @Widget(title = "Width of the domain head", description = "Channels of its hidden layers.", advanced = true)
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    int m_headWidth = DEFAULTS.headWidth();

    @Layout(Adversary.class)
    @Widget(title = "Learning rate factor of the domain head", description = """
            A factor: 2 is twice the network's learning rate. The head must stay ahead of the network, or what the network \
            learns from it is worthless.""", advanced = true)
    @NumberInputWidget(minValidation = IsPositiveDoubleValidation.class)
    double m_headLearningRateFactor = DEFAULTS.headLearningRateFactor();

    @Layout(Wasserstein.class)
    WassersteinParameters m_wasserstein = new WassersteinParameters();

    @Layout(LeastSquares.class)
    LeastSquaresParameters m_leastSquares = new LeastSquaresParameters();

    @Layout(Consistency.class)
    ConsistencyParameters m_consistency = new ConsistencyParameters();

    @Layout(ClassAlignment.class)
    ClassAlignmentParameters m_classAlignment = new ClassAlignmentParameters();

    @Layout(Contrastive.class)
    ContrastiveParameters m_contrastive = new ContrastiveParameters();

    @Layout(Triplet.class)
    TripletParameters m_triplet = new TripletParameters();

    @Layout(Entropy.class)
    EntropyParameters m_entropy = new EntropyParameters();

    @Layout(SelfTraining.class)
    SelfTrainingParameters m_selfTraining = new SelfTrainingParameters();

    @Layout(Synergistic.class)
    SynergisticParameters m_synergistic = new SynergisticParameters();

    @Layout(Tent.class)
    TentParameters m_tent = new TentParameters();

    @Layout(Statistics.class)
    @Widget(title = "Patches for the statistics", description = """
            How many target patches the mean and variance of every channel are taken from. The default is enough for a \
            precision of about a percent. Without effect on networks without batch normalization.""")
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    int m_statisticsPatches = AdaptiveBatchNorm.DEFAULT_PATCHES;

    @Layout(Statistics.class)
    @Widget(title = "Seed of the patches", description = """
            Decides which patches of the target are looked at. The same seed gives the same network, bit for bit.""")
    @Effect(predicate = AdaptationMethod.IsNoTraining.class, type = EffectType.SHOW)
    long m_patchSeed = DEFAULTS.segmentation().seed();

    @Layout(Training.class)
    @Widget(title = "Beta 1 of Adam", description = """
            How long the optimizer remembers the direction of earlier steps, from 0 to below 1. Lower than usual, because \
            the two players keep changing each other's direction.""", advanced = true)
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class)
    double m_beta1 = DEFAULTS.beta1();

    @Layout(Training.class)
    @Widget(title = "Averaged part of the steps", description = """
            The result has the mean of the weights over this last part of the training, from 0 to 1, which calms the to and \
            fro of the two players.""", advanced = true)
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class)
    @Effect(predicate = IsAveraged.class, type = EffectType.SHOW)
    double m_averagedFraction = DEFAULTS.averagedFraction();

    @Layout(Training.class)
    @Widget(title = "Kept step chosen by", description = """
            Which step's weights the adapted network has. Segmentations of target images have no say, even where the table has \
            them. "Steps between validations" says which steps can be chosen.""")
    @ValueReference(KeptReference.class)
    Kept m_kept = Kept.AVERAGE;

    @Layout(Method.class)
    @Widget(title = "Compare with the given network", description = """
            Looks at the end, without labels, whether the adapted network is probably worse at the target sites than the one it came \
            from, and warns then; the Adaptation Report shows the warning too. Where a teacher has segmented the images, the agreement \
            with it counts beside certainty, views and usual shapes. It takes ten segmentations of each of up to three training images. \
            A network that passes need not be better: the Adaptation Check tells more, in more time.""")
    boolean m_compare = true;

    @Layout(Training.class)
    TrainingParameters m_training = new TrainingParameters(DEFAULTS.segmentation());

    /** For KNIME. */
    public DomainAdaptationLearnerParameters() {
        // the defaults need a table
    }

    DomainAdaptationLearnerParameters(final NodeParametersInput input) {
        m_columns = new CaseColumns(input);
    }

    /** Whether it is plain domain-adversarial training, which has options of its own. */
    boolean isDomainAdversarialOnly() {
        return m_method == AdaptationMethod.DOMAIN_ADVERSARIAL && !m_targetLabels
            && m_companion == AdaptationMethod.Companion.NOTHING && m_afterwards == AdaptationMethod.Afterwards.NOTHING
            && m_norms == Norms.SHARED && m_earlyLayers == EarlyLayers.SHARED && !m_teacherToo;
    }

    /** Whether the Dice on the source site is measured on the way. */
    boolean validates() {
        return m_method != AdaptationMethod.ADABN && m_method != AdaptationMethod.TENT && !isSourceFree();
    }

    /** Whether a teacher is asked. */
    boolean hasTeacher() {
        return switch (m_method) {
            case SELF_TRAINING -> true;
            case ADABN, TENT, SIFA -> false;
            default -> m_teacherToo;
        };
    }

    /**
     * The column with a teacher's labels, if one is asked, for the training or for its augmentation.
     *
     * @throws InvalidSettingsException if both are asked for different ones
     */
    Optional<TeacherColumn> teacher() throws InvalidSettingsException {
        final Optional<TeacherColumn> teacher = hasTeacher() ? m_selfTraining.column() : Optional.empty();
        if (teacher.isPresent() && scanner().isPresent() && !scanner().get().name().equals(teacher.get().name())) {
            throw new InvalidSettingsException("\"" + TeacherColumn.TITLE + "\" is \"" + teacher.get().name() + "\", but \""
                + TrainingParameters.SCANNER + "\" is \"" + scanner().get().name() + "\". Choose the same column for both.");
        }
        return teacher.or(this::scanner);
    }

    /** The column that says what a new scanner's images look like, if patches of the source are painted so. */
    Optional<TeacherColumn> scanner() {
        return m_method == AdaptationMethod.ADABN || m_method == AdaptationMethod.TENT || isSourceFree() ? Optional.empty()
            : m_training.scanner();
    }

    /** Whether no source image is used. */
    boolean isSourceFree() {
        return m_method == AdaptationMethod.SELF_TRAINING && m_sourceImages == SourceImages.NONE;
    }

    @Override
    public boolean reads(final String setting) {
        return setting.equals(TeacherColumn.TITLE) ? hasTeacher() && m_selfTraining.column().isPresent()
            : !setting.equals(TrainingParameters.SCANNER) || scanner().isPresent();
    }

    /** Whether labels of the source teach, so that they may be looked at. */
    boolean readsSourceLabels() {
        return m_method != AdaptationMethod.ADABN && m_method != AdaptationMethod.TENT && !isSourceFree();
    }

    /** Whether each site gets batch normalization of its own. */
    boolean hasNormsPerSite() {
        return m_norms == Norms.PER_SITE && mayHaveParts();
    }

    /** How many blocks the target has of its own; 0 if it shares all. */
    int separateBlocks() {
        return m_earlyLayers == EarlyLayers.SHARED || !mayHaveParts() ? 0 : m_separateBlocks;
    }

    /** Whether norms or early layers may be the target's own: not where no weights are trained, nor in SIFA, which trains all of one. */
    private boolean mayHaveParts() {
        return m_method != AdaptationMethod.ADABN && m_method != AdaptationMethod.TENT
            && m_method != AdaptationMethod.SIFA;
    }

    /** Whether the network must have batch normalization. */
    boolean needsBatchNorm() {
        return m_method == AdaptationMethod.ADABN
            || m_method != AdaptationMethod.TENT && m_afterwards == AdaptationMethod.Afterwards.ADABN;
    }

    /**
     * The name of the method, as the adapted network will have it.
     *
     * @throws InvalidSettingsException if a number is out of range
     */
    String method() throws InvalidSettingsException {
        if (isDomainAdversarialOnly()) {
            return "domain-adversarial";
        }
        return switch (m_method) {
            case ADABN -> "adabn";
            case TENT -> "tent";
            default -> options("").method();
        };
    }

    /**
     * What the method measures of its own in each step, by name.
     *
     * @throws InvalidSettingsException if a number is out of range
     */
    List<String> measured() throws InvalidSettingsException {
        if (isDomainAdversarialOnly()) {
            return domainAdversarial("").measured();
        }
        return switch (m_method) {
            case ADABN -> List.of();
            case TENT -> List.of(EntropyTerm.defaults().metric());
            default -> options("").measured();
        };
    }

    /** @throws InvalidSettingsException if a number is out of range */
    DomainAdversarialOptions domainAdversarial(final String sourceSite) throws InvalidSettingsException {
        try {
            return new DomainAdversarialOptions(m_training.options(0), List.of(sourceSite),
                DomainAdversarialOptions.Attachment.valueOf(m_attachment.name()), m_lambdaMax, m_lambdaGamma, m_headWidth,
                m_headLearningRateFactor, m_beta1, m_averagedFraction, KeptStep.valueOf(m_kept.name()));
        } catch (final IllegalArgumentException e) {
            throw new InvalidSettingsException(e.getMessage(), e);
        }
    }

    /**
     * For all methods that train the network.
     *
     * @throws InvalidSettingsException if a number is out of range
     */
    DomainAdaptationOptions options(final String sourceSite) throws InvalidSettingsException {
        final SegmentationOptions segmentation = m_training.options(0);
        try {
            return new DomainAdaptationOptions(
                segmentation.withOptimizer(segmentation.optimizer().withBeta1(m_beta1)),
                sourceSite.isBlank() && isSourceFree() ? List.of() : List.of(sourceSite), terms(),
                m_method == AdaptationMethod.TARGET_LABELS || m_targetLabels && m_method != AdaptationMethod.SIFA,
                m_averagedFraction,
                DomainAdaptationOptions.Afterwards.valueOf(m_afterwards.name()), tent(),
                hasNormsPerSite() ? new DomainAdaptationOptions.Norms(true, m_resultSite)
                    : DomainAdaptationOptions.Norms.SHARED,
                isSourceFree(), isSourceFree() && m_trained == Trained.NORMS, KeptStep.valueOf(m_kept.name()),
                separateBlocks());
        } catch (final IllegalArgumentException e) {
            throw new InvalidSettingsException(e.getMessage(), e);
        }
    }

    /** @throws IllegalArgumentException if a number is out of range */
    TentOptions tent() {
        return m_tent.options(m_statisticsPatches);
    }

    private List<AdaptationTerm> terms() {
        final List<AdaptationTerm> terms = new ArrayList<>();
        switch (m_method) {
            case DOMAIN_ADVERSARIAL -> terms.add(reversal());
            case WASSERSTEIN -> terms.add(m_wasserstein.term());
            case LEAST_SQUARES -> terms.add(m_leastSquares.term());
            case CONSISTENCY -> terms.add(m_consistency.term());
            case CLASS_ALIGNMENT -> terms.add(m_classAlignment.term());
            case CONTRASTIVE -> terms.add(m_contrastive.term());
            case TRIPLET -> terms.add(m_triplet.term());
            case ENTROPY -> terms.add(m_entropy.term());
            case SIFA -> terms.add(m_synergistic.term());
            case TARGET_LABELS, ADABN, TENT, SELF_TRAINING -> {
                // no term
            }
        }
        if (ADVERSARIAL.contains(m_method)) {
            switch (m_companion) {
                case CONSISTENCY -> terms.add(m_consistency.term());
                case CLASS_ALIGNMENT -> terms.add(m_classAlignment.term());
                case ENTROPY -> terms.add(m_entropy.term());
                case NOTHING -> {
                    // the method alone
                }
            }
        }
        if (hasTeacher()) {
            terms.add(m_selfTraining.term());
        }
        if (isSourceFree()) {
            terms.add(new AnchorTerm(m_anchor));
        }
        return terms;
    }

    private GradientReversalTerm reversal() {
        final boolean pooled = m_attachment == Attachment.BOTTLENECK || m_attachment == Attachment.MULTI_LEVEL;
        return new GradientReversalTerm(DomainHeadSpec.Attachment.valueOf(m_attachment.name()),
            pooled ? DomainHeadSpec.Shape.POOLED : DomainHeadSpec.Shape.PATCH, m_lambdaMax, m_lambdaGamma, m_headWidth,
            m_headLearningRateFactor);
    }

    /** In the words of the dialog, before the options say it in theirs. */
    private void checkSeparate() throws InvalidSettingsException {
        if (m_separateBlocks < 1) {
            throw new InvalidSettingsException("\"Blocks of the target's own\" is " + m_separateBlocks + ": at least 1.");
        }
        if (separateBlocks() == 0) {
            return;
        }
        final String separate = "\"Early layers\" is \"Separate for the target (PnP-AdaNet)\"";
        if (hasNormsPerSite()) {
            throw new InvalidSettingsException(separate + ", which have norms of their own, so \"Norm statistics per site\" must be"
                + " \"One set for all sites\".");
        }
        if (m_kept == Kept.SOURCE || m_kept == Kept.BOTH) {
            throw new InvalidSettingsException(separate + ", so the source keeps its network, and its Dice is the same at every"
                + " step. Under \"Kept step chosen by\", choose the mean of the last steps, or \"Evidence without labels at the"
                + " new site\".");
        }
    }

    @Override
    public void validate() throws InvalidSettingsException {
        RefusedSetting.named(this, DomainAdaptationLearnerParameters::check);
    }

    private void check() throws InvalidSettingsException {
        for (final NodeParameters part : List.of(m_wasserstein, m_leastSquares, m_consistency, m_classAlignment,
            m_contrastive, m_triplet, m_entropy, m_selfTraining, m_synergistic, m_tent)) {
            part.validate();
        }
        if (isSourceFree() && (m_kept == Kept.SOURCE || m_kept == Kept.BOTH)) {
            throw new InvalidSettingsException("\"Kept step chosen by\" wants the Dice on the source, but \"Source images\" is"
                + " \"None\", so no image of the source is read. Choose the mean of the last steps, or \"Evidence without labels at"
                + " the new site\".");
        }
        checkSeparate();
        teacher();
        domainAdversarial("");
        options("");
        m_training.checkpoints();
        if (m_statisticsPatches < 1) {
            throw new InvalidSettingsException("Patches for the statistics " + m_statisticsPatches + ": at least 1.");
        }
    }
}
