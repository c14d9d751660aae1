package org.scanbridge.knime.nodes.networkreader;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import org.knime.core.node.InvalidSettingsException;
import org.knime.core.webui.node.dialog.defaultdialog.internal.file.FileSelectionWidget;
import org.knime.core.webui.node.dialog.defaultdialog.internal.file.FileSystemOption;
import org.knime.core.webui.node.dialog.defaultdialog.internal.file.SingleFileSelectionMode;
import org.knime.core.webui.node.dialog.defaultdialog.internal.file.WithFileSystem;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.migration.LoadDefaultsForAbsentFields;
import org.knime.node.parameters.array.ArrayWidget;
import org.knime.node.parameters.widget.choices.Label;
import org.knime.node.parameters.widget.number.NumberInputWidget;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsNonNegativeValidation;
import org.knime.node.parameters.widget.text.TextInputWidget;
import org.scanbridge.knime.util.OutputFolder;
import org.scanbridge.knime.util.PathSetting;
import org.scanbridge.imaging.labels.Region;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.knime.util.RegionParameters;
import org.scanbridge.learning.architecture.NetworkRegion;
import org.scanbridge.learning.architecture.NetworkRegions;
import org.scanbridge.learning.foreign.Activation;
import org.scanbridge.learning.foreign.AxisOrder;
import org.scanbridge.learning.foreign.ForeignSettings;

/** Settings of {@link NetworkReaderNodeFactory}. */
@LoadDefaultsForAbsentFields
final class NetworkReaderParameters implements NodeParameters {

    /** Where the axes are. */
    enum AxisChoice {
            @Label(value = "As the file says", description = "As its metadata say; those of MONAI mean NCWHD.")
            AUTO,

            @Label(value = "NCDHW", description = "Channels, slices, rows, columns: PyTorch and nnU-Net, on arrays of SimpleITK.")
            NCDHW,

            @Label(value = "NDHWC", description = "Slices, rows, columns, channels: TensorFlow.")
            NDHWC,

            @Label(value = "NCWHD", description = "Channels, columns, rows, slices: MONAI, on arrays of NiBabel.")
            NCWHD,

            @Label(value = "NWHDC", description = "Columns, rows, slices, channels.")
            NWHDC,

            @Label(value = "NCHW", description = "Single slices: channels, rows, columns.")
            NCHW,

            @Label(value = "NHWC", description = "Single slices: rows, columns, channels.")
            NHWC,

            @Label(value = "NCWH", description = "Single slices: channels, columns, rows.")
            NCWH,

            @Label(value = "NWHC", description = "Single slices: columns, rows, channels.")
            NWHC
    }

    /** What makes probabilities of the outputs. */
    enum ActivationChoice {
            @Label(value = "As the file says", description = "As its metadata say, or none if its last operation is a softmax or"
                + " a sigmoid.")
            AUTO,

            @Label(value = "Softmax", description = "The outputs are classes, of which each voxel has one; the first is the"
                + " background.")
            SOFTMAX,

            @Label(value = "Sigmoid", description = "The outputs are regions, which may overlap; none is the background.")
            SIGMOID,

            @Label(value = "None", description = "The outputs are probabilities already.")
            NONE
    }

    @Widget(title = "File or folder", description = "The zip file or the folder that the Network Writer wrote; or the ONNX file"
        + " or the folder of the SavedModel of other software. A path that does not begin at the root is taken inside the folder"
        + " ScanBridge of your home folder, as by the Network Writer, unless it leads to something from where the program was"
        + " started.")
    @TextInputWidget(placeholder = "/path/to/network.zip")
    @FileSelectionWidget(value = SingleFileSelectionMode.FILE_OR_FOLDER, placeholder = "/path/to/network.zip")
    @WithFileSystem(FileSystemOption.LOCAL)
    String m_path = "";

    @Widget(title = "Expected SHA-256", description = "Fails unless the weights have this hash, which the Network Writer"
        + " puts into its table: for a study that must use exactly this network. Blank: any network. Whether the weights"
        + " are undamaged is checked in any case.", advanced = true)
    @TextInputWidget(placeholder = "(any)")
    String m_expectedHash = "";

    @Widget(title = "Axis order", description = "Of a network of other software, as are all settings below; for networks of the"
        + " Network Writer they do not matter. The order of the axes of its input and output: N blocks, C channels, D slices (k),"
        + " H rows (j), W columns (i). A wrong order of D, H and W is found out only where the sizes differ, so look at the first"
        + " segmentations.")
    AxisChoice m_axisOrder = AxisChoice.AUTO;

    @Widget(title = "Input channels", description = "How many images of each subject the network looks at together. 0, the"
        + " default: as the file says.")
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class)
    int m_inputChannels;

    @Widget(title = "Classes", description = "Names of the classes without the background, separated by commas, in the order of"
        + " the outputs, such as <tt>edema, core</tt>. Blank, the default: as the file says, else <tt>class 1</tt> and so on.")
    @TextInputWidget(placeholder = "(as the file says)")
    String m_classes = "";

    @Widget(title = "Activation", description = "What has to be done with the outputs to make probabilities of them. Networks"
        + " of PyTorch mostly leave it to whoever uses them: softmax for classes that exclude each other, sigmoid for regions.")
    ActivationChoice m_activation = ActivationChoice.AUTO;

    @Widget(title = "Patch size along i (columns)", description = "Size of the blocks that the network is shown, best that of"
        + " its training. 0, the default: as the file says.")
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class)
    int m_patchI;

    @Widget(title = "Patch size along j (rows)", description = "The same along the rows' index;"
        + " 0, the default: as the file says.")
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class)
    int m_patchJ;

    @Widget(title = "Patch size along k (slices)", description = "The same along the slices' index;"
        + " 0, the default: as the file says. Networks of single slices need none.")
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class)
    int m_patchK;

    @Widget(title = "Regions", description = "Only where the outputs are regions that consist of several of the classes, as of"
        + " tumors and their parts: one region per output, in the order of the outputs. None, the default: with sigmoid one"
        + " region per class.", advanced = true)
    @ArrayWidget(addButtonText = "Add region", elementLayout = ArrayWidget.ElementLayout.HORIZONTAL_SINGLE_LINE,
        showSortButtons = true)
    RegionParameters[] m_regions = {};

    @Widget(title = "Output", description = "Name of the output to use, of a network with several. Blank, the default: the"
        + " first that has the size of the input.", advanced = true)
    @TextInputWidget(placeholder = "(the first of the input's size)")
    String m_output = "";

    /** What is said about a network of other software. */
    ForeignSettings foreign() throws InvalidSettingsException {
        final List<String> classes = new ArrayList<>();
        for (final String name : m_classes == null ? new String[0] : m_classes.split("[,\\n]")) {
            if (!name.isBlank()) {
                if (classes.contains(name.strip())) {
                    throw new InvalidSettingsException("\"Classes\" has the name \"" + name.strip() + "\" twice. Give every"
                        + " class a name of its own.");
                }
                classes.add(name.strip());
            }
        }
        return new ForeignSettings(
            m_axisOrder == AxisChoice.AUTO ? Optional.empty() : Optional.of(AxisOrder.valueOf(m_axisOrder.name())),
            m_inputChannels, List.of(m_patchI, m_patchJ, m_patchK), classes, regions(classes),
            m_activation == ActivationChoice.AUTO ? Optional.empty() : Optional.of(Activation.valueOf(m_activation.name())),
            m_output == null ? "" : m_output.strip());
    }

    private List<NetworkRegion> regions(final List<String> classes) throws InvalidSettingsException {
        if (m_regions == null || m_regions.length == 0) {
            return List.of();
        }
        if (classes.isEmpty()) {
            throw new InvalidSettingsException("\"Regions\" consist of classes, and \"Classes\" is blank. Give their names.");
        }
        final LabelSet labels = LabelSet.of(classes.toArray(String[]::new));
        final List<NetworkRegion> regions = new ArrayList<>();
        for (final Region region : RegionParameters.of(m_regions, labels)) {
            regions.add(new NetworkRegion(region.name(), List.copyOf(region.values())));
        }
        try {
            NetworkRegions.check(regions, classes.size() + 1, labels::name);
        } catch (final IllegalArgumentException e) {
            throw new InvalidSettingsException(e.getMessage(), e);
        }
        return regions;
    }

    /**
     * What to read. A relative path means what is there where the program was started, as it always did, else what the Network
     * Writer makes of the same text.
     */
    Path path() throws InvalidSettingsException {
        if (PathSetting.text(m_path).isEmpty()) {
            throw new InvalidSettingsException("No network is chosen. Enter the zip file or the folder that the Network"
                + " Writer wrote.");
        }
        final Path path = PathSetting.path(m_path, "a file");
        return path.isAbsolute() || Files.exists(path) ? path : OutputFolder.required(m_path);
    }

    /** The expected hash in lower case; empty for any. */
    String expectedHash() {
        return m_expectedHash == null ? "" : m_expectedHash.strip().toLowerCase(Locale.ROOT);
    }

    @Override
    public void validate() throws InvalidSettingsException {
        if (!expectedHash().matches("([0-9a-f]{64})?")) {
            throw new InvalidSettingsException("\"Expected SHA-256\" is \"" + m_expectedHash
                + "\"; give 64 hexadecimal digits, or leave it blank.");
        }
        check("Input channels", m_inputChannels, 1024);
        check("Patch size along i (columns)", m_patchI, 4096);
        check("Patch size along j (rows)", m_patchJ, 4096);
        check("Patch size along k (slices)", m_patchK, 4096);
        foreign();
    }

    private static void check(final String title, final int value, final int most) throws InvalidSettingsException {
        if (value < 0 || value > most) {
            throw new InvalidSettingsException("\"" + title + "\" is " + value + "; give 0 to " + most + ".");
        }
    }
}
