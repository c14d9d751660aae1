package org.scanbridge.learning.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.metrics.ConfusionCounts;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.NetworkRegion;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.NetworkSpec.Kind;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.data.Role;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.graph.AdaptationTerm;
import org.scanbridge.learning.graph.ClassAlignmentTerm;
import org.scanbridge.learning.graph.ConsistencyTerm;
import org.scanbridge.learning.graph.ContrastiveTerm;
import org.scanbridge.learning.graph.CriticTerm;
import org.scanbridge.learning.graph.DomainHeadSpec;
import org.scanbridge.learning.graph.EntropyTerm;
import org.scanbridge.learning.graph.GradientReversalTerm;
import org.scanbridge.learning.graph.MetaLearningGraphSpec.InnerStep;
import org.scanbridge.learning.graph.TripletTerm;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.predict.Prediction;
import org.scanbridge.learning.predict.PredictionOptions;
import org.scanbridge.learning.predict.SlidingWindowPredictor;
import org.scanbridge.learning.train.Stopping;
import org.scanbridge.learning.train.TrainingListener;
import org.scanbridge.learning.train.TrainingResult;

/** Networks of regions, and trainings on cases that are annotated in part. */
class RegionTrainingTest {

    private static final NetworkSpec CLASSES = NetworkSpec.unet3d(3, 4, 2, 16);

    private static final List<NetworkRegion> REGIONS =
        List.of(new NetworkRegion("organ with lesion", List.of(1, 2)), new NetworkRegion("lesion", List.of(2)));

    private static final List<LesionPhantom> TRAINING = LesionPhantom.of(0, 4);

    private static final List<LesionPhantom> TEST = LesionPhantom.of(4, 3);

    private static final SegmentationOptions OPTIONS =
        SegmentationOptions.defaults().withSteps(160).withBatch(3).withLearningRate(5e-3);

    private static List<TrainingCase> cases() {
        return TRAINING.stream().map(p -> p.training("A", false, label -> label)).toList();
    }

    private static TrainingResult train(final NetworkSpec spec, final List<TrainingCase> cases,
        final SegmentationOptions options) {
        return SegmentationTraining.run(Network.untrained(spec, 1), cases, options, Progress.NONE, TrainingListener.NONE);
    }

    /** Mean Dice over the test phantoms of the voxels with one of some labels. */
    private static double dice(final Network network, final Set<Integer> structure) {
        double sum = 0;
        try (SlidingWindowPredictor predictor = new SlidingWindowPredictor(network)) {
            for (final LesionPhantom phantom : TEST) {
                sum += ConfusionCounts.of(union(predictor.predict(phantom.image(), Progress.NONE), structure),
                    union(phantom.labels(), structure), 1).dice().orElseThrow();
            }
        }
        return sum / TEST.size();
    }

    private static LabelVolume union(final LabelVolume labels, final Set<Integer> structure) {
        final byte[] voxels = new byte[labels.voxels().length];
        for (int v = 0; v < voxels.length; v++) {
            voxels[v] = (byte)(structure.contains((int)labels.voxels()[v]) ? 1 : 0);
        }
        return new LabelVolume(voxels, labels.geometry(), labels.info(), LabelSet.of());
    }

    /** Measured: organ and lesion 0.957 and 0.834 with classes, 0.972 and 0.838 with regions. */
    @Test
    void overlappingRegionsAreLearnedAsWellAsExclusiveClasses() {
        final Network classes = train(CLASSES, cases(), OPTIONS).network();
        final Network regions = train(CLASSES.withRegions(REGIONS), cases(), OPTIONS).network();
        final double[] exclusive = {dice(classes, Set.of(1, 2)), dice(classes, Set.of(2))};
        final double[] overlapping = {dice(regions, Set.of(1, 2)), dice(regions, Set.of(2))};
        assertTrue(exclusive[0] > 0.8 && exclusive[1] > 0.7);
        assertTrue(overlapping[0] > exclusive[0] - 0.03 && overlapping[1] > exclusive[1] - 0.05);
        assertEquals(LabelSet.of("organ", "lesion"), regions.labels());
    }

    /**
     * The lesion is annotated in every second case only. Where it is not, its voxels are marked; or they are called
     * background, which they are not. Losses of overlap rather mark too much where labels contradict one another, so this is
     * the cross-entropy alone. Measured: 0.62 and 0.00.
     */
    @Test
    void casesAnnotatedInPartHelpMoreThanWrongLabels() {
        final List<TrainingCase> marked = new ArrayList<>();
        final List<TrainingCase> wrong = new ArrayList<>();
        for (int n = 0; n < TRAINING.size(); n++) {
            final boolean complete = n % 2 == 0;
            final LesionPhantom phantom = TRAINING.get(n);
            marked.add(phantom.training("A", true, l -> l == 2 && !complete ? NetworkSpec.UNANNOTATED : l));
            wrong.add(phantom.training("A", false, l -> l == 2 && !complete ? 0 : l));
        }
        final SegmentationOptions options = OPTIONS.withLoss(OPTIONS.loss().withWeights(0, 1));
        final TrainingResult partial = train(CLASSES, marked, options);
        final double known = dice(partial.network(), Set.of(2));
        final double unknown = dice(train(CLASSES, wrong, options).network(), Set.of(2));
        assertTrue(known > 0.5 && known > unknown + 0.2, known + " and " + unknown);
        assertTrue(Integer.parseInt(partial.network().provenance().options().get("unannotatedVoxels")) > 50);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void allArchitecturesLearnRegions(final Kind kind, @TempDir final Path directory) throws IOException {
        final NetworkSpec spec = (switch (kind) {
            case UNET_3D -> NetworkSpec.unet3d(3, 4, 3, 16).withDeepSupervision(true);
            case UNET_2D -> new NetworkSpec(kind, 1, 3, 4, 2, Norm.BATCH, new PatchSize(16, 16, 1));
            case PATCH_CNN -> new NetworkSpec(kind, 1, 3, 4, 1, Norm.BATCH, new PatchSize(8, 8, 1));
            case DEEP_MEDIC -> new NetworkSpec(kind, 1, 3, 4, 1, Norm.BATCH, PatchSize.cube(9));
        }).withRegions(REGIONS);
        final List<TrainingCase> cases = new ArrayList<>(cases());
        // the network also learns from a case without the lesion, at all levels
        cases.set(0, TRAINING.get(0).training("A", true, l -> l == 2 ? NetworkSpec.UNANNOTATED : l));
        final TrainingResult result = train(spec, cases, OPTIONS.withSteps(12));
        final double first = result.curve().get(0).loss();
        final double last = result.curve().get(11).loss();
        assertTrue(last < first, kind + ": " + first + " to " + last);
        result.network().save(directory);
        // earlier versions would take the outputs for classes, so they must refuse it
        assertTrue(Files.readString(directory.resolve("network.json")).contains("\"version\": 2"));
        final Network read = Network.load(directory);
        assertEquals(REGIONS, read.spec().regions());
        try (SlidingWindowPredictor predictor =
            new SlidingWindowPredictor(List.of(read), new PredictionOptions(0.5, Set.of(), true, true))) {
            check(predictor.segment(TEST.get(0).image(), Progress.NONE));
        }
    }

    /** Labels follow from the probabilities: lesion where both regions are probable, as they lie inside one another. */
    private static void check(final Prediction prediction) {
        final Volume organ = prediction.probabilities().get(0);
        final Volume lesion = prediction.probabilities().get(1);
        assertEquals(2, prediction.probabilities().size());
        for (int v = 0; v < organ.voxels().length; v++) {
            final double o = organ.voxels()[v];
            final double l = lesion.voxels()[v];
            final double[] p = {(1 - o) * (1 - l), o * (1 - l), o * l};
            final double most = Math.max(p[0], Math.max(p[1], p[2]));
            assertTrue(o >= 0 && o <= 1 && l >= 0 && l <= 1);
            assertEquals(most, p[prediction.labels().voxels()[v]], 1e-5);
            final double entropy = (entropy(o) + entropy(l)) / (2 * Math.log(2));
            assertEquals(entropy, prediction.uncertainty().orElseThrow().voxels()[v], 1e-4);
        }
    }

    private static double entropy(final double p) {
        return p <= 0 || p >= 1 ? 0 : -p * Math.log(p) - (1 - p) * Math.log(1 - p);
    }

    private static List<TrainingCase> twoSites() {
        final List<TrainingCase> cases = new ArrayList<>();
        for (int n = 0; n < TRAINING.size(); n++) {
            cases.add(TRAINING.get(n).training(n < 2 ? "A" : "B", true, l -> l == 2 ? NetworkSpec.UNANNOTATED : l));
        }
        return cases;
    }

    /** A lesion that is nowhere annotated, and regions: every method still has finite losses. */
    @Test
    void allAdaptationsTakeRegionsAndPartsWithoutAnnotation() {
        final Network network = Network.untrained(
            new NetworkSpec(Kind.UNET_3D, 1, 3, 4, 2, Norm.BATCH, PatchSize.cube(8)).withRegions(REGIONS), 1);
        for (final AdaptationTerm term : List.of(GradientReversalTerm.defaults(),
            new GradientReversalTerm(DomainHeadSpec.Attachment.OUTPUT, DomainHeadSpec.Shape.PATCH, 1, 10, 16, 6),
            CriticTerm.wasserstein(), CriticTerm.leastSquares(), ConsistencyTerm.defaults(), EntropyTerm.defaults(),
            ClassAlignmentTerm.defaults(), ContrastiveTerm.defaults(), TripletTerm.defaults())) {
            final DomainAdaptationOptions defaults = DomainAdaptationOptions.of(term);
            final TrainingResult result = DomainAdaptation.run(network, twoSites(),
                defaults.withSourceSites(List.of("A")).withSegmentation(
                    defaults.segmentation().withSteps(2).withBatch(4).withValidationInterval(100)),
                Optional.empty(), Progress.NONE, TrainingListener.NONE);
            result.curve().forEach(m -> assertTrue(Double.isFinite(m.loss()), term.title()));
            result.curve().forEach(m -> m.others().values().forEach(v -> assertTrue(Double.isFinite(v), term.title())));
        }
        final DomainAdversarialOptions dann = DomainAdversarialOptions.defaults()
            .withAttachment(DomainAdversarialOptions.Attachment.OUTPUT).withSourceSites(List.of("A"));
        DomainAdversarialTraining.run(network, twoSites(),
            dann.withSegmentation(dann.segmentation().withSteps(2).withBatch(4).withValidationInterval(100)),
            Progress.NONE, TrainingListener.NONE).curve()
            .forEach(m -> assertTrue(Double.isFinite(m.loss()) && Double.isFinite(m.domainLoss())));
        final Network groups = Network.untrained(CLASSES.withPatchSize(PatchSize.cube(8)).withRegions(REGIONS), 1);
        final DomainGeneralizationOptions masf = DomainGeneralizationOptions.defaults();
        for (final boolean secondOrder : new boolean[]{false, true}) {
            DomainGeneralization.run(groups, twoSites(),
                masf.withInnerStep(new InnerStep(0.01, 2, secondOrder))
                    .withSegmentation(masf.segmentation().withSteps(2).withBatch(4).withValidationInterval(100)),
                Optional.empty(), Progress.NONE, TrainingListener.NONE).curve()
                .forEach(m -> assertTrue(Double.isFinite(m.loss())));
        }
        final AdversarialNormalizationOptions normalization = AdversarialNormalizationOptions.defaults();
        AdversarialNormalization.run(groups, twoSites(),
            normalization.withReconstructionSteps(0).withSegmentation(
                normalization.segmentation().withSteps(2).withBatch(4).withValidationInterval(100)),
            Progress.NONE, TrainingListener.NONE).curve().forEach(m -> assertTrue(Double.isFinite(m.loss())));
        TestEntropyMinimization.run(network, twoSites(), List.of("A"), new TentOptions(2, 2, 1e-3, 8), 1, Optional.empty(),
            Progress.NONE, TrainingListener.NONE).curve().forEach(m -> assertTrue(Double.isFinite(m.loss())));
    }

    /** Judged by each measure that compares with labels, on a validation case whose lesion is not annotated but predicted at random. */
    @Test
    void validationsLeaveOutWhatIsNotAnnotated() {
        for (final NetworkSpec spec : List.of(CLASSES, CLASSES.withRegions(REGIONS))) {
            for (final Stopping.Measure measure : List.of(Stopping.Measure.DICE, Stopping.Measure.LOSS,
                Stopping.Measure.AUC)) {
                final List<TrainingCase> all = new ArrayList<>(cases());
                final LesionPhantom phantom = TEST.get(0);
                final TrainingCase part = phantom.training("A", true, l -> l == 2 ? NetworkSpec.UNANNOTATED : l);
                all.add(new TrainingCase(part.channels(), part.labels(), part.subject(), "A", Role.VALIDATION, true));
                final SegmentationOptions options =
                    OPTIONS.withSteps(2).withValidationInterval(1).withStopping(new Stopping(measure, 0, true));
                train(spec, all, options).curve().forEach(m -> {
                    m.others().values().forEach(v -> assertTrue(Double.isFinite(v), m.toString()));
                });
            }
        }
    }

    @Test
    void weightsAreOnePerRegion() {
        final String message = assertThrows(LearningException.class, () -> train(CLASSES.withRegions(REGIONS), cases(),
            OPTIONS.withClassWeights(List.of(1.0, 2.0, 3.0)))).getMessage();
        assertTrue(message.contains("3 class weights") && message.contains("2 regions"), message);
        train(CLASSES.withRegions(REGIONS), cases(), OPTIONS.withSteps(1).withClassWeights(List.of(1.0, 2.0)));
    }

    @Test
    void networksOfOtherRegionsAreNotAveraged() {
        final NetworkSpec a = CLASSES.withRegions(REGIONS);
        final NetworkSpec b = CLASSES.withRegions(
            List.of(new NetworkRegion("organ", List.of(1)), new NetworkRegion("lesion", List.of(2))));
        for (final NetworkSpec other : List.of(b, CLASSES)) {
            final String message = assertThrows(LearningException.class,
                () -> SlidingWindowPredictor.requireFitting(List.of(a, other), List.of())).getMessage();
            assertTrue(message.contains("organ with lesion"), message);
        }
    }
}
