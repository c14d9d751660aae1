package org.scanbridge.learning.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.experiment.BrainSite;
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
 * Maps of anomalies that auto-encoders learned from healthy images, beside what needs no network and what needs labels.
 * The verdicts are declared in docs/anomaly-maps.md.
 * <p>
 * <i>Phantoms</i>: healthy ones of 48³ are scanned as at one site with lesions; test subjects have lesions. <i>Heads</i>: real
 * label maps ({@link LesionHeads}); five are learned from, three others are tested. All maps are made with the same
 * side, median, edge and mask, so that they differ in the expected image alone: that of the auto-encoder, the image's own blur
 * (difference to a smoothed image), or the mean of the head (intensity). A line per method goes to the results; what is there
 * is not run again.
 */
public final class AnomalyTable {

    private static final int SIZE = 48;

    private static final int HEALTHY = 15;

    private static final int NEW_HEALTHY = 4;

    private static final int LABELED = 8;

    private static final int TEST = 6;

    private static final String PHANTOMS = "phantoms";

    private static final double REGION = 12;

    private static final double HEALTHY_PERCENT = 1;

    private static final List<SiteProtocol> SITES = List.of(SiteProtocols.LESION_SOURCE, SiteProtocols.LESION_TARGET);

    private static final ResidualOptions RESIDUAL = new ResidualOptions(Side.BRIGHTER, Smoothing.MEDIAN, 1, 1);

    /** Makes the map of an image. */
    @FunctionalInterface
    private interface Method {
        AnomalyMap map(Volume image);
    }

    /**
     * The images of a study.
     *
     * @param healthy learned from
     * @param unseen healthy, neither learned from nor calibrated on
     * @param labeled with lesions, learned from with their labels
     * @param test with lesions
     */
    private record Images(List<Volume> healthy, List<Volume> unseen, List<Pair> labeled, List<Pair> test) {

        static Images phantoms(final SiteProtocol site, final long seed) {
            final PhantomStudy ill = new PhantomStudy(List.of(site), SIZE, seed);
            return new Images(AnomalyTable.healthy(site, seed, 0, HEALTHY),
                AnomalyTable.healthy(site, seed, HEALTHY, NEW_HEALTHY), PhantomCases.pairs(ill, 0, 0, LABELED),
                PhantomCases.pairs(ill, 0, LABELED, TEST));
        }

        static Images heads(final Path maps, final BrainSite site, final long seed) throws IOException {
            final LesionHeads heads = new LesionHeads(maps, site, seed);
            return new Images(heads.healthy(LesionHeads.LEARNED), heads.healthy(LesionHeads.TESTED),
                heads.ill(LesionHeads.LEARNED), heads.ill(LesionHeads.TESTED));
        }
    }

    private final Path m_results;

    private final long m_seed;

    private final String m_site;

    private final int m_steps;

    private final int m_labeledSteps;

    private AnomalyTable(final Path results, final long seed, final String site, final int steps, final int labeledSteps) {
        m_results = results;
        m_seed = seed;
        m_site = site;
        m_steps = steps;
        m_labeledSteps = labeledSteps;
    }

    /**
     * @param arguments folder of the results, steps of the auto-encoders, steps of the U-Net, {@code phantoms} or the folder of
     *            the label maps, seeds
     * @throws IOException if the results cannot be written
     */
    public static void main(final String[] arguments) throws IOException {
        final boolean phantoms = arguments[3].equals(PHANTOMS);
        final Path results = Files.createDirectories(Path.of(arguments[0])).resolve(phantoms ? "anomaly.csv" : "anomaly-heads.csv");
        final int steps = Integer.parseInt(arguments[1]);
        final int labeledSteps = Integer.parseInt(arguments[2]);
        if (!Files.exists(results)) {
            Files.writeString(results, "# steps of the auto-encoders " + steps + ", of the U-Net " + labeledSteps
                + "\nseed,site,method,regionAreaMean,regionArea99,voxelArea,averagePrecision,bestDice,prevalence,newHealthyMarked\n");
        }
        for (int n = 4; n < arguments.length; n++) {
            final long seed = Long.parseLong(arguments[n]);
            for (int site = 0; site < SITES.size(); site++) {
                final Images images = phantoms ? Images.phantoms(SITES.get(site), seed)
                    : Images.heads(Path.of(arguments[3]), LesionHeads.SITES.get(site), seed);
                new AnomalyTable(results, seed, phantoms ? SITES.get(site).site() : LesionHeads.SITES.get(site).name(), steps,
                    labeledSteps)
                    .study(images);
            }
        }
    }

    private void study(final Images images) throws IOException {
        plain("intensity", images, image -> residual(image, new float[image.voxels().length]));
        for (final double sigma : new double[]{2, 4}) {
            plain("blur of " + (int)sigma + " mm", images, image -> {
                final double[] spacing = image.geometry().spacing();
                return residual(image, new GaussianBlur(sigma / spacing[0], sigma / spacing[1], sigma / spacing[2])
                    .apply(image.voxels(), image.geometry().size(), TaskExecutors.singleThreaded()));
            });
        }
        for (final boolean variational : new boolean[]{false, true}) {
            learned(variational ? "VAE" : "auto-encoder", images, variational);
        }
        labeled("U-Net with labels", images);
    }

    private void plain(final String name, final Images images, final Method method) throws IOException {
        if (!done(name)) {
            add(name, score(method, images.test), Double.NaN);
        }
    }

    private void learned(final String name, final Images images, final boolean variational) throws IOException {
        if (done(name)) {
            return;
        }
        final AnomalyModel model = AnomalyTraining.run(cases(images.healthy, m_site), AnomalyOptions.defaults()
            .withNetwork(new AutoEncoderSpec(PatchSize.cube(32), 8, 4, 64, Code.DENSE, variational)).withSteps(m_steps)
            .withResidual(RESIDUAL).withSeed(m_seed), Optional.empty(), Progress.NONE, TrainingListener.NONE).model();
        try (AnomalyDetector detector = new AnomalyDetector(model)) {
            final Method method = image -> detector.map(image, Optional.empty(), "subject", Progress.NONE);
            final float threshold = model.healthy().threshold(HEALTHY_PERCENT);
            final double marked = images.unseen.stream().mapToDouble(v -> method.map(v).scores(threshold).share()).average()
                .orElseThrow();
            add(name, score(method, images.test), marked);
        }
    }

    private void labeled(final String name, final Images images) throws IOException {
        if (done(name)) {
            return;
        }
        final Network network = SegmentationTraining.run(Network.untrained(NetworkSpec.unet3d(2, 8, 3, 24), m_seed),
            PhantomCases.cases(images.labeled, true, Role.TRAIN),
            SegmentationOptions.defaults().withSteps(m_labeledSteps).withBatch(4).withLearningRate(3e-3)
                .withForegroundFraction(0.5).withSeed(m_seed), Progress.NONE, TrainingListener.NONE).network();
        try (SlidingWindowPredictor predictor = new SlidingWindowPredictor(List.of(network),
            new PredictionOptions(SlidingWindowPredictor.DEFAULT_OVERLAP, Set.of(), false, true))) {
            add(name, score(image -> new AnomalyMap(predictor.segment(image, Progress.NONE).probabilities().get(1),
                looked(image)), images.test), Double.NaN);
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

    private static List<HealthyCase> cases(final List<Volume> healthy, final String site) {
        return healthy.stream().map(v -> new HealthyCase(() -> v, Optional.empty(), v.info().subject(), site)).toList();
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

    private boolean done(final String method) throws IOException {
        return Files.readAllLines(m_results).stream().anyMatch(l -> l.startsWith(begin(method)));
    }

    private String begin(final String method) {
        return m_seed + "," + m_site + ',' + method + ',';
    }

    private void add(final String method, final AnomalyEvaluation e, final double marked) throws IOException {
        final String line = begin(method) + String.format(Locale.ROOT, "%.4f,%.4f,%.4f,%.4f,%.4f,%.5f,%s%n",
            e.regionAreaOfMean().orElseThrow(), e.regionAreaOfTail().orElseThrow(), e.voxelArea().orElseThrow(),
            e.averagePrecision().orElseThrow(), e.bestDice().orElseThrow().dice(), e.prevalence().orElseThrow(),
            Double.isNaN(marked) ? "" : String.format(Locale.ROOT, "%.5f", marked));
        System.out.print(line);
        Files.writeString(m_results, line, StandardOpenOption.APPEND);
    }
}
