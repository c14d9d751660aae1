package org.scanbridge.knime.memory;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpec;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.def.DoubleCell;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeFactory;
import org.knime.core.node.NodeSettings;
import org.knime.core.node.port.PortObject;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.knime.nodes.adaptationcheck.AdaptationCheckNodeFactory;
import org.scanbridge.knime.nodes.adaptationreport.AdaptationReportNodeFactory;
import org.scanbridge.knime.nodes.adversarialnormalizationlearner.AdversarialNormalizationLearnerNodeFactory;
import org.scanbridge.knime.nodes.anomalydetector.AnomalyDetectorNodeFactory;
import org.scanbridge.knime.nodes.anomalylearner.AnomalyLearnerNodeFactory;
import org.scanbridge.knime.nodes.atlasbuilder.AtlasBuilderNodeFactory;
import org.scanbridge.knime.nodes.atlassegmenter.AtlasSegmenterNodeFactory;
import org.scanbridge.knime.nodes.dicomarchivequery.DicomArchiveQueryNodeFactory;
import org.scanbridge.knime.nodes.dicomarchivereader.DicomArchiveReaderNodeFactory;
import org.scanbridge.knime.nodes.dicomreader.DicomReaderNodeFactory;
import org.scanbridge.knime.nodes.domainadaptationlearner.DomainAdaptationLearnerNodeFactory;
import org.scanbridge.knime.nodes.domaingeneralizationlearner.DomainGeneralizationLearnerNodeFactory;
import org.scanbridge.knime.nodes.imageregistration.ImageRegistrationNodeFactory;
import org.scanbridge.knime.nodes.imagetranslationlearner.ImageTranslationLearnerNodeFactory;
import org.scanbridge.knime.nodes.intensitydivergencescorer.IntensityDivergenceScorerNodeFactory;
import org.scanbridge.knime.nodes.labeleditor.LabelEditorNodeFactory;
import org.scanbridge.knime.nodes.labelfusion.LabelFusionNodeFactory;
import org.scanbridge.knime.nodes.learnednormalizer.LearnedNormalizerNodeFactory;
import org.scanbridge.knime.nodes.lesionscorer.LesionScorerNodeFactory;
import org.scanbridge.knime.nodes.networkbuilder.NetworkBuilderNodeFactory;
import org.scanbridge.knime.nodes.niftireader.NiftiReaderNodeFactory;
import org.scanbridge.knime.nodes.normalizationstudy.NormalizationStudyNodeFactory;
import org.scanbridge.knime.nodes.segmentationlearner.SegmentationLearnerNodeFactory;
import org.scanbridge.knime.nodes.segmentationpredictor.SegmentationPredictorNodeFactory;
import org.scanbridge.knime.nodes.segmentationrefiner.SegmentationRefinerNodeFactory;
import org.scanbridge.knime.nodes.segmentationscorer.SegmentationScorerNodeFactory;
import org.scanbridge.knime.nodes.segmentationstatistics.SegmentationStatisticsNodeFactory;
import org.scanbridge.knime.nodes.segmentationwriter.SegmentationWriterNodeFactory;
import org.scanbridge.knime.nodes.syntheticsites.SyntheticSitesNodeFactory;
import org.scanbridge.knime.nodes.trainingplanner.TrainingPlannerNodeFactory;
import org.scanbridge.knime.nodes.sitecurriculum.SiteCurriculumNodeFactory;
import org.scanbridge.knime.nodes.transferstudy.TransferStudyNodeFactory;
import org.scanbridge.knime.nodes.volumeaugmenter.VolumeAugmenterNodeFactory;
import org.scanbridge.knime.nodes.volumenormalizer.VolumeNormalizerNodeFactory;
import org.scanbridge.knime.nodes.volumeresampler.VolumeResamplerNodeFactory;
import org.scanbridge.knime.nodes.volumewriter.VolumeWriterNodeFactory;
import org.scanbridge.knime.port.AtlasPortObject;
import org.scanbridge.knime.port.NetworkPortObject;
import org.scanbridge.knime.testing.Bench;
import org.scanbridge.knime.util.NodeMemory;
import org.scanbridge.learning.architecture.NetworkOutput;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.network.Provenance;
import org.scanbridge.tensorflow.Computation;

/**
 * A node with settings and a table of {@link HeapInputs}, and what it needs of memory by its statement. Nodes not named here
 * hold no images.
 */
enum HeapCase {

    Z_SCORE(HeapInputs.LARGE, n -> NodeMemory.NORMALIZER.bytes(n, 0, 0), normalizer("Z_SCORE")),

    MASKED(HeapInputs.LARGE, n -> NodeMemory.NORMALIZER.bytes(n, n, 0), run(new VolumeNormalizerNodeFactory(), s -> {
        s.addString("method", "MIN_MAX");
        s.addString("foreground", "MASK");
        s.addString("maskColumn", "Segmentation");
    })),

    PERCENTILES_OF_ALL(HeapInputs.LARGE, n -> NodeMemory.NORMALIZER.bytes(n, 0, 1 << 18),
        run(new VolumeNormalizerNodeFactory(), s -> {
            s.addString("method", "CLIPPED_Z_SCORE");
            s.addString("scope", "DATA_SET");
        })),

    NYUL(HeapInputs.LARGE, n -> NodeMemory.NORMALIZER.bytes(n, 0, 0), normalizer("NYUL")),

    REFERENCE(HeapInputs.LARGE, n -> NodeMemory.NORMALIZER.bytes(n, 0, 0), normalizer("QUANTILE_MATCHING")),

    CLAHE_SLICES(HeapInputs.LARGE, n -> NodeMemory.NORMALIZER_CLAHE.bytes(n, 0), normalizer("CLAHE_SLICES")),

    CLAHE_VOLUME(HeapInputs.LARGE, n -> NodeMemory.NORMALIZER_CLAHE.bytes(n, 0), normalizer("CLAHE_VOLUME")),

    BIAS_FIELD(HeapInputs.LARGE, n -> NodeMemory.NORMALIZER_BIAS.bytes(n, 0, 100_000), normalizer("BIAS_FIELD")),

    N4(HeapInputs.LARGE, n -> NodeMemory.NORMALIZER_N4.bytes(n, 0, n / 64), normalizer("N4")),

    N4_OF_EVERY_VOXEL(HeapInputs.SMALL, n -> NodeMemory.NORMALIZER_N4.bytes(n, 0, n),
        run(new VolumeNormalizerNodeFactory(), s -> {
            s.addString("method", "N4");
            s.getNodeSettings("n4").addInt("shrink", 1);
            s.getNodeSettings("n4").addInt("levels", 1);
            s.getNodeSettings("n4").addInt("iterations", 2);
        })),

    RESAMPLER(HeapInputs.LARGE, n -> NodeMemory.RESAMPLER.bytes(n, n, n, 0, n, n),
        run(new VolumeResamplerNodeFactory(), s -> {
            s.addString("grid", "SPACING");
            s.addDouble("spacingI", 1);
            s.addDouble("spacingJ", 0.5);
            s.addDouble("spacingK", 2);
            s.addString("interpolation", "CUBIC");
        })),

    AUGMENTER(HeapInputs.MEDIUM, n -> NodeMemory.AUGMENTER.bytes(n, n), run(new VolumeAugmenterNodeFactory(), s -> {
    })),

    MOTION(HeapInputs.SMALL, n -> NodeMemory.AUGMENTER.bytes(n, n), run(new VolumeAugmenterNodeFactory(), s -> {
        s.getNodeSettings("augmentation").getNodeSettings("acquisition").addBoolean("motion", true);
        s.getNodeSettings("augmentation").getNodeSettings("acquisition").addDouble("motionProbability", 1);
    })),

    LABEL_EDITOR(HeapInputs.LARGE, n -> NodeMemory.LABEL_EDITOR.bytes(2 * n, n, n), run(new LabelEditorNodeFactory(), s -> {
        s.addString("segmentationColumn", "Segmentation");
        s.addString("furtherColumns", "Model");
        s.addString("rules", "1 = 5 fifth");
        s.addBoolean("byName", true);
        s.addString("parts", "LARGEST_OF_EACH_CLASS");
    })),

    LABEL_FUSION(HeapInputs.LARGE, n -> NodeMemory.LABEL_FUSION.bytes(2 * n, n, n), run(new LabelFusionNodeFactory(), s -> {
        s.addString("firstColumn", "Segmentation");
        s.addString("furtherColumns", "Model");
        s.addString("method", "STAPLE");
        s.addString("probabilities", "1");
    })),

    /** The 16 MB are what the node before it, which makes the probabilities, leaves behind in the same virtual machine. */
    REFINER(HeapInputs.SMALL, n -> NodeMemory.REFINER.bytes(n, n, n, 4 * n, n, 0) + (16 << 20), (bench, folder, table) -> {
        final PortObject fused = bench.run(new LabelFusionNodeFactory(), s -> {
            s.addString("firstColumn", "Segmentation");
            s.addString("furtherColumns", "Model");
            s.addString("probabilities", "0, 1, 2, 3");
        }, table).outputs()[0];
        return bench.run(new SegmentationRefinerNodeFactory(), s -> {
            s.addString("segmentationColumn", "Consensus");
            s.addString("imageColumn", "Image");
            s.addInt("updates", 2);
            s.addDouble("removedVolume", 3);
            s.addBoolean("probabilities", true);
        }, fused);
    }),

    REGISTRATION(HeapInputs.MEDIUM, n -> NodeMemory.REGISTRATION.bytes(2 * n, n, 1),
        run(new ImageRegistrationNodeFactory(), s -> {
            s.addString("fixedColumn", "Image");
            s.addString("movingColumn", "Moved");
        })),

    ATLAS_BUILDER(HeapInputs.ATLAS, n -> NodeMemory.ATLAS_BUILDER.bytes(2 * n, 5 * HeapInputs.ATLAS_VOXELS),
        run(new AtlasBuilderNodeFactory(), HeapCase::atlas)),

    ATLAS_SEGMENTER(HeapInputs.SMALL, n -> NodeMemory.ATLAS_SEGMENTER.bytes(n, 4 * n, 0, 1), (bench, folder, table) ->
        bench.run(new AtlasSegmenterNodeFactory(), s -> s.addInt("steps", 5),
            AtlasPortObject.create(bench.context(), HeapInputs.atlas()), table)),

    SCORER(HeapInputs.LARGE, n -> NodeMemory.SCORER.bytes(n), run(new SegmentationScorerNodeFactory(), s -> {
        s.addString("referenceColumn", "Segmentation");
        s.addBoolean("surfaceDistances", false);
        s.addBoolean("surfaceArea", false);
    })),

    SCORER_SURFACES(HeapInputs.LARGE,
        n -> NodeMemory.SCORER_SURFACES.bytes(n, HeapInputs.boxAroundLabels(n), HeapInputs.surfaceOfLabels(n)),
        run(new SegmentationScorerNodeFactory(), s -> s.addString("referenceColumn", "Segmentation"))),

    SCORER_LESIONS(HeapInputs.LARGE, n -> NodeMemory.SCORER_LESIONS.bytes(n), run(new SegmentationScorerNodeFactory(), s -> {
        s.addString("referenceColumn", "Segmentation");
        s.addBoolean("surfaceDistances", false);
        s.addBoolean("surfaceArea", false);
        s.addBoolean("lesions", true);
    })),

    SCORER_AREAS(HeapInputs.LARGE, n -> NodeMemory.SCORER_AREAS.bytes(n, 0), (bench, folder, table) -> {
        final PortObject fused = bench.run(new LabelFusionNodeFactory(), s -> {
            s.addString("firstColumn", "Segmentation");
            s.addString("furtherColumns", "Model");
            s.addString("probabilities", "1");
        }, table).outputs()[0];
        return bench.run(new SegmentationScorerNodeFactory(), s -> {
            s.addString("referenceColumn", "Segmentation");
            s.addBoolean("surfaceDistances", false);
            s.addBoolean("surfaceArea", false);
            s.addBoolean("areas", true);
        }, fused);
    }),

    LESION_SCORER(HeapInputs.LARGE, n -> NodeMemory.LESION_SCORER.bytes(n, n), (bench, folder, table) -> {
        final PortObject fused = bench.run(new LabelFusionNodeFactory(), s -> {
            s.addString("firstColumn", "Segmentation");
            s.addString("furtherColumns", "Model");
            s.addString("probabilities", "1");
        }, table).outputs()[0];
        return bench.run(new LesionScorerNodeFactory(), s -> s.addString("referenceColumn", "Segmentation"), fused);
    }),

    SEGMENTATION_STATISTICS(HeapInputs.LARGE, n -> NodeMemory.SEGMENTATION_STATISTICS.bytes(n, n),
        run(new SegmentationStatisticsNodeFactory(), s -> {
        })),

    DIVERGENCE(HeapInputs.TWO, n -> NodeMemory.DIVERGENCE.bytes(n, 2 * (1 << 18)),
        run(new IntensityDivergenceScorerNodeFactory(), s -> {
        })),

    PREDICTOR(HeapInputs.SMALL, n -> NodeMemory.PREDICTOR.bytes(n, n, n, n, layer(n) * 3, HeapCase.block() * 4),
        (bench, folder, table) -> bench.run(new SegmentationPredictorNodeFactory(), s -> {
            s.addString("parts", "LARGEST_OF_EACH_CLASS");
            s.addBoolean("uncertainty", true);
        }, new PortObject[]{network(bench, NetworkSpec.unet3d(3, 2, 2, 64)), table, null, null, null, null})),

    LEARNED_NORMALIZER(HeapInputs.SMALL,
        n -> NodeMemory.LEARNED_NORMALIZER.bytes(n, layer(n), HeapCase.block()),
        (bench, folder, table) -> bench.run(new LearnedNormalizerNodeFactory(), s -> s.addString("imageColumn", "Image"),
            network(bench, NetworkSpec.unet3d(2, 2, 2, 64).asGenerator(NetworkOutput.RESIDUAL)), table)),

    ANOMALY_DETECTOR(HeapInputs.SMALL, n -> NodeMemory.ANOMALY_DETECTOR.bytes(n, layer(n), HeapCase.block(), 1),
        (bench, folder, table) -> bench.run(new AnomalyDetectorNodeFactory(), s -> {
            s.addString("imageColumn", "Image");
            s.addBoolean("masked", true);
            s.addString("maskColumn", "Segmentation");
            s.addBoolean("compared", true);
            s.addString("referenceColumn", "Model");
        }, HeapInputs.anomaly(bench), table)),

    SEGMENTATION_AS_SEG(HeapInputs.LARGE, n -> NodeMemory.SEGMENTATION_WRITER.bytes(n, 3 * n / 8),
        segmentationWriter("DICOM_SEG")),

    SEGMENTATION_AS_LABEL_MAP(HeapInputs.LARGE, n -> NodeMemory.SEGMENTATION_WRITER.bytes(n, n),
        segmentationWriter("DICOM_LABEL_MAP")),

    SEGMENTATION_AS_NIFTI(HeapInputs.LARGE, n -> NodeMemory.SEGMENTATION_WRITER.bytes(n, 0), segmentationWriter("NIFTI")),

    VOLUME_AS_DICOM(HeapInputs.LARGE, n -> NodeMemory.VOLUME_WRITER.bytes(n, HeapInputs.SLICE), volumeWriter("DICOM")),

    VOLUME_AS_NIFTI(HeapInputs.LARGE, n -> NodeMemory.VOLUME_WRITER.bytes(n, HeapInputs.SLICE), volumeWriter("NIFTI")),

    DICOM_READER(HeapInputs.LARGE, n -> NodeMemory.DICOM_READER.bytes(n, HeapInputs.SLICES), (bench, folder, table) ->
        bench.run(new DicomReaderNodeFactory(), s -> s.addString("folder", folder.resolve(HeapInputs.DICOM).toString()),
            (PortObject)null)),

    DICOM_ARCHIVE_READER(HeapInputs.LARGE, n -> NodeMemory.DICOM_READER.bytes(n, HeapInputs.SLICES), (bench, folder, table) -> {
        final String address = Files.readString(folder.resolve(HeapInputs.ARCHIVE));
        final PortObject series = bench.run(new DicomArchiveQueryNodeFactory(), s -> {
            s.getNodeSettings("archive").addString("address", address);
            s.addString("modalities", "MR, SEG");
        }, (PortObject)null).outputs()[0];
        final Path cache = Files.createTempDirectory("cache");
        return bench.run(new DicomArchiveReaderNodeFactory(), s -> {
            s.getNodeSettings("archive").addString("address", address);
            s.addString("cacheFolder", cache.toString());
        }, series);
    }),

    NIFTI_READER(HeapInputs.LARGE, n -> NodeMemory.NIFTI_READER.bytes(n), (bench, folder, table) ->
        bench.run(new NiftiReaderNodeFactory(), s -> {
            s.addString("folder", folder.resolve(HeapInputs.NIFTI).toString());
            s.addString("layout", "PATTERNS");
        }, (PortObject)null)),

    LEARNER(HeapInputs.TWO, n -> NodeMemory.LEARNERS.bytes(3 * n, 3 * n), (bench, folder, table) ->
        bench.run(new SegmentationLearnerNodeFactory(), HeapCase::oneStep, network(bench, NetworkSpec.unet3d(4, 2, 2, 32)),
            table, bench.load(folder.resolve(HeapInputs.VALIDATION)))),

    ADAPTATION(HeapInputs.TWO, n -> NodeMemory.LEARNERS.bytes(2 * n, 2 * n), (bench, folder, table) ->
        bench.run(new DomainAdaptationLearnerNodeFactory(), s -> {
            oneStepOfBoth(s);
            s.addBoolean("compare", false);
        },
            network(bench, NetworkSpec.unet3d(4, 2, 2, 32)), table, none(bench, table))),

    GENERALIZATION(HeapInputs.TWO, n -> NodeMemory.LEARNERS.bytes(2 * n, 2 * n), (bench, folder, table) ->
        bench.run(new DomainGeneralizationLearnerNodeFactory(), HeapCase::oneStepOfBoth,
            network(bench, NetworkSpec.unet3d(4, 2, 2, 32)), table, none(bench, table))),

    ADVERSARIAL_NORMALIZATION(HeapInputs.TWO, n -> NodeMemory.LEARNERS.bytes(2 * n, 2 * n), (bench, folder, table) ->
        bench.run(new AdversarialNormalizationLearnerNodeFactory(), s -> {
            oneStep(s);
            s.addString("output", "RESIDUAL");
            s.addInt("reconstructionSteps", 0);
        }, network(bench, NetworkSpec.unet3d(4, 2, 2, 32)), table, none(bench, table))),

    ANOMALY_LEARNER(HeapInputs.TWO, n -> NodeMemory.LEARNERS.bytes(2 * n, 0)
        + NodeMemory.ANOMALY_LEARNER.bytes(n, layer(n) / 2, 32L * 32 * 32, 1), (bench, folder, table) ->
        bench.run(new AnomalyLearnerNodeFactory(), s -> {
            s.addString("imageColumn", "Image");
            s.addInt("patchSize", 32);
            s.addInt("patchSlices", 32);
            s.addInt("width", 2);
            s.addInt("levels", 3);
            s.addInt("steps", 1);
            s.addInt("batch", 1);
            s.addDouble("heldOut", 50);
        }, table)),

    TRANSLATION(HeapInputs.TWO, n -> NodeMemory.LEARNERS.bytes(2 * n, 2 * n), (bench, folder, table) ->
        bench.run(new ImageTranslationLearnerNodeFactory(), s -> {
            s.addString("imageColumn", "Image");
            s.addString("subjectColumn", "Subject");
            s.addString("siteColumn", "Site");
            s.addInt("patchSize", 32);
            s.addInt("baseWidth", 2);
            s.addInt("discriminatorWidth", 2);
            s.addInt("strided", 1);
            s.addInt("steps", 1);
            s.addInt("batch", 1);
        }, table, null)),

    TRANSFER_STUDY(HeapInputs.STUDY,
        // test images of 128 voxels a side, and four classes
        n -> NodeMemory.LEARNERS.bytes(4 * n, 4 * n) + NodeMemory.STUDY_AREAS.bytes(4L << 21, 1L << 21), (bench, folder, table) ->
        bench.run(new TransferStudyNodeFactory(), s -> {
            oneStep(s);
            s.addString("sites", "ALL_SITES");
            s.addString("cases", "1");
            s.addString("tuned", "1");
        }, network(bench, NetworkSpec.unet3d(4, 2, 2, 32)), table, none(bench, table),
            bench.load(folder.resolve(HeapInputs.VALIDATION)))),

    SITE_CURRICULUM(HeapInputs.STUDY,
        // test images of 128 voxels a side, and four classes
        n -> NodeMemory.LEARNERS.bytes(4 * n, 4 * n) + NodeMemory.STUDY_AREAS.bytes(4L << 21, 1L << 21), (bench, folder, table) ->
        bench.run(new SiteCurriculumNodeFactory(), s -> {
            oneStep(s);
            s.addInt("replay", 0);
            s.addBoolean("average", false);
            s.addBoolean("joint", false);
        }, network(bench, NetworkSpec.unet3d(4, 2, 2, 32)), table, none(bench, table),
            bench.load(folder.resolve(HeapInputs.TWO.name())))),

    NORMALIZATION_STUDY(HeapInputs.STUDY, n -> NodeMemory.LEARNERS.bytes(4 * n, 4 * n), (bench, folder, table) ->
        bench.run(new NormalizationStudyNodeFactory(), s -> {
            s.addString("imageColumn", "Image");
            s.addString("segmentationColumn", "Segmentation");
            s.addInt("repetitions", 1);
            s.addInt("training", 1);
            s.addInt("validation", 0);
            s.addInt("steps", 1);
            s.addInt("reconstructionSteps", 0);
            s.addInt("batch", 1);
            s.addInt("patch", 32);
            s.addInt("width", 2);
            s.addInt("wideWidth", 2);
            s.addString("folder", folder.resolve("study").toString());
        }, table)),

    ADAPTATION_CHECK(HeapInputs.STUDY, n -> NodeMemory.ADAPTATION_CHECK.bytes(n, n, 4 * n, layer(n) * 4, HeapCase.block() * 5),
        (bench, folder, table) -> bench.run(new AdaptationCheckNodeFactory(), s -> {
            columns(s);
            // as it is, painted, under a shift
            s.addInt("shifts", 3);
        }, trained(bench, NetworkSpec.unet3d(4, 2, 2, 64)), table, table, null)),

    PLANNER(HeapInputs.SMALL, n -> NodeMemory.PLANNER.bytes(n, n, 1), (bench, folder, table) ->
        bench.run(new TrainingPlannerNodeFactory(), s -> {
            s.addString("imageColumn", "Image");
            s.addString("segmentationColumn", "Segmentation");
            s.addString("subjectColumn", "Subject");
            s.addString("siteColumn", "Site");
            s.addDouble("minutes", 1);
        }, table)),

    NETWORK_BUILDER(HeapInputs.LARGE, n -> NodeMemory.NETWORK_BUILDER.bytes(n), (bench, folder, table) ->
        bench.run(new NetworkBuilderNodeFactory(), s -> s.addString("segmentationColumn", "Segmentation"), table)),

    SYNTHETIC_SITES(HeapInputs.SMALL, n -> NodeMemory.SYNTHETIC_SITES.bytes(4 * n, 4 * n, n), (bench, folder, table) ->
        bench.run(new SyntheticSitesNodeFactory(), s -> {
            s.addInt("subjectsPerSite", 2);
            s.addInt("size", 128);
        })),

    SYNTHETIC_SITES_WITH_T1(HeapInputs.SMALL, n -> NodeMemory.SYNTHETIC_SITES.bytes(4 * n, 2 * n, n),
        (bench, folder, table) -> bench.run(new SyntheticSitesNodeFactory(), s -> {
            s.addString("sites", "LESIONS");
            s.addBoolean("t1", true);
            s.addInt("subjectsPerSite", 1);
            s.addInt("size", 128);
        })),

    REPORT(HeapInputs.LARGE, n -> NodeMemory.REPORT.bytes(n, n), (bench, folder, table) ->
        bench.run(new AdaptationReportNodeFactory(), s -> {
            s.addString("imageColumn", "Image");
            s.addString("referenceColumn", "Segmentation");
            s.addString("adapted", "Model");
        }, scores(bench, table), null, null, table, null, null, null, null, null, null));

    /** A training of one step on all cases. */
    private static void oneStep(final NodeSettings s) throws InvalidSettingsException {
        columns(s);
        s.getNodeSettings("training").addInt("steps", 1);
        s.getNodeSettings("training").addInt("batch", 1);
        s.getNodeSettings("training").addInt("validationInterval", 1);
    }

    private static void columns(final NodeSettings s) throws InvalidSettingsException {
        s.getNodeSettings("columns").addString("imageColumn", "Image");
        s.getNodeSettings("columns").addString("segmentationColumn", "Segmentation");
        s.getNodeSettings("columns").addString("subjectColumn", "Subject");
        s.getNodeSettings("columns").addString("siteColumn", "Site");
    }

    /** As {@link #oneStep} with a patch of each of two sites. */
    private static void oneStepOfBoth(final NodeSettings s) throws InvalidSettingsException {
        oneStep(s);
        s.getNodeSettings("training").addInt("batch", 2);
    }

    /** A table of the same columns without rows. */
    private static BufferedDataTable none(final Bench bench, final BufferedDataTable table) {
        return bench.table(table.getDataTableSpec(), List.of());
    }

    /** What the scorer says of the first row. */
    private static BufferedDataTable scores(final Bench bench, final BufferedDataTable table) {
        final List<String> texts = List.of("Subject", "Site", "Role", "Domain", "Model", "Class");
        final List<DataColumnSpec> columns = new ArrayList<>();
        texts.forEach(t -> columns.add(new DataColumnSpecCreator(t, StringCell.TYPE).createSpec()));
        columns.add(new DataColumnSpecCreator("Dice", DoubleCell.TYPE).createSpec());
        final DataRow row = Bench.rows(table).get(0);
        return bench.table(new DataTableSpec(columns.toArray(DataColumnSpec[]::new)),
            List.<DataCell[]> of(new DataCell[]{row.getCell(0), row.getCell(1), new StringCell("test"),
                new StringCell("target"), new StringCell("Model"), new StringCell("outer"), new DoubleCell(0.9)}));
    }

    /** Voxels of a network's block. */
    private static long block() {
        return 64L * 64 * 64;
    }

    private static long layer(final long voxels) {
        return Math.round(64 * Math.pow(Math.cbrt(voxels), 2));
    }

    /** Runs a node. */
    @FunctionalInterface
    interface Runner {

        /** @param folder of {@link HeapInputs} */
        Bench.Result run(Bench bench, Path folder, BufferedDataTable table) throws Exception;
    }

    /** Bytes for images of a number of voxels. */
    @FunctionalInterface
    interface Need {
        long bytes(long voxels);
    }

    private final HeapInputs m_input;

    private final Need m_need;

    private final Runner m_runner;

    HeapCase(final HeapInputs input, final Need need, final Runner runner) {
        m_input = input;
        m_need = need;
        m_runner = runner;
    }

    HeapInputs input() {
        return m_input;
    }

    /** What the node needs beside its fixed part by its statement. */
    long bytes() {
        return m_need.bytes(m_input.voxels());
    }

    /** As {@link #bytes()} for other images. */
    long bytes(final HeapInputs input) {
        return m_need.bytes(input.voxels());
    }

    Bench.Result run(final Bench bench, final Path folder, final HeapInputs input) throws Exception {
        return m_runner.run(bench, folder, bench.load(folder.resolve(input.name())));
    }

    private static Runner run(final NodeFactory<?> factory, final Bench.Change change) {
        return (bench, folder, table) -> {
            final List<PortObject> inputs = new ArrayList<>(List.of(table));
            // optional inputs are not connected
            final int ports = factory instanceof VolumeNormalizerNodeFactory ? 3
                : factory instanceof VolumeResamplerNodeFactory ? 2 : 1;
            while (inputs.size() < ports) {
                inputs.add(null);
            }
            return bench.run(factory, change, inputs.toArray(PortObject[]::new));
        };
    }

    private static Runner normalizer(final String method) {
        return run(new VolumeNormalizerNodeFactory(), s -> s.addString("method", method));
    }

    private static void atlas(final org.knime.core.node.NodeSettings s) {
        s.addDouble("voxelSize", 2);
        s.addDouble("margin", 0);
        s.addInt("clusters", 2);
    }

    private static Runner segmentationWriter(final String form) {
        return (bench, folder, table) -> bench.run(new SegmentationWriterNodeFactory(), s -> {
            s.addString("form", form);
            s.addString("segmentationColumn", "Segmentation");
            s.addString("studyFolder", folder.resolve(HeapInputs.DICOM).toString());
            s.addString("outputFolder", folder.resolve("out-" + form).toString());
            s.addBoolean("replace", true);
        }, table, null);
    }

    private static Runner volumeWriter(final String form) {
        return (bench, folder, table) -> bench.run(new VolumeWriterNodeFactory(), s -> {
            s.addString("form", form);
            s.addString("imageColumn", "Image");
            s.addString("studyFolder", folder.resolve(HeapInputs.DICOM).toString());
            s.addString("outputFolder", folder.resolve("out-volume-" + form).toString());
            s.addBoolean("replace", true);
        }, table, null);
    }

    /** Says that it was trained, which nodes ask for that only look at what a network does. */
    private static NetworkPortObject trained(final Bench bench, final NetworkSpec spec) throws Exception {
        final Network random = Network.untrained(spec, 1);
        return NetworkPortObject.create(bench.context(), "network", new Network(spec, random.weights(), LabelSet.of(),
            new Provenance("supervised", 1, 1, 1, Double.NaN, List.of("A"), "", "", "", "", Computation.UNKNOWN, Map.of())));
    }

    private static NetworkPortObject network(final Bench bench, final NetworkSpec spec) throws Exception {
        final Network random = Network.untrained(spec, 1);
        return NetworkPortObject.create(bench.context(), "network",
            new Network(spec, random.weights(), LabelSet.of(), random.provenance()));
    }
}
