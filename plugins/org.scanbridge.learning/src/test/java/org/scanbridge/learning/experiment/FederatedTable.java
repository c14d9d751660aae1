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
import java.util.function.IntToDoubleFunction;

import org.scanbridge.imaging.Progress;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.method.SegmentationOptions;
import org.scanbridge.learning.method.SegmentationTraining;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.network.NetworkAverage;
import org.scanbridge.learning.network.NormRule;
import org.scanbridge.learning.train.TrainingListener;

/**
 * Three sites: pooled training, each site alone, federated rounds; and the forgetting table, one site after the other, with
 * replay of some cases, with interpolation between the weights before and after each site, and with all sites at once. Mean
 * Dice of CSF, gray and white matter on every site's test images after each step, in {@code results.csv} of the folder, where
 * what is there is not run again; the networks lie beside it.
 * <p>
 * Arguments: a folder, {@code federated}, {@code curriculum} or {@code all}, {@code phantoms} or the folder of the label maps,
 * seeds. System property {@code steps}: how often each site changes weights, also how many steps pooled training takes (200).
 */
public final class FederatedTable {

    private static final int STEPS = Integer.getInteger("steps", 200);

    private static final int ROUNDS = 4;

    /** Cases of each earlier site that replay keeps. */
    private static final int KEPT = 2;

    /** Share of the weights after a site, in interpolation. */
    private static final double ALPHA = 0.5;

    private static final int CLASSES = 4;

    /** What a verdict of the documentation allows. */
    private static final double MARGIN = 0.02;

    private final Path m_folder;

    private final String m_name;

    private final long m_seed;

    private final SiteData m_data;

    private FederatedTable(final Path folder, final String name, final SiteData data, final long seed) {
        m_folder = folder;
        m_name = name;
        m_seed = seed;
        m_data = data;
    }

    public static void main(final String[] arguments) throws IOException {
        final Path folder = Files.createDirectories(Path.of(arguments[0]));
        final boolean phantoms = arguments[2].equals("phantoms");
        final String name = phantoms ? "phantoms" : "heads";
        for (int n = 3; n < arguments.length; n++) {
            final long seed = Long.parseLong(arguments[n]);
            final FederatedTable table = new FederatedTable(folder, name,
                phantoms ? SiteData.phantoms(seed, SiteData.TRAIN) : SiteData.heads(Path.of(arguments[2]), seed), seed);
            if (!arguments[1].equals("curriculum")) {
                table.federated();
            }
            if (!arguments[1].equals("federated")) {
                table.curriculum();
            }
        }
        print(Files.readAllLines(folder.resolve("results.csv")));
    }

    private void federated() throws IOException {
        record("pooled", pooled());
        for (int site = 0; site < m_data.sites().size(); site++) {
            record(m_data.sites().get(site) + " alone", alone(site));
        }
        Network global = untrained();
        for (int round = 1; round <= ROUNDS; round++) {
            final Network start = global;
            final int number = round;
            global = kept("federated " + round, () -> round(start, number));
            record("federated, round " + round, global);
        }
        record("pooled, as many patches", kept("pooled patches",
            () -> train(untrained(), all(), STEPS * m_data.sites().size(), m_seed)));
    }

    private Network round(final Network start, final int round) {
        final List<Network> local = new ArrayList<>();
        for (int site = 0; site < m_data.sites().size(); site++) {
            // other patches in every round
            local.add(train(start, m_data.training().get(site), STEPS / ROUNDS, 1000 * round + m_seed));
        }
        return NetworkAverage.of(local, NetworkAverage.caseWeights(m_data.sites(), local));
    }

    private void curriculum() throws IOException {
        record("joint", pooled());
        final Network first = alone(0);
        Network plain = first;
        Network replay = first;
        Network mixed = first;
        record("1 " + m_data.sites().get(0), first);
        final List<TrainingCase> memory = new ArrayList<>();
        for (int site = 1; site < m_data.sites().size(); site++) {
            final List<TrainingCase> cases = m_data.training().get(site);
            memory.addAll(m_data.training().get(site - 1).subList(0, Math.min(KEPT, m_data.training().get(site - 1).size() - 1)));
            final List<TrainingCase> withMemory = new ArrayList<>(cases);
            withMemory.addAll(memory);
            final String step = site + 1 + " " + m_data.sites().get(site);
            final Network before = plain;
            plain = kept(step, () -> train(before, cases, STEPS, m_seed));
            record(step, plain);
            final Network remembering = replay;
            replay = kept(step + " replay", () -> train(remembering, withMemory, STEPS, m_seed));
            record(step + " replay", replay);
            final Network anchor = mixed;
            // of the first network both orders train the same
            final Network adapted = site == 1 ? plain : kept(step + " adapted", () -> train(anchor, cases, STEPS, m_seed));
            mixed = NetworkAverage.interpolate(anchor, adapted, ALPHA, NormRule.AVERAGED, true);
            record(step + " interpolated", mixed);
        }
    }

    private Network pooled() throws IOException {
        return kept("pooled", () -> train(untrained(), all(), STEPS, m_seed));
    }

    private List<TrainingCase> all() {
        return m_data.training().stream().flatMap(List::stream).toList();
    }

    private Network alone(final int site) throws IOException {
        return kept("alone " + m_data.sites().get(site),
            () -> train(untrained(), m_data.training().get(site), STEPS, m_seed));
    }

    private Network untrained() {
        return Network.untrained(NetworkSpec.unet3d(CLASSES, 8, 3, m_data.patch()), m_seed);
    }

    /** The last step's weights: no site looks at validation cases. */
    private static Network train(final Network start, final List<TrainingCase> cases, final int steps, final long seed) {
        return SegmentationTraining.run(start, cases,
            SegmentationOptions.defaults().withSteps(steps).withSeed(seed).withValidationInterval(steps), Progress.NONE,
            TrainingListener.NONE).network();
    }

    @FunctionalInterface
    private interface Maker {
        Network make();
    }

    private Network kept(final String name, final Maker maker) throws IOException {
        final Path directory = m_folder.resolve(String.join("-", m_name, "" + STEPS, "" + m_seed, name));
        if (!Files.exists(directory.resolve("network.json"))) {
            maker.make().save(directory);
        }
        return Network.load(directory);
    }

    private void record(final String method, final Network network) throws IOException {
        final Path results = m_folder.resolve("results.csv");
        final String begin = m_name + ',' + STEPS + ',' + m_seed + ",\"" + method + "\",";
        if (Files.exists(results) && Files.readAllLines(results).stream().anyMatch(l -> l.startsWith(begin))) {
            return;
        }
        final StringBuilder line = new StringBuilder(begin);
        for (final List<PhantomCases.Pair> test : m_data.test()) {
            line.append(String.format(Locale.ROOT, "%.4f,", AdaptationTable.dice(network, test)));
        }
        line.setCharAt(line.length() - 1, '\n');
        System.out.print(line);
        Files.writeString(results, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** The tables of the documentation, and its verdicts on the means of the seeds. */
    private static void print(final List<String> lines) {
        final Map<String, Map<String, List<double[]>>> runs = new LinkedHashMap<>();
        for (final String line : lines) {
            final String[] quoted = line.split("\"");
            final String[] dice = quoted[2].substring(1).split(",");
            runs.computeIfAbsent(quoted[0].split(",")[0] + ", " + quoted[0].split(",")[1] + " steps", k -> new LinkedHashMap<>())
                .computeIfAbsent(quoted[1], k -> new ArrayList<>())
                .add(new double[]{Double.parseDouble(dice[0]), Double.parseDouble(dice[1]), Double.parseDouble(dice[2])});
        }
        runs.forEach((data, methods) -> {
            System.out.println(System.lineSeparator() + data);
            final Map<String, double[]> means = new LinkedHashMap<>();
            methods.forEach((method, seeds) -> {
                final IntToDoubleFunction mean = site -> seeds.stream().mapToDouble(s -> s[site]).average().orElse(Double.NaN);
                final double[] m = {mean.applyAsDouble(0), mean.applyAsDouble(1), mean.applyAsDouble(2)};
                means.put(method, m);
                System.out.printf(Locale.ROOT, "| %s | %d | %.3f | %.3f | %.3f | %.3f |%n", method, seeds.size(), m[0], m[1],
                    m[2], mean(m));
            });
            verdicts(means);
        });
    }

    private static void verdicts(final Map<String, double[]> means) {
        final double[] federated = means.get("federated, round " + ROUNDS);
        if (federated != null) {
            verdict("F1", mean(federated) >= mean(means.get("pooled")) - MARGIN);
            final List<double[]> alone = means.entrySet().stream().filter(e -> e.getKey().endsWith(" alone"))
                .map(Map.Entry::getValue).toList();
            boolean better = true;
            for (int trained = 0; trained < alone.size(); trained++) {
                for (int site = 0; site < alone.size(); site++) {
                    better &= site == trained || federated[site] > alone.get(trained)[site];
                }
            }
            verdict("F2", better);
        }
        final List<String> last = means.keySet().stream().filter(m -> m.startsWith("3 ")).toList();
        if (last.size() == 3) {
            final double[] first = means.entrySet().stream().filter(e -> e.getKey().startsWith("1 ")).findFirst().orElseThrow()
                .getValue();
            final double[] plain = means.get(last.get(0));
            final double[] replay = means.get(last.get(1));
            final double[] mixed = means.get(last.get(2));
            verdict("C1", first[0] - plain[0] >= 0.05);
            verdict("C2", first[0] - replay[0] <= (first[0] - plain[0]) / 2);
            verdict("C3", mixed[0] > plain[0] && mixed[2] >= plain[2] - 0.05);
        }
    }

    private static void verdict(final String name, final boolean met) {
        System.out.println(name + (met ? " met" : " not met"));
    }

    private static double mean(final double[] sites) {
        return (sites[0] + sites[1] + sites[2]) / 3;
    }
}
