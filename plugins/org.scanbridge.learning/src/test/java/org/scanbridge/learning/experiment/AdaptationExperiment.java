package org.scanbridge.learning.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.metrics.ConfusionCounts;
import org.scanbridge.imaging.phantom.PhantomStudy;
import org.scanbridge.imaging.phantom.SiteProtocols;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.data.Role;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.method.DomainAdversarialOptions;
import org.scanbridge.learning.method.DomainAdversarialTraining;
import org.scanbridge.learning.method.SegmentationOptions;
import org.scanbridge.learning.method.SegmentationTraining;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.predict.SlidingWindowPredictor;
import org.scanbridge.learning.train.TrainingListener;
import org.scanbridge.learning.train.TrainingResult;

/**
 * Trains on phantom site A, adapts to site B without its labels, trains an oracle on B's labels, and prints the mean
 * foreground Dice on test subjects and the gap closure. Arguments: seeds. System properties {@code patch}, {@code width},
 * {@code steps}, {@code size}, {@code lambda} override the defaults; {@code lambda=0} is the control without adaptation.
 */
public final class AdaptationExperiment {

    private static final int TRAIN = 8;

    private static final int VALIDATION = 2;

    private static final int TEST = 4;

    private AdaptationExperiment() {
    }

    public static void main(final String[] seeds) {
        final int patch = Integer.getInteger("patch", 24);
        final int width = Integer.getInteger("width", 8);
        final int steps = Integer.getInteger("steps", 400);
        final int size = Integer.getInteger("size", 48);
        System.out.println("seed    A->A    A->B   ratio  oracle    DANN DANN->A closure | "
            + "seconds: source DANN oracle predict");
        for (final String argument : seeds) {
            run(Long.parseLong(argument), NetworkSpec.unet3d(4, width, 3, patch), steps, size);
        }
    }

    private static void run(final long seed, final NetworkSpec spec, final int steps, final int size) {
        final PhantomStudy study = new PhantomStudy(List.of(SiteProtocols.A, SiteProtocols.B), size, seed);
        final List<List<TrainingCase>> labeled = new ArrayList<>();
        final List<List<PhantomCases.Pair>> test = new ArrayList<>();
        List<TrainingCase> unlabeledB = List.of();
        for (int site = 0; site < 2; site++) {
            final List<PhantomCases.Pair> train = PhantomCases.pairs(study, site, 0, TRAIN);
            final List<TrainingCase> cases = new ArrayList<>(PhantomCases.cases(train, true, Role.TRAIN));
            cases.addAll(PhantomCases.cases(PhantomCases.pairs(study, site, TRAIN, VALIDATION), true, Role.VALIDATION));
            labeled.add(cases);
            test.add(PhantomCases.pairs(study, site, TRAIN + VALIDATION, TEST));
            unlabeledB = PhantomCases.cases(train, false, Role.TRAIN);
        }
        final SegmentationOptions options = SegmentationOptions.defaults().withSteps(steps).withSeed(seed);
        final DomainAdversarialOptions defaults = DomainAdversarialOptions.defaults();
        final DomainAdversarialOptions adversarial =
            defaults.withSegmentation(defaults.segmentation().withSteps(steps).withSeed(seed))
                .withLambdaMax(Double.parseDouble(System.getProperty("lambda", "" + defaults.lambdaMax())));
        final Network untrained = Network.untrained(spec, seed);
        final TrainingListener listener = Boolean.getBoolean("verbose") ? m -> {
            if (m.step() % 50 == 0) {
                System.out.println(m);
            }
        } : TrainingListener.NONE;
        final TrainingResult source =
            SegmentationTraining.run(untrained, labeled.get(0), options, Progress.NONE, listener);
        final List<TrainingCase> both = new ArrayList<>(labeled.get(0));
        both.addAll(unlabeledB);
        final TrainingResult adapted =
            DomainAdversarialTraining.run(source.network(), both, adversarial, Progress.NONE, listener);
        final TrainingResult oracle =
            SegmentationTraining.run(untrained, labeled.get(1), options, Progress.NONE, listener);
        final long before = System.nanoTime();
        final double aa = dice(source.network(), test.get(0));
        final double ab = dice(source.network(), test.get(1));
        final double ob = dice(oracle.network(), test.get(1));
        final double db = dice(adapted.network(), test.get(1));
        final double da = dice(adapted.network(), test.get(0));
        System.out.printf(Locale.ROOT, "%4d %7.3f %7.3f %7.3f %7.3f %7.3f %7.3f %7.3f | %.1f %.1f %.1f %.1f%n", seed, aa,
            ab, ab / aa, ob, db, da, (db - ab) / (ob - ab), seconds(source), seconds(adapted), seconds(oracle),
            (System.nanoTime() - before) * 1e-9);
    }

    private static double seconds(final TrainingResult r) {
        return r.setupSeconds() + r.trainingSeconds() + r.validationSeconds();
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
