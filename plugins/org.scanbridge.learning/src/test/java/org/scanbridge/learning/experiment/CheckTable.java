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
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.graph.AdaptationTerm;
import org.scanbridge.learning.graph.EntropyTerm;
import org.scanbridge.learning.graph.GradientReversalTerm;
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
 * 06, 07, 10 are trained on, 11 and 12 at A calibrate under simulated shifts, 13 and 14 are judged at every site. Combinations
 * are to be chosen on {@link AtlasTable#chosenOn} and reported on {@link AtlasTable#reported}.
 * <p>
 * Arguments: folder of the results, folder of the label maps, networks separated by commas or {@code all}: {@code plain},
 * {@code other} and {@code any} (kinds of scans trained for), {@code entropy-SITE}, {@code strong-SITE} (ten times the
 * weight), {@code dann-SITE} (adapted from plain to a
 * site, on images of heads 01 to 10 without labels). System property {@code steps} (400), {@code atlas} and {@code reverse} (false: no second
 * opinion of an atlas, no reverse accuracy; both take ten times longer). A line per network, image and tissue
 * goes to {@code evidence.csv}; networks are kept in the folder. No test.
 */
public final class CheckTable {

    private static final String[] TRAIN = {"01", "06", "07", "10"};

    private static final String[] CALIBRATE = {"11", "12"};

    private static final String[] JUDGE = {"13", "14"};

    private static final int SPACING = 3;

    private static final int SHIFTS = 8;

    private static final int STEPS = Integer.getInteger("steps", 400);

    /** Whether an atlas gives a second opinion. */
    private static final boolean ATLAS = Boolean.getBoolean("atlas");

    /** Whether segmentations are reversed, which takes many times longer. */
    private static final boolean REVERSE = Boolean.getBoolean("reverse");

    private final Path m_folder;

    private final Path m_maps;

    private final TaskExecutor m_workers;

    private final Map<String, LabelMaps> m_heads = new LinkedHashMap<>();

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
            final List<String> networks = arguments[2].equals("all")
                ? List.of("plain", "other", "strong-B1", "dann-B1", "strong-C1", "dann-C1", "strong-C2", "any")
                : List.of(arguments[2].split(","));
            for (final String network : networks) {
                table.run(network);
            }
        }
    }

    /** By a name that is unique, which those of turned sites are not. */
    private static Map<String, BrainSite> sites() {
        final Map<String, BrainSite> sites = new LinkedHashMap<>();
        for (final List<BrainSite> some : List.of(AtlasTable.chosenOn(SPACING), AtlasTable.reported(SPACING))) {
            for (final BrainSite site : some) {
                final boolean turned = site.rotation()[0] != 0 && !site.name().startsWith("dev");
                sites.putIfAbsent(turned ? site.name() + " turned" : site.name(), site);
            }
        }
        return sites;
    }

    private PhantomCases.Pair pair(final String site, final String head) throws IOException {
        if (!m_heads.containsKey(head)) {
            m_heads.put(head, LabelMaps.read(m_maps.resolve("training_seg_" + head + ".nii.gz")));
        }
        final BrainSite.Scan scan =
            sites().get(site).scan(m_heads.get(head), 1000 + Integer.parseInt(head), m_workers);
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
        final SegmentationOptions options =
            SegmentationOptions.defaults().withSteps(STEPS).withSeed(1).withValidationInterval(STEPS);
        if (name.contains("-")) {
            final String[] parts = name.split("-");
            final Network source = network("plain");
            final List<TrainingCase> both = new ArrayList<>(cases("A", true));
            both.addAll(cases(parts[1], false));
            final AdaptationTerm term =
                parts[0].equals("dann") ? GradientReversalTerm.defaults() : new EntropyTerm(parts[0].equals("strong") ? 1 : 0.1);
            final DomainAdaptationOptions adaptation = DomainAdaptationOptions.of(term);
            return network(name, () -> DomainAdaptation.run(source, both,
                adaptation.withSegmentation(adaptation.segmentation().withSteps(STEPS / 3).withSeed(1)
                    .withValidationInterval(STEPS)), Optional.empty(), Progress.NONE, TrainingListener.NONE).network());
        }
        final PatchAugmentation augmentation = switch (name) {
            case "plain" -> PatchAugmentation.NONE;
            case "other" -> ScanKind.OTHER_SCANNERS.with(PatchAugmentation.NONE);
            case "any" -> ScanKind.ANY_CONTRAST.with(PatchAugmentation.NONE);
            default -> throw new IllegalArgumentException("no network " + name);
        };
        final NetworkSpec spec = new NetworkSpec(Kind.UNET_3D, 1, 4, 8, 3, Norm.GROUP, PatchSize.cube(24));
        final List<TrainingCase> cases = cases("A", true);
        return network(name, () -> SegmentationTraining.run(Network.untrained(spec, 1), cases,
            options.withAugmentation(augmentation), Progress.NONE, TrainingListener.NONE).network());
    }

    private void run(final String name) throws IOException {
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
                    final ChannelImages shifted = shifts.of(ChannelImages.of(pair.image()), s, h);
                    if (ATLAS) {
                        // what is said of the image as it is stands for its shifts, too
                        m_said = second(",shift,0," + CALIBRATE[h], pair.image());
                    }
                    write(results, name + ",shift," + s + "," + CALIBRATE[h], examination, reverse, shifted, pair.labels());
                }
            }
            for (final String site : sites().keySet()) {
                // an adapted network matters at its target, and whether it still works at the source
                if (name.contains("-") && !site.equals("A") && !site.equals(name.substring(name.indexOf('-') + 1))) {
                    continue;
                }
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
