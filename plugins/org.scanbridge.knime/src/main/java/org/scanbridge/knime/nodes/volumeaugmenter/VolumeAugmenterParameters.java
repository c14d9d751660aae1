package org.scanbridge.knime.nodes.volumeaugmenter;

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
import org.knime.node.parameters.updates.ValueReference;
import org.knime.node.parameters.updates.util.BooleanReference;
import org.knime.node.parameters.widget.choices.ChoicesProvider;
import org.knime.node.parameters.widget.number.NumberInputWidget;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MaxValidation;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation;
import org.scanbridge.imaging.resample.Fill;
import org.scanbridge.knime.augment.AugmentationParameters;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.util.ColumnGuess;
import org.scanbridge.knime.util.ColumnGuesses;
import org.scanbridge.knime.util.GuessedColumns;
import org.scanbridge.knime.util.LabelColumns;
import org.scanbridge.knime.util.OutsideOfImage;
import org.scanbridge.knime.util.RefusedSetting;
import org.scanbridge.knime.util.StudyTable;
import org.scanbridge.knime.util.VolumeColumns;

/** Settings of {@link VolumeAugmenterNodeFactory}. */
@LoadDefaultsForAbsentFields
final class VolumeAugmenterParameters implements NodeParameters, GuessedColumns {

    private static final int MAX_COPIES = 1000;

    @Section(title = "Columns")
    interface InputColumns {
    }

    @Section(title = "Copies")
    @After(InputColumns.class)
    interface Copies {
    }

    @Section(title = "Augmentation", description = "Each is drawn for each copy by itself. Intensity changes leave voxels"
        + " of exactly 0 alone: that is the background of skull-stripped and z-scored images.", sideDrawer = true)
    @After(Copies.class)
    interface Augmenting {
    }

    static final class SegmentationOn implements BooleanReference {
    }

    static final class FlipOn implements BooleanReference {
    }

    static final class MostShare extends MaxValidation {
        @Override
        protected double getMax() {
            return 1;
        }
    }

    static final class MostCopies extends MaxValidation {
        @Override
        protected double getMax() {
            return MAX_COPIES;
        }
    }

    @Layout(InputColumns.class)
    @Widget(title = "Image column", description = "The images to make changed copies of."
        + " Blank: \"Normalized\", else \"Image\", else the first image column.")
    @ChoicesProvider(VolumeColumns.class)
    @ColumnGuess(type = VolumeValue.class, names = {StudyTable.NORMALIZED, StudyTable.IMAGE})
    String m_imageColumn = "";

    @Layout(InputColumns.class)
    @Widget(title = "Move segmentations too", description = "Segmentations on the images' grids are moved by the same"
        + " transformation. Other segmentation columns would no longer fit; remove them before.")
    @ValueReference(SegmentationOn.class)
    boolean m_withSegmentation = true;

    @Layout(InputColumns.class)
    @Widget(title = "Segmentation column", description = "The segmentations that belong to the images; a missing one"
        + " stays missing."
        + " Blank: \"Segmentation\", else the first segmentation column.")
    @Effect(predicate = SegmentationOn.class, type = EffectType.SHOW)
    @ChoicesProvider(LabelColumns.class)
    @ColumnGuess(type = LabelVolumeValue.class, names = StudyTable.SEGMENTATION)
    String m_segmentationColumn = "";

    @Layout(Copies.class)
    @Widget(title = "Copies of each image", description = "How many changed copies of each row are made, 1 to 1000.")
    @NumberInputWidget(minValidation = MinValidation.IsPositiveIntegerValidation.class,
        maxValidation = MostCopies.class)
    int m_copies = 1;

    @Layout(Copies.class)
    @Widget(title = "Keep the original rows", description = "Puts each original before its copies, as training usually"
        + " wants it.")
    boolean m_keepOriginals = true;

    @Layout(Copies.class)
    @Widget(title = "Seed", description = "Everything random is drawn from this number, the row ID and the number of the"
        + " copy: the same ones give the same copies, whatever other rows there are.")
    long m_seed = 1;

    @Layout(Augmenting.class)
    @Widget(title = "Outside of the image", description = "What images show where the copy reaches beyond them."
        + " Segmentations are background there.")
    OutsideOfImage m_outside = OutsideOfImage.BACKGROUND;

    @Layout(Augmenting.class)
    @Widget(title = "Flip left and right", description = "Exchanges left and right, along the index axis nearest to"
        + " them. Switch it off where sides must be told apart.")
    @ValueReference(FlipOn.class)
    boolean m_flip = true;

    @Layout(Augmenting.class)
    @Widget(title = "Flip left and right: how often", description = "Share of the copies, 0 to 1.")
    @Effect(predicate = FlipOn.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsNonNegativeValidation.class, maxValidation = MostShare.class)
    double m_flipProbability = 0.5;

    @Layout(Augmenting.class)
    AugmentationParameters m_augmentation = new AugmentationParameters();

    /** Defaults for a node without input. */
    VolumeAugmenterParameters() {
        // the initial values
    }

    /** Defaults that fit the input table. */
    VolumeAugmenterParameters(final NodeParametersInput input) {
        ColumnGuesses.defaults(this, input);
        columnsGuessed();
    }

    @Override
    public boolean reads(final String setting) {
        return switch (setting) {
            case "Segmentation column" -> m_withSegmentation;
            default -> true;
        };
    }

    /** Without any segmentation there is none to move. */
    @Override
    public void columnsGuessed() {
        m_withSegmentation &= m_segmentationColumn != null && !m_segmentationColumn.isBlank();
    }

    double flipProbability() {
        return m_flip ? m_flipProbability : 0;
    }

    Fill fill() {
        return m_outside.fill();
    }

    @Override
    public void validate() throws InvalidSettingsException {
        RefusedSetting.named(this, VolumeAugmenterParameters::check);
    }

    private void check() throws InvalidSettingsException {
        if (m_copies < 1 || m_copies > MAX_COPIES) {
            throw new InvalidSettingsException(
                "\"Copies of each image\" is " + m_copies + "; choose 1 to " + MAX_COPIES + ".");
        }
        if (!(m_flipProbability >= 0 && m_flipProbability <= 1)) {
            throw new InvalidSettingsException(
                "\"Flip left and right: how often\" is " + m_flipProbability + "; choose 0 to 1.");
        }
        m_augmentation.validate();
        m_augmentation.refuseThisScanner();
    }
}
