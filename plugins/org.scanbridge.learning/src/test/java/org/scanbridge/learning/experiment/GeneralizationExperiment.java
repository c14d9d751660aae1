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

import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.metrics.ConfusionCounts;
import org.scanbridge.imaging.phantom.PhantomStudy;
import org.scanbridge.imaging.phantom.SiteProtocol;
import org.scanbridge.imaging.phantom.SiteProtocols;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.data.Role;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.graph.MetaLearningGraphSpec.InnerStep;
import org.scanbridge.learning.method.DomainGeneralization;
import org.scanbridge.learning.method.DomainGeneralizationOptions;
import org.scanbridge.learning.method.DomainGeneralizationOptions.Method;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.predict.SlidingWindowPredictor;
import org.scanbridge.learning.train.TrainingListener;
import org.scanbridge.learning.train.TrainingResult;

/**
 * Trains on phantom sites A, C and I (infants), and prints the mean foreground Dice on test subjects of these sites and of
 * site B, of which the training has seen nothing. Arguments: a folder, a comma-separated list of methods, seeds. The folder
 * gets one line per finished run in {@code results.csv}; what is there is not run again. System property {@code steps}
 * overrides the number of steps.
 */
public final class GeneralizationExperiment {

    private static final List<SiteProtocol> SITES =
        List.of(SiteProtocols.A, SiteProtocols.C, SiteProtocols.INFANT, SiteProtocols.B);

    /** The last site is unseen. */
    private static final int SEEN = 3;

    private static final int TRAIN = 8;

    private static final int VALIDATION = 2;

    private static final int TEST = 4;

    private static final int STEPS = Integer.getInteger("steps", 400);

    private GeneralizationExperiment() {
    }

    private static Map<String, DomainGeneralizationOptions> methods() {
        final DomainGeneralizationOptions masf = DomainGeneralizationOptions.defaults();
        final InnerStep step = masf.innerStep();
        final Map<String, DomainGeneralizationOptions> all = new LinkedHashMap<>();
        all.put("pooled", masf.withMethod(Method.POOLED));
        all.put("masf", masf);
        all.put("masf second order",
            masf.withInnerStep(new InnerStep(step.learningRate(), step.clipNorm(), true)));
        for (final double rate : new double[]{0.001, 0.1}) {
            all.put("masf " + rate, masf.withInnerStep(new InnerStep(rate, step.clipNorm(), false)));
        }
        return all;
    }

    public static void main(final String[] arguments) throws IOException {
        final Path results = Files.createDirectories(Path.of(arguments[0])).resolve("results.csv");
        for (int n = 2; n < arguments.length; n++) {
            for (final String method : arguments[1].split(",")) {
                final String begin = arguments[n] + ',' + method + ',' + STEPS + ',';
                if (!Files.exists(results) || Files.readAllLines(results).stream().noneMatch(l -> l.startsWith(begin))) {
                    final String line = begin + run(methods().get(method), Long.parseLong(arguments[n])) + '\n';
                    System.out.print(line);
                    Files.writeString(results, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                }
            }
        }
    }

    /** @return Dice on each site, seconds, the kept step */
    private static String run(final DomainGeneralizationOptions options, final long seed) {
        final PhantomStudy study = new PhantomStudy(SITES, 48, seed);
        final List<TrainingCase> cases = new ArrayList<>();
        for (int site = 0; site < SEEN; site++) {
            cases.addAll(PhantomCases.cases(PhantomCases.pairs(study, site, 0, TRAIN), true, Role.TRAIN));
            cases.addAll(PhantomCases.cases(PhantomCases.pairs(study, site, TRAIN, VALIDATION), true, Role.VALIDATION));
        }
        final TrainingResult result = DomainGeneralization.run(
            Network.untrained(NetworkSpec.unet3d(4, 8, 3, 24), seed), cases,
            options.withSegmentation(options.segmentation().withSteps(STEPS).withSeed(seed)), Optional.empty(),
            Progress.NONE, TrainingListener.NONE);
        final StringBuilder line = new StringBuilder();
        for (int site = 0; site < SITES.size(); site++) {
            line.append(String.format(Locale.ROOT, "%.4f,",
                dice(result.network(), PhantomCases.pairs(study, site, TRAIN + VALIDATION, TEST))));
        }
        return line.append(String.format(Locale.ROOT, "%.0f,%d", result.trainingSeconds(),
            result.network().provenance().keptStep())).toString();
    }

    private static double dice(final Network network, final List<PhantomCases.Pair> test) {
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
}
