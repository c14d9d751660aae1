package org.scanbridge.knime.nodes.networkbuilder;

import java.util.ArrayList;
import java.util.List;

import org.knime.core.node.InvalidSettingsException;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.NodeParametersInput;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.array.ArrayWidget;
import org.knime.node.parameters.migration.LoadDefaultsForAbsentFields;
import org.knime.node.parameters.updates.Effect;
import org.knime.node.parameters.updates.Effect.EffectType;
import org.knime.node.parameters.updates.EffectPredicate;
import org.knime.node.parameters.updates.EffectPredicateProvider;
import org.knime.node.parameters.updates.ParameterReference;
import org.knime.node.parameters.updates.ValueReference;
import org.knime.node.parameters.widget.choices.ChoicesProvider;
import org.knime.node.parameters.widget.choices.Label;
import org.knime.node.parameters.widget.choices.SuggestionsProvider;
import org.knime.node.parameters.widget.number.NumberInputWidget;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsPositiveIntegerValidation;
import org.knime.node.parameters.widget.text.TextInputWidget;
import org.scanbridge.imaging.labels.Region;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.util.ClassListSuggestions;
import org.scanbridge.knime.util.ColumnGuess;
import org.scanbridge.knime.util.ColumnGuesses;
import org.scanbridge.knime.util.LabelColumns;
import org.scanbridge.knime.util.NotAnnotated;
import org.scanbridge.knime.util.RefusedSetting;
import org.scanbridge.knime.util.RegionParameters;
import org.scanbridge.knime.util.StudyTable;
import org.scanbridge.learning.architecture.NetworkRegion;
import org.scanbridge.learning.architecture.NetworkRegions;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.architecture.PatchSize;

/** Settings of the Network Builder. */
@LoadDefaultsForAbsentFields
public final class NetworkBuilderParameters implements NodeParameters {

    enum Architecture {
            @Label(value = "3-D U-Net", description = "Sees blocks of the image; for volumes with slices close together.")
            UNET_3D, //
            @Label(value = "2-D U-Net", description = """
                    Sees single slices; for radiographs and for series whose slices are far apart.""")
            UNET_2D, //
            @Label(value = "Patch CNN, 15 layers", description = """
                    The network of Ghafoorian et al. (2017) for small lesions in slices: tells the class of a voxel from the \
                    32 × 32 voxels around it. Its first layers are meant to be frozen in transfer learning.""")
            PATCH_CNN, //
            @Label(value = "Two pathways", description = """
                    After DeepMedic (Kamnitsas et al., 2017): looks at every voxel's surroundings at full and at a third of \
                    the resolution.""")
            DEEP_MEDIC;

        boolean isUNet() {
            return this == UNET_3D || this == UNET_2D;
        }

        boolean isFlat() {
            return this == UNET_2D || this == PATCH_CNN;
        }
    }

    enum Normalization {
            @Label(value = "Group", description = """
                    Over groups of channels of one patch. Works with few patches per step and treats training and \
                    prediction alike, hence the default.""")
            GROUP, //
            @Label(value = "Batch", description = """
                    Over all patches of a step, with running statistics for prediction.""")
            BATCH, //
            @Label(value = "Instance", description = "Every channel of every patch by itself.")
            INSTANCE;
    }

    static final class ArchitectureReference implements ParameterReference<Architecture> {
    }

    static final class IsUNet implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(ArchitectureReference.class).isOneOf(Architecture.UNET_3D, Architecture.UNET_2D);
        }
    }

    static final class HasTable implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getConstant(context -> context.getInPortSpec(0).isPresent());
        }
    }

    @Widget(title = "Architecture", description = "The family of networks.")
    @ValueReference(ArchitectureReference.class)
    Architecture m_architecture = Architecture.UNET_3D;

    @Widget(title = "Segmentation column", description = """
            Shown if a table is connected: its segmentations say how many classes there are and what they are called. \
            Blank: "Segmentation", else the first segmentation column.""")
    @Effect(predicate = HasTable.class, type = EffectType.SHOW)
    @ChoicesProvider(LabelColumns.class)
    @ColumnGuess(type = LabelVolumeValue.class, names = StudyTable.SEGMENTATION)
    String m_segmentationColumn = "";

    @Widget(title = "Number of classes", description = """
            Shown if no table is connected: how many classes to tell apart, without the background. With a table its \
            segmentation column says so, and this number is not used.""")
    @Effect(predicate = HasTable.class, type = EffectType.HIDE)
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    int m_classes = 1;

    @Widget(title = NotAnnotated.TITLE, description = """
            If a table is connected: names or label values, separated by commas, of classes that only say that nobody looked \
            there. They become no classes of the network, and neither do their overlaps with other classes, such as \
            <tt>liver + unknown</tt>; give the learner the same setting. Blank, the default: every label \
            is a class.""", advanced = true)
    @Effect(predicate = HasTable.class, type = EffectType.SHOW)
    @TextInputWidget(placeholder = "(every label is a class)")
    @SuggestionsProvider(ClassListSuggestions.OfNotAnnotated.class)
    @ValueReference(ClassListSuggestions.OfNotAnnotated.Setting.class)
    String m_notAnnotated = "";

    @Widget(title = "Regions", description = """
            Unions of classes that the network learns as a whole and that may lie inside one another: the whole tumor, its \
            core inside it; an organ and the lesions in it. The network then gives each region a probability of its own \
            instead of telling classes apart, as is usual for tumors and their parts. Segmentations still have the classes: a \
            voxel gets the most probable one under the probabilities of all regions. The regions must tell all classes apart, \
            so a class that is in no other region needs one of its own, which may have its name; any other region needs \
            another name, and no two may consist of the same classes. None, the default: exclusive classes.""", advanced = true)
    @ArrayWidget(addButtonText = "Add region", elementLayout = ArrayWidget.ElementLayout.HORIZONTAL_SINGLE_LINE,
        showSortButtons = true)
    RegionParameters[] m_regions = {};

    @Widget(title = "Input channels", description = """
            How many images of each subject the network looks at together, such as 2 for FLAIR and T1. Their columns are \
            chosen in the learner and, in the same order, in the predictor. One image is the default, because every image a \
            network was trained with must be there for each later subject.""")
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    int m_inputChannels = 1;

    @Widget(title = "Channels at full resolution", description = """
            The width of the network; each level below has twice as many channels. Twice the width takes about twice the \
            time and can hold finer distinctions. 8 is enough for the synthetic study; 16 to 32 are usual for real images. \
            The patch CNN was published with 32, two pathways with 30.""")
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    int m_baseWidth = 8;

    @Widget(title = "Levels", description = """
            How many resolutions the network looks at, each half as fine as the one above. More levels see farther around \
            a voxel.""")
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    @Effect(predicate = IsUNet.class, type = EffectType.SHOW)
    int m_levels = 3;

    @Widget(title = "Patch size", description = """
            Edge length in voxels of the blocks the network is trained on. Must be a multiple of 2 for 2 levels, of 4 for \
            3, of 8 for 4; of 3 for two pathways. Memory and time per step grow with its third power. The patch CNN and two \
            pathways look at a wide margin around it: 9 is enough for them.""")
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    int m_patchSize = 32;

    @Widget(title = "Normalization of features", description = "What follows each convolution.", advanced = true)
    @Effect(predicate = IsUNet.class, type = EffectType.SHOW)
    Normalization m_normalization = Normalization.GROUP;

    @Widget(title = "Deep supervision", description = """
            Also teaches the coarser levels to segment, which helps deep networks to learn from the start; needs 3 levels. \
            The finished network does not use it.""", advanced = true)
    @Effect(predicate = IsUNet.class, type = EffectType.SHOW)
    boolean m_deepSupervision;

    @Widget(title = "Seed", description = "The initial weights are drawn from it; the same seed gives the same weights.",
        advanced = true)
    long m_seed = 1;

    /** For KNIME. */
    public NetworkBuilderParameters() {
        // the default column needs a table
    }

    NetworkBuilderParameters(final NodeParametersInput input) {
        ColumnGuesses.defaults(this, input);
    }

    /**
     * @param labels the classes without the background
     * @throws InvalidSettingsException if the numbers do not fit together, or the regions do not tell the classes apart
     */
    NetworkSpec spec(final LabelSet labels) throws InvalidSettingsException {
        return spec(labels.names().size()).withRegions(regions(labels));
    }

    private List<NetworkRegion> regions(final LabelSet labels) throws InvalidSettingsException {
        final List<Integer> values = List.copyOf(labels.names().keySet());
        final List<NetworkRegion> regions = new ArrayList<>();
        for (final Region region : RegionParameters.of(m_regions, labels)) {
            final List<Integer> classes = new ArrayList<>();
            for (final int value : region.values()) {
                classes.add(values.indexOf(value) + 1);
            }
            regions.add(new NetworkRegion(region.name(), classes));
        }
        if (!regions.isEmpty()) {
            try {
                NetworkRegions.check(regions, values.size() + 1, c -> labels.name(values.get(c - 1)));
            } catch (final IllegalArgumentException e) {
                throw new InvalidSettingsException(e.getMessage(), e);
            }
        }
        return regions;
    }

    /**
     * @param foregroundClasses number of classes without the background
     * @throws InvalidSettingsException if the numbers do not fit together
     */
    private NetworkSpec spec(final int foregroundClasses) throws InvalidSettingsException {
        try {
            final PatchSize patch = m_architecture.isFlat() ? new PatchSize(m_patchSize, m_patchSize, 1)
                : PatchSize.cube(m_patchSize);
            final NetworkSpec.Kind kind = NetworkSpec.Kind.valueOf(m_architecture.name());
            return m_architecture.isUNet()
                ? new NetworkSpec(kind, m_inputChannels, foregroundClasses + 1, m_baseWidth, m_levels,
                    Norm.valueOf(m_normalization.name()), patch).withDeepSupervision(m_deepSupervision)
                : new NetworkSpec(kind, m_inputChannels, foregroundClasses + 1, m_baseWidth, 1, Norm.BATCH, patch);
        } catch (final IllegalArgumentException e) {
            throw new InvalidSettingsException(e.getMessage(), e);
        }
    }

    @Override
    public void validate() throws InvalidSettingsException {
        RefusedSetting.named(this, NetworkBuilderParameters::check);
    }

    private void check() throws InvalidSettingsException {
        spec(m_classes);
        NotAnnotated.of(m_notAnnotated);
        RegionParameters.validate(m_regions);
    }
}
