package org.scanbridge.learning.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.filter.GaussianBlur;
import org.scanbridge.imaging.normalize.Background;
import org.scanbridge.imaging.normalize.Foreground;
import org.scanbridge.imaging.normalize.IntensityNormalization;
import org.scanbridge.imaging.normalize.Sample;
import org.scanbridge.imaging.normalize.Scope;
import org.scanbridge.imaging.normalize.ZScore;
import org.scanbridge.imaging.phantom.BrainPhantom;
import org.scanbridge.imaging.phantom.PhantomStudy;
import org.scanbridge.imaging.phantom.ScannerSimulator;
import org.scanbridge.imaging.phantom.SiteProtocol;
import org.scanbridge.imaging.phantom.SiteProtocols;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.learning.anomaly.AnomalyDetector;
import org.scanbridge.learning.anomaly.AnomalyEvaluation;
import org.scanbridge.learning.anomaly.AnomalyMap;
import org.scanbridge.learning.anomaly.AnomalyModel;
import org.scanbridge.learning.anomaly.AnomalyOptions;
import org.scanbridge.learning.anomaly.AnomalyRegions;
import org.scanbridge.learning.anomaly.AnomalyTraining;
import org.scanbridge.learning.anomaly.HealthyCase;
import org.scanbridge.learning.anomaly.Inside;
import org.scanbridge.learning.anomaly.ResidualMap;
import org.scanbridge.learning.anomaly.ResidualOptions;
import org.scanbridge.learning.anomaly.ResidualOptions.Side;
import org.scanbridge.learning.anomaly.ResidualOptions.Smoothing;
import org.scanbridge.learning.architecture.AutoEncoderSpec;
import org.scanbridge.learning.architecture.AutoEncoderSpec.Code;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.data.Role;
import org.scanbridge.learning.experiment.PhantomCases.Pair;
import org.scanbridge.learning.method.SegmentationOptions;
import org.scanbridge.learning.method.SegmentationTraining;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.predict.PredictionOptions;
import org.scanbridge.learning.predict.SlidingWindowPredictor;
import org.scanbridge.learning.train.TrainingListener;

import net.imglib2.parallel.TaskExecutors;

/**
 * Maps of anomalies that auto-encoders learned from healthy phantoms, beside what needs no network and what needs labels.
 * The verdicts are declared in docs/anomaly-maps.md.
 * <p>
 * Healthy phantoms of 48³ are scanned as at one site with lesions; test subjects have lesions. All maps are made with the same
 * side, median, edge and mask, so that they differ in the expected image alone: that of the auto-encoder, the image's own blur
 * (difference to a smoothed image), or the mean of the head (intensity).
 */
public final class AnomalyTable {

    private static final int SIZE = 48;

    private static final int HEALTHY = 15;

    private static final int NEW_HEALTHY = 4;

    private static final int LABELED = 8;

    private static final int TEST = 6;

    private static final long[] SEEDS = {1, 2, 3};

    private static final double REGION = 12;

    private static final double HEALTHY_PERCENT = 1;

    private static final List<SiteProtocol> SITES = List.of(SiteProtocols.LESION_SOURCE, SiteProtocols.LESION_TARGET);

    private static final ResidualOptions RESIDUAL = new ResidualOptions(Side.BRIGHTER, Smoothing.MEDIAN, 1, 1);

    /** Makes the map of an image. */
    @FunctionalInterface
    private interface Method {
        AnomalyMap map(Volume image);
    }

    private AnomalyTable() {
    }

    /**
     * @param arguments folder of the results, steps of the auto-encoders, steps of the U-Net
     * @throws IOException if the results cannot be written
     */
    public static void main(final String[] arguments) throws IOException {
        final Path folder = Files.createDirectories(Path.of(arguments[0]));
        final int steps = Integer.parseInt(arguments[1]);
        final int labeledSteps = Integer.parseInt(arguments[2]);
        final List<String> lines = new ArrayList<>();
        lines.add("# steps of the auto-encoders " + steps + ", of the U-Net " + labeledSteps);
        lines.add("seed,site,method,regionAreaMean,regionArea99,voxelArea,averagePrecision,bestDice,prevalence,newHealthyMarked");
        for (final SiteProtocol site : SITES) {
            for (final long seed : SEEDS) {
                study(seed, site, steps, labeledSteps, lines);
                Files.write(folder.resolve("anomaly.csv"), lines);
            }
        }
    }

    private static void study(final long seed, final SiteProtocol site, final int steps, final int labeledSteps,
        final List<String> lines) {
        final List<Volume> healthy = healthy(site, seed, 0, HEALTHY);
        final List<Volume> unseen = healthy(site, seed, HEALTHY, NEW_HEALTHY);
        final PhantomStudy ill = new PhantomStudy(List.of(site), SIZE, seed);
        final List<Pair> test = PhantomCases.pairs(ill, 0, LABELED, TEST);
        final Map<String, Method> methods = new LinkedHashMap<>();
        methods.put("intensity", image -> residual(image, new float[image.voxels().length]));
        for (final double sigma : new double[]{2, 4}) {
            methods.put("blur of " + (int)sigma + " mm", image -> residual(image, new GaussianBlur(sigma, sigma, sigma)
                .apply(image.voxels(), image.geometry().size(), TaskExecutors.singleThreaded())));
        }
        methods.forEach((name, method) -> add(lines, seed, site, name, score(method, test), Double.NaN));
        for (final boolean variational : new boolean[]{false, true}) {
            final AnomalyModel model = AnomalyTraining.run(cases(healthy, site), AnomalyOptions.defaults()
                .withNetwork(new AutoEncoderSpec(PatchSize.cube(32), 8, 4, 64, Code.DENSE, variational)).withSteps(steps)
                .withResidual(RESIDUAL).withSeed(seed), Optional.empty(), Progress.NONE, TrainingListener.NONE).model();
            try (AnomalyDetector detector = new AnomalyDetector(model)) {
                final Method method = image -> detector.map(image, Optional.empty(), "subject", Progress.NONE);
                final float threshold = model.healthy().threshold(HEALTHY_PERCENT);
                final double marked = unseen.stream().mapToDouble(v -> method.map(v).scores(threshold).share()).average()
                    .orElseThrow();
                add(lines, seed, site, variational ? "VAE" : "auto-encoder", score(method, test), marked);
            }
        }
        final Network network = SegmentationTraining.run(Network.untrained(NetworkSpec.unet3d(2, 8, 3, 24), seed),
            PhantomCases.cases(PhantomCases.pairs(ill, 0, 0, LABELED), true, Role.TRAIN),
            SegmentationOptions.defaults().withSteps(labeledSteps).withBatch(4).withLearningRate(3e-3)
                .withForegroundFraction(0.5).withSeed(seed), Progress.NONE, TrainingListener.NONE).network();
        try (SlidingWindowPredictor predictor = new SlidingWindowPredictor(List.of(network),
            new PredictionOptions(SlidingWindowPredictor.DEFAULT_OVERLAP, Set.of(), false, true))) {
            add(lines, seed, site, "U-Net with labels", score(image -> new AnomalyMap(
                predictor.segment(image, Progress.NONE).probabilities().get(1), looked(image)), test), Double.NaN);
        }
    }

    /** Brains without lesions, scanned as those with lesions and z-scored inside the head. */
    private static List<Volume> healthy(final SiteProtocol site, final long seed, final int first, final int count) {
        final var normalizer =
            new IntensityNormalization(new ZScore(), Foreground.ABOVE_ZERO, Scope.IMAGE, Background.CONSTANT).fit(List.of());
        final List<Volume> volumes = new ArrayList<>();
        for (int n = first; n < first + count; n++) {
            final LabelVolume tissues = new BrainPhantom(SIZE, site.anatomy())
                .generate(SeededRandom.of(seed, 1000, n).nextLong(), new VolumeInfo("MR", site.site(), "healthy-" + n, "", ""));
            volumes.add(normalizer.apply(
                Sample.of(new ScannerSimulator().scan(tissues, site, SeededRandom.of(seed, 2000, n).nextLong()))));
        }
        return volumes;
    }

    private static List<HealthyCase> cases(final List<Volume> healthy, final SiteProtocol site) {
        return healthy.stream().map(v -> new HealthyCase(() -> v, Optional.empty(), v.info().subject(), site.site())).toList();
    }

    private static boolean[] looked(final Volume image) {
        return Inside.of(image, Optional.empty(), "subject").without(RESIDUAL.edge(), "subject");
    }

    private static AnomalyMap residual(final Volume image, final float[] expected) {
        final boolean[] looked = looked(image);
        return new AnomalyMap(image.withVoxels(
            new ResidualMap(RESIDUAL).of(image.voxels(), expected, looked, image.geometry())), looked);
    }

    private static AnomalyEvaluation score(final Method method, final List<Pair> test) {
        final AnomalyEvaluation all = new AnomalyEvaluation();
        for (final Pair pair : test) {
            final AnomalyMap map = method.map(pair.image());
            final boolean[] reference = new boolean[map.inside().length];
            for (int v = 0; v < reference.length; v++) {
                reference[v] = pair.labels().voxels()[v] != 0;
            }
            all.add(map, reference, AnomalyRegions.cubes(pair.image().geometry(), REGION).scores(map, 0, reference));
        }
        return all;
    }

    private static void add(final List<String> lines, final long seed, final SiteProtocol site, final String method,
        final AnomalyEvaluation e, final double marked) {
        lines.add(String.format(Locale.ROOT, "%d,%s,%s,%.4f,%.4f,%.4f,%.4f,%.4f,%.5f,%s", seed, site.site(), method,
            e.regionAreaOfMean().orElseThrow(), e.regionAreaOfTail().orElseThrow(), e.voxelArea().orElseThrow(),
            e.averagePrecision().orElseThrow(), e.bestDice().orElseThrow().dice(), e.prevalence().orElseThrow(),
            Double.isNaN(marked) ? "" : String.format(Locale.ROOT, "%.5f", marked)));
    }
}
