package org.scanbridge.knime.nodes.volumeresampler;

import org.knime.core.node.InvalidSettingsException;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.NodeParametersInput;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.layout.After;
import org.knime.node.parameters.layout.HorizontalLayout;
import org.knime.node.parameters.layout.Layout;
import org.knime.node.parameters.layout.Section;
import org.knime.node.parameters.migration.LoadDefaultsForAbsentFields;
import org.knime.node.parameters.updates.Effect;
import org.knime.node.parameters.updates.Effect.EffectType;
import org.knime.node.parameters.updates.EffectPredicate;
import org.knime.node.parameters.updates.EffectPredicateProvider;
import org.knime.node.parameters.updates.ParameterReference;
import org.knime.node.parameters.updates.ValueReference;
import org.knime.node.parameters.updates.util.BooleanReference;
import org.knime.node.parameters.widget.choices.ChoicesProvider;
import org.knime.node.parameters.widget.number.NumberInputWidget;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation;
import org.knime.node.parameters.widget.text.TextInputWidget;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.nodes.volumeresampler.Choices.Axes;
import org.scanbridge.knime.nodes.volumeresampler.Choices.Content;
import org.scanbridge.knime.nodes.volumeresampler.Choices.Crop;
import org.scanbridge.knime.nodes.volumeresampler.Choices.Grid;
import org.scanbridge.knime.nodes.volumeresampler.Choices.ImageInterpolation;
import org.scanbridge.knime.nodes.volumeresampler.Choices.Kept;
import org.scanbridge.knime.nodes.volumeresampler.Choices.SegmentationInterpolation;
import org.scanbridge.knime.nodes.volumeresampler.Choices.Size;
import org.scanbridge.knime.util.ColumnGuess;
import org.scanbridge.knime.util.ColumnGuesses;
import org.scanbridge.knime.util.GuessedColumns;
import org.scanbridge.knime.util.LabelColumns;
import org.scanbridge.knime.util.OutsideOfImage;
import org.scanbridge.knime.util.RefusedSetting;
import org.scanbridge.knime.util.StudyTable;
import org.scanbridge.knime.util.VolumeColumns;

/** Settings of {@link VolumeResamplerNodeFactory}. */
@LoadDefaultsForAbsentFields
final class VolumeResamplerParameters implements NodeParameters, GuessedColumns {

    /** Finest and coarsest voxels in mm: those of micro-CT, and larger than any patient. */
    private static final double SMALLEST_SPACING = 0.001;

    private static final double LARGEST_SPACING = 1000;

    @Section(title = "Columns")
    interface InputColumns {
    }

    @Section(title = "Voxel grid")
    @After(InputColumns.class)
    interface VoxelGrid {

        @HorizontalLayout
        interface Spacings {
        }

        @After(Spacings.class)
        interface BelowSpacings {
        }
    }

    @Section(title = "Axes, crop and size", description = "Axes are turned before the spacing changes; crop and size follow"
        + " after it. No value is interpolated by them.")
    @Effect(predicate = IsOwnGrid.class, type = EffectType.SHOW)
    @After(VoxelGrid.class)
    interface Extent {

        @HorizontalLayout
        interface Sizes {
        }

        @After(Sizes.class)
        interface BelowSizes {
        }
    }

    @Section(title = "Interpolation")
    @After(Extent.class)
    interface Interpolating {
    }

    @Section(title = "Output")
    @After(Interpolating.class)
    interface Output {
    }

    static final class ContentReference implements ParameterReference<Content> {
    }

    static final class GridReference implements ParameterReference<Grid> {
    }

    static final class CropReference implements ParameterReference<Crop> {
    }

    static final class SizeReference implements ParameterReference<Size> {
    }

    static final class ReplaceReference implements BooleanReference {
    }

    static final class HasImage implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(ContentReference.class).isOneOf(Content.IMAGE, Content.IMAGE_AND_SEGMENTATION);
        }
    }

    static final class HasSegmentation implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(ContentReference.class).isOneOf(Content.SEGMENTATION, Content.IMAGE_AND_SEGMENTATION);
        }
    }

    static final class IsIsotropic implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(GridReference.class).isOneOf(Grid.ISOTROPIC);
        }
    }

    static final class IsSpacing implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(GridReference.class).isOneOf(Grid.SPACING);
        }
    }

    static final class IsNewSpacing implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(GridReference.class).isOneOf(Grid.ISOTROPIC, Grid.SPACING);
        }
    }

    static final class IsReferenceColumn implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(GridReference.class).isOneOf(Grid.REFERENCE_COLUMN);
        }
    }

    static final class IsOwnGrid implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(GridReference.class).isOneOf(Grid.KEEP, Grid.ISOTROPIC, Grid.SPACING);
        }
    }

    static final class IsCrop implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(CropReference.class).isOneOf(Crop.IMAGE, Crop.FOREGROUND, Crop.LABELS).and(i.getPredicate(IsOwnGrid.class));
        }
    }

    static final class IsImageCrop implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(CropReference.class).isOneOf(Crop.IMAGE).and(i.getPredicate(IsOwnGrid.class));
        }
    }

    static final class IsFixedSize implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(SizeReference.class).isOneOf(Size.FIXED).and(i.getPredicate(IsOwnGrid.class));
        }
    }

    static final class IsMultiple implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(SizeReference.class).isOneOf(Size.MULTIPLE).and(i.getPredicate(IsOwnGrid.class));
        }
    }

    static final class IsNewImage implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getBoolean(ReplaceReference.class).isFalse().and(i.getPredicate(HasImage.class));
        }
    }

    static final class IsNewSegmentation implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getBoolean(ReplaceReference.class).isFalse().and(i.getPredicate(HasSegmentation.class));
        }
    }

    @Layout(InputColumns.class)
    @Widget(title = "Resample", description = "What is brought to the new grid. The default keeps image and segmentation"
        + " of a row together.")
    @ValueReference(ContentReference.class)
    Content m_content = Content.IMAGE_AND_SEGMENTATION;

    @Layout(InputColumns.class)
    @Widget(title = "Image column", description = "The images to resample."
        + " Blank: \"Image\", else the first image column.")
    @Effect(predicate = HasImage.class, type = EffectType.SHOW)
    @ChoicesProvider(VolumeColumns.class)
    @ColumnGuess(type = VolumeValue.class, names = StudyTable.IMAGE)
    String m_imageColumn = "";

    @Layout(InputColumns.class)
    @Widget(title = "Segmentation column", description = "The segmentations to resample; a missing one stays missing."
        + " Blank: \"Segmentation\", else the first segmentation column.")
    @Effect(predicate = HasSegmentation.class, type = EffectType.SHOW)
    @ChoicesProvider(LabelColumns.class)
    @ColumnGuess(type = LabelVolumeValue.class, names = StudyTable.SEGMENTATION)
    String m_segmentationColumn = "";

    @Layout(VoxelGrid.class)
    @Widget(title = "Grid", description = "The voxel grid of the result. The default makes voxels cubic, as most 3-D"
        + " networks expect.")
    @ValueReference(GridReference.class)
    Grid m_grid = Grid.ISOTROPIC;

    @Layout(VoxelGrid.class)
    @Widget(title = "Edge of a voxel in mm", description = "The spacing along all axes, 0.001 to 1000 mm. The default of 1 mm is"
        + " usual for brain MR; 2-D images keep their slice.")
    @Effect(predicate = IsIsotropic.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsPositiveDoubleValidation.class)
    double m_edge = 1;

    @Layout(VoxelGrid.Spacings.class)
    @Widget(title = "Spacing i (mm)", description = "Distance of voxel centers along the rows of a slice, left–right in axial"
        + " images, 0.001 to 1000 mm; after the axes were turned, if they are.")
    @Effect(predicate = IsSpacing.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsPositiveDoubleValidation.class)
    double m_spacingI = 1;

    @Layout(VoxelGrid.Spacings.class)
    @Widget(title = "Spacing j (mm)", description = "Distance of voxel centers along the columns of a slice, front–back in axial"
        + " images.")
    @Effect(predicate = IsSpacing.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsPositiveDoubleValidation.class)
    double m_spacingJ = 1;

    @Layout(VoxelGrid.Spacings.class)
    @Widget(title = "Spacing k (mm)", description = "Distance of slices, head–foot in axial images. 2-D images keep their slice.")
    @Effect(predicate = IsSpacing.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsPositiveDoubleValidation.class)
    double m_spacingK = 1;

    @Layout(VoxelGrid.BelowSpacings.class)
    @Widget(title = "What stays in place", description = "Where the new grid lies. Workflows saved before this setting was"
        + " there take the default as well; to repeat their old numbers, choose the center of the first voxel.",
        advanced = true)
    @Effect(predicate = IsNewSpacing.class, type = EffectType.SHOW)
    Kept m_kept = Kept.FIELD_OF_VIEW;

    @Layout(VoxelGrid.BelowSpacings.class)
    @Widget(title = "Reference column", description = "The images or segmentations whose grid is taken, such as the"
        + " original images. What was only cropped, padded or turned comes back voxel for voxel; what lay outside the"
        + " crop is filled."
        + " Blank: \"Image\", else \"Segmentation\", else the first image or segmentation column.")
    @Effect(predicate = IsReferenceColumn.class, type = EffectType.SHOW)
    @ChoicesProvider(GridColumns.class)
    @ColumnGuess(type = {VolumeValue.class, LabelVolumeValue.class}, names = {StudyTable.IMAGE, StudyTable.SEGMENTATION})
    String m_referenceColumn = "";

    @Layout(Extent.class)
    @Widget(title = "Axes", description = "Order and direction of the index axes, without interpolation: the axes nearest"
        + " to the patient's. 2-D images keep theirs.")
    @Effect(predicate = IsOwnGrid.class, type = EffectType.SHOW)
    Axes m_axes = Axes.KEEP;

    @Layout(Extent.class)
    @Widget(title = "Crop to", description = "Cuts away what surrounds the content.")
    @Effect(predicate = IsOwnGrid.class, type = EffectType.SHOW)
    @ValueReference(CropReference.class)
    Crop m_crop = Crop.NONE;

    @Layout(Extent.class)
    @Widget(title = "Content is above", description = "Voxels above this value are content. The default of 0 fits images"
        + " whose background is 0 and that have no negative values.", advanced = true)
    @Effect(predicate = IsImageCrop.class, type = EffectType.SHOW)
    double m_threshold;

    @Layout(Extent.class)
    @Widget(title = "Margin in voxels", description = "How much is left around the content, where the image has it; 0 or"
        + " more.", advanced = true)
    @Effect(predicate = IsCrop.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsNonNegativeValidation.class)
    int m_margin = 2;

    @Layout(Extent.class)
    @Widget(title = "Size", description = "The number of voxels of the result.")
    @Effect(predicate = IsOwnGrid.class, type = EffectType.SHOW)
    @ValueReference(SizeReference.class)
    Size m_size = Size.KEEP;

    @Layout(Extent.Sizes.class)
    @Widget(title = "Voxels along i", description = "Number of columns of a slice, left–right in axial images, at least 1.")
    @Effect(predicate = IsFixedSize.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsPositiveIntegerValidation.class)
    int m_sizeI = 128;

    @Layout(Extent.Sizes.class)
    @Widget(title = "Voxels along j", description = "Number of rows of a slice, front–back in axial images, at least 1.")
    @Effect(predicate = IsFixedSize.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsPositiveIntegerValidation.class)
    int m_sizeJ = 128;

    @Layout(Extent.Sizes.class)
    @Widget(title = "Voxels along k", description = "Number of slices, head–foot in axial images, at least 1. 2-D images"
        + " keep their one.")
    @Effect(predicate = IsFixedSize.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsPositiveIntegerValidation.class)
    int m_sizeK = 128;

    @Layout(Extent.BelowSizes.class)
    @Widget(title = "Multiple of", description = "Each axis is padded to a multiple of this number, at least 1; the one"
        + " slice of 2-D images is not. The default of 16 fits networks that halve the grid up to four times.")
    @Effect(predicate = IsMultiple.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsPositiveIntegerValidation.class)
    int m_multiple = 16;

    @Layout(Interpolating.class)
    @Widget(title = "Images", description = "How a value between voxel centers is found. Where no interpolation is"
        + " needed, voxels are copied.")
    @Effect(predicate = HasImage.class, type = EffectType.SHOW)
    ImageInterpolation m_interpolation = ImageInterpolation.LINEAR;

    @Layout(Interpolating.class)
    @Widget(title = "Smooth before making voxels larger", description = "Keeps fine structure from turning into false"
        + " patterns (aliasing). On by default.", advanced = true)
    @Effect(predicate = HasImage.class, type = EffectType.SHOW)
    boolean m_antiAlias = true;

    @Layout(Interpolating.class)
    @Widget(title = "Segmentations", description = "How a label between voxel centers is found. No new labels arise.")
    @Effect(predicate = HasSegmentation.class, type = EffectType.SHOW)
    SegmentationInterpolation m_labelInterpolation = SegmentationInterpolation.NEAREST;

    @Layout(Interpolating.class)
    @Widget(title = "Keep parts that would vanish", description = "Gives each connected part of a label that no voxel of"
        + " the result stands for the voxel that covers most of it, such as lesions smaller than the new voxels. Off by"
        + " default, as it makes such parts larger; what vanished is named in a warning and in the column \"Lost"
        + " Labels\" either way.", advanced = true)
    @Effect(predicate = HasSegmentation.class, type = EffectType.SHOW)
    boolean m_keepParts;

    @Layout(Interpolating.class)
    @Widget(title = "Outside of the image", description = "What padding and places beyond the image show. Segmentations"
        + " are background there.", advanced = true)
    @Effect(predicate = HasImage.class, type = EffectType.SHOW)
    OutsideOfImage m_fill = OutsideOfImage.BACKGROUND;

    @Layout(Output.class)
    @Widget(title = "Replace the columns", description = "Puts the results in place of the originals. Off by default: the"
        + " original column is what leads back to the original grid later.")
    @ValueReference(ReplaceReference.class)
    boolean m_replace;

    @Layout(Output.class)
    @Widget(title = "Name of the image column", description = "The column that is appended. A number is added if the name"
        + " is taken.")
    @Effect(predicate = IsNewImage.class, type = EffectType.SHOW)
    @TextInputWidget
    String m_outputImage = "Resampled";

    @Layout(Output.class)
    @Widget(title = "Name of the segmentation column", description = "The column that is appended. A number is added if"
        + " the name is taken.")
    @Effect(predicate = IsNewSegmentation.class, type = EffectType.SHOW)
    @TextInputWidget
    String m_outputSegmentation = "Resampled Segmentation";

    /** Defaults for a node without input. */
    VolumeResamplerParameters() {
        // the initial values
    }

    /** Defaults that fit the input table. */
    VolumeResamplerParameters(final NodeParametersInput input) {
        ColumnGuesses.defaults(this, input);
        columnsGuessed();
    }

    @Override
    public boolean reads(final String setting) {
        return switch (setting) {
            case "Image column" -> m_content.image();
            case "Segmentation column" -> m_content.segmentation();
            case "Reference column" -> m_grid == Grid.REFERENCE_COLUMN;
            default -> true;
        };
    }

    /** Of image and segmentation, what the table does not have at all is not resampled, unless it is cropped to. */
    @Override
    public void columnsGuessed() {
        if (m_content == Content.IMAGE_AND_SEGMENTATION && isBlank(m_imageColumn) != isBlank(m_segmentationColumn)) {
            final Content there = isBlank(m_segmentationColumn) ? Content.IMAGE : Content.SEGMENTATION;
            final boolean isLost = there == Content.IMAGE ? m_crop == Crop.LABELS : m_crop.looksAtImage();
            m_content = !m_grid.isReference() && isLost ? m_content : there;
        }
    }

    private static boolean isBlank(final String name) {
        return name == null || name.isBlank();
    }

    @Override
    public void validate() throws InvalidSettingsException {
        RefusedSetting.named(this, VolumeResamplerParameters::check);
    }

    private void check() throws InvalidSettingsException {
        for (final double mm : new double[]{m_edge, m_spacingI, m_spacingJ, m_spacingK}) {
            require(mm >= SMALLEST_SPACING && mm <= LARGEST_SPACING, "The spacing is " + mm + " mm; choose " + SMALLEST_SPACING
                + " to " + LARGEST_SPACING + " mm.");
        }
        for (final int n : new int[]{m_sizeI, m_sizeJ, m_sizeK, m_multiple}) {
            require(n >= 1, "The size " + n + " must be at least 1.");
        }
        require(m_margin >= 0, "The margin " + m_margin + " must be 0 or more.");
        require(Double.isFinite(m_threshold), "The threshold " + m_threshold + " must be a number.");
        require(m_grid.isReference() || !m_crop.looksAtImage() || m_content.image(),
            "\"Crop to\" needs images, but only segmentations are resampled. Crop to the labeled voxels instead.");
        require(m_grid.isReference() || m_crop != Crop.LABELS || m_content.segmentation(),
            "\"Crop to\" needs segmentations, but only images are resampled. Crop to the image's content instead.");
        if (!m_replace) {
            require(!m_content.image() || m_outputImage != null && !m_outputImage.isBlank(),
                "\"Name of the image column\" is blank; give a name.");
            require(!m_content.segmentation() || m_outputSegmentation != null && !m_outputSegmentation.isBlank(),
                "\"Name of the segmentation column\" is blank; give a name.");
        }
    }

    private static void require(final boolean holds, final String message) throws InvalidSettingsException {
        if (!holds) {
            throw new InvalidSettingsException(message);
        }
    }
}
