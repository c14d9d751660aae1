package org.scanbridge.learning.experiment;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.atlas.Atlas;
import org.scanbridge.imaging.atlas.AtlasArchive;
import org.scanbridge.imaging.atlas.AtlasBuilder;
import org.scanbridge.imaging.atlas.AtlasOptions;
import org.scanbridge.imaging.atlas.AtlasSegmenter;
import org.scanbridge.imaging.atlas.SegmenterOptions;
import org.scanbridge.imaging.experiment.AtlasTable;
import org.scanbridge.imaging.experiment.BrainSite;
import org.scanbridge.imaging.experiment.LabelMaps;
import org.scanbridge.imaging.normalize.Background;
import org.scanbridge.imaging.normalize.Foreground;
import org.scanbridge.imaging.normalize.IntensityNormalization;
import org.scanbridge.imaging.normalize.Sample;
import org.scanbridge.imaging.normalize.Scope;
import org.scanbridge.imaging.normalize.ZScore;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.NetworkSpec.Kind;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.check.AdaptationCheck;
import org.scanbridge.learning.check.Evidence;
import org.scanbridge.learning.check.Examination;
import org.scanbridge.learning.check.ReverseAccuracy;
import org.scanbridge.learning.check.SimulatedShift;
import org.scanbridge.learning.check.Structure;
import org.scanbridge.learning.check.SubjectEvidence;
import org.scanbridge.learning.check.UsualShapes;
import org.scanbridge.learning.data.ChannelImages;
import org.scanbridge.learning.data.PatchAugmentation;
import org.scanbridge.learning.data.Role;
import org.scanbridge.learning.data.ScanKind;
import org.scanbridge.learning.data.TeacherLabels;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.graph.ConsistencyTerm;
import org.scanbridge.learning.graph.CriticTerm;
import org.scanbridge.learning.graph.EntropyTerm;
import org.scanbridge.learning.graph.GradientReversalTerm;
import org.scanbridge.learning.graph.SelfTrainingTerm;
import org.scanbridge.learning.graph.SelfTrainingTerm.Teacher;
import org.scanbridge.learning.method.DomainAdaptation;
import org.scanbridge.learning.method.DomainAdaptationOptions;
import org.scanbridge.learning.method.SegmentationOptions;
import org.scanbridge.learning.method.SegmentationTraining;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.train.TrainingListener;

import net.imglib2.parallel.TaskExecutor;
import net.imglib2.parallel.TaskExecutors;

/**
 * What an {@link Examination} finds out about networks on sites made of real label maps (3 mm), beside the true Dice. Heads 01,
 * 06, 07, 10 are trained on, 11 and 12 at A calibrate under simulated shifts and painted in random contrasts, 13 and 14 are
 * judged, by an adapted network at its target and at another site. Combinations are to be chosen on the sites of {@link
 * AtlasTable#chosenOn} and {@code dev T2}, and reported on those of {@link AtlasTable#reported}.
 * <p>
 * Arguments: folder of the results, folder of the label maps, {@code choose} or {@code report} (the sites that are judged, and
 * adapted to by {@code all}), networks separated by commas or {@code all}: {@code plain-SEED}, {@code other-SEED} and {@code
 * any-SEED} (kinds of scans trained for), and METHOD{@code -SITE-SEED}, adapted from plain of the seed to a site, on images of
 * heads 01 to 10 without labels. Methods: {@code dann}, {@code danncons} (with consistency), {@code entropy}, {@code strong}
 * (ten times the weight), {@code own} (the network's average teaches), {@code taught} (the atlas teaches), {@code rate} (dann
 * at a hundred times the learning rate), {@code wasserstein} (a thousand times the weight). System property {@code steps} (400,
 * a third for adaptations), {@code atlas} and {@code reverse} (false: no second opinion of an atlas, no reverse accuracy; both
 * take ten times longer). A line per network, image and tissue goes to {@code evidence.csv}; networks are kept in the folder,
 * and what exists is not run again. No test.
 */
public final class CheckTable {

    private static final String[] TRAIN = {"01", "06", "07", "10"};

    private static final String[] CALIBRATE = {"11", "12"};

    private static final String[] JUDGE = {"13", "14"};

    private static final int SPACING = 3;

    private static final int SHIFTS = 8;

    /** What is adapted from the source network of each seed to sites to choose on. */
    private static final List<List<String>> CHOSEN_ON = List.of(
        List.of("dann-dev low", "strong-dev random 1", "own-dev T2", "rate-dev random 2"),
        List.of("danncons-dev low", "taught-dev random 1", "strong-dev T2", "wasserstein-dev random 2"),
        List.of("dann-dev T2", "taught-dev random 1", "strong-dev low", "own-dev random 2"));

    /** What is adapted from the source network of each seed to sites to report. */
    private static final List<List<String>> REPORTED = List.of(
        List.of("dann-B1", "strong-C1", "own-C2", "taught-B2", "rate-B1", "danncons-C2"),
        List.of("own-B1", "wasserstein-C1", "dann-C2", "strong-B2", "taught-C1", "danncons-B2"),
        List.of("strong-B1", "dann-C1", "taught-B2", "rate-C2", "own-B2", "wasserstein-B1"));

    private static final int STEPS = Integer.getInteger("steps", 400);

    /** One patch of the source and one of the target. */
    private static final int ADAPTED_BATCH = 2;

    /** Whether an atlas gives a second opinion. */
    private static final boolean ATLAS = Boolean.getBoolean("atlas");

    /** Whether segmentations are reversed, which takes many times longer. */
    private static final boolean REVERSE = Boolean.getBoolean("reverse");

    private final Path m_folder;

    private final Path m_maps;

    private final TaskExecutor m_workers;

    private final Map<String, LabelMaps> m_heads = new LinkedHashMap<>();

    /** Kept, since a scan takes longer than a segmentation. */
    private final Map<String, PhantomCases.Pair> m_pairs = new LinkedHashMap<>();

    private Atlas m_atlas;

    private UsualShapes m_usual;

    /** What the atlas says of the image at hand; null if it is not asked. */
    private LabelVolume m_said;

    private CheckTable(final Path folder, final Path maps, final TaskExecutor workers) throws IOException {
        m_folder = Files.createDirectories(folder);
        m_maps = maps;
        m_workers = workers;
    }

    public static void main(final String[] arguments) throws IOException {
        try (TaskExecutor workers = TaskExecutors.fixedThreadPool(2)) {
            final CheckTable table = new CheckTable(Path.of(arguments[0]), Path.of(arguments[1]), workers);
            final boolean report = arguments[2].equals("report");
            for (final String network : arguments[3].equals("all") ? all(report) : List.of(arguments[3].split(","))) {
                table.run(network, report);
            }
        }
    }

    /** The source networks and what is adapted from them, seed by seed. */
    private static List<String> all(final boolean report) {
        final List<String> all = new ArrayList<>();
        final List<List<String>> adapted = report ? REPORTED : CHOSEN_ON;
        for (int seed = 1; seed <= adapted.size(); seed++) {
            all.add("plain-" + seed);
            for (final String each : adapted.get(seed - 1)) {
                all.add(each + "-" + seed);
            }
        }
        return all;
    }

    /** By name, without those whose heads are turned by much. */
    private static Map<String, BrainSite> sites(final boolean report) {
        final Map<String, BrainSite> sites = new LinkedHashMap<>();
        for (final BrainSite site : report ? AtlasTable.reported(SPACING) : AtlasTable.chosenOn(SPACING)) {
            sites.putIfAbsent(site.name(), site);
        }
        if (!report) {
            sites.put("dev T2", new BrainSite("dev T2", "T2", SPACING, 1, 0.2, 6, 3, new double[3], 0));
        }
        return sites;
    }

    /** Where an adapted network is judged: at its target and at the site that follows, the last one being followed by the first. */
    private static List<String> judgedAt(final String target) {
        for (final boolean report : new boolean[]{false, true}) {
            final List<String> names = new ArrayList<>(sites(report).keySet());
            names.remove("A");
            final int at = names.indexOf(target);
            if (at >= 0) {
                return List.of(target, names.get((at + 1) % names.size()));
            }
        }
        throw new IllegalArgumentException("no site " + target);
    }

    private static BrainSite site(final String name) {
        return Optional.ofNullable(sites(false).get(name)).orElseGet(() -> sites(true).get(name));
    }

    private PhantomCases.Pair pair(final String site, final String head) throws IOException {
        final String key = site + " " + head;
        if (!m_pairs.containsKey(key)) {
            m_pairs.put(key, scanned(site, head));
        }
        return m_pairs.get(key);
    }

    private PhantomCases.Pair scanned(final String site, final String head) throws IOException {
        if (!m_heads.containsKey(head)) {
            m_heads.put(head, LabelMaps.read(m_maps.resolve("training_seg_" + head + ".nii.gz")));
        }
        final BrainSite.Scan scan = site(site).scan(m_heads.get(head), 1000 + Integer.parseInt(head), m_workers);
        final Volume image = new IntensityNormalization(new ZScore(), Foreground.ABOVE_ZERO, Scope.IMAGE, Background.CONSTANT)
            .fit(List.of()).apply(Sample.of(scan.image()));
        return new PhantomCases.Pair(image, scan.truth());
    }

    private List<TrainingCase> cases(final String site, final boolean labeled) throws IOException {
        final List<TrainingCase> cases = new ArrayList<>();
        for (final String head : TRAIN) {
            final PhantomCases.Pair pair = pair(site, head);
            cases.add(new TrainingCase(pair::image, labeled ? pair::labels : null, head, site, Role.TRAIN));
        }
        return cases;
    }

    /** What an atlas of the training heads says of an image. */
    private LabelVolume second(final String key, final Volume image) throws IOException {
        if (m_atlas == null) {
            final List<AtlasBuilder.Subject> subjects = new ArrayList<>();
            for (final String head : TRAIN) {
                final PhantomCases.Pair pair = pair("A", head);
                subjects.add(new AtlasBuilder.Subject(pair.image(), pair.labels()));
            }
            final Path kept = m_folder.resolve("atlas.zip");
            if (!Files.exists(kept)) {
                try (OutputStream out = Files.newOutputStream(kept)) {
                    AtlasArchive.write(new AtlasBuilder(AtlasOptions.DEFAULT).build(subjects, m_workers, Progress.NONE), out);
                }
            }
            try (InputStream in = Files.newInputStream(kept)) {
                m_atlas = AtlasArchive.read(in);
            }
        }
        final Path kept = m_folder.resolve("atlas" + key.replace(',', '-').replace(' ', '_'));
        if (!Files.exists(kept)) {
            final Path temporary = m_folder.resolve(kept.getFileName() + ".tmp" + ProcessHandle.current().pid());
            Files.write(temporary, new AtlasSegmenter(m_atlas, SegmenterOptions.DEFAULT)
                .segment(image, false, m_workers, Progress.NONE).labels().voxels());
            Files.move(temporary, kept, StandardCopyOption.REPLACE_EXISTING);
        }
        return new LabelVolume(Files.readAllBytes(kept), image.geometry(), image.info(), BrainSite.TISSUES);
    }

    private Network network(final String name, final Supplier<Network> made) throws IOException {
        final Path directory = m_folder.resolve(name + "-" + STEPS);
        if (!Files.exists(directory.resolve("network.json"))) {
            final long start = System.nanoTime();
            made.get().save(directory);
            System.out.printf(Locale.ROOT, "%s trained in %.0f s%n", name, (System.nanoTime() - start) * 1e-9);
        }
        return Network.load(directory);
    }

    private Network network(final String name) throws IOException {
        final String[] parts = name.split("-");
        final long seed = Long.parseLong(parts[parts.length - 1]);
        if (parts.length == 3) {
            final Network source = network("plain-" + seed);
            final List<TrainingCase> both = new ArrayList<>(cases("A", true));
            both.addAll(target(parts[1], parts[0].equals("taught")));
            final DomainAdaptationOptions adaptation = adaptation(parts[0]);
            return network(name, () -> DomainAdaptation.run(source, both, adaptation.withSourceSites(List.of("A"))
                .withSegmentation(adaptation.segmentation().withSteps(STEPS / 3).withBatch(ADAPTED_BATCH).withSeed(seed)
                    .withValidationInterval(STEPS)), Optional.empty(), Progress.NONE, TrainingListener.NONE).network());
        }
        final PatchAugmentation augmentation = switch (parts[0]) {
            case "plain" -> PatchAugmentation.NONE;
            case "other" -> ScanKind.OTHER_SCANNERS.with(PatchAugmentation.NONE);
            case "any" -> ScanKind.ANY_CONTRAST.with(PatchAugmentation.NONE);
            default -> throw new IllegalArgumentException("no network " + name);
        };
        final NetworkSpec spec = new NetworkSpec(Kind.UNET_3D, 1, 4, 8, 3, Norm.GROUP, PatchSize.cube(24));
        final List<TrainingCase> cases = cases("A", true);
        return network(name, () -> SegmentationTraining.run(Network.untrained(spec, seed), cases, SegmentationOptions.defaults()
            .withSteps(STEPS).withSeed(seed).withValidationInterval(STEPS).withAugmentation(augmentation), Progress.NONE,
            TrainingListener.NONE).network());
    }

    /** Unlabeled training images of a target, with what the atlas says of them if it teaches. */
    private List<TrainingCase> target(final String site, final boolean taught) throws IOException {
        final List<TrainingCase> cases = new ArrayList<>();
        for (final TrainingCase each : cases(site, false)) {
            if (taught) {
                final LabelVolume said = second(",site," + site + "," + each.subject(), each.image().get());
                cases.add(each.withTeacher(TeacherLabels.of(() -> said)));
            } else {
                cases.add(each);
            }
        }
        return cases;
    }

    private static DomainAdaptationOptions adaptation(final String method) {
        final DomainAdaptationOptions dann = DomainAdaptationOptions.of(GradientReversalTerm.defaults());
        final CriticTerm critic = CriticTerm.wasserstein();
        return switch (method) {
            case "dann" -> dann;
            case "danncons" -> DomainAdaptationOptions.of(GradientReversalTerm.defaults(), ConsistencyTerm.defaults());
            case "entropy" -> DomainAdaptationOptions.of(new EntropyTerm(0.1));
            case "strong" -> DomainAdaptationOptions.of(new EntropyTerm(1));
            case "own" -> DomainAdaptationOptions.of(SelfTrainingTerm.of(Teacher.NETWORK));
            case "taught" -> DomainAdaptationOptions.of(SelfTrainingTerm.of(Teacher.LABELS));
            case "rate" -> dann.withSegmentation(
                dann.segmentation().withLearningRate(100 * dann.segmentation().learningRate()));
            case "wasserstein" -> DomainAdaptationOptions.of(critic.withWeight(1000 * critic.weight()).withCriticSteps(1));
            default -> throw new IllegalArgumentException("no method " + method);
        };
    }

    private void run(final String name, final boolean report) throws IOException {
        final Path results = m_folder.resolve("evidence.csv");
        final List<ReverseAccuracy.Reference> references = new ArrayList<>();
        for (final String head : TRAIN) {
            final PhantomCases.Pair pair = pair("A", head);
            references.add(new ReverseAccuracy.Reference(head, pair::image, pair::labels, Optional.empty()));
        }
        final ReverseAccuracy reverse = new ReverseAccuracy(references, m_workers);
        final SimulatedShift shifts = new SimulatedShift(1, SHIFTS);
        try (Examination examination = new Examination(List.of(network(name)))) {
            final UsualShapes.Collector collector = new UsualShapes.Collector(examination.structures());
            for (final String head : TRAIN) {
                collector.add(pair("A", head).labels());
            }
            m_usual = collector.usual();
            for (int h = 0; h < CALIBRATE.length; h++) {
                final PhantomCases.Pair pair = pair("A", CALIBRATE[h]);
                for (int s = 0; s < SHIFTS; s++) {
                    final ChannelImages image = ChannelImages.of(pair.image());
                    final boolean painted = AdaptationCheck.isPainted(s);
                    if (ATLAS) {
                        // what is said of the image as it is stands for its shifts, too
                        m_said = second(",shift,0," + CALIBRATE[h], pair.image());
                    }
                    write(results, name + (painted ? ",painted," : ",shift,") + s + "," + CALIBRATE[h], examination, reverse,
                        painted ? shifts.painted(image, pair.labels(), Optional.empty(), s, h) : shifts.of(image, s, h),
                        pair.labels());
                }
            }
            final String[] parts = name.split("-");
            for (final String site : parts.length == 3 ? judgedAt(parts[1]) : sites(report).keySet()) {
                for (final String head : JUDGE) {
                    final PhantomCases.Pair pair = pair(site, head);
                    if (ATLAS) {
                        m_said = second(",site," + site + "," + head, pair.image());
                    }
                    write(results, name + ",site," + site + "," + head, examination, reverse, ChannelImages.of(pair.image()),
                        pair.labels());
                }
            }
        }
    }

    private void write(final Path results, final String key, final Examination examination, final ReverseAccuracy reverse,
        final ChannelImages images, final LabelVolume truth) throws IOException {
        if (Files.exists(results) && Files.readAllLines(results).stream().anyMatch(l -> l.startsWith(key + ","))) {
            return;
        }
        final SubjectEvidence found = m_usual.addTo(examination.of(images,
            Optional.ofNullable(m_said), Progress.NONE));
        final Optional<double[]> best = REVERSE ? reverse.of(key.substring(key.lastIndexOf(',') + 1), images.first(),
            found.labels(), examination.structures(), 1, Progress.NONE) : Optional.empty();
        final StringBuilder lines = new StringBuilder();
        for (int c = 0; c < examination.structures().size(); c++) {
            final Structure structure = examination.structures().get(c);
            final Map<Evidence, Double> e = found.evidence().get(c);
            lines.append(String.format(Locale.ROOT, "%s,%s,%.4f,%.4f,%.4f,%.4f,%.4f,%.4f,%.4f,%.4f,%.4f%n", key, structure.name(),
                structure.dice(found.labels(), truth), e.get(Evidence.VIEWS), e.get(Evidence.CONFIDENCE),
                e.getOrDefault(Evidence.SECOND_OPINION, Double.NaN), best.map(b -> b[structure.output() - 1]).orElse(Double.NaN),
                e.get(Evidence.VOLUME), e.get(Evidence.FORM), e.get(Evidence.NEIGHBORS), e.get(Evidence.PLACE)));
        }
        System.out.print(lines);
        Files.writeString(results, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
