package org.scanbridge.knime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.knime.core.data.DataColumnSpec;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DataType;
import org.knime.core.data.def.DoubleCell;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeSettings;
import org.knime.core.node.config.Config;
import org.knime.core.node.port.PortObjectSpec;
import org.knime.core.node.port.PortType;
import org.knime.core.standin.run.NodeHost;
import org.knime.core.standin.run.RunDirectory;
import org.knime.node.DefaultNodeFactory;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.widget.choices.ChoicesProvider;
import org.knime.node.parameters.widget.choices.ColumnChoicesProvider;
import org.knime.node.standin.StandinNodeFactory;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.knime.data.LabelVolumeCell;
import org.scanbridge.knime.data.VolumeCell;
import org.scanbridge.knime.io.ImageFiles;
import org.scanbridge.knime.learn.FurtherImage;
import org.scanbridge.knime.nodes.adaptationcheck.AdaptationCheckNodeFactory;
import org.scanbridge.knime.nodes.adaptationreport.AdaptationReportNodeFactory;
import org.scanbridge.knime.nodes.dicomarchivequery.DicomArchiveQueryNodeFactory;
import org.scanbridge.knime.nodes.dicomarchivereader.DicomArchiveReaderNodeFactory;
import org.scanbridge.knime.nodes.dicomarchivewriter.DicomArchiveWriterNodeFactory;
import org.scanbridge.knime.nodes.featureharmonization.FeatureHarmonizationNodeFactory;
import org.scanbridge.knime.nodes.intensitydivergencescorer.IntensityDivergenceScorerNodeFactory;
import org.scanbridge.knime.nodes.learnednormalizer.LearnedNormalizerNodeFactory;
import org.scanbridge.knime.nodes.lesionscorer.LesionScorerNodeFactory;
import org.scanbridge.knime.nodes.segmentationrefiner.SegmentationRefinerNodeFactory;
import org.scanbridge.knime.nodes.segmentationscorer.SegmentationScorerNodeFactory;
import org.scanbridge.knime.nodes.volumenormalizer.VolumeNormalizerNodeFactory;
import org.scanbridge.knime.port.AnomalyPortObject;
import org.scanbridge.knime.port.AnomalyPortObjectSpec;
import org.scanbridge.knime.port.AtlasPortObject;
import org.scanbridge.knime.port.AtlasPortObjectSpec;
import org.scanbridge.knime.port.NetworkPortObject;
import org.scanbridge.knime.port.NetworkPortObjectSpec;
import org.scanbridge.knime.util.ColumnGuess;
import org.scanbridge.learning.architecture.NetworkOutput;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.network.Network;

/**
 * A node finds its columns whenever it is connected: at once, after it was added (when KNIME has made its parameters
 * already, with nothing to guess from), one port after the other, or when the workflow was stored in between.
 */
class ConnectedLaterTest {

    private static final NetworkSpec U_NET =
        new NetworkSpec(NetworkSpec.Kind.UNET_3D, 1, 4, 4, 2, Norm.INSTANCE, PatchSize.cube(16));

    private static final DataTableSpec STUDY = new DataTableSpec(column("Folder", StringCell.TYPE));

    private static final DataTableSpec IMAGES = new DataTableSpec(column("Patient", StringCell.TYPE),
        column("Subject", StringCell.TYPE), column("Site", StringCell.TYPE), column("Series", StringCell.TYPE),
        column("Role", StringCell.TYPE), column("Raw", VolumeCell.TYPE), column("Image", VolumeCell.TYPE),
        column("Normalized", VolumeCell.TYPE), column("Expert 2", LabelVolumeCell.TYPE),
        column("Segmentation", LabelVolumeCell.TYPE), column("adapted", LabelVolumeCell.TYPE));

    private static final DataTableSpec FEATURES = new DataTableSpec(column("Patient", StringCell.TYPE),
        column("Subject", StringCell.TYPE), column("Site", StringCell.TYPE), column("GM volume (ml)", DoubleCell.TYPE),
        column("WM volume (ml)", DoubleCell.TYPE));

    /** Settings that a writer or the Network Reader cannot do without. */
    private static final List<String> PATHS = List.of("outputFolder", "path", "folder");

    @TempDir
    Path m_folder;

    static Stream<String> factories() {
        return FactoriesTest.factories();
    }

    private static DataColumnSpec column(final String name, final DataType type) {
        return new DataColumnSpecCreator(name, type).createSpec();
    }

    private static NodeHost host(final DefaultNodeFactory factory, final RunDirectory run) {
        return new NodeHost(factory.getNodeName(), factory, run, w -> {
        });
    }

    private static DefaultNodeFactory create(final String name) throws Exception {
        return (DefaultNodeFactory)Class.forName(name).getConstructor().newInstance();
    }

    /** What a user would connect. */
    private static PortObjectSpec[] inputs(final DefaultNodeFactory factory, final PortType[] types,
        final RunDirectory run) throws Exception {
        final PortObjectSpec[] specs = new PortObjectSpec[types.length];
        for (int port = 0; port < types.length; port++) {
            final boolean table = types[port].getPortObjectClass() == BufferedDataTable.class;
            final String name = String.valueOf(factory.getNodeDescription().getInportName(port));
            if (table) {
                specs[port] = name.equals("Study") && types[port].isOptional() ? STUDY : IMAGES;
            } else if (types[port].getPortObjectClass() == AnomalyPortObject.class) {
                specs[port] = new AnomalyPortObjectSpec("auto-encoder", 3);
            } else if (types[port].getPortObjectClass() == AtlasPortObject.class) {
                specs[port] = new AtlasPortObjectSpec(LabelSet.of("CSF"), 3);
            } else {
                final NetworkPortObjectSpec untrained = NetworkPortObject.specOf(Network.untrained(
                    factory instanceof LearnedNormalizerNodeFactory ? U_NET.asGenerator(NetworkOutput.RESIDUAL) : U_NET, 1));
                specs[port] = factory instanceof AdaptationCheckNodeFactory
                    ? untrained.trainedBy("supervised", LabelSet.of("CSF", "GM", "WM")) : untrained;
            }
        }
        if (factory instanceof AdaptationReportNodeFactory) {
            specs[0] = host(new SegmentationScorerNodeFactory(), run).configure(new PortObjectSpec[]{IMAGES})[0];
            final PortObjectSpec[] divergences =
                host(new IntensityDivergenceScorerNodeFactory(), run).configure(new PortObjectSpec[]{IMAGES});
            specs[1] = divergences[0];
            specs[2] = divergences[1];
            specs[7] = null; // the images are no verdicts
            final PortObjectSpec[] lesions = host(new LesionScorerNodeFactory(), run).configure(new PortObjectSpec[]{IMAGES});
            specs[8] = lesions[0];
            specs[9] = lesions[2];
        }
        if (factory instanceof SegmentationRefinerNodeFactory) {
            specs[0] = new DataTableSpec(IMAGES, new DataTableSpec(column("adapted p(GM)", VolumeCell.TYPE)));
        }
        if (factory instanceof DicomArchiveReaderNodeFactory) {
            specs[0] = host(new DicomArchiveQueryNodeFactory(), run).configure(new PortObjectSpec[]{IMAGES})[0];
        }
        if (factory instanceof DicomArchiveWriterNodeFactory) {
            specs[0] = ImageFiles.SPEC;
        }
        if (factory instanceof FeatureHarmonizationNodeFactory) {
            specs[0] = FEATURES;
            specs[1] = FEATURES;
            specs[2] = null; // a model instead of rows to fit to
        }
        if (factory instanceof VolumeNormalizerNodeFactory) {
            specs[2] = null; // a learned scale instead of images to fit to
        }
        return specs;
    }

    /** What a user must enter in any case, and blank columns: as KNIME stores a node that was never connected. */
    private NodeSettings blank(final NodeHost host, final boolean isNull) throws InvalidSettingsException {
        final NodeSettings settings = host.saveSettings();
        blank(settings, isNull);
        for (final String path : PATHS) {
            // the folder of a study would make the table that names it superfluous
            if (settings.containsKey(path) && !settings.containsKey("folderColumn")
                || "outputFolder".equals(path) && settings.containsKey(path)) {
                settings.addString(path, m_folder.toString());
            }
        }
        return settings;
    }

    private static void blank(final Config settings, final boolean isNull) throws InvalidSettingsException {
        for (final String key : settings.keySet()) {
            if (key.endsWith("Column") && !"outputColumn".equals(key)) {
                settings.addString(key, isNull ? null : "");
            } else if (settings.getEntry(key) instanceof Config) {
                blank(settings.getConfig(key), isNull);
            }
        }
    }

    private static List<String> texts(final PortObjectSpec[] specs) {
        return Stream.of(specs).map(String::valueOf).toList();
    }

    @ParameterizedTest
    @MethodSource("factories")
    void addedFirst(final String name) throws Exception {
        final DefaultNodeFactory factory = create(name);
        try (RunDirectory run = RunDirectory.create("later")) {
            final NodeHost atOnce = host(factory, run);
            final PortObjectSpec[] inputs = inputs(factory, atOnce.inPortTypes(), run);
            final NodeHost later = host(factory, run);
            later.add();
            // before the connections, as a user may also open the dialog and save
            later.loadSettings(blank(newNode(factory, inputs, run), false));
            final PortObjectSpec[] connected = new PortObjectSpec[inputs.length];
            for (final boolean optional : new boolean[]{false, true}) {
                for (int port = 0; port < inputs.length; port++) {
                    if (later.inPortTypes()[port].isOptional() == optional) {
                        connected[port] = inputs[port];
                        tryToConfigure(later, connected);
                    }
                }
            }
            try {
                atOnce.configure(inputs);
            } catch (final InvalidSettingsException e) {
                // what is entered by hand is not there yet
            }
            atOnce.loadSettings(withoutColumns(blank(host(factory, run), false), atOnce.saveSettings()));
            assertEquals(texts(atOnce.configure(inputs)), texts(later.configure(inputs)));
        }
    }

    /** A node as KNIME makes it where all inputs are connected. */
    private static NodeHost newNode(final DefaultNodeFactory factory, final PortObjectSpec[] inputs, final RunDirectory run) {
        final NodeHost host = host(factory, run);
        tryToConfigure(host, inputs);
        return host;
    }

    /** The settings, with the columns of others. */
    private static NodeSettings withoutColumns(final NodeSettings entered, final NodeSettings columns)
        throws InvalidSettingsException {
        for (final String key : PATHS) {
            if (entered.containsKey(key)) {
                columns.addString(key, entered.getString(key));
            }
        }
        return columns;
    }

    private static void tryToConfigure(final NodeHost host, final PortObjectSpec[] specs) {
        for (int port = 0; port < specs.length; port++) {
            if (specs[port] == null && !host.inPortTypes()[port].isOptional()) {
                return; // KNIME waits for it
            }
        }
        try {
            host.configure(specs);
        } catch (final InvalidSettingsException e) {
            // not everything is connected yet
        }
    }

    @ParameterizedTest
    @MethodSource("factories")
    void storedBlank(final String name) throws Exception {
        final DefaultNodeFactory factory = create(name);
        try (RunDirectory run = RunDirectory.create("stored")) {
            final NodeHost atOnce = host(factory, run);
            final PortObjectSpec[] inputs = inputs(factory, atOnce.inPortTypes(), run);
            tryToConfigure(atOnce, inputs);
            atOnce.loadSettings(withoutColumns(blank(host(factory, run), false), atOnce.saveSettings()));
            final List<String> expected = texts(atOnce.configure(inputs));
            for (final boolean isNull : new boolean[]{false, true}) {
                final NodeHost stored = host(factory, run);
                final NodeSettings settings = blank(atOnce, isNull);
                stored.loadSettings(settings);
                assertEquals(expected, texts(stored.configure(inputs)));
                assertEquals(settings.toString(), stored.saveSettings().toString(), "a guess got into the settings");
            }
        }
    }

    /** Every choice of a column can be left blank, and its text in the dialog says what happens then. */
    @ParameterizedTest
    @MethodSource("factories")
    void everyColumnCanBeGuessed(final String name) throws Exception {
        for (final Field field : fields(((StandinNodeFactory)create(name)).getModelParametersClass().orElseThrow())) {
            final ChoicesProvider choices = field.getAnnotation(ChoicesProvider.class);
            if (choices != null && ColumnChoicesProvider.class.isAssignableFrom(choices.value())
                || field.getName().endsWith("Column") && !field.getName().equals("m_outputColumn")) {
                assertNotNull(field.getAnnotation(ColumnGuess.class), field + " is not guessed");
                assertTrue(field.getAnnotation(Widget.class).description().contains("Blank: "),
                    field + " does not say what is guessed");
            }
        }
    }

    private static List<Field> fields(final Class<?> type) {
        final List<Field> fields = new ArrayList<>();
        if (NodeParameters.class.isAssignableFrom(type.getSuperclass())) {
            fields.addAll(fields(type.getSuperclass()));
        }
        for (final Field field : type.getDeclaredFields()) {
            fields.add(field);
            if (NodeParameters.class.isAssignableFrom(field.getType())) {
                assertFalse(field.getType() == FurtherImage.class);
                fields.addAll(fields(field.getType()));
            }
        }
        return fields;
    }
}
