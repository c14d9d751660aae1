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

import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.atlas.Atlas;
import org.scanbridge.imaging.atlas.AtlasBuilder;
import org.scanbridge.imaging.atlas.AtlasOptions;
import org.scanbridge.imaging.atlas.AtlasSegmenter;
import org.scanbridge.imaging.atlas.ClassIntensity;
import org.scanbridge.imaging.atlas.SegmenterOptions;
import org.scanbridge.imaging.augment.Augmentation;
import org.scanbridge.imaging.augment.BiasField;
import org.scanbridge.imaging.augment.Blur;
import org.scanbridge.imaging.augment.Brightness;
import org.scanbridge.imaging.augment.ClassColors;
import org.scanbridge.imaging.augment.Contrast;
import org.scanbridge.imaging.augment.Gamma;
import org.scanbridge.imaging.augment.GaussianNoise;
import org.scanbridge.imaging.augment.LowResolution;
import org.scanbridge.imaging.augment.Range;
import org.scanbridge.imaging.augment.RicianNoise;
import org.scanbridge.imaging.augment.Sometimes;
import org.scanbridge.imaging.augment.SpatialAugmentation;
import org.scanbridge.imaging.experiment.AtlasTable;
import org.scanbridge.imaging.experiment.BrainSite;
import org.scanbridge.imaging.experiment.LabelMaps;
import org.scanbridge.imaging.normalize.Background;
import org.scanbridge.imaging.normalize.Foreground;
import org.scanbridge.imaging.normalize.IntensityNormalization;
import org.scanbridge.imaging.normalize.Sample;
import org.scanbridge.imaging.normalize.Scope;
import org.scanbridge.imaging.normalize.ZScore;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.NetworkSpec.Kind;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.data.PatchAugmentation;
import org.scanbridge.learning.data.Role;
import org.scanbridge.learning.data.ScanKind;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.method.SegmentationOptions;
import org.scanbridge.learning.method.SegmentationTraining;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.train.TrainingListener;

import net.imglib2.parallel.TaskExecutor;
import net.imglib2.parallel.TaskExecutors;

/**
 * Training on site A of real label maps (2 mm) with each kind of scans to be ready for, mean Dice of CSF, gray and white
 * matter at sites that were not seen. Five heads (01, 06, 07, 10, 11) are trained on, head 12 validates at A, heads 13 and 14
 * are reported; {@code guided} paints by an atlas's estimates on images of the five training heads at the target, without
 * their labels, one network for each target. {@code oracle} trains with the target's labels and single changes.
 * <p>
 * Arguments: folder of the results, folder of the label maps, methods separated by commas (or {@code all}), seeds separated
 * by commas, target sites separated by commas as {@link AtlasTable#reported} names them. System properties: {@code steps}
 * (400), {@code width} (8). A line per method, seed and site goes to {@code contrasts.csv}; what is there is not run again.
 * No test.
 */
public final class ContrastTable {

    private static final String[] TRAIN = {"01", "06", "07", "10", "11"};

    private static final String[] VALIDATE = {"12"};

    private static final String[] REPORT = {"13", "14"};

    private static final int SPACING = 2;

    private static final int STEPS = Integer.getInteger("steps", 400);

    private static final int WIDTH = Integer.getInteger("width", 8);

    private final Path m_maps;

    private final Path m_results;

    private final TaskExecutor m_workers;

    private final Map<String, LabelMaps> m_heads = new LinkedHashMap<>();

    private ContrastTable(final Path folder, final Path maps, final TaskExecutor workers) throws IOException {
        m_results = Files.createDirectories(folder).resolve("contrasts.csv");
        m_maps = maps;
        m_workers = workers;
    }

    public static void main(final String[] arguments) throws IOException {
        try (TaskExecutor workers = TaskExecutors.fixedThreadPool(2)) {
            final ContrastTable table = new ContrastTable(Path.of(arguments[0]), Path.of(arguments[1]), workers);
            final List<String> methods = arguments[2].equals("all")
                ? List.of("plain", "same", "other", "any", "guided", "oracle") : List.of(arguments[2].split(","));
            final List<String> targets = List.of(arguments[4].split(","));
            for (final String seed : arguments[3].split(",")) {
                for (final String method : methods) {
                    table.run(method, Long.parseLong(seed), targets);
                }
            }
        }
    }

    private static BrainSite site(final String name) {
        return AtlasTable.reported(SPACING).stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow();
    }

    private BrainSite.Scan scan(final BrainSite site, final String head) throws IOException {
        if (!m_heads.containsKey(head)) {
            m_heads.put(head, LabelMaps.read(m_maps.resolve("training_seg_" + head + ".nii.gz")));
        }
        return site.scan(m_heads.get(head), 1000 + Integer.parseInt(head), m_workers);
    }

    private static Volume normalized(final Volume image) {
        return new IntensityNormalization(new ZScore(), Foreground.ABOVE_ZERO, Scope.IMAGE, Background.CONSTANT)
            .fit(List.of()).apply(Sample.of(image));
    }

    private List<PhantomCases.Pair> pairs(final BrainSite site, final String[] heads) throws IOException {
        final List<PhantomCases.Pair> pairs = new ArrayList<>();
        for (final String head : heads) {
            final BrainSite.Scan scan = scan(site, head);
            pairs.add(new PhantomCases.Pair(normalized(scan.image()), scan.truth()));
        }
        return pairs;
    }

    private List<TrainingCase> cases(final BrainSite site) throws IOException {
        final List<TrainingCase> cases = new ArrayList<>();
        for (final String[] heads : new String[][]{TRAIN, VALIDATE}) {
            final List<PhantomCases.Pair> pairs = pairs(site, heads);
            for (int h = 0; h < heads.length; h++) {
                final PhantomCases.Pair pair = pairs.get(h);
                cases.add(new TrainingCase(pair::image, pair::labels, heads[h], site.name(),
                    heads == TRAIN ? Role.TRAIN : Role.VALIDATION));
            }
        }
        return cases;
    }

    /** The learners' defaults of single changes. */
    static PatchAugmentation single() {
        final List<Augmentation> all = List.of(new Sometimes(0.15, Brightness.DEFAULT),
            new Sometimes(0.15, Contrast.DEFAULT), new Sometimes(0.3, Gamma.DEFAULT), new Sometimes(0.1, BiasField.DEFAULT),
            new Sometimes(0.2, Blur.DEFAULT), new Sometimes(0.25, LowResolution.DEFAULT),
            new Sometimes(0.1, GaussianNoise.DEFAULT), new Sometimes(0.1, RicianNoise.DEFAULT));
        return new PatchAugmentation(new SpatialAugmentation.Settings(Range.symmetric(15), new Range(0.85, 1.2),
            Range.symmetric(0.05), Range.symmetric(0), 0.5, 0, 7, 5, 0.2), all);
    }

    /** What an atlas of A says of the training heads' images at a target, z-scored, without their labels. */
    private ClassColors.Guided colors(final BrainSite target) throws IOException {
        final List<AtlasBuilder.Subject> subjects = new ArrayList<>();
        for (final PhantomCases.Pair pair : pairs(site("A"), TRAIN)) {
            subjects.add(new AtlasBuilder.Subject(pair.image(), pair.labels()));
        }
        final Atlas atlas = new AtlasBuilder(AtlasOptions.DEFAULT).build(subjects, m_workers, Progress.NONE);
        final List<List<ClassIntensity>> images = new ArrayList<>();
        for (final PhantomCases.Pair pair : pairs(target, TRAIN)) {
            images.add(new AtlasSegmenter(atlas, SegmenterOptions.DEFAULT)
                .segment(pair.image(), false, m_workers, Progress.NONE).intensities());
        }
        return ClassColors.Guided.of(images);
    }

    private void run(final String method, final long seed, final List<String> targets) throws IOException {
        final boolean perTarget = method.equals("guided") || method.equals("oracle");
        for (final List<String> group : perTarget ? targets.stream().map(List::of).toList() : List.of(targets)) {
            final String first = seed + "," + method + "," + group.get(0) + ",";
            if (Files.exists(m_results) && Files.readAllLines(m_results).stream().anyMatch(l -> l.startsWith(first))) {
                continue;
            }
            final PatchAugmentation augmentation = switch (method) {
                case "plain" -> PatchAugmentation.NONE;
                case "same", "oracle" -> single();
                case "other" -> ScanKind.OTHER_SCANNERS.with(single());
                case "any" -> ScanKind.ANY_CONTRAST.with(single());
                case "guided" -> ScanKind.guided(colors(site(group.get(0)))).with(single());
                default -> throw new IllegalArgumentException("no method " + method);
            };
            final long start = System.nanoTime();
            final NetworkSpec spec = new NetworkSpec(Kind.UNET_3D, 1, 4, WIDTH, 3, Norm.GROUP, PatchSize.cube(32));
            final Network network = SegmentationTraining.run(Network.untrained(spec, seed),
                cases(site(method.equals("oracle") ? group.get(0) : "A")), SegmentationOptions.defaults().withSteps(STEPS)
                    .withSeed(seed).withValidationInterval(STEPS).withAugmentation(augmentation),
                Progress.NONE, TrainingListener.NONE).network();
            final double seconds = (System.nanoTime() - start) * 1e-9;
            final double source = AdaptationTable.dice(network, pairs(site("A"), REPORT));
            for (final String target : group) {
                final String line = String.format(Locale.ROOT, "%d,%s,%s,%d,%d,%.4f,%.4f,%.0f%n", seed, method, target, STEPS,
                    WIDTH, source, AdaptationTable.dice(network, pairs(site(target), REPORT)), seconds);
                System.out.print(line);
                Files.writeString(m_results, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            }
        }
    }
}
