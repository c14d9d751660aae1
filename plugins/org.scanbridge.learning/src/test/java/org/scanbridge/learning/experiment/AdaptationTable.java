package org.scanbridge.learning.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.metrics.ConfusionCounts;
import org.scanbridge.imaging.phantom.PhantomStudy;
import org.scanbridge.imaging.phantom.SiteProtocols;
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
import org.scanbridge.learning.graph.EntropyTerm;
import org.scanbridge.learning.graph.GradientReversalTerm;
import org.scanbridge.learning.graph.SynergisticTerm;
import org.scanbridge.learning.graph.TripletTerm;
import org.scanbridge.learning.method.AdaptiveBatchNorm;
import org.scanbridge.learning.method.DomainAdaptation;
import org.scanbridge.learning.method.DomainAdaptationOptions;
import org.scanbridge.learning.method.SegmentationOptions;
import org.scanbridge.learning.method.SegmentationTraining;
import org.scanbridge.learning.method.TentOptions;
import org.scanbridge.learning.method.TestEntropyMinimization;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.predict.SlidingWindowPredictor;
import org.scanbridge.learning.train.TrainingListener;

/**
 * The gap closure of every adaptation method from phantom site A to site B without B's labels, (adapted - source) / (oracle
 * - source) of the mean foreground Dice on B's test subjects. Arguments: a folder, a comma-separated list of methods or
 * {@code all}, seeds. The folder keeps trained source and oracle networks and one line per finished run in
 * {@code results.csv}; what is there is not run again.
 */
public final class AdaptationTable {

    private static final int TRAIN = 8;

    private static final int VALIDATION = 2;

    private static final int TEST = 4;

    /** Target cases with labels, for the methods that ask for some. */
    private static final int LABELED = 2;

    private static final int STEPS = Integer.getInteger("steps", 400);

    private static final String SIFA = "SIFA";

    /** One method: the network it adapts, and how. */
    private record Method(Norm norm, Adapter adapter) {
    }

    /** Makes an adapted network. */
    private interface Adapter {
        Network adapt(AdaptationTable table, Network source) throws IOException;
    }

    private final Path m_folder;

    private final long m_seed;

    private final List<List<TrainingCase>> m_labeled = new ArrayList<>();

    private final List<TrainingCase> m_both;

    /** The first target cases, with labels. */
    private final List<TrainingCase> m_some;

    /** The same as {@link #m_both} with some labels of the target. */
    private final List<TrainingCase> m_bothWithSome;

    private final List<List<PhantomCases.Pair>> m_test = new ArrayList<>();

    AdaptationTable(final Path folder, final long seed) {
        m_folder = folder;
        m_seed = seed;
        final PhantomStudy study = new PhantomStudy(List.of(SiteProtocols.A, SiteProtocols.B), 48, seed);
        List<TrainingCase> unlabeled = List.of();
        for (int site = 0; site < 2; site++) {
            final List<PhantomCases.Pair> train = PhantomCases.pairs(study, site, 0, TRAIN);
            final List<TrainingCase> cases = new ArrayList<>(PhantomCases.cases(train, true, Role.TRAIN));
            cases.addAll(PhantomCases.cases(PhantomCases.pairs(study, site, TRAIN, VALIDATION), true, Role.VALIDATION));
            m_labeled.add(cases);
            m_test.add(PhantomCases.pairs(study, site, TRAIN + VALIDATION, TEST));
            unlabeled = PhantomCases.cases(train, false, Role.TRAIN);
        }
        m_both = new ArrayList<>(m_labeled.get(0));
        m_both.addAll(unlabeled);
        m_some = m_labeled.get(1).subList(0, LABELED);
        m_bothWithSome = new ArrayList<>(m_labeled.get(0));
        m_bothWithSome.addAll(m_some);
        m_bothWithSome.addAll(unlabeled.subList(LABELED, TRAIN));
    }

    private static Map<String, Method> methods() {
        final Map<String, Method> all = new LinkedHashMap<>();
        all.put("DANN", new Method(Norm.GROUP, AdaptationTable::dann));
        all.put("Consistency", train(Norm.GROUP, ConsistencyTerm.defaults()));
        all.put("Least squares", train(Norm.GROUP, CriticTerm.leastSquares()));
        all.put("Wasserstein", train(Norm.GROUP, CriticTerm.wasserstein()));
        all.put("AdaBN", new Method(Norm.BATCH, AdaptationTable::adaBn));
        all.put("Tent", new Method(Norm.BATCH, AdaptationTable::tent));
        all.put("DANN (batch norm)", new Method(Norm.BATCH, AdaptationTable::dann));
        all.put("DANN (norms per site)", new Method(Norm.BATCH, (table, source) -> table.normsPerSite(source)));
        all.put("DANN + AdaBN", new Method(Norm.BATCH, (table, source) -> table.adaBn(table.dann(source))));
        all.put("DANN + Tent", new Method(Norm.BATCH, (table, source) -> table.tent(table.dann(source))));
        all.put("Class alignment", train(Norm.GROUP, ClassAlignmentTerm.defaults()));
        all.put("Entropy", train(Norm.GROUP, EntropyTerm.defaults()));
        all.put("Contrastive", train(Norm.GROUP, ContrastiveTerm.defaults()));
        all.put("Triplet", train(Norm.GROUP, TripletTerm.defaults()));
        all.put("DANN + consistency",
            train(Norm.GROUP, GradientReversalTerm.defaults(), ConsistencyTerm.defaults()));
        all.put("DANN + consistency of the target",
            train(Norm.GROUP, GradientReversalTerm.defaults(), ConsistencyTerm.defaults().withTargetOnly(true)));
        for (final int blocks : List.of(2, 4, 6)) {
            all.put(own("DANN", blocks), separate(Norm.GROUP, blocks, GradientReversalTerm.defaults()));
        }
        all.put(own("DANN + consistency", 2),
            separate(Norm.GROUP, 2, GradientReversalTerm.defaults(), ConsistencyTerm.defaults()));
        all.put(own("Wasserstein", 2), separate(Norm.GROUP, 2, CriticTerm.wasserstein()));
        all.put(SIFA, train(Norm.GROUP, SynergisticTerm.defaults()));
        all.put(SIFA + " (images alone)", train(Norm.GROUP, imagesAlone()));
        // what was looked at on the development seed, with a generator of one level
        final SynergisticTerm oneLevel = SynergisticTerm.defaults().withGenerator(8, 1);
        all.put(SIFA + " (1 level)", train(Norm.GROUP, oneLevel));
        all.put(SIFA + " (1 level; images alone)", train(Norm.GROUP, oneLevel.withWeights(1, 0, 0, 0)));
        all.put(SIFA + " (1 level; cycle 10)", train(Norm.GROUP, oneLevel.withWeights(10, 0.1, 0.1, 0.1)));
        all.put(SIFA + " (1 level; masks 1)", train(Norm.GROUP, oneLevel.withWeights(1, 0.1, 1, 0.1)));
        // the controls: the same steps on the same source patches, without anything that adapts
        all.put("No adaptation", train(Norm.GROUP, new EntropyTerm(0)));
        all.put("No adaptation (batch norm)", train(Norm.BATCH, new EntropyTerm(0)));
        all.put("Class alignment (2 labels)", trainWithLabels(ClassAlignmentTerm.defaults()));
        all.put("Contrastive (2 labels)", trainWithLabels(ContrastiveTerm.defaults()));
        all.put("Triplet (2 labels)", trainWithLabels(TripletTerm.defaults()));
        // what the three above must beat: the same labels without their terms, with and without source patches
        all.put("Joint training (2 labels)", trainWithLabels());
        all.put("Fine-tuning (2 labels)", new Method(Norm.GROUP, AdaptationTable::fineTune));
        return all;
    }

    /** The same images to learn from, but nothing that compares features or segmentations of the sites. */
    private static SynergisticTerm imagesAlone() {
        final SynergisticTerm all = SynergisticTerm.defaults();
        return all.withWeights(all.cycleWeight(), 0, 0, 0);
    }

    private static Method train(final Norm norm, final AdaptationTerm... terms) {
        return new Method(norm, (table, source) -> table.train(source, terms));
    }

    private static String own(final String method, final int blocks) {
        return method + " (own " + blocks + " blocks)";
    }

    /** The target's network, whose first blocks are its own; the source's is the one that it began with. */
    private static Method separate(final Norm norm, final int blocks, final AdaptationTerm... terms) {
        return new Method(norm, (table, source) -> table.train(source, table.m_both,
            DomainAdaptationOptions.of(terms).withSeparateBlocks(blocks)));
    }

    private static Method trainWithLabels(final AdaptationTerm... terms) {
        return new Method(Norm.GROUP, (table, source) -> table.train(source, table.m_bothWithSome,
            DomainAdaptationOptions.of(terms).withTargetLabels(true).withSourceSites(List.of("A"))));
    }

    private Network train(final Network source, final AdaptationTerm... terms) {
        return train(source, m_both, DomainAdaptationOptions.of(terms));
    }

    /** The network of B. */
    private Network normsPerSite(final Network source) {
        return train(source, m_both, DomainAdaptationOptions.of(GradientReversalTerm.defaults())
            .withNorms(new DomainAdaptationOptions.Norms(true, "B")));
    }

    private Network train(final Network source, final List<TrainingCase> cases, final DomainAdaptationOptions options) {
        return DomainAdaptation.run(source, cases, options.withSegmentation(ofThisRun(options.segmentation())),
            Optional.empty(), Progress.NONE, TrainingListener.NONE).network();
    }

    private SegmentationOptions ofThisRun(final SegmentationOptions options) {
        return options.withSteps(STEPS).withSeed(m_seed).withValidationInterval(STEPS);
    }

    /** Learning rate and optimizer of the adaptations, on the labeled target cases alone; the last step's weights. */
    private Network fineTune(final Network source) {
        return SegmentationTraining.run(source, m_some, ofThisRun(DomainAdaptationOptions.of().segmentation()),
            Progress.NONE, TrainingListener.NONE).network();
    }

    /** Kept, because several methods begin with it. */
    private Network dann(final Network source) throws IOException {
        return kept("dann", source.spec().norm(), () -> train(source, GradientReversalTerm.defaults()));
    }

    private Network adaBn(final Network source) {
        return AdaptiveBatchNorm
            .run(source, m_both, List.of("A"), AdaptiveBatchNorm.DEFAULT_PATCHES, m_seed, Progress.NONE).network();
    }

    private Network tent(final Network source) {
        return TestEntropyMinimization.run(source, m_both, List.of("A"), TentOptions.defaults(), m_seed,
            Optional.empty(), Progress.NONE, TrainingListener.NONE).network();
    }

    public static void main(final String[] arguments) throws IOException {
        final Path folder = Files.createDirectories(Path.of(arguments[0]));
        final Map<String, Method> methods = methods();
        for (int n = 2; n < arguments.length; n++) {
            final AdaptationTable table = new AdaptationTable(folder, Long.parseLong(arguments[n]));
            for (final Map.Entry<String, Method> method : methods.entrySet()) {
                if (arguments[1].equals("all") || List.of(arguments[1].split(",")).contains(method.getKey())) {
                    table.run(method.getKey(), method.getValue());
                }
            }
        }
        print(Files.readAllLines(folder.resolve("results.csv")));
    }

    private void run(final String name, final Method method) throws IOException {
        final Path results = m_folder.resolve("results.csv");
        final String begin = m_seed + "," + name + ',';
        if (Files.exists(results) && Files.readAllLines(results).stream().anyMatch(l -> l.startsWith(begin))) {
            return;
        }
        final Network source = source(method.norm());
        final Network oracle = oracle(method.norm());
        final long start = System.nanoTime();
        final Network adapted = method.adapter().adapt(this, source);
        final double seconds = (System.nanoTime() - start) * 1e-9;
        final double before = dice(source, m_test.get(1));
        final double best = dice(oracle, m_test.get(1));
        final double after = dice(adapted, m_test.get(1));
        final String line = String.format(Locale.ROOT, "%s%s,%.4f,%.4f,%.4f,%.4f,%.4f,%.4f,%.0f%n", begin, method.norm(),
            dice(source, m_test.get(0)), before, best, after, dice(adapted, m_test.get(0)),
            (after - before) / (best - before), seconds);
        System.out.print(line);
        Files.writeString(results, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Trained on A's labels. */
    Network source(final Norm norm) throws IOException {
        return network("source", norm, m_labeled.get(0));
    }

    /** Trained on B's labels. */
    Network oracle(final Norm norm) throws IOException {
        return network("oracle", norm, m_labeled.get(1));
    }

    /** Labeled cases of A, and B's training cases without labels. */
    List<TrainingCase> both() {
        return m_both;
    }

    /** Test subjects of A (0) or B (1). */
    List<PhantomCases.Pair> test(final int site) {
        return m_test.get(site);
    }

    private Network network(final String role, final Norm norm, final List<TrainingCase> cases) throws IOException {
        final NetworkSpec spec = new NetworkSpec(Kind.UNET_3D, 1, 4, 8, 3, norm, PatchSize.cube(24));
        final SegmentationOptions options = SegmentationOptions.defaults().withSteps(STEPS).withSeed(m_seed);
        return kept(role, norm, () -> SegmentationTraining
            .run(Network.untrained(spec, m_seed), cases, options, Progress.NONE, TrainingListener.NONE).network());
    }

    /** A network of the folder, made where it is not there yet. */
    private Network kept(final String role, final Norm norm, final Supplier<Network> made) throws IOException {
        final Path directory = m_folder.resolve(role + '-' + norm + '-' + m_seed);
        if (!Files.exists(directory.resolve("network.json"))) {
            made.get().save(directory);
        }
        return Network.load(directory);
    }

    /** Mean Dice of the tissues on test subjects. */
    static double dice(final Network network, final List<PhantomCases.Pair> test) {
        double sum = 0;
        try (SlidingWindowPredictor predictor = new SlidingWindowPredictor(network)) {
            for (final PhantomCases.Pair pair : test) {
                final var prediction = predictor.predict(pair.image(), Progress.NONE);
                for (int label = 1; label < network.spec().classes(); label++) {
                    sum += ConfusionCounts.of(prediction, pair.labels(), label).dice().orElse(1);
                }
            }
        }
        return sum / test.size() / (network.spec().classes() - 1);
    }

    /** The table of the documentation: per method the closure of each seed and its mean. */
    private static void print(final List<String> lines) {
        final Map<String, List<String[]>> byMethod = new LinkedHashMap<>();
        methods().keySet().forEach(name -> byMethod.put(name, new ArrayList<>()));
        lines.stream().map(line -> line.split(",")).sorted((a, b) -> a[0].compareTo(b[0]))
            .forEach(cells -> byMethod.get(cells[1]).add(cells));
        System.out.println("| method | norm | A→B before | oracle | A→B after | A→A after | gap closure per seed | mean |");
        System.out.println("|---|---|---|---|---|---|---|---|");
        byMethod.forEach((name, runs) -> {
            if (!runs.isEmpty()) {
                final StringBuilder closures = new StringBuilder();
                runs.forEach(r -> closures.append(closures.isEmpty() ? "" : " / ")
                    .append(String.format(Locale.ROOT, "%.2f", Double.parseDouble(r[8]))));
                System.out.printf(Locale.ROOT, "| %s | %s | %.3f | %.3f | %.3f | %.3f | %s | %.2f |%n", name,
                    runs.get(0)[2].toLowerCase(Locale.ROOT), mean(runs, 4), mean(runs, 5), mean(runs, 6), mean(runs, 7),
                    closures, mean(runs, 8));
            }
        });
    }

    private static double mean(final List<String[]> runs, final int column) {
        return runs.stream().mapToDouble(r -> Double.parseDouble(r[column])).average().orElse(Double.NaN);
    }
}
