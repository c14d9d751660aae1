package org.scanbridge.knime.nodes.domainadaptationlearner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
import org.knime.core.data.DoubleValue;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeSettings;
import org.knime.core.node.port.PortObject;
import org.knime.core.standin.run.NodeExecutionException;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.knime.data.LabelVolumeCell;
import org.scanbridge.knime.data.VolumeCell;
import org.scanbridge.knime.data.VolumeCellFactory;
import org.scanbridge.knime.learn.TestStudy;
import org.scanbridge.knime.learn.TestStudy.Row;
import org.scanbridge.knime.nodes.segmentationlearner.SegmentationLearnerNodeFactory;
import org.scanbridge.knime.nodes.volumeaugmenter.VolumeAugmenterNodeFactory;
import org.scanbridge.knime.port.NetworkPortObject;
import org.scanbridge.knime.testing.Bench;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.NetworkSpec.Kind;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.data.Role;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.method.DomainAdversarialOptions;
import org.scanbridge.learning.method.DomainAdversarialTraining;
import org.scanbridge.learning.method.SegmentationOptions;
import org.scanbridge.learning.method.SegmentationTraining;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.network.Provenance;
import org.scanbridge.learning.train.TrainingListener;
import org.scanbridge.learning.train.TrainingRecord;

class DomainAdaptationLearnerNodeTest {

    @TempDir
    Path m_folder;

    private Bench m_bench;

    private TestStudy m_study;

    @BeforeEach
    void open() throws Exception {
        m_bench = new Bench(m_folder);
        m_study = new TestStudy(m_bench);
    }

    @AfterEach
    void close() {
        m_bench.close();
    }

    private static Network untrained(final Norm norm) {
        return Network.untrained(new NetworkSpec(Kind.UNET_3D, 1, 4, 4, 1, norm, PatchSize.cube(16)), 1);
    }

    private BufferedDataTable table(final boolean targetLabels) throws Exception {
        final List<Row> rows = new ArrayList<>(m_study.rows(0, 0, 1));
        m_study.rows(1, 0, 2).forEach(
            r -> rows.add(new Row(r.subject(), r.site(), r.image(), targetLabels ? r.segmentation() : null)));
        return m_study.table(rows);
    }

    private Bench.Result run(final Norm norm, final BufferedDataTable training, final Bench.Change change)
        throws Exception {
        final NetworkPortObject network = NetworkPortObject.create(m_bench.context(), untrained(norm));
        return m_bench.run(new DomainAdaptationLearnerNodeFactory(), s -> {
            final NodeSettings steps = s.getNodeSettings("training");
            steps.addInt("steps", 2);
            steps.addInt("batch", 4);
            s.getNodeSettings("tent").addInt("steps", 2);
            s.addInt("statisticsPatches", 8);
            s.addBoolean("compare", false);
            s.getNodeSettings("wasserstein").addInt("criticSteps", 1);
            change.apply(s);
        }, network, training, m_study.table(List.of()));
    }

    private static Network network(final Bench.Result result) {
        return ((NetworkPortObject)result.outputs()[0]).network();
    }

    @Test
    void everyMethodGivesANetworkOfItsOwn() throws Exception {
        final Set<String> hashes = new HashSet<>();
        final BufferedDataTable training = table(true);
        for (final AdaptationMethod method : AdaptationMethod.values()) {
            final Bench.Result result = run(Norm.BATCH, training, s -> {
                s.addString("method", method.name());
                s.getNodeSettings("selfTraining").addString("teacher", "NETWORK");
            });
            assertTrue(hashes.add(network(result).weights().hash()), method + " is like another method");
            assertEquals(method == AdaptationMethod.ADABN ? 0 : 2, result.table(1).size(), method.name());
            assertEquals(network(result).provenance().method(),
                ((NetworkPortObject)result.outputs()[0]).getSpec().method(), method.name());
        }
    }

    @Test
    void combinationsTrainAndSaySo() throws Exception {
        final Network network = network(run(Norm.BATCH, table(false), s -> {
            s.addString("companion", "CONSISTENCY");
            s.addString("afterwards", "TENT");
        }));
        assertEquals("domain + consistency, then tent", network.provenance().method());
        final Bench.Result result = run(Norm.BATCH, table(true), s -> {
            s.addString("method", "LEAST_SQUARES");
            s.addString("companion", "ENTROPY");
            s.addString("afterwards", "ADABN");
            s.addBoolean("targetLabels", true);
        });
        final List<String> columns = List.of(result.table(1).getDataTableSpec().getColumnNames());
        assertEquals(List.of("Least squares Loss", "Critic Loss", "Entropy Loss"),
            columns.subList(columns.size() - 3, columns.size()));
        for (int c = columns.size() - 3; c < columns.size(); c++) {
            assertFalse(result.rows(1).get(1).getCell(c).isMissing(), columns.get(c));
        }
        assertEquals("least squares + entropy + target labels, then adabn",
            network(result).provenance().method());
    }

    /** A companion that the dialog hides has no effect. */
    @Test
    void hiddenSettingsHaveNoEffect() throws Exception {
        final BufferedDataTable training = table(false);
        final String plain = network(run(Norm.GROUP, training, s -> s.addString("method", "CONSISTENCY"))).weights().hash();
        assertEquals(plain, network(run(Norm.GROUP, training, s -> {
            s.addString("method", "CONSISTENCY");
            s.addString("companion", "ENTROPY");
            s.getNodeSettings("entropy").addDouble("weight", 5);
        })).weights().hash());
        assertNotEquals(plain, network(run(Norm.GROUP, training, s -> {
            s.addString("method", "CONSISTENCY");
            s.getNodeSettings("consistency").addDouble("strength", 0);
        })).weights().hash());
    }

    /** A workflow that was stored without the setting means all images; where the dialog hides it, it has no effect. */
    @Test
    void consistencyIsOfAllImagesOrOfTheTargets() throws Exception {
        final BufferedDataTable training = table(false);
        final Bench.Change consistency = s -> s.addString("method", "CONSISTENCY");
        final Bench.Change ofTarget = s -> s.getNodeSettings("consistency").addString("images", "TARGET");
        final Network all = network(run(Norm.GROUP, training, consistency));
        final Network stored = network(run(Norm.GROUP, training, s -> {
            consistency.apply(s);
            s.getNodeSettings("consistency").removeConfig("images");
        }));
        final Network target = network(run(Norm.GROUP, training, s -> {
            consistency.apply(s);
            ofTarget.apply(s);
        }));
        assertEquals(all.weights().hash(), stored.weights().hash());
        assertNotEquals(all.weights().hash(), target.weights().hash());
        assertNull(all.provenance().options().get("Consistency.images"));
        assertEquals("target only", target.provenance().options().get("Consistency.images"));
        final Bench.Change separate = s -> {
            consistency.apply(s);
            s.addString("earlyLayers", "SEPARATE");
        };
        assertEquals(network(run(Norm.GROUP, training, separate)).weights().hash(),
            network(run(Norm.GROUP, training, s -> {
                separate.apply(s);
                ofTarget.apply(s);
            })).weights().hash());
    }

    /** The measure is in the curve and in what the network says of itself. */
    @Test
    void theKeptStepIsChosenWithoutLabels() throws Exception {
        for (final String companion : List.of("NOTHING", "CONSISTENCY")) {
            final Bench.Result result = run(Norm.GROUP, table(false), s -> {
                s.addString("companion", companion);
                s.addString("kept", "EVIDENCE");
                s.getNodeSettings("training").addInt("validationInterval", 1);
                s.getNodeSettings("training").addDouble("learningRate", 0.1);
            });
            final DataTableSpec spec = result.table(1).getDataTableSpec();
            final int column = spec.findColumnIndex("Label-free Score");
            final double first = ((DoubleValue)result.rows(1).get(0).getCell(column)).getDoubleValue();
            final double second = ((DoubleValue)result.rows(1).get(1).getCell(column)).getDoubleValue();
            final Provenance provenance = network(result).provenance();
            assertEquals(first >= second ? 1 : 2, provenance.keptStep());
            assertEquals("evidence without labels at the target", provenance.options().get("keptStepChosenBy"));
        }
        final String message =
            assertThrows(NodeExecutionException.class, () -> run(Norm.GROUP, table(false), s -> s.addString("kept", "BOTH")))
                .getMessage();
        assertTrue(message.contains("Kept step chosen by"), message);
    }

    /** A planted harm: a trained network, and a training whose rate is a thousand times too large. */
    @Test
    void anAdaptationThatDidHarmIsSaidToBe() throws Exception {
        final List<TrainingCase> cases = new ArrayList<>();
        for (final Row r : m_study.rows(0, 0, 2)) {
            cases.add(new TrainingCase(r::image, r::segmentation, r.subject(), r.site(), Role.TRAIN));
        }
        final Network trained = SegmentationTraining.run(untrained(Norm.GROUP), cases,
            SegmentationOptions.defaults().withSteps(60).withLearningRate(0.01).withBatch(2), Progress.NONE,
            TrainingListener.NONE).network();
        final NetworkPortObject network = NetworkPortObject.create(m_bench.context(), trained);
        for (final double rate : new double[]{0.5, 1e-6}) {
            for (final boolean compared : new boolean[]{true, false}) {
                final Bench.Result result = m_bench.run(new DomainAdaptationLearnerNodeFactory(), s -> {
                    s.getNodeSettings("training").addInt("steps", 2);
                    s.getNodeSettings("training").addDouble("learningRate", rate);
                    s.addBoolean("compare", compared);
                }, network, table(false), m_study.table(List.of()));
                final String said = String.valueOf(result.warning());
                final List<String> written = TrainingRecord
                    .load(((NetworkPortObject)result.outputs()[0]).directory()).orElseThrow().warnings();
                final boolean warned = rate == 0.5 && compared;
                assertEquals(warned, said.contains("probably worse at the new site"), rate + ": " + said);
                assertEquals(warned ? 1 : 0, written.size(), written.toString());
            }
        }
    }

    /** What the node gave before it had other methods. */
    @Test
    void theDefaultIsDomainAdversarialTraining() throws Exception {
        final List<TrainingCase> cases = new ArrayList<>();
        for (final Row r : m_study.rows(0, 0, 1)) {
            cases.add(new TrainingCase(r::image, r::segmentation, r.subject(), r.site(), Role.TRAIN));
        }
        for (final Row r : m_study.rows(1, 0, 2)) {
            cases.add(new TrainingCase(r::image, null, r.subject(), r.site(), Role.TRAIN));
        }
        final DomainAdversarialOptions options = DomainAdversarialOptions.defaults().withSourceSites(List.of("A"));
        final Network expected = DomainAdversarialTraining.run(untrained(Norm.GROUP), cases,
            options.withSegmentation(options.segmentation().withSteps(2)), Progress.NONE, TrainingListener.NONE).network();
        final Network actual = network(run(Norm.GROUP, table(false), s -> {
            // the settings of a workflow that was stored before there were other methods
            for (final String key : List.of("method", "companion", "afterwards", "targetLabels", "wasserstein",
                "leastSquares", "consistency", "classAlignment", "contrastive", "triplet", "entropy", "tent",
                "statisticsPatches", "patchSeed", "norms", "resultSite", "selfTraining", "teacherToo", "sourceImages",
                "trained", "anchor", "kept", "compare")) {
                s.removeConfig(key);
            }
        }));
        assertEquals(expected.weights().hash(), actual.weights().hash());
        assertEquals(expected.provenance().method(), actual.provenance().method());
    }

    @Test
    void adaBnAsksForBatchNormalizationBeforeAnythingRuns() throws Exception {
        final NetworkPortObject network = NetworkPortObject.create(m_bench.context(), untrained(Norm.GROUP));
        final PortObject[] inputs = {network, table(false), m_study.table(List.of())};
        for (final String key : List.of("method", "afterwards")) {
            final String message = assertThrows(InvalidSettingsException.class, () -> m_bench
                .configured(new DomainAdaptationLearnerNodeFactory(), s -> s.addString(key, "ADABN"), inputs)).getMessage();
            assertTrue(message.contains("group normalization"), message);
        }
    }

    @Test
    void refusesNumbersThatMakeNoSense() throws Exception {
        final BufferedDataTable training = table(false);
        for (final Bench.Change change : List.<Bench.Change> of(s -> s.addInt("statisticsPatches", 0),
            s -> s.getNodeSettings("tent").addInt("steps", 0),
            s -> s.getNodeSettings("consistency").addDouble("strength", Double.NaN),
            s -> s.getNodeSettings("wasserstein").addDouble("clip", -1),
            s -> s.getNodeSettings("triplet").addDouble("margin", 0))) {
            assertThrows(InvalidSettingsException.class, () -> run(Norm.BATCH, training, change));
        }
    }

    @Test
    void normsPerSiteGiveOneNetworkPerSite() throws Exception {
        final BufferedDataTable training = table(false);
        final Set<String> hashes = new HashSet<>();
        for (final String site : List.of("", "A")) {
            final Bench.Result result = run(Norm.BATCH, training, s -> {
                s.addString("norms", "PER_SITE");
                s.addString("resultSite", site);
            });
            assertTrue(hashes.add(network(result).weights().hash()));
            assertEquals(untrained(Norm.BATCH).spec(), network(result).spec());
            assertEquals("domain + norms per site", network(result).provenance().method());
            assertEquals("domain + norms per site", ((NetworkPortObject)result.outputs()[0]).getSpec().method());
        }
        final Network shared = network(run(Norm.BATCH, training, s -> s.addString("resultSite", "nowhere")));
        assertTrue(hashes.add(shared.weights().hash()));
        assertEquals("domain-adversarial", shared.provenance().method());
    }

    /** PnP-AdaNet: the first two blocks are the target's, all else is as in the network at the input. */
    @Test
    void earlyLayersOfTheTargetsOwnAreAllThatChanges() throws Exception {
        final BufferedDataTable training = table(false);
        final Network before = untrained(Norm.GROUP);
        for (final String method : List.of("DOMAIN_ADVERSARIAL", "WASSERSTEIN")) {
            final Bench.Result result = run(Norm.GROUP, training, s -> {
                s.addString("method", method);
                s.addString("earlyLayers", "SEPARATE");
                s.addInt("separateBlocks", 2);
            });
            final Network after = network(result);
            before.weights().parameters().forEach(p -> assertEquals(Set.of("enc0.a", "enc0.b").contains(p.block()),
                !Arrays.equals(before.weights().get(p.name()), after.weights().get(p.name())), p.name()));
            assertTrue(after.provenance().method().endsWith(" + separate early layers"), after.provenance().method());
            assertEquals(after.provenance().method(), ((NetworkPortObject)result.outputs()[0]).getSpec().method());
        }
    }

    @Test
    void earlyLayersThatDoNotFitAreRefusedBeforeAnythingRuns() throws Exception {
        final NetworkPortObject network = NetworkPortObject.create(m_bench.context(), untrained(Norm.BATCH));
        final PortObject[] inputs = {network, table(false), m_study.table(List.of())};
        for (final Map.Entry<Bench.Change, String> wrong : Map.<Bench.Change, String> of(
            s -> s.addInt("separateBlocks", 4), "has only 3", s -> s.addInt("separateBlocks", 0), "at least 1",
            s -> s.addString("norms", "PER_SITE"), "One set for all sites", s -> s.addString("kept", "SOURCE"),
            "Kept step chosen by").entrySet()) {
            final String message = assertThrows(InvalidSettingsException.class,
                () -> m_bench.configured(new DomainAdaptationLearnerNodeFactory(), s -> {
                    s.addString("earlyLayers", "SEPARATE");
                    wrong.getKey().apply(s);
                }, inputs)).getMessage();
            assertTrue(message.contains(wrong.getValue()), message);
        }
    }

    @Test
    void normsPerSiteAskForBatchNormalizationBeforeAnythingRuns() throws Exception {
        final NetworkPortObject network = NetworkPortObject.create(m_bench.context(), untrained(Norm.GROUP));
        final PortObject[] inputs = {network, table(false), m_study.table(List.of())};
        final String message = assertThrows(InvalidSettingsException.class,
            () -> m_bench.configured(new DomainAdaptationLearnerNodeFactory(), s -> s.addString("norms", "PER_SITE"),
                inputs)).getMessage();
        assertTrue(message.contains("U-Net with batch normalization") && message.contains("GROUP"), message);
    }

    /**
     * The study with a column of a teacher that knows the truth of the target images, and its probabilities; the source rows
     * and, if asked for, one target row have none.
     */
    private BufferedDataTable taught(final boolean source, final boolean all, final LabelSet names) throws Exception {
        final VolumeCellFactory cells = VolumeCellFactory.of(m_bench.context());
        final List<Row> rows = new ArrayList<>(source ? m_study.rows(0, 0, 1) : List.of());
        final int taughtFrom = rows.size() + (all ? 0 : 1);
        rows.addAll(m_study.rows(1, 0, 2));
        final List<DataColumnSpec> columns = new ArrayList<>(List.of(column("Subject", StringCell.TYPE),
            column("Site", StringCell.TYPE), column("Image", VolumeCell.TYPE),
            column("Segmentation", LabelVolumeCell.TYPE), column("atlas", LabelVolumeCell.TYPE)));
        for (final String name : names.names().values()) {
            columns.add(column("atlas p(" + name + ")", VolumeCell.TYPE));
        }
        final List<DataCell[]> table = new ArrayList<>();
        for (final Row r : rows) {
            final int n = table.size();
            final boolean isSource = source && n == 0;
            final List<DataCell> row = new ArrayList<>(List.of(new StringCell(r.subject()), new StringCell(r.site()),
                cells.create("image" + n, r.image()),
                isSource ? cells.create("labels" + n, r.segmentation()) : DataType.getMissingCell()));
            final LabelVolume truth = r.segmentation();
            row.add(n < taughtFrom ? DataType.getMissingCell() : cells.create("taught" + n,
                new LabelVolume(truth.voxels(), truth.geometry(), truth.info(), names)));
            for (int c = 1; c <= names.names().size(); c++) {
                final float[] p = new float[truth.voxels().length];
                for (int v = 0; v < p.length; v++) {
                    p[v] = truth.voxels()[v] == c ? 0.8f : 0;
                }
                row.add(n < taughtFrom ? DataType.getMissingCell()
                    : cells.create("p" + c + "-" + n, new Volume(p, truth.geometry(), truth.info())));
            }
            table.add(row.toArray(DataCell[]::new));
        }
        return m_bench.table(new DataTableSpec(columns.toArray(DataColumnSpec[]::new)), table);
    }

    private static DataColumnSpec column(final String name, final DataType type) {
        return new DataColumnSpecCreator(name, type).createSpec();
    }

    private static final LabelSet TISSUES = LabelSet.of("CSF", "GM", "WM");

    @Test
    void anAtlasTeachesWithItsLabelsOrProbabilitiesOrBesideAnotherMethod() throws Exception {
        final Set<String> hashes = new HashSet<>();
        final BufferedDataTable training = taught(true, false, TISSUES);
        for (final Bench.Change change : List.<Bench.Change> of(s -> s.addString("method", "SELF_TRAINING"), s -> {
            s.addString("method", "SELF_TRAINING");
            s.getNodeSettings("selfTraining").addString("certainty", "PROBABILITIES");
        }, s -> {
            s.addBoolean("teacherToo", true);
            s.addString("companion", "CONSISTENCY");
            s.getNodeSettings("selfTraining").addString("teacher", "BOTH");
        })) {
            final Bench.Result result = run(Norm.GROUP, training, change);
            final Network network = network(result);
            assertTrue(hashes.add(network.weights().hash()));
            assertEquals("1 of 2", network.provenance().options().get("taughtCases"));
            assertEquals(network.provenance().method(), ((NetworkPortObject)result.outputs()[0]).getSpec().method());
            final List<String> columns = List.of(result.table(1).getDataTableSpec().getColumnNames());
            assertEquals(List.of("Self-Training Loss", "Share Taught"), columns.subList(columns.size() - 2, columns.size()));
        }
    }

    /** Without source images there is no Dice on the source to choose a step by; said before anything is read. */
    @Test
    void withoutSourceImagesNoStepIsChosenByThem() {
        for (final String kept : List.of("SOURCE", "BOTH")) {
            final DomainAdaptationLearnerParameters parameters = new DomainAdaptationLearnerParameters();
            parameters.m_method = AdaptationMethod.SELF_TRAINING;
            parameters.m_sourceImages = DomainAdaptationLearnerParameters.SourceImages.NONE;
            parameters.m_kept = DomainAdaptationLearnerParameters.Kept.valueOf(kept);
            final String said = assertThrows(InvalidSettingsException.class, parameters::validate).getMessage();
            assertTrue(said.contains("\"Kept step chosen by\"") && said.contains("\"Source images\""), said);
        }
    }

    /** What the dialog hides for SIFA does not matter, as for all methods. */
    @Test
    void hiddenSettingsDoNotMatterToSifa() throws Exception {
        final DomainAdaptationLearnerParameters parameters = new DomainAdaptationLearnerParameters();
        parameters.m_method = AdaptationMethod.SIFA;
        parameters.m_norms = DomainAdaptationLearnerParameters.Norms.PER_SITE;
        parameters.m_earlyLayers = DomainAdaptationLearnerParameters.EarlyLayers.SEPARATE;
        parameters.m_companion = AdaptationMethod.Companion.CONSISTENCY;
        parameters.m_teacherToo = true;
        parameters.m_targetLabels = true;
        parameters.m_sourceImages = DomainAdaptationLearnerParameters.SourceImages.NONE;
        parameters.validate();
        assertEquals("sifa", parameters.method());
    }

    @Test
    void sourceFreeNeedsNoSourceRowAndLeavesOneOut() throws Exception {
        final Bench.Change free = s -> {
            s.addString("method", "SELF_TRAINING");
            s.addString("sourceImages", "NONE");
            s.addString("sourceSite", "A");
        };
        final Network alone = network(run(Norm.GROUP, taught(false, true, TISSUES), free));
        assertEquals(alone.weights().hash(), network(run(Norm.GROUP, taught(true, true, TISSUES), free)).weights().hash());
        assertEquals(alone.weights().hash(), network(run(Norm.GROUP, taught(false, true, TISSUES), s -> {
            free.apply(s);
            s.addString("sourceSite", "");
        })).weights().hash());
        assertEquals("self-training without source images", alone.provenance().method());
        assertNotEquals(alone.weights().hash(), network(run(Norm.GROUP, taught(false, true, TISSUES), s -> {
            free.apply(s);
            s.addString("trained", "NORMS");
        })).weights().hash());
        assertThrows(InvalidSettingsException.class, () -> run(Norm.BATCH, taught(true, true, TISSUES), s -> {
            free.apply(s);
            s.addString("norms", "PER_SITE");
        }));
    }

    /** With a blank site, the only one with segmentations is the source; the warning tells how many targets are taught. */
    @Test
    void sourceFreeFindsTheSourceAndRefusesAMisspelledOne() throws Exception {
        final Bench.Change free = s -> {
            s.addString("method", "SELF_TRAINING");
            s.addString("sourceImages", "NONE");
        };
        final Bench.Result result = run(Norm.GROUP, taught(true, false, TISSUES), free);
        assertEquals(List.of("B"), network(result).provenance().sites());
        assertEquals("[A]", network(result).provenance().options().get("sourceSites"));
        assertTrue(result.warning().contains("1 of 2 target images has labels"), result.warning());
        final Exception misspelled = assertThrows(Exception.class, () -> run(Norm.GROUP, taught(true, true, TISSUES), s -> {
            free.apply(s);
            s.addString("sourceSite", "Z");
        }));
        assertTrue(misspelled.getMessage().contains("Source site \"Z\""), misspelled.getMessage());
    }

    @Test
    void saysWhatTheTeacherLacks() throws Exception {
        final Bench.Change taughtBy = s -> s.addString("method", "SELF_TRAINING");
        final NetworkPortObject network = NetworkPortObject.create(m_bench.context(), untrained(Norm.GROUP));
        final String missing = assertThrows(InvalidSettingsException.class,
            () -> m_bench.configured(new DomainAdaptationLearnerNodeFactory(), taughtBy, network, table(false),
                m_study.table(List.of()))).getMessage();
        assertTrue(missing.contains("Column with labels by a teacher") && missing.contains("Atlas Segmenter"), missing);
        final Exception other = assertThrows(Exception.class, () -> run(Norm.GROUP, taught(true, true,
            LabelSet.of("CSF", "GM")), s -> {
                taughtBy.apply(s);
                s.getNodeSettings("selfTraining").addString("certainty", "PROBABILITIES");
            }));
        assertTrue(other.getMessage().contains("There is no probability of"), other.getMessage());
    }

    /** Half of the source's patches are painted as the target's images; what they look like is in the provenance. */
    @Test
    void sourcePatchesArePaintedAsTheTargetsImages() throws Exception {
        final Bench.Change asSeen = s -> {
            final NodeSettings training = s.getNodeSettings("training");
            training.addBoolean("augment", true);
            training.getNodeSettings("augmentation").addString("scans", "THIS_SCANNER");
        };
        final Network painted = network(run(Norm.GROUP, taught(true, false, TISSUES), asSeen));
        assertTrue(painted.provenance().options().get("augmentation").contains("Guided"),
            painted.provenance().options().get("augmentation"));
        assertNotEquals(painted.weights().hash(), network(run(Norm.GROUP, taught(true, false, TISSUES),
            s -> s.getNodeSettings("training").addBoolean("augment", true))).weights().hash());
        final NetworkPortObject start = NetworkPortObject.create(m_bench.context(), untrained(Norm.GROUP));
        final Bench.Result supervised = m_bench.run(new SegmentationLearnerNodeFactory(), s -> {
            s.getNodeSettings("training").addInt("steps", 2);
            asSeen.apply(s);
        }, start, taught(true, false, TISSUES), m_study.table(List.of()));
        assertTrue(network(supervised).provenance().options().get("augmentation").contains("Guided"));
        assertFalse(("" + supervised.warning()).contains("one site"), supervised.warning());
        final BufferedDataTable both = taught(true, false, TISSUES);
        final List<DataCell[]> rows = new ArrayList<>();
        for (final DataRow row : Bench.rows(both)) {
            final DataCell[] cells = Bench.cells(row);
            cells[1] = new StringCell("A");
            rows.add(cells);
        }
        final Bench.Result oneSite = m_bench.run(new SegmentationLearnerNodeFactory(), s -> {
            s.getNodeSettings("training").addInt("steps", 2);
            asSeen.apply(s);
        }, start, m_bench.table(both.getDataTableSpec(), rows), m_study.table(List.of()));
        assertTrue(oneSite.warning().contains("one site, \"A\"") && oneSite.warning().contains("1 image without segmentation"),
            oneSite.warning());
        final Exception without = assertThrows(Exception.class, () -> run(Norm.GROUP, table(false), asSeen));
        assertTrue(without.getMessage().contains("Column with labels of the new scanner"), without.getMessage());
        final Exception volumes = assertThrows(Exception.class, () -> m_bench.configured(new VolumeAugmenterNodeFactory(),
            s -> s.getNodeSettings("augmentation").addString("scans", "THIS_SCANNER"), table(false)));
        assertTrue(volumes.getMessage().contains("for the Segmentation Learner"), volumes.getMessage());
    }
}
