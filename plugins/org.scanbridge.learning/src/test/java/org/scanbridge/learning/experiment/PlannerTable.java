package org.scanbridge.learning.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.experiment.AtlasTable;
import org.scanbridge.imaging.experiment.BrainSite;
import org.scanbridge.imaging.experiment.LabelMaps;
import org.scanbridge.imaging.normalize.Background;
import org.scanbridge.imaging.normalize.Foreground;
import org.scanbridge.imaging.normalize.IntensityNormalization;
import org.scanbridge.imaging.normalize.Sample;
import org.scanbridge.imaging.normalize.Scope;
import org.scanbridge.imaging.normalize.ZScore;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.data.PatchAugmentation;
import org.scanbridge.learning.data.Role;
import org.scanbridge.learning.data.ScanKind;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.method.SegmentationOptions;
import org.scanbridge.learning.method.SegmentationTraining;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.plan.ImageFacts;
import org.scanbridge.learning.plan.MeasuredSteps;
import org.scanbridge.learning.plan.Resources;
import org.scanbridge.learning.plan.StepTimer;
import org.scanbridge.learning.plan.TrainingPlan;
import org.scanbridge.learning.plan.TrainingPlanner;
import org.scanbridge.learning.train.Checkpoints;
import org.scanbridge.learning.train.CurveEnd;
import org.scanbridge.learning.train.MemoryEstimate;
import org.scanbridge.learning.train.StepMetrics;
import org.scanbridge.learning.train.TrainingListener;
import org.scanbridge.learning.train.TrainingResult;

import net.imglib2.parallel.TaskExecutor;
import net.imglib2.parallel.TaskExecutors;

/**
 * What {@link TrainingPlanner} gets in a time, on sites made of real label maps (2 mm): its plan, trained with the planned steps
 * and with multiples of them, everything else alike, Dice of CSF, gray and white matter. Heads 01, 06, 07, 10 and 11 are trained
 * on, head 12 validates, heads 13 and 14 are reported; the planner sees the six.
 * <p>
 * Arguments: folder of the results, folder of the label maps, minutes of the plan, site as {@link AtlasTable#reported} names it,
 * seed, multiples of the planned steps (also parts, as 0.1) separated by commas; 0 only plans. The seconds of a step that the planner measures are kept
 * in {@code steps.csv} (width, levels, patch, batch, seconds) and not measured again, so that a training with other threads follows
 * the same plan; who knows them of another machine writes them there before. A line per training goes to {@code planner.csv}, its
 * curve to a file of its own; a training that was stopped goes on. The rule is declared in docs/domain-adaptation.md. No test.
 */
public final class PlannerTable {

    private static final String[] TRAIN = {"01", "06", "07", "10", "11"};

    private static final String[] VALIDATE = {"12"};

    private static final String[] TEST = {"13", "14"};

    /** mm. */
    private static final int SPACING = 2;

    private static final int CHECKPOINT_INTERVAL = 100;

    private final Path m_folder;

    private final Path m_maps;

    private final BrainSite m_site;

    private final double m_minutes;

    private final long m_seed;

    private final TaskExecutor m_workers;

    private final Map<String, LabelMaps> m_heads = new HashMap<>();

    private PlannerTable(final Path folder, final Path maps, final String site, final double minutes, final long seed,
        final TaskExecutor workers) throws IOException {
        m_folder = Files.createDirectories(folder);
        m_maps = maps;
        m_site = AtlasTable.reported(SPACING).stream().filter(s -> s.name().equals(site)).findFirst().orElseThrow();
        m_minutes = minutes;
        m_seed = seed;
        m_workers = workers;
    }

    public static void main(final String[] arguments) throws IOException {
        try (TaskExecutor workers = TaskExecutors.fixedThreadPool(2)) {
            final PlannerTable table = new PlannerTable(Path.of(arguments[0]), Path.of(arguments[1]), arguments[3],
                Double.parseDouble(arguments[2]), Long.parseLong(arguments[4]), workers);
            final TrainingPlan plan = table.plan();
            System.out.println(plan);
            for (final String times : arguments[5].split(",")) {
                if (Double.parseDouble(times) > 0) {
                    table.run(plan, Double.parseDouble(times));
                }
            }
        }
    }

    private BrainSite.Scan scan(final String head) throws IOException {
        return SiteData.scan(m_site, head, m_maps, m_heads, 1, m_workers);
    }

    private TrainingPlan plan() throws IOException {
        final List<ImageFacts> facts = new ArrayList<>();
        for (final String[] heads : new String[][]{TRAIN, VALIDATE}) {
            for (final String head : heads) {
                final BrainSite.Scan scan = scan(head);
                final ImageFacts seen = ImageFacts.of(scan.image(), Optional.of(scan.truth()));
                facts.add(new ImageFacts(head, m_site.name(), seen.geometry(), seen.ct(), seen.content(), seen.foreground(),
                    seen.classes(), seen.labels()));
            }
        }
        final StepTimer measured = new MeasuredSteps(Progress.NONE);
        return TrainingPlanner.plan(facts, new Resources(m_minutes, MemoryEstimate.available(), (spec, batch) -> {
            try {
                return seconds(spec, batch, measured);
            } catch (final IOException e) {
                throw new IllegalStateException(e);
            }
        }));
    }

    private double seconds(final NetworkSpec spec, final int batch, final StepTimer measured) throws IOException {
        final Path file = m_folder.resolve("steps.csv");
        final String begin = spec.baseWidth() + "," + spec.levels() + "," + spec.patchSize() + "," + batch + ",";
        final Optional<String> known = Files.exists(file)
            ? Files.readAllLines(file).stream().filter(l -> l.startsWith(begin)).findFirst() : Optional.empty();
        if (known.isPresent()) {
            return Double.parseDouble(known.get().substring(begin.length()));
        }
        final double seconds = measured.secondsPerStep(spec, batch);
        append(file, begin + seconds + "\n");
        return seconds;
    }

    private static void append(final Path file, final String text) throws IOException {
        Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private PhantomCases.Pair pair(final String head, final TrainingPlan plan) throws IOException {
        if (plan.spacing().stream().anyMatch(s -> s != SPACING) || plan.lpsAxes() || !plan.mirror()
            || plan.normalization() != TrainingPlan.Normalization.Z_SCORE) {
            throw new UnsupportedOperationException("the plan has other images than z-scored ones of 2 mm, or unmirrored patches: " + plan);
        }
        final BrainSite.Scan scan = scan(head);
        return new PhantomCases.Pair(new IntensityNormalization(new ZScore(), Foreground.AUTOMATIC, Scope.IMAGE,
            Background.CONSTANT).fit(List.of()).apply(Sample.of(scan.image())), scan.truth());
    }

    private List<TrainingCase> cases(final String[] heads, final Role role, final TrainingPlan plan) throws IOException {
        final List<TrainingCase> cases = new ArrayList<>();
        for (final String head : heads) {
            final PhantomCases.Pair pair = pair(head, plan);
            cases.add(new TrainingCase(pair::image, pair::labels, head, m_site.name(), role));
        }
        return cases;
    }

    /** What the learner is told: the plan, and the learner's defaults for what the plan leaves open. */
    private SegmentationOptions options(final TrainingPlan plan, final double times) {
        return SegmentationOptions.defaults().withSeed(m_seed).withSteps((int)Math.round(times * plan.steps()))
            .withBatch(plan.batch()).withValidationInterval(Math.max(1, (int)Math.round(times * plan.validationInterval())))
            .withForegroundFraction(plan.foregroundShare())
            .withAugmentation(switch (plan.augmentation()) {
                case NONE -> PatchAugmentation.NONE;
                case SAME_KIND -> ScanKind.SAME.with(ContrastTable.single());
                case OTHER_SCANNERS -> ScanKind.OTHER_SCANNERS.with(ContrastTable.single());
            });
    }

    private void run(final TrainingPlan plan, final double times) throws IOException {
        final Path results = m_folder.resolve("planner.csv");
        final SegmentationOptions options = options(plan, times);
        final String begin = String.format(Locale.ROOT, "%s,%.0f,%d,%.1f,%d,", m_site.name(), m_minutes, m_seed, times,
            options.steps());
        if (Files.exists(results) && Files.readAllLines(results).stream().anyMatch(l -> l.startsWith(begin))) {
            return;
        }
        final List<TrainingCase> cases = new ArrayList<>(cases(TRAIN, Role.TRAIN, plan));
        cases.addAll(cases(VALIDATE, Role.VALIDATION, plan));
        final TrainingResult result = SegmentationTraining.run(Network.untrained(plan.network(), m_seed), cases, options,
            Optional.of(new Checkpoints(m_folder.resolve("checkpoints"), CHECKPOINT_INTERVAL)), Progress.NONE,
            TrainingListener.NONE);
        final StringBuilder curve = new StringBuilder("step,loss,validation Dice\n");
        for (final StepMetrics m : result.curve()) {
            curve.append(String.format(Locale.ROOT, "%d,%.5f,%.5f%n", m.step(), m.loss(), m.validationDice()));
        }
        final String name = begin.substring(0, begin.length() - 1).replace(',', '-');
        Files.writeString(m_folder.resolve("curve-" + name + ".csv"), curve);
        result.network().save(m_folder.resolve("network-" + name));
        final StringBuilder line = new StringBuilder(begin);
        double sum = 0;
        for (final String head : TEST) {
            final double dice = AdaptationTable.dice(result.network(), List.of(pair(head, plan)));
            sum += dice / TEST.length;
            line.append(String.format(Locale.ROOT, "%.4f,", dice));
        }
        final int kept = result.network().provenance().keptStep();
        line.append(String.format(Locale.ROOT, "%.4f,%d,%.4f,%s,%.0f,%.0f%n", sum, kept,
            result.network().provenance().validationDice(),
            CurveEnd.warning(result.curve(), options.steps(), kept).isPresent() ? "falling" : "flat",
            result.trainingSeconds(), result.validationSeconds()));
        System.out.print(line);
        CurveEnd.of(result.curve()).ifPresent(System.out::println);
        append(results, line.toString());
    }
}
