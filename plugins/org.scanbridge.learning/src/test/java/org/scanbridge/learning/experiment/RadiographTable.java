package org.scanbridge.learning.experiment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Supplier;

import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.augment.Augmentation;
import org.scanbridge.imaging.augment.Blur;
import org.scanbridge.imaging.augment.Brightness;
import org.scanbridge.imaging.augment.Contrast;
import org.scanbridge.imaging.augment.Gamma;
import org.scanbridge.imaging.augment.GaussianNoise;
import org.scanbridge.imaging.augment.LowResolution;
import org.scanbridge.imaging.augment.Range;
import org.scanbridge.imaging.augment.Sometimes;
import org.scanbridge.imaging.components.Connectivity;
import org.scanbridge.imaging.metrics.Froc;
import org.scanbridge.imaging.metrics.LesionDetection;
import org.scanbridge.imaging.metrics.LesionScores;
import org.scanbridge.imaging.normalize.Background;
import org.scanbridge.imaging.normalize.FittedNormalizer;
import org.scanbridge.imaging.normalize.Foreground;
import org.scanbridge.imaging.normalize.IntensityNormalization;
import org.scanbridge.imaging.normalize.Sample;
import org.scanbridge.imaging.normalize.Scope;
import org.scanbridge.imaging.normalize.ZScore;
import org.scanbridge.imaging.phantom.RadiographProtocol;
import org.scanbridge.imaging.phantom.RadiographStudy;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.NetworkSpec.Kind;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.data.PatchAugmentation;
import org.scanbridge.learning.data.Role;
import org.scanbridge.learning.data.ScanKind;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.graph.AdaptationTerm;
import org.scanbridge.learning.graph.ConsistencyTerm;
import org.scanbridge.learning.graph.GradientReversalTerm;
import org.scanbridge.learning.method.DomainAdaptation;
import org.scanbridge.learning.method.DomainAdaptationOptions;
import org.scanbridge.learning.method.SegmentationOptions;
import org.scanbridge.learning.method.SegmentationTraining;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.predict.Prediction;
import org.scanbridge.learning.predict.PredictionOptions;
import org.scanbridge.learning.predict.SlidingWindowPredictor;
import org.scanbridge.learning.train.TrainingListener;

/**
 * Fractures on generated radiographs of two centers: a 2-D U-Net is trained on center V (flat panel, 14 bits) and carried to W
 * (storage plates, 12 bits, MONOCHROME1) without labels of W. Arguments: a folder, a comma-separated list of methods or
 * {@code all}, seeds. The folder keeps networks, and one line per finished run and center in {@code radiographs.csv}; what is
 * there is not run again. Settings are those of the shipped workflow, with more test images; they were chosen on seed 11.
 *
 * <p>Declared before the first run on seeds 1, 2 and 3, on the means over these:
 * <ol>
 * <li>the source-only network is good at V and not at W: lesion F1 at least 0.9 at V, and at least 0.2 lower at W;</li>
 * <li>augmentation with domain-adversarial training (DANN) gains at least 0.1 CPM at W over augmentation alone;</li>
 * <li>it closes at least 60 % of the gap of the CPM at W, (adapted − source only) / (oracle − source only);</li>
 * <li>it costs at most 0.03 lesion F1 at V;</li>
 * <li>DANN without augmentation has at least 0.05 less CPM at W;</li>
 * <li>consistency together with DANN brings no more CPM at W than DANN alone.</li>
 * </ol>
 */
public final class RadiographTable {

    static final int SIZE = 128;

    private static final int TRAIN = 36;

    private static final int VALIDATION = 6;

    private static final int TEST = 40;

    private static final int STEPS = Integer.getInteger("radiographs.steps", 600);

    private static final double CANDIDATES = 0.1;

    /** Smaller than any fracture is labeled: half of 4 mm by 10 mm. Slices count as 1 mm thick. */
    private static final double SMALLEST = 20;

    /** As the workflow detects: any shared pixel, and boxes at half of their union. */
    private static final LesionDetection SHARED =
        new LesionDetection(Connectivity.CORNERS, SMALLEST, LesionDetection.Rule.OVERLAP);

    private static final LesionDetection BOXES =
        new LesionDetection(Connectivity.CORNERS, SMALLEST, LesionDetection.Rule.BOXES);

    private final Path m_folder;

    private final long m_seed;

    private final List<List<PhantomCases.Pair>> m_train = new ArrayList<>();

    private final List<List<PhantomCases.Pair>> m_validation = new ArrayList<>();

    private final List<List<PhantomCases.Pair>> m_test = new ArrayList<>();

    private final Map<Boolean, Network> m_source = new LinkedHashMap<>();

    /** Makes the network that is scored. */
    private interface Method {
        Network train(RadiographTable table);
    }

    private RadiographTable(final Path folder, final long seed) {
        m_folder = folder;
        m_seed = seed;
        final RadiographStudy study =
            new RadiographStudy(List.of(RadiographProtocol.PANEL, RadiographProtocol.PLATES), SIZE, seed);
        final FittedNormalizer normalizer =
            new IntensityNormalization(new ZScore(), Foreground.WHOLE_IMAGE, Scope.IMAGE, Background.CONSTANT)
                .fit(List.of());
        for (int site = 0; site < 2; site++) {
            final List<PhantomCases.Pair> pairs = new ArrayList<>();
            for (int n = 0; n < TRAIN + VALIDATION + TEST; n++) {
                final RadiographStudy.Subject s = study.subject(site, n);
                pairs.add(new PhantomCases.Pair(normalizer.apply(Sample.of(s.image())), s.fractures()));
            }
            m_train.add(pairs.subList(0, TRAIN));
            m_validation.add(pairs.subList(TRAIN, TRAIN + VALIDATION));
            m_test.add(pairs.subList(TRAIN + VALIDATION, TRAIN + VALIDATION + TEST));
        }
    }

    private static Map<String, Method> methods() {
        final Map<String, Method> all = new LinkedHashMap<>();
        all.put("source only", t -> t.source(false));
        all.put("augmentation", t -> t.source(true));
        all.put("augmentation + DANN", t -> t.adapted(true, GradientReversalTerm.defaults()));
        all.put("oracle", t -> t.supervised(1, false));
        all.put("DANN", t -> t.adapted(false, GradientReversalTerm.defaults()));
        all.put("DANN + consistency",
            t -> t.adapted(false, GradientReversalTerm.defaults(), ConsistencyTerm.defaults()));
        return all;
    }

    /**
     * What the dialogs choose for images of other scanners of the same kind, with more noise and more often: half of the patches
     * with up to 0.3 of the standard deviation of the image, as vendors differ in dose more than in anything else.
     */
    private static PatchAugmentation augmentation() {
        final List<Augmentation> intensities = List.of(new Sometimes(0.15, Brightness.DEFAULT),
            new Sometimes(0.15, Contrast.DEFAULT), new Sometimes(0.3, Gamma.DEFAULT), new Sometimes(0.2, Blur.DEFAULT),
            new Sometimes(0.25, LowResolution.DEFAULT), new Sometimes(0.5, new GaussianNoise(new Range(0, 0.3))));
        return ScanKind.OTHER_SCANNERS.with(PatchAugmentation.ofIntensities(intensities));
    }

    private SegmentationOptions options(final SegmentationOptions defaults, final boolean augmented) {
        final SegmentationOptions o = defaults.withSteps(STEPS).withBatch(8).withForegroundFraction(0.5).withSeed(m_seed)
            .withValidationInterval(100);
        return augmented ? o.withAugmentation(augmentation()) : o;
    }

    private Network supervised(final int site, final boolean augmented) {
        final List<TrainingCase> cases = new ArrayList<>(PhantomCases.cases(m_train.get(site), true, Role.TRAIN));
        cases.addAll(PhantomCases.cases(m_validation.get(site), true, Role.VALIDATION));
        final NetworkSpec spec =
            new NetworkSpec(Kind.UNET_2D, 1, 2, 8, 4, Norm.GROUP, new PatchSize(64, 64, 1));
        return SegmentationTraining.run(Network.untrained(spec, m_seed), cases,
            options(SegmentationOptions.defaults(), augmented).withLearningRate(2e-3), Progress.NONE, TrainingListener.NONE)
            .network();
    }

    /** Kept, because several methods begin with it. */
    private Network source(final boolean augmented) {
        return m_source.computeIfAbsent(augmented, a -> kept(a ? "augmented" : "source", () -> supervised(0, a)));
    }

    /** A network of the folder, made where it is not there yet. */
    private Network kept(final String name, final Supplier<Network> made) {
        final Path directory = m_folder.resolve(name + '-' + STEPS + '-' + m_seed);
        try {
            if (!Files.exists(directory.resolve("network.json"))) {
                made.get().save(directory);
            }
            return Network.load(directory);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Network adapted(final boolean augmented, final AdaptationTerm... terms) {
        final List<TrainingCase> cases = new ArrayList<>(PhantomCases.cases(m_train.get(0), true, Role.TRAIN));
        cases.addAll(PhantomCases.cases(m_validation.get(0), true, Role.VALIDATION));
        cases.addAll(PhantomCases.cases(m_train.get(1), false, Role.TRAIN));
        final DomainAdaptationOptions options = DomainAdaptationOptions.of(terms);
        return DomainAdaptation.run(source(augmented), cases,
            options.withSegmentation(options(options.segmentation(), augmented)), Optional.empty(), Progress.NONE,
            TrainingListener.NONE).network();
    }

    /** Sums and curves over the test images of a center. */
    private String score(final Network network, final List<PhantomCases.Pair> test) {
        LesionScores shared = new LesionScores(0, 0, 0, 0);
        LesionScores boxes = new LesionScores(0, 0, 0, 0);
        final List<Froc.Image> candidates = new ArrayList<>();
        try (SlidingWindowPredictor predictor = new SlidingWindowPredictor(List.of(network),
            new PredictionOptions(SlidingWindowPredictor.DEFAULT_OVERLAP, Set.of(), false, true))) {
            for (final PhantomCases.Pair pair : test) {
                final Prediction p = predictor.segment(pair.image(), Progress.NONE);
                final LabelVolume found = p.labels();
                shared = sum(shared, SHARED.score(found, pair.labels(), 1));
                boxes = sum(boxes, BOXES.score(found, pair.labels(), 1));
                candidates.add(SHARED.candidates(p.probabilities().get(1), CANDIDATES, pair.labels(), 1));
            }
        }
        return String.format(Locale.ROOT, "%.4f,%.4f,%.4f,%.4f,%.4f,%.4f", number(shared.f1()), number(shared.sensitivity()),
            number(shared.precision()), number(Froc.of(candidates).cpm()), number(boxes.precision()),
            number(boxes.sensitivity()));
    }

    private static LesionScores sum(final LesionScores a, final LesionScores b) {
        return new LesionScores(a.actual() + b.actual(), a.predicted() + b.predicted(),
            a.detectedActual() + b.detectedActual(), a.confirmedPredicted() + b.confirmedPredicted());
    }

    private static double number(final OptionalDouble value) {
        return value.orElse(Double.NaN);
    }

    /**
     * @param arguments folder of the results, methods, seeds
     * @throws IOException if the results cannot be written
     */
    public static void main(final String[] arguments) throws IOException {
        final Path results = Files.createDirectories(Path.of(arguments[0])).resolve("radiographs.csv");
        if (!Files.exists(results)) {
            Files.writeString(results,
                "seed,method,steps,center,lesionF1,recall,precision,CPM,boxPrecision,boxRecall,seconds\n");
        }
        final Map<String, Method> methods = methods();
        for (int n = 2; n < arguments.length; n++) {
            final RadiographTable table = new RadiographTable(results.getParent(), Long.parseLong(arguments[n]));
            for (final Map.Entry<String, Method> method : methods.entrySet()) {
                final String begin = arguments[n] + ',' + method.getKey() + ',' + STEPS + ',';
                if ((arguments[1].equals("all") || List.of(arguments[1].split(",")).contains(method.getKey()))
                    && Files.readAllLines(results).stream().noneMatch(l -> l.startsWith(begin))) {
                    final long start = System.nanoTime();
                    final Network network =
                        table.kept(method.getKey().replaceAll("[^a-zA-Z]+", "-"), () -> method.getValue().train(table));
                    final double seconds = (System.nanoTime() - start) * 1e-9;
                    for (int site = 0; site < 2; site++) {
                        final String line = begin + (site == 0 ? "V," : "W,") + table.score(network, table.m_test.get(site))
                            + String.format(Locale.ROOT, ",%.0f%n", seconds);
                        System.out.print(line);
                        Files.writeString(results, line, StandardOpenOption.APPEND);
                    }
                }
            }
        }
    }
}
