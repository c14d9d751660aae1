package org.scanbridge.knime.nodes.trainingplanner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpec;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DataType;
import org.knime.core.data.IntValue;
import org.knime.core.data.StringValue;
import org.knime.core.data.def.BooleanCell;
import org.knime.core.data.def.DoubleCell;
import org.knime.core.data.def.IntCell;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeFactory;
import org.knime.core.node.NodeSettings;
import org.knime.core.node.NodeSettingsWO;
import org.knime.core.node.workflow.FlowVariable;
import org.knime.core.node.workflow.VariableType;
import org.knime.core.standin.extension.ExtensionSource;
import org.knime.core.standin.run.NodeCatalog;
import org.knime.core.standin.run.NodeExecutionException;
import org.knime.core.standin.variable.SettingsOverwriter;
import org.scanbridge.imaging.normalize.Foreground;
import org.scanbridge.imaging.normalize.ForegroundChoice;
import org.scanbridge.imaging.phantom.Anatomy;
import org.scanbridge.imaging.phantom.BrainPhantom;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.knime.data.LabelVolumeCell;
import org.scanbridge.knime.data.VolumeCell;
import org.scanbridge.knime.data.VolumeCellFactory;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.nodes.segmentationlearner.SegmentationLearnerNodeFactory;
import org.scanbridge.knime.nodes.volumenormalizer.VolumeNormalizerNodeFactory;
import org.scanbridge.knime.nodes.volumeresampler.VolumeResamplerNodeFactory;
import org.scanbridge.knime.port.NetworkPortObject;
import org.scanbridge.knime.testing.Bench;
import org.scanbridge.knime.testing.Bench.Result;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.plan.ClassFacts;
import org.scanbridge.learning.plan.ImageFacts;
import org.scanbridge.learning.plan.Resources;
import org.scanbridge.learning.plan.TrainingPlan;
import org.scanbridge.learning.plan.TrainingPlanner;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** On phantoms of 32³ voxels, which a step is quick for. */
class TrainingPlannerNodeTest {

    private static final DataTableSpec SPEC =
        new DataTableSpec(new DataColumnSpecCreator("Image", VolumeCell.TYPE).createSpec(),
            new DataColumnSpecCreator("Segmentation", LabelVolumeCell.TYPE).createSpec(),
            new DataColumnSpecCreator("Subject", StringCell.TYPE).createSpec(),
            new DataColumnSpecCreator("Site", StringCell.TYPE).createSpec());

    @TempDir
    Path m_folder;

    private Bench m_bench;

    @BeforeEach
    void open() throws Exception {
        m_bench = new Bench(m_folder);
    }

    @AfterEach
    void close() {
        m_bench.close();
    }

    private BufferedDataTable study(final int labeled, final int unlabeled) throws Exception {
        final VolumeCellFactory cells = VolumeCellFactory.of(m_bench.context());
        final List<DataCell[]> rows = new ArrayList<>();
        for (int s = 0; s < labeled + unlabeled; s++) {
            final LabelVolume truth = new BrainPhantom(32, Anatomy.ADULT).generate(s);
            final float[] x = new float[truth.voxels().length];
            for (int v = 0; v < x.length; v++) {
                x[v] = 30 * truth.voxels()[v] + (truth.voxels()[v] == 0 ? 0 : v % 7);
            }
            rows.add(new DataCell[]{cells.create("i" + s, new Volume(x, truth.geometry(), truth.info())),
                s < labeled ? cells.create("l" + s, truth) : DataType.getMissingCell(), new StringCell("S" + s),
                new StringCell(s < labeled ? "A" : "B")});
        }
        return m_bench.table(SPEC, rows);
    }

    private static ImageFacts facts(final String site, final boolean labeled) {
        return new ImageFacts("S" + site, site, Geometry.axial(new int[]{128, 128, 128}, 1, 1, 1), false,
            List.of(100.0, 100.0, 100.0), new ForegroundChoice(Foreground.ABOVE_ZERO, ""),
            labeled ? Optional.of(new TreeMap<>(Map.of(1, new ClassFacts(1000, 1000, 5)))) : Optional.empty(),
            labeled ? LabelSet.of("organ") : LabelSet.of());
    }

    private static Map<String, String> values(final BufferedDataTable table) {
        final Map<String, String> values = new HashMap<>();
        for (final DataRow row : table) {
            values.put(text(row, 0) + "/" + text(row, 1), text(row, 2));
            assertTrue(text(row, 3).endsWith("."), text(row, 3));
        }
        return values;
    }

    private static String text(final DataRow row, final int column) {
        return ((StringValue)row.getCell(column)).getStringValue();
    }

    private static DataRow settings(final Result result) {
        return ((BufferedDataTable)result.outputs()[1]).iterator().next();
    }

    private Result run(final BufferedDataTable table, final double minutes) throws Exception {
        return m_bench.run(new TrainingPlannerNodeFactory(), s -> s.addDouble("minutes", minutes), table);
    }

    @Test
    void planHandsOnTheSameNumbersInAllOutputs() throws Exception {
        final Result result = run(study(4, 2), 2);
        final Map<String, String> plan = values((BufferedDataTable)result.outputs()[0]);
        final NetworkSpec network = ((NetworkPortObject)result.outputs()[2]).getSpec().architecture();
        assertEquals(plan.get("Network Builder/Channels at full resolution"), "" + network.baseWidth());
        assertEquals(plan.get("Network Builder/Levels"), "" + network.levels());
        assertEquals(4, network.classes());
        assertEquals(List.of("CSF", "GM", "WM"),
            List.copyOf(((NetworkPortObject)result.outputs()[2]).getSpec().labels().names().values()));
        final DataRow settings = settings(result);
        assertEquals(plan.get("Domain Adaptation Learner/Steps"),
            "" + ((IntValue)settings.getCell(SettingsTable.SPEC.findColumnIndex("steps"))).getIntValue());
        assertEquals(plan.get("Volume Resampler/Spacing i (mm)"), settings.getCell(1).toString());
        assertTrue(plan.containsKey("Domain Adaptation Learner/Method"), plan.toString());
    }

    @Test
    void refusesWhatHasNoSegmentation() throws Exception {
        final BufferedDataTable table = study(0, 2);
        final NodeExecutionException e = assertThrows(NodeExecutionException.class, () -> run(table, 2));
        assertTrue(e.getMessage().contains("None of the 2 images has a segmentation"), e.getMessage());
    }

    /** A damaged image costs its row. */
    @Test
    void leavesOutWhatCannotBeLookedAt() throws Exception {
        final VolumeCellFactory cells = VolumeCellFactory.of(m_bench.context());
        final Geometry grid = Geometry.axial(new int[]{16, 16, 16}, 1, 1, 1);
        final List<DataCell[]> rows = new ArrayList<>();
        for (int s = 0; s < 3; s++) {
            final float[] x = new float[4096];
            final byte[] y = new byte[4096];
            for (int v = 0; v < x.length; v++) {
                x[v] = s == 1 ? Float.NaN : v % 16 > 3 ? 100 + v % 5 : 0;
                y[v] = (byte)(v % 16 > 8 ? 1 : 0);
            }
            final LabelVolume labels = new LabelVolume(y, grid, VolumeInfo.UNKNOWN, LabelSet.of("organ"));
            rows.add(new DataCell[]{cells.create("i" + s, new Volume(x, grid, labels.info())), cells.create("l" + s, labels),
                new StringCell("S" + s), new StringCell("A")});
        }
        final Result result = run(m_bench.table(SPEC, rows), 2);
        assertTrue(result.warning().contains("subject S1") && result.warning().contains("4096 of 4096 voxels"),
            result.warning());
        assertTrue(result.warning().contains("Only 2 subjects are segmented"), result.warning());
        final BufferedDataTable damaged = m_bench.table(SPEC, rows.subList(1, 2));
        final String message = assertThrows(NodeExecutionException.class, () -> run(damaged, 2)).getMessage();
        assertTrue(message.contains("None of the 1 images can be planned for") && message.contains("4096 of 4096 voxels"), message);
    }

    /** The variables that "Table Row to Variable" makes of the second output, and the key of the setting that each is for. */
    private static final Map<String, String> KEYS = Map.ofEntries(Map.entry("axes", "resampler/axes"),
        Map.entry("spacing_i", "resampler/spacingI"), Map.entry("spacing_j", "resampler/spacingJ"),
        Map.entry("spacing_k", "resampler/spacingK"), Map.entry("normalization", "normalizer/method"),
        Map.entry("normalization_scope", "normalizer/scope"), Map.entry("foreground_share", "learner/training/foregroundFraction"),
        Map.entry("steps", "learner/training/steps"), Map.entry("batch", "learner/training/batch"),
        Map.entry("validation_interval", "learner/training/validationInterval"), Map.entry("mirror", "learner/training/mirror"),
        Map.entry("augment", "learner/training/augment"), Map.entry("scans", "learner/training/augmentation/scans"));

    private static FlowVariable variable(final DataColumnSpec column, final DataCell cell) {
        final String name = column.getName();
        if (cell instanceof BooleanCell b) {
            return new FlowVariable(name, VariableType.BooleanType.INSTANCE, b.getBooleanValue());
        }
        if (cell instanceof IntCell i) {
            return new FlowVariable(name, VariableType.IntType.INSTANCE, i.getIntValue());
        }
        return cell instanceof DoubleCell d ? new FlowVariable(name, VariableType.DoubleType.INSTANCE, d.getDoubleValue())
            : new FlowVariable(name, VariableType.StringType.INSTANCE, cell.toString());
    }

    /** Puts the variables of a node's settings in, as the batch executor does with those that its dialog names. */
    private static void overwrite(final String node, final NodeSettings settings, final Map<String, FlowVariable> variables)
        throws InvalidSettingsException {
        final NodeSettings tree = new NodeSettings("variables");
        for (final Map.Entry<String, String> key : KEYS.entrySet()) {
            final String[] path = key.getValue().split("/");
            if (path[0].equals(node)) {
                NodeSettings at = tree;
                NodeSettings to = settings;
                for (int n = 1; n < path.length - 1; n++) {
                    at = at.containsKey(path[n]) ? at.getNodeSettings(path[n]) : (NodeSettings)at.addNodeSettings(path[n]);
                    to = to.getNodeSettings(path[n]);
                }
                assertTrue(to.containsKey(path[path.length - 1]), "there is no setting " + key.getValue());
                final NodeSettingsWO leaf = at.addNodeSettings(path[path.length - 1]);
                leaf.addString("used_variable", key.getKey());
                leaf.addString("exposed_variable", null);
            }
        }
        new SettingsOverwriter(tree).overwrite(settings, variables).copyTo(settings);
    }

    /**
     * Planner, resampler, normalizer and learner, with the plan's values as flow variables: they arrive, and the nodes do what the
     * plan says. Only the number of steps is made small after it has arrived.
     */
    @Test
    void aPlanReachesTheNodesAsVariables() throws Exception {
        final BufferedDataTable images = study(4, 0);
        final Result planned = run(images, 2);
        final Map<String, FlowVariable> variables = new HashMap<>();
        final DataRow row = settings(planned);
        for (int c = 0; c < SettingsTable.SPEC.getNumColumns(); c++) {
            final FlowVariable variable = variable(SettingsTable.SPEC.getColumnSpec(c), row.getCell(c));
            variables.put(variable.getName(), variable);
        }
        final Set<String> handed = new HashSet<>(variables.keySet());
        handed.remove("seconds_per_step"); // for people
        assertEquals(KEYS.keySet(), handed);
        final BufferedDataTable resampled = (BufferedDataTable)m_bench.run(new VolumeResamplerNodeFactory(), s -> {
            s.addString("grid", "SPACING");
            overwrite("resampler", s, variables);
        }, images, null).outputs()[0];
        final VolumeValue image = (VolumeValue)resampled.iterator().next().getCell(resampled.getDataTableSpec().findColumnIndex("Image"));
        for (int axis = 0; axis < 3; axis++) {
            assertEquals(variables.get("spacing_" + "ijk".charAt(axis)).getValue(VariableType.DoubleType.INSTANCE),
                image.geometry().spacing(axis), 1e-6);
        }
        final BufferedDataTable normalized = (BufferedDataTable)m_bench
            .run(new VolumeNormalizerNodeFactory(), s -> overwrite("normalizer", s, variables), resampled, null, null).outputs()[0];
        final int steps = variables.get("steps").getValue(VariableType.IntType.INSTANCE);
        final Result trained = m_bench.run(new SegmentationLearnerNodeFactory(), s -> {
            overwrite("learner", s, variables);
            assertEquals(steps, s.getNodeSettings("training").getInt("steps"));
            s.getNodeSettings("training").addInt("steps", 1);
        }, (NetworkPortObject)planned.outputs()[2], normalized, m_bench.table(normalized.getDataTableSpec(), List.of()));
        final Map<String, String> options = ((NetworkPortObject)trained.outputs()[0]).network().provenance().options();
        assertEquals("" + variables.get("batch").getValue(VariableType.IntType.INSTANCE), options.get("batch"));
        assertEquals("" + variables.get("foreground_share").getValue(VariableType.DoubleType.INSTANCE),
            options.get("foregroundFraction"));
        assertEquals("" + variables.get("validation_interval").getValue(VariableType.IntType.INSTANCE),
            options.get("validationInterval"));
        assertEquals("" + variables.get("mirror").getValue(VariableType.BooleanType.INSTANCE), options.get("mirror"));
        assertEquals(variables.get("augment").getValue(VariableType.BooleanType.INSTANCE),
            !options.get("augmentation").equals("none"));
    }

    /** Every node and setting of a plan is one that its dialog shows, every value one that can be chosen there. */
    @Test
    void speaksTheWordsOfTheDialogs() throws Exception {
        final Map<String, Set<String>> settings = new HashMap<>();
        final Map<String, String> descriptions = new HashMap<>();
        for (final NodeCatalog.Node node : new NodeCatalog(ExtensionSource.installed()).nodes()) {
            if (node.factoryClass().startsWith("org.scanbridge.knime.")) {
                final NodeFactory<?> factory = node.createFactory();
                final Element xml = factory.getNodeDescription().getXMLDescription();
                final String name = xml.getElementsByTagName("name").item(0).getTextContent().strip();
                final NodeList options = xml.getElementsByTagName("option");
                settings.put(name, new HashSet<>());
                for (int n = 0; n < options.getLength(); n++) {
                    final Element option = (Element)options.item(n);
                    settings.get(name).add(option.getAttribute("name"));
                    descriptions.merge(name + "/" + option.getAttribute("name"), option.getTextContent(), String::concat);
                }
            }
        }
        for (final boolean unlabeled : new boolean[]{false, true}) {
            final List<ImageFacts> images = new ArrayList<>(List.of(facts("A", true), facts("A", true)));
            if (unlabeled) {
                images.add(facts("B", false));
            }
            final TrainingPlan plan = TrainingPlanner.plan(images,
                new Resources(600, OptionalLong.empty(), (spec, batch) -> 1e-6 * spec.patchSize().voxels() * batch));
            for (final Map.Entry<String, String> planned : values(PlanTable.of(plan, m_bench.context())).entrySet()) {
                final String[] parts = planned.getKey().split("/", 2);
                assertTrue(settings.containsKey(parts[0]), "no node " + parts[0]);
                if (!parts[1].isEmpty()) {
                    assertTrue(settings.get(parts[0]).contains(parts[1]), planned.getKey());
                    if (!planned.getValue().matches("on|off|[0-9.]+")) {
                        assertTrue(descriptions.get(planned.getKey()).contains(planned.getValue()), planned.toString());
                    }
                }
            }
        }
    }

    /** Images without a subject are not those of one person: refused as the learners do. */
    @Test
    void refusesImagesWithoutASubject() throws Exception {
        final List<DataCell[]> rows = new ArrayList<>();
        for (final DataRow row : study(2, 0)) {
            final DataCell[] cells = Bench.cells(row);
            cells[2] = DataType.getMissingCell();
            rows.add(cells);
        }
        final BufferedDataTable table = m_bench.table(SPEC, rows);
        final String message = assertThrows(NodeExecutionException.class, () -> run(table, 2)).getMessage();
        assertTrue(message.contains("Row0") && message.contains("has no subject. Fill column \"Subject\""), message);
    }
}
