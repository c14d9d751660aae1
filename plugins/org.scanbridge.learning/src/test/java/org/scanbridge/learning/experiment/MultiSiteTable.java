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
import org.scanbridge.imaging.phantom.PhantomStudy;
import org.scanbridge.imaging.phantom.SiteProtocol;
import org.scanbridge.imaging.phantom.SiteProtocols;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.NetworkSpec.Kind;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.data.Role;
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
 * Networks for the phantom sites A, B and I, of each of which a few subjects have labels: the mean Dice of the tissues on test
 * subjects of each site, segmented by the network of the site. MS-Net and unpaired knowledge distillation beside pooled
 * training on the same patches and beside a network per site, trained on as many patches of the site alone as the others see
 * of it. All networks start untrained and have the weights of the last step. Arguments: a folder, methods separated by commas
 * or {@code all}, seeds. One line per run goes to {@code multi-site.csv}; what is there is not run again. No test.
 */
public final class MultiSiteTable {

    private static final List<SiteProtocol> SITES = List.of(SiteProtocols.A, SiteProtocols.B, SiteProtocols.INFANT);

    private static final int TRAIN = 3;

    private static final int TEST = 4;

    private static final int STEPS = Integer.getInteger("steps", 400);

    private static final int BATCH = 6;

    /** Makes the networks of all sites, by name. */
    private interface Trainer {
        Map<String, Network> train(MultiSiteTable table);
    }

    private final long m_seed;

    private final List<TrainingCase> m_cases = new ArrayList<>();

    private final Map<String, List<PhantomCases.Pair>> m_test = new LinkedHashMap<>();

    private MultiSiteTable(final long seed) {
        m_seed = seed;
        final PhantomStudy study = new PhantomStudy(SITES, 48, seed);
        for (int site = 0; site < SITES.size(); site++) {
            final List<TrainingCase> cases = PhantomCases.cases(PhantomCases.pairs(study, site, 0, TRAIN), true, Role.TRAIN);
            m_cases.addAll(cases);
            m_test.put(cases.get(0).site(), PhantomCases.pairs(study, site, TRAIN, TEST));
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

    private static NetworkSpec spec(final Norm norm) {
        return new NetworkSpec(Kind.UNET_3D, 1, 4, 8, 3, norm, PatchSize.cube(24));
    }

    private static Trainer together(final Norm norm, final Method method, final double transfer) {
        final DomainGeneralizationOptions options = DomainGeneralizationOptions.defaults().withMethod(method)
            .withTransfer(new KnowledgeTransfer(transfer, KnowledgeTransfer.defaults().lead()));
        return table -> DomainGeneralization.networks(Network.untrained(spec(norm), table.m_seed), table.m_cases,
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
                m_cases.stream().filter(c -> c.site().equals(site)).toList(), segmentation(BATCH / SITES.size()), Progress.NONE,
                TrainingListener.NONE).network());
        }
        return networks;
    }

    public static void main(final String[] arguments) throws IOException {
        final Path results = Files.createDirectories(Path.of(arguments[0])).resolve("multi-site.csv");
        for (int n = 2; n < arguments.length; n++) {
            final MultiSiteTable table = new MultiSiteTable(Long.parseLong(arguments[n]));
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
