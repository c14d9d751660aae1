package org.scanbridge.learning.experiment;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.atlas.Atlas;
import org.scanbridge.imaging.atlas.AtlasArchive;
import org.scanbridge.imaging.atlas.AtlasBuilder;
import org.scanbridge.imaging.atlas.AtlasOptions;
import org.scanbridge.imaging.atlas.AtlasSegmentation;
import org.scanbridge.imaging.atlas.AtlasSegmenter;
import org.scanbridge.imaging.atlas.SegmenterOptions;
import org.scanbridge.imaging.augment.ClassColors;
import org.scanbridge.imaging.experiment.AtlasTable;
import org.scanbridge.imaging.experiment.BrainSite;
import org.scanbridge.imaging.experiment.LabelMaps;
import org.scanbridge.imaging.fusion.BestAgreement;
import org.scanbridge.imaging.fusion.OpinionPool;
import org.scanbridge.imaging.fusion.Opinions;
import org.scanbridge.imaging.metrics.ConfusionCounts;
import org.scanbridge.imaging.normalize.Background;
import org.scanbridge.imaging.normalize.Foreground;
import org.scanbridge.imaging.normalize.IntensityNormalization;
import org.scanbridge.imaging.normalize.Sample;
import org.scanbridge.imaging.normalize.Scope;
import org.scanbridge.imaging.normalize.ZScore;
import org.scanbridge.imaging.register.AffineTransform;
import org.scanbridge.imaging.resample.GridWindow;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.NetworkSpec.Kind;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.data.PatchAugmentation;
import org.scanbridge.learning.data.Role;
import org.scanbridge.learning.data.ScanKind;
import org.scanbridge.learning.data.TeacherLabels;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.graph.AdaptationTerm;
import org.scanbridge.learning.graph.AnchorTerm;
import org.scanbridge.learning.graph.ConsistencyTerm;
import org.scanbridge.learning.graph.CriticTerm;
import org.scanbridge.learning.graph.GradientReversalTerm;
import org.scanbridge.learning.graph.OptimizerSpec;
import org.scanbridge.learning.graph.SelfTrainingTerm;
import org.scanbridge.learning.graph.SelfTrainingTerm.Teacher;
import org.scanbridge.learning.graph.SynergisticTerm;
import org.scanbridge.learning.method.DomainAdaptation;
import org.scanbridge.learning.method.DomainAdaptationOptions;
import org.scanbridge.learning.method.SegmentationOptions;
import org.scanbridge.learning.method.SegmentationTraining;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.network.NetworkAverage;
import org.scanbridge.learning.network.NormRule;
import org.scanbridge.learning.predict.Prediction;
import org.scanbridge.learning.predict.PredictionOptions;
import org.scanbridge.learning.predict.SlidingWindowPredictor;
import org.scanbridge.learning.train.Schedule;
import org.scanbridge.learning.train.TrainingListener;

import net.imglib2.parallel.TaskExecutor;
import net.imglib2.parallel.TaskExecutors;

/**
 * Adaptation to sites made of real label maps (2 mm), with teachers and without, mean Dice of CSF, gray and white matter.
 * Five heads (01, 06, 07, 10, 11) are trained on, with their labels at A and without them at a target; head 12 is what
 * settings are chosen by ({@code choose}), heads 13 and 14 are reported. All networks begin as the source-only one.
 * <p>
 * Methods, joined by +: {@code labels}, {@code soft} (the atlas's labels, its probabilities), {@code network}, {@code both},
 * {@code dann}, {@code wasserstein}, {@code consistency}, {@code targetconsistency} (of target patches only), {@code sifa},
 * {@code own} and how many blocks the target has of its own, {@code free}
 * (no source images), {@code same} (single changes), {@code guided} (half of the
 * source patches painted as the target's images), {@code cosine}, {@code fg} and how many percent of the patches are centered
 * on labels where an atlas teaches, {@code paint} and how many percent of the source's patches are painted, {@code batch} and
 * {@code steps} with a number; a number is the learning rate. Alone: {@code source},
 * {@code atlas}, {@code augmentation}, {@code oracle}, {@code further} (further steps without adaptation). {@code pooled }
 * before any method with a network multiplies its probabilities with the atlas's, {@code chosen } takes for each image the
 * source's network or the adapted one, whichever agrees more with the atlas, {@code mean0.5 } lies between the weights of both.
 * <p>
 * Arguments: folder of the results, folder of the label maps, {@code choose} or {@code report}, methods, seeds and targets
 * separated by commas; {@code B1@dev low} adapts to B1 and scores at {@code dev low}, a third site; {@code B1/L15} scores heads
 * that lie otherwise, and not at A, for which there is {@code A/L15}: turned by 8° or 15° about L, P or an oblique axis, {@code cut} (the lower quarter and 16 mm of the left
 * side), scanned {@code again}, or, with {@code scored cut}, as they are and scored within what the cut leaves. {@code truth} is what turning there and
 * back leaves of the truth. System property {@code steps} (400). A line per method, seed and site goes to {@code teachers.csv}; what
 * is there is not run again. No test.
 */
public final class TeacherTable {

    private static final String[] TRAIN = {"01", "06", "07", "10", "11"};

    private static final String POOLED = "pooled ";

    private static final String CHOSEN = "chosen ";

    private static final String MEAN = "mean";

    private static final int STEPS = Integer.getInteger("steps", 400);

    private static final double[] STRAIGHT = new double[3];

    /** Lower quarter and 16 mm (eight voxels) of the left side. */
    private static final Pose CUT = new Pose(STRAIGHT, 16.0 / 184, 0.25, 0);

    private static final Map<String, Pose> POSES = Map.of("again", new Pose(STRAIGHT, 0, 0, 1), "L15", Pose.turned(15, 0, 0),
        "L8", Pose.turned(8, 0, 0), "P15", Pose.turned(0, 15, 0), "P8", Pose.turned(0, 8, 0), "oblique15",
        Pose.turned(BrainSite.oblique(15)), "oblique8", Pose.turned(BrainSite.oblique(8)), "cut", CUT);

    /** A head as it is, scored within what {@link #CUT} leaves. */
    private static final String SCORED_CUT = "scored cut";

    private static final NetworkSpec SPEC = new NetworkSpec(Kind.UNET_3D, 1, 4, 8, 3, Norm.GROUP, PatchSize.cube(32));

    private final Path m_folder;

    private final Path m_maps;

    private final String[] m_test;

    private final List<BrainSite> m_sites;

    private final TaskExecutor m_workers;

    private final Map<String, LabelMaps> m_heads = new LinkedHashMap<>();

    private final Map<String, List<PhantomCases.Pair>> m_pairs = new LinkedHashMap<>();

    /** From positions in the test images to those in the label maps, as {@link #m_pairs}. */
    private final Map<String, List<AffineTransform>> m_toHead = new LinkedHashMap<>();

    private final Map<String, List<AtlasSegmentation>> m_said = new LinkedHashMap<>();

    private Atlas m_atlas;

    /**
     * How a head lies in the image.
     *
     * @param rotation in degrees about L, P and S
     * @param left share of the field of view cut off at the left side
     * @param inferior share of the field of view cut off at the inferior side
     * @param scan number of the scan: other texture, field and noise
     */
    private record Pose(double[] rotation, double left, double inferior, int scan) {

        static Pose turned(final double... rotation) {
            return new Pose(rotation, 0, 0, 0);
        }

        BrainSite at(final BrainSite site) {
            return site.lying(rotation, left, inferior);
        }
    }

    private TeacherTable(final Path folder, final Path maps, final boolean report, final TaskExecutor workers)
        throws IOException {
        m_folder = Files.createDirectories(folder);
        m_maps = maps;
        m_test = report ? new String[]{"13", "14"} : new String[]{"12"};
        m_sites = new ArrayList<>(AtlasTable.reported(2));
        m_sites.addAll(AtlasTable.chosenOn(2));
        m_sites.add(new BrainSite("dev T2", "T2", 2, 1, 0.2, 6, 3, new double[3], 0));
        m_workers = workers;
    }

    public static void main(final String[] arguments) throws IOException {
        try (TaskExecutor workers = TaskExecutors.fixedThreadPool(2)) {
            final TeacherTable table =
                new TeacherTable(Path.of(arguments[0]), Path.of(arguments[1]), arguments[2].equals("report"), workers);
            for (final String seed : arguments[4].split(",")) {
                for (final String method : arguments[3].split(",")) {
                    for (final String target : arguments[5].split(",")) {
                        table.run(method, Long.parseLong(seed), target);
                    }
                }
            }
        }
    }

    private List<PhantomCases.Pair> pairs(final String site, final String[] heads) throws IOException {
        final String key = site + heads[0];
        if (!m_pairs.containsKey(key)) {
            final BrainSite of = site(site);
            final Pose pose = POSES.getOrDefault(pose(site), Pose.turned(STRAIGHT));
            final List<PhantomCases.Pair> pairs = new ArrayList<>();
            final List<AffineTransform> toHead = new ArrayList<>();
            for (final String head : heads) {
                final BrainSite.Scan scan = pose.at(of).scan(head(head), seed(head), pose.scan(), m_workers);
                pairs.add(new PhantomCases.Pair(new IntensityNormalization(new ZScore(), Foreground.OTSU, Scope.IMAGE,
                    Background.MAPPED).fit(List.of()).apply(Sample.of(scan.image())), pose(site).equals(SCORED_CUT)
                        ? CUT.at(of).scan(head(head), seed(head), m_workers).truth() : scan.truth()));
                toHead.add(scan.toHead());
            }
            m_pairs.put(key, pairs);
            m_toHead.put(key, toHead);
        }
        return m_pairs.get(key);
    }

    private static long seed(final String head) {
        return 1000 + Integer.parseInt(head);
    }

    private LabelMaps head(final String head) throws IOException {
        if (!m_heads.containsKey(head)) {
            m_heads.put(head, LabelMaps.read(m_maps.resolve("training_seg_" + head + ".nii.gz")));
        }
        return m_heads.get(head);
    }

    /** The site of a name as {@code B1} or {@code B1/L15}. */
    private BrainSite site(final String name) {
        return m_sites.stream().filter(s -> s.name().equals(name.split("/")[0])).findFirst().orElseThrow();
    }

    /** The pose of a name as {@code B1/L15}; blank for heads as they are. */
    private static String pose(final String name) {
        final String pose = name.indexOf('/') < 0 ? "" : name.substring(name.indexOf('/') + 1);
        if (!pose.isEmpty() && !pose.equals(SCORED_CUT) && !POSES.containsKey(pose)) {
            throw new IllegalArgumentException("pose " + pose + " is none of " + POSES.keySet() + " and " + SCORED_CUT);
        }
        return pose;
    }

    private Atlas atlas() throws IOException {
        final Path file = m_folder.resolve("source.atlas");
        if (m_atlas == null && Files.exists(file)) {
            try (InputStream in = Files.newInputStream(file)) {
                m_atlas = AtlasArchive.read(in);
            }
        }
        if (m_atlas == null) {
            final List<AtlasBuilder.Subject> subjects = new ArrayList<>();
            for (final PhantomCases.Pair pair : pairs("A", TRAIN)) {
                subjects.add(new AtlasBuilder.Subject(pair.image(), pair.labels()));
            }
            m_atlas = new AtlasBuilder(AtlasOptions.DEFAULT).build(subjects, m_workers, Progress.NONE);
            try (OutputStream out = Files.newOutputStream(file)) {
                AtlasArchive.write(m_atlas, out);
            }
        }
        return m_atlas;
    }

    private AtlasSegmentation segment(final Volume image) throws IOException {
        return new AtlasSegmenter(atlas(), SegmenterOptions.DEFAULT).segment(image, true, m_workers, Progress.NONE);
    }

    /** What the atlas says of heads at a site. */
    private List<AtlasSegmentation> said(final String site, final String[] heads) throws IOException {
        final String key = site + heads[0];
        if (!m_said.containsKey(key)) {
            final List<AtlasSegmentation> all = new ArrayList<>();
            for (final PhantomCases.Pair pair : pairs(site, heads)) {
                all.add(segment(pair.image()));
            }
            m_said.put(key, all);
        }
        return m_said.get(key);
    }

    private static TrainingCase labeled(final PhantomCases.Pair pair, final String head, final String site) {
        return new TrainingCase(pair::image, pair::labels, head, site, Role.TRAIN);
    }

    private List<TrainingCase> labeled(final String site) throws IOException {
        final List<TrainingCase> cases = new ArrayList<>();
        for (int h = 0; h < TRAIN.length; h++) {
            cases.add(labeled(pairs(site, TRAIN).get(h), TRAIN[h], site));
        }
        return cases;
    }

    private static SegmentationOptions supervised(final long seed) {
        return SegmentationOptions.defaults().withSteps(STEPS).withSeed(seed).withValidationInterval(STEPS);
    }

    private Network trained(final String name, final long seed, final String site, final SegmentationOptions options)
        throws IOException {
        final Path folder = m_folder.resolve("network-" + name + "-" + seed + "-" + STEPS);
        if (!Files.exists(folder.resolve("network.json"))) {
            SegmentationTraining.run(Network.untrained(SPEC, seed), labeled(site), options, Progress.NONE,
                TrainingListener.NONE).network().save(folder);
        }
        return Network.load(folder);
    }

    private void run(final String method, final long seed, final String sites) throws IOException {
        final Path results = m_folder.resolve("teachers.csv");
        final String target = sites.split("[@/]")[0];
        final String scored = sites.substring(sites.indexOf('@') + 1);
        final boolean both = pose(scored).isEmpty();
        final String first = String.format("%d,%s,%s,%d,%s,", seed, method, sites, STEPS, m_test[0]);
        if (Files.exists(results) && Files.readAllLines(results).stream().anyMatch(l -> l.startsWith(first))) {
            return;
        }
        final long start = System.nanoTime();
        final boolean pooled = method.startsWith(POOLED);
        final String rest = pooled ? method.substring(POOLED.length()) : method;
        final double[] dice;
        if (method.equals("atlas")) {
            dice = new double[]{both ? atlasDice("A") : Double.NaN, atlasDice(scored)};
        } else if (method.equals("truth")) {
            dice = new double[]{Double.NaN, truthDice(scored)};
        } else if (rest.startsWith(CHOSEN)) {
            final Network original = network("source", seed, target);
            final Network adapted = network(rest.substring(CHOSEN.length()), seed, target);
            final String row = String.format("%d,%s,%d,", seed, target, STEPS);
            dice = new double[]{both ? chosenDice(original, adapted, "A", pooled, row) : Double.NaN,
                chosenDice(original, adapted, scored, pooled, row)};
        } else {
            final Network network = network(rest, seed, target);
            dice = pooled ? new double[]{both ? pooledDice(network, "A") : Double.NaN, pooledDice(network, scored)}
                : new double[]{both ? AdaptationTable.dice(network, pairs("A", m_test)) : Double.NaN,
                    AdaptationTable.dice(network, pairs(scored, m_test))};
        }
        final String line = first + String.format(Locale.ROOT, "%.4f,%.4f,%.0f%n", dice[0], dice[1],
            (System.nanoTime() - start) * 1e-9);
        System.out.print(line);
        Files.writeString(results, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private Network network(final String method, final long seed, final String target) throws IOException {
        if (method.startsWith(MEAN)) {
            final int space = method.indexOf(' ');
            final Network adapted = network(method.substring(space + 1), seed, target);
            return NetworkAverage.interpolate(network("source", seed, target), adapted,
                Double.parseDouble(method.substring(MEAN.length(), space)), NormRule.AVERAGED, true);
        }
        return switch (method) {
            case "source" -> trained("source", seed, "A", supervised(seed));
            case "augmentation" -> trained("augmentation", seed, "A",
                supervised(seed).withAugmentation(ContrastTable.single()));
            case "oracle" -> trained("oracle " + target, seed, target, supervised(seed));
            case "further" -> SegmentationTraining.run(trained("source", seed, "A", supervised(seed)), labeled("A"),
                supervised(seed).withLearningRate(5e-4), Progress.NONE, TrainingListener.NONE).network();
            default -> kept(method, seed, target);
        };
    }

    /** Mean Dice of a network and the atlas pooled. */
    private double pooledDice(final Network network, final String site) throws IOException {
        double sum = 0;
        try (SlidingWindowPredictor predictor = predictor(network)) {
            for (int h = 0; h < m_test.length; h++) {
                final PhantomCases.Pair pair = pairs(site, m_test).get(h);
                sum += dice(pooled(predictor.segment(pair.image(), Progress.NONE), said(site, m_test).get(h)), pair.labels())
                    / m_test.length;
            }
        }
        return sum;
    }

    /**
     * Mean Dice at a site where for each image that of the source's and the adapted network is taken which agrees more with the
     * atlas; pooled with the atlas if asked for. What each says of each head is appended to {@code heads.csv}.
     *
     * @param row first columns there
     */
    private double chosenDice(final Network source, final Network adapted, final String site, final boolean pooled,
        final String row) throws IOException {
        double sum = 0;
        try (SlidingWindowPredictor first = predictor(source); SlidingWindowPredictor second = predictor(adapted)) {
            for (int h = 0; h < m_test.length; h++) {
                final PhantomCases.Pair pair = pairs(site, m_test).get(h);
                final List<Prediction> predicted =
                    List.of(first.segment(pair.image(), Progress.NONE), second.segment(pair.image(), Progress.NONE));
                final AtlasSegmentation atlas = said(site, m_test).get(h);
                final BestAgreement.Choice choice = new BestAgreement().choose(new Opinions(List.of("atlas", "source", "adapted"),
                    List.of(atlas.labels(), predicted.get(0).labels(), predicted.get(1).labels()),
                    List.of(Set.of(), Set.of(), Set.of())));
                System.out.printf(Locale.ROOT, "  %s: source's network %.3f, adapted %.3f%n", site, choice.agreement()[1],
                    choice.agreement()[2]);
                final Prediction taken = predicted.get(choice.rater() - 1);
                final LabelVolume result = pooled ? pooled(taken, atlas) : taken.labels();
                sum += dice(result, pair.labels()) / m_test.length;
                final Map<String, LabelVolume> opinions = new LinkedHashMap<>();
                opinions.put("source", predicted.get(0).labels());
                opinions.put("adapted", predicted.get(1).labels());
                opinions.put("atlas", atlas.labels());
                opinions.put("chosen", taken.labels());
                opinions.put(pooled ? "pooled chosen" : "chosen", result);
                final double apart = apart(site, h);
                for (final Map.Entry<String, LabelVolume> opinion : opinions.entrySet()) {
                    final double[] dice = classes(opinion.getValue(), pair.labels());
                    Files.writeString(m_folder.resolve("heads.csv"), row + String.format(Locale.ROOT,
                        "%s,%s,%s,%.4f,%.4f,%.4f,%.2f%n", site, m_test[h], opinion.getKey(), dice[0], dice[1], dice[2], apart),
                        StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                }
            }
        }
        return sum;
    }

    /**
     * How differently the atlas lies in a head that lies otherwise: mean distance in mm between where the ends of its three axes, at its
     * radius, fall in the head, and where they do in the head as it is.
     */
    private double apart(final String site, final int head) throws IOException {
        final String straight = site.split("/")[0];
        final AffineTransform here = toHead(site, head);
        final AffineTransform there = toHead(straight, head);
        double sum = 0;
        for (int end = 0; end < 6; end++) {
            final double[] p = atlas().geometry().center();
            p[end / 2] += (end % 2 == 0 ? 1 : -1) * atlas().radius();
            final double[] a = here.apply(p);
            final double[] b = there.apply(p);
            sum += Math.hypot(Math.hypot(a[0] - b[0], a[1] - b[1]), a[2] - b[2]) / 6;
        }
        return sum;
    }

    /** From the atlas to the label map of a test head, by way of its image at a site. */
    private AffineTransform toHead(final String site, final int head) throws IOException {
        final AffineTransform toImage = said(site, m_test).get(head).toImage();
        return m_toHead.get(site + m_test[0]).get(head).after(toImage);
    }

    /** The control of rotations: mean Dice of the truth after it is turned as the heads are and back. */
    private double truthDice(final String site) throws IOException {
        final BrainSite of = site(site);
        double sum = 0;
        for (int h = 0; h < m_test.length; h++) {
            final LabelVolume back = POSES.get(pose(site)).at(of).thereAndBack(head(m_test[h]), seed(m_test[h]), of);
            sum += dice(back, pairs(of.name(), m_test).get(h).labels()) / m_test.length;
        }
        return sum;
    }

    private static SlidingWindowPredictor predictor(final Network network) {
        return new SlidingWindowPredictor(List.of(network),
            new PredictionOptions(SlidingWindowPredictor.DEFAULT_OVERLAP, Set.of(), false, true));
    }

    /** A network and the atlas as the node Label Fusion makes one of them: the product of their probabilities. */
    private static LabelVolume pooled(final Prediction said, final AtlasSegmentation atlas) {
        final List<float[]> withRest = new ArrayList<>();
        withRest.add(null);
        atlas.probabilities().forEach(p -> withRest.add(p.voxels()));
        return new OpinionPool(true, 1, 1).fuse(
            new Opinions(List.of("network", "atlas"), List.of(said.labels(), atlas.labels()), List.of(Set.of(), Set.of())),
            List.of(new OpinionPool.Maps(said.probabilities().stream().map(Volume::voxels).toList()),
                new OpinionPool.Maps(withRest))).labels();
    }

    private static double dice(final LabelVolume labels, final LabelVolume truth) {
        return Arrays.stream(classes(labels, truth)).average().orElseThrow();
    }

    /** Dice of CSF, gray and white matter within the truth's grid, a window of the labels'. */
    private static double[] classes(final LabelVolume labels, final LabelVolume truth) {
        final LabelVolume scored = GridWindow.between(labels.geometry(), truth.geometry()).apply(labels);
        return IntStream.rangeClosed(1, 3).mapToDouble(c -> ConfusionCounts.of(scored, truth, c).dice().orElse(1)).toArray();
    }

    private double atlasDice(final String site) throws IOException {
        double sum = 0;
        for (int h = 0; h < m_test.length; h++) {
            sum += dice(said(site, m_test).get(h).labels(), pairs(site, m_test).get(h).labels()) / m_test.length;
        }
        return sum;
    }

    private static double number(final List<String> parts, final String name, final double otherwise) {
        return parts.stream().filter(p -> p.matches(name + "[0-9.]+")).mapToDouble(p -> Double.parseDouble(p.substring(name.length())))
            .findFirst().orElse(otherwise);
    }

    /** An adapted network, from the folder if it was trained before. */
    private Network kept(final String method, final long seed, final String target) throws IOException {
        final Path folder = m_folder.resolve("network-" + method + " " + target + "-" + seed + "-" + STEPS);
        if (!Files.exists(folder.resolve("network.json"))) {
            adapted(method, seed, target).save(folder);
        }
        return Network.load(folder);
    }

    private Network adapted(final String method, final long seed, final String target) throws IOException {
        final List<String> parts = List.of(method.split("\\+"));
        final List<AdaptationTerm> terms = new ArrayList<>();
        final boolean soft = parts.contains("soft") || parts.contains("both");
        for (final String part : parts) {
            switch (part) {
                case "dann" -> terms.add(GradientReversalTerm.defaults());
                case "wasserstein" -> terms.add(CriticTerm.wasserstein());
                case "consistency" -> terms.add(ConsistencyTerm.defaults());
                case "targetconsistency" -> terms.add(ConsistencyTerm.defaults().withTargetOnly(true));
                case "labels", "soft" -> terms.add(SelfTrainingTerm.of(Teacher.LABELS));
                case "network" -> terms.add(SelfTrainingTerm.of(Teacher.NETWORK));
                case "both" -> terms.add(SelfTrainingTerm.of(Teacher.BOTH));
                case "sifa" -> terms.add(SynergisticTerm.defaults());
                case "free" -> terms.add(AnchorTerm.defaults());
                default -> {
                    // no term
                }
            }
        }
        final DomainAdaptationOptions like = DomainAdaptationOptions.of(terms.toArray(AdaptationTerm[]::new));
        SegmentationOptions segmentation = like.segmentation().withSteps(STEPS).withSeed(seed).withValidationInterval(STEPS)
            .withForegroundFraction(0).withBatch((int)number(parts, "batch", like.segmentation().batch()));
        segmentation = segmentation.withSteps((int)number(parts, "steps", STEPS));
        for (final String part : parts) {
            if (part.matches("fg[0-9]+")) {
                segmentation = segmentation.withForegroundFraction(Integer.parseInt(part.substring(2)) / 100.0);
            } else if (part.matches("[0-9.e-]+")) {
                segmentation = segmentation.withLearningRate(Double.parseDouble(part));
            }
        }
        if (parts.contains("cosine")) {
            segmentation = segmentation.withSchedule(Schedule.of(Schedule.Kind.COSINE).withWarmUp(0.05));
        }
        if (parts.contains("adam")) {
            segmentation = segmentation.withOptimizer(OptimizerSpec.adam());
        }
        PatchAugmentation augmentation = parts.contains("same") ? ContrastTable.single() : PatchAugmentation.NONE;
        if (parts.contains("guided")) {
            final ScanKind kind = ScanKind.guided(ClassColors.Guided.of(
                said(target, TRAIN).stream().map(AtlasSegmentation::intensities).toList()));
            final double painted = number(parts, "paint", 50) / 100;
            augmentation = new ScanKind(kind.recoloring(), kind.painting().map(k -> new PatchAugmentation.Painting(painted,
                k.synthesis()))).with(augmentation);
        }
        final List<TrainingCase> cases = new ArrayList<>(labeled("A"));
        for (int h = 0; h < TRAIN.length; h++) {
            final PhantomCases.Pair pair = pairs(target, TRAIN).get(h);
            final TrainingCase plain = new TrainingCase(pair::image, null, TRAIN[h], target, Role.TRAIN);
            if (Stream.of("labels", "soft", "both").anyMatch(parts::contains)) {
                final AtlasSegmentation said = said(target, TRAIN).get(h);
                cases.add(plain.withTeacher(soft
                    ? TeacherLabels.of(said.probabilities().stream().map(p -> (Supplier<Volume>)() -> p).toList())
                    : TeacherLabels.of(said::labels)));
            } else {
                cases.add(plain);
            }
        }
        return DomainAdaptation.run(trained("source", seed, "A", supervised(seed)), cases,
            like.withSegmentation(segmentation.withAugmentation(augmentation)).withSourceSites(List.of("A"))
                .withSourceFree(parts.contains("free")).withSeparateBlocks((int)number(parts, "own", 0)),
            Optional.empty(), Progress.NONE, TrainingListener.NONE).network();
    }
}
