package org.scanbridge.learning.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.check.JudgedImages;
import org.scanbridge.learning.check.NetworkComparison;
import org.scanbridge.learning.data.Role;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.graph.ConsistencyTerm;
import org.scanbridge.learning.graph.EntropyTerm;
import org.scanbridge.learning.graph.GradientReversalTerm;
import org.scanbridge.learning.method.DomainAdaptation;
import org.scanbridge.learning.method.DomainAdaptationOptions;
import org.scanbridge.learning.method.KeptStep;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.train.TrainingListener;

/**
 * Whether the warning of a harmful adaptation, which reads no label of B, tells adaptations from phantom site A to site B that
 * did harm from those that did not, and what choosing the kept step without labels brings. Arguments: a folder, seeds.
 */
public final class HarmTable {

    private HarmTable() {
    }

    private static Map<String, DomainAdaptationOptions> runs() {
        final Map<String, DomainAdaptationOptions> all = new LinkedHashMap<>();
        final DomainAdaptationOptions dann = DomainAdaptationOptions.of(GradientReversalTerm.defaults());
        all.put("DANN", dann);
        all.put("Consistency", DomainAdaptationOptions.of(ConsistencyTerm.defaults()));
        all.put("No adaptation", DomainAdaptationOptions.of(new EntropyTerm(0)));
        all.put("Entropy, weight 30", DomainAdaptationOptions.of(new EntropyTerm(30)));
        all.put("DANN, learning rate 0.05", dann.withSegmentation(dann.segmentation().withLearningRate(0.05)));
        all.put("Entropy, rate 0.02, weight 5",
            DomainAdaptationOptions.of(new EntropyTerm(5)).withSegmentation(dann.segmentation().withLearningRate(0.02)));
        return all;
    }

    /** @param arguments a folder, seeds */
    public static void main(final String[] arguments) throws IOException {
        final Path folder = Files.createDirectories(Path.of(arguments[0]));
        final int steps = Integer.getInteger("harm.steps", 100);
        for (int n = 1; n < arguments.length; n++) {
            final long seed = Long.parseLong(arguments[n]);
            final AdaptationTable table = new AdaptationTable(folder, seed);
            final Network source = table.source(Norm.GROUP);
            final List<TrainingCase> cases = table.both();
            final List<Supplier<LabelVolume>> trusted = cases.stream()
                .filter(c -> c.role() == Role.TRAIN && c.site().equals("A")).map(TrainingCase::labels).toList();
            final double before = AdaptationTable.dice(source, table.test(1));
            for (final Map.Entry<String, DomainAdaptationOptions> run : runs().entrySet()) {
                for (final KeptStep kept : List.of(KeptStep.AVERAGE, KeptStep.EVIDENCE, KeptStep.BOTH)) {
                    final DomainAdaptationOptions options = run.getValue().withKept(kept).withSegmentation(run.getValue()
                        .segmentation().withSteps(steps).withSeed(seed).withValidationInterval(Math.max(1, steps / 5)));
                    final Network adapted = DomainAdaptation.run(source, cases, options, Optional.empty(), Progress.NONE,
                        TrainingListener.NONE).network();
                    final double after = AdaptationTable.dice(adapted, table.test(1));
                    final NetworkComparison with = NetworkComparison.of(source, adapted,
                        JudgedImages.chosen(cases, Set.of("A")), trusted, Progress.NONE);
                    final NetworkComparison without = NetworkComparison.of(source, adapted,
                        JudgedImages.chosen(cases, Set.of("A")), List.of(), Progress.NONE);
                    System.out.printf(Locale.ROOT,
                        "%d,%s,%s,step %d,Dice %.3f -> %.3f,evidence %.3f -> %.3f worse %d lost %d: %s,without labels"
                            + " %.3f -> %.3f lost %d: %s%n",
                        seed, run.getKey(), kept, adapted.provenance().keptStep(), before, after, with.before(), with.after(),
                        with.worse(), with.lost().size(), with.isHarmful() ? "warns" : "silent", without.before(),
                        without.after(), without.lost().size(), without.isHarmful() ? "warns" : "silent");
                }
            }
        }
    }
}
