package org.scanbridge.learning.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.scanbridge.imaging.Progress;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.NetworkSpec.Kind;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.graph.KnowledgeTransfer;
import org.scanbridge.learning.method.DomainGeneralization;
import org.scanbridge.learning.method.DomainGeneralizationOptions;
import org.scanbridge.learning.method.DomainGeneralizationOptions.Method;
import org.scanbridge.learning.method.SegmentationOptions;
import org.scanbridge.learning.method.SegmentationTraining;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.train.TrainingListener;

/**
 * Networks for three sites, of each of which a few subjects have labels ({@link SiteData}): the mean Dice of the tissues on test
 * subjects of each site, segmented by the network of the site. MS-Net and unpaired knowledge distillation beside pooled
 * training on the same patches and beside a network per site, trained on as many patches of the site alone as the others see
 * of it. All networks start untrained and have the weights of the last step. One line per run goes to {@code multi-site.csv},
 * or {@code multi-site-heads.csv} for real label maps: seed, method, steps, Dice of each site, their mean, seconds of training;
 * what is there is not run again. System property {@code steps} (400). The rule is declared in docs/domain-generalization.md.
 */
public final class MultiSiteTable {

    private static final String PHANTOMS = "phantoms";

    /** Training subjects of each site of the phantoms. */
    private static final int TRAIN = 3;

    private static final int STEPS = Integer.getInteger("steps", 400);

    private static final int BATCH = 6;

    /** Makes the networks of all sites, by name. */
    private interface Trainer {
        Map<String, Network> train(MultiSiteTable table);
    }

    private final long m_seed;

    private final int m_patch;

    private final List<TrainingCase> m_cases;

    private final Map<String, List<PhantomCases.Pair>> m_test = new LinkedHashMap<>();

    private MultiSiteTable(final SiteData data, final long seed) {
        m_seed = seed;
        m_patch = data.patch();
        m_cases = data.training().stream().flatMap(List::stream).toList();
        for (int site = 0; site < data.sites().size(); site++) {
            m_test.put(data.sites().get(site), data.test().get(site));
        }
    }

    private static Map<String, Trainer> methods() {
        final Map<String, Trainer> all = new LinkedHashMap<>();
        all.put("a network per site", MultiSiteTable::alone);
        all.put("pooled (group)", together(Norm.GROUP, Method.POOLED, 0.5));
        all.put("pooled (norms per site)", together(Norm.BATCH, Method.POOLED, 0.5));
        all.put("MS-Net (norms per site)", together(Norm.BATCH, Method.MULTI_SITE, 0.5));
        all.put("distillation (norms per site)", together(Norm.BATCH, Method.DISTILLATION, 0.5));
        all.put("MS-Net (group)", together(Norm.GROUP, Method.MULTI_SITE, 0.5));
        all.put("distillation (group)", together(Norm.GROUP, Method.DISTILLATION, 0.5));
        return all;
    }

    private NetworkSpec spec(final Norm norm) {
        return new NetworkSpec(Kind.UNET_3D, 1, 4, 8, 3, norm, PatchSize.cube(m_patch));
    }

    private static Trainer together(final Norm norm, final Method method, final double transfer) {
        final DomainGeneralizationOptions options = DomainGeneralizationOptions.defaults().withMethod(method)
            .withTransfer(new KnowledgeTransfer(transfer, KnowledgeTransfer.defaults().lead()));
        return table -> DomainGeneralization.networks(Network.untrained(table.spec(norm), table.m_seed), table.m_cases,
            options.withSegmentation(table.segmentation(BATCH)), Progress.NONE, TrainingListener.NONE);
    }

    private SegmentationOptions segmentation(final int batch) {
        return DomainGeneralizationOptions.defaults().segmentation().withSteps(STEPS).withSeed(m_seed).withBatch(batch)
            .withValidationInterval(STEPS);
    }

    private Map<String, Network> alone() {
        final Map<String, Network> networks = new LinkedHashMap<>();
        for (final String site : m_test.keySet()) {
            networks.put(site, SegmentationTraining.run(Network.untrained(spec(Norm.GROUP), m_seed),
                m_cases.stream().filter(c -> c.site().equals(site)).toList(), segmentation(BATCH / m_test.size()), Progress.NONE,
                TrainingListener.NONE).network());
        }
        return networks;
    }

    /**
     * @param arguments folder of the results, methods separated by commas or {@code all}, {@code phantoms} or the folder of the
     *            label maps, seeds
     * @throws IOException if the label maps cannot be read or the results cannot be written
     */
    public static void main(final String[] arguments) throws IOException {
        final boolean phantoms = arguments[2].equals(PHANTOMS);
        final Path results =
            Files.createDirectories(Path.of(arguments[0])).resolve(phantoms ? "multi-site.csv" : "multi-site-heads.csv");
        for (int n = 3; n < arguments.length; n++) {
            final long seed = Long.parseLong(arguments[n]);
            final MultiSiteTable table = new MultiSiteTable(
                phantoms ? SiteData.phantoms(seed, TRAIN) : SiteData.heads(Path.of(arguments[2]), seed), seed);
            for (final Map.Entry<String, Trainer> method : methods().entrySet()) {
                if (arguments[1].equals("all") || List.of(arguments[1].split(",")).contains(method.getKey())) {
                    table.run(method.getKey(), method.getValue(), results);
                }
            }
        }
    }

    private void run(final String name, final Trainer trainer, final Path results) throws IOException {
        final String begin = m_seed + "," + name + ',' + STEPS + ',';
        if (Files.exists(results) && Files.readAllLines(results).stream().anyMatch(l -> l.startsWith(begin))) {
            return;
        }
        final long start = System.nanoTime();
        final Map<String, Network> networks = trainer.train(this);
        final double seconds = (System.nanoTime() - start) * 1e-9;
        final StringBuilder line = new StringBuilder(begin);
        double sum = 0;
        for (final Map.Entry<String, List<PhantomCases.Pair>> site : m_test.entrySet()) {
            final double dice = AdaptationTable.dice(networks.get(site.getKey()), site.getValue());
            sum += dice / m_test.size();
            line.append(String.format(Locale.ROOT, "%.4f,", dice));
        }
        line.append(String.format(Locale.ROOT, "%.4f,%.0f%n", sum, seconds));
        System.out.print(line);
        Files.writeString(results, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
