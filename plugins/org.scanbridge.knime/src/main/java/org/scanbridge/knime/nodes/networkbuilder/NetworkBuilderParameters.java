package org.scanbridge.knime.nodes.networkbuilder;

import org.knime.core.node.InvalidSettingsException;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.NodeParametersInput;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.migration.LoadDefaultsForAbsentFields;
import org.knime.node.parameters.widget.choices.ChoicesProvider;
import org.knime.node.parameters.widget.choices.Label;
import org.knime.node.parameters.widget.number.NumberInputWidget;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsPositiveIntegerValidation;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.LabelColumns;
import org.scanbridge.knime.util.StudyTable;
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
            UNET_2D;
    }

    enum Normalization {
            @Label(value = "Group", description = """
                    Over groups of channels of one patch. Works with few patches per step and treats training and \
                    prediction alike, hence the default.""")
            GROUP, //
            @Label(value = "Batch", description = """
                    Over all patches of a step, with running statistics for prediction.""")
            BATCH;
    }

    @Widget(title = "Architecture", description = "The family of networks.")
    Architecture m_architecture = Architecture.UNET_3D;

    @Widget(title = "Segmentation column", description = """
            If a table is connected: the segmentations that say which classes there are.""")
    @ChoicesProvider(LabelColumns.class)
    String m_segmentationColumn = "";

    @Widget(title = "Number of classes", description = """
            If no table is connected: how many classes to tell apart, without the background.""")
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    int m_classes = 1;

    @Widget(title = "Channels at full resolution", description = """
            The width of the network; each level below has twice as many channels. Twice the width takes about twice the \
            time and can hold finer distinctions. 8 is enough for the synthetic study; 16 to 32 are usual for real images.""")
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    int m_baseWidth = 8;

    @Widget(title = "Levels", description = """
            How many resolutions the network looks at, each half as fine as the one above. More levels see farther around \
            a voxel.""")
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    int m_levels = 3;

    @Widget(title = "Patch size", description = """
            Edge length in voxels of the blocks the network is trained on. Must be a multiple of 2 for 2 levels, of 4 for \
            3, of 8 for 4. Memory and time per step grow with its third power.""")
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    int m_patchSize = 32;

    @Widget(title = "Normalization of features", description = "What follows each convolution.", advanced = true)
    Normalization m_normalization = Normalization.GROUP;

    @Widget(title = "Seed", description = "The initial weights are drawn from it; the same seed gives the same weights.",
        advanced = true)
    long m_seed = 1;

    /** For KNIME. */
    public NetworkBuilderParameters() {
        // the default column needs a table
    }

    NetworkBuilderParameters(final NodeParametersInput input) {
        m_segmentationColumn = Columns.defaultName(input, 0, LabelVolumeValue.class, StudyTable.SEGMENTATION);
    }

    /**
     * @param foregroundClasses number of classes without the background
     * @throws InvalidSettingsException if the numbers do not fit together
     */
    NetworkSpec spec(final int foregroundClasses) throws InvalidSettingsException {
        try {
            final PatchSize patch = m_architecture == Architecture.UNET_2D ? new PatchSize(m_patchSize, m_patchSize, 1)
                : PatchSize.cube(m_patchSize);
            return new NetworkSpec(NetworkSpec.Kind.valueOf(m_architecture.name()), 1, foregroundClasses + 1, m_baseWidth,
                m_levels, Norm.valueOf(m_normalization.name()), patch);
        } catch (final IllegalArgumentException e) {
            throw new InvalidSettingsException(e.getMessage(), e);
        }
    }

    @Override
    public void validate() throws InvalidSettingsException {
        spec(m_classes);
    }
}
